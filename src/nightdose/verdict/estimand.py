"""The improvement: expected outcome under the doses really taken minus had none been taken, on the outcome's scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Bools, Floats, Integers, frozen
from nightdose.inference.marginal import Paths
from nightdose.inference.normal import normal_cdf, normal_quantile
from nightdose.inference.observation import Observation
from nightdose.inference.posterior import Posterior
from nightdose.verdict.answer import Band, Estimate

# Gauss-Hermite nodes: exact for the mean of a quadratic in the effect
NODES, NODE_WEIGHTS = np.array([-np.sqrt(3.0), 0.0, np.sqrt(3.0)]), np.array([1 / 6, 2 / 3, 1 / 6])
GOLDEN = 0.6180339887498949
BEND_DAYS = 60  # days on which the bend of floor and ceiling is measured
QUANTILES_EACH = 24  # values that stand for one normal component in quantiles and probabilities


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

    def sample_aligned(self) -> Floats:
        """(N, quantiles) values, the same position in two contrasts of one posterior being the same coefficient."""
        shift = np.modf(0.5 + np.arange(len(self.weights)) * GOLDEN)[0]  # each component its own offset
        u = normal_quantile((np.arange(QUANTILES_EACH) + np.clip(shift, 1e-3, 1 - 1e-3)[:, None]) / QUANTILES_EACH)
        low, mid, high = self.at_nodes.T[:, :, None]
        return np.asarray(mid + (high - low) / (2 * NODES[2]) * u + (high + low - 2 * mid) / 6 * np.square(u))

    def sample(self) -> tuple[Floats, Floats]:
        """Values and weights, sorted: every component by its own equally likely quantiles."""
        flat = self.sample_aligned().ravel()
        order = np.argsort(flat, kind="stable")
        return flat[order], np.repeat(self.weights / QUANTILES_EACH, QUANTILES_EACH)[order]


def contrast(
    posterior: Posterior,
    observation: Observation,
    paths: Paths | None,
    treatment: str,
    on: Bools,
    steady: float | None = None,
) -> Contrast:
    """Mean over the days `on` of expected outcome with the treatment minus without it; the outcome's own sign.

    on : (days,) recorded days on treatment. steady : None = the exposure really reached; else a constant exposure
    (share of the largest dose), the steady state of a dose. paths : needed for ratings, whose ends bend the effect; the
    rest of a day's uncertainty is averaged over, not propagated, which touches only the bend.
    """
    k = posterior.coefficient(treatment)
    j = k - len(posterior.series.fixed_names)
    b = posterior.mean[:, k, None] + np.sqrt(posterior.cov[:, k, k])[:, None] * NODES
    if observation.family == "gaussian" or paths is None:
        x = posterior.exposure[:, j] if steady is None else np.full(len(b), steady)
        return Contrast(posterior.weights, observation.unit * x[:, None] * b)
    days = _thinned(np.flatnonzero(on))
    slope, taken = paths.slope[:, days], paths.lagged[:, days, j]
    towards = posterior.cov[:, :, k] / posterior.cov[:, k, k, None]  # E[b | b_k] moves along this
    rest = posterior.cov - towards[:, :, None] * posterior.cov[:, None, :, k]
    along = np.einsum("ntp,np->nt", slope, towards)
    middle = paths.offset[:, days] + np.einsum("ntp,np->nt", slope, posterior.mean)
    spread = paths.var[:, days] + np.einsum("ntp,npq,ntq->nt", slope, rest, slope, optimize=True)
    noise, cuts = posterior.hyper[3], posterior.cuts
    out = np.empty_like(b)
    for node in range(len(NODES)):
        shift = (b[:, node] - posterior.mean[:, k])[:, None]
        with_taken = middle + along * shift
        without = with_taken - taken * b[:, node, None]
        treated = with_taken if steady is None else without + steady * b[:, node, None]
        gain = observation.expected(treated, spread, noise, cuts) - observation.expected(without, spread, noise, cuts)
        # how much floor and ceiling take away, from the thinned days, times what the exact mean exposure would give
        share = taken.mean(axis=1) if steady is None else np.full(len(b), steady)
        straight = observation.unit * share * b[:, node]
        full = observation.unit * (posterior.exposure[:, j] if steady is None else share) * b[:, node]
        bend = np.divide(gain.mean(axis=1), straight, out=np.ones(len(b)), where=np.abs(straight) > 1e-9)
        out[:, node] = bend * full
    return Contrast(posterior.weights, out)


def _thinned(days: Integers) -> Integers:
    """At most BEND_DAYS of the days, evenly spread."""
    if len(days) <= BEND_DAYS:
        return days
    return days[np.round(np.linspace(0, len(days) - 1, BEND_DAYS)).astype(np.int64)]


def estimate(effect: Contrast, direction: float, meaningful: float) -> Estimate:
    """The improvement and its probabilities; direction +1 where higher is better, -1 where lower is."""
    mean, sd = effect.moments()
    values, weights = effect.sample()
    improvement = values if direction > 0 else -values[::-1]
    mass = weights if direction > 0 else weights[::-1]
    upto = np.cumsum(mass)

    def below(x: float) -> float:
        return effect.probability_below(x) if direction > 0 else 1 - effect.probability_below(-x)

    low, high = np.interp((0.025, 0.975), upto - 0.5 * mass, improvement)
    return Estimate(
        mean=direction * mean,
        sd=sd,
        interval95=(float(low), float(high)),
        better=_probability(1 - below(0.0)),
        meaningfully_better=_probability(1 - below(meaningful)),
        meaningfully_worse=_probability(below(-meaningful)),
        no_meaningful_difference=_probability(below(meaningful) - below(-meaningful)),
    )


def small_by_data_alone(e: Estimate, effect: Contrast, prior_sd: float, meaningful: float) -> float:
    """P(-meaningful < improvement < meaningful) with the normal prior of the effect taken out again.

    effect : the latent contrast, whose prior is N(0, prior_sd^2). Normal approximation: precisions subtract, so that sd
    widens by w = (1 - sd^2 / prior_sd^2)^(-1/2) and the mean by w^2; the improvement follows in proportion. 0 where the
    diary added nothing.
    """
    _, sd = effect.moments()
    left = 1 - sd**2 / prior_sd**2 if prior_sd > 0 else 0.0
    if left <= 0:
        return 0.0
    mean, wide = e.mean / left, max(e.sd * left**-0.5, 1e-300)
    low, high = normal_cdf(np.array([(-meaningful - mean) / wide, (meaningful - mean) / wide]))
    return float(high - low)


def straight(posterior: Posterior, treatment: str) -> Contrast:
    """The contrast on the latent scale: mean exposure times the coefficient."""
    k = posterior.coefficient(treatment)
    b = posterior.mean[:, k, None] + np.sqrt(posterior.cov[:, k, k])[:, None] * NODES
    return Contrast(posterior.weights, posterior.exposure[:, k - len(posterior.series.fixed_names), None] * b)


def best_dose(samples: Sequence[Floats], weights: Floats, direction: float) -> list[float]:
    """P(this dose is better than every other one and than none), for aligned samples (N, Q) of each dose's effect."""
    gains = direction * np.stack(samples)
    best = np.argmax(np.concatenate([np.zeros_like(gains[:1]), gains]), axis=0)
    return [float(weights @ np.mean(best == dose + 1, axis=1)) for dose in range(len(samples))]


