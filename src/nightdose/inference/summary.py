"""Mean and central interval of weighted values."""

from __future__ import annotations

import numpy as np

from nightdose.arrays import Floats


def weighted_summary(values: Floats, weights: Floats) -> tuple[float, float, float]:
    """(mean, 2.5 %, 97.5 %) of values (N,) with weights (N,) that sum to 1."""
    order = np.argsort(values, kind="stable")
    middle = np.cumsum(weights[order]) - 0.5 * weights[order]
    low, high = np.interp((0.025, 0.975), middle, values[order])
    return float(weights @ values), float(low), float(high)
