"""Which day does a moment belong to? The day starts when the person says it does, not at midnight."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nightdose.errors import CallError

DEFAULT_START = datetime.time(4, 0)


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
        return wall.date() - datetime.timedelta(days=int(wall.time() < self.start))

    def moment(self, day: datetime.date, clock: datetime.time) -> datetime.datetime:
        """The aware moment at which the wall clock shows `clock` on diary day `day`."""
        calendar_day = day + datetime.timedelta(days=int(clock < self.start))
        return self.localise(datetime.datetime.combine(calendar_day, clock))


def zone_named(name: str) -> ZoneInfo:
    """The IANA time zone of that name; a sentence when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CallError(f"'{name}' is no time zone that this computer knows. Write it as in Europe/Oslo.") from None


def clock_time(text: str) -> datetime.time:
    """'22:30', '22.30' or '7' as a time of day."""
    found = re.fullmatch(r"\s*(\d{1,2})(?:[:.h](\d{2}))?\s*", text)
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise CallError(f"'{text}' is no time of day. Write hours and minutes as in 22:30.")
    return datetime.time(int(found[1]), int(found[2] or 0))
