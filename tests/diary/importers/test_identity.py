"""A record is known by its moment and thing: a corrected, reformatted or re-exported file corrects and never adds."""

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nightdose.diary.day import DayRule
from nightdose.diary.entry import Entry
from nightdose.diary.importers import generic, health_auto_export
from nightdose.diary.importers.imported import Choices, Imported
from nightdose.diary.importers.importing import preview, write
from nightdose.diary.importers.suggest import suggest
from nightdose.diary.kept.daily import daily_table
from nightdose.diary.kept.store import Store

from .test_health_auto_export import record

OSLO = DayRule(zone="Europe/Oslo")


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "diary.db", None, create=True) as opened:
        yield opened


@pytest.fixture
def take(store, file):
    """Import a text as a table, as the person would."""

    def take_in(text, day=OSLO, name="t.csv", **choices):
        table = generic.open_table(file(name, text))
        found = preview(store, generic.read(table, Choices(day=day, **choices), suggest(table)))
        write(store, found)
        return found

    return take_in


def table(store):
    return {day.isoformat(): dict(cells) for day, cells in daily_table(row.entry for row in store.entries()).rows}


def counts(found):
    return len(found.new), found.known, len(found.changed), len(found.gone)


V1 = "date,pain,naltrexone_mg\n2026-03-01,6,3\n2026-03-02,5,3\n2026-03-03,5,3\n"


def test_a_corrected_cell_is_a_correction(store, take):
    take(V1)
    assert counts(take(V1.replace("2026-03-02,5,3", "2026-03-02,5,4.5"))) == (0, 5, 1, 0)
    assert table(store)["2026-03-02"] == {"pain": 5, "naltrexone_mg": 4.5}


@pytest.mark.parametrize(
    "again",
    [
        V1.replace("3\n", "3.0\n"),
        V1.replace(",", ";").replace("pain;", "Pain;"),
        V1.replace("2026-03-0", "0").replace(",", ";").replace("01;6", "01.03.2026;6").replace("02;5", "02.03.2026;5")
        .replace("03;5", "03.03.2026;5"),
        V1.replace("2026-03-01", "2026-03-01 00:00:00").replace("2026-03-02", "2026-03-02 00:00:00"),
        V1.splitlines()[0] + "\n" + "\n".join(reversed(V1.splitlines()[1:])) + "\n",
        V1.replace("date,pain,naltrexone_mg", "naltrexone_mg,pain,date").replace("2026-03-01,6,3", "3,6,2026-03-01")
        .replace("2026-03-02,5,3", "3,5,2026-03-02").replace("2026-03-03,5,3", "3,5,2026-03-03"),
        V1.replace("3\n", "3 mg\n"),
    ],
    ids=["decimals", "semicolons", "dotted dates", "midnights", "newest first", "other columns", "units"],
)  # fmt: skip
def test_another_form_of_the_same_file_changes_nothing(store, take, again):
    take(V1)
    assert counts(take(again, date_order="dmy")) == (0, 6, 0, 0)


TIMES = "when,ldn (mg)\n2026-03-01 22:30,4.5\n2026-03-02 22:40,4.5\n2026-03-03 23:10,4.5\n"


@pytest.mark.parametrize(
    "again",
    [
        TIMES.replace(" 22:30", "T22:30:59+01:00").replace(" 22:40", "T21:40:00Z").replace(" 23:10", " 10:10 PM GMT+0"),
        TIMES.replace("2026-03-01 22:30", "2026-03-01 16:30 EST").replace("2026-03-02 22:40", "2026-03-03 06:40 +0900"),
        TIMES.replace(":30,", ":30:45,"),
    ],
    ids=["offsets", "exported abroad", "with seconds"],
)
def test_an_instant_is_one_whatever_its_zone(store, take, again):
    take(TIMES)
    assert counts(take(again)) == (0, 3, 0, 0)


def test_a_move_to_another_zone_doubles_no_dose(store, take):
    """The diary's zone was changed; the file's times have no zone of their own."""
    take(TIMES)
    assert counts(take(TIMES, day=DayRule(zone="America/New_York"))) == (0, 3, 0, 0)


def test_a_corrected_time_moves_the_dose_and_does_not_add_one(store, take):
    take(TIMES)
    assert counts(take(TIMES.replace("22:30", "21:45"))) == (0, 2, 1, 0)
    assert table(store)["2026-03-01"] == {"ldn_mg": 4.5, "ldn_time": "21:45"}


def test_a_dose_that_moved_to_another_day_is_gone_from_the_first(store, take):
    """The row of the second was meant for the fourth."""
    take(V1)
    found = take(V1.replace("2026-03-02,5,3", "2026-03-04,5,3"))
    assert counts(found) == (2, 4, 0, 2)
    assert set(table(store)) == {"2026-03-01", "2026-03-03", "2026-03-04"}


def test_a_row_that_comes_back_is_new_again(store, take):
    take(V1)
    take(V1.replace("2026-03-02,5,3\n", ""))
    assert counts(take(V1)) == (2, 4, 0, 0)
    assert table(store)["2026-03-02"] == {"pain": 5, "naltrexone_mg": 3}


def test_a_shorter_export_takes_nothing_away(store, take):
    take(V1)
    assert counts(take("date,pain,naltrexone_mg\n2026-03-03,5,3\n")) == (0, 2, 0, 0)
    assert len(table(store)) == 3


