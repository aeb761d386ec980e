"""Which day does a moment belong to? The day starts when the person says it does, not at midnight."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast, overload
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nightdose.errors import CallError
from nightdose.language.catalogue import say

if TYPE_CHECKING:  # an evening's entry does not wait for numpy
    from nightdose.arrays import Floats

DEFAULT_START = datetime.time(4, 0)


def hours_of(clock: datetime.time) -> float:
    """A time of day as hours since midnight."""
    return clock.hour + clock.minute / 60 + clock.second / 3600


@overload
def since_midnight(clock_h: float, start_h: float = ...) -> float: ...
@overload
def since_midnight(clock_h: Floats, start_h: float = ...) -> Floats: ...
def since_midnight(clock_h: float | Floats, start_h: float = hours_of(DEFAULT_START)) -> float | Floats:
    """Hours from the midnight that begins a calendar date to a clock time of the *diary day* with that date.

    A clock before the day's start shows the small hours of the next date: 0.67 (00:40) is 24.67. The one place where
    the start of the day is applied: entries, the diary table, calendar files and the simulator all come here.

    clock_h : hours since midnight, 0 to 24, a number or an array; NaN stays NaN.
    """
    return cast("float | Floats", clock_h + 24.0 * (clock_h < start_h))


@dataclass(frozen=True, slots=True)
class DayRule:
    """How one person's days are cut: the wall-clock time at which a new day starts, and the home zone.

    zone : IANA name, or None for the clock of the computer.
    """

    start: datetime.time = DEFAULT_START
    zone: str | None = None

    def localise(self, moment: datetime.datetime) -> datetime.datetime:
        """The moment on the person's wall clock; a moment without a zone is taken to be on it already."""
        zone = zone_named(self.zone) if self.zone else None
        if moment.tzinfo is None:
            return moment.replace(tzinfo=zone) if zone else moment.astimezone()
        return moment.astimezone(zone)

    def day_of(self, moment: datetime.datetime) -> datetime.date:
        """The diary day of an aware moment, read on the wall clock of the moment's own offset.

        A capsule at 00:40 belongs to the evening before. Only the wall clock counts, so neither the hour that
        is skipped in spring nor the one that comes twice in autumn moves an entry to another day.
        """
        wall = moment.replace(tzinfo=None)
        return wall.date() - datetime.timedelta(days=self._after_midnight(wall.time()))

    def moment(self, day: datetime.date, clock: datetime.time) -> datetime.datetime:
        """The aware moment at which the wall clock shows `clock` on diary day `day`."""
        try:
            calendar_day = day + datetime.timedelta(days=self._after_midnight(clock))
            return self.localise(datetime.datetime.combine(calendar_day, clock))
        except OverflowError:
            raise CallError(say("{day} is too far away to be a day of this diary. Check the year.", day=day)) from None

    def _after_midnight(self, clock: datetime.time) -> int:
        """1 where the clock shows the small hours that still belong to the day before, else 0."""
        return int(since_midnight(hours_of(clock), hours_of(self.start)) // 24)


def zone_named(name: str) -> ZoneInfo:
    """The IANA time zone of that name; a sentence when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CallError(
            say("'{name}' is not a time zone that this computer knows. Write it as in Europe/Oslo.", name=name)
        ) from None


def clock_time(text: str) -> datetime.time:
    """'22:30', '22.30' or '7' as a time of day."""
    found = re.fullmatch(r"\s*(\d{1,2})(?:[:.h](\d{2}))?\s*", text)
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise CallError(say("'{text}' is not a time of day. Write hours and minutes as in 22:30.", text=text))
    return datetime.time(int(found[1]), int(found[2] or 0))
