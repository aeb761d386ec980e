"""Backups are checked when made, when asked and before use; nothing is ever overwritten."""

import datetime
import io
import json
import os
import stat
import zipfile

import pytest

from nightdose.diary.entry import Entry
from nightdose.diary.kept import backup
from nightdose.diary.kept.database import DiaryError, WrongKey
from nightdose.diary.kept.files import key_file
from nightdose.diary.kept.store import Store
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


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal", ".key"])
def test_a_restore_is_refused_beside_a_file_of_another_diary(made, key, tmp_path, ending):
    """A -wal that was left behind would be read into the restored diary; a key file opens another one."""
    stranger = tmp_path / f"again.db{ending}"
    stranger.write_bytes(b"of another diary")
    with pytest.raises(CallError, match="is there already"):
        backup.restore(made.path, tmp_path / "again.db", key)
    assert stranger.read_bytes() == b"of another diary"
    assert not (tmp_path / "again.db").exists()


def test_what_is_said_of_a_restore_was_found_at_its_final_place(made, key, tmp_path, monkeypatch):
    """The disk changes the diary on its way: nothing is reported as restored, and nothing is left."""

    def spoilt(target, content):
        target.write_bytes(content[:-2000])

    monkeypatch.setattr(backup, "place", lambda target, make, locked: spoilt_place(target))

    def spoilt_place(target):
        spoilt(target, zipfile.ZipFile(made.path).read("diary.db"))
        return target

    with pytest.raises(DiaryError):
        backup.restore(made.path, tmp_path / "again.db", key)
    assert not (tmp_path / "again.db").exists()


def test_a_killed_restore_can_be_made_again(made, store, key, tmp_path):
    key_file(store.path).write_text('{"format": "nightdose.key/1"}')
    whole = backup.make(store, key, tmp_path, NOW + datetime.timedelta(hours=1))
    (tmp_path / "again.db.starting").write_bytes(b"half")
    (tmp_path / "again.db.key.starting").write_text("{}")
    (tmp_path / "again.db.key").write_text("{}")
    assert backup.restore(whole.path, tmp_path / "again.db", key).whole
    assert sorted(file.name for file in tmp_path.iterdir() if file.name.startswith("again")) == [
        "again.db",
        "again.db.key",
    ]


@pytest.mark.skipif(os.name != "posix", reason="rights of files as POSIX has them")
def test_diary_key_and_backup_are_their_owners_alone_from_the_first_byte(made, store, key, tmp_path, monkeypatch):
    rights = {}
    opening = os.open

    def watched(path, flags, mode=0o777, **more):
        handle = opening(path, flags, mode, **more)
        if flags & os.O_CREAT:
            rights[str(path)] = stat.S_IMODE(os.fstat(handle).st_mode)
        return handle

    monkeypatch.setattr(os, "open", watched)
    key_file(store.path).write_text("{}")
    os.umask(0)
    try:
        again = backup.make(store, key, tmp_path, NOW + datetime.timedelta(hours=1))
        backup.restore(again.path, tmp_path / "again.db", key)
    finally:
        os.umask(0o022)
    assert set(rights.values()) == {0o600}
    found = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir() if "again" in file.name}
    assert found == {"again.db": 0o600, "again.db.key": 0o600}


def test_deleting_through_a_link_removes_the_diary_itself(store, tmp_path):
    key_file(store.path).write_text("{}")
    folder = tmp_path / "links"
    folder.mkdir()
    (folder / "mine.db").symlink_to(store.path)
    assert key_file(folder / "mine.db") == key_file(store.path)
    removed = backup.delete_everything(folder / "mine.db")
    assert {store.path, key_file(store.path), folder / "mine.db"} <= set(removed)
    assert list(folder.iterdir()) == []
    assert not store.path.exists()


def forged(made, tmp_path, manifest=None, **parts):
    target = tmp_path / "forged.nightdose-backup"
    with zipfile.ZipFile(made.path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    if manifest is not None:
        content = io.BytesIO()
        with zipfile.ZipFile(made.path) as old, zipfile.ZipFile(content, "w") as new:
            new.writestr("manifest.json", manifest)
            new.writestr("diary.db", old.read("diary.db"))
        target.write_bytes(content.getvalue())
    return target


@pytest.mark.parametrize(
    "manifest", ["[" * 100_000, "{}", '{"entries": 1e999}', "9" * 5000, "x" * 200_000, '"' + "\\u0000" * 10 + '"']
)
def test_a_forged_manifest_is_one_sentence(made, key, tmp_path, manifest):
    with pytest.raises(DiaryError, match=r"\.$"):
        backup.verify(forged(made, tmp_path, manifest), key)


def test_a_backup_with_fewer_rows_than_it_promises_is_refused(made, key, tmp_path):
    with zipfile.ZipFile(made.path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    with pytest.raises(DiaryError, match="promises 3"):
        backup.restore(forged(made, tmp_path, json.dumps({**manifest, "entries": 3})), tmp_path / "again.db", key)
