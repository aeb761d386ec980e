"""Do the doses follow the scores? Then the scores did not follow the doses alone.

Every evening's dose is compared with other evenings on which everything about the doses before was the same: the dose
of the day before, and for how long it had been so. Among those, did the evenings with more follow worse days?

    T = sum over strata s of sum_i (d_i - mean d_s) (f_i - mean f_s),
    V = sum over strata of (sum_i (d_i - mean)^2) (sum_i (f_i - mean)^2) / (n_s - 1),      z = T / sqrt(V)

with d the dose and f the rank of the score, or its mean over the 1, 3, 7 or 14 days before. V is the variance were the
doses of a stratum dealt out anew, as in the log-rank test. What a drug did to earlier days depends on earlier doses,
which a stratum holds fixed: a drug that works does not look like doses that follow (tests/question/habits). Only on
the same evening it does, and there only the side that a helping drug cannot give is asked: more on worse days.

Source: Mantel & Haenszel (1959); Mantel (1966).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Bools, Floats, Integers

WINDOWS_D = (1, 3, 7, 14)
LEAST_SEEN = 1 / 3  # of a window that has to be recorded
EXACT_D, MOST_AGES = 8, 1000  # days counted one by one; more than there are numbers of days in a stratum
FEWEST_ALIKE = 3  # evenings in a stratum
FOLLOWS_Z = 3.3  # of five looks at one diary: one in two hundred by chance


@dataclass(frozen=True, slots=True)
class Following:
    """same_day : z of more on evenings of worse days; before : z for the mean of the last 1, 3, 7, 14 days. Worse days
    and more of it are positive."""

    same_day: float
    before: tuple[float, ...]

    @property
    def strongest(self) -> tuple[int, float]:
        """(days looked back on, z) where the scores before show most."""
        return max(zip(WINDOWS_D, self.before, strict=True), key=lambda found: abs(found[1]))


def follows_scores(dose: Floats, outcome: Floats, direction: float) -> Following:
    """How the doses follow the scores.

    dose, outcome : (days,), NaN = unknown; direction : +1 where higher is better.
    """
    worse = ranks(-direction * outcome)
    strata = _strata(dose)
    same_day = _z(dose, worse, strata)
    return Following(same_day, tuple(_z(dose, mean_before(worse, days), strata) for days in WINDOWS_D))


def ranks(values: Floats) -> Floats:
    """(days,) mean rank from 0 to 1, NaN where unknown."""
    out = np.full(len(values), np.nan)
    seen = ~np.isnan(values)
    _, at, counts = np.unique(values[seen], return_inverse=True, return_counts=True)
    out[seen] = (np.cumsum(counts) - 0.5 * (counts - 1))[at] / max(int(np.sum(seen)), 1)
    return out


def mean_before(values: Floats, days: int) -> Floats:
    """(days,) mean of the recorded values among the `days` days before each, NaN where too few are."""
    seen = ~np.isnan(values)
    sums, counts = sums_before(np.where(seen, values, 0.0)), sums_before(seen)
    begin = np.maximum(np.arange(len(values)) - days, 0)
    n = counts[:-1] - counts[begin]
    enough = n >= max(1.0, LEAST_SEEN * days)
    return np.where(enough, (sums[:-1] - sums[begin]) / np.maximum(n, 1), np.nan)


def sums_before(values: Floats | Bools) -> Floats:
    """(days + 1,) the sum of all values before each day, and of all."""
    out = np.zeros(len(values) + 1)
    values.cumsum(out=out[1:], dtype=np.float64)
    return out


def _strata(dose: Floats) -> Integers:
    """(days,) number of the stratum: the dose of the day before and for how many days it had been on or off; -1 = it or
    today's is unknown. Beyond a week, numbers of days within a quarter of each other are one."""
    known = ~np.isnan(dose)
    levels = np.unique(dose[known])
    age = np.zeros(len(dose), dtype=np.int64)
    for t in range(1, len(dose)):
        if known[t - 1]:
            same = t > 1 and known[t - 2] and (dose[t - 1] > 0) == (dose[t - 2] > 0)
            age[t] = age[t - 1] + 1 if same else 1
    level = np.searchsorted(levels, np.r_[0.0, np.nan_to_num(dose[:-1])])
    beyond = EXACT_D + 1 + (np.log(np.maximum(age, 1) / EXACT_D) / np.log(1.25)).astype(np.int64)
    long = np.where(age <= EXACT_D, age, beyond)
    return np.where(known & (age > 0), MOST_AGES * level + long, -1)


def _z(dose: Floats, score: Floats, strata: Integers) -> float:
    used = (strata >= 0) & ~np.isnan(score)
    if not np.any(used):
        return 0.0
    _, at, n = np.unique(strata[used], return_inverse=True, return_counts=True)
    d, f = dose[used], score[used]
    d = d - (np.bincount(at, weights=d) / n)[at]
    f = f - (np.bincount(at, weights=f) / n)[at]
    enough = n >= FEWEST_ALIKE
    total = float(np.bincount(at, weights=d * f)[enough].sum())
    squares = np.bincount(at, weights=d * d) * np.bincount(at, weights=f * f) / np.maximum(n - 1, 1)
    variance = float(squares[enough].sum())
    return total / np.sqrt(variance) if variance > 0 else 0.0
