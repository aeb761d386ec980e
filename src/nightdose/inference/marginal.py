"""log p(y | hyper-parameters) at many points at once, with everything else integrated out; compiled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np

from nightdose.arrays import Floats, Integers
from nightdose.inference import _inference
from nightdose.inference.components import NO_CUTS, Family, Series

if getattr(_inference, "INTERFACE", 0) != 9:  # an editable checkout whose sources moved on
    raise ImportError("The compiled kernels are of another version than the sources: install nightdose again.")

FAMILIES = {"gaussian": 0, "category": 1, "count": 2}  # numbers of the compiled kernel
MAX_SWEEPS = 60
# sum over days of the squared changes of sites in their last round, in sds of their cavities; about so much the log
# evidence is off, coefficients by less than 0.001 sd, on average over the posterior (tests/inference/test_marginal.py)
SITE_TOLERANCE: Mapping[Family, float] = MappingProxyType({"gaussian": 1e-2, "category": 1e-2, "count": 1e-3})


@dataclass(frozen=True, slots=True)
class Sites:
    """The normal that stands for each day's outcome in expectation propagation, N(eta_t; obs_t, var_t): (N, days)."""

    obs: Floats
    var: Floats

    def at(self, points: Integers) -> Sites:
        """Those of chosen points."""
        return Sites(self.obs[points], self.var[points])


@dataclass(frozen=True)
class StagedSites:
    """The sites of points that were laid stage by stage, as the stages left them: most of what a fit holds, of which an
    answer asks for a few points.

    kept : (N,) numbers of the points among those of all stages.
    """

    stages: tuple[Sites, ...]
    kept: Integers

    def at(self, points: Integers) -> Sites:
        """Those of chosen points."""
        rows, ends = self.kept[points], np.cumsum([len(stage.obs) for stage in self.stages])
        days = self.stages[0].obs.shape[1]
        out = Sites(np.empty((len(rows), days)), np.empty((len(rows), days)))
        stage_of = np.searchsorted(ends, rows, side="right")
        for i, (stage, end) in enumerate(zip(self.stages, ends.tolist(), strict=True)):
            here = np.flatnonzero(stage_of == i)
            own = rows[here] - (end - len(stage.obs))
            out.obs[here], out.var[here] = stage.obs[own], stage.var[own]
        return out

    @cached_property
    def _whole(self) -> Sites:
        return self.at(np.arange(len(self.kept)))

    @property
    def obs(self) -> Floats:
        """(N, days) of all points."""
        return self._whole.obs

    @property
    def var(self) -> Floats:
        """(N, days) of all points."""
        return self._whole.var


AnySites = Sites | StagedSites


NO_SITES = Sites(np.zeros((0, 0)), np.zeros((0, 0)))


@dataclass(frozen=True, slots=True)
class Evaluations:
    """What the kernel says at each of N hyper-parameter points.

    hyper : (N, 4), tau : (N, J), cuts : (N, C) the points as `Series.hyper` has them. loglik : (N,); mean : (N, P) and
    cov : (N, P, P) of the coefficients; exposure : (N, J) weighted mean exposure; sweeps : (N,) rounds of expectation
    propagation, negative where it did not converge. site_obs, site_var : (N, days), or (0, 0) for a Gaussian outcome.
    """

    hyper: Floats
    tau: Floats
    cuts: Floats
    loglik: Floats
    mean: Floats
    cov: Floats
    exposure: Floats
    sweeps: Integers
    site_obs: Floats
    site_var: Floats

    @property
    def sites(self) -> Sites:
        """The normals that stand for the outcomes."""
        return Sites(self.site_obs, self.site_var)


@dataclass(frozen=True, slots=True)
class Paths:
    """eta_t | coefficients b ~ N(offset_t + slope_t' b, var_t) on D days at each of N points.

    days : (D,) their indices, rising. offset, var : (N, D); slope : (N, D, P); lagged : (N, D, J) exposures.
    mean, cov : (N, P), (N, P, P) of the coefficients under the same sites.
    """

    days: Integers
    offset: Floats
    slope: Floats
    var: Floats
    lagged: Floats
    mean: Floats
    cov: Floats


