"""log p(y | hyper-parameters) at many points at once, with everything else integrated out; compiled."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from nightdose.arrays import Floats, Integers
from nightdose.inference import _inference
from nightdose.inference.components import Series

FAMILIES = {"gaussian": 0, "category": 1, "count": 2}  # numbers of the compiled kernel
MAX_SWEEPS = 60
SITE_TOLERANCE = 3e-4  # the coefficients are then off by less than 0.001 sd (tests/inference/test_marginal.py)


@dataclass(frozen=True, slots=True)
class Sites:
    """The normal that stands for each day's outcome in expectation propagation, N(eta_t; obs_t, var_t): (N, days)."""

    obs: Floats
    var: Floats


NO_SITES = Sites(np.zeros((0, 0)), np.zeros((0, 0)))


@dataclass(frozen=True, slots=True)
class Evaluations:
    """What the kernel says at each of N hyper-parameter points.

    loglik : (N,); mean : (N, P) and cov : (N, P, P) of the coefficients; exposure : (N, J) weighted mean exposure;
    sweeps : (N,) rounds of expectation propagation, negative where it did not converge. site_obs, site_var : (N, days),
    or (0, 0) for a Gaussian outcome.
    """

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
    """eta_t | coefficients b ~ N(offset_t + slope_t' b, var_t) at each of N points.

    offset, var : (N, days); slope : (N, days, P); lagged : (N, days, J) exposures.
    mean, cov : (N, P), (N, P, P) of the coefficients under the same sites.
    """

    offset: Floats
    slope: Floats
    var: Floats
    lagged: Floats
    mean: Floats
    cov: Floats


class Kernel:
    """The compiled evaluation of one series, its arrays laid out once.

    near : prior-normal coordinates (1, dim); expectation propagation starts everywhere from what it found there, which
    saves rounds and changes nothing else. None = a first guess from the outcomes.
    """

    def __init__(self, series: Series, threads: int = 1, near: Floats | None = None) -> None:
        self.series, self._threads = series, threads
        lagged = series.lagged
        inputs = np.stack([c.values for c in lagged], axis=1) if lagged else np.zeros((len(series.y), 0))
        seen = series.seen

        def laid_out(x: Floats) -> Floats:
            return np.ascontiguousarray(np.where(seen, x, 0.0))

        start = Sites(np.zeros(0), np.zeros(0))
        if near is not None and series.family != "gaussian":
            found = Kernel(series).evaluate(near).sites
            if np.all(np.isfinite(found.obs)):
                start = Sites(found.obs[0], found.var[0])
        self._kernel = partial(
            _inference.evaluate,
            FAMILIES[series.family],
            np.ascontiguousarray(seen, dtype=np.uint8),
            laid_out(series.y),
            np.ascontiguousarray(series.fixed),
            np.ascontiguousarray(inputs),
            np.array([c.start for c in lagged], dtype=np.float64),
            np.ascontiguousarray(series.border_mean),
            1 / np.square(series.border_sd),
            np.ascontiguousarray(series.day_weight),
            start.obs,
            start.var,
        )

    def _run(self, z: Floats, sites: Sites, *, path: bool) -> dict[str, Any]:
        points, tau, cuts = self.series.hyper(z)
        keep = self.series.family != "gaussian" and not path
        settings = (MAX_SWEEPS, SITE_TOLERANCE, 1.0, self._threads)
        return self._kernel(points, tau, cuts, sites.obs, sites.var, path, keep, *settings)

    def evaluate(self, z: Floats) -> Evaluations:
        """The marginal likelihood and the coefficients at prior-normal coordinates z, (N, dim)."""
        out = self._run(z, NO_SITES, path=False)
        return Evaluations(
            loglik=out["loglik"],
            mean=out["mean"],
            cov=out["cov"],
            exposure=out["exposure"],
            sweeps=out["sweeps"].astype(np.int64),
            site_obs=out.get("site_obs", NO_SITES.obs),
            site_var=out.get("site_var", NO_SITES.var),
        )

    def paths(self, z: Floats, sites: Sites = NO_SITES) -> Paths:
        """The smoothed expected outcome of every day, given the coefficients, at each point.

        sites : those that `evaluate` found at the same points, where they are at hand.
        """
        out = self._run(z, sites, path=True)
        return Paths(**{name: out[name] for name in ("offset", "slope", "var", "lagged", "mean", "cov")})

    def log_posterior(self, z: Floats) -> Floats:
        """(N,) log p(y | z) - |z|^2 / 2, the unnormalised log posterior in prior-normal coordinates."""
        return np.asarray(self.evaluate(z).loglik - 0.5 * np.sum(np.square(z), axis=1))


def path_covariance(series: Series, hyper: Floats, sites: Sites, direction: Floats, threads: int = 1) -> Floats:
    """(N, days) covariance of every day's level + spell with sum_t direction_t (level + spell)_t, given coefficients.

    hyper : (4, N); direction : (N, days), zero on days without an outcome. Adding a_t x_t to the log density of day t
    is the same as moving its pseudo-outcome by var_t a_t, and moves the smoothed path by C a.
    """
    return smoothed(series, hyper, Sites(sites.var * direction, sites.var), threads)


def smoothed(series: Series, hyper: Floats, sites: Sites, threads: int = 1) -> Floats:
    """(N, days) expected level + spell after pseudo-outcomes N(level + spell; obs, var), without any column.

    hyper : (4, N).
    """
    n, days = sites.obs.shape
    nothing, no_columns = np.zeros(0), np.zeros((days, 0))
    out = _inference.evaluate(
        FAMILIES["category"],
        np.ascontiguousarray(series.seen, dtype=np.uint8),
        np.zeros(days),
        no_columns,
        no_columns,
        *(nothing,) * 3,
        np.zeros(days),
        *(nothing,) * 2,
        np.ascontiguousarray(hyper),
        np.zeros((n, 0)),
        np.zeros((n, 1)),
        np.ascontiguousarray(sites.obs),
        np.ascontiguousarray(sites.var),
        True,
        False,
        MAX_SWEEPS,
        SITE_TOLERANCE,
        1.0,
        threads,
    )
    return np.asarray(out["offset"])
