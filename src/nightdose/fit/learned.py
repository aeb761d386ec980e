"""What the fit learned other than the effect: drift, spells, scatter, trend, onset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats
from nightdose.fit.fitted import Fitted
from nightdose.inference.summary import weighted_summary
from nightdose.statistics import Z95

Summary = tuple[float, float, float]  # mean, 2.5 %, 97.5 %


@dataclass(frozen=True, slots=True)
class Nuisance:
    """What the fit learned other than the effect; in the outcome's own unit unless said."""

    drift_sd_90d: Summary  # sd of the slow drift over 90 days
    ar_phi: Summary  # day-to-day correlation of good and bad spells, no unit
    ar_sd: Summary
    noise_sd: Summary
    trend: Summary  # linear change over the whole diary
    onset_tau_d: Mapping[str, Summary]  # medicine -> time constant, days; empty for same-day


def nuisance_of(fitted: Fitted) -> Nuisance:
    """From the likeliest dose-response form with one column."""
    p, unit = fitted.leading.posterior, fitted.observation.unit
    level, ar_sd, phi, noise = p.hyper
    trend = p.coefficient("trend")
    return Nuisance(
        drift_sd_90d=weighted_summary(unit * np.sqrt(90) * level, p.weights),
        ar_phi=weighted_summary(phi, p.weights),
        ar_sd=weighted_summary(unit * ar_sd, p.weights),
        noise_sd=weighted_summary(unit * noise, p.weights),
        trend=_normal_summary(unit * p.mean[:, trend], unit**2 * p.cov[:, trend, trend], p.weights),
        onset_tau_d={
            column.name: weighted_summary(p.tau[:, j], p.weights)
            for j, column in enumerate(p.series.lagged)
            if column.tau_median > 0
        },
    )


def _normal_summary(mean: Floats, var: Floats, weights: Floats) -> Summary:
    middle = float(weights @ mean)
    sd = float(np.sqrt(weights @ (var + np.square(mean - middle))))
    return middle, middle - Z95 * sd, middle + Z95 * sd
