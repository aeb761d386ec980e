"""An import as a person makes it: what is left out is looked through for opioids, and no dose is there twice."""

import datetime
import json

import pytest
from tests.keeping.people import TODAY, at, new_diary

from nightdose.diary.day import DayRule
from nightdose.diary.entry import Entry
from nightdose.diary.importers.columns import ColumnMeaning, Mapped
from nightdose.diary.importers.imported import Choices
from nightdose.diary.kept.files import DiaryError
from nightdose.errors import CallError
from nightdose.keeping import imports, safety
from nightdose.keeping.table import table_of
from nightdose.protocol.doses import DoseInDoubt


@pytest.fixture
def store(tmp_path):
    with new_diary(tmp_path / "diary.db", answered=TODAY, clock=lambda: at(0, "12:00")) as opened:
        yield opened


@pytest.fixture
def take(store, tmp_path):
    def take_in(text, name="t.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        seen = imports.look(store, path, Choices(day=DayRule(zone="Europe/Oslo"), date_order="mdy"))
        imports.take_in(store, seen)
        return seen

    return take_in


DAYLIO = "full_date,date,weekday,time,mood,activities,note_title,note\n"
BEARABLE = "date,date formatted,weekday,time of day,category,rating/amount,detail,notes\n"
NAMED = {
    "a note column": "date,pain,note\n2026-11-26,4,LDN + tramadol\n",
    "a column that is not read": "date,pain,what else\n2026-11-26,4,ibuprofen and tramadol\n2026-11-25,4,walk\n",
    "a column named so, with a cross": "date,pain,tramadol\n2026-11-26,4,x\n2026-11-25,3,\n",
    "a google form": 'Timestamp,Pain,Anything else?\n11/26/2026 22:30:15,6,"took my mother\'s Tramadol, slept"\n',
    "a daylio activity": DAYLIO + '2026-11-26,26 November,Thursday,22:00,good,"work | tramadol","",""\n',
    "a daylio note": DAYLIO + '2026-11-26,26 November,Thursday,22:00,good,"work","","<b>tramadol</b> at noon"\n',
    "a bearable factor": BEARABLE + '"26th Nov 2026","2026-11-26","Thursday","all day","Factors","","Tramadol",""\n',
    "a row of a long table": "date,item,value\n2026-11-26,tramadol,50\n2026-11-26,pain,4\n2026-11-25,pain,4\n",
    "a cell that is not a number": "date,pain,meds taken\n2026-11-26,4,tramadol\n2026-11-25,3,2\n2026-11-24,3,1\n",
    "a dose that cannot be read": "date,pain,naltrexone_mg\n2026-11-26,4,tramadol instead\n2026-11-25,3,4.5\n",
    "a row of unknown status": "date,medicine,status\n2026-11-26,tramadol,popped\n2026-11-25,LDN,taken\n",
    "a rescue column": "date,pain,rescue_tramadol_mg\n2026-11-26,4,50\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", NAMED)
def test_an_opioid_anywhere_in_a_file_closes_the_gate_and_is_said(kind, store, take):
    assert not safety.judgement(store, TODAY).refusing
    seen = take(NAMED[kind])
    assert any("tramadol" in said.casefold() for said in seen.hazards)
    assert any(gate.key == "tramadol:tramadol" for gate in safety.judgement(store, TODAY).refusing)


@pytest.mark.parametrize("head", ["tramadol", "tramadl", "percs", "oxy", "co_codamol", "Norco", "hydrocodne"])
@pytest.mark.parametrize(
    "meaning",
    [
        ColumnMeaning("dose", "ibuprofen", "mg"),
        ColumnMeaning("measure", "sleep", "h"),
        ColumnMeaning("measure", "oxy", "h"),
        ColumnMeaning("skip"),
    ],
    ids=lambda meaning: f"{meaning.kind} {meaning.item}",
)
def test_whatever_a_column_is_taken_for_its_own_head_is_looked_at(head, meaning, store, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(f"date,pain,{head}\n2026-11-26,4,2\n2026-11-25,4,0\n", encoding="utf-8")
    seen = imports.look(
        store, path, Choices(), mapped=Mapped("date", {"pain": ColumnMeaning("score", "pain"), head: meaning})
    )
    imports.take_in(store, seen)
    assert seen.hazards
    gates = [gate for gate in safety.judgement(store, TODAY).refusing if "opioid" in gate.key or "tramadol" in gate.key]
    assert {gate.since.isoformat() for gate in gates} == {"2026-11-26"}


@pytest.mark.parametrize(
    "head", ["balance", "oxygen", "coping", "perceived stress", "state", "tension", "parade", "melody"]
)
def test_a_head_that_only_resembles_an_opioid_closes_nothing(head, store, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(f"date,pain,{head}\n2026-11-26,4,2\n", encoding="utf-8")
    meaning = {"pain": ColumnMeaning("score", "pain"), head: ColumnMeaning("measure", head)}
    imports.take_in(store, imports.look(store, path, Choices(), mapped=Mapped("date", meaning)))
    assert not [gate for gate in safety.judgement(store, TODAY).refusing if "opioid" in gate.key]


@pytest.mark.parametrize(
    "text",
    [
        "date,pain,what else\n2026-11-26,4,no more sugar\n2026-11-25,4,walk\n",
        "date,pain,tramadol\n2026-11-26,4,no\n2026-11-25,3,no\n",
        "date,pain,tramadol\n2026-11-26,4,0\n2026-11-25,3,\n",
        DAYLIO + '2026-11-26,26 November,Thursday,22:00,good,"work | music","",""\n',
    ],
)
def test_words_that_name_no_opioid_that_was_taken_close_nothing(text, store, take):
    take(text)
    assert not safety.judgement(store, TODAY).refusing


def test_a_file_read_again_names_its_opioid_once(store, take):
    for _ in range(2):
        take(NAMED["a daylio activity"])
    assert [(row.entry.item, row.entry.text) for row in store.entries(kind="event")] == [("tramadol", "tramadol")]


@pytest.mark.parametrize("typed", ["LDN", "naltrexone", "Low dose naltrexone"])
@pytest.mark.parametrize("column", ["ldn_mg", "naltrexone_mg", "Naltrexon_mg"])
def test_a_typed_dose_and_a_files_are_one_under_all_its_names(typed, column, store, take):
    store.add(Entry(TODAY, "dose", typed, 1.5, "mg", "taken"))
    take(f"date,pain,{column}\n{TODAY},4,1.5\n")
    (row,) = (cells for day, cells in table_of(store).table.rows if day == TODAY)
    assert [value for name, value in row.items() if name.endswith("_mg")] == [1.5]


def test_a_medicine_that_was_renamed_in_the_file_is_the_same_record(store, take):
    take("date,pain,ldn_mg\n2026-11-26,4,1.5\n2026-11-25,4,1.5\n")
    take("date,pain,naltrexone_mg\n2026-11-26,4,1.5\n2026-11-25,4,1.5\n")
    assert [cells["naltrexone_mg"] for _, cells in table_of(store).table.rows if "naltrexone_mg" in cells] in (
        [1.5, 1.5],
        [],
    )
    cells = [cell for _, row in table_of(store).table.rows for name, cell in row.items() if name.endswith("_mg")]
    assert cells == [1.5, 1.5]


def test_two_apps_that_name_a_medicine_differently_do_not_add_up(store, take):
    take("date,pain,ldn_mg\n2026-11-26,4,1.5\n")
    doses = {
        "data": {
            "medications": [
                {
                    "displayText": "Naltrexone",
                    "start": "2026-11-26 22:10:00 +0100",
                    "status": "Taken",
                    "dosage": 1,
                    "isArchived": False,
                    "codings": [],
                }
            ]
        }
    }
    take(json.dumps(doses), "h.json")
    assert len(store.entries(kind="dose")) == 1


def test_a_dose_that_was_typed_between_look_and_take_is_not_there_twice(store, tmp_path):
    (tmp_path / "t.csv").write_text(f"date,pain,ldn_mg\n{TODAY},4,1.5\n")
    seen = imports.look(store, tmp_path / "t.csv", Choices())
    store.add(Entry(TODAY, "dose", "LDN", 1.5, "mg", "taken"))
    with pytest.raises(DiaryError, match="by another window"):
        imports.take_in(store, seen)
    imports.take_in(store, imports.look(store, tmp_path / "t.csv", Choices()))
    assert len(store.entries(kind="dose")) == 1


HEAD = "date,pain,naltrexone_mg\n"


def doses(store):
    return [(row.entry.day.day, row.entry.value) for row in store.entries(kind="dose")]


def test_a_row_that_a_typed_dose_stood_for_is_not_added_when_the_file_moves_it(store, take):
    """25 and 26 November typed; the file had both, and its corrected version says 24 instead of 25."""
    for number in (25, 26):
        store.add(Entry(TODAY.replace(day=number), "dose", "LDN", 1.5, "mg", "taken"))
    take(HEAD + "2026-11-25,4,1.5\n2026-11-26,4,1.5\n")
    seen = take(HEAD + "2026-11-24,4,1.5\n2026-11-26,4,1.5\n")
    assert doses(store) == [(25, 1.5), (26, 1.5)]
    assert any("your own dose stands for it" in str(problem.what) for problem in seen.preview.imported.problems)
    take(HEAD + "2026-11-24,4,1.5\n2026-11-26,4,1.5\n")
    assert doses(store) == [(25, 1.5), (26, 1.5)]


def test_a_new_row_of_such_a_file_is_added_once(store, take):
    store.add(Entry(TODAY, "dose", "LDN", 1.5, "mg", "taken"))
    for _ in range(2):
        take(HEAD + "2026-11-27,4,1.5\n2026-11-26,4,3\n")
    assert doses(store) == [(26, 3.0), (27, 1.5)]


def test_a_file_without_clocks_takes_no_known_clock_away(store, take):
    timed = "date,time,medicine,amount,unit,status\n2026-11-26,22:30,naltrexone,1.5,mg,taken\n"
    take(timed)
    before = [row.entry.at for row in store.entries(kind="dose")]
    assert before != [None]
    take("date,medicine,amount,unit,status\n2026-11-26,naltrexone,1.5,mg,taken\n")
    assert [row.entry.at for row in store.entries(kind="dose")] == before
    take("date,medicine,amount,unit,status\n2026-11-26,naltrexone,3,mg,taken\n")
    assert [(row.entry.at, row.entry.value) for row in store.entries(kind="dose")] == [(before[0], 3.0)]


def test_rows_of_one_evening_that_add_up_to_more_than_is_usual_are_asked_about(store, tmp_path):
    """A file that has each dose twice: two rows of a minute, and one under another name a minute later."""
    path = tmp_path / "t.csv"
    rows = ("22:30,LDN,4.5mg", "22:30,LDN,4.5mg", "22:31,Naltrexone,4.5 mg")
    path.write_text("datetime,medicine,dose\n" + "".join(f"2026-11-26 {row}\n" for row in rows), encoding="utf-8")
    seen = imports.look(store, path, Choices())
    with pytest.raises(DoseInDoubt, match="2026-11-26 has 3 doses"):
        imports.take_in(store, seen)
    assert imports.take_in(store, seen, said_again_mg=[13.5]) == 3


def test_a_usual_dose_in_two_halves_is_asked_nothing(store, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("datetime,medicine,dose\n2026-11-26 08:00,LDN,1.5mg\n2026-11-26 22:30,LDN,3mg\n", encoding="utf-8")
    assert imports.look(store, path, Choices()).doubtful == ()


def test_a_day_to_come_is_left_out_with_a_sentence_and_the_gates_can_still_be_asked(store, take):
    """A slip of the year in one row; a calendar's event for next month; today itself is taken."""
    later = TODAY + datetime.timedelta(days=30)
    rows = [f"{TODAY},4,0,", f"{TODAY.replace(year=TODAY.year + 5)},3,4.5,", f"{later},2,0,operation"]
    seen = take("date,pain,naltrexone_mg,note\n" + "\n".join(rows) + "\n")
    assert {entry.day for entry in seen.preview.new} == {TODAY}
    said = [problem.what for problem in seen.preview.imported.problems]
    assert len(said) == 2
    assert f"{later} has not come yet (today is {TODAY}): naltrexone, note, pain left out" in said[0]
    safety.judgement(store, TODAY)
    assert {row.entry.day for row in store.entries() if row.entry.kind == "score"} == {TODAY}


def test_a_file_wholly_to_come_is_said_in_six_sentences(take):
    days = [TODAY + datetime.timedelta(days=n) for n in range(1, 41)]
    seen = take("date,pain\n" + "".join(f"{day},3\n" for day in days))
    assert seen.preview.new == ()
    assert [str(day) in problem.what for day, problem in zip(days, seen.preview.imported.problems, strict=False)] == (
        [True] * 5 + [False]
    )
    assert f"35 more days that have not come yet, the last one {days[-1]}" in seen.preview.imported.problems[5].what


def test_a_column_named_after_a_medicine_is_a_dose_whose_unit_is_asked(store, tmp_path):
    """Numbers without mg: 4.5 of what? Nothing is written until that is said."""
    path = tmp_path / "t.csv"
    path.write_text("date,pain,naltrexone,coffee\n2026-11-01,4,0,2\n2026-11-02,5,4.5,1\n")
    seen = imports.look(store, path, Choices())
    kinds = {name: column.kind for name, column in seen.mapped.columns.items()}
    assert kinds == {"pain": "score", "naltrexone": "dose", "coffee": "score"}
    assert "'naltrexone' holds amounts without a unit" in seen.preview.imported.problems[0].what
    with pytest.raises(CallError, match="What is 1 in the column 'naltrexone'"):
        imports.take_in(store, seen)
    assert store.entries() == ()
    imports.take_in(store, imports.look(store, path, Choices(mg_per_unit={"naltrexone": 1.0})))
    doses = [row.entry for row in store.entries(kind="dose")]
    assert [(each.value, each.unit, each.status) for each in doses] == [(None, "", "missed"), (4.5, "mg", "taken")]


@pytest.mark.parametrize("head", ["LDN", "Sumatriptan", "amitriptyline", "Topamax", "ibuprofen", "Tramadol"])
def test_every_medicine_that_is_known_is_a_dose_in_a_table(head, store, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(f"date,pain,{head}\n2026-11-01,4,1\n")
    assert imports.look(store, path, Choices()).mapped.columns[head].kind == "dose"


@pytest.mark.parametrize(
    "head",
    ["iron", "vitamin D", "coffee", "alcohol", "TSH", "migraine", "aura", "pulse", "insulin", "stress", "pressure"],
)
def test_what_is_eaten_measured_or_felt_stays_a_score(head, store, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(f"date,pain,{head}\n2026-11-01,4,1\n")
    assert imports.look(store, path, Choices()).mapped.columns[head].kind == "score"
