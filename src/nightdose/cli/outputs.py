"""Where a command may write: never over a diary, its key, what SQLite keeps beside it, or a backup."""

from __future__ import annotations

import argparse
from pathlib import Path

from nightdose.diary.kept.backup import ENDING
from nightdose.diary.kept.files import STARTING
from nightdose.errors import CallError
from nightdose.keeping.opening import is_kept

OUTPUTS = (
    "table",
    "report",
    "out",
    "plot",
    "diaries",
    "export",
    "output",
    "ics",
    "picture",
    "prior",
)  # options that name a file
BESIDE = (".key", "-wal", "-shm", "-journal", STARTING)


def spare_diaries(arguments: argparse.Namespace) -> None:
    """CallError where a file that is to be written would take the place of something of a diary."""
    for name in OUTPUTS:
        path = getattr(arguments, name, None)
        if isinstance(path, Path) and path.is_file() and _is_of_a_diary(path):
            raise CallError(
                f"{path} is a diary, or belongs to one; nothing is written over it. Choose another name.", field=name
            )


def _is_of_a_diary(path: Path) -> bool:
    if path.name.endswith(ENDING) or is_kept(path):
        return True
    return any(
        path.name.endswith(ending) and path.with_name(path.name.removesuffix(ending)).exists() for ending in BESIDE
    )
