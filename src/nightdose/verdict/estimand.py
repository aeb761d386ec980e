"""The improvement: expected outcome under the doses really taken minus had none been taken, on the outcome's scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Bools, Floats, frozen
from nightdose.inference.marginal import Paths
from nightdose.inference.normal import normal_cdf, normal_quantile
from nightdose.inference.observation import Observation
from nightdose.inference.posterior import Posterior
from nightdose.verdict.answer import Band, Estimate

# Gauss-Hermite nodes: exact for the mean of a quadratic in the effect
NODES, NODE_WEIGHTS = np.array([-np.sqrt(3.0), 0.0, np.sqrt(3.0)]), np.array([1 / 6, 2 / 3, 1 / 6])
QUANTILES_EACH = 101  # values that stand for one normal component in quantiles and probabilities


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

    def sample_aligned(self) -> Floats:
        """(N, quantiles) values, the same position in two contrasts of one posterior being the same coefficient."""
        u = normal_quantile((np.arange(QUANTILES_EACH) + 0.5) / QUANTILES_EACH)
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
    slope, taken = paths.slope[:, on], paths.lagged[:, on, j]
    towards = posterior.cov[:, :, k] / posterior.cov[:, k, k, None]  # E[b | b_k] moves along this
    rest = posterior.cov - towards[:, :, None] * posterior.cov[:, None, :, k]
    along = np.einsum("ntp,np->nt", slope, towards)
    middle = paths.offset[:, on] + np.einsum("ntp,np->nt", slope, posterior.mean)
    spread = paths.var[:, on] + np.einsum("ntp,npq,ntq->nt", slope, rest, slope, optimize=True)
    noise = np.broadcast_to(posterior.hyper[3][:, None], spread.shape)
    out = np.empty_like(b)
    for node in range(len(NODES)):
        shift = (b[:, node] - posterior.mean[:, k])[:, None]
        with_taken = middle + along * shift
        without = with_taken - taken * b[:, node, None]
        treated = with_taken if steady is None else without + steady * b[:, node, None]
        gain = observation.expected(treated, spread, noise) - observation.expected(without, spread, noise)
        out[:, node] = gain.mean(axis=1)
    return Contrast(posterior.weights, out)


def estimate(effect: Contrast, direction: float, meaningful: float) -> Estimate:
    """The improvement and its probabilities; direction +1 where higher is better, -1 where lower is."""
    mean, sd = effect.moments()
    values, weights = effect.sample()
    cumulative = np.cumsum(weights)
    improvement, upto = (values, cumulative) if direction > 0 else (-values[::-1], 1 - (cumulative - weights)[::-1])

    def below(x: float) -> float:
        at = int(np.searchsorted(improvement, x))
        return float(upto[at - 1]) if at else 0.0

    low, high = np.interp((0.025, 0.975), upto, improvement)
    return Estimate(
        mean=direction * mean,
        sd=sd,
        interval95=(float(low), float(high)),
        better=_probability(1 - below(0.0)),
        meaningfully_better=_probability(1 - below(meaningful)),
        meaningfully_worse=_probability(below(-meaningful)),
        no_meaningful_difference=_probability(below(meaningful) - below(-meaningful)),
    )


def small_by_data_alone(e: Estimate, prior_sd: float, meaningful: float) -> float:
    """P(-meaningful < improvement < meaningful) with the normal prior N(0, prior_sd^2) of the effect taken out again.

    Normal approximation: precisions and precision-weighted means subtract. 0 where the diary added nothing.
    """
    precision = 1 / e.sd**2 - 1 / prior_sd**2 if e.sd > 0 else np.inf
    if precision <= 0:
        return 0.0
    mean, sd = e.mean / e.sd**2 / precision, precision**-0.5
    low, high = normal_cdf(np.array([(-meaningful - mean) / sd, (meaningful - mean) / sd]))
    return float(high - low)


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
    noise = np.full_like(mean, float(w @ posterior.hyper[3]))
    point = np.zeros_like(mean)
    low, middle, high = (observation.expected(mean + step * sd, point, noise) for step in (-1.96, 0.0, 1.96))
    return Band(frozen(middle), frozen(low), frozen(high))
