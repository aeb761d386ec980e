"""Numbers and estimates as plain JSON values."""

from __future__ import annotations

import math
from typing import Any

from nightdose.fit.estimate import Estimate

Record = dict[str, Any]  # the form is the schema's; this is the edge where values become JSON


def finite(value: float) -> float | None:
    """JSON has no NaN and no infinity: what is not a number is null."""
    return float(value) if math.isfinite(value) else None


def finite_number(value: float | int) -> float | int | None:
    """A whole number stays whole."""
    return int(value) if isinstance(value, int) else finite(value)


def improvement(estimate: Estimate | None) -> Record | None:
    """Mean, sd and interval of an estimate; None where there is none."""
    if estimate is None:
        return None
    return {
        "mean": finite(estimate.mean),
        "sd": finite(estimate.sd),
        "interval95": [finite(v) for v in estimate.interval95],
    }


def probability(estimate: Estimate | None) -> Record | None:
    """The four probabilities of an estimate; None where there is none."""
    if estimate is None:
        return None
    return {
        "better": finite(estimate.better),
        "meaningfully_better": finite(estimate.meaningfully_better),
        "meaningfully_worse": finite(estimate.meaningfully_worse),
        "no_meaningful_difference": finite(estimate.no_meaningful_difference),
    }


def settled_record(settled: Estimate | None) -> Record | None:
    """The size once each dose has settled, with the probabilities that the rule asks of it."""
    if settled is None:
        return None
    return (improvement(settled) or {}) | {
        "meaningfully_better": finite(settled.meaningfully_better),
        "no_meaningful_difference": finite(settled.no_meaningful_difference),
    }


def mean_and_interval(values: tuple[float, float, float]) -> Record:
    """(mean, low, high) by name."""
    mean, low, high = values
    return {"mean": finite(mean), "interval95": [finite(low), finite(high)]}
