"""Hours asleep a day out of what several devices saw: each hour counted once, naps apart from nights."""

from __future__ import annotations

import datetime
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from nightdose.diary.day import DayRule
from nightdose.diary.importers.imported import Choices, Collector
from nightdose.diary.importers.moment_column import When
from nightdose.errors import InputError
from nightdose.language.catalogue import say

SAME_NIGHT_S = 3 * 3600  # awake for less: still the same sleep
NAP_UNDER_H = 3.0
NAP_BEGINS, NAP_ENDS = datetime.time(9, 0), datetime.time(21, 0)
LONGEST_S = 2 * 86_400
MOST_PARTS = 1_000_000  # a watch writes thirty parts a night: ninety years of one

Interval = tuple[float, float]  # begin and end, seconds since 1970


class Asleep:
    """Times asleep, as they come; 16 bytes each."""

    def __init__(self) -> None:
        self._times = array("d")
        self.odd = 0

    def add(self, begin: datetime.datetime | None, end: datetime.datetime | None) -> None:
        """One stretch asleep, with the zone of both ends; a stretch without sense is counted as odd."""
        if begin is None or end is None or begin.tzinfo is None or end.tzinfo is None:
            self.odd += 1
            return
        first, last = begin.timestamp(), end.timestamp()
        if not first < last <= first + LONGEST_S:
            self.odd += 1
            return
        if len(self._times) >= 2 * MOST_PARTS:
            raise InputError(say("This export holds more nights than a life. Export a shorter time."))
        self._times.extend((first, last))

    def __iter__(self) -> Iterator[Interval]:
        return zip(self._times[::2], self._times[1::2], strict=True)

    def __len__(self) -> int:
        return len(self._times) // 2


def sleeps(asleep: Iterable[Interval]) -> list[list[Interval]]:
    """Times asleep, joined where sources overlap and gathered into one sleep across wakings of under three hours."""
    found: list[list[Interval]] = []
    for begin, end in sorted(asleep):
        if found and begin <= found[-1][-1][1]:
            last = found[-1][-1]
            found[-1][-1] = (last[0], max(last[1], end))
        elif found and begin - found[-1][-1][1] < SAME_NIGHT_S:
            found[-1].append((begin, end))
        else:
            found.append([(begin, end)])
    return found


def add_sleep(asleep: Asleep, choices: Choices, out: Collector) -> None:
    """One value a day, the hours asleep in the sleeps that ended on its date; naps are a value of their own.

    The date of waking is the calendar's, whenever the person's day starts: a night that ends at 03:30 is over.
    """
    if asleep.odd:
        out.problem(
            None, say("{odd} sleep records have no sensible begin and end.", odd=asleep.odd), say("They were left out.")
        )
    days: dict[datetime.date, list[list[Interval]]] = defaultdict(list)
    for sleep in sleeps(asleep):
        days[_clock(sleep[-1][1], choices.day).date()].append(sleep)
    napped = 0
    for day, ended in sorted(days.items()):
        naps = [sleep for sleep in ended if _is_nap(sleep, choices.day)]
        night = [sleep for sleep in ended if sleep not in naps]
        napped += len(naps)
        for item, parts in (("sleep", night), ("nap", naps)):
            if parts:
                begin = _clock(parts[0][0][0], choices.day)
                add_measure(out, day, item, sum(map(hours, parts)), "h", begin)
    if napped:
        what = say("{napped} daytime sleeps of under three hours were read as naps.", napped=napped)
        out.problem(None, what, say("They are kept apart as 'nap' and are not in 'sleep'."))


def hours(sleep: Sequence[Interval]) -> float:
    """Hours asleep, without the wakings."""
    return sum(end - begin for begin, end in sleep) / 3600


def _is_nap(sleep: Sequence[Interval], rule: DayRule) -> bool:
    return is_nap_time(_clock(sleep[0][0], rule), _clock(sleep[-1][1], rule), hours(sleep))


def is_nap_time(begin: datetime.datetime, end: datetime.datetime, hours_asleep: float) -> bool:
    """Whether a sleep is a nap: under three hours, by daylight of one date (on the person's clock)."""
    by_day = begin.date() == end.date() and begin.time() >= NAP_BEGINS and end.time() <= NAP_ENDS
    return hours_asleep < NAP_UNDER_H and by_day


def _clock(seconds: float, rule: DayRule) -> datetime.datetime:
    return rule.localise(datetime.datetime.fromtimestamp(seconds, datetime.UTC))


def add_measure(
    out: Collector,
    day: datetime.date,
    item: str,
    value: float,
    unit: str,
    at: datetime.datetime | None = None,
) -> None:
    """A device's value of a whole day; its identity is the day, whatever moment is written beside it."""
    out.add(None, When(day, at), item, place=day.isoformat(), kind="measure", value=round(value, 4), unit=unit)
