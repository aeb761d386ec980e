"""The library as people of pandas and ArviZ expect it: frames in and out, choices checked, values that show."""

import datetime
import importlib.util
import inspect
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

import nightdose as nd
from nightdose.diary.table.table import write_table
from nightdose.errors import CallError, InputError
from nightdose.evidence.people import people_pool
from nightdose.evidence.profile import Profile

DAYS = 84
PANDAS = "pandas comes with the extra `arviz`"


def columns(person=None, days=DAYS):
    """A diary as plain Python: dates, a score with a gap, doses."""
    first = datetime.date(2026, 1, 1)
    pain = np.round(wobbling(days), 2).tolist()
    pain[3] = None
    found = {
        "date": [first + datetime.timedelta(days=t) for t in range(days)],
        "pain": pain,
        "naltrexone_mg": blocks(days, 14).tolist(),
    }
    return found if person is None else {"person": [person] * days, **found}


def same(a, b):
    assert (a.days, a.first_day, a.dated) == (b.days, b.first_day, b.dated)
    assert list(a.columns) == list(b.columns)
    for name in a.columns:
        np.testing.assert_array_equal(a.column(name), b.column(name))


def test_a_mapping_of_columns_is_the_diary_that_a_file_is(tmp_path):
    found = nd.read_table(columns())
    assert (found.days, found.dated) == (DAYS, True)
    assert np.isnan(found.column("pain")[3])
    path = tmp_path / "diary.csv"
    path.write_text(write_table(found), encoding="utf-8")
    same(nd.read_table(path), found)


def test_a_frame_of_pandas_with_its_dates_as_a_column_or_as_its_index():
    pandas = pytest.importorskip("pandas", reason=PANDAS)
    frame = pandas.DataFrame(columns())
    frame["date"] = pandas.to_datetime(frame["date"])
    plain = nd.read_table(columns())
    same(nd.read_table(frame), plain)
    same(nd.read_table(frame.set_index("date")), plain)
    same(nd.read_table(frame.set_index("date").rename_axis(None)), plain)


def test_a_table_of_arrow_and_a_cohort_with_two_levels_of_index():
    pa = pytest.importorskip("pyarrow")
    same(nd.read_table(pa.table(columns())), nd.read_table(columns()))
    pandas = pytest.importorskip("pandas", reason=PANDAS)
    frame = pandas.concat([pandas.DataFrame(columns(person)) for person in ("Ann", "Bo")])
    assert list(nd.read_cohort(frame)) == ["Ann", "Bo"]
    same(nd.read_cohort(frame.set_index(["person", "date"]))["Bo"], nd.read_cohort(frame)["Bo"])


def test_clock_times_yes_no_and_text_numbers_are_read_as_in_a_file():
    found = nd.read_table(
        {"day": [1, 2], "pain": ["3,5", "4,5"], "naltrexone_mg": [4.5, None],
         "naltrexone_time": [datetime.time(22, 30), None], "period": [True, False]}
    )  # fmt: skip
    assert found.column("pain").tolist() == [3.5, 4.5]
    assert found.column("naltrexone_time")[0] == 22.5
    assert found.column("period").tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"day": [1, 2], "pain": [3]}, "1 to 2 values"),
        ({"pain": [3.0]}, "date"),
        ({}, "no"),
        (columns("Ann") | {"person": ["Ann", "Bo"] * (DAYS // 2)}, "2 persons"),
    ],
)
def test_what_is_not_a_diary_is_a_sentence(table, words):
    with pytest.raises(InputError, match=words):
        nd.read_table(table)


def test_what_is_not_a_table_at_all_is_a_wrong_call():
    with pytest.raises(CallError, match="not a int"):
        nd.read_table(3)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("randomised", True, "blocks, days, none"),
        ("scale", "Rating", "rating"),
        ("better", "up", "lower, higher"),
        ("onset", "slow", "same-day"),
        ("blinded", "yes", "True, False"),
    ],
)
def test_a_value_that_is_not_a_choice_is_refused_with_the_choices(field, value, words):
    with pytest.raises(CallError, match=words) as refused:
        nd.Question("pain", "naltrexone", **{field: value})
    assert refused.value.field == field


