"""Numbers as people write them: read where there is one reading only, and said where there is not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from nightdose.arrays import Floats, Integers
from nightdose.diary.table.problems import quoted
from nightdose.language.catalogue import mark, say

DecimalSign = Literal[".", ","]

UNKNOWN_WORDS = frozenset(
    {"n/a", "na", "n.a.", "nan", "null", "none", "unknown", "missing", "-", "--", "–", "—", "?", ".", "..."}
)
NUMBER = re.compile(r"[+-]?(?:\d++\.?+\d*+|\.\d++)(?:[eE][+-]?\d++)?", re.ASCII)
POINT_NUMBER = re.compile(r"[+-]?\d*\.\d+", re.ASCII)
COMMA_NUMBER = re.compile(r"[+-]?\d*,\d+", re.ASCII)
GROUPED = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)  # 8,452 is 8452 to one reader and 8.452 to another
WITH_UNIT = re.compile(r"[+-]?\d+(?:[.,]\d+)?\s*(?:%|[^\W\d_][\w/%]*\.?)")
INFINITE = re.compile(r"[+-]?inf(?:inity)?|[+-]?∞", re.IGNORECASE)
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.0+)?)?", re.ASCII)
PLAIN = "0123456789.+-eE "  # a column made of these needs no second look

LEAVE_EMPTY = mark("Write a number, or leave the cell empty when it is not known.")


@dataclass(frozen=True, slots=True)
class Reading:
    """One column's cells as numbers.

    values : (rows,), NaN = unknown; bad : positions of cells with text that is not a number;
    unknown_words : how often each word for "unknown" stood there.
    """

    values: Floats
    bad: Integers
    unknown_words: Counter[str] = field(default_factory=Counter)


def read_numbers(cells: Sequence[str], sign: DecimalSign = ".") -> Reading:
    """(rows,) numbers of one column of text; an empty cell is unknown, never zero."""
    if not "".join(cells).strip(PLAIN + sign):
        plain = [cell.replace(",", ".") for cell in cells] if sign == "," else cells
        try:
            values = np.array([float(cell) if cell else np.nan for cell in plain])
        except ValueError:
            return read_with_care(cells, sign)
        if not np.isinf(values).any():
            return Reading(values, np.zeros(0, dtype=np.int64))
    return read_with_care(cells, sign)


def read_with_care(cells: Sequence[str], sign: DecimalSign) -> Reading:
    """The same for a column that holds something other than plain numbers."""
    values = np.full(len(cells), np.nan)
    bad, words = [], Counter[str]()
    for at, cell in enumerate(cells):
        text = cell.strip()
        if not text:
            continue
        number = one_number(text, sign)
        if number is not None:
            values[at] = number
        elif text.casefold() in UNKNOWN_WORDS:
            words[text] += 1
        else:
            bad.append(at)
    return Reading(values, np.array(bad, dtype=np.int64), words)


def one_number(text: str, sign: DecimalSign) -> float | None:
    """The finite number that a cell holds, None where it holds none."""
    if sign == "," and COMMA_NUMBER.fullmatch(text):
        text = text.replace(",", ".")
    if not NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if np.isfinite(number) else None


def read_clocks(cells: Sequence[str]) -> Reading:
    """(rows,) hours since midnight of one column of HH:MM (seconds allowed)."""
    values = np.full(len(cells), np.nan)
    bad, words = [], Counter[str]()
    for at, cell in enumerate(cells):
        text = cell.strip()
        match = CLOCK.fullmatch(text)
        if match:
            hours, minutes, seconds = (int(part or 0) for part in match.groups())
            values[at] = hours + minutes / 60 + seconds / 3600
        elif text.casefold() in UNKNOWN_WORDS:
            words[text] += 1
        elif text:
            bad.append(at)
    return Reading(values, np.array(bad, dtype=np.int64), words)


def decimal_sign(columns: Iterable[Sequence[str]]) -> DecimalSign:
    """The decimal sign of a file: a comma where commas are unmistakable and no number has a point."""
    comma = False
    for cells in columns:
        written = {cell.strip() for cell in set(cells)}
        if any(POINT_NUMBER.fullmatch(text) for text in written):
            return "."
        comma = comma or any(COMMA_NUMBER.fullmatch(text) and not GROUPED.fullmatch(text) for text in written)
    return "," if comma else "."


def why_no_number(text: str) -> tuple[str, str]:
    """What is wrong with a cell that holds no number, and what to write instead."""
    text = text.strip()
    if GROUPED.fullmatch(text):
        whole, point = text.replace(",", ""), text.replace(",", ".")
        return say("{quoted} can be {whole} or {point}.", quoted=quoted(text), whole=whole, point=point), say(
            "Write {whole} or {point}.", whole=whole, point=point
        )
    if COMMA_NUMBER.fullmatch(text):
        return (
            say("{quoted} has a decimal comma in a file with decimal points.", quoted=quoted(text)),
            say("Write {replace}.", replace=text.replace(",", ".")),
        )
    if INFINITE.fullmatch(text) or NUMBER.fullmatch(text):
        return say("{quoted} is not a number that a day can have.", quoted=quoted(text)), say(LEAVE_EMPTY)
    if WITH_UNIT.fullmatch(text):
        return (
            say("{quoted} is a number with a unit.", quoted=quoted(text)),
            say("Write the number alone; the unit is in the column name."),
        )
    return say("{quoted} is not a number.", quoted=quoted(text)), say(LEAVE_EMPTY)


def why_no_clock(text: str) -> tuple[str, str]:
    """What is wrong with a cell that holds no clock time."""
    return say("{quoted} is not a clock time.", quoted=quoted(text.strip())), say("Write HH:MM, for example 22:30.")
