"""Where a command may write: never over a diary, its key, a backup, or a file that is none of ours."""

from __future__ import annotations

import argparse
from contextlib import suppress
from pathlib import Path

from nightdose.diary.kept.backup import ENDING
from nightdose.diary.kept.files import STARTING
from nightdose.errors import CallError
from nightdose.keeping.opening import is_kept
from nightdose.language.catalogue import say

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
# how a file begins that one of ours may take the place of
BEGINNINGS = {
    ".html": (b"<!doctype html",), ".svg": (b"<svg", b"<?xml"), ".png": (b"\x89PNG",), ".ics": (b"BEGIN:VCALENDAR",),
}  # fmt: skip
PAGES = ("report", "output")  # options that write a page, whatever the file is called
OTHER_ENDINGS = (".csv", ".json", ".toml", ".parquet", ".age", ".key", ".txt", ".xml", ".ant")
BESIDE = (".key", "-wal", "-shm", "-journal", STARTING)


def spare_diaries(arguments: argparse.Namespace) -> None:
    """CallError where a file that is to be written would take the place of something of a diary, or of another file."""
    for name in OUTPUTS:
        path = getattr(arguments, name, None)
        if isinstance(path, Path) and path.is_file() and _is_read(path, arguments):
            raise CallError(
                say("{path} is what this command reads; nothing is written over it. Choose another name.", path=path),
                field=name,
            )
        if isinstance(path, Path) and path.is_file() and _is_of_a_diary(path):
            raise CallError(
                say(
                    "{path} is a diary, or belongs to one; nothing is written over it. Choose another name.", path=path
                ),
                field=name,
            )
        if isinstance(path, Path) and path.is_file() and not _one_of_ours(path, name):
            raise CallError(
                say(
                    "{path} is there already and was not made by this command; nothing is written over it. Choose "
                    "another name.",
                    path=path,
                ),
                field=name,
            )


def _is_read(path: Path, arguments: argparse.Namespace) -> bool:
    """Whether the file is one that the command was given to read, under whatever name."""
    for name, value in vars(arguments).items():
        for each in value if isinstance(value, list | tuple) else (value,):
            if name not in OUTPUTS and isinstance(each, str | Path):
                with suppress(OSError, ValueError):
                    if path.samefile(each):
                        return True
    return False


def _one_of_ours(path: Path, option: str) -> bool:
    """Whether a file that is there begins as the one that would take its place; an empty one does."""
    ending = path.suffix.lower()
    if option == "table":
        beginnings: tuple[bytes, ...] = (b"date,",)
    elif ending in BEGINNINGS:
        beginnings = BEGINNINGS[ending]
    elif option in PAGES and ending not in OTHER_ENDINGS:
        beginnings = BEGINNINGS[".html"]
    else:
        return True
    try:
        with path.open("rb") as file:
            begins = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    except OSError:
        return True  # the writer says what is wrong with it
    return not begins or any(begins.startswith(each.lower()) for each in beginnings)


def _is_of_a_diary(path: Path) -> bool:
    if path.name.endswith(ENDING) or is_kept(path):
        return True
    return any(
        path.name.endswith(ending) and path.with_name(path.name.removesuffix(ending)).exists() for ending in BESIDE
    )
