"""What a fit says about the improvement, as values."""

from __future__ import annotations

from dataclasses import dataclass

from nightdose.arrays import Floats


@dataclass(frozen=True, slots=True)
class Estimate:
    """The improvement (positive = better, outcome's own unit) and how sure it is.

    interval95 : central 95 % of the posterior.
    better ... : posterior probabilities; `meaningful` is the question's own threshold.
    """

    mean: float
    sd: float
    interval95: tuple[float, float]
    better: float  # P(improvement > 0)
    meaningfully_better: float  # P(improvement >= meaningful)
    meaningfully_worse: float  # P(improvement <= -meaningful)
    no_meaningful_difference: float  # P(-meaningful < improvement < meaningful)


@dataclass(frozen=True, slots=True)
class Band:
    """(days,) a curve with its 95 % band, on the outcome's own scale."""

    mean: Floats
    low: Floats
    high: Floats
