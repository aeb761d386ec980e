"""Copies of the diary: make, verify, restore; everything in readable files; everything deleted."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nightdose.diary.kept import backup
from nightdose.diary.kept.backup import Backup
from nightdose.diary.kept.export import as_csv, as_json
from nightdose.diary.kept.store import Health, Store
from nightdose.keeping import documents
from nightdose.keeping.documents import BACKUP, BackupMade
from nightdose.keeping.table import table_of

SURE = "delete everything"  # what a person says before everything is deleted


def make_backup(store: Store, key: bytes | None, folder: Path, now: datetime.datetime) -> Backup:
    """A dated, checked copy in `folder`; an encrypted diary stays encrypted in it. key : the diary's own."""
    made = backup.make(store, key, folder, now)
    documents.keep(store, BACKUP, BackupMade(str(made.path), made.entries))
    return made


def backups(store: Store) -> tuple[BackupMade, ...]:
    """Every backup that was made, wherever it is now."""
    return documents.every(store, BACKUP)


def verify_backup(path: Path, key: bytes | None) -> Health:
    """Open the diary inside a backup and check every row of it."""
    return backup.verify(path, key)


def restore_backup(path: Path, target: Path, key: bytes | None) -> Health:
    """Put a backup's diary at `target`, where nothing may be yet."""
    return backup.restore(path, target, key)


def everything(store: Store) -> Mapping[str, Callable[[], Iterable[str]]]:
    """File name -> its text in pieces, made when it is asked for: one JSON of the whole diary, every row ever written
    as CSV, and the diary table. Many years of all of them at once would take as much memory as everything else.

    Not encrypted any more: whoever has the files can read them. Raises DiaryError where a row is changed or missing.
    """
    store.refuse_if_damaged()
    return {
        "diary.json": lambda: as_json(store),
        "entries.csv": lambda: [as_csv(store.history())],
        "days.csv": lambda: [table_of(store).csv],
    }


@dataclass(frozen=True, slots=True)
class Deleted:
    """The files that were removed, and backups that are still where they were made."""

    removed: tuple[Path, ...]
    backups_left: tuple[str, ...]


def delete_diary(store: Store) -> Deleted:
    """Close the diary and remove it with its key. What a disk keeps of deleted files is beyond us."""
    made = [each.path for each in backups(store)]
    store.close()
    removed = backup.delete_everything(store.path)
    return Deleted(removed, tuple(path for path in made if Path(path).exists()))
