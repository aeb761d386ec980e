"""Do the days on treatment come back in a rhythm, or at the same time of the month?

Whoever takes it in one half of a cycle, on shifts, or at the end of the month takes it when something else comes round
as well. The sign is that on and off are alike one period apart and unlike half a period apart. Only neighbouring
periods are compared, so that cycles of unequal length still count.

    r_k = sum_t a_t a_(t+k) / (n v)        a = on or off around its mean, v its variance, n known days
    prominence of a period P = r_P - r_(P/2)

Under a coin whose odds depend on yesterday alone (on and off as they come) r_k has variance (1 + l^2) / (1 - l^2) / n
with l = 1 - P(off -> on) - P(on -> off) (Bartlett 1946); a prominence counts when it is large and many such sd.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Bools, Floats, Integers

SHORTEST_D, LONGEST_D = 4, 45
LEAST_PROMINENCE = 0.4  # 2 = perfect halves; a habit kept on 85 of 100 days keeps half of its own
LEAST_Z = 4.0
AS_CLEAR = 0.8  # a shorter period that is nearly as clear is the rhythm, the longer one its multiple
PERIODS = 2.5  # whole periods that the days on have to span
FEWEST_DAYS = 28
LEAST_SHARE = 0.08  # of days on, and of days off: fewer are forgotten or single capsules, however they fall
MIDDLE_OF_MONTH_D = 15


@dataclass(frozen=True, slots=True)
class Rhythm:
    """period_d : days from one time to the next; of_month : it keeps to the date instead of to a number of days."""

    period_d: int
    prominence: float
    z: float
    of_month: bool


def rhythm_of(on: Bools, known: Bools, first_day: int | None = None) -> Rhythm | None:
    """The clearest rhythm of on and off, from the first day on to the last; None where there is none.

    on, known : (days,); first_day : date ordinal, None = no dates, so no months. Turns of two or three days are none
    that life has.
    """
    taken = np.flatnonzero(on & known)
    if len(taken) == 0:
        return None
    span = slice(int(taken[0]), int(taken[-1]) + 1)
    here, sure = on[span], known[span]
    state = here[sure].astype(float)
    if len(state) < FEWEST_DAYS or min(state.mean(), 1 - state.mean()) < LEAST_SHARE:
        return None
    around = np.where(sure, here - state.mean(), 0.0)
    scale = float(np.sum(np.square(around)))
    sd = np.sqrt(2 * _variance_of_a_coin(state))
    most = min(LONGEST_D, int(len(around) / PERIODS))
    alike = _lagged(around, most) / scale
    period = _period(alike)
    apart = _prominence(alike, period)
    if first_day is not None and len(around) >= 2 * LONGEST_D:
        date = first_day + span.start + np.arange(len(around))
        partners = (_same_date(date), _same_date_from_the_end(date))
        month = max(_paired(around, partner) for partner in partners) / scale - float(alike[MIDDLE_OF_MONTH_D])
        if min(month, month / sd / LEAST_Z) > apart:
            return Rhythm(30, month, month / sd, True) if month >= LEAST_PROMINENCE else None
    if period < SHORTEST_D or apart < LEAST_PROMINENCE or apart < LEAST_Z * sd:
        return None
    return Rhythm(period, apart, apart / sd, False)


def _prominence(alike: Floats, period: int) -> float:
    return float(alike[period] - np.mean(alike[period // 2 : (period + 1) // 2 + 1]))


def _period(alike: Floats) -> int:
    """The most prominent period, or the shortest one that is nearly as prominent and a peak of its own."""
    most = len(alike) - 2
    prominence = np.array([_prominence(alike, period) if period > 1 else -2.0 for period in range(most + 1)])
    best = int(np.argmax(prominence))
    for period in range(2, best):
        peak = alike[period] > alike[period - 1] and alike[period] > alike[period + 1]
        if peak and prominence[period] >= AS_CLEAR * prominence[best]:
            return period
    return best


def _variance_of_a_coin(state: Floats) -> float:
    """Variance of r_k were today's odds set by yesterday alone."""
    before, now = state[:-1] > 0, state[1:] > 0
    start = float(np.mean(now[~before])) if np.any(~before) else 0.0
    stop = float(np.mean(~now[before])) if np.any(before) else 0.0
    keep = (1 - start - stop) ** 2
    return (1 + keep) / max(1 - keep, 1e-6) / len(state)


def _lagged(around: Floats, most: int) -> Floats:
    """(most + 2,) sum_t a_t a_(t+k) for k = 0, 1, ..."""
    power = np.abs(np.fft.rfft(around, 2 * len(around) + most)) ** 2
    return np.asarray(np.fft.irfft(power, 2 * len(around) + most)[: most + 2])


def _paired(around: Floats, partner: Integers) -> float:
    there = (partner >= 0) & (partner < len(around))
    return float(around[there] @ around[partner[there]])


def _same_date(date: Integers) -> Integers:
    """(days,) index of the same date of the next month; past the end where there is none."""
    out = np.full(len(date), len(date), dtype=np.int64)
    for t, ordinal in enumerate(date.tolist()):
        day = datetime.date.fromordinal(ordinal)
        first = (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
        last = (first + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)
        out[t] = first.replace(day=min(day.day, last.day)).toordinal() - int(date[0])
    return out


def _same_date_from_the_end(date: Integers) -> Integers:
    """(days,) index of the day of the next month that lies as far before its end."""
    out = np.full(len(date), len(date), dtype=np.int64)
    for t, ordinal in enumerate(date.tolist()):
        day = datetime.date.fromordinal(ordinal)
        next_month = (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
        after = (next_month + datetime.timedelta(days=32)).replace(day=1)
        out[t] = after.toordinal() - (next_month - day).days - int(date[0])
    return out
