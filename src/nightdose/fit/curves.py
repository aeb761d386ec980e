"""The fitted curves of the report: what was expected on every day, with the doses taken and without."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from nightdose.arrays import frozen
from nightdose.fit.estimate import Band
from nightdose.fit.fitted import Fitted
from nightdose.statistics import Z95


class Curves:
    """Expected outcome under the doses taken, and had none been taken, on the outcome's own scale.

    Computed when they are first looked at: an answer that nobody draws goes without.
    """

    def __init__(self, fitted: Fitted) -> None:
        self._fitted = fitted

    @property
    def with_treatment(self) -> Band:
        return self._both[0]

    @property
    def without_treatment(self) -> Band:
        return self._both[1]

    @cached_property
    def _both(self) -> tuple[Band, Band]:
        return bands_of(self._fitted)


def bands_of(fitted: Fitted) -> tuple[Band, Band]:
    """With the treatment and without, under the likeliest dose-response form, on the outcome's own scale."""
    part = max(fitted.parts, key=lambda part: part.share)
    posterior = part.posterior
    mean, sd = posterior.curves(part.form.names)
    noise, cuts = np.array([float(posterior.weights @ posterior.hyper[3])]), (posterior.weights @ posterior.cuts)[None]
    point = np.zeros((1, mean.shape[1]))
    middle, low, high = (
        [fitted.observation.expected(line[None], point, noise, cuts)[0] for line in mean + step * sd]
        for step in (0.0, -Z95, Z95)
    )
    taken, untaken = (Band(*map(frozen, band)) for band in zip(middle, low, high, strict=True))
    return taken, untaken