def _probability(x: float) -> float:
    return min(1.0, max(0.0, x))


def bands(posterior: Posterior, observation: Observation, paths: Paths, treatment: str) -> tuple[Band, Band]:
    """Expected outcome of every day under the doses taken, and had no dose been taken."""
    k = posterior.coefficient(treatment)
    without = paths.slope.copy()
    without[:, :, k] -= paths.lagged[:, :, k - len(posterior.series.fixed_names)]
    return (
        _band(posterior, observation, paths, paths.slope),
        _band(posterior, observation, paths, without),
    )


def _band(posterior: Posterior, observation: Observation, paths: Paths, slope: Floats) -> Band:
    w = posterior.weights
    each = paths.offset + np.einsum("ntp,np->nt", slope, posterior.mean)
    var = paths.var + np.einsum("ntp,npq,ntq->nt", slope, posterior.cov, slope, optimize=True)
    mean = w @ each
    sd = np.sqrt(w @ (var + np.square(each - mean)))
    noise, cuts = np.array([float(w @ posterior.hyper[3])]), (w @ posterior.cuts)[None]
    point = np.zeros((1, len(mean)))
    low, middle, high = (
        observation.expected((mean + step * sd)[None], point, noise, cuts)[0] for step in (-1.96, 0.0, 1.96)
    )
    return Band(frozen(middle), frozen(low), frozen(high))