def test_ask_has_the_defaults_of_the_command_line():
    whole = diary(np.round(wobbling(DAYS)).clip(0, 10), naltrexone_mg=blocks(DAYS, 14))
    assert nd.ask(whole, "pain", "naltrexone").scale == "rating"
    assert nd.ask(whole, "pain", "naltrexone", scale="continuous", randomised="blocks").scale == "continuous"
    with pytest.raises(TypeError, match="randomized"):
        nd.ask(whole, "pain", "naltrexone", randomized="blocks")


@pytest.fixture(scope="module")
def found():
    dose = blocks(DAYS, 14)
    return nd.analyse(diary(wobbling(DAYS) - 2 * (dose > 0), naltrexone_mg=dose), ask(randomised="blocks"))


def test_values_show_themselves_in_a_line(found):
    assert repr(found).startswith(f"<Analysis: {found.verdict.answer}; pain, naltrexone; ")
    assert f"ceiling {found.verdict.ceiling}" in repr(found)
    assert repr(found.diary).startswith("<Diary ")
    assert "\n" not in repr(found) + repr(found.diary)
    assert "Is pain lower with naltrexone" in found.summary()
    assert "Not medical advice" in found.summary()
    html = nd.read_table({"day": [1, 2], "<b>": [1, 2]})._repr_html_()
    assert "&lt;b&gt;" in html
    assert "2 of 2" in html


def test_a_cohort_is_rows_a_frame_and_a_picture_for_a_notebook():
    people = {f"<{i}>": diary(wobbling(DAYS, i), naltrexone_mg=blocks(DAYS, 14)) for i in range(3)}
    cohort = nd.analyse_cohort(people, ask(randomised="blocks"))
    assert len(cohort) == sum(cohort.answers.values()) == 3
    assert "3 people" in repr(cohort)
    assert "3 people" in cohort.summary()
    assert "<0>" not in cohort._repr_html_()
    pytest.importorskip("pandas", reason=PANDAS)
    frame = cohort.to_frame()
    assert list(frame.index) == list(people)
    assert frame.loc["<1>", "improvement_mean"] == cohort[1]["improvement_mean"]


def test_a_cohort_takes_a_table_of_people_as_it_takes_diaries():
    two = {name: columns("Ann")[name] + columns("Bo")[name] for name in columns("Ann")}
    question = ask(randomised="blocks")
    assert nd.analyse_cohort(two, question) == nd.analyse_cohort(nd.read_cohort(two), question)


def test_one_tree_of_all_people_has_a_person_dimension(found):
    pytest.importorskip("xarray")
    unknown = nd.analyse(diary(np.full(DAYS, 3.0), naltrexone_mg=blocks(DAYS, 14)), ask())
    tree = nd.to_datatree({"a": found, "b": unknown}, draws=200)
    assert tree["improvement"].dims == ("chain", "draw", "person")
    assert np.isnan(tree["improvement"].sel(person="b")).all()
    draws = tree["improvement"].sel(person="a").values
    assert abs(draws.mean() - found.verdict.estimate.mean) < 4 * draws.std() / np.sqrt(200)
    assert tree["verdict"].values.tolist() == [found.verdict.answer, unknown.verdict.answer]


class _Cells:
    """Runs a notebook's cells in their order, as marimo would, where marimo (220 MB) is not installed."""

    def __init__(self):
        self.cells = []

    def cell(self, function):
        self.cells.append(function)
        return function

    def run(self):
        known = {}
        for function in self.cells:
            wanted = inspect.signature(function).parameters
            names = re.findall(r"^    return \(?(.*?),?\)?$", inspect.getsource(function), flags=re.MULTILINE)[-1]
            found = function(**{name: known[name] for name in wanted})
            known |= dict(zip(names.split(", "), found, strict=True))
        return known


