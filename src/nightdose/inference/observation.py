"""From an outcome in its own unit to the standardised series and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Bools, Floats
from nightdose.inference import _inference
from nightdose.inference.components import Family


@dataclass(frozen=True, slots=True)
class Observation:
    """One outcome as the model sees it.

    family : `gaussian`, or `interval` for a rating, whose latent value lies half a step around what was written, open
    at both ends of the scale.  y, lower, upper : (days,) standardised;  seen : (days,).
    centre, unit : outcome = centre + unit * y;  low, high : ends of a rating.
    """

    family: Family
    y: Floats
    lower: Floats
    upper: Floats
    seen: Bools
    centre: float
    unit: float
    low: int = 0
    high: int = 0

    def expected(self, latent: Floats, latent_var: Floats, noise_sd: Floats) -> Floats:
        """E[outcome] in its own unit for eta ~ N(latent, latent_var) in standardised units; any one shape."""
        mean = self.centre + self.unit * latent
        if self.family == "gaussian":
            return mean
        sd = self.unit * np.sqrt(latent_var + np.square(noise_sd))
        flat = _inference.expected_rating(
            np.ascontiguousarray(mean).ravel(), np.ascontiguousarray(sd).ravel(), self.low, self.high
        )
        return np.asarray(flat).reshape(mean.shape)


def continuous(values: Floats, seen: Bools) -> Observation:
    """A continuous outcome; values : (days,), used where `seen`, which must hold at least two different ones."""
    centre, unit = _moments(values, seen)
    y = np.where(seen, (values - centre) / unit, 0.0)
    nothing = np.zeros_like(y)
    return Observation("gaussian", y, nothing, nothing, seen, centre, unit)


def rating(values: Floats, seen: Bools, low: float, high: float) -> Observation:
    """A rating on whole steps from low to high: a rounded normal variable with open ends.

    Values between steps are rounded to the nearest one.
    """
    step: Floats = np.clip(np.round(np.where(seen, values, low)), low, high).astype(np.float64)
    centre, unit = _moments(step, seen)
    lower = np.where(step <= low, -np.inf, (step - 0.5 - centre) / unit)
    upper = np.where(step >= high, np.inf, (step + 0.5 - centre) / unit)
    y: Floats = (step - centre) / unit
    return Observation("interval", y, lower, upper, seen, centre, unit, int(low), int(high))


def _moments(values: Floats, seen: Bools) -> tuple[float, float]:
    used = values[seen]
    sd = float(np.std(used))
    assert sd > 0, "a constant outcome is caught by the design check"
    return float(np.mean(used)), sd
