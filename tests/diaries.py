"""Short-hand diaries for tests."""

from __future__ import annotations

import numpy as np

from nightdose.diary.records import Diary
from nightdose.question.question import Question

FIRST_DAY = 738000  # 2021-07-28


def diary(outcome, *, first_day: int = FIRST_DAY, **doses) -> Diary:
    """A dated diary: outcome values as `pain`, every other keyword a column."""
    columns = {"pain": np.asarray(outcome, dtype=float)}
    columns |= {name: np.asarray(values, dtype=float) for name, values in doses.items()}
    return Diary("test", first_day, True, columns, len(columns["pain"]))


def wobbling(days: int, seed: int = 0, sd: float = 1.0, mean: float = 5.0) -> np.ndarray:
    """Noise around a mean."""
    return mean + sd * np.random.default_rng(seed).standard_normal(days)


def ask(**changes) -> Question:
    """Pain on naltrexone, lower is better, one point matters."""
    return Question(**{"outcome": "pain", "treatment": "naltrexone", **changes})


def blocks(days: int, length: int = 28, dose: float = 4.5) -> np.ndarray:
    """On and off in turn."""
    return dose * ((np.arange(days) // length) % 2)
