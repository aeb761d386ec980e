"""The improvement: expected outcome under the doses really taken minus had none been taken, on the outcome's scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from nightdose.arrays import Bools, Floats, Integers
from nightdose.fit.contrast import NODES, Contrast, linear
from nightdose.fit.estimate import Estimate
from nightdose.inference.diagnostics import systematic
from nightdose.inference.marginal import Paths
from nightdose.inference.normal import normal_cdf
from nightdose.inference.observation import BentPaths, Observation
from nightdose.inference.posterior import Posterior

BEND_POINTS, BEND_DAYS = 64, 366  # points and days, at most, at which the bend of floor, ceiling or link is measured
RIDGE = 1e-3  # of a point, in the regression that carries it to the others
STEP = 1e-3  # of the latent scale, for difference quotients
LEAST_BEND = 1e-12  # keeps a logarithm finite where a scale leaves nothing


def contrast(
    posterior: Posterior,
    observation: Observation,
    measured: Measured | None,
    columns: Sequence[str],
    on: Bools,
    steady: Floats | None = None,
) -> Contrast:
    """Mean over the days `on` of expected outcome with the treatment minus without it; the outcome's own sign.

    columns : the treatment's columns; on : (days,) recorded days on treatment. steady : None = the exposure really
    reached; else the exposure of each column on each day, (days, K) or (K,) for all days alike, had the dose settled.
    measured : what `measure` says, needed where the link bends the effect (every outcome but a continuous one).

    With e_t the expected outcome on day t, f_t = x_t' b the effect on the latent scale and a' the mean exposure, at
    every point

        g = mean_t [e(eta_t) - e(eta_t - f_t)],    u = a' b standardised,    v = what else moves g, standardised

    v is the gradient of g in the path and in the coefficients, u held, at the outer node of u that lies farther from
    no effect: where the person stands decides how much of a scale is left for an effect. g is taken at three nodes of
    each; the rest of a day's uncertainty, which moves g only in the second order, is averaged over in e. All of that at
    some of the points: how much a link leaves of an effect hardly differs between them, and is carried to the others.
    """
    settled = None if steady is None else np.broadcast_to(steady, (len(on), len(columns)))
    effect = _latent_effect(posterior, columns, None if settled is None else np.mean(settled[on], axis=0))
    line = observation.unit * np.column_stack([effect.mean, effect.sd])
    if observation.family == "gaussian" or measured is None:
        return linear(posterior.weights, line[:, 0], line[:, 1])
    some, paths, here = measured.posterior, measured.paths, effect.only(measured.points)
    standing = _standing(some, paths, here, None if settled is None else settled[paths.days])
    aside = _aside(some, observation, standing, here, on)
    bend, rest = _bends(some, observation, standing, here, aside)
    known = np.column_stack([posterior.z, effect.mean / np.max(effect.sd)])
    bend = np.exp(_carried(np.log(bend), known, measured.points))
    return Contrast(posterior.weights, line, bend, _carried(rest, known, measured.points))


@dataclass(frozen=True, slots=True)
class Measured:
    """Where the bend of a link is measured: some of a posterior's points, and the paths there on days on treatment.

    points : (n,) their numbers, rising; posterior : it at these points alone.
    """

    points: Integers
    posterior: Posterior
    paths: Paths


def measure(posterior: Posterior, columns: Sequence[str], on: Bools, share: float = 1.0, threads: int = 1) -> Measured:
    """At most BEND_POINTS points, from the least to the largest effect, and BEND_DAYS days.

    share : of the answer that this model carries; a small one needs fewer points.
    """
    order = np.argsort(_latent_effect(posterior, columns, None).mean, kind="stable")
    n = np.ceil(BEND_POINTS * np.sqrt(share))
    points = np.unique(order[systematic(posterior.weights[order], int(n))])
    some = posterior.only(points)
    return Measured(points, some, some.paths(_thinned(np.flatnonzero(on), BEND_DAYS), threads))


def measured_under(measured: Measured, posterior: Posterior) -> Measured:
    """At the points and on the paths of a measure before, for the same points under other priors (`reprior.under`):
    given the coefficients no path has moved.
    """
    at, before = measured.points, measured.posterior
    weights = posterior.weights[at] / np.sum(posterior.weights[at])
    moved = {name: getattr(posterior, name)[at] for name in ("z", "mean", "cov")}
    return Measured(at, replace(before, series=posterior.series, weights=weights, **moved), measured.paths)


def _carried(values: Floats, known: Floats, points: Integers) -> Floats:
    """(N, 3, 3) values at all points from (n, 3, 3) at some, by regression on what is known of all, (N, F), and its
    squares; held between the least and the largest that were measured.
    """
    if len(points) == len(known):
        return values
    if not np.any(values):  # the rest of a single column
        return np.zeros((len(known), *values.shape[1:]))
    x = known - np.mean(known[points], axis=0)
    x = np.concatenate([x, np.square(x)], axis=1)
    x -= np.mean(x[points], axis=0)
    at, measured = x[points], values.reshape(len(points), -1)
    level = np.mean(measured, axis=0)
    slope = np.linalg.solve(at.T @ at + RIDGE * np.eye(x.shape[1]), at.T @ (measured - level))
    out = np.clip(level + x @ slope, np.min(measured, axis=0), np.max(measured, axis=0))
    return np.asarray(out.reshape(len(known), *values.shape[1:]))


_Aside = tuple[Floats, Floats]  # the direction v, an sd of it: (N, P) in the coefficients, (N, T) in eta


@dataclass(frozen=True, slots=True)
class _LatentEffect:
    """The effect u = a' b on the latent scale at every hyper-parameter point; P coefficients, K of the treatment.

    at : the K among the P; share : (N, K) mean exposure a; mean, sd : (N,) of a' b; towards : (N, P) what an sd of
    a' b moves the coefficients by, E[b | u] = m + towards u.
    """

    at: list[int]
    share: Floats
    mean: Floats
    sd: Floats
    towards: Floats

    def only(self, points: Integers) -> _LatentEffect:
        """At these points alone."""
        return _LatentEffect(self.at, self.share[points], self.mean[points], self.sd[points], self.towards[points])

    def columns(self, posterior: Posterior) -> list[int]:
        """The treatment's columns among those with an exposure."""
        return [k - len(posterior.series.fixed_names) for k in self.at]


