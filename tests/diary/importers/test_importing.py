"""Preview, then write; a second import adds nothing; a grown day is a correction; a withdrawn one stays away."""

import datetime

from nightdose.diary.entry import Entry
from nightdose.diary.importers.bearable import read
from nightdose.diary.importers.imported import Choices, Imported
from nightdose.diary.importers.importing import preview, write
from nightdose.diary.kept.store import Store

from .test_bearable import OLD

FRIDAY = datetime.date(2026, 11, 20)


def slept(hours):
    """A day as an importer gave it before records had an identity."""
    return Imported("apple-health", (Entry(FRIDAY, "measure", "sleep", hours, "h", source="apple-health"),), (), {})


def test_nothing_is_written_before_it_is_said_so(tmp_path, file):
    with Store(tmp_path / "diary.db", None, create=True) as store:
        found = preview(store, read(file("e.csv", OLD), Choices()))
        assert len(found.new) == 6
        assert store.history() == ()


def test_the_same_file_with_another_choice_corrects_and_adds_nothing(tmp_path, file):
    with Store(tmp_path / "diary.db", None, create=True) as store:
        write(store, preview(store, read(file("e.csv", OLD), Choices())))
        again = preview(store, read(file("e.csv", OLD), Choices(rescue=frozenset({"Rizatriptan"}))))
        assert (again.new, again.known, again.gone) == ((), 5, ())
        assert [(change.before.kind, change.after.kind) for change in again.changed] == [("dose", "rescue")]


def test_two_equal_rows_of_one_file_are_two_entries(tmp_path, file):
    twice = OLD + '"22nd Sep 2020","Tuesday","pm","Symptom","1","Headache (Mild)",""\n'
    with Store(tmp_path / "diary.db", None, create=True) as store:
        write(store, preview(store, read(file("e.csv", twice), Choices())))
        assert len(store.entries(item="Headache")) == 2
        assert preview(store, read(file("e.csv", twice), Choices())).new == ()


def test_a_day_that_has_grown_is_a_correction(tmp_path):
    with Store(tmp_path / "diary.db", None, create=True) as store:
        write(store, preview(store, slept(5.0)))
        write(store, preview(store, slept(7.5)))
        assert [row.entry.value for row in store.entries()] == [7.5]
        assert len(store.history()) == 2
        assert preview(store, slept(7.5)).known == 1


def test_a_withdrawn_value_does_not_come_back(tmp_path):
    with Store(tmp_path / "diary.db", None, create=True) as store:
        write(store, preview(store, slept(5.0)))
        store.withdraw(1, "the watch was on someone else")
        assert preview(store, slept(5.0)).new == ()
