"""The posterior of one series: a weighted set of hyper-parameter points, each with an exact normal for the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

import numpy as np

from nightdose.arrays import Floats, Integers, read_only
from nightdose.inference.components import Series
from nightdose.inference.diagnostics import effective_sample_size, pareto_k
from nightdose.inference.hyper import Mixture, Mode, around, find_mode, sliced
from nightdose.inference.marginal import (
    NO_SITES,
    AnySites,
    Evaluations,
    Kernel,
    Paths,
    Sites,
    StagedSites,
    path_covariance,
)
from nightdose.inference.outliers import asks_for_heavy_tails, spread_at
from nightdose.statistics import log_sum_exp

Effort = Literal["whole", "half", "rough"]
# points of the first three stages, most points in all, effective points to reach; a rating costs ten times as much each
STAGES = {"gaussian": (256, 512, 512), "category": (256, 256, 256), "count": (256, 256, 256)}
MOST = {"gaussian": 12288, "category": 4096, "count": 4096}
ENOUGH = {"gaussian": 300.0, "category": 200.0, "count": 200.0}
# of these, for one of several models that each carry less than half of an answer, and for what only widens a band
SHARE: Mapping[Effort, float] = MappingProxyType({"whole": 1.0, "half": 0.5, "rough": 0.1})
SPREAD_ROUNDS, SPREAD_SETTLED = 6, 0.1  # of days far out; the largest change of a logarithm
MOST_SITES = 1_000_000  # days times first points, 16 MB and as much for each round more; else found again when needed
KEPT_WEIGHT = 0.9995  # points that carry less than the rest of the weight together are dropped


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is known after the diary, given the model.

    weights : (N,) sum 1; z : (N, dim) prior-normal coordinates; mean, cov : (N, P), (N, P, P) of the coefficients;
    exposure : (N, J) mean exposure over the estimand's days; hyper : (4, N) level_sd, ar_sd, ar_phi, noise_sd;
    tau : (N, J) days; cuts : (N, C) cutpoints; ess, tail_k, unconverged : what the fit says of its own quality;
    log_evidence : log p(y). sites : (N, days) what stands for the outcomes that are not Gaussian; (0, 0) where that is
    nothing, or would be too much to keep (`sites_at`).
    """

    series: Series
    weights: Floats
    z: Floats
    mean: Floats
    cov: Floats
    exposure: Floats
    hyper: Floats
    tau: Floats
    cuts: Floats
    ess: float
    tail_k: float
    unconverged: float  # posterior weight of points where expectation propagation did not settle
    log_evidence: float
    evaluations: int
    sites: AnySites

    def __post_init__(self) -> None:
        read_only(self.weights, self.z, self.mean, self.cov, self.exposure, self.hyper, self.tau, self.cuts)

    def coefficient(self, name: str) -> int:
        """Index of a coefficient by its column's name."""
        return self.series.names.index(name)

    def only(self, points: Integers) -> Posterior:
        """At these of its points alone."""
        one = {name: getattr(self, name)[points] for name in ("z", "mean", "cov", "exposure", "tau", "cuts")}
        weights = self.weights[points] / np.sum(self.weights[points])
        return replace(self, weights=weights, hyper=self.hyper[:, points], sites=self.sites_at(points), **one)

    def sites_at(self, points: Integers) -> Sites:
        """What stands for the outcomes at these points, found again where it was not kept; none of a continuous one."""
        if self.series.family == "gaussian":
            return NO_SITES
        if self.sites is not NO_SITES:
            return self.sites.at(points)
        return Kernel(self.series).evaluate(self.z[points]).sites

    def paths(self, days: Integers | None = None, threads: int = 1) -> Paths:
        """The smoothed path at every point, on days with these indices; None = all."""
        return Kernel(self.series, threads).paths(self.z, self.sites, days)

    def curves(self, without: Sequence[str]) -> tuple[Floats, Floats]:
        """Mean and sd of every day's latent outcome, (2, days) each: as it is, and without some columns."""
        return Kernel(self.series).curves(self.z, self.sites, self.weights, without)

    def path_covariance(self, direction: Floats, days: Integers) -> Floats:
        """(N, D) covariance of chosen days' paths with direction' path, direction (N, days), at every point."""
        return path_covariance(self.series, self.hyper, self.sites, direction, days)


