"""One moment as people and programs write it: date, clock and zone are read together, from the whole cell.

A date that can be read in two ways is not read without its order; a cell with a word that is not understood is not
half read.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nightdose.diary.importers.calendar_words import month_named, without_weekday

Order = Literal["dmy", "mdy"]

FIRST_YEAR, LAST_YEAR = 1970, 2200
FIRST_SERIAL, LAST_SERIAL = 25_569, 109_937  # 1970-01-01 and 2200-12-31 in the day count of Excel and Sheets
SERIAL_ZERO = datetime.datetime(1899, 12, 30)
# RFC 2822, 4.3, and the names that Europe's clocks have; any other abbreviation stands for several zones
ABBREVIATIONS = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8,
    "pdt": -7, "wet": 0, "west": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3,
}  # fmt: skip

_SPACES = re.compile(r"[\s\u00a0\u202f\u2007\u2009]+")
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])\s?(\d{1,2})\2\s?(\d{1,2})\.?(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?!\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)")
_DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?[\s-]{0,2}(?:de |of )?([^\W\d_]{3,12})\.?,?[\s-]{1,2}"
    r"(?:de )?(\d{4}|\d{2})(?!\d)"
)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,12})\.?[\s-](\d{1,2})(?:st|nd|rd|th)?,?[\s-](\d{4})(?!\d)")
_YEAR_DAY_MONTH = re.compile(r"(\d{4})[\s-](\d{1,2})\.?[\s-]([^\W\d_]{3,12})\.?(?![^\W_])")
_YEAR_MONTH_DAY = re.compile(r"(\d{4})[\s-]([^\W\d_]{3,12})\.?[\s-](\d{1,2})(?!\d)")
_CLOCK = re.compile(
    r"(\d{1,2})(?:[:.h](\d\d)(?:[:.](\d\d)(?:[.,]\d{1,9})?)?)?(?: ?h| Uhr)?(?: ?([ap])\.? ?m\.?)?(?![\d:A-Ya-y])",
    re.IGNORECASE,
)
_COMPACT_CLOCK = re.compile(r"T(\d\d)(\d\d)(\d\d)?(?:[.,]\d{1,9})?")
_BETWEEN = re.compile(r"T|,? ?(?:at|um|kl\.?|à|om|alle|las|-|–)? ", re.IGNORECASE)
_OFFSET = re.compile(r"(?:(?:UTC|GMT) ?)?([+\-−])(\d{1,2})(?::?(\d\d))?", re.IGNORECASE)
_NAMED = re.compile(r"\[?([A-Z][A-Za-z_]+(?:/[A-Za-z_+\-\d]+){1,2})\]?")
_NAME_BEHIND = re.compile(
    r"\[[\w/+-]{2,40}\]|\([^\W\d_][^\W\d]{0,40}(?: [^\W\d_]{1,20}){0,4}\)|[A-Z]{2,5}"
)  # of an offset
_PROGRAM = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")


@dataclass(frozen=True, slots=True)
class Written:
    """What a cell says: a calendar date, and a time of day and a zone where it says them."""

    date: datetime.date
    clock: datetime.time | None = None
    zone: datetime.tzinfo | None = None


def tidy(text: str) -> str:
    """The cell with ordinary single blanks: iOS and Java put a narrow one before AM and PM."""
    return _SPACES.sub(" ", text.strip().strip("'\"")).strip()


def read_moment(text: str, order: Order | None = None) -> Written | None:
    """The moment that a cell holds; None where it holds none, more than one, or words that are not understood.

    order : how 03/04/2026 is read; None reads such a cell only where both orders give the same day, or one none.
    """
    text = tidy(text)
    if not any(letter.isdigit() for letter in text) or len(text) > 80:
        return None
    for candidate in dict.fromkeys((text, without_weekday(text))):
        if found := _date_then_clock(candidate, order) or _clock_then_date(candidate, order):
            return found
    return None


def _date_then_clock(text: str, order: Order | None) -> Written | None:
    date, rest = _leading_date(text, order)
    if date is None:
        return None
    if not rest.strip():
        return Written(date)
    between = _BETWEEN.match(rest)
    if compact := _COMPACT_CLOCK.match(rest):
        clock, rest = _time(compact[1], compact[2], compact[3], ""), rest[compact.end() :]
    elif between:
        clock, rest = _leading_clock(rest[between.end() :])
    else:
        return None
    known, zone = _zone(rest)
    return Written(date, clock, zone) if clock is not None and known else None


def _clock_then_date(text: str, order: Order | None) -> Written | None:
    clock, rest = _leading_clock(text)
    if clock is None or not re.match(r",? ", rest):
        return None
    date, rest = _leading_date(without_weekday(rest.lstrip(", ")), order)
    return Written(date, clock) if date is not None and not rest.strip() else None


def _leading_date(text: str, order: Order | None) -> tuple[datetime.date | None, str]:
    """(date, what stands behind it)."""
    if found := _YEAR_FIRST.match(text):
        return date_of(int(found[1]), int(found[3]), int(found[4])), text[found.end() :]
    if found := _COMPACT.match(text):
        return date_of(int(found[1]), int(found[2]), int(found[3])), text[found.end() :]
    if found := _YEAR_LAST.match(text):
        return _ordered(found, order), text[found.end() :]
    for pattern, year, month, day in (
        (_DAY_MONTH, 3, 2, 1), (_MONTH_DAY, 3, 1, 2), (_YEAR_DAY_MONTH, 1, 3, 2), (_YEAR_MONTH_DAY, 1, 2, 3),
    ):  # fmt: skip
        if (found := pattern.match(text)) and (named := month_named(found[month])):
            return date_of(_full_year(found[year]), named, int(found[day])), text[found.end() :]
    return None, text


def _ordered(found: re.Match[str], order: Order | None) -> datetime.date | None:
    readings = _readings(found)
    if order is not None:
        return readings.get(order)
    return next(iter(readings.values())) if len(set(readings.values())) == 1 else None


def _readings(found: re.Match[str]) -> dict[Order, datetime.date]:
    """The dates that day/month and month/day give, where the calendar has them."""
    if found[2] == "-" and len(found[4]) == 2:
        return {}  # 26-11-20 can have its year at either end
    first, second, year = int(found[1]), int(found[3]), _full_year(found[4])
    both: tuple[tuple[Order, datetime.date | None], ...] = (
        ("dmy", date_of(year, second, first)), ("mdy", date_of(year, first, second)),
    )  # fmt: skip
    return {order: date for order, date in both if date is not None}


def orders(text: str) -> dict[Order, datetime.date]:
    """The readings of a date such as 03/04/2026 wherever it stands in the cell; empty for any other cell."""
    found = re.search(r"(?<!\d)" + _YEAR_LAST.pattern, tidy(text))
    return _readings(found) if found else {}


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else int(text) + (2000 if int(text) < 70 else 1900)


def date_of(year: int, month: int, day: int) -> datetime.date | None:
    """The date, None where the calendar has none or no diary could."""
    try:
        found = datetime.date(year, month, day)
    except ValueError:
        return None
    return found if FIRST_YEAR <= year <= LAST_YEAR else None


def read_clock(text: str) -> datetime.time | None:
    """'22:30', '3:04', '10:00 pm', '22h30', or a spreadsheet's 0.9375; None for 'mid', 'all day' and the like."""
    text = tidy(text)
    if re.fullmatch(r"0?[.,]\d{2,}|0", text):
        seconds = round(float(text.replace(",", ".")) * 86_400)
        return (datetime.datetime.min + datetime.timedelta(seconds=seconds)).time() if seconds < 86_400 else None
    clock, rest = _leading_clock(text)
    return clock if not rest.strip() else None


