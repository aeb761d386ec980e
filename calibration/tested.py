"""What a paper's "significant" or "not significant" says about a block: the probability of that outcome.

Bednarczyk 2005 (an abstract) gives no occupancy, only the p of a comparison with a scan before the dose. How a block of
so many per cent points would have fared in a paired t-test of n people follows from the scatter of single scans.
"""

from __future__ import annotations

import math

import numpy as np

from nightdose.arrays import Floats
from nightdose.inference.normal import normal_cdf

SCAN_SD = 7.6  # per cent points: scatter of Rabiner's seven scans about their own curve of 5.6 mg, 6 degrees of freedom
SCAN_SD_LOG = 0.29  # 1 / sqrt(2 x 6): how well seven scans tell it
# two-sided critical values of Student's t, (degrees of freedom, p) -> t; held to SciPy by a test
CRITICAL = {(3, 0.05): 3.182446, (3, 0.001): 12.923979, (4, 0.01): 4.604095, (4, 0.001): 8.610302}
_SPREADS = np.linspace(0.005, 3.995, 400)  # of the sd of n people over the true one


def probability_significant(block: float, scan_sd: float, n: int, p: float) -> float:
    """P(a paired t-test of n people says p or less, with more block than before) at a mean block in per cent points."""
    degrees = n - 1
    density = _SPREADS ** (degrees - 1) * np.exp(-degrees * _SPREADS**2 / 2)
    reached = normal_cdf(block * math.sqrt(n) / scan_sd - CRITICAL[degrees, p] * _SPREADS)
    return float(np.sum(density * reached) / np.sum(density))


def surprise(block: float, scan_sd: float, n: int, p: float, *, significant: bool) -> float:
    """Square root of the deviance of that outcome, to stand among the other residuals; 0 = bound to happen."""
    chance = probability_significant(block, scan_sd, n, p)
    return math.sqrt(-2 * math.log(max(chance if significant else 1 - chance, 1e-300)))


def log_sum(values: Floats) -> float:
    """log of the sum of exponentials."""
    top = float(values.max())
    return top + float(np.log(np.exp(values - top).sum()))