@dataclass(frozen=True, slots=True)
class Products:
    """Sums over Sigma^-1 at each of N points, from which further columns can be judged without another pass.

    K = 1 + P columns: the outcome and the model's own. gram : (N, K, K) [y Z]' Sigma^-1 [y Z]; logdet : (N,) of Sigma.
    cross : (N, B, K) of B further columns with [y Z]; own : (N, B, G) with themselves and the columns before them in
    their group, nearest first. step_cross, step_own : (N, days, K), (N, days) of the step 1{t >= day}, for every day.
    """

    gram: Floats
    logdet: Floats
    cross: Floats
    own: Floats
    step_cross: Floats
    step_own: Floats


class Kernel:
    """The compiled evaluation of one series, its arrays laid out once.

    near : prior-normal coordinates (1, dim); expectation propagation starts everywhere from what it found there, which
    saves rounds and changes nothing else. None = a first guess from the outcomes.
    """

    def __init__(self, series: Series, threads: int = 1, near: Floats | None = None) -> None:
        self.series, self._threads = series, threads
        given = {
            "family": FAMILIES[series.family],
            "cuts": len(series.cuts.values),
            "max_sweeps": MAX_SWEEPS,
            "tolerance": SITE_TOLERANCE[series.family],
            **_columns(series),
        }
        self._diary = _inference.Diary(**given, start_obs=None, start_beyond=None)
        if near is not None and series.family != "gaussian":
            found = self.evaluate(near).sites
            if np.all(np.isfinite(found.obs)):
                noise_var = np.square(series.noise_sd(series.hyper(near)[0][3]))
                start = found.obs[0], np.maximum(found.var - noise_var, 0.0)[0]
                self._diary = _inference.Diary(**given, start_obs=start[0], start_beyond=start[1])

    def evaluate(self, z: Floats, *, keep_sites: bool = True) -> Evaluations:
        """The marginal likelihood and the coefficients at prior-normal coordinates z, (N, dim)."""
        keep = keep_sites and self.series.family != "gaussian"
        hyper, tau, cuts = self.series.hyper(z)
        out = self._diary.evaluate(hyper, tau, cuts, keep_sites=keep, threads=self._threads)
        return Evaluations(
            hyper=hyper.T,
            tau=tau,
            cuts=cuts,
            loglik=out["loglik"],
            mean=out["mean"],
            cov=out["cov"],
            exposure=out["exposure"],
            sweeps=out["sweeps"].astype(np.int64),
            site_obs=out.get("site_obs", NO_SITES.obs),
            site_var=out.get("site_var", NO_SITES.var),
        )

    def paths(self, z: Floats, sites: AnySites = NO_SITES, days: Integers | None = None) -> Paths:
        """The smoothed expected outcome, given the coefficients, at each point.

        sites : those that `evaluate` found at the same points, where they are at hand; days : indices, None = all.
        """
        chosen = np.arange(len(self.series.y)) if days is None else days
        out = self._diary.paths(
            *self.series.hyper(z), sites=_given(sites), days=chosen.astype(np.int32), threads=self._threads
        )
        return Paths(chosen, **out)

    def curves(self, z: Floats, sites: AnySites, weights: Floats, without: Sequence[str]) -> tuple[Floats, Floats]:
        """Mean and sd of every day's eta over points with these weights, (2, days) each: as it is, `without` columns.

        Summed day by day in the kernel: a diary of ten years takes no more memory than its days.
        """
        left_out = np.array([name in without for name in self.series.names], dtype=np.uint8)
        mean, square = self._diary.curves(*self.series.hyper(z), sites=_given(sites), weight=weights, left_out=left_out)
        return mean, np.sqrt(np.maximum(square - np.square(mean), 0.0))

    def left_out(self, z: Floats, sites: Sites = NO_SITES) -> tuple[Floats, Floats]:
        """Mean and variance of each recorded day's eta by all other days, (N, days) each; 0 where none was recorded."""
        mean, var = self._diary.left_out(*self.series.hyper(z), sites=_given(sites))
        return mean, var

    def products(self, z: Floats, sites: Sites, further: Floats, group: Integers) -> Products:
        """Sums for further columns, (days, B), in groups: the number of each column's group, (B,), not falling."""
        laid = np.ascontiguousarray(further)
        return Products(
            **self._diary.products(
                *self.series.hyper(z), sites=_given(sites), further=laid, group=group.astype(np.int32)
            )
        )

    def log_posterior(self, z: Floats) -> Floats:
        """(N,) log p(y | z) - |z|^2 / 2, the unnormalised log posterior in prior-normal coordinates."""
        log_p = self._diary.log_evidence(*self.series.hyper(z), threads=self._threads)
        return np.asarray(log_p - 0.5 * np.square(z).sum(axis=1))


