"""Several effects of one person shrunk towards their common mean: what is chosen for its size is made smaller."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats
from nightdose.inference.normal import normal_cdf

COMMON_SD = 1.0  # prior sd of the common effect, in sd of daily life: that of a single effect
BETWEEN_SCALE = 0.5  # half-normal scale of the sd between outcomes
BETWEEN_MOST, BETWEEN_POINTS = 4.0, 161  # grid over it: up to 4 scales
BISECTIONS = 60


@dataclass(frozen=True, slots=True)
class Shrunk:
    """(outcomes,) mean and sd of the shrunk effects, (outcomes, 2) central 95 %, and the mean sd between outcomes."""

    mean: Floats
    sd: Floats
    interval95: Floats
    between: float


def shrink(effect: Floats, cov: Floats, *, between: float | None = None) -> Shrunk:
    """The effects of several outcomes, seen together.

        d | theta ~ N(theta, V),   theta_i ~ N(mu, tau^2),   mu ~ N(0, 1),   tau ~ half-normal(0.5)

    With C = tau^2 I + 1 1' and K = C (C + V)^-1: theta | d, tau ~ N(K d, C - K C), p(d | tau) = N(d; 0, C + V); tau is
    averaged over a grid by p(d | tau) p(tau), not plugged in, so that a tau estimated as 0 does not feign certainty.

    effect : (outcomes,) standardised effects by the data alone; cov : (outcomes, outcomes) of their errors, which go
    together because they are of the same days. between : tau where it is known (for checks).
    Raises ValueError where cov is not positive definite. For one outcome, shrinks towards 0 alone.
    Source: Gelman, Hill & Yajima 2012, J Res Educ Eff 5:189; closed forms in tests/inference/test_shrinkage.py.
    """
    if not np.all(np.linalg.eigvalsh(cov) > 0):
        raise ValueError("the errors of the effects need a positive definite covariance")
    k = len(effect)
    taus = np.linspace(0, BETWEEN_MOST, BETWEEN_POINTS) * BETWEEN_SCALE if between is None else np.array([between])
    prior = np.square(taus)[:, None, None] * np.eye(k) + COMMON_SD**2
    total = prior + cov
    gain = prior @ np.linalg.inv(total)
    mean = gain @ effect
    var = np.diagonal(prior - gain @ prior, axis1=1, axis2=2)
    far = np.einsum("i,tij,j->t", effect, np.linalg.inv(total), effect)
    log_w = -0.5 * (np.linalg.slogdet(total)[1] + far + np.square(taus / BETWEEN_SCALE))
    weights = np.exp(log_w - np.max(log_w))
    weights /= np.sum(weights)
    middle = weights @ mean
    sd = np.sqrt(weights @ (var + np.square(mean - middle)))
    interval = np.stack([_quantile(p, weights, mean, np.sqrt(var), middle, sd) for p in (0.025, 0.975)], axis=1)
    return Shrunk(middle, sd, interval, float(weights @ taus))


def _quantile(p: float, weights: Floats, mean: Floats, sd: Floats, middle: Floats, spread: Floats) -> Floats:
    """(outcomes,) quantiles of the mixtures of normals, by bisection."""
    low, high = middle - 12 * spread, middle + 12 * spread
    for _ in range(BISECTIONS):
        at = 0.5 * (low + high)
        below = weights @ normal_cdf((at - mean) / np.maximum(sd, 1e-300)) < p
        low, high = np.where(below, at, low), np.where(below, high, at)
    return np.asarray(0.5 * (low + high))


def nearest_correlation(values: Floats, fewest: int = 10) -> Floats:
    """(outcomes, outcomes) correlation of columns with holes, made positive definite.

    values : (days, outcomes), NaN = not recorded. Pairs with fewer than `fewest` shared days, or without spread on
    them, count as uncorrelated. Eigenvalues below 0.05 are lifted and the diagonal is scaled back to 1.
    """
    k = values.shape[1]
    out = np.eye(k)
    for i in range(k):
        for j in range(i):
            both = ~np.isnan(values[:, i]) & ~np.isnan(values[:, j])
            a, b = values[both, i], values[both, j]
            if len(a) >= fewest and np.ptp(a) > 0 and np.ptp(b) > 0:
                out[i, j] = out[j, i] = np.corrcoef(a, b)[0, 1]
    size, vectors = np.linalg.eigh(out)
    lifted = (vectors * np.maximum(size, 0.05)) @ vectors.T
    scale = 1 / np.sqrt(np.diagonal(lifted))
    return np.asarray(lifted * scale[:, None] * scale)
