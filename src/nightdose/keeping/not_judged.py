"""Days that are left out of the judgement: steroid bursts, infections, operations, as the diary has them."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Iterator

from nightdose.diary.entry import UNTIL, Entry
from nightdose.knowledge.medicines import recognise
from nightdose.knowledge.not_judged import disturbance, disturbances, longest_burst_d

LONGEST_EVENT_D = 366  # an event said to last longer is a mistake in its date


def not_judged(entries: Iterable[Entry]) -> dict[datetime.date, str]:
    """Day -> why it is not judged; a day with two reasons has the one that was found first.

    An event counts on its day, or until the last day that was said of it. A steroid counts on the days it was taken, as
    long as they are a burst; a course counts from its start to the day before its stop.
    """
    entries = tuple(entries)
    found: dict[datetime.date, str] = {}
    for entry in entries:
        if entry.kind == "event" and (why := disturbance(f"{entry.item} {entry.text}")):
            for day in _days(entry):
                found.setdefault(day, why)
    for each in disturbances():
        if each.classes:
            for day in _bursts(sorted(_taken(entries, each.classes))):
                found.setdefault(day, each.name)
    return found


def lasting(day: datetime.date, until: datetime.date) -> dict[str, str | float]:
    """What an event that lasts carries with it; its own day alone needs nothing."""
    return {UNTIL: until.isoformat()} if until > day else {}


def _days(event: Entry) -> Iterator[datetime.date]:
    for number in range(min((event.last_day - event.day).days, LONGEST_EVENT_D) + 1):
        yield event.day + datetime.timedelta(days=number)


def _taken(entries: tuple[Entry, ...], classes: frozenset[str]) -> set[datetime.date]:
    days: set[datetime.date] = set()
    started: dict[str, datetime.date] = {}
    for entry in sorted(entries, key=lambda entry: entry.day):
        if entry.kind not in ("dose", "rescue", "medicine") or entry.status in ("missed", "none", "unknown"):
            continue
        if not any(found.group in classes for found in recognise(entry.item)):
            continue
        if entry.kind != "medicine":
            days.add(entry.day)
        elif entry.status == "stop":
            first = started.pop(entry.item.casefold(), entry.day)
            days |= {first + datetime.timedelta(days=n) for n in range((entry.day - first).days)}
        else:
            started.setdefault(entry.item.casefold(), entry.day)
    return days


def _bursts(days: list[datetime.date]) -> Iterator[datetime.date]:
    """The days of runs that are short enough to be a burst."""
    for _, run in itertools.groupby(enumerate(days), key=lambda pair: pair[1].toordinal() - pair[0]):
        together = [day for _, day in run]
        if len(together) <= longest_burst_d():
            yield from together