def test_the_notebook_goes_from_200_diaries_to_a_pool_that_is_not_shrunk(monkeypatch, tmp_path):
    source = Path("examples/pooled_forest.py").read_text(encoding="utf-8")
    fewer = tmp_path / "notebook.py"
    fewer.write_text(source.replace("people, days = 200, 112", "people, days = 60, 112"), encoding="utf-8")
    monkeypatch.setitem(
        sys.modules, "marimo", SimpleNamespace(App=_Cells, Html=str, output=SimpleNamespace(replace=print))
    )
    spec = importlib.util.spec_from_file_location("notebook", fewer)
    notebook = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(notebook)
    known = notebook.app.run()
    low, high = known["pool"].interval95()
    assert low < known["truth"].mean() < high
    assert low > 0.05, "sixty people are enough to tell the mean from no effect"
    assert known["plain"] < known["pool"].mean, "single answers are drawn towards no effect"
    assert "<svg" in known["forest"]
    assert "60 of 60 people" in known["forest"]


def test_marimo_itself_runs_the_notebook():
    pytest.importorskip("marimo", reason="the extra `notebook` is not installed")
    subprocess.run([sys.executable, "examples/pooled_forest.py"], check=True)


def test_a_column_that_is_one_value_is_a_sentence():
    with pytest.raises(InputError, match="is one value"):
        nd.read_table({"day": 1, "pain": 2})


def test_a_drug_file_speaks_inside_its_block_and_not_after():
    days = diary(wobbling(84, 1), melatonin_mg=blocks(84, 14, dose=2.0))
    question = ask(treatment="melatonin", randomised="blocks")
    with nd.about_drug("melatonin"):
        inside = nd.analyse(days, question)
    assert "the drug's file" in inside.onset_prior
    assert "not on file" in nd.analyse(days, question).onset_prior


class Handed:
    """Somebody else's frame: nothing but a protocol of frames."""

    def __init__(self, table, protocol):
        setattr(self, protocol, getattr(table, protocol))


@pytest.mark.parametrize("protocol", ["__arrow_c_stream__", "__dataframe__"])
def test_anything_with_a_protocol_of_frames_is_a_table(protocol):
    pa = pytest.importorskip("pyarrow")
    table = pa.table(columns())
    at_midnight = table.set_column(0, "date", table["date"].cast(pa.timestamp("us")))
    same(nd.read_table(Handed(at_midnight, protocol)), nd.read_table(columns()))


def test_a_frame_that_cannot_hand_itself_over_is_one_sentence():
    """The interchange protocol of pyarrow knows no plain dates."""
    pa = pytest.importorskip("pyarrow")
    with pytest.raises(CallError, match="could not be read"):
        nd.read_table(Handed(pa.table(columns()), "__dataframe__"))


def test_persons_in_the_index_and_days_in_a_column():
    pandas = pytest.importorskip("pandas", reason=PANDAS)
    frame = pandas.concat([pandas.DataFrame(columns(person)) for person in ("Ann", "Bo")])
    same(nd.read_cohort(frame.set_index("person"))["Bo"], nd.read_cohort(frame)["Bo"])


def test_what_is_not_a_table_yet_is_one_sentence():
    pandas = pytest.importorskip("pandas", reason=PANDAS)
    frame = pandas.DataFrame(columns())
    lazy = type("LazyFrame", (), {"collect": None, "columns": ["date"]})()
    for table, why in (
        (pandas.concat([frame, frame[["pain"]]], axis=1), "column 'pain' more than once"),
        ({"Ann": frame}, "one of tables, not of columns"),
        (lazy, "not computed yet"),
        (frame["pain"], "not a Series"),
    ):
        with pytest.raises((InputError, CallError), match=why):
            nd.read_table(table)


def test_a_column_that_may_be_the_persons_is_named():
    found = columns("Ann")
    found["subject"] = found.pop("person")
    with pytest.raises(InputError, match="is it 'subject'"):
        nd.read_cohort(found)


