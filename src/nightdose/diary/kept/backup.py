"""Backups: one dated file with the diary and its locked key, checked when made and before use.

The file is a plain zip (stored, not compressed) so that it can be opened by hand in ten years: `diary.db`,
`diary.db.key` when the diary is encrypted, and `manifest.json` with the SHA-256 of both.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nightdose.diary.kept.database import DiaryError, companions, is_plain
from nightdose.diary.kept.store import Health, Store
from nightdose.diary.kept.vault import key_file, sync_folder, write_key_file, write_whole
from nightdose.errors import CallError

FORMAT, ENDING = "nightdose.backup/1", ".nightdose-backup"
DATABASE, KEY, MANIFEST = "diary.db", "diary.db.key", "manifest.json"
MOST_BYTES = 2 * 1024**3


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
        raise CallError(f"{folder} is no folder. Make it first, or choose another one.", field="to")
    target = folder / f"{store.path.stem}-{now:%Y-%m-%dT%H%M%S}Z{ENDING}"
    if target.exists():
        raise CallError(f"{target} is there already.")
    health = store.verify()
    if not health.whole:
        raise DiaryError(
            f"The diary is not whole ({health.faults[0]}). A backup would hide that: restore an older one."
        )
    with tempfile.TemporaryDirectory(prefix="nightdose-") as scratch:
        copy = Path(scratch) / DATABASE
        store.copy_to(copy, key)
        parts = {DATABASE: copy.read_bytes()}
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
    unfinished = target.with_name(target.name + ".unfinished")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        inspect(unfinished)
        unfinished.chmod(0o600)
        unfinished.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise DiaryError(f"The backup could not be written ({error.strerror}). The diary is untouched.") from None


def _parts(path: Path) -> dict[str, bytes]:
    """The backup's files, read within bounds; refuses anything that is not one of ours."""
    damaged = DiaryError(f"{path} is not a complete backup of a diary: it is damaged or cut short. Try an older one.")
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if not {info.filename for info in infos} <= {DATABASE, KEY, MANIFEST} or len(infos) > 3:
                raise damaged
            if sum(info.file_size for info in infos) > MOST_BYTES or any(info.compress_type for info in infos):
                raise damaged
            return {info.filename: archive.read(info) for info in infos}
    except FileNotFoundError:
        raise DiaryError(f"There is no backup at {path}.") from None
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError):
        raise damaged from None


def _checked(path: Path) -> tuple[dict[str, bytes], Backup]:
    parts = _parts(path)
    try:
        manifest = json.loads(parts.pop(MANIFEST))
        promised = dict(manifest["sha256"])
        backup = Backup(path, str(manifest["made_utc"]), int(manifest["entries"]), bool(manifest["encrypted"]))
        known = manifest["format"] == FORMAT
    except (KeyError, ValueError, TypeError, RecursionError):
        raise DiaryError(f"{path} is not a backup of a diary, or a newer program wrote it.") from None
    if not known:
        raise DiaryError(f"{path} was written by a newer nightdose. Update nightdose.")
    found = {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()}
    if promised != found or DATABASE not in found:
        raise DiaryError(f"{path} is damaged: its contents are not what was written. Try an older backup.")
    return parts, backup


def inspect(path: Path) -> Backup:
    """Check a backup's bytes against its manifest; needs no passphrase."""
    return _checked(path)[1]


def key_file_text(path: Path) -> str | None:
    """The locked key inside a backup, for asking the passphrase before anything is written."""
    content = _checked(path)[0].get(KEY)
    try:
        return content.decode() if content is not None else None
    except UnicodeDecodeError:
        raise DiaryError(f"The key inside {path} is damaged. Open it with the recovery key.") from None


def verify(path: Path, key: bytes | None) -> Health:
    """Open the diary inside a backup and check every row of it."""
    with tempfile.TemporaryDirectory(prefix="nightdose-") as scratch:
        copy = Path(scratch) / DATABASE
        copy.write_bytes(_checked(path)[0][DATABASE])
        with Store(copy, key) as store:
            return store.verify()


def restore(path: Path, target: Path, key: bytes | None) -> Health:
    """Put a backup's diary at `target`, which must not exist; the backup is verified first."""
    if target.exists():
        raise CallError(
            f"{target} is there already. Restore beside it under another name, compare, then choose; "
            "nothing is ever overwritten."
        )
    health = verify(path, key)
    if not health.whole:
        raise DiaryError(f"The diary in {path} is not whole: {health.faults[0]}. Try an older backup.")
    parts, _ = _checked(path)
    write_whole(target, parts[DATABASE])
    if KEY in parts:
        write_key_file(target, parts[KEY].decode())
    return health


def delete_everything(diary: Path) -> tuple[Path, ...]:
    """Remove the diary, its key first, and what SQLite keeps beside it; the files that were removed."""
    doomed = [file for file in (key_file(diary), *companions(diary)) if file.exists()]
    for file in doomed:
        file.unlink()
    return tuple(doomed)


def is_encrypted(diary: Path) -> bool:
    """True when the diary file is not readable without a key."""
    return not is_plain(diary)
