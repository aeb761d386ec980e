"""Do the days on treatment follow the day of the week?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Bools

LEAST_SHARE = 0.2  # of whether it was taken, that the weekday explains; forgetting more at weekends stays below
LEAST_CHI2 = 25.0  # of the table weekday by taken, 6 degrees of freedom: less than one in a thousand by chance
FEWEST_DAYS = 21


@dataclass(frozen=True, slots=True)
class OfWeek:
    """share : of the variance of on or off that the weekday explains; often, seldom : weekdays (Monday 0) on which
    it was taken on more than, and on at most, half of the days."""

    share: float
    often: tuple[int, ...]
    seldom: tuple[int, ...]


def follows_weekday(on: Bools, known: Bools, first_day: int) -> OfWeek | None:
    """How the weekday explains on and off from the first day on to the last; None where it does not.

    on, known : (days,); first_day : date ordinal of the first day.
    """
    taken = np.flatnonzero(on & known)
    if len(taken) == 0:
        return None
    at = np.flatnonzero(known[: taken[-1] + 1])
    at = at[at >= taken[0]]
    state, weekday = on[at].astype(float), (first_day - 1 + at) % 7
    total = float(np.sum(np.square(state - state.mean())))
    if len(at) < FEWEST_DAYS or total == 0:
        return None
    days = np.bincount(weekday, minlength=7)
    rate = np.bincount(weekday, weights=state, minlength=7) / np.maximum(days, 1)
    share = float(np.sum(days * np.square(rate - state.mean()))) / total
    if share < LEAST_SHARE or share * len(at) < LEAST_CHI2:
        return None
    often = tuple(k for k in range(7) if days[k] and rate[k] > 0.5)
    return OfWeek(share, often, tuple(k for k in range(7) if days[k] and rate[k] <= 0.5))