def test_a_question_that_is_asked_wrongly_is_one_sentence():
    found = nd.read_table(columns())
    with pytest.raises(CallError, match="scale is one of"):
        nd.ask(found, "pain", "naltrexone", scale="Rating")
    with pytest.raises(TypeError, match="no 'looks'"):
        nd.ask(found, "pain", "naltrexone", looks=3)


def test_a_pool_of_people_shows_itself_in_a_line_a_text_and_a_frame():
    pandas = pytest.importorskip("pandas", reason=PANDAS)
    pool = people_pool([Profile(0.3 + i / 10, 0.2) for i in range(4)], 0.5)
    assert re.fullmatch(r"<PeoplePool: 4 people; mean 0\.4\d+ \(.*\)>", repr(pool))
    assert "Whoever chose to be among them" in pool.summary()
    frame = pool.to_frame()
    assert isinstance(frame, pandas.DataFrame)
    assert frame.loc["mean", "value"] == pool.mean
    assert frame.loc["new person", "lo95"] < frame.loc["mean", "lo95"]
    assert pool.summary()[:8] in pool._repr_html_()


@pytest.mark.parametrize("between", [0, -1, "0.5", None, float("nan")])
def test_how_far_people_may_differ_is_a_number_above_nothing(between):
    with pytest.raises(CallError, match="number above 0, in the unit of the outcome"):
        people_pool([Profile(0.3, 0.2)], between)


@pytest.mark.parametrize("wrong", [None, [], "analysis", {"Ann": None}])
def test_draws_of_what_is_not_an_analysis_are_one_sentence(wrong):
    pytest.importorskip("xarray")
    with pytest.raises(CallError, match="mapping of persons to analyses"):
        nd.to_datatree(wrong)


def test_a_table_is_asked_and_answered_as_it_is(tmp_path):
    """A frame, a mapping or a file where a diary is wanted; several people in it are one sentence."""
    question = nd.ask(columns(), "pain", "naltrexone", randomised="blocks", scale="continuous")
    path = tmp_path / "diary.csv"
    path.write_text(write_table(nd.read_table(columns())), encoding="utf-8")
    for table in (columns(), path, str(path)):
        found, known = nd.analyse(table, question), nd.analyse(nd.read_table(columns()), question)
        assert found.verdict == known.verdict
    two = {name: values + columns("Bo")[name] for name, values in columns("Ann").items()}
    with pytest.raises(InputError, match="diaries of 2 persons"):
        nd.analyse(two, question)
    with pytest.raises(CallError, match="`ask` makes one"):
        nd.analyse(columns(), "pain")
    with pytest.raises(CallError, match="one analysis, not of a list"):
        nd.analysis_frame([])


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("limits", 10, "lowest and the highest value"),
        ("limits", ("0", "10"), "lowest and the highest value"),
        ("meaningful", "1", "a number in the outcome's own unit"),
        ("meaningful", True, "a number in the outcome's own unit"),
        ("outcome", ["pain"], "the name of one column"),
        ("adjust", "gabapentin", "names of columns"),
        ("covariates", (1,), "names of columns"),
    ],
)
def test_a_value_of_another_kind_is_refused_with_its_field(field, value, said):
    with pytest.raises(CallError, match=said) as refused:
        nd.Question(**{"outcome": "pain", "treatment": "naltrexone", field: value})
    assert refused.value.field == field


def test_a_question_shows_what_is_asked_and_what_was_chosen():
    question = nd.Question("pain <1>", "naltrexone", scale="rating", randomised="blocks")
    assert repr(question) == "Question('pain <1>', 'naltrexone', scale='rating', randomised='blocks')"
    assert eval(repr(question), {"Question": nd.Question}) == question
    html = question._repr_html_()
    assert "Is pain &lt;1&gt; lower with naltrexone than without it?" in html
    assert "blocks" in html
    assert "<1>" not in html