def _latent_effect(posterior: Posterior, columns: Sequence[str], steady: Floats | None) -> _LatentEffect:
    ks = [posterior.coefficient(name) for name in columns]
    reached = posterior.exposure[:, [k - len(posterior.series.fixed_names) for k in ks]]
    share = reached if steady is None else np.broadcast_to(steady, reached.shape)
    mean = np.einsum("nk,nk->n", share, posterior.mean[:, ks])
    towards = np.einsum("npk,nk->np", posterior.cov[:, :, ks], share)  # cov(b, share' b)
    sd = np.sqrt(np.maximum(np.einsum("nk,nk->n", share, towards[:, ks]), 1e-300))
    return _LatentEffect(ks, share, mean, sd, towards / sd[:, None])


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where the person stands on T days, with the treatment: eta = middle + along u + what is left.

    days : (T,); taken : (N, T, K) exposure; slope : (N, T, P) of eta in the coefficients; left : (N, P, P) their
    covariance given u; moved : (N, T, P) = slope left; spread : (N, T) variance of eta given u.
    """

    days: Integers
    taken: Floats
    slope: Floats
    middle: Floats
    along: Floats
    left: Floats
    moved: Floats
    spread: Floats


def _standing(posterior: Posterior, paths: Paths, effect: _LatentEffect, settled: Floats | None) -> _Standing:
    """settled : (T, K) exposure instead of the one reached, on the days' own course: the dose taken all along."""
    ks, slope = effect.at, paths.slope
    taken = paths.lagged[:, :, effect.columns(posterior)]
    middle = paths.offset + np.einsum("ntp,np->nt", slope, posterior.mean)
    if settled is not None:
        own, taken = taken, np.broadcast_to(settled, taken.shape)
        shift = np.einsum("ntk,nk->nt", own, posterior.mean[:, ks])
        middle += np.einsum("ntk,nk->nt", taken, posterior.mean[:, ks]) - shift
        slope = slope.copy()
        slope[:, :, ks] += taken - own
    left = posterior.cov - effect.towards[:, :, None] * effect.towards[:, None, :]
    moved = np.einsum("ntp,npq->ntq", slope, left, optimize=True)
    return _Standing(
        days=paths.days,
        taken=taken,
        slope=slope,
        middle=middle,
        along=np.einsum("ntp,np->nt", slope, effect.towards),
        left=left,
        moved=moved,
        spread=np.maximum(paths.var + np.einsum("ntp,ntp->nt", moved, slope), 0.0),
    )


def _aside(
    posterior: Posterior, observation: Observation, standing: _Standing, effect: _LatentEffect, on: Bools
) -> _Aside:
    """v, from slopes of e by difference quotients at the outer node of u that lies farther from no effect."""
    ks, taken = effect.at, standing.taken

    def expected(eta: Floats) -> Floats:
        return observation.expected(eta, standing.spread, posterior.hyper[3], posterior.cuts)

    outer = np.where(effect.mean < 0, NODES[0], NODES[2])
    with_taken = standing.middle + standing.along * outer[:, None]
    daily = np.einsum("ntk,nk->nt", taken, posterior.mean[:, ks] + effect.towards[:, ks] * outer[:, None])
    steep = [
        (expected(x + STEP) - expected(x - STEP)) / (2 * STEP * len(standing.days))
        for x in (with_taken, with_taken - daily)
    ]
    in_path = steep[0] - steep[1]
    in_b = np.einsum("nt,ntp->np", in_path, standing.slope)
    in_b[:, ks] += np.einsum("nt,ntk->nk", steep[1], taken)
    back = posterior.path_covariance(_spread_over(in_path, standing.days, on), standing.days)
    b_moves = np.einsum("npq,nq->np", standing.left, in_b)
    squared = np.einsum("np,np->n", in_b, b_moves) + np.einsum("nt,nt->n", in_path, back)
    size = np.sqrt(np.maximum(squared, 1e-300))[:, None]
    # no covariance with one sd of anything exceeds the own sd: where v is hardly defined, the quotient might
    most_b = np.sqrt(np.maximum(np.einsum("npp->np", standing.left), 0.0))
    most_eta = np.sqrt(standing.spread)
    in_eta = (np.einsum("ntq,nq->nt", standing.moved, in_b) + back) / size
    return np.clip(b_moves / size, -most_b, most_b), np.clip(in_eta, -most_eta, most_eta)