def _leading_clock(text: str) -> tuple[datetime.time | None, str]:
    found = _CLOCK.match(text)
    if not found or not (found[2] or found[4]):
        return None, text
    return _time(found[1], found[2], found[3], found[4]), text[found.end() :]


def _time(hours: str, minutes: str | None, seconds: str | None, half: str | None) -> datetime.time | None:
    hour, minute, second = int(hours), int(minutes or 0), int(seconds or 0)
    half = (half or "").lower()
    if half and hour <= 12:
        if hour == 0:
            return None
        hour = hour % 12 + 12 * (half == "p")
    elif half == "a":
        return None  # 22:30 am
    return datetime.time(hour, minute, min(second, 59)) if hour < 24 and minute < 60 and second <= 60 else None


def _zone(text: str) -> tuple[bool, datetime.tzinfo | None]:
    """(understood, the zone said behind a clock time)."""
    text = text.strip()
    if not text:
        return True, None
    if found := _OFFSET.match(text):
        minutes, rest = int(found[2]) * 60 + int(found[3] or 0), text[found.end() :].strip()
        if minutes > 14 * 60 or (rest and not _NAME_BEHIND.fullmatch(rest)):
            return False, None
        sign = 1 if found[1] == "+" else -1
        return True, datetime.timezone(sign * datetime.timedelta(minutes=minutes))
    text = text.strip("()")
    if text.casefold() in ABBREVIATIONS:
        return True, datetime.timezone(datetime.timedelta(hours=ABBREVIATIONS[text.casefold()]))
    if found := _NAMED.fullmatch(text):
        try:
            return True, ZoneInfo(found[1])
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return False, None
    return False, None


def read_instant(text: str) -> datetime.datetime | None:
    """The moment that a program wrote, such as '2026-11-20 22:10:00 +0100'; naive where it says no zone."""
    if _PROGRAM.match(text):
        try:
            found = datetime.datetime.fromisoformat(text[:19] + text[19:].strip())
        except ValueError:
            pass
        else:
            return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
    written = read_moment(text)
    if written is None or written.clock is None:
        return None
    return datetime.datetime.combine(written.date, written.clock, written.zone)


def read_count(text: str) -> Written | None:
    """A spreadsheet's day count (46023.9375) or the seconds or milliseconds since 1970 that programs write."""
    text = text.strip()
    if _SERIAL.fullmatch(text):
        count = float(text.replace(",", "."))
        if not FIRST_SERIAL <= count < LAST_SERIAL + 1:
            return None
        moment = SERIAL_ZERO + datetime.timedelta(seconds=round(count * 86_400))
        return Written(moment.date(), moment.time() if "." in text or "," in text else None)
    if _EPOCH.fullmatch(text):
        seconds = int(text[:10])
        moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
        return Written(moment.date(), moment.time(), datetime.UTC)
    return None
