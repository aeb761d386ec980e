"""Many people's likelihoods together: the mean over people, and how far people truly differ apart from noise.

    theta_i ~ N(mu, tau^2),   mu flat or N(0, s^2),   tau ~ half-normal(scale)
    p(diary_i | mu, tau) = int L_i(theta) N(theta; mu, tau^2) d theta

summed over a grid of mu and quadrature nodes of tau. With L_i = N(theta; m, v) exp(r(z)) the integral is

    N(m; mu, v + tau^2) E[exp(r)]   under the normal that N(theta; m, v) N(theta; mu, tau^2) leaves of theta,

by three nodes; exact for a normal likelihood, and as tau falls to 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import inf, nan
from numbers import Real
from typing import Any

import numpy as np

from nightdose.arrays import Floats, read_only
from nightdose.diary.table.frame import pandas
from nightdose.errors import CallError
from nightdose.evidence.bayes import REACH, bayes_pool, legendre
from nightdose.evidence.profile import Profile
from nightdose.inference.normal import normal_cdf
from nightdose.language.catalogue import say
from nightdose.language.number import percent
from nightdose.statistics import THREE_NODES, THREE_WEIGHTS

TAU_NODES, MU_POINTS = 40, 161
MU_REACH = 8.0  # sd of a pool of normal likelihoods, to either side
NO_WEIGHT = 1e-9  # of the likeliest node: from here on tau is left out


@dataclass(frozen=True, repr=False)
class PeoplePool:
    """Posterior of (mu, tau) on a grid. mu : (M,) evenly spaced; tau : (T,); weights : (T, M), sum 1."""

    mu: Floats
    tau: Floats
    weights: Floats
    people: int

    def __post_init__(self) -> None:
        read_only(self.mu, self.tau, self.weights)

    @property
    def mean(self) -> float:
        """Posterior mean of mu."""
        return float(self.weights.sum(axis=0) @ self.mu)

    @property
    def sd(self) -> float:
        """Posterior sd of mu."""
        return float(np.sqrt(self.weights.sum(axis=0) @ np.square(self.mu - self.mean)))

    @property
    def between(self) -> float:
        """Root of the posterior mean of tau^2: what the differences between people add to a new person's spread."""
        return float(np.sqrt(self.weights.sum(axis=1) @ np.square(self.tau)))

    @property
    def between95(self) -> tuple[float, float]:
        """Central 95 % of tau."""
        return self._tau_quantile(0.025), self._tau_quantile(0.975)

    def below(self, x: float, *, of_next: bool = False) -> float:
        """P(mu <= x), or of the true effect of one further person of this kind."""
        if of_next:
            return float(np.sum(self.weights * normal_cdf((x - self.mu[None]) / self.tau[:, None])))
        # each grid point stands for its step
        step = self.mu[1] - self.mu[0]
        return float(self.weights.sum(axis=0) @ np.clip((x - self.mu) / step + 0.5, 0.0, 1.0))

    def interval95(self, *, of_next: bool = False) -> tuple[float, float]:
        """Central 95 % of mu, or of the true effect of one further person."""
        return self.quantile(0.025, of_next=of_next), self.quantile(0.975, of_next=of_next)

    def quantile(self, p: float, *, of_next: bool = False) -> float:
        """x with P(mu <= x) = p, by halving."""
        far = 10 * float(self.tau.max()) if of_next else 0.0
        low, high = float(self.mu[0]) - far - 1e-9, float(self.mu[-1]) + far + 1e-9
        for _ in range(60):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self.below(middle, of_next=of_next) < p else (low, middle)
        return 0.5 * (low + high)

    def rows(self) -> list[dict[str, str | float]]:
        """What the pool says, a row each, in the unit of the likelihoods: value, its 95 %, P(above 0) of an effect."""
        found = (
            ("mean", self.mean, self.interval95(), 1 - self.below(0.0)),
            ("new person", self.mean, self.interval95(of_next=True), 1 - self.below(0.0, of_next=True)),
            ("sd between people", self.between, self.between95, nan),
        )
        return [
            {"of": of, "value": value, "lo95": low, "hi95": high, "p_better": p} for of, value, (low, high), p in found
        ]

    def to_frame(self) -> Any:
        """`rows` as a pandas DataFrame, indexed by what they are of; CallError where pandas is not installed."""
        return pandas().DataFrame(self.rows()).set_index("of")

    def summary(self) -> str:
        """The rows as text, with what they cannot tell."""
        lines = [
            f"  {row['of']:<18} {row['value']:>8.3g}  ({row['lo95']:.3g} to {row['hi95']:.3g})"
            + ("" if row["p_better"] != row["p_better"] else f"  P(better) {percent(float(row['p_better']))}")
            for row in self.rows()
        ]
        head = say("{n} people, settled improvement by their diaries alone (95 % interval)", n=self.people)
        return "\n".join(
            [
                head,
                *lines,
                say(
                    "Whoever chose to be among them decides what the mean is worth, and so does how fast the diaries "
                    "took the effect to come."
                ),
            ]
        )

    def __repr__(self) -> str:
        low, high = self.interval95()
        return f"<PeoplePool: {self.people} people; mean {self.mean:.3g} ({low:.3g} to {high:.3g})>"

    def _repr_html_(self) -> str:
        """What a notebook shows: the summary."""
        return f"<pre>{escape(self.summary())}</pre>"

    def _tau_quantile(self, p: float) -> float:
        shares = self.weights.sum(axis=1)
        return float(np.interp(p, np.cumsum(shares) - 0.5 * shares, self.tau))