def _columns(series: Series) -> dict[str, Any]:
    """The arrays of a series as the kernel takes them; days without an outcome hold zeros."""
    lagged = series.lagged
    inputs = np.stack([c.values for c in lagged], axis=1) if lagged else np.zeros((len(series.y), 0))
    return {
        "seen": np.ascontiguousarray(series.seen, dtype=np.uint8),
        "y": np.ascontiguousarray(np.where(series.seen, series.y, 0.0)),
        "fixed": np.ascontiguousarray(series.fixed),
        "input": np.ascontiguousarray(inputs),
        "start": np.array([c.start for c in lagged], dtype=np.float64),
        "border_mean": np.ascontiguousarray(series.border_mean),
        "border_prec": 1 / np.square(series.border_sd),
        "day_weight": np.ascontiguousarray(series.day_weight),
        "spread": None if series.spread is None else np.ascontiguousarray(series.spread),
        "rounding_var": series.rounding_var,
    }


def _given(sites: AnySites) -> tuple[Floats, Floats] | None:
    return (np.ascontiguousarray(sites.obs), np.ascontiguousarray(sites.var)) if len(sites.obs) else None


def path_covariance(series: Series, hyper: Floats, sites: AnySites, direction: Floats, days: Integers) -> Floats:
    """(N, D) covariance of chosen days' level + spell with sum_t direction_t (level + spell)_t, given coefficients.

    hyper : (4, N); direction : (N, days), zero on days without an outcome; days : (D,) indices. Adding a_t x_t to the
    log density of day t is the same as moving its pseudo-outcome by var_t a_t, and moves the smoothed path by C a.
    """
    return smoothed(series, hyper, Sites(sites.var * direction, sites.var), days)


def smoothed(series: Series, hyper: Floats, sites: Sites, days: Integers | None = None) -> Floats:
    """(N, D) expected level + spell after pseudo-outcomes N(level + spell; obs, var), without any column.

    hyper : (4, N); days : (D,) indices, None = all.
    """
    n, length = sites.obs.shape
    bare = replace(
        series,
        family="gaussian",
        y=np.zeros(length),
        fixed=np.zeros((length, 0)),
        fixed_names=(),
        lagged=(),
        border_mean=np.zeros(0),
        border_sd=np.zeros(0),
        cuts=NO_CUTS,
    )
    diary = _inference.Diary(
        family=FAMILIES["gaussian"],
        cuts=0,
        **_columns(bare),
        start_obs=None,
        start_beyond=None,
        max_sweeps=MAX_SWEEPS,
        tolerance=SITE_TOLERANCE[bare.family],
    )
    chosen = np.arange(length) if days is None else days
    out = diary.paths(
        np.ascontiguousarray(hyper),
        np.zeros((n, 0)),
        np.zeros((n, 0)),
        sites=_given(sites),
        days=chosen.astype(np.int32),
        threads=1,
    )
    return np.asarray(out["offset"])
