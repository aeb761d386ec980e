"""An effect with its variance, from whatever a paper reports; each derivation is one function.

Effects are treatment minus comparator in the outcome's own unit unless said; a ratio is its logarithm.
Source of the formulas unless said: Higgins, Thomas (eds), Cochrane Handbook 6.4, chapters 6 and 23.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma, log, sqrt

import numpy as np

from nightdose.errors import CallError
from nightdose.evidence.quantiles import t_quantile
from nightdose.inference.normal import normal_quantile


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect and the variance of its estimate; derived : how it came out of what the paper reports."""

    value: float
    variance: float
    derived: str

    def __post_init__(self) -> None:
        if not self.variance > 0:
            raise CallError(f"the variance of an effect has to be above 0; this one is {self.variance:g}.")

    @property
    def error(self) -> float:
        """Standard error."""
        return sqrt(self.variance)


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm: mean, sd and number of people."""

    mean: float
    sd: float
    n: int


def mean_difference(treated: Arm, control: Arm) -> Effect:
    """m1 - m2, variance sd1^2 / n1 + sd2^2 / n2."""
    variance = treated.sd**2 / treated.n + control.sd**2 / control.n
    return Effect(treated.mean - control.mean, variance, "means and sds of two arms")


def standardised_difference(treated: Arm, control: Arm) -> Effect:
    """Hedges' g = J (m1 - m2) / sd_pooled with the exact J; variance 1/n1 + 1/n2 + g^2 / (2 (n1 + n2)).

    Source: Hedges 1981, J Educ Stat 6:107; the variance as metafor's default (vtype LS).
    """
    df = treated.n + control.n - 2
    pooled = sqrt(((treated.n - 1) * treated.sd**2 + (control.n - 1) * control.sd**2) / df)
    g = small_sample_factor(df) * (treated.mean - control.mean) / pooled
    variance = 1 / treated.n + 1 / control.n + g * g / (2 * (treated.n + control.n))
    return Effect(g, variance, "standardised difference of two arms (Hedges' g)")


def small_sample_factor(df: float) -> float:
    """J = Gamma(df / 2) / (sqrt(df / 2) Gamma((df - 1) / 2)), which takes the bias out of a standardised mean."""
    return exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2)


def sd_of_change(before: float, after: float, correlation: float) -> float:
    """sqrt(sd0^2 + sd1^2 - 2 r sd0 sd1)."""
    return sqrt(max(before**2 + after**2 - 2 * correlation * before * after, 0.0))


def crossover_difference(treated: Arm, control: Arm, correlation: float) -> Effect:
    """Paired means of the same n people: m1 - m2, variance sd_d^2 / n with sd_d from the correlation of the periods."""
    spread = sd_of_change(treated.sd, control.sd, correlation)
    return Effect(
        treated.mean - control.mean, spread**2 / treated.n, f"crossover means with correlation {correlation:g}"
    )


def crossover_standardised(treated: Arm, control: Arm, correlation: float) -> Effect:
    """d = J (m1 - m2) / sd_d, variance 1 / n + d^2 / (2 n): metafor's SMCC (Gibbons 1993)."""
    spread = sd_of_change(treated.sd, control.sd, correlation)
    d = small_sample_factor(treated.n - 1) * (treated.mean - control.mean) / spread
    return Effect(d, 1 / treated.n + d * d / (2 * treated.n), f"standardised crossover, correlation {correlation:g}")


def standardised_given(d: float, n: int, control_n: int) -> Effect:
    """A standardised difference as the paper gives it: variance 1/n1 + 1/n2 + d^2 / (2 (n1 + n2))."""
    return Effect(d, 1 / n + 1 / control_n + d * d / (2 * (n + control_n)), "standardised difference as reported")


def crossover_standardised_from_p(value: float, p: float, n: int, correlation: float) -> Effect:
    """A crossover of n people that gives a two-sided p of the paired comparison; `value` gives only the sign.

        d_z = t(1 - p / 2; n - 1) / sqrt(n),   d = d_z sqrt(2 (1 - r)),   variance (1/n + d_z^2 / (2 n)) 2 (1 - r)

    d is in standard deviations between people, as a parallel trial would have it; r, the correlation of the two
    periods, is assumed. Source: Cochrane Handbook 6.4, 23.2.7. Wrong where p came from ranks of skewed values.
    """
    if not 0 < p < 1 or value == 0 or n < 2 or not -1 <= correlation < 1:
        raise CallError("a crossover needs a p between 0 and 1, a sign, two people and a correlation below 1.")
    within = t_quantile(1 - p / 2, n - 1) / sqrt(n)
    scale = 2 * (1 - correlation)
    d = within * sqrt(scale) * (1 if value > 0 else -1)
    return Effect(
        d, (1 / n + within**2 / (2 * n)) * scale, f"paired p {p:g} of {n} people, correlation {correlation:g} assumed"
    )