def people_pool(profiles: Sequence[Profile], scale: float, *, mean_sd: float = inf) -> PeoplePool:
    """The posterior of the mean over people and of their true spread.

    scale : of the half-normal prior of tau; mean_sd : sd of the normal prior of mu around 0, inf = flat.
    Raises CallError without people or with a scale that is not above 0.
    """
    if not isinstance(scale, Real) or not 0 < scale < inf:
        raise CallError(
            say(
                "How far people may differ is a number above 0, in the unit of the outcome, not {scale}. Half the sd "
                "of somebody's days is a mild choice.",
                scale=repr(scale),
            ),
            field="between",
        )
    mean, sd = moments(profiles)
    rough = bayes_pool(mean, np.square(sd), scale, mean_sd=mean_sd)
    mu = rough.middle + MU_REACH * rough.spread * np.linspace(-1, 1, MU_POINTS)
    carrying = np.flatnonzero(rough.weights > NO_WEIGHT * rough.weights.max())
    few, many = max(carrying[0] - 1, 0), min(carrying[-1] + 1, len(rough.tau) - 1)
    tau, log_prior = tau_nodes(scale, float(rough.tau[few]) if few else 0.0, float(rough.tau[many]))
    log_p = log_likelihood(profiles, mu, tau) + log_prior[:, None] - 0.5 * np.square(mu / mean_sd)[None]
    weights = np.exp(log_p - np.max(log_p))
    return PeoplePool(mu, tau, weights / np.sum(weights), len(profiles))


def moments(profiles: Sequence[Profile]) -> tuple[Floats, Floats]:
    """(people,) means and sds of the likelihoods."""
    if not profiles:
        raise CallError(say("A pool needs people whose diaries give a number, and here are none."))
    return np.array([p.mean for p in profiles]), np.array([p.sd for p in profiles])


def tau_nodes(scale: float, low: float = 0.0, high: float = inf, nodes: int = TAU_NODES) -> tuple[Floats, Floats]:
    """(T,) nodes of tau from low to high and the logarithm of their prior weight, which sum to 1.

    Evenly laid in the root of tau: they crowd towards 0, where few people put their weight.
    """
    x, step = legendre(nodes)
    first, last = np.sqrt(low), np.sqrt(min(high, REACH * scale))
    root = first + (last - first) * 0.5 * (x + 1)
    tau = np.square(root)
    log_w = np.log(root * step) - 0.5 * np.square(tau / scale)
    return tau, log_w - np.log(np.sum(np.exp(log_w)))


def log_likelihood(profiles: Sequence[Profile], mu: Floats, tau: Floats) -> Floats:
    """(T, M) sum over people of log p(diary_i | mu, tau), up to a constant that depends on the diaries alone."""
    total = np.zeros((len(tau), len(mu)))
    for profile in profiles:
        var = profile.sd**2
        spread = var + np.square(tau)[:, None]
        off = mu[None] - profile.mean
        total -= 0.5 * (np.square(off) / spread + np.log(spread))
        if profile.log_likelihood is None:
            continue
        # of theta, in sd of the likelihood from its mean
        middle = off / profile.sd * (var / spread)
        wide = tau[:, None] / np.sqrt(spread)
        at = np.exp(profile.rest(middle[..., None] + wide[..., None] * THREE_NODES))
        total += np.log(at @ THREE_WEIGHTS)
    return total
