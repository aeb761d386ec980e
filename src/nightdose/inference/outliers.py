"""Days that lie far from all the others: their noise is given its own size, so that one slip decides nothing.

The noise of a day is a mixture of normals with variances FACTORS x noise_sd^2 and prior shares SHARES. Given what all
other days say of day t, eta_t ~ N(m, v) (`Kernel.left_out`), component k has the share

    q_k ~ SHARES_k p(y_t | eta_t ~ N(m, v), noise FACTORS_k noise_sd^2)

and the day counts with precision sum_k q_k / FACTORS_k of the usual (the step of variational Bayes for a scale mixture;
Tipping & Lawrence 2005, Neurocomputing 69:123, robust filtering by the same). It is asked for only where a day is
farther out than FAR_OUT under plain normal noise: all other diaries keep exact normal noise. An ordinary day keeps its
weight; a day 5 sd out counts a tenth, one 10 sd out a hundredth, so that its pull goes back to nothing. Held against
sampling of the mixture itself in tests/inference/test_outliers.py.
"""

from __future__ import annotations

import numpy as np

from nightdose.arrays import Floats
from nightdose.inference.components import Series
from nightdose.inference.marginal import Kernel
from nightdose.inference.normal import normal_cdf

FACTORS = np.array([1.0, 9.0, 100.0, 1e4, 1e6])
SHARES = np.array([0.98, 0.015, 0.004, 0.0007, 0.0003])
FAR_OUT = 3e-5  # chance on its side below which a day asks for heavy tails: 4 sd, one in 45 diaries of a year by luck
FAMILIES = ("gaussian", "category")  # counts have the tail of their log-normal rate


def asks_for_heavy_tails(series: Series, z: Floats) -> bool:
    """True where some day is farther from all others than normal noise allows; z : (1, dim), the mode."""
    if series.family not in FAMILIES or series.prior.noise_fixed is not None:
        return False
    far = _log_chances(series, z, np.ones(1))[1]
    return bool(np.min(far, initial=0.0) < np.log(FAR_OUT))


def spread_at(series: Series, z: Floats) -> Floats:
    """(days,) factor on the noise variance of each day at one point z, (1, dim); 1 on days without an outcome."""
    log_p = np.log(SHARES)[:, None] + _log_chances(series, z, FACTORS)[0]
    q = np.exp(log_p - np.max(log_p, axis=0))
    weight = (q / np.sum(q, axis=0)).T @ (1 / FACTORS)
    out = np.ones(len(series.y))
    out[series.seen] = 1 / weight
    return out


def _log_chances(series: Series, z: Floats, factors: Floats) -> tuple[Floats, Floats]:
    """(factors, recorded days) log density or probability of what was recorded, and of as far out or farther."""
    points, _, cuts = series.hyper(z)
    mean, var = Kernel(series).left_out(z)
    y, m = series.y[series.seen], mean[0, series.seen]
    sd = np.sqrt(var[0, series.seen] + factors[:, None] * np.square(points[3, 0]) + series.rounding_var)
    if series.family == "gaussian":
        score = (y - m) / sd
        return -0.5 * np.square(score) - np.log(sd), _log_lower_tail(-np.abs(score))
    ends = np.concatenate([[-np.inf], cuts[0], [np.inf]])
    at = y.astype(np.int64)
    low, high = (ends[at] - m) / sd, (ends[at + 1] - m) / sd
    flip = low > 0  # in the left tail, where differences keep their digits
    a, b = np.where(flip, -high, low), np.where(flip, -low, high)
    log_p = np.log(np.maximum(normal_cdf(b) - normal_cdf(a), 1e-300))
    return log_p, np.minimum(_log_lower_tail(high), _log_lower_tail(-low))


def _log_lower_tail(x: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(normal_cdf(np.ascontiguousarray(x)), 1e-300)))
