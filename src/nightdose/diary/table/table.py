"""A CSV or Parquet file becomes a diary, or a cohort of them. The contract is docs/diary-table.md."""

from __future__ import annotations

import csv
import difflib
import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np

from nightdose.diary.records import NOT_JUDGED, TIME_SUFFIX, Diary, Problem
from nightdose.diary.table.csv_text import harmless
from nightdose.diary.table.delimited import open_delimited
from nightdose.diary.table.frame import frame_sheet, is_frame
from nightdose.diary.table.grid import diaries
from nightdose.diary.table.headers import fold, resolve_column
from nightdose.diary.table.openfile import PARQUET_MAGIC, file_name, read_bytes
from nightdose.diary.table.parquet import broken, open_parquet
from nightdose.diary.table.problems import MAX_LISTED, bounded, listed, quoted
from nightdose.diary.table.rows import Rows, read_rows
from nightdose.diary.table.sheet import Sheet
from nightdose.errors import CallError, InputError
from nightdose.language.catalogue import say
from nightdose.language.number import whole

__all__ = ["check_outcome", "read_cohort", "read_table", "resolve_column", "write_table"]

PARQUET_ENDINGS = (".parquet", ".pq")
# a hint in a sentence, never a reading
PERSON_WORDS = frozenset(
    {"id", "pid", "subject", "participant", "patient", "respondent", "user", "name", "proband"}
    | {f"{who}_id" for who in ("person", "subject", "participant", "patient", "respondent", "user")}
)


Source: TypeAlias = "str | os.PathLike[str] | Mapping[str, Any] | Frame"


class Frame(Protocol):
    """A table of pandas, polars or pyarrow: columns under their names."""

    def __getitem__(self, name: str, /) -> Any: ...


def read_table(path: Source, *, person: str | None = None) -> Diary:
    """One person's diary from a table, on an unbroken daily grid, with what could not be used.

    path   : a CSV or Parquet file, a mapping of columns, or a frame of pandas, polars or pyarrow: a wide table, one row
             a day in any order, with a `date` or `day` (whole number) column, or an index of dates.
    person : which one, where the file has a `person` column with several.

    `NAME_mg` are doses in mg, `NAME_time` hours since midnight, `NAME_guess` probabilities; NaN = unknown.
    Notes and columns of text are not kept. Raises InputError when the file is not such a table or holds several
    persons, CallError when it does not have the person asked for.
    """
    sheet = sheet_of(path)
    rows = read_rows(sheet)
    if person is not None:
        return next(diaries(rows, sheet.stem, [position_of(rows, person)]))
    if len(rows.persons) > 1:
        raise InputError(
            say(
                "{file} holds the diaries of {n} persons: {listed}. Choose one, for example "
                "{persons}, or analyse them all as a cohort.",
                file=rows.file,
                n=whole(len(rows.persons)),
                listed=listed(rows.persons),
                persons=rows.persons[0],
            ),
            field="person",
            code="several_persons",
        )
    return next(diaries(rows, sheet.stem))


def as_diary(table: Diary | Source) -> Diary:
    """The diary itself, or the one person's that a table holds; raises as `read_table`."""
    return table if isinstance(table, Diary) else read_table(table)


def read_cohort(path: Source) -> Mapping[str, Diary]:
    """Every person's diary from a table with a `person` column: person -> diary, in its order.

    Problems of a row are with its person; those of the file, and of rows that name nobody, with everyone.
    Raises InputError when the file is not a diary table or has no persons.
    """
    sheet = sheet_of(path)
    rows = read_rows(sheet)
    if not rows.persons:
        like = next((name for name in sheet.header if fold(name) in PERSON_WORDS), None)
        hint = say(" Or is it {quoted}? Then name that column 'person'.", quoted=quoted(like)) if like else ""
        raise InputError(
            say(
                "{file} names no persons, so it is one person's diary. Analyse it as one, or add a column 'person'.",
                file=rows.file,
            )
            + hint,
            code="one_person",
        )
    return {diary.name: diary for diary in diaries(rows, sheet.stem)}


def sheet_of(source: Source) -> Sheet:
    """A file, or a table that another program holds, as a sheet."""
    if isinstance(source, str | os.PathLike):
        return open_sheet(Path(source))
    if is_frame(source):
        return frame_sheet(source)
    raise CallError(
        say(
            "A table is a file, a mapping of columns or a frame, not a {kind}. Make one of these of it first.",
            kind=type(source).__name__,
        ),
        field="table",
    )


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
        raise CallError(
            say("{file} has no column 'person', so nobody can be chosen from it.", file=rows.file), field="person"
        )
    if person in rows.persons:
        return rows.persons.index(person)
    near = difflib.get_close_matches(person, rows.persons, n=1)
    hint = say(" Did you mean {quoted}?", quoted=quoted(near[0])) if near else ""
    raise CallError(
        say(
            "{file} has no person {quoted}.{hint} Persons: {listed}.",
            file=rows.file,
            quoted=quoted(person),
            hint=hint,
            listed=listed(rows.persons),
        )
    )


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
            say(
                "{day_label}: {quoted} is {values}, not {limits} to {limits_2}.",
                day_label=diary.day_label(at),
                quoted=quoted(name),
                values=f"{values[at]:g}",
                limits=f"{limits[0]:g}",
                limits_2=f"{limits[1]:g}",
            ),
            say("Correct the value, or give the right range."),
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
    why = ["", *map(harmless, diary.reasons)]
    reasons = [[why[at] for at in diary.left_out.tolist()]] if diary.left_out.size else []
    names = [*map(harmless, diary.columns), *([NOT_JUDGED] if reasons else [])]
    writer.writerow(["date" if diary.dated else "day", *names])
    days = [diary.day_label(at).removeprefix("day ") for at in range(diary.days)]
    written = [
        [clock(v) if name.endswith(TIME_SUFFIX) else number(v) for v in values.tolist()]
        for name, values in diary.columns.items()
    ]
    writer.writerows(zip(days, *written, *reasons, strict=True))
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
