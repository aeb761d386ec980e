"""From a latent day to what is written in the diary, and the expected value of that: the truth's own scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.patients import noise

CENTRE, UNIT = 5.0, 1.8  # of ratings and continuous scores, in points
CATEGORY_CUTS = np.array([-0.4, 0.6, 1.5])
MIGRAINE_CUT = 0.68
ATTACKS_A_DAY, ATTACKS_SLOPE, ATTACKS_SHAPE = 0.25, 0.7, 3.0


@dataclass(frozen=True)
class Kind:
    """How one kind of outcome is asked for.

    column : in the diary; limits : lowest and highest value; meaningful : difference worth having, own unit.
    """

    column: str
    limits: tuple[float, float] | None
    meaningful: float


KINDS = {
    "continuous": Kind("pain", None, 0.6),
    "rating": Kind("pain", (0.0, 10.0), 0.6),
    "ordinal": Kind("fatigue", (0.0, 3.0), 0.2),
    "binary": Kind("migraine", (0.0, 1.0), 0.07),
    "count": Kind("attacks", None, 0.07),
}


def noise_kind(outcome: str, heavy: bool) -> str:
    """Which noise an outcome has; heavy tails are the same for all."""
    if heavy:
        return "student"
    return "logistic" if outcome in ("ordinal", "binary") else "normal"


def written(outcome: str, eta: np.ndarray, e: np.ndarray, heavy: bool, rng: np.random.Generator) -> np.ndarray:
    """(days,) what the person writes. eta : latent state; e : noise of the day."""
    symptom = eta + e
    if outcome == "continuous":
        return np.round(CENTRE + UNIT * symptom, 2)
    if outcome == "rating":
        return np.clip(np.round(CENTRE + UNIT * symptom), 0, 10)
    if outcome == "ordinal":
        return np.sum(symptom[:, None] > CATEGORY_CUTS, axis=1).astype(float)
    if outcome == "binary":
        return (symptom > MIGRAINE_CUT).astype(float)
    shape = ATTACKS_SHAPE / (4 if heavy else 1)
    return rng.poisson(expected(outcome, eta, heavy) * rng.gamma(shape, 1 / shape, len(eta))).astype(float)


def expected(outcome: str, eta: np.ndarray, heavy: bool) -> np.ndarray:
    """(days,) mean of `written` over the noise of the day (a continuous score before its rounding to 0.01)."""
    if outcome == "continuous":
        return CENTRE + UNIT * eta
    if outcome == "count":
        return ATTACKS_A_DAY * np.exp(ATTACKS_SLOPE * eta)
    cuts = {
        "rating": (np.arange(10) + 0.5 - CENTRE) / UNIT,
        "ordinal": CATEGORY_CUTS,
        "binary": np.array([MIGRAINE_CUT]),
    }[outcome]
    return noise.exceeds(noise_kind(outcome, heavy), cuts - eta[:, None]).sum(axis=1)
