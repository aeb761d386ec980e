"""What if days are missing because they were bad? The answer had those days been worse than the model expects."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nightdose.arrays import Bools
from nightdose.inference.marginal import Kernel
from nightdose.inference.posterior import Posterior

SHIFTS_SD = (0.0, 0.5, 1.0)  # how much worse the missing days were, in sd of the outcome
POINTS = 128  # heaviest hyper-parameter points that carry the shift


def effect_of_missing(posterior: Posterior, treatment: str, missing: Bools, settled: float) -> tuple[float, float]:
    """What the estimated effect moves by when every missing day is filled in one unit above its expectation.

    Of the doses as they were taken, and had they settled at the mean exposure `settled`.
    posterior : of a continuous outcome; missing : (days,) days without an outcome whose exposure is known.
    With the hyper-parameters as the recorded days left them, the posterior mean of the coefficients is linear in the
    outcome. Filling the holes with their own expectation changes nothing; one unit more on each adds the regression on
    the indicator m of the holes:

        move = sum_i w_i mean_exposure_i [S^-1 Z' Sigma^-1 m]_treatment    at hyper-parameter points i

    Positive where days go missing under treatment more often than without it, 0 where they go missing alike.
    Source: pattern-mixture (delta-adjusted) sensitivity analysis, Little & Rubin (2019), section 15.5.
    """
    k = posterior.coefficient(treatment)
    heavy = np.argsort(-posterior.weights, kind="stable")[:POINTS]
    weights = posterior.weights[heavy] / np.sum(posterior.weights[heavy])
    series = posterior.series
    holes = replace(
        series,
        y=missing.astype(np.float64),
        seen=series.seen | missing,
        border_mean=np.zeros_like(series.border_mean),
    )
    out = Kernel(holes).evaluate(posterior.z[heavy])
    reached = out.exposure[:, k - len(series.fixed_names)]
    return float(weights @ (reached * out.mean[:, k])), settled * float(weights @ out.mean[:, k])
