"""From values to places on paper: round ticks, months, days gathered where one is thinner than a dot."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats
from nightdose.diary.records import Diary
from nightdose.language.calendar import SHORT_MONTHS, brief
from nightdose.language.catalogue import say

THINNEST_DAY = 0.7  # px; below this a dot a day is a smear and weeks are drawn
THINNEST_WEEK = 1.2


@dataclass(frozen=True, slots=True)
class Axis:
    """A straight map from [low, high] to [start, stop] px; values outside are held at the border."""

    low: float
    high: float
    start: float
    stop: float

    def place(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.start + min(1.0, max(0.0, share)) * (self.stop - self.start)

    def places(self, values: Floats) -> Floats:
        share = (values - self.low) / (self.high - self.low)
        return np.asarray(self.start + np.clip(share, 0.0, 1.0) * (self.stop - self.start))


def nice_step(width: float, at_most: int) -> float:
    """1, 2 or 5 times a power of ten, so that `width` has at most `at_most` steps."""
    raw = width / max(1, at_most)
    power = 10.0 ** math.floor(math.log10(raw))
    return next(power * m for m in (1.0, 2.0, 5.0, 10.0) if power * m >= raw * (1 - 1e-9))


def ticks(low: float, high: float, at_most: int = 5) -> list[float]:
    """Round values inside [low, high]."""
    step = nice_step(high - low, at_most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [i * step + 0.0 for i in range(first, last + 1)]


def day_ticks(diary: Diary, room_px: float) -> list[tuple[int, str]]:
    """(day index, words) along the bottom: dates, month starts or years, 56 px apart or more."""
    at_most = max(2, int(room_px / 56))
    if not diary.dated:
        step = max(1, round(nice_step(max(1, diary.days), at_most)))
        first = -(-diary.first_day // step) * step
        return [
            (day - diary.first_day, say("day {n}", n=day) if day == first else f"{day}")
            for day in range(first, diary.first_day + diary.days, step)
        ]
    start = datetime.date.fromordinal(diary.first_day)
    if diary.days <= 7 * at_most:
        return [(i, brief(day)) for i in range(0, diary.days, 7) for day in [start + datetime.timedelta(days=i)]]
    months = diary.days / 30.4
    step = next((s for s in (1, 2, 3, 6, 12, 24, 60) if months / s <= at_most), 120)
    found, year = [], 0
    for month in range(start.year * 12, start.year * 12 + math.ceil(months) + 13):
        if month % step or month >= 12 * datetime.MAXYEAR:
            continue
        index = datetime.date(month // 12, month % 12 + 1, 1).toordinal() - diary.first_day
        if 0 <= index < diary.days:
            name = say(SHORT_MONTHS[month % 12])
            fresh, year = year != month // 12, month // 12
            found.append(
                (index, str(year) if step >= 12 else say("{month} {year}", month=name, year=year) if fresh else name)
            )
    return found


def days_per_dot(days: int, room_px: float) -> int:
    """1, 7 or 28: how many days one dot stands for."""
    wide = room_px / max(1, days)
    return 1 if wide >= THINNEST_DAY else 7 if 7 * wide >= THINNEST_WEEK else 28


def gathered(values: Floats, size: int) -> Floats:
    """(ceil(days / size),) means over `size` days, unknown days left out; all unknown stays unknown."""
    if size == 1:
        return values
    padded = np.full(-(-len(values) // size) * size, np.nan)
    padded[: len(values)] = values
    table = padded.reshape(-1, size)
    known = ~np.isnan(table)
    total, n = np.where(known, table, 0.0).sum(axis=1), known.sum(axis=1)
    return np.where(n > 0, total / np.maximum(n, 1), np.nan)