def log_ratio_of_means(treated: Arm, control: Arm) -> Effect:
    """log(m1 / m2), variance sd1^2 / (n1 m1^2) + sd2^2 / (n2 m2^2) (Hedges 1999); both means above 0."""
    if not min(treated.mean, control.mean) > 0:
        raise CallError("a ratio of means needs both means above 0.")
    variance = treated.sd**2 / (treated.n * treated.mean**2) + control.sd**2 / (control.n * control.mean**2)
    return Effect(log(treated.mean / control.mean), variance, "log ratio of means")


def log_risk_ratio(events: int, n: int, control_events: int, control_n: int) -> Effect:
    """log(p1 / p2), variance 1/a - 1/n1 + 1/c - 1/n2; one half is added to every cell where one is 0."""
    a, b, c, d = _cells(events, n, control_events, control_n)
    return Effect(log(a / (a + b)) - log(c / (c + d)), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d), "log risk ratio")


def log_odds_ratio(events: int, n: int, control_events: int, control_n: int) -> Effect:
    """log(a d / (b c)), variance 1/a + 1/b + 1/c + 1/d; one half is added to every cell where one is 0."""
    a, b, c, d = _cells(events, n, control_events, control_n)
    return Effect(log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d, "log odds ratio")


def _cells(events: int, n: int, control_events: int, control_n: int) -> tuple[float, float, float, float]:
    cells = (events, n - events, control_events, control_n - control_events)
    if min(cells) < 0:
        raise CallError("there cannot be more events than people.")
    more = 0.5 if 0 in cells else 0.0
    a, b, c, d = (cell + more for cell in cells)
    return a, b, c, d


def from_interval(value: float, low: float, high: float, *, level: float = 0.95, df: float | None = None) -> Effect:
    """Variance from a confidence interval: width / (2 q), q the normal or, with df, the t quantile."""
    if not low < high:
        raise CallError(f"an interval from {low:g} to {high:g} has no width.")
    error = (high - low) / (2 * _quantile(0.5 + level / 2, df))
    return Effect(value, error**2, f"{100 * level:g} % interval")


def from_ratio_interval(value: float, low: float, high: float, *, level: float = 0.95) -> Effect:
    """The same for a ratio, on the log scale."""
    if not min(value, low) > 0:
        raise CallError("a ratio and its interval lie above 0.")
    found = from_interval(log(value), log(low), log(high), level=level)
    return Effect(found.value, found.variance, f"log of a ratio with {100 * level:g} % interval")


def from_p(value: float, p: float, *, df: float | None = None) -> Effect:
    """Variance from a two-sided p: error = |effect| / q(1 - p / 2). A p given as "< 0.05" makes it too small."""
    if not 0 < p < 1 or value == 0:
        raise CallError("an effect of 0 or a p outside 0 to 1 gives no variance.")
    return Effect(value, (abs(value) / _quantile(1 - p / 2, df)) ** 2, f"two-sided p {p:g}")


def arm_from_quartiles(q1: float, median: float, q3: float, n: int) -> Arm:
    """Mean (Luo et al. 2018, eq. 15) and sd (Wan et al. 2014, eq. 16) of an arm reported by its quartiles.

    mean = w (q1 + q3) / 2 + (1 - w) median, w = 0.7 + 0.39 / n
    sd = (q3 - q1) / (2 Phi^-1((0.75 n - 0.125) / (n + 0.25))).
    Wrong where the values are skewed: mean and median then differ for a reason.
    """
    w = 0.7 + 0.39 / n
    sd = (q3 - q1) / (2 * _quantile((0.75 * n - 0.125) / (n + 0.25), None))
    return Arm(w * (q1 + q3) / 2 + (1 - w) * median, sd, n)


def _quantile(p: float, df: float | None) -> float:
    return float(normal_quantile(np.array([p]))[0]) if df is None else t_quantile(p, df)
