"""The diary only grows, and what it confirmed is there."""

import datetime
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightdose.diary.entry import KINDS, STATUS_OF, Entry
from nightdose.diary.kept.store import DiaryError, Store
from nightdose.errors import CallError

FRIDAY = datetime.date(2026, 11, 20)
PAIN = Entry(FRIDAY, "score", "pain", 4.0)


def test_what_was_written_is_read_back(store):
    evening = datetime.datetime.fromisoformat("2026-11-20T22:30+01:00")
    dose = Entry(FRIDAY, "dose", "naltrexone", 1.5, "mg", "late", "fell asleep", evening, {"brand": "pharmacy"})
    (number,) = store.add(dose)
    assert store.entries()[0].entry == dose
    assert store.entries()[0].number == number


def test_a_correction_points_at_the_old_row_and_both_stay(store):
    (first,) = store.add(PAIN)
    second = store.correct(first, Entry(FRIDAY, "score", "pain", 6.0), "wrong key")
    assert [row.entry.value for row in store.entries()] == [6.0]
    assert [(row.number, row.corrects) for row in store.history()] == [(first, None), (second, first)]


def test_an_old_version_cannot_be_corrected_twice(store):
    (first,) = store.add(PAIN)
    store.correct(first, PAIN)
    with pytest.raises(CallError, match="no current entry"):
        store.correct(first, PAIN)


def test_a_withdrawn_entry_is_gone_from_the_days_but_not_from_the_history(store):
    (first,) = store.add(PAIN)
    store.withdraw(first, "another person's day")
    assert store.entries() == ()
    assert store.history()[1].reason == "another person's day"


@pytest.mark.parametrize("sql", ["UPDATE entry SET value = 1", "DELETE FROM entry", "DELETE FROM document"])
def test_the_file_itself_refuses_changes(path, sql):
    with Store(path, None, create=True) as store:
        store.add(PAIN)
        store.put("setting", "day", {"start": "04:00"})
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        sqlite3.connect(path).execute(sql)


def test_a_change_behind_the_programs_back_shows(path):
    with Store(path, None, create=True) as store:
        store.add(PAIN, PAIN, PAIN)
    other = sqlite3.connect(path)
    other.executescript("DROP TRIGGER entry_never_update; UPDATE entry SET value = 9 WHERE number = 2;")
    other.close()
    with Store(path, None) as store:
        assert "entry 2" in store.verify().faults[0]


def test_several_entries_are_written_all_or_none(store):
    twice = Entry(FRIDAY, "score", "pain", 4.0, source="bearable", source_key="k1")
    with pytest.raises(DiaryError):
        store.add(PAIN, twice, twice)
    assert store.history() == ()


def test_an_import_is_taken_in_whole_or_not_at_all(store):
    number = store.add(PAIN)[0]
    twice = Entry(FRIDAY, "score", "pain", 5.0, source="table", source_key="@k.1")
    with pytest.raises(DiaryError):
        store.write_all([twice, twice], [(number, PAIN, "newer import")], [])
    with pytest.raises(CallError, match="no current entry"):
        store.write_all([twice], [], [(99, "no longer in the file")])
    assert len(store.history()) == 1
    store.write_all([twice], [], [(number, "no longer in the file")])
    assert [row.entry.value for row in store.entries()] == [5.0]


def test_the_newest_document_counts_and_older_ones_stay(store):
    store.put("setting", "day", {"start": "04:00"})
    store.put("setting", "day", {"start": "12:00"})
    assert store.newest("setting", "day") == {"start": "12:00"}
    assert len(store.documents("setting", "day")) == 2


def test_a_diary_is_never_overwritten(store, key):
    with pytest.raises(CallError, match="there already"):
        Store(store.path, key, create=True)


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn", "Zl", "Zp"]), min_size=1, max_size=40
)


def without_fold(moment):
    return moment.replace(fold=0)  # an offset leaves nothing ambiguous


@st.composite
def entries(draw):
    kind = draw(st.sampled_from([kind for kind in KINDS if kind not in ("guess", "lab")]))
    status = draw(st.sampled_from(STATUS_OF.get(kind, ("",))))
    value = draw(st.floats(0.001, 1e9))
    zone = datetime.timezone(datetime.timedelta(minutes=draw(st.integers(-720, 840))))
    return Entry(
        day=draw(st.dates()),
        kind=kind,
        item="x" + draw(texts.filter(str.isprintable)),
        value=None if status == "missed" else value,
        unit=draw(texts),
        status=status,
        text=draw(texts),
        at=draw(st.none() | st.datetimes(timezones=st.just(zone)).map(without_fold)),
    )


@given(st.lists(entries(), max_size=5))
def test_every_entry_survives_the_round_trip(tmp_path_factory, rows):
    with Store(tmp_path_factory.mktemp("d") / "diary.db", None, create=True) as store:
        store.add(*rows)
        assert sorted(map(repr, (row.entry for row in store.entries()))) == sorted(map(repr, rows))
        assert store.verify().whole
