"""The posterior of one series: a weighted set of hyper-parameter points, each with an exact normal for the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats
from nightdose.inference.components import Series
from nightdose.inference.diagnostics import effective_sample_size, pareto_k
from nightdose.inference.hyper import PointSet, around, find_mode, refitted
from nightdose.inference.marginal import Kernel

# first set, largest set, effective points to reach; a rating costs ten times as much a point
POINTS = {"gaussian": (768, 6144, 300.0), "category": (384, 4096, 150.0), "count": (384, 4096, 150.0)}
KEPT_WEIGHT = 0.9995  # points that carry less than the rest of the weight together are dropped


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is known after the diary, given the model.

    weights : (N,) sum 1; z : (N, dim) prior-normal coordinates; mean, cov : (N, P), (N, P, P) of the coefficients;
    exposure : (N, J) mean exposure over the estimand's days; hyper : (4, N) level_sd, ar_sd, ar_phi, noise_sd;
    tau : (N, J) days; cuts : (N, C) cutpoints; ess, tail_k, unconverged : what the fit says of its own quality;
    log_evidence : log p(y).
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

    def coefficient(self, name: str) -> int:
        """Index of a coefficient by its column's name."""
        return self.series.names.index(name)


def fit(series: Series, *, threads: int = 1) -> Posterior:
    """The full posterior of a series, deterministic; lays more points until they suffice, or says that they do not."""
    kernel = Kernel(series, threads)
    dim = len(series.hyper_names)
    mode = find_mode(kernel.log_posterior, dim)
    proposal: PointSet = around(mode, kernel.log_posterior)
    n, most, enough = POINTS[series.family]
    used = mode.evaluations + 2 * dim + 1
    while True:
        z, log_q = proposal.points(n)
        out = kernel.evaluate(z)
        used += n
        log_w = out.loglik - 0.5 * np.sum(np.square(z), axis=1) - log_q
        top = float(np.max(log_w))
        weights = np.exp(log_w - top)
        ess = effective_sample_size(weights)
        if ess >= enough or n >= most:
            break
        proposal = refitted(z, weights / np.sum(weights), mode)
        n = min(2 * n, most)
    log_evidence = top + float(np.log(np.mean(weights)))  # both densities lack the same power of 2 pi
    tail_k = pareto_k(weights)
    weights /= np.sum(weights)
    unconverged = float(np.sum(weights[out.sweeps < 0]))
    order = np.argsort(-weights, kind="stable")
    kept = np.sort(order[: int(np.searchsorted(np.cumsum(weights[order]), KEPT_WEIGHT)) + 1])
    hyper, tau, cuts = series.hyper(z[kept])
    return Posterior(
        series=series,
        weights=weights[kept] / np.sum(weights[kept]),
        z=z[kept],
        mean=out.mean[kept],
        cov=out.cov[kept],
        exposure=out.exposure[kept],
        hyper=hyper,
        tau=tau,
        cuts=cuts,
        ess=ess,
        tail_k=tail_k,
        unconverged=unconverged,
        log_evidence=log_evidence,
        evaluations=used,
    )
