"""The improvement: expected outcome under the doses really taken minus had none been taken, on the outcome's scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nightdose.arrays import Bools, Floats, Integers
from nightdose.fit.contrast import NODES, Contrast, linear
from nightdose.fit.estimate import Estimate
from nightdose.inference.marginal import Paths
from nightdose.inference.normal import normal_cdf
from nightdose.inference.observation import Observation
from nightdose.inference.posterior import Posterior

BEND_DAYS, STEADY_DAYS = 48, 24  # days on which the bend of floor, ceiling or link is measured
STEP = 1e-3  # of the latent scale, for difference quotients
LEAST_BEND = 1e-12  # keeps a logarithm finite where a scale leaves nothing


def contrast(
    posterior: Posterior,
    observation: Observation,
    paths: Paths | None,
    columns: Sequence[str],
    on: Bools,
    steady: Floats | None = None,
) -> Contrast:
    """Mean over the days `on` of expected outcome with the treatment minus without it; the outcome's own sign.

    columns : the treatment's columns; on : (days,) recorded days on treatment. steady : None = the exposure really
    reached; else the exposure of each column on each day, (days, K) or (K,) for all days alike, had the dose settled.
    paths : needed where the link bends the effect (every outcome but a continuous one).

    With e_t the expected outcome on day t, f_t = x_t' b the felt effect and a' the mean exposure, at every point

        g = mean_t [e(eta_t) - e(eta_t - f_t)],    u = a' b standardised,    v = what else moves g, standardised

    v is the gradient of g in the path and in the coefficients, u held, at the outer node of u that lies farther from
    no effect: where the person stands decides how much of a scale is left for an effect. g is taken at three nodes of
    each; the rest of a day's uncertainty, which moves g only in the second order, is averaged over in e.
    """
    ks = [posterior.coefficient(name) for name in columns]
    js = [k - len(posterior.series.fixed_names) for k in ks]
    reached = posterior.exposure[:, js]
    settled = None if steady is None else np.broadcast_to(steady, (len(on), len(ks)))
    share = reached if settled is None else np.broadcast_to(np.mean(settled[on], axis=0), reached.shape)
    mean = np.einsum("nk,nk->n", share, posterior.mean[:, ks])
    towards = np.einsum("npk,nk->np", posterior.cov[:, :, ks], share)  # cov(b, share' b)
    sd = np.sqrt(np.maximum(np.einsum("nk,nk->n", share, towards[:, ks]), 1e-300))
    if observation.family == "gaussian" or paths is None:
        return linear(posterior.weights, observation.unit * mean, observation.unit * sd)
    line = observation.unit * np.column_stack([mean, sd])
    days = _thinned(np.flatnonzero(on), BEND_DAYS if settled is None else STEADY_DAYS)
    slope = paths.slope[:, days]
    taken = paths.lagged[:, days][:, :, js]
    if settled is not None:
        taken = np.broadcast_to(settled[days], taken.shape)
    towards /= sd[:, None]  # E[b | u] moves along this, a step an sd
    rest = posterior.cov - towards[:, :, None] * towards[:, None, :]
    middle = paths.offset[:, days] + np.einsum("ntp,np->nt", slope, posterior.mean)
    if settled is not None:  # on the days' own course, but had this dose been taken all along
        own = np.einsum("ntk,nk->nt", paths.lagged[:, days][:, :, js], posterior.mean[:, ks])
        middle += np.einsum("ntk,nk->nt", taken, posterior.mean[:, ks]) - own
        slope = slope.copy()
        slope[:, :, ks] += taken - paths.lagged[:, days][:, :, js]
    along = np.einsum("ntp,np->nt", slope, towards)
    moved = np.einsum("ntp,npq->ntq", slope, rest, optimize=True)
    spread = np.maximum(paths.var[:, days] + np.einsum("ntp,ntp->nt", moved, slope), 0.0)
    noise, cuts = posterior.hyper[3], posterior.cuts

    def expected(eta: Floats, var: Floats) -> Floats:
        return observation.expected(eta, var, noise, cuts)

    # the direction v, from slopes of e by difference quotients at the outer node of u
    outer = np.where(mean < 0, NODES[0], NODES[2])
    with_taken = middle + along * outer[:, None]
    felt = np.einsum("ntk,nk->nt", taken, posterior.mean[:, ks] + towards[:, ks] * outer[:, None])
    steep = [
        (expected(x + STEP, spread) - expected(x - STEP, spread)) / (2 * STEP * len(days))
        for x in (with_taken, with_taken - felt)
    ]
    in_path = steep[0] - steep[1]
    in_b = np.einsum("nt,ntp->np", in_path, slope)
    in_b[:, ks] += np.einsum("nt,ntk->nk", steep[1], taken)
    back = posterior.path_covariance(_spread_over(in_path, days, on))[:, days]
    b_moves = np.einsum("npq,nq->np", rest, in_b)
    squared = np.einsum("np,np->n", in_b, b_moves) + np.einsum("nt,nt->n", in_path, back)
    size = np.sqrt(np.maximum(squared, 1e-300))[:, None]
    b_moves, aside = b_moves / size, (np.einsum("ntq,nq->nt", moved, in_b) + back) / size
    left = np.maximum(spread - np.square(aside), 0.0)
    bend, rest_of = np.ones((2, len(line), len(NODES), len(NODES)))
    for i, j in np.ndindex(len(NODES), len(NODES)):
        u, v = NODES[i], NODES[j]
        b = posterior.mean[:, ks] + towards[:, ks] * u + b_moves[:, ks] * v
        felt = np.einsum("ntk,nk->nt", taken, b)
        with_taken = middle + along * u + aside * v
        gain = expected(with_taken, left) - expected(with_taken - felt, left)
        each = observation.unit * felt
        # how much the link leaves, from the thinned days, for the exact mean exposure; doses of opposite effect do not
        # cancel in it, so what they leave over is kept apart
        size_of = np.sum(np.abs(each), axis=1)
        kept = np.divide(np.sum(np.abs(gain), axis=1), size_of, out=np.ones(len(b)), where=size_of > 1e-9)
        bend[:, j, i] = np.maximum(kept, LEAST_BEND)
        rest_of[:, j, i] = gain.mean(axis=1) - kept * each.mean(axis=1)
    return Contrast(posterior.weights, line, bend, rest_of)


def _spread_over(thinned: Floats, days: Integers, on: Bools) -> Floats:
    """(N, all days) values of the thinned days, (N, thinned), dealt to every day `on`, sums kept."""
    every = np.flatnonzero(on)
    nearest = np.clip(np.searchsorted((days[1:] + days[:-1]) / 2, every), 0, len(days) - 1)
    shared = np.bincount(nearest, minlength=len(days))
    out = np.zeros((len(thinned), len(on)))
    out[:, every] = thinned[:, nearest] / shared[nearest]
    return out


def _thinned(days: Integers, most: int) -> Integers:
    """At most so many of the days, evenly spread."""
    if len(days) <= most:
        return days
    return days[np.round(np.linspace(0, len(days) - 1, most)).astype(np.int64)]


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
    return linear(posterior.weights, mean, np.sqrt(np.maximum(var, 0.0)))


def _probability(x: float) -> float:
    return min(1.0, max(0.0, x))
