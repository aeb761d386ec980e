"""The noise of one day on the latent scale: drawn from a standard normal, with its distribution function."""

from __future__ import annotations

from math import erf, pi, sqrt

import numpy as np

NORMAL_SD, LOGISTIC_SCALE, STUDENT_SCALE = 0.8, 0.44, 0.6


def normal_cdf(x: np.ndarray) -> np.ndarray:
    """Phi(x)."""
    return 0.5 * (1 + np.vectorize(erf, otypes=[float])(np.asarray(x) / sqrt(2)))


def draw(kind: str, standard: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """(days,) noise. standard : standard normal draws; squares : chi-square draws with 3 degrees of freedom."""
    if kind == "normal":
        return NORMAL_SD * standard
    if kind == "logistic":
        u = np.clip(normal_cdf(standard), 1e-12, 1 - 1e-12)
        return LOGISTIC_SCALE * np.log(u / (1 - u))
    return STUDENT_SCALE * standard / np.sqrt(squares / 3)


def exceeds(kind: str, threshold: np.ndarray) -> np.ndarray:
    """P(noise > threshold)."""
    if kind == "normal":
        return normal_cdf(-threshold / NORMAL_SD)
    if kind == "logistic":
        return 1 / (1 + np.exp(np.clip(threshold / LOGISTIC_SCALE, -700, 700)))
    t = threshold / STUDENT_SCALE / sqrt(3)
    return 0.5 - (t / (1 + t * t) + np.arctan(t)) / pi
