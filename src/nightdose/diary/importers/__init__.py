"""Diaries that people already keep: one module a format, each a function from a file to entries and problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from nightdose.diary.importers import (
    apple_health,
    bearable,
    daylio,
    generic,
    health_auto_export,
    health_connect,
    loop_habit,
    migraine_buddy,
)
from nightdose.diary.importers.imported import Choices, Imported
from nightdose.diary.importers.reading import Archive, head

Reader = Callable[[Path, Choices], Imported]

READERS: Mapping[str, Reader] = {
    module.NAME: module.read
    for module in (
        bearable, daylio, apple_health, health_auto_export, health_connect, loop_habit, migraine_buddy,
    )
}  # fmt: skip
GENERIC = generic.NAME
_TEXTS = (bearable, daylio, health_auto_export, migraine_buddy)
_ARCHIVES = (apple_health, health_connect, loop_habit)


def detect(path: Path) -> str:
    """Name of the format that made a file, told by its contents and never by its name; GENERIC when none did."""
    start = head(path)
    if start.startswith(b"PK\x03\x04"):
        archive = Archive(path)
        archive.close()
        return next((m.NAME for m in _ARCHIVES if m.recognises_archive(archive.names)), GENERIC)
    return next((m.NAME for m in _TEXTS if m.recognises(start)), GENERIC)
