"""Diaries that people already keep: one module a format, each a function from a file to entries and problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from nightdose.diary.importers import (
    apple_health,
    bearable,
    daylio,
    fitbit,
    garmin,
    generic,
    health_auto_export,
    health_connect,
    loop_habit,
    migraine_buddy,
    oura,
    samsung,
    spreadsheet,
    whoop,
)
from nightdose.diary.importers.imported import Choices, Imported
from nightdose.diary.importers.reading import ZIP, Archive, head
from nightdose.diary.importers.strangers import strange_zip, stranger
from nightdose.errors import InputError

Reader = Callable[[Path, Choices], Imported]

READERS: Mapping[str, Reader] = {
    module.NAME: module.read
    for module in (
        bearable, daylio, apple_health, health_auto_export, health_connect, loop_habit, migraine_buddy, oura, garmin,
        fitbit, samsung, whoop,
    )
}  # fmt: skip
GENERIC = generic.NAME
_TEXTS = (bearable, daylio, health_auto_export, migraine_buddy, oura, garmin, fitbit, samsung, whoop)
_ARCHIVES = (apple_health, health_connect, loop_habit, oura, fitbit, garmin, samsung, whoop)


def detect(path: Path) -> str:
    """Name of the format that made a file, told by its contents and never by its name; GENERIC for a table.

    Raises InputError that names what a file is where it is known and not read.
    """
    start = head(path)
    if start.startswith(ZIP):
        archive = Archive(path)
        archive.close()
        if of_archive := [str(m.NAME) for m in _ARCHIVES if m.recognises_archive(archive.names)]:
            return of_archive[0]
        if spreadsheet.recognises_archive(archive.names):
            return GENERIC
        raise InputError(f"{path.name} {strange_zip(archive.names)}")
    if of_text := [str(m.NAME) for m in _TEXTS if m.recognises(start)]:
        return of_text[0]
    if what := stranger(start):
        raise InputError(f"{path.name} {what}")
    return GENERIC
