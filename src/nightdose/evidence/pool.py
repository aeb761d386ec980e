"""Several trials of one effect become one mean, its interval, and what a further trial may show.

    y_i = mu + u_i + e_i,   u_i ~ N(0, tau^2) true differences between trials,   e_i ~ N(0, v_i) known

    w_i = 1 / (v_i + tau^2),   mu = sum w y / sum w

tau^2 by DerSimonian and Laird, by Paule and Mandel, or by restricted maximum likelihood; three ways because with few
trials they differ, and that is worth seeing. Compared with metafor in `tests/authorities`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np

from nightdose.arrays import Floats
from nightdose.errors import CallError
from nightdose.evidence.quantiles import chi2_quantile, t_quantile
from nightdose.statistics import Z95

Method = Literal["REML", "PM", "DL"]
Width = Literal["normal", "knapp-hartung", "modified knapp-hartung"]
SETTLED = 1e-13  # relative change of tau^2 at which an iteration ends


@dataclass(frozen=True, slots=True)
class Pooled:
    """The pool.

    mean, sd, interval95 : the mean effect and its standard error; between : tau^2; between95 : its Q-profile interval.
    predicted95 : where the true effect of one further trial may lie, None below three trials: mean -+ t(k - 2)
    sqrt(tau^2 + sd^2), the convention of Higgins, Thompson & Spiegelhalter 2009. q : Cochran's Q; i2 : share of the
    spread that is not chance, from tau^2 as metafor has it; weights : (trials,) sum 1.
    """

    mean: float
    sd: float
    interval95: tuple[float, float]
    between: float
    between95: tuple[float, float]
    predicted95: tuple[float, float] | None
    q: float
    i2: float
    weights: Floats
    method: Method
    width: Width


def pool(
    effect: Floats, variance: Floats, *, method: Method = "REML", width: Width = "modified knapp-hartung"
) -> Pooled:
    """The random-effects pool of (trials,) effects with their variances.

    Raises CallError without a trial, or with a variance that is not above 0.
    """
    if len(effect) == 0 or len(effect) != len(variance):
        raise CallError("a pool needs trials, each with an effect and a variance.")
    if not (np.all(np.isfinite(effect)) and np.all(variance > 0)):
        raise CallError("every trial needs an effect and a variance above 0.")
    k = len(effect)
    between = {"REML": reml, "PM": paule_mandel, "DL": dersimonian_laird}[method](effect, variance) if k > 1 else 0.0
    w = 1 / (variance + between)
    mean = float(w @ effect / w.sum())
    sd, reach = _error(effect, w, mean, width)
    fixed = 1 / variance
    typical = (k - 1) * fixed.sum() / (fixed.sum() ** 2 - np.square(fixed).sum()) if k > 1 else 1.0
    further = t_quantile(0.975, k - 2) * sqrt(between + sd**2) if k > 2 else None
    return Pooled(
        mean=mean,
        sd=sd,
        interval95=(mean - reach * sd, mean + reach * sd),
        between=between,
        between95=q_profile(effect, variance),
        predicted95=None if further is None else (mean - further, mean + further),
        q=cochran_q(effect, variance, 0.0),
        i2=between / (between + typical),
        weights=np.asarray(w / w.sum()),
        method=method,
        width=width,
    )


def _error(effect: Floats, w: Floats, mean: float, width: Width) -> tuple[float, float]:
    """Standard error of the mean and how many of them its 95 % interval reaches.

    Knapp & Hartung 2003: sd^2 = [sum w (y - mu)^2 / (k - 1)] / sum w with t(k - 1); modified: the bracket is at least
    1, so that the interval is never narrower than the plain one (Roever, Knapp & Friede 2015).
    """
    plain, k = 1 / float(w.sum()), len(effect)
    if width == "normal" or k == 1:
        return sqrt(plain), Z95
    bracket = float(w @ np.square(effect - mean)) / (k - 1)
    if width == "modified knapp-hartung":
        bracket = max(1.0, bracket)
    return sqrt(bracket * plain), t_quantile(0.975, k - 1)


def cochran_q(effect: Floats, variance: Floats, between: float) -> float:
    """Q(tau^2) = sum w (y - mu)^2; falls as tau^2 grows. At 0 it is Cochran's Q."""
    w = 1 / (variance + between)
    return float(w @ np.square(effect - w @ effect / w.sum()))


