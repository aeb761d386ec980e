"""Ordinary causes as further columns: how much better each explains a diary, and what it leaves of an effect.

Everything is Gaussian algebra at hyper-parameter points of a fit that is already there. With Sigma the covariance of
level, spells and noise (of the sites, where the outcome is not Gaussian), b the coefficients, g those of columns X,

    S = D + Z' Sigma^-1 Z,   m = S^-1 (Z' Sigma^-1 y + D m0),   g ~ N(0, Lambda)
    r = X' Sigma^-1 (y - Z m),   I = X' Sigma^-1 X - C S^-1 C',   C = X' Sigma^-1 Z
    log p(y | X) - log p(y) = -1/2 log |1 + Lambda I| + 1/2 r' G r,    G = (Lambda^-1 + I)^-1
    E[b | y, X] = m - S^-1 C' G r,    cov(b | y, X) = S^-1 + S^-1 C' G C S^-1

and, over points of the posterior without X, the mean of p(y | X, z) / p(y | z) is the ratio of the two evidences. The
step at every day comes out of one backward pass (de Jong & Penzer 1998, Diagnosing shocks in time series, JASA 93:796).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import groupby

import numpy as np

from nightdose.arrays import Bools, Floats, Integers, read_only
from nightdose.inference import _inference
from nightdose.inference.diagnostics import systematic
from nightdose.inference.marginal import Kernel, Products
from nightdose.inference.posterior import Posterior
from nightdose.statistics import log_sum_exp

POINTS = 24  # hyper-parameter points, a systematic resample of the posterior's
MOST_HELD = 250_000  # values of candidates' columns at a time, 2 MB; ten years of days have 2.5 million


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """One cause with its shape known.

    family : what it is of; at : its period, time constant or day, as its family means it.
    make : () -> (days, Q) its columns, made anew each time: those of every cycle in ten years are 20 MB.
    sd : (Q,) prior sd of their coefficients; share : its part of the family's prior.
    """

    family: str
    at: float
    make: Callable[[], Floats]
    sd: Floats
    share: float

    def __post_init__(self) -> None:
        read_only(self.sd)

    @property
    def columns(self) -> Floats:
        """(days, Q)."""
        return self.make()

    @property
    def width(self) -> int:
        """Q."""
        return len(self.sd)


@dataclass(frozen=True, slots=True)
class Steps:
    """A lasting step that may fall on any of these days in a row, each alike; family and sd as in `Candidate`."""

    family: str
    days: range
    sd: float


class Screen:
    """Candidates and steps judged beside the columns of a fit; arrays run over candidates first, then steps, (C,).

    at : (N,) the posterior's points that were used. log_ratio : (N, C) log p(y | cause, z) - log p(y | z);
    alone : the same with the treatment's columns left out of the numerator. nothing : (N,) of leaving them out alone.
    points : how many; None = POINTS.
    """

    def __init__(
        self,
        posterior: Posterior,
        candidates: Sequence[Candidate],
        steps: Steps,
        treatment: Sequence[str],
        points: int | None = None,
    ) -> None:
        series = posterior.series
        self._series, self.candidates, self.steps, self._days = series, tuple(candidates), steps, len(series.y)
        ks = [posterior.coefficient(name) for name in treatment]
        share = posterior.exposure[:, [k - len(series.fixed_names) for k in ks]]
        effect = np.sum(share * posterior.mean[:, ks], axis=1)
        # neighbours are alike, so that the resample errs less; in one order, whether better is lower or higher
        order = np.argsort(effect * np.sign(posterior.weights @ effect), kind="stable")
        self.at = order[systematic(posterior.weights[order], points or POINTS)]
        sites = posterior.sites_at(self.at)
        kernel, self._blocks, first = Kernel(series), list[_Block](), 0
        for some in _batches(self.candidates, self._days):
            laid = _laid(some, self._days)
            self._products = kernel.products(posterior.z[self.at], sites, laid.further, laid.group)
            self._blocks += _blocks(self._products, laid, first)
            first += len(some)
        self._blocks += _step_blocks(self._products, steps, first)
        self._others = np.array([name not in treatment for name in series.names])
        self._fit = _Fit(self._products, series.border_mean, series.border_sd, np.ones(len(series.names), dtype=bool))
        self._gains = [self._fit.gain(block) for block in self._blocks]
        self.log_ratio = self._gathered([gain.log_ratio for gain in self._gains])

    @cached_property
    def _bare(self) -> _Fit:
        series = self._series
        return _Fit(self._products, series.border_mean, series.border_sd, self._others)

    @cached_property
    def nothing(self) -> Floats:
        """(N,) log p(y | no treatment, z) - log p(y | z)."""
        return np.asarray(self._bare.log_evidence - self._fit.log_evidence)

    @cached_property
    def alone(self) -> Floats:
        """(N, C) log p(y | cause, no treatment, z) - log p(y | z)."""
        return self._gathered([self._bare.gain(block).log_ratio for block in self._blocks]) + self.nothing[:, None]

    @cached_property
    def _named(self) -> _Members:
        return _members(self.candidates, self.steps)

    @property
    def families(self) -> tuple[str, ...]:
        """(C,) what each is of."""
        return self._named.families

    @property
    def members(self) -> Mapping[str, Integers]:
        """Family -> numbers of its members, rising."""
        return self._named.of

    @property
    def shares(self) -> Floats:
        """(C,) its part of its family's prior."""
        return self._named.shares

    def beside(self, point: Integers, which: Integers) -> tuple[Floats, Floats]:
        """(M, T) mean, (M, T, T) covariance of the treatment's T coefficients beside chosen causes, each at one point.

        point, which : (M,) numbers along the two axes of `log_ratio`.
        """
        treatment = np.flatnonzero(~self._others)
        mean, cov = np.empty((len(point), len(treatment))), np.empty((len(point), len(treatment), len(treatment)))
        for block, gain in zip(self._blocks, self._gains, strict=True):
            here = np.flatnonzero((which >= block.first) & (which < block.first + block.sd.shape[0]))
            if not len(here):
                continue
            pairs = point[here], which[here] - block.first
            mean[here], cov[here] = self._fit.beside(block, gain, pairs, treatment)
        return mean, cov

    def candidate(self, which: int) -> Candidate:
        """The candidate with this number, a step as columns as well."""
        if which < len(self.candidates):
            return self.candidates[which]
        day = self.steps.days[which - len(self.candidates)]
        sd, share = np.array([self.steps.sd]), 1 / len(self.steps.days)
        return Candidate(self.steps.family, float(day), partial(_step, self._days, day), sd, share)

    def _gathered(self, of_blocks: Sequence[Floats]) -> Floats:
        return np.concatenate([np.zeros((len(self.at), 0)), *of_blocks], axis=1)


