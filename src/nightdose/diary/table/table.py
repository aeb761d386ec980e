"""A CSV or Parquet file becomes a diary, or a cohort of them. The contract is docs/diary-table.md."""

from __future__ import annotations

import csv
import difflib
import io
import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from nightdose.diary.records import TIME_SUFFIX, Diary, Problem
from nightdose.diary.table.csv_text import harmless
from nightdose.diary.table.delimited import open_delimited
from nightdose.diary.table.grid import diaries
from nightdose.diary.table.headers import resolve_column
from nightdose.diary.table.openfile import PARQUET_MAGIC, file_name, read_bytes
from nightdose.diary.table.parquet import broken, open_parquet
from nightdose.diary.table.problems import MAX_LISTED, bounded, listed, quoted
from nightdose.diary.table.rows import Rows, read_rows
from nightdose.diary.table.sheet import Sheet
from nightdose.errors import CallError, InputError

__all__ = ["check_outcome", "read_cohort", "read_table", "resolve_column", "write_table"]

PARQUET_ENDINGS = (".parquet", ".pq")


def read_table(path: str | os.PathLike[str], *, person: str | None = None) -> Diary:
    """One person's diary from a CSV or Parquet file, on an unbroken daily grid, with what could not be used.

    path   : wide table, one row a day in any order, with a `date` (ISO) or `day` (whole number) column.
    person : which one, where the file has a `person` column with several.

    `NAME_mg` are doses in mg, `NAME_time` hours since midnight, `NAME_guess` probabilities; NaN = unknown.
    Notes and columns of text are not kept. Raises InputError when the file is no such table or holds several
    persons, CallError when it does not have the person asked for.
    """
    sheet = open_sheet(Path(path))
    rows = read_rows(sheet)
    if person is not None:
        return next(diaries(rows, sheet.stem, [position_of(rows, person)]))
    if len(rows.persons) > 1:
        raise InputError(
            f"{rows.file} holds the diaries of {len(rows.persons):,} persons: {listed(rows.persons)}. "
            f"Choose one, for example {rows.persons[0]}, or analyse them all as a cohort.",
            field="person",
            code="several_persons",
        )
    return next(diaries(rows, sheet.stem))


def read_cohort(path: str | os.PathLike[str]) -> Mapping[str, Diary]:
    """Every person's diary from a file with a `person` column: person -> diary, in file order.

    Problems of a row are with its person; those of the file, and of rows that name nobody, with everyone.
    Raises InputError when the file is no diary table or has no persons.
    """
    sheet = open_sheet(Path(path))
    rows = read_rows(sheet)
    if not rows.persons:
        raise InputError(
            f"{rows.file} names no persons, so it is one person's diary. Analyse it as one, or add a column 'person'.",
            code="one_person",
        )
    return {diary.name: diary for diary in diaries(rows, sheet.stem)}


def open_sheet(path: Path) -> Sheet:
    """The file as a sheet, by what it holds rather than by its ending."""
    name, content = file_name(path), read_bytes(path)
    if content.startswith(PARQUET_MAGIC):
        return open_parquet(name, path.stem, content)
    if path.suffix.lower() in PARQUET_ENDINGS and content:
        raise broken(name, ValueError("it does not begin as one"))
    return open_delimited(name, path.stem, content)


def position_of(rows: Rows, person: str) -> int:
    """Where a person stands in `rows.persons`; CallError where the file does not have them."""
    if not rows.persons:
        raise CallError(f"{rows.file} has no column 'person', so nobody can be chosen from it.", field="person")
    if person in rows.persons:
        return rows.persons.index(person)
    near = difflib.get_close_matches(person, rows.persons, n=1)
    hint = f" Did you mean {quoted(near[0])}?" if near else ""
    raise CallError(f"{rows.file} has no person {quoted(person)}.{hint} Persons: {listed(rows.persons)}.")


def check_outcome(diary: Diary, column: str, limits: tuple[float, float] | None) -> Diary:
    """The diary with values of one column outside its limits made unknown, each with a problem and its line.

    limits : lowest and highest possible value, in the outcome's own unit.

    Raises CallError when there is no such column. Without limits the diary comes back as it is.
    """
    name = resolve_column(diary, column)
    values = diary.column(name)
    if limits is None:
        return diary
    outside = np.flatnonzero((values < limits[0]) | (values > limits[1]))
    if outside.size == 0:
        return diary
    problems = [
        Problem(
            diary.line(at),
            f"{diary.day_label(at)}: {quoted(name)} is {values[at]:g}, not {limits[0]:g} to {limits[1]:g}.",
            "Correct the value, or give the right range.",
            field="limits",
        )
        for at in outside.tolist()
    ]
    cleaned = values.copy()
    cleaned[outside] = np.nan
    room = max(0, MAX_LISTED - len(diary.problems))
    return diary.with_column(name, cleaned, *bounded(problems, room=room))


def write_table(diary: Diary) -> str:
    """The diary as a CSV that `read_table` reads back to the same days and values; unknown is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["date" if diary.dated else "day", *map(harmless, diary.columns)])
    days = [diary.day_label(at).removeprefix("day ") for at in range(diary.days)]
    written = [
        [clock(v) if name.endswith(TIME_SUFFIX) else number(v) for v in values.tolist()]
        for name, values in diary.columns.items()
    ]
    writer.writerows(zip(days, *written, strict=True))
    return out.getvalue()


def number(value: float) -> str:
    """The shortest text that reads back as the same number."""
    return "" if value != value else repr(value).removesuffix(".0")


def clock(hours: float) -> str:
    """Hours since midnight as HH:MM, with seconds where there are any."""
    if hours != hours:
        return ""
    minutes, seconds = divmod(round(hours * 3600), 60)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text
