"""The fitted curves of the report: what was expected on every day, with the doses taken and without."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nightdose.arrays import frozen
from nightdose.fit.estimate import Band
from nightdose.fit.fitted import Fitted
from nightdose.statistics import Z95


@dataclass(frozen=True, slots=True)
class Curves:
    """Expected outcome under the doses taken, and had none been taken."""

    with_treatment: Band
    without_treatment: Band


class CurvesOf:
    """The curves of a fit, computed when they are first looked at: an answer that nobody draws goes without."""

    def __init__(self, fitted: Fitted) -> None:
        self._fitted = fitted

    @cached_property
    def _both(self) -> Curves:
        return curves_of(self._fitted)

    @property
    def with_treatment(self) -> Band:
        return self._both.with_treatment

    @property
    def without_treatment(self) -> Band:
        return self._both.without_treatment


def curves_of(fitted: Fitted) -> Curves:
    """Under the likeliest dose-response form, on the outcome's own scale."""
    part = max(fitted.parts, key=lambda part: part.share)
    posterior = part.posterior
    mean, sd = posterior.curves(part.form.names)
    noise, cuts = np.array([float(posterior.weights @ posterior.hyper[3])]), (posterior.weights @ posterior.cuts)[None]
    point = np.zeros((1, mean.shape[1]))
    middle, low, high = (
        [fitted.observation.expected(line[None], point, noise, cuts)[0] for line in mean + step * sd]
        for step in (0.0, -Z95, Z95)
    )
    return Curves(*(Band(*map(frozen, band)) for band in zip(middle, low, high, strict=True)))
