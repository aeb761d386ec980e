"""What rings and watches count, as one value a day: nights with their waking date, naps apart, means of the day."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from nightdose.diary.importers.imported import Choices, Collector
from nightdose.diary.importers.moments import read_instant, read_moment
from nightdose.diary.importers.nights import add_measure, is_nap_time
from nightdose.diary.importers.numbers import number
from nightdose.errors import InputError
from nightdose.language.catalogue import say

MOST_DAYS = 60_000


class Days:
    """Values of days and nights while a file is read."""

    def __init__(self, choices: Choices, out: Collector) -> None:
        self._choices, self._out = choices, out
        self._hours: dict[tuple[datetime.date, str], float] = defaultdict(float)
        self._means: dict[tuple[datetime.date, str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
        self._naps = 0

    def night(
        self,
        begin: datetime.datetime | None,
        end: datetime.datetime | None,
        hours: float | None,
        *,
        nap: bool | None = None,
    ) -> None:
        """One sleep by its hours asleep; it counts for the date of waking. nap : None = told by its times."""
        if begin is None or end is None or hours is None or not 0 <= hours <= 24:
            self._out.problem(None, say("A sleep has no sensible begin, end or length."), say("It was left out."))
            return
        rule = self._choices.day
        begin, end = rule.localise(begin), rule.localise(end)
        is_nap = is_nap_time(begin, end, hours) if nap is None else nap
        self._naps += is_nap
        self._hours[end.date(), "nap" if is_nap else "sleep"] += hours
        self._bound()

    def value(self, day: datetime.date | None, item: str, value: float | None, unit: str) -> None:
        """A value of a day; several of one day are their mean. A day without one is left empty."""
        if day is None or value is None:
            return
        total = self._means[day, item, unit]
        total[0] += value
        total[1] += 1
        self._bound()

    def _bound(self) -> None:
        if len(self._hours) + len(self._means) > MOST_DAYS * 4:
            raise InputError(say("This export holds more days than a life. Export a shorter time."))

    def write(self) -> None:
        """Everything that was gathered, as entries."""
        for (day, item), hours in sorted(self._hours.items()):
            add_measure(self._out, day, item, hours, "h")
        for (day, item, unit), (total, count) in sorted(self._means.items()):
            add_measure(self._out, day, item, total / count, unit)
        if self._naps:
            what = say("{naps} sleeps were read as naps.", naps=self._naps)
            self._out.problem(None, what, say("They are kept apart as 'nap' and are not in 'sleep'."))


def seconds(value: object) -> float | None:
    """A number of seconds as hours."""
    found = value if isinstance(value, (int, float)) and not isinstance(value, bool) else number(str(value or ""))
    return None if found is None else found / 3600


def minutes(value: object) -> float | None:
    """A number of minutes as hours."""
    found = seconds(value)
    return None if found is None else found * 60


def plain_number(value: object) -> float | None:
    """A number as JSON or CSV has it; None for anything else and for not-a-number."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    found = number(value) if isinstance(value, str) else float(value)
    return found if found is not None and abs(found) < 1e9 else None


def date_of_cell(text: object) -> datetime.date | None:
    """The date at the head of a cell such as '2026-03-01' or '2026-03-01T04:00:00Z'."""
    written = read_moment(str(text or "")[:10])
    return written.date if written else None


def gmt(text: object) -> datetime.datetime | None:
    """A moment that is in Greenwich time without saying so: '2026-03-01T22:10:00.0', or milliseconds since 1970."""
    if isinstance(text, (int, float)) and not isinstance(text, bool) and 0 < text < 7e12:
        return datetime.datetime.fromtimestamp(text / 1000, datetime.UTC)
    found = read_instant(str(text or ""))
    return found.replace(tzinfo=datetime.UTC) if found and found.tzinfo is None else found


def offset(text: str) -> datetime.timezone | None:
    """'UTC+0200' or 'UTC-08:00' as a zone."""
    found = read_instant(f"2026-01-01 00:00:00 {text.upper().removeprefix('UTC') or '+00:00'}")
    zone = found.tzinfo if found else None
    return zone if isinstance(zone, datetime.timezone) else None


def records_of(body: Any) -> Mapping[str, Any]:
    """A JSON object, or an empty one for anything else."""
    return body if isinstance(body, dict) else {}
