"""The days of an analysis as a table beside the letter, and back to the very same numbers; anything else is refused."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nightdose.arrays import Floats
from nightdose.diary.records import NOT_JUDGED, TIME_SUFFIX, Diary, Problem
from nightdose.diary.table.csv_text import harmless
from nightdose.diary.table.numbers import read_clocks
from nightdose.diary.table.table import write_table
from nightdose.errors import InputError

MOST_DAYS, MOST_COLUMNS = 8_000, 200
NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d{1,3})?")
Json = Mapping[str, Any]


def days_csv(diary: Diary) -> bytes:
    """One row a day, exactly as analysed; numbers are the shortest that read back as the same."""
    return write_table(diary).encode()


def diary_record(diary: Diary) -> dict[str, Any]:
    """What of a diary the table does not say."""
    return {
        "name": diary.name,
        "dated": diary.dated,
        "first_day": diary.first_day,
        "columns": list(diary.columns),
        "reasons": list(diary.reasons),
        "judged_all": not diary.left_out.size,
        "side_effects": None if diary.side_effects is None else list(diary.side_effects),
        "problems": [{"line": p.line, "what": p.what, "remedy": p.remedy, "field": p.field} for p in diary.problems],
    }


def read_days(content: bytes, record: Json) -> Diary:
    """The diary back. Raises InputError, or ValueError, KeyError, TypeError where `record` is not of our making."""
    columns, reasons = list(map(str, record["columns"])), tuple(map(str, record["reasons"]))
    if len(columns) > MOST_COLUMNS:
        raise InputError(f"days.csv has {len(columns)} columns; no diary of ours has so many.")
    dated, first_day, all_judged = bool(record["dated"]), int(record["first_day"]), bool(record["judged_all"])
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
    expected = ["date" if dated else "day", *map(harmless, columns), *([] if all_judged else [NOT_JUDGED])]
    if not rows or rows[0] != expected:
        raise InputError("days.csv does not have the columns that the question names.")
    rows = rows[1:]
    if not 1 <= len(rows) <= MOST_DAYS:
        raise InputError(f"days.csv has {len(rows)} days; that is not a diary of ours.")
    for at, row in enumerate(rows):
        day = datetime.date.fromordinal(first_day + at).isoformat() if dated else str(first_day + at)
        if len(row) != len(expected) or row[0] != day:
            raise InputError(f"days.csv, line {at + 2}: {day} was expected, with {len(expected)} cells.")
    cells = list(zip(*rows, strict=True))
    values = {name: _numbers(name, cells[at + 1]) for at, name in enumerate(columns)}
    number_of = {"": 0} | {harmless(reason): at for at, reason in enumerate(reasons, start=1)}
    left_out = [] if all_judged else [number_of[cell] for cell in cells[-1]]
    harms = record.get("side_effects")
    problems = tuple(Problem(p["line"], str(p["what"]), str(p["remedy"]), str(p["field"])) for p in record["problems"])
    return Diary(
        name=str(record["name"]), first_day=first_day, dated=dated, columns=values, days=len(rows),
        problems=problems, left_out=np.array(left_out, dtype=np.int64), reasons=reasons,
        side_effects=None if harms is None else tuple(str(name) for name in harms if str(name) in values),
    )  # fmt: skip


def _numbers(name: str, cells: Sequence[str]) -> Floats:
    if name.endswith(TIME_SUFFIX):
        reading = read_clocks(cells)
        if reading.bad.size:
            raise InputError(f"days.csv, line {int(reading.bad[0]) + 2}: '{cells[reading.bad[0]][:40]}' is not a time.")
        return reading.values
    values = np.full(len(cells), np.nan)
    for at, cell in enumerate(cells):
        if cell:
            if not NUMBER.fullmatch(cell) or not np.isfinite(float(cell)):
                raise InputError(f"days.csv, line {at + 2}: '{cell[:40]}' is not a number.")
            values[at] = float(cell)
    return values


def row_prints(content: bytes) -> list[str]:
    """A short hash of every line of the table, so that a changed day can be named."""
    return [hashlib.sha256(line).hexdigest()[:16] for line in content.splitlines()]


def changed_rows(content: bytes, prints: Sequence[str]) -> list[str]:
    """The first cells of lines that are not as they were; lines that are gone or new are said as such."""
    lines = content.splitlines()
    if len(lines) != len(prints):
        return [f"{len(lines) - 1} days instead of {len(prints) - 1}"]
    found = [line for line, was in zip(lines, prints, strict=True) if hashlib.sha256(line).hexdigest()[:16] != was]
    return [line.decode("utf-8", "replace").split(",", 1)[0][:40] for line in found]
