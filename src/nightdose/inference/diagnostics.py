"""Does the numerical integration deserve trust? Effective sample size and the tail of importance weights."""

from __future__ import annotations

import numpy as np

from nightdose.arrays import Floats, Integers


def effective_sample_size(weights: Floats) -> float:
    """(sum w)^2 / sum w^2 of normalised or raw weights, (N,)."""
    return float(weights.sum() ** 2 / (weights @ weights))


def systematic(weights: Floats, n: int) -> Integers:
    """(n,) indices at the evenly spaced quantiles (k + 1/2) / n of weights (N,), sum 1: a resample without chance."""
    found = weights.cumsum().searchsorted((np.arange(n) + 0.5) / n)
    return np.minimum(found, len(weights) - 1)


def pareto_k(weights: Floats) -> float:
    """Shape of a generalised Pareto tail of importance weights; above 0.7 their mean is not to be trusted.

    weights : (N,). Fit of Zhang & Stephens (2009) to the largest min(N/5, 3 sqrt(N)) weights, with the weak prior
    of Vehtari et al. (2024), Pareto smoothed importance sampling, JMLR 25(72).
    """
    n = len(weights)
    tail = int(min(0.2 * n, 3 * np.sqrt(n)))
    if tail < 5:
        return float("inf")
    ordered = np.sort(weights)
    excess = ordered[-tail:] - ordered[-tail - 1]
    if excess[-1] <= 0 or excess[0] <= 0:
        return 0.0 if excess[-1] <= 1e-12 * ordered[-1] else float("inf")
    grid = 30 + int(np.sqrt(tail))
    quartile = excess[int(tail / 4 + 0.5) - 1]
    theta = 1 / excess[-1] + (1 - np.sqrt(grid / (np.arange(1.0, grid + 1) - 0.5))) / (3 * quartile)
    shape = np.mean(np.log1p(-theta[:, None] * excess), axis=1)
    loglik = tail * (np.log(-theta / shape) - shape - 1)
    weight = 1 / np.sum(np.exp(loglik - loglik[:, None]), axis=1)
    best = float(np.sum(theta * weight))
    k = float(np.mean(np.log1p(-best * excess)))
    return (tail * k + 5) / (tail + 10)
