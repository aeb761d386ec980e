"""The improvement: expected outcome under the doses really taken minus had none been taken, on the outcome's scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nightdose.arrays import Bools, Floats, Integers, frozen
from nightdose.inference.marginal import Paths
from nightdose.inference.normal import normal_cdf
from nightdose.inference.observation import Observation
from nightdose.inference.posterior import Posterior
from nightdose.verdict.answer import Band, Estimate
from nightdose.verdict.contrast import NODES, Contrast

BEND_DAYS = 60  # days on which the bend of floor, ceiling or link is measured


def contrast(
    posterior: Posterior,
    observation: Observation,
    paths: Paths | None,
    columns: Sequence[str],
    on: Bools,
    steady: Sequence[float] | None = None,
) -> Contrast:
    """Mean over the days `on` of expected outcome with the treatment minus without it; the outcome's own sign.

    columns : the treatment's columns; on : (days,) recorded days on treatment. steady : None = the exposure really
    reached; else a constant exposure in each column, the steady state of a dose. paths : needed where the link bends
    the effect (every outcome but a continuous one); the rest of a day's uncertainty is averaged over, not propagated,
    which touches only the bend.
    """
    ks = [posterior.coefficient(name) for name in columns]
    js = [k - len(posterior.series.fixed_names) for k in ks]
    reached = posterior.exposure[:, js]
    share = reached if steady is None else np.broadcast_to(np.asarray(steady, dtype=float), reached.shape)
    mean = np.einsum("nk,nk->n", share, posterior.mean[:, ks])
    towards = np.einsum("npk,nk->np", posterior.cov[:, :, ks], share)  # cov(b, share' b)
    var = np.maximum(np.einsum("nk,nk->n", share, towards[:, ks]), 1e-300)
    shift = np.sqrt(var)[:, None] * NODES
    line = observation.unit * (mean[:, None] + shift)
    if observation.family == "gaussian" or paths is None:
        return Contrast(posterior.weights, line)
    days = _thinned(np.flatnonzero(on))
    slope, taken = paths.slope[:, days], paths.lagged[:, days][:, :, js]
    towards /= var[:, None]  # E[b | share' b] moves along this
    rest = posterior.cov - (towards * var[:, None])[:, :, None] * towards[:, None, :]
    along = np.einsum("ntp,np->nt", slope, towards)
    middle = paths.offset[:, days] + np.einsum("ntp,np->nt", slope, posterior.mean)
    spread = paths.var[:, days] + np.einsum("ntp,npq,ntq->nt", slope, rest, slope, optimize=True)
    spread = np.maximum(spread, 0.0)
    noise, cuts = posterior.hyper[3], posterior.cuts
    out = np.empty_like(line)
    for node in range(len(NODES)):
        b = posterior.mean[:, ks] + towards[:, ks] * shift[:, node, None]
        with_taken = middle + along * shift[:, node, None]
        felt = np.einsum("ntk,nk->nt", taken, b)
        without = with_taken - felt
        constant = np.einsum("nk,nk->n", share, b)[:, None]
        treated = with_taken if steady is None else without + constant
        gain = observation.expected(treated, spread, noise, cuts) - observation.expected(without, spread, noise, cuts)
        # how much the link takes away, from the thinned days, times what the exact mean exposure would give
        straight_gain = observation.unit * (felt.mean(axis=1) if steady is None else constant[:, 0])
        bend = np.divide(gain.mean(axis=1), straight_gain, out=np.ones(len(b)), where=np.abs(straight_gain) > 1e-9)
        out[:, node] = bend * line[:, node]
    return Contrast(posterior.weights, out)


def _thinned(days: Integers) -> Integers:
    """At most BEND_DAYS of the days, evenly spread."""
    if len(days) <= BEND_DAYS:
        return days
    return days[np.round(np.linspace(0, len(days) - 1, BEND_DAYS)).astype(np.int64)]


def estimate(effect: Contrast, direction: float, meaningful: float) -> Estimate:
    """The improvement and its probabilities; direction +1 where higher is better, -1 where lower is."""
    mean, sd = effect.moments()
    ends = sorted(direction * effect.quantile(p) for p in (0.025, 0.975))

    def below(x: float) -> float:
        return effect.probability_below(x) if direction > 0 else 1 - effect.probability_below(-x)

    return Estimate(
        mean=direction * mean,
        sd=sd,
        interval95=(ends[0], ends[1]),
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


def straight(posterior: Posterior, columns: Sequence[str]) -> Contrast:
    """The contrast on the latent scale: mean exposure times the coefficients."""
    ks = [posterior.coefficient(name) for name in columns]
    share = posterior.exposure[:, [k - len(posterior.series.fixed_names) for k in ks]]
    mean = np.einsum("nk,nk->n", share, posterior.mean[:, ks])
    var = np.einsum("nk,nkl,nl->n", share, posterior.cov[:, ks][:, :, ks], share)
    return Contrast(posterior.weights, mean[:, None] + np.sqrt(np.maximum(var, 0.0))[:, None] * NODES)


def _probability(x: float) -> float:
    return min(1.0, max(0.0, x))


def bands(posterior: Posterior, observation: Observation, paths: Paths, columns: Sequence[str]) -> tuple[Band, Band]:
    """Expected outcome of every day under the doses taken, and had no dose been taken."""
    without = paths.slope.copy()
    for name in columns:
        k = posterior.coefficient(name)
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