def test_another_file_of_the_same_kind_takes_nothing_away(store, take):
    """Two spreadsheets, one of odd and one of even days."""
    take("date,pain\n2026-03-01,6\n2026-03-03,5\n2026-03-05,5\n2026-03-07,4\n")
    found = take("date,pain\n2026-03-02,6\n2026-03-04,5\n2026-03-06,5\n2026-03-08,4\n")
    assert counts(found) == (4, 0, 0, 0)
    assert "another file" in found.imported.problems[-1].remedy
    assert len(table(store)) == 8


def test_what_the_person_corrected_by_hand_stays_theirs(store, take):
    take(V1)
    dose = next(row for row in store.entries(kind="dose") if row.entry.day.day == 2)
    store.correct(dose.number, Entry(dose.entry.day, "dose", "naltrexone", 4.5, "mg", "taken"), "slip")
    assert counts(take(V1)) == (0, 6, 0, 0)
    found = take(V1.replace("2026-03-02,5,3", "2026-03-02,5,1.5"))
    assert counts(found) == (0, 6, 0, 0)
    assert "you corrected it to 4.5 mg" in found.imported.problems[-1].what
    assert table(store)["2026-03-02"]["naltrexone_mg"] == 4.5


def test_what_the_person_withdrew_stays_away(store, take):
    take(V1)
    dose = next(row for row in store.entries(kind="dose") if row.entry.day.day == 2)
    store.withdraw(dose.number, "not mine")
    assert counts(take(V1.replace("2026-03-02,5,3", "2026-03-02,5,1.5"))) == (0, 6, 0, 0)
    assert "naltrexone_mg" not in table(store)["2026-03-02"]


@pytest.mark.parametrize(("mg", "words"), [(3, ""), (4.5, "you typed 4.5 mg")])
def test_a_dose_that_was_typed_is_not_taken_twice(store, take, mg, words):
    """The evening was typed; the spreadsheet of the same days is imported afterwards."""
    store.add(Entry(datetime.date(2026, 3, 2), "dose", "Naltrexone", mg, "mg", "taken"))
    found = take(V1)
    assert table(store)["2026-03-02"]["Naltrexone_mg"] == mg
    assert words in " ".join(problem.what for problem in found.imported.problems)


def test_the_diarys_own_table_imported_again_adds_nothing(store, take):
    day = datetime.date(2026, 3, 1)
    store.add(
        Entry(day, "score", "pain", 4.0),
        Entry(day, "dose", "naltrexone", 4.5, "mg", "taken", at=OSLO.moment(day, datetime.time(0, 40))),
    )
    assert counts(take("date,pain,naltrexone_mg,naltrexone_time\n2026-03-01,4,4.5,00:40\n")) == (0, 2, 0, 0)


def test_a_diary_from_before_records_had_an_identity_is_corrected_too(store, take):
    """Its rows have a key made from the text of the cell, as version 0.1 wrote it."""
    for day, mg in ((1, 3.0), (2, 3.0)):
        store.add(Entry(datetime.date(2026, 3, day), "dose", "naltrexone", mg, "mg", "taken", source="table",
                        source_key=f"{day:040x}"))  # fmt: skip
    found = take("date,naltrexone_mg\n2026-03-01,3\n2026-03-02,4.5\n")
    assert counts(found) == (0, 1, 1, 0)
    assert [cells["naltrexone_mg"] for cells in table(store).values()] == [3, 4.5]


def test_saying_how_many_mg_a_piece_has_corrects_the_pieces(store, file, choices):
    import json

    path = file("e.json", json.dumps({"data": {"medications": [record("Taken")]}}))
    write(store, preview(store, health_auto_export.read(path, choices)))
    known = Choices(day=choices.day, mg_per_unit={"LDN capsule": 1.5})
    found = preview(store, health_auto_export.read(path, known))
    assert [(c.before.unit, c.after.value, c.after.unit) for c in found.changed] == [("piece", 1.5, "mg")]


days = st.integers(1, 6)
doses = st.dictionaries(days, st.sampled_from(["1.5", "3", "4.5", "0", ""]), min_size=1)


def as_csv(rows, reverse):
    lines = [f"2026-03-{day:02d},{mg}" for day, mg in sorted(rows.items(), reverse=reverse)]
    return "\n".join(["date,ldn_mg", *lines, ""])


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(versions=st.lists(st.tuples(doses, st.booleans()), min_size=2, max_size=4))
def test_after_any_edits_no_day_has_more_than_the_newest_file_says(versions, tmp_path_factory, file):
    """Whatever was edited between exports, a day in the newest file has exactly its dose."""
    with Store(tmp_path_factory.mktemp("d") / "diary.db", None, create=True) as store:
        for rows, reverse in versions:
            opened = generic.open_table(file("t.csv", as_csv(rows, reverse)))
            write(store, preview(store, generic.read(opened, Choices(day=OSLO), suggest(opened))))
        kept = table(store)
        for day, mg in versions[-1][0].items():
            if mg:
                assert kept[f"2026-03-{day:02d}"]["ldn_mg"] == float(mg)


def test_a_file_without_entries_takes_nothing_away(store, take):
    take(V1)
    assert preview(store, Imported("table", (), (), {})).gone == ()
