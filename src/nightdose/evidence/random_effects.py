"""Several trials of one effect become one mean with its sd."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Pooled:
    """Mean over trials, its standard error, and the variance between trials."""

    mean: float
    sd: float
    between_variance: float


def standard_error(low: Floats, high: Floats) -> Floats:
    """(trials,) standard errors from 95 % intervals: width / (2 * 1.96)."""
    return np.asarray((high - low) / (2 * Z95))


def pool(effect: Floats, error: Floats) -> Pooled:
    """Inverse-variance mean under random effects, the moment estimate of DerSimonian and Laird (1986).

        w = 1 / se^2,  Q = sum w (y - sum(w y) / sum w)^2,  tau^2 = max(0, (Q - (k - 1)) / (sum w - sum w^2 / sum w)),
        mean = sum(v y) / sum v,  sd = (sum v)^(-1/2),  v = 1 / (se^2 + tau^2)

    effect, error : (trials,). With two or three trials tau^2 is hardly known and the sd is too small on average.
    Raises ValueError where an error is not above 0. Source: DerSimonian & Laird 1986, Control Clin Trials 7:177.
    """
    if not np.all(error > 0):
        raise ValueError("every trial needs a standard error above 0")
    w = 1 / np.square(error)
    spread = float(w @ np.square(effect - w @ effect / np.sum(w)))
    scale = float(np.sum(w) - np.sum(np.square(w)) / np.sum(w))
    between = max(0.0, (spread - (len(effect) - 1)) / scale) if len(effect) > 1 else 0.0
    v = 1 / (np.square(error) + between)
    return Pooled(float(v @ effect / np.sum(v)), float(np.sum(v) ** -0.5), between)
