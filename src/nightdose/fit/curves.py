"""The fitted curves of the report: what was expected on every day, with the doses taken and without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats, frozen
from nightdose.fit.estimate import Band
from nightdose.fit.fitted import Fitted
from nightdose.inference.marginal import Paths
from nightdose.inference.observation import Observation
from nightdose.inference.posterior import Posterior


@dataclass(frozen=True, slots=True)
class Curves:
    """Expected outcome under the doses taken, and had none been taken."""

    with_treatment: Band
    without_treatment: Band


def curves_of(fitted: Fitted) -> Curves:
    """Under the likeliest dose-response form."""
    part = max(fitted.parts, key=lambda part: part.share)
    return Curves(*bands(part.posterior, fitted.observation, part.paths(), part.form.names))


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
