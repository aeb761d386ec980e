"""A contrast as a mixture over hyper-parameter points: moments, probabilities, quantiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nightdose.arrays import Floats, Integers, read_only
from nightdose.inference import _inference
from nightdose.inference.normal import normal_quantile
from nightdose.statistics import THREE_NODES, THREE_WEIGHTS

NODES, NODE_WEIGHTS = THREE_NODES, THREE_WEIGHTS  # exact for the mean of a quadratic in the effect
NINE_WEIGHTS = np.outer(NODE_WEIGHTS, NODE_WEIGHTS).ravel()
FARTHEST_BEND = 3.0  # sd beyond which the bend is held: it is known at 1.7


@dataclass(frozen=True)
class Contrast:
    """Posterior of one contrast in the outcome's unit, as a mixture over the hyper-parameter points.

    At point i, with u and v standard normal, the latent effect and what else moves the contrast,

        g(u, v) = (line_0 + line_1 u) bend(u, v) + rest(u, v)

    weights : (N,) sum 1; line : (N, 2). bend, rest : (N, 3, 3) at v and u = NODES, None where the scale is straight
    (bend 1, rest 0). bend > 0 is what floor, ceiling or link leave of the effect; its logarithm is a parabola in u, so
    that g keeps the sign of the latent effect; rest, a parabola too, is 0 but for a treatment of several columns.
    origin : (N,) number of the hyper-parameter point that each component comes from, None = its own.
    """

    weights: Floats
    line: Floats
    bend: Floats | None = None
    rest: Floats | None = None
    origin: Integers | None = None

    def __post_init__(self) -> None:
        read_only(self.weights, self.line, self.bend, self.rest)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in ("_mixture", "_moments")}

    def moments(self) -> tuple[float, float]:
        """Mean and sd."""
        return self._moments

    @cached_property
    def _moments(self) -> tuple[float, float]:
        if self.bend is None or self.rest is None:
            mean = float(self.weights @ self.line[:, 0])
            second = float(self.weights @ (np.square(self.line[:, 0] - mean) + np.square(self.line[:, 1])))
            return mean, float(np.sqrt(second))
        at_nodes = (self.line[:, :1] + self.line[:, 1:] * NODES)[:, None] * self.bend + self.rest
        mean = float(np.tensordot(self.weights, at_nodes, 1).ravel() @ NINE_WEIGHTS)
        second = float(np.tensordot(self.weights, np.square(at_nodes - mean), 1).ravel() @ NINE_WEIGHTS)
        return mean, float(np.sqrt(second))

    def values(self, points: Integers, u: Floats, v: Floats | Integers) -> Floats:
        """g at chosen points, (n,), for u, (n, K), at the nodes of v with these indices, (n,)."""
        straight = self.line[points, :1] + self.line[points, 1:] * u
        if self.bend is None or self.rest is None:
            return np.asarray(straight)
        held = np.clip(u, -FARTHEST_BEND, FARTHEST_BEND)
        return np.asarray(
            straight * np.exp(_parabola(np.log(self.bend[points, v]), held)) + _parabola(self.rest[points, v], held)
        )

    def probability_below(self, x: float) -> float:
        """P(contrast <= x): exact on a straight scale and for the sign of one column, on a bent one to 1e-5."""
        if x == 0 and self.rest is not None and not self.rest.any():
            return linear(self.weights, *self.line.T).probability_below(0)  # the latent effect has the same sign
        return self._mixture.below(x)

    def at(self, latent: Floats) -> Floats:
        """(K,) the contrast on average where the latent effect is each of `latent`, (K,); all line_1 > 0."""
        return np.asarray(self._mixture.at(np.ascontiguousarray(latent)))

    @cached_property
    def interval95(self) -> tuple[float, float]:
        """The quantiles of 2.5 and 97.5 %."""
        return self.quantile(0.025), self.quantile(0.975)

    def quantile(self, p: float) -> float:
        """x with P(contrast <= x) = p, 0 < p < 1, to a hundred-thousandth of an sd.

        By the secant method on the normal score of the probability, which is a straight line for one straight
        component; a step that leaves the bracket halves it.
        """
        mean, sd = self.moments()
        if sd == 0:
            return mean
        wanted = float(normal_quantile(np.array([p]))[0])

        def height(x: float) -> float:
            below = min(max(self.probability_below(x), 1e-15), 1 - 1e-15)
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
        while abs(at) > 1e-5 and right - left > 1e-6 * sd:
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

    @cached_property
    def _mixture(self) -> _inference.Mixture:
        """Every component at every node of v, its bend and rest as parabolas in u."""
        mid, slope = self.line.T
        if self.bend is None or self.rest is None:
            weight, bend, rest = self.weights, None, None
        else:
            weight, mid, slope = (
                np.outer(self.weights, NODE_WEIGHTS).ravel(),
                *np.repeat(self.line, len(NODES), axis=0).T,
            )
            bend, rest = (_coefficients(x.reshape(-1, len(NODES))) for x in (np.log(self.bend), self.rest))
        return _inference.Mixture(
            weight=weight / np.sum(weight),
            mid=np.ascontiguousarray(mid),
            slope=np.ascontiguousarray(slope),
            bend=None if bend is None else np.ascontiguousarray(bend),
            rest=None if rest is None else np.ascontiguousarray(rest),
            farthest=FARTHEST_BEND,
        )


def linear(weights: Floats, mean: Floats, sd: Floats) -> Contrast:
    """A mixture of normals; weights, mean, sd : (N,)."""
    return Contrast(weights, np.column_stack([mean, sd]))


def mixed(parts: Sequence[Contrast], shares: Sequence[float]) -> Contrast:
    """The mixture of contrasts from several models, each with its posterior share (sum 1), all straight or all bent."""
    bends = [part.bend for part in parts if part.bend is not None]
    rests = [part.rest for part in parts if part.rest is not None]
    return Contrast(
        np.concatenate([share * part.weights for part, share in zip(parts, shares, strict=True)]),
        np.concatenate([part.line for part in parts]),
        np.concatenate(bends) if bends else None,
        np.concatenate(rests) if rests else None,
    )


def _parabola(at_nodes: Floats, u: Floats) -> Floats:
    """(n, K) at u of the parabolas through values at NODES, (n, 3)."""
    level, slope, curve = _coefficients(at_nodes)[:, :, None]
    return np.asarray(level + slope * u + curve * np.square(u))


def _coefficients(at_nodes: Floats) -> Floats:
    """(3, n) level, slope and curve of the parabolas through values at NODES, (n, 3)."""
    low, mid, high = at_nodes.T
    return np.stack([mid, (high - low) / (2 * NODES[2]), (high + low - 2 * mid) / 6])
