"""Trouble with the file is one clear sentence, and nothing is lost."""

import contextlib
import datetime
import os
import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from nightdose.diary.entry import Entry
from nightdose.diary.kept import database
from nightdose.diary.kept.database import DiaryError, WrongKey
from nightdose.diary.kept.migrations import NEWEST
from nightdose.diary.kept.store import ENTRY_COLUMNS, Store, _entry_row, _link
from nightdose.errors import CallError

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
        with pytest.raises(DiaryError, match="not a nightdose diary, or the key"):
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


def older(path, monkeypatch, version):
    """A diary with one entry, as a program wrote it that knew only the first migrations."""
    with monkeypatch.context() as old:
        old.setattr(database, "MIGRATIONS", database.MIGRATIONS[:version])
        with Store(path, None, create=True) as made:
            row = {**_entry_row(PAIN), "written_utc": "2026-11-20T12:00:00+00:00"}
            values = [1, *(row[column] for column in ENTRY_COLUMNS)]
            marks = ", ".join("?" * (len(values) + 1))
            names = ", ".join(("number", *ENTRY_COLUMNS, "chain"))
            made._connection.execute(f"INSERT INTO entry ({names}) VALUES ({marks})", [*values, _link("", values)])


@pytest.mark.parametrize("version", [1, 2])
def test_an_older_file_is_brought_forward_and_loses_nothing(path, monkeypatch, version):
    older(path, monkeypatch, version)
    with Store(path, None) as store:
        store.put("setting", "day", {})
        store.add(PAIN)
        health = store.verify()
    assert (health.entries, health.documents, health.faults) == (2, 1, ())


def test_a_migration_happens_whole_or_not_at_all(path, monkeypatch):
    broken = database.MIGRATIONS[1].__class__(2, "broken", ("CREATE TABLE half (x)", "NOT SQL"))
    older(path, monkeypatch, 1)
    monkeypatch.setattr(database, "MIGRATIONS", (*database.MIGRATIONS[:1], broken))
    with pytest.raises(DiaryError):
        Store(path, None)
    assert sqlite3.connect(path).execute("PRAGMA user_version").fetchone() == (1,)


def scribble(path, *statements):
    """Another program's hand in the file."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for trigger in ("entry_never_delete", "entry_never_update", "document_never_delete"):
            connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("DELETE FROM entry WHERE number > 150", "200 rows and has 150"),
        ("DELETE FROM entry", "200 rows and has 0"),
        ("DELETE FROM entry WHERE number = 7", "entry 8: this row, or one before it"),
        ("UPDATE entry SET value = 9 WHERE number = 7", "entry 7: this row"),
        ("DELETE FROM document", "document: the diary had 1 rows and has 0"),
    ],
)
def test_rows_that_were_changed_or_cut_off_in_a_plain_file_are_noticed_before_a_table_is_made(path, statement, fault):
    with Store(path, None, create=True) as store:
        store.add(*[PAIN] * 200)
        store.put("setting", "day", {"start": "04:00", "zone": None})
    scribble(path, statement)
    with Store(path, None) as store:
        assert fault in store.verify().faults[0]
        with pytest.raises(DiaryError, match="is not whole"):
            store.refuse_if_damaged()


def test_nothing_is_added_to_a_diary_whose_end_was_cut_off(path):
    with Store(path, None, create=True) as store:
        store.add(*[PAIN] * 5)
    scribble(path, "DELETE FROM entry WHERE number > 3")
    with Store(path, None) as store, pytest.raises(DiaryError, match="not those that were written last"):
        store.add(PAIN)


def test_a_copy_of_the_file_alone_has_everything_after_opening_and_after_closing(path, key, tmp_path):
    """A writer was killed and its -wal stayed; then the person copies diary.db to a stick."""
    child = os.fork()
    if child == 0:
        store = Store(path, key, create=True)
        store.add(*[PAIN] * 50)
        os.kill(os.getpid(), 9)
    os.waitpid(child, 0)
    alone = tmp_path / "stick.db"
    with Store(path, key) as store:
        shutil.copy(path, alone)
        with Store(alone, key) as copy:
            assert copy.verify().entries == 50
        store.add(PAIN)
    alone.unlink()
    shutil.copy(path, alone)
    with Store(alone, key) as copy:
        assert copy.verify().entries == 51


def test_a_new_diary_is_refused_beside_a_log_of_another_one(path, key):
    wal = path.with_name(path.name + "-wal")
    wal.write_bytes(b"of another diary")
    with pytest.raises(CallError, match="may belong to another diary"):
        Store(path, key, create=True)
    assert (wal.read_bytes(), path.exists()) == (b"of another diary", False)


def test_a_diary_is_opened_through_a_link(written, key, tmp_path):
    link = tmp_path / "elsewhere" / "link.db"
    link.parent.mkdir()
    link.symlink_to(written)
    with Store(link, key) as store:
        store.add(PAIN)
    assert sorted(file.name for file in link.parent.iterdir()) == ["link.db"]
    with Store(written, key) as store:
        assert store.verify().entries == 201


def test_links_that_lead_in_a_circle_are_a_sentence(tmp_path, key):
    (tmp_path / "a.db").symlink_to(tmp_path / "b.db")
    (tmp_path / "b.db").symlink_to(tmp_path / "a.db")
    with pytest.raises(DiaryError):
        Store(tmp_path / "a.db", key)
