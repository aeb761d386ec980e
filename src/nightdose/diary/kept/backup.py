"""Backups: one dated file with the diary and its locked key, checked when made and before use.

The file is a plain zip (stored, not compressed) so that it can be opened by hand in ten years: `diary.db`,
`diary.db.key` when the diary is encrypted, and `manifest.json` with the SHA-256 of both.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nightdose.diary.kept.database import is_plain
from nightdose.diary.kept.files import (
    STARTING,
    DiaryError,
    beside,
    companions,
    key_file,
    place,
    refuse_unless_free,
    write_new,
)
from nightdose.diary.kept.store import Health, Store
from nightdose.errors import CallError
from nightdose.language.catalogue import say
from nightdose.whole_file import OWNER_ONLY, whole

FORMAT, ENDING = "nightdose.backup/1", ".nightdose-backup"
DATABASE, KEY, MANIFEST = "diary.db", "diary.db.key", "manifest.json"
MOST_BYTES, MOST_SMALL_BYTES = 2 * 1024**3, 100_000


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup file holds, as its manifest says and as its bytes were found to be."""

    path: Path
    made: str
    entries: int
    encrypted: bool


def make(store: Store, key: bytes | None, folder: Path, now: datetime.datetime) -> Backup:
    """Write a dated backup into `folder`, read it back, and only then give it its name."""
    if not folder.is_dir():
        raise CallError(
            say("{folder} is not a folder. Make it first, or choose another one.", folder=folder), field="to"
        )
    target = folder / f"{store.path.stem}-{now:%Y-%m-%dT%H%M%S}Z{ENDING}"
    if target.exists():
        raise CallError(say("{target} is there already.", target=target))
    health = store.verify()
    if not health.whole:
        raise DiaryError(
            say(
                "The diary is not whole ({faults}). A backup would hide that: restore an older one.",
                faults=health.faults[0],
            )
        )
    with tempfile.TemporaryDirectory(prefix="nightdose-") as scratch:
        copy = Path(scratch) / DATABASE
        store.copy_to(copy, key)
        parts = {DATABASE: copy.read_bytes()}
    if _health_of(parts[DATABASE], key) != health:
        raise DiaryError(say("The copy is not the diary that was read. The disk may be failing; nothing was written."))
    locked = key_file(store.path)
    if locked.exists():
        parts[KEY] = locked.read_bytes()
    manifest = {
        "format": FORMAT,
        "made_utc": now.isoformat(timespec="seconds"),
        "entries": health.entries,
        "encrypted": key is not None,
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()},
    }
    _write(target, {MANIFEST: json.dumps(manifest, indent=1).encode(), **parts})
    return inspect(target)


def _write(target: Path, parts: Mapping[str, bytes]) -> None:
    try:
        with whole(target, OWNER_ONLY) as unfinished:
            with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as archive:
                for name, content in parts.items():
                    archive.writestr(name, content)
            inspect(unfinished)
    except OSError as error:
        raise DiaryError(
            say("The backup could not be written ({strerror}). The diary is untouched.", strerror=error.strerror)
        ) from None


def _parts(path: Path) -> dict[str, bytes]:
    """The backup's files, read within bounds; refuses anything that is not one of ours."""
    damaged = DiaryError(
        say("{path} is not a complete backup of a diary: it is damaged or cut short. Try an older one.", path=path.name)
    )
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if not {info.filename for info in infos} <= {DATABASE, KEY, MANIFEST} or len(infos) > 3:
                raise damaged
            sizes = {info.filename: info.file_size for info in infos}
            small = all(sizes.get(name, 0) <= MOST_SMALL_BYTES for name in (KEY, MANIFEST))
            if sum(sizes.values()) > MOST_BYTES or not small or any(info.compress_type for info in infos):
                raise damaged
            return {info.filename: archive.read(info) for info in infos}
    except FileNotFoundError:
        raise DiaryError(say("There is no backup at {path}.", path=path)) from None
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError, RuntimeError):
        raise damaged from None


