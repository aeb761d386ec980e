"""Backups are checked when made, when asked and before use; nothing is ever overwritten."""

import datetime

import pytest

from nightdose.diary.entry import Entry
from nightdose.diary.kept import backup
from nightdose.diary.kept.database import DiaryError, WrongKey
from nightdose.diary.kept.store import Store
from nightdose.diary.kept.vault import key_file
from nightdose.errors import CallError

NOW = datetime.datetime(2026, 11, 22, 14, 0, tzinfo=datetime.UTC)
PAIN = Entry(datetime.date(2026, 11, 20), "score", "pain", 4.0)


@pytest.fixture
def made(store, key, tmp_path):
    store.add(PAIN, PAIN)
    return backup.make(store, key, tmp_path, NOW)


def test_a_backup_restores_to_the_same_diary(made, store, key, tmp_path):
    health = backup.restore(made.path, tmp_path / "again.db", key)
    assert (health.entries, health.whole) == (2, True)
    with Store(tmp_path / "again.db", key) as again:
        assert again.history() == store.history()


def test_an_encrypted_diary_stays_encrypted_in_its_backup(made, key):
    words = b"pain" in made.path.read_bytes()
    assert words == (key is None)


def test_the_key_file_travels_with_the_backup(store, key, tmp_path):
    key_file(store.path).write_text('{"format": "nightdose.key/1"}')
    made = backup.make(store, key, tmp_path, NOW)
    backup.restore(made.path, tmp_path / "again.db", key)
    assert key_file(tmp_path / "again.db").read_text() == key_file(store.path).read_text()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 0.99])
def test_a_cut_backup_is_refused(made, key, share):
    content = made.path.read_bytes()
    made.path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(DiaryError, match="damaged or cut short"):
        backup.verify(made.path, key)


def test_one_flipped_bit_is_noticed(made, key):
    content = bytearray(made.path.read_bytes())
    content[len(content) // 2] ^= 1
    made.path.write_bytes(content)
    with pytest.raises(DiaryError):
        backup.verify(made.path, key)


def test_a_restore_never_overwrites(made, store, key):
    with pytest.raises(CallError, match="nothing is ever overwritten"):
        backup.restore(made.path, store.path, key)


def test_a_backup_opens_only_with_its_key(store, key, tmp_path, made):
    if key is not None:
        with pytest.raises(WrongKey):
            backup.restore(made.path, tmp_path / "again.db", b"x" * 32)
        assert not (tmp_path / "again.db").exists()


def test_deleting_everything_leaves_nothing_of_the_diary(store):
    store.add(PAIN)
    key_file(store.path).write_text("{}")
    backup.delete_everything(store.path)
    assert [file for file in store.path.parent.iterdir() if file.name.startswith("diary.db")] == []
