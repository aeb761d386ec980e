"""Hours asleep a day out of what several devices saw, each hour counted once."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable

from nightdose.diary.importers.imported import Choices, Collector

SAME_NIGHT = datetime.timedelta(hours=3)

Interval = tuple[datetime.datetime, datetime.datetime]


def nights(asleep: Iterable[Interval]) -> list[list[Interval]]:
    """Times asleep, joined where sources overlap and gathered into nights (gaps up to 3 hours).

    Two watches that saw the same hour count it once.
    """
    found: list[list[Interval]] = []
    for begin, end in sorted(asleep):
        if found and begin <= found[-1][-1][1]:
            last = found[-1][-1]
            found[-1][-1] = (last[0], max(last[1], end))
        elif found and begin - found[-1][-1][1] <= SAME_NIGHT:
            found[-1].append((begin, end))
        else:
            found.append([(begin, end)])
    return found


def add_sleep(asleep: Iterable[Interval], choices: Choices, out: Collector) -> None:
    """One value a day: the hours asleep in nights and naps that ended on it."""
    days: dict[datetime.date, list[list[Interval]]] = defaultdict(list)
    for night in nights(asleep):
        days[choices.day.day_of(night[-1][1])].append(night)
    for day, ended in sorted(days.items()):
        seconds = sum((end - begin).total_seconds() for night in ended for begin, end in night)
        begin = ended[0][0][0]
        out.add(None, day=day, kind="measure", item="sleep", value=round(seconds / 3600, 4), unit="h", at=begin)
