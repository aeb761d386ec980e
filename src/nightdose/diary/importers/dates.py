"""Dates and clock times as apps write them; a date that can be read two ways is asked for, not guessed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SLASHED = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})")
_WORDED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3})[a-z]*\.?\s+(\d{4})")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?\s*([ap]\.?m\.?)?", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
FIRST_YEAR, LAST_YEAR = 1970, 2200


def iso_date(text: str) -> datetime.date | None:
    """'2026-11-20', also with a time behind it."""
    try:
        return _sane(datetime.date.fromisoformat(text.strip()[:10]))
    except ValueError:
        return None


def worded_date(text: str) -> datetime.date | None:
    """'22nd Sep 2020'."""
    found = _WORDED.fullmatch(text.strip())
    if not found or found[2].lower() not in MONTHS:
        return None
    return _date(int(found[3]), MONTHS.index(found[2].lower()) + 1, int(found[1]))


def slashed_date(text: str, order: str) -> datetime.date | None:
    """'10/12/18' in the order 'dmy' or 'mdy'."""
    found = _SLASHED.match(text.strip())
    if not found:
        return None
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    year += 2000 if year < 100 else 0
    return _date(year, first, second) if order == "mdy" else _date(year, second, first)


def date_order(texts: Iterable[str]) -> str | None:
    """'dmy' or 'mdy' when some date of the file can only be read that way; None when all can be read both ways."""
    for text in texts:
        found = _SLASHED.match(text.strip())
        if found and int(found[1]) > 12:
            return "dmy"
        if found and int(found[2]) > 12:
            return "mdy"
    return None


def clock(text: str) -> datetime.time | None:
    """'22:30', '3:04', '10:00 pm'; None for 'mid', 'all day' and the like."""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        return None
    hour, minute, half = int(found[1]), int(found[2]), (found[3] or "").lower()[:1]
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + 12 * (half == "p") if half else hour
    return datetime.time(hour, minute) if hour < 24 and minute < 60 else None


def number(text: str) -> float | None:
    """A number with point or comma; None for anything else, and for 1,500, which two people read in two ways."""
    if _GROUPED.fullmatch(text.strip()):
        return None
    cleaned = text.strip().replace(",", ".") if text.count(",") <= 1 and "." not in text else text.strip()
    return float(cleaned) if re.fullmatch(r"[+-]?(\d{1,15}(\.\d*)?|\.\d+)", cleaned, re.ASCII) else None


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return _sane(datetime.date(year, month, day))
    except ValueError:
        return None


def _sane(day: datetime.date) -> datetime.date | None:
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