def _step(days: int, day: int) -> Floats:
    return (np.arange(days) >= day).astype(np.float64)[:, None]


@dataclass(frozen=True, slots=True)
class _Block:
    """Neighbouring candidates of one width Q: their products with [y Z] and with themselves, and their prior sds."""

    first: int  # number of the first of them
    cross: Floats  # (N, C, Q, K)
    own: Floats  # (N, C, Q, Q)
    sd: Floats  # (C, Q)


def _batches(candidates: Sequence[Candidate], days: int) -> Iterator[tuple[Candidate, ...]]:
    """All of them in order, at least once, so many at a time that the columns of all are never there together."""
    begin, held = 0, 0
    for i, candidate in enumerate(candidates):
        held += candidate.width * days
        if held > MOST_HELD and i > begin:
            yield tuple(candidates[begin:i])
            begin, held = i, candidate.width * days
    yield tuple(candidates[begin:])


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring candidates of one width Q in a batch: the number of the first, their columns, (C, Q) prior sds."""

    first: int
    columns: slice
    sd: Floats


@dataclass(frozen=True, slots=True)
class _Laid:
    """A batch side by side. further : (days, B) columns; group : (B,) number of the candidate that each is of."""

    further: Floats
    group: Integers
    runs: tuple[_Run, ...]


@lru_cache(maxsize=2)  # the diaries of a certificate and of most cohorts have the same candidates
def _laid(candidates: tuple[Candidate, ...], days: int) -> _Laid:
    further = np.concatenate([np.zeros((days, 0)), *(c.columns for c in candidates)], axis=1)
    group = np.repeat(np.arange(len(candidates)), np.array([c.width for c in candidates], dtype=np.intp))
    runs, first, begin = [], 0, 0
    for width, same in groupby(candidates, key=lambda c: c.width):
        sd = np.stack([c.sd for c in same])
        runs.append(_Run(first, slice(begin, begin + sd.size), sd))
        first, begin = first + len(sd), begin + len(sd) * width
    read_only(further, *(run.sd for run in runs))
    return _Laid(further, group, tuple(runs))


@dataclass(frozen=True, slots=True)
class _Members:
    """families, shares : (C,) of all candidates and steps; of : family -> the numbers of its members."""

    families: tuple[str, ...]
    shares: Floats
    of: Mapping[str, Integers]


@lru_cache(maxsize=4)
def _members(candidates: tuple[Candidate, ...], steps: Steps) -> _Members:
    n = len(steps.days)
    families = (*(c.family for c in candidates), *[steps.family] * n)
    shares = np.array([*(c.share for c in candidates), *np.full(n, 1 / max(n, 1))])
    read_only(shares)
    named = np.array(families)
    return _Members(families, shares, {family: np.flatnonzero(named == family) for family in dict.fromkeys(families)})


@lru_cache(maxsize=16)
def _both_ways(q: int) -> tuple[Integers, Integers]:
    """(q, q) for i and j the later of both, and how far the other one is before it."""
    i, j = np.indices((q, q))
    return np.maximum(i, j), np.abs(i - j)


def _blocks(products: Products, laid: _Laid, begin: int) -> list[_Block]:
    """begin : number of the first of these candidates."""
    blocks = []
    n, _, k = products.cross.shape
    for run in laid.runs:
        c, q = run.sd.shape
        before = products.own[:, run.columns].reshape(n, c, q, -1)
        own, cross = before[:, :, *_both_ways(q)], products.cross[:, run.columns].reshape(n, c, q, k)
        blocks.append(_Block(begin + run.first, cross, own, run.sd))
    return blocks


def _step_blocks(products: Products, steps: Steps, begin: int) -> list[_Block]:
    if not len(steps.days):
        return []
    days = slice(steps.days.start, steps.days.stop)
    cross, own = products.step_cross[:, days, None], products.step_own[:, days, None, None]
    return [_Block(begin, cross, own, np.full((len(steps.days), 1), steps.sd))]


@dataclass(frozen=True, slots=True)
class _Gain:
    """log_ratio : (N, C); coefficients : (N, C, Q) G r; cov : (N, C, Q, Q) G."""

    log_ratio: Floats
    coefficients: Floats
    cov: Floats


class _Fit:
    """The coefficients' posterior at every point with some of the columns, and what a further column adds to it.

    Every vector and matrix runs over the K = 1 + P columns [y Z], with zeros for y and for columns that are left out.
    """

    def __init__(self, products: Products, border_mean: Floats, border_sd: Floats, keep: Bools) -> None:
        at = np.flatnonzero(keep) + 1
        precision, prior_mean = 1 / np.square(border_sd[keep]), border_mean[keep]
        inner = products.gram[:, at[:, None], at] + np.diag(precision)
        cov = np.linalg.inv(inner)
        h = products.gram[:, at, 0] + precision * prior_mean
        mean = np.einsum("npq,nq->np", cov, h)
        self._cov = np.zeros_like(products.gram)
        self._cov[:, at[:, None], at] = cov
        self._mean = np.zeros(products.gram.shape[:2])
        self._mean[:, at] = mean
        # what does not depend on which columns are kept is left out
        log_det = np.linalg.slogdet(inner)[1] - np.sum(np.log(precision))
        quad = np.einsum("np,np->n", h, mean) - np.sum(precision * np.square(prior_mean))
        self.log_evidence = 0.5 * (quad - log_det)

    def gain(self, block: _Block) -> _Gain:
        """What each of the block's candidates adds; compiled."""
        laid = (np.ascontiguousarray(x) for x in (block.cross, block.own, block.sd))
        return _Gain(*_inference.gain(*laid, mean=self._mean, cov=self._cov))

    def beside(
        self, block: _Block, gain: _Gain, pairs: tuple[Integers, Integers], columns: Integers
    ) -> tuple[Floats, Floats]:
        """(M, T) mean and (M, T, T) covariance of some coefficients at pairs of a point and one of the candidates."""
        point, at = pairs[0], columns + 1
        own = self._cov[point][:, at]
        along = block.cross[pairs] @ np.swapaxes(own, 1, 2)
        mean = self._mean[point][:, at] - np.einsum("mqt,mq->mt", along, gain.coefficients[pairs])
        return mean, own[:, :, at] + np.swapaxes(along, 1, 2) @ gain.cov[pairs] @ along


def log_mean(x: Floats) -> Floats:
    """log of the mean of exp(x) over points, (N, C) -> (C,)."""
    return np.asarray(log_sum_exp(x) - np.log(len(x)))