class _Points:
    """Importance points so far, stage by stage, each weighted against the mixture of all stages."""

    def __init__(self, kernel: Kernel, dim: int, keep_sites: bool) -> None:
        self._kernel, self._keep_sites = kernel, keep_sites
        self.proposals: list[Mixture] = []
        self.stages: list[Evaluations] = []
        self.z = np.zeros((0, dim))
        self._target = np.zeros(0)  # log p(y | z) p(z)
        self._densities: list[Floats] = []  # of every proposal at every point
        self.log_weights = np.zeros(0)

    def add(self, proposal: Mixture, n: int) -> None:
        """n more points from another proposal; all are weighted again."""
        new = proposal.points(n, skip=len(self.z))
        stage = self._kernel.evaluate(new, keep_sites=self._keep_sites)
        older = [np.append(d, q.log_density(new)) for d, q in zip(self._densities, self.proposals, strict=True)]
        self.proposals.append(proposal)
        self.stages.append(stage)
        self.z = np.concatenate([self.z, new])
        self._densities = [*older, proposal.log_density(self.z)]
        self._target = np.append(self._target, stage.loglik - 0.5 * np.einsum("nd,nd->n", new, new))
        counts = np.array([[len(stage.loglik)] for stage in self.stages])
        self.log_weights = self._target - log_sum_exp(np.log(counts / len(self.z)) + np.array(self._densities))

    def gathered(self, name: str) -> Floats:
        """One array of the evaluations, all stages in order."""
        return np.concatenate([getattr(stage, name) for stage in self.stages])

    def sites(self, kept: Integers) -> StagedSites:
        """The sites of the points `kept`, rising."""
        return StagedSites(tuple(stage.sites for stage in self.stages), kept)

    @property
    def weights(self) -> Floats:
        """(N,) sum 1."""
        weights = np.exp(self.log_weights - self.log_weights.max())
        return np.asarray(weights / weights.sum())


def _mode(series: Series, threads: int) -> Mode:
    dim = len(series.hyper_names)
    return find_mode(Kernel(series, threads, near=np.zeros((1, dim))).log_posterior, dim)


def _heavy_tailed(series: Series, mode: Mode, threads: int) -> tuple[Series, Mode]:
    """The series with days far out given noise of their own, where there are any, and the mode it then has."""
    if not asks_for_heavy_tails(series, mode.z[None]):
        return series, mode
    for _ in range(SPREAD_ROUNDS):
        spread = spread_at(series, mode.z[None])
        moved = np.max(np.abs(np.log(spread / (1.0 if series.spread is None else series.spread))))
        series = replace(series, spread=spread)
        mode = _mode(series, threads)
        if moved < SPREAD_SETTLED:
            break
    return series, mode


def fit(series: Series, *, threads: int = 1, effort: Effort = "whole") -> Posterior:
    """The full posterior of a series, deterministic; adds points until they suffice, or says that they do not.

    effort : SHARE of the points; a rough one lays them in one stage.
    """
    dim, family = len(series.hyper_names), series.family
    series, mode = _heavy_tailed(series, _mode(series, threads), threads)
    share, stages = SHARE[effort], STAGES[family]
    keep_sites = family != "gaussian" and len(series.y) * sum(stages) <= MOST_SITES
    points = _Points(Kernel(series, threads, near=mode.z[None]), dim, keep_sites)
    sizes = [sum(stages)] if effort == "rough" else stages
    first, *later = (round(share * size) for size in sizes)
    points.add(around(mode, series.bent), first)
    for n in later:
        points.add(sliced(points.z, points.weights, mode, series.bent), n)
    while effective_sample_size(points.weights) < share * ENOUGH[family] and len(points.z) < MOST[family]:
        more = min(len(points.z), MOST[family] - len(points.z))
        points.add(sliced(points.z, points.weights, mode, series.bent), more)
    weights, top = points.weights, float(np.max(points.log_weights))
    heaviest = np.sort(weights)[::-1]
    kept = np.flatnonzero(~(weights < heaviest[int(heaviest.cumsum().searchsorted(KEPT_WEIGHT))]))
    return Posterior(
        series=series,
        weights=weights[kept] / np.sum(weights[kept]),
        z=points.z[kept],
        mean=points.gathered("mean")[kept],
        cov=points.gathered("cov")[kept],
        exposure=points.gathered("exposure")[kept],
        hyper=np.ascontiguousarray(points.gathered("hyper")[kept].T),
        tau=points.gathered("tau")[kept],
        cuts=points.gathered("cuts")[kept],
        ess=effective_sample_size(weights),
        tail_k=pareto_k(weights),
        unconverged=float(np.sum(weights[points.gathered("sweeps") < 0])),
        # both densities lack the same power of 2 pi
        log_evidence=top + float(np.log(np.mean(np.exp(points.log_weights - top)))),
        evaluations=mode.evaluations + len(points.z),
        sites=points.sites(kept) if keep_sites else NO_SITES,
    )
