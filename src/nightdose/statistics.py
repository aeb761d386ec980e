"""Small pieces of statistics that several stages need: one copy each."""

from __future__ import annotations

import math

import numpy as np

from nightdose.arrays import Floats

Z95 = 1.959963984540054  # 97.5 % of a standard normal lie below it
# Gauss and Hermite for N(0, 1): exact for polynomials up to the fifth power
THREE_NODES, THREE_WEIGHTS = np.array([-np.sqrt(3.0), 0.0, np.sqrt(3.0)]), np.array([1 / 6, 2 / 3, 1 / 6])


def wilson(successes: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Wilson's 95 % interval of a proportion (Wilson 1927, J Am Stat Assoc 22:209); (0, 1) for n = 0."""
    if n == 0:
        return 0.0, 1.0
    share = successes / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def quantiles(values: Floats, *shares: float) -> tuple[float, ...]:
    """One quantile for each share, 0 to 1, by a straight line between neighbours; values : (n,), n > 0, none unknown.

    To the letter what `numpy.quantile` says, which takes ten times as long for so few numbers.
    """
    ordered, found = np.sort(values), []
    for share in shares:
        at = share * (len(ordered) - 1)
        before = int(at)
        low, high = ordered[[before, min(before + 1, len(ordered) - 1)]].tolist()
        by = at - before
        found.append(low + (high - low) * by if by < 0.5 else high - (high - low) * (1 - by))
    return tuple(found)


def spread_evenly(n: int, dim: int, skip: int = 0) -> Floats:
    """(n, dim) points of the R sequence in (0, 1), frac(1/2 + k alpha), k > skip; any n, any dim, no table.

    Roberts (2018), The unreasonable effectiveness of quasirandom sequences.
    """
    root = 2.0
    for _ in range(40):
        root = (1 + root) ** (1 / (dim + 1))
    alpha = root ** -np.arange(1.0, dim + 1)
    u = np.modf(0.5 + (skip + np.arange(1.0, n + 1))[:, None] * alpha)[0]
    return np.asarray(np.clip(u, 1e-12, 1 - 1e-12))


def log_sum_exp(x: Floats) -> Floats:
    """log sum exp along the first axis, (K, ...) -> (...); finite where any of them is."""
    top = x.max(axis=0)
    return np.asarray(top + np.log(np.exp(x - top).sum(axis=0)))


def filtered(steps: Floats, keep: float | Floats) -> Floats:
    """u_t = keep u_(t-1) + steps_t along the first axis.

    One series is done in log2(n) sweeps, after each of which u reaches twice as far back; many side by side day by day.
    """
    out, reach = steps.copy(), 1
    if out.ndim > 1:
        for t in range(1, len(out)):
            out[t] += keep * out[t - 1]
        return out
    while reach < len(out) and keep > 0:
        out[reach:] += keep * out[:-reach]
        keep, reach = keep * keep, 2 * reach
    return out


def spells(sd: float | Floats, phi: float | Floats, shape: int | tuple[int, ...], rng: np.random.Generator) -> Floats:
    """Good and bad spells that fade: a stationary AR(1) along the first axis with that sd and day-to-day correlation.

    shape : days, or days and how many side by side, for which sd and phi may each have values of their own.
    """
    shocks = sd * rng.standard_normal(shape)
    shocks[1:] *= np.sqrt((1 - phi) * (1 + phi))
    return filtered(shocks, phi)
