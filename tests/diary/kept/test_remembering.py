"""A store that keeps its rows in memory says what the file says, whoever wrote to it."""

import datetime

import pytest

from nightdose.diary.entry import Entry
from nightdose.diary.kept.remembering import RememberingStore
from nightdose.diary.kept.store import Store

DAY = datetime.date(2026, 11, 1)


def pain(value, days=0):
    return Entry(DAY + datetime.timedelta(days=days), "score", "Pain", float(value), source_key=f"k{value}")


@pytest.fixture
def stores(tmp_path):
    path = tmp_path / "diary.db"
    with Store(path, None, create=True) as plain, RememberingStore(path, None) as remembering:
        yield plain, remembering


def same(plain, remembering):
    day = DAY + datetime.timedelta(days=1)
    for ask in ({}, {"kind": "score"}, {"day": day}, {"kind": "note", "day": day}, {"item": "Pain"}, {"item": "Sleep"}):
        assert remembering.entries(**ask) == plain.entries(**ask)
    assert remembering.history() == plain.history()
    assert remembering.source_keys() == plain.source_keys()
    assert remembering.documents("outcome") == plain.documents("outcome")
    assert remembering.documents() == plain.documents()


def test_what_it_wrote_itself_is_there_in_the_order_of_days(stores):
    plain, remembering = stores
    same(plain, remembering)
    remembering.add(pain(4, 2), pain(3, 1), Entry(DAY, "note", "note", text="rain"))
    same(plain, remembering)
    remembering.correct(1, pain(5, 2))
    remembering.withdraw(3, "by mistake")
    remembering.put("outcome", "Pain", {"name": "Pain"})
    same(plain, remembering)


def test_what_another_program_wrote_meanwhile_is_there(stores):
    plain, remembering = stores
    remembering.add(pain(4))
    assert len(remembering.entries()) == 1
    plain.add(pain(6, 1))
    plain.correct(1, pain(7))
    same(plain, remembering)


def test_a_row_that_was_changed_behind_its_back_is_read_anew(stores):
    plain, remembering = stores
    remembering.add(pain(4))
    remembering.entries()
    for (name,) in plain._connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        plain._connection.execute(f'DROP TRIGGER "{name}"')
    plain._connection.execute("UPDATE entry SET value = 9 WHERE number = 1")
    assert remembering.entries()[0].entry.value == 9.0
