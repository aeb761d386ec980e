"""Which day a row is about: an ISO date or a whole number, never a guess between day and month."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

import numpy as np

from nightdose.arrays import Bools, Integers
from nightdose.diary.table.problems import quoted
from nightdose.language.catalogue import mark, say

MAX_DAYS = 36_525  # a hundred years; a grid longer than a life is a typing mistake
FIRST_YEAR = 1900
FARTHEST_DAY = 10**9  # day numbers beyond this are no day numbers
NO_DAY = np.iinfo(np.int64).min

ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
WHOLE = re.compile(r"([+-]?\d{1,10})(?:\.0*)?", re.ASCII)
YEAR_FIRST = re.compile(r"(\d{4})[-/. ]?(\d{1,2})[-/. ]?(\d{1,2})\D?", re.ASCII)
YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})\D?", re.ASCII)

EXAMPLE = mark("Write the day as 2025-04-03 (year-month-day).")


def read_days(cells: Sequence[str], dated: bool) -> Integers:
    """(rows,) day of each row: `date.toordinal()` when `dated`, else the number; `NO_DAY` where none."""
    known: dict[str, int] = {}
    read = one_date if dated else one_day_number
    for cell in cells:
        if cell not in known:
            known[cell] = read(cell.strip())
    return np.array([known[cell] for cell in cells], dtype=np.int64)


def one_date(text: str) -> int:
    """Ordinal of an ISO date (a midnight behind it is allowed), `NO_DAY` where there is none."""
    match = ISO.fullmatch(text)
    if not match:
        return NO_DAY
    try:
        day = datetime.date.fromisoformat(match[1])
    except ValueError:
        return NO_DAY
    return day.toordinal() if day.year >= FIRST_YEAR else NO_DAY


def one_day_number(text: str) -> int:
    """A whole number of days, `NO_DAY` where there is none."""
    match = WHOLE.fullmatch(text)
    return int(match[1]) if match and abs(int(match[1])) <= FARTHEST_DAY else NO_DAY


def why_no_day(text: str, dated: bool) -> tuple[str, str]:
    """What is wrong with a cell that holds no day, and what to write instead."""
    text = text.strip()
    if not text:
        return say("The row has no day."), say(EXAMPLE) if dated else say("Write the day as a whole number.")
    if not dated:
        return (
            say("{quoted} is not a whole number of days.", quoted=quoted(text)),
            say("Write the day as a whole number, for example 12."),
        )
    if ISO.fullmatch(text):
        if text[:4] < str(FIRST_YEAR):
            return say("{quoted} is before {first_year}.", quoted=quoted(text), first_year=FIRST_YEAR), say(
                "Check the year."
            )
        return say("There is no day {quoted} in the calendar.", quoted=quoted(text)), say("Check day and month.")
    if match := YEAR_LAST.fullmatch(text):
        return why_not_year_last(text, int(match[1]), int(match[2]), int(match[3]))
    if match := YEAR_FIRST.fullmatch(text):
        return say("{quoted} is not written year-month-day.", quoted=quoted(text)), remedy_of([match.groups()])
    if re.match(r"\d{4}-\d\d-\d\d[T ]\d", text):
        return say("{quoted} carries a clock time.", quoted=quoted(text)), say(
            "Write the local day alone, for example {text}.", text=text[:10]
        )
    return say("{quoted} is not a day.", quoted=quoted(text)), say(EXAMPLE)


def why_not_year_last(text: str, first: int, second: int, year: int) -> tuple[str, str]:
    """The sentence for 03/04/2025, whose day and month are never guessed."""
    day_first, month_first = (year, second, first), (year, first, second)
    readings = [iso for iso in dict.fromkeys((iso_of(*day_first), iso_of(*month_first))) if iso]
    if len(readings) == 2:
        return (
            say(
                "{quoted} can be {readings} or {readings_2}.",
                quoted=quoted(text),
                readings=readings[0],
                readings_2=readings[1],
            ),
            say("Write {readings} or {readings_2}.", readings=readings[0], readings_2=readings[1]),
        )
    if readings:
        return say("{quoted} is not written year-month-day.", quoted=quoted(text)), say(
            "Write {readings}.", readings=readings[0]
        )
    return say("There is no day {quoted} in the calendar.", quoted=quoted(text)), say(EXAMPLE)


def remedy_of(parts: list[tuple[str | int, ...]]) -> str:
    """How to write the day, where its numbers make one."""
    iso = iso_of(*(int(part) for part in parts[0]))
    return say("Write {iso}.", iso=iso) if iso else say(EXAMPLE)


def iso_of(year: int, month: int, day: int) -> str | None:
    """The ISO date, None where the calendar has none."""
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def on_one_grid(days: Integers) -> Bools:
    """(rows,) True for rows inside the stretch of 36,525 days that holds most of them.

    days : (rows,) in ascending order. All True for a diary of ordinary length.
    """
    if days.size == 0 or days[-1] - days[0] < MAX_DAYS:
        return np.ones(days.size, dtype=bool)
    held = np.searchsorted(days, days + MAX_DAYS, side="left") - np.arange(days.size)
    first = days[int(np.argmax(held))]
    return np.asarray((days >= first) & (days < first + MAX_DAYS))
