"""A contrast as a mixture over hyper-parameter points: moments, probabilities, quantiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats
from nightdose.inference.normal import normal_cdf, normal_quantile

# Gauss-Hermite nodes: exact for the mean of a quadratic in the effect
NODES, NODE_WEIGHTS = np.array([-np.sqrt(3.0), 0.0, np.sqrt(3.0)]), np.array([1 / 6, 2 / 3, 1 / 6])


@dataclass(frozen=True, slots=True)
class Contrast:
    """Posterior of one contrast in the outcome's unit, as a mixture over the hyper-parameter points.

    weights : (N,); at_nodes : (N, J, 3) contrast where the effect is NODES sd from its mean at that point (last axis)
    and what else moves it is NODES sd from its own (J = 3), or does not matter (J = 1, a straight scale).
    """

    weights: Floats
    at_nodes: Floats

    def moments(self) -> tuple[float, float]:
        """Mean and sd."""
        weights = self._weights()
        flat = self.at_nodes.reshape(-1, len(NODES))
        mean = float(weights @ flat @ NODE_WEIGHTS)
        second = float(weights @ np.square(flat - mean) @ NODE_WEIGHTS)
        return mean, float(np.sqrt(second))

    def probability_below(self, x: float) -> float:
        """P(contrast <= x), exact: every component is mid + slope u + curve u^2 of a standard normal u."""
        return _below(x, self._weights(), *curves(self.at_nodes.reshape(-1, len(NODES))))

    def _weights(self) -> Floats:
        """(N J,) of the components."""
        if self.at_nodes.shape[1] == 1:
            return self.weights
        return np.outer(self.weights, NODE_WEIGHTS).ravel()

    def quantile(self, p: float) -> float:
        """x with P(contrast <= x) = p, 0 < p < 1, to a millionth of an sd.

        The secant method on the normal score of the probability, which is a straight line for one normal component; a
        step that leaves the bracket halves it.
        """
        mean, sd = self.moments()
        if sd == 0:
            return mean
        wanted = float(normal_quantile(np.array([p]))[0])
        weights, pieces = self._weights(), curves(self.at_nodes.reshape(-1, len(NODES)))

        def height(x: float) -> float:
            below = min(max(_below(x, weights, *pieces), 1e-15), 1 - 1e-15)
            return float(normal_quantile(np.array([below]))[0]) - wanted

        left, right = mean + (wanted - 0.2) * sd, mean + (wanted + 0.2) * sd
        low, high = height(left), height(right)
        while low > 0:
            left -= 0.5 * sd
            low = height(left)
        while high < 0:
            right += 0.5 * sd
            high = height(right)
        before, at_before, x, at = left, low, right, high
        while abs(at) > 1e-6 and right - left > 1e-6 * sd:
            step = at - at_before
            next_x = x - at * (x - before) / step if step != 0 else left
            if not left < next_x < right:
                next_x = 0.5 * (left + right)
            before, at_before = x, at
            x, at = next_x, height(next_x)
            if at < 0:
                left = x
            else:
                right = x
        return x


def curves(at_nodes: Floats) -> tuple[Floats, Floats, Floats]:
    """mid, slope, curve of the parabola mid + slope u + curve u^2 through values at u = NODES, (..., 3)."""
    low, mid, high = np.moveaxis(at_nodes, -1, 0)
    return mid, (high - low) / (2 * NODES[2]), (high + low - 2 * mid) / 6


def linear(weights: Floats, mean: Floats, sd: Floats) -> Contrast:
    """A mixture of normals; weights, mean, sd : (N,)."""
    return Contrast(weights, (mean[:, None] + sd[:, None] * NODES)[:, None])


def _below(x: float, weights: Floats, mid: Floats, slope: Floats, curve: Floats) -> float:
    if not np.any(curve):
        u = np.divide(x - mid, np.abs(slope), out=np.where(x >= mid, np.inf, -np.inf), where=slope != 0)
        return float(weights @ normal_cdf(u))
    inside = np.square(slope) + 4 * curve * (x - mid)
    reached = inside >= 0
    reach = slope + np.sqrt(np.where(reached, inside, 0.0))
    u = np.divide(2 * (x - mid), reach, out=np.where(x >= mid, np.inf, -np.inf), where=reach > 0)
    return float(weights @ np.where(reached, normal_cdf(u), curve < 0))


def mixed(parts: Sequence[Contrast], shares: Sequence[float]) -> Contrast:
    """The mixture of contrasts from several models, each with its posterior share (sum 1)."""
    return Contrast(
        np.concatenate([share * part.weights for part, share in zip(parts, shares, strict=True)]),
        np.concatenate([part.at_nodes for part in parts]),
    )