def _checked(path: Path) -> tuple[dict[str, bytes], Backup]:
    parts = _parts(path)
    try:
        manifest = json.loads(parts.pop(MANIFEST))
        promised = dict(manifest["sha256"])
        backup = Backup(path, str(manifest["made_utc"]), int(manifest["entries"]), bool(manifest["encrypted"]))
        known = manifest["format"] == FORMAT
    except (KeyError, ValueError, TypeError, OverflowError, RecursionError):
        raise DiaryError(
            say("{path} is not a backup of a diary, or a newer program wrote it.", path=path.name)
        ) from None
    if not known:
        raise DiaryError(say("{path} was written by a newer nightdose. Update nightdose.", path=path.name))
    found = {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()}
    if promised != found or DATABASE not in found:
        raise DiaryError(
            say("{path} is damaged: its contents are not what was written. Try an older backup.", path=path.name)
        )
    return parts, backup


def inspect(path: Path) -> Backup:
    """Check a backup's bytes against its manifest; needs no passphrase."""
    return _checked(path)[1]


def key_file_text(path: Path) -> str | None:
    """The locked key inside a backup, for asking the passphrase before anything is written."""
    content = _checked(path)[0].get(KEY)
    return _text(content, path) if content is not None else None


def _text(content: bytes, path: Path) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise DiaryError(
            say("The key file in {path} is damaged. Open the diary with the recovery key.", path=path.name)
        ) from None


def verify(path: Path, key: bytes | None) -> Health:
    """Open the diary inside a backup and check every row of it."""
    return _health_of(_checked(path)[0][DATABASE], key)


def restore(path: Path, target: Path, key: bytes | None) -> Health:
    """Put a backup's diary at `target`, where nothing of a diary may be; what was found when it was opened there.

    Raises CallError where a diary, a key file or what SQLite keeps beside one lies there, DiaryError where the
    backup, or the diary once it is in its place, is not whole. Then nothing is left behind.
    """
    refuse_unless_free(target)
    parts, promised = _checked(path)
    health = _health_of(parts[DATABASE], key)
    _refuse_unless_whole(health, promised, path)
    locked = _text(parts[KEY], path) if KEY in parts else None
    placed = place(target, lambda unfinished: write_new(unfinished, parts[DATABASE]), locked)
    try:
        with Store(placed, key) as store:
            found = store.verify()
        _refuse_unless_whole(found, promised, placed)
        if found.entries != health.entries or found.documents != health.documents:
            raise DiaryError(
                say(
                    "The diary at {placed} is not the one of the backup: it has {entries} entries.",
                    placed=placed,
                    entries=found.entries,
                )
            )
    except BaseException:
        delete_everything(placed)
        raise
    return found


def _health_of(database: bytes, key: bytes | None) -> Health:
    with tempfile.TemporaryDirectory(prefix="nightdose-") as scratch:
        copy = Path(scratch) / DATABASE
        write_new(copy, database)
        with Store(copy, key) as store:
            return store.verify()


def _refuse_unless_whole(health: Health, promised: Backup, where: Path) -> None:
    if not health.whole:
        raise DiaryError(
            say(
                "The diary in {where} is not whole: {faults}. Try an older backup.",
                where=where,
                faults=health.faults[0],
            )
        )
    if health.entries != promised.entries:
        raise DiaryError(
            say(
                "The diary in {where} has {entries} entries, its backup promises "
                "{promised_entries}. Try an older backup.",
                where=where,
                entries=health.entries,
                promised_entries=promised.entries,
            )
        )


def delete_everything(diary: Path) -> tuple[Path, ...]:
    """Remove the diary, its key first, what SQLite keeps beside it, and the link it was named by; what was removed."""
    unfinished = (beside(diary, STARTING), beside(diary, ".key" + STARTING), beside(diary, ".key.unfinished"))
    doomed = [key_file(diary), *companions(diary), *unfinished, *([diary] if diary.is_symlink() else [])]
    there = [file for file in doomed if file.exists() or file.is_symlink()]
    for file in there:
        try:
            file.unlink()
        except OSError as error:
            raise DiaryError(
                say("{file} could not be removed ({strerror}). Remove it yourself.", file=file, strerror=error.strerror)
            ) from None
    return tuple(there)


def is_encrypted(diary: Path) -> bool:
    """True when the diary file is not readable without a key."""
    return not is_plain(diary)
