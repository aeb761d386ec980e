"""The standard normal distribution, vectorised over any shape; compiled."""

from __future__ import annotations

import numpy as np

from nightdose.arrays import Floats
from nightdose.inference import _inference


def normal_cdf(x: Floats) -> Floats:
    """P(Z <= x) for a standard normal Z."""
    return np.asarray(_inference.normal_cdf(np.ascontiguousarray(x, dtype=np.float64)))


def normal_quantile(p: Floats) -> Floats:
    """x with P(Z <= x) = p; -inf at 0, inf at 1, NaN outside [0, 1]."""
    return np.asarray(_inference.normal_quantile(np.ascontiguousarray(p, dtype=np.float64)))


def normal_density(x: Floats) -> Floats:
    """Density of the standard normal."""
    return np.asarray(np.exp(-0.5 * np.square(x)) / np.sqrt(2 * np.pi))