def _bends(
    posterior: Posterior, observation: Observation, standing: _Standing, effect: _LatentEffect, aside: _Aside
) -> tuple[Floats, Floats]:
    """(bend, rest), each (N, 3, 3) at the nodes of v and u, as `Contrast` wants them."""
    felt, felt_along, felt_aside = (
        (standing.taken @ b[:, :, None])[:, :, 0]
        for b in (posterior.mean[:, effect.at], effect.towards[:, effect.at], aside[0][:, effect.at])
    )
    left = np.maximum(standing.spread - np.square(aside[1]), 0.0)
    paths = BentPaths(standing.middle, standing.along, aside[1], felt, felt_along, felt_aside, left)
    gain, gain_size, each, size = observation.bends(NODES, paths, posterior.hyper[3], posterior.cuts)
    # how much the link leaves, from these days, for the exact mean exposure; doses of opposite effect do not
    # cancel in it, so what they leave over is kept apart
    unit, days = observation.unit, len(standing.days)
    kept = np.divide(gain_size, unit * size, out=np.ones_like(size), where=unit * size > 1e-9)
    if len(effect.at) == 1:
        return np.maximum(kept, LEAST_BEND), np.zeros_like(kept)  # it is, but for rounding
    return np.maximum(kept, LEAST_BEND), (gain - kept * unit * each) / days


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


class Chances:
    """Probabilities of the improvement, each worked out when it is first asked for; `estimate` says what they mean.

    effect : () -> its contrast. sign : () -> one of the same sign that costs less, where there is one. direction, by :
    as in `estimate`.
    """

    def __init__(
        self,
        effect: Callable[[], Contrast],
        direction: float,
        meaningful: float,
        *,
        by: float = 0.0,
        sign: Callable[[], Contrast] | None = None,
    ) -> None:
        self._effect, self._sign = effect, sign or effect
        self._direction, self._meaningful, self._by = direction, meaningful, by

    @cached_property
    def better(self) -> float:
        """P(improvement > 0)."""
        return _probability(1 - self._below(0.0, self._sign()))

    @cached_property
    def meaningfully_better(self) -> float:
        """P(improvement >= meaningful)."""
        return _probability(1 - self._below(self._meaningful))

    @cached_property
    def meaningfully_worse(self) -> float:
        """P(improvement <= -meaningful)."""
        return _probability(self._below(-self._meaningful))

    @cached_property
    def no_meaningful_difference(self) -> float:
        """P(-meaningful < improvement < meaningful)."""
        return _probability(self._below(self._meaningful) - self._below(-self._meaningful))

    def _below(self, x: float, effect: Contrast | None = None) -> float:
        effect = effect or self._effect()
        if self._direction > 0:
            return effect.probability_below(x - self._by)
        return 1 - effect.probability_below(-x - self._by)


def estimate(effect: Contrast, direction: float, meaningful: float, by: float = 0.0) -> Estimate:
    """The improvement and its probabilities; direction +1 where higher is better, -1 where lower is.

    by : added to the contrast.
    """
    mean, sd = effect.moments()
    ends = sorted(direction * (end + by) for end in effect.interval95)
    chances = Chances(lambda: effect, direction, meaningful, by=by)
    return Estimate(
        mean=direction * (mean + by),
        sd=sd,
        interval95=(ends[0], ends[1]),
        better=chances.better,
        meaningfully_better=chances.meaningfully_better,
        meaningfully_worse=chances.meaningfully_worse,
        no_meaningful_difference=chances.no_meaningful_difference,
    )


def small_by_data_alone(mean: float, sd: float, effect: Contrast, prior_sd: float, meaningful: float) -> float:
    """P(-meaningful < improvement < meaningful) with the normal prior of the effect taken out again.

    mean, sd : of the improvement; effect : the latent contrast, whose prior is N(0, prior_sd^2). Normal approximation:
    precisions subtract, so that sd widens by w = (1 - sd^2 / prior_sd^2)^(-1/2) and the mean by w^2; the improvement
    follows in proportion. 0 where the diary added nothing.
    """
    _, latent = effect.moments()
    left = 1 - latent**2 / prior_sd**2 if prior_sd > 0 else 0.0
    if left <= 0:
        return 0.0
    mean, wide = mean / left, max(sd * left**-0.5, 1e-300)
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