def dersimonian_laird(effect: Floats, variance: Floats) -> float:
    """tau^2 = max(0, (Q - (k - 1)) / (sum w - sum w^2 / sum w)), w = 1 / v. DerSimonian & Laird 1986."""
    w = 1 / variance
    scale = float(w.sum() - np.square(w).sum() / w.sum())
    return max(0.0, (cochran_q(effect, variance, 0.0) - (len(effect) - 1)) / scale)


def paule_mandel(effect: Floats, variance: Floats) -> float:
    """The tau^2 at which Q(tau^2) = k - 1; 0 where Q(0) is below. Paule & Mandel 1982."""
    return _between_at(effect, variance, len(effect) - 1.0)


def q_profile(effect: Floats, variance: Floats) -> tuple[float, float]:
    """95 % interval of tau^2: where Q(tau^2) meets the chi-squared quantiles (Viechtbauer 2007); (0, inf) for one."""
    k = len(effect)
    if k < 2:
        return 0.0, float("inf")
    return (
        _between_at(effect, variance, chi2_quantile(0.975, k - 1)),
        _between_at(effect, variance, chi2_quantile(0.025, k - 1)),
    )


def _between_at(effect: Floats, variance: Floats, wanted: float) -> float:
    """The tau^2 with Q(tau^2) = wanted, by halving; 0 where Q is below it already."""
    if cochran_q(effect, variance, 0.0) <= wanted:
        return 0.0
    low, high = 0.0, float(np.ptp(effect) ** 2 + variance.max())
    while cochran_q(effect, variance, high) > wanted:
        low, high = high, 4 * high
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        low, high = (middle, high) if cochran_q(effect, variance, middle) > wanted else (low, middle)
    return 0.5 * (low + high)


def reml(effect: Floats, variance: Floats) -> float:
    """tau^2 of the highest restricted likelihood (Viechtbauer 2005), by Fisher scoring from Paule and Mandel's.

    tau^2 <- tau^2 + [sum w^2 (y - mu)^2 - tr P] / tr P^2,  P = W - W 1 1' W / sum w
    """
    between = paule_mandel(effect, variance)
    for _ in range(10_000):
        w = 1 / (variance + between)
        total = w.sum()
        mean = w @ effect / total
        trace = total - np.square(w).sum() / total
        trace2 = np.square(w).sum() - 2 * (w**3).sum() / total + np.square(np.square(w).sum() / total)
        step = float((np.square(w) @ np.square(effect - mean) - trace) / trace2)
        new = max(0.0, between + step)
        if abs(new - between) <= SETTLED * max(new, 1e-3 * float(variance.min())):
            return new
        between = new
    return between


def leave_one_out(effect: Floats, variance: Floats, *, method: Method = "REML") -> tuple[Pooled, ...]:
    """The pool without each trial in turn; needs two trials or more."""
    if len(effect) < 2:
        raise CallError("leaving a trial out needs at least two.")
    kept = [np.arange(len(effect)) != i for i in range(len(effect))]
    return tuple(pool(effect[keep], variance[keep], method=method) for keep in kept)


FEWEST_FOR_ASYMMETRY = 10


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """Egger's regression of the effect on its standard error: the slope and its two-sided interval."""

    slope: float
    interval95: tuple[float, float]


def asymmetry(effect: Floats, variance: Floats) -> Asymmetry | None:
    """Do small trials say something else? Weighted regression y = a + b se, weights 1 / v (Egger et al. 1997).

    None below ten trials: too few to see missing ones.
    """
    k = len(effect)
    if k < FEWEST_FOR_ASYMMETRY:
        return None
    error = np.sqrt(variance)
    x = np.column_stack([np.ones(k), error])
    w = 1 / variance
    inverse = np.linalg.inv(x.T @ (x * w[:, None]))
    b = inverse @ (x.T @ (w * effect))
    spread = float(w @ np.square(effect - x @ b)) / (k - 2)
    reach = t_quantile(0.975, k - 2) * sqrt(spread * inverse[1, 1])
    return Asymmetry(float(b[1]), (float(b[1]) - reach, float(b[1]) + reach))
