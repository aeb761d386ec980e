"""May the pool be called settled, however often it was looked at while answers came in?

    E(m) = p(answers | mu ~ N(0, s^2), tau ~ half-normal) / max over tau of p(answers | mu = m, tau)

Where the true mean is m, E(m) is at most a ratio of likelihoods whose denominator is the truth's, whatever tau is: it
reaches 20 by luck, ever, at most 1 time in 20 (Ville 1939; Wasserman, Ramdas & Balakrishnan 2020, PNAS 117:16880).
No plan of looks is needed, and none can be broken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats
from nightdose.evidence.people import moments, tau_nodes
from nightdose.evidence.profile import Profile

ENOUGH = 20.0
NODES, POINTS = 400, 401


@dataclass(frozen=True, slots=True)
class Anytime:
    """value : E(0). interval95 : every mean whose E is below 20; it holds at all looks together."""

    value: float
    interval95: tuple[float, float]

    @property
    def settled(self) -> bool:
        """True where the sign of the mean is settled."""
        return self.value >= ENOUGH


def anytime(profiles: Sequence[Profile], scale: float, mean_sd: float) -> Anytime:
    """The e-value of these likelihoods, taken as normal ones.

    scale : of the half-normal prior of tau; mean_sd : s, the means that the bet is placed on.
    """
    mean, sd = moments(profiles)
    tau, log_prior = tau_nodes(scale, nodes=NODES)
    spread = np.square(sd) + np.square(tau)[:, None]
    weight = 1 / spread
    precision = weight.sum(axis=1)
    middle = (weight @ mean) / precision
    base = -0.5 * (np.log(spread).sum(axis=1) + (weight * np.square(mean - middle[:, None])).sum(axis=1))
    wide = np.square(mean_sd) + 1 / precision
    mixture = base + 0.5 * np.log(2 * np.pi / precision) - 0.5 * (np.log(2 * np.pi * wide) + np.square(middle) / wide)
    log_m = _log_sum(log_prior + mixture)

    def log_e(at: Floats) -> Floats:
        at_each = base[:, None] - 0.5 * precision[:, None] * np.square(middle[:, None] - at)
        return np.asarray(log_m - np.max(at_each, axis=0))

    here = float(np.average(middle, weights=np.exp(log_prior + mixture - log_m)))
    bound = np.log(ENOUGH)
    return Anytime(
        float(np.exp(np.minimum(log_e(np.zeros(1))[0], 700.0))),
        (_edge(log_e, here, -1.0, bound, mean_sd), _edge(log_e, here, 1.0, bound, mean_sd)),
    )


def _edge(log_e: object, here: float, side: float, bound: float, step: float) -> float:
    """Where log E passes the bound on that side, by doubling and halving."""
    assert callable(log_e)
    near, far = 0.0, step
    while log_e(np.array([here + side * far]))[0] < bound:
        near, far = far, 2 * far
    for _ in range(50):
        middle = 0.5 * (near + far)
        near, far = (middle, far) if log_e(np.array([here + side * middle]))[0] < bound else (near, middle)
    return here + side * far


def _log_sum(x: Floats) -> float:
    top = float(np.max(x))
    return top + float(np.log(np.sum(np.exp(x - top))))
