"""A contrast as a mixture over hyper-parameter points: moments, probabilities, quantiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats
from nightdose.inference.normal import normal_cdf, normal_quantile

# Gauss-Hermite nodes: exact for the mean of a quadratic in the effect
NODES, NODE_WEIGHTS = np.array([-np.sqrt(3.0), 0.0, np.sqrt(3.0)]), np.array([1 / 6, 2 / 3, 1 / 6])
GOLDEN = 0.6180339887498949
QUANTILES_EACH = 24  # values that stand for one normal component in quantiles


@dataclass(frozen=True, slots=True)
class Contrast:
    """Posterior of one contrast in the outcome's unit, as a mixture over the hyper-parameter points.

    weights : (N,); at_nodes : (N, 3) contrast where the effect is NODES sd from its mean at that point. Linear for a
    continuous outcome, bent by floor and ceiling for a rating.
    """

    weights: Floats
    at_nodes: Floats

    def moments(self) -> tuple[float, float]:
        """Mean and sd."""
        mean = float(self.weights @ self.at_nodes @ NODE_WEIGHTS)
        second = float(self.weights @ np.square(self.at_nodes - mean) @ NODE_WEIGHTS)
        return mean, float(np.sqrt(second))

    def probability_below(self, x: float) -> float:
        """P(contrast <= x), exact: every component is mid + slope u + curve u^2 of a standard normal u."""
        low, mid, high = self.at_nodes.T
        slope, curve = (high - low) / (2 * NODES[2]), (high + low - 2 * mid) / 6
        inside = np.square(slope) + 4 * curve * (x - mid)
        reached = inside >= 0
        reach = slope + np.sqrt(np.where(reached, inside, 0.0))
        u = np.divide(2 * (x - mid), reach, out=np.where(x >= mid, np.inf, -np.inf), where=reach > 0)
        return float(self.weights @ np.where(reached, normal_cdf(u), curve < 0))

    def sample(self) -> tuple[Floats, Floats]:
        """Values and weights, sorted: every component by its own equally likely quantiles."""
        shift = np.modf(0.5 + np.arange(len(self.weights)) * GOLDEN)[0]  # each component its own offset
        u = normal_quantile((np.arange(QUANTILES_EACH) + np.clip(shift, 1e-3, 1 - 1e-3)[:, None]) / QUANTILES_EACH)
        low, mid, high = self.at_nodes.T[:, :, None]
        flat = (mid + (high - low) / (2 * NODES[2]) * u + (high + low - 2 * mid) / 6 * np.square(u)).ravel()
        order = np.argsort(flat, kind="stable")
        return flat[order], np.repeat(self.weights / QUANTILES_EACH, QUANTILES_EACH)[order]


def mixed(parts: Sequence[Contrast], shares: Sequence[float]) -> Contrast:
    """The mixture of contrasts from several models, each with its posterior share (sum 1)."""
    return Contrast(
        np.concatenate([share * part.weights for part, share in zip(parts, shares, strict=True)]),
        np.concatenate([part.at_nodes for part in parts]),
    )
