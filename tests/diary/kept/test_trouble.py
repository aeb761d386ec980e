"""Trouble with the file is one clear sentence, and nothing is lost."""

import datetime
import os
import re
import sqlite3
from pathlib import Path

import pytest

from nightdose.diary.entry import Entry
from nightdose.diary.kept import database
from nightdose.diary.kept.database import DiaryError, WrongKey
from nightdose.diary.kept.migrations import NEWEST
from nightdose.diary.kept.store import Store

PAIN = Entry(datetime.date(2026, 11, 20), "score", "pain", 4.0)


@pytest.fixture
def written(path, key):
    with Store(path, key, create=True) as store:
        store.add(*[PAIN] * 200)
    return path


def test_a_wrong_key(written, key):
    with pytest.raises(WrongKey if key else DiaryError, match="key does"):
        Store(written, b"w" * 32)


def test_no_key_for_an_encrypted_diary(written, key):
    if key is not None:
        with pytest.raises(DiaryError, match="no nightdose diary, or the key"):
            Store(written, None)


def test_a_locked_file(written, key, monkeypatch):
    monkeypatch.setattr(database, "BUSY_MS", 20)
    with Store(written, key) as first, Store(written, key) as second:
        first._connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(DiaryError, match="another nightdose"):
            second.add(PAIN)
        first._connection.execute("ROLLBACK")
        second.add(PAIN)


def test_a_full_disk_keeps_what_was_confirmed(written, key):
    with Store(written, key) as store:
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count={pages + 1}")
        with pytest.raises(DiaryError, match="disk is full"):
            store.add(*[PAIN] * 500)
    with Store(written, key) as store:
        assert (store.verify().entries, store.verify().whole) == (200, True)


def test_a_truncated_file(written, key):
    os.truncate(written, written.stat().st_size // 2)
    with pytest.raises(DiaryError, match="damaged or cut short"):
        Store(written, key)


@pytest.mark.parametrize("size", [0, 100])
def test_an_emptied_file_is_not_taken_for_a_new_diary(written, key, size):
    os.truncate(written, size)
    with pytest.raises(DiaryError, match="cut short"):
        Store(written, key)
    assert written.stat().st_size == size


def test_a_file_from_a_newer_version(written, key):
    with Store(written, key) as store:
        store._connection.execute(f"PRAGMA user_version={NEWEST + 1}")
    with pytest.raises(DiaryError, match="newer nightdose"):
        Store(written, key)


def test_a_database_of_another_program(tmp_path):
    other = sqlite3.connect(tmp_path / "other.db")
    other.executescript("CREATE TABLE t (x); INSERT INTO t VALUES (1);")
    other.close()
    with pytest.raises(DiaryError, match="no nightdose diary"):
        Store(tmp_path / "other.db", None)


def test_a_folder_that_cannot_be_written(key):
    with pytest.raises(DiaryError, match="cannot be opened"):
        Store(Path("/proc/diary.db"), key, create=True)


def test_no_diary_there(tmp_path, key):
    with pytest.raises(DiaryError, match="no diary at"):
        Store(tmp_path / "none.db", key)


@pytest.mark.parametrize("said", ["attempt to write a readonly database", "disk I/O error", "something new"])
def test_whatever_sqlite_says_there_is_a_sentence(said, tmp_path):
    sentence = database.sentence_for(sqlite3.OperationalError(said), tmp_path / "diary.db")
    assert re.search(r"\.$", sentence)
    assert "lost" in sentence or "changed" in sentence or "confirmed" in sentence


def test_an_older_file_is_brought_forward_and_loses_nothing(path, monkeypatch):
    monkeypatch.setattr(database, "MIGRATIONS", database.MIGRATIONS[:1])
    with Store(path, None, create=True) as store:
        store.add(PAIN)
    monkeypatch.undo()
    with Store(path, None) as store:
        store.put("setting", "day", {})
        assert (store.verify().entries, store.verify().documents) == (1, 1)


def test_a_migration_happens_whole_or_not_at_all(path, monkeypatch):
    broken = database.MIGRATIONS[1].__class__(2, "broken", ("CREATE TABLE half (x)", "NOT SQL"))
    monkeypatch.setattr(database, "MIGRATIONS", database.MIGRATIONS[:1])
    with Store(path, None, create=True) as store:
        store.add(PAIN)
    monkeypatch.setattr(database, "MIGRATIONS", (*database.MIGRATIONS, broken))
    with pytest.raises(DiaryError):
        Store(path, None)
    assert sqlite3.connect(path).execute("PRAGMA user_version").fetchone() == (1,)
