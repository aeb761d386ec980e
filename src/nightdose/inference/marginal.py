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
SITE_TOLERANCE = 1e-5  # evidence is stationary in the sites, so its own error is of the order of the square


@dataclass(frozen=True, slots=True)
class Evaluations:
    """What the kernel says at each of N hyper-parameter points.

    loglik : (N,); mean : (N, P) and cov : (N, P, P) of the coefficients; exposure : (N, J) weighted mean exposure;
    sweeps : (N,) rounds of expectation propagation, negative where it did not converge.
    """

    loglik: Floats
    mean: Floats
    cov: Floats
    exposure: Floats
    sweeps: Integers


@dataclass(frozen=True, slots=True)
class Paths:
    """eta_t | coefficients ~ N(offset_t + slope_t' b, var_t) at each of N points.

    offset, var : (N, days); slope : (N, days, P); lagged : (N, days, J) exposures.
    """

    offset: Floats
    slope: Floats
    var: Floats
    lagged: Floats


class Kernel:
    """The compiled evaluation of one series, its arrays laid out once."""

    def __init__(self, series: Series, threads: int = 1) -> None:
        self._series, self._threads = series, threads
        lagged = series.lagged
        inputs = np.stack([c.values for c in lagged], axis=1) if lagged else np.zeros((len(series.y), 0))
        seen = series.seen

        def laid_out(x: Floats) -> Floats:
            return np.ascontiguousarray(np.where(seen, x, 0.0))

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
        )

    def _run(self, z: Floats, path: bool) -> dict[str, Any]:
        points, tau, cuts = self._series.hyper(z)
        return self._kernel(points, tau, cuts, path, MAX_SWEEPS, SITE_TOLERANCE, 1.0, self._threads)

    def evaluate(self, z: Floats) -> Evaluations:
        """The marginal likelihood and the coefficients at prior-normal coordinates z, (N, dim)."""
        out = self._run(z, path=False)
        return Evaluations(
            loglik=out["loglik"],
            mean=out["mean"],
            cov=out["cov"],
            exposure=out["exposure"],
            sweeps=out["sweeps"].astype(np.int64),
        )

    def paths(self, z: Floats) -> Paths:
        """The smoothed expected outcome of every day, given the coefficients, at each point."""
        out = self._run(z, path=True)
        return Paths(offset=out["offset"], slope=out["slope"], var=out["var"], lagged=out["lagged"])

    def log_posterior(self, z: Floats) -> Floats:
        """(N,) log p(y | z) - |z|^2 / 2, the unnormalised log posterior in prior-normal coordinates."""
        return np.asarray(self.evaluate(z).loglik - 0.5 * np.sum(np.square(z), axis=1))
