"""What if days are missing because they were bad? The answer had those days been worse than the model expects."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nightdose.arrays import Bools
from nightdose.fit.averaging import settled_exposure, small_by_data
from nightdose.fit.case import Case
from nightdose.fit.estimand import estimate
from nightdose.fit.fitted import Fitted
from nightdose.fit.fitting import series_of
from nightdose.inference.marginal import Kernel
from nightdose.inference.observation import observe
from nightdose.inference.posterior import Posterior, fit
from nightdose.question.kind import NUMBERS
from nightdose.verdict.answer import MissingBad, Shifted
from nightdose.verdict.rule import answer_of

SHIFTS_SD = (0.0, 0.5, 1.0)  # how much worse the missing days were, in sd of the outcome
POINTS = 128  # heaviest hyper-parameter points that carry the shift


def missing_were_bad(case: Case, fitted: Fitted) -> MissingBad | None:
    """The answer had the days without an entry been worse than expected; None where no day is missing."""
    question, log = case.question, case.log
    gaps = np.isnan(case.outcome) & case.diary.judged & (log.known | log.assumed) & ~log.uncertain
    if not np.any(gaps):
        return None
    form, posterior, unit = fitted.leading.form, fitted.leading.posterior, fitted.observation.unit
    if fitted.observation.family != "gaussian":  # the shift is measured on the outcome's own numbers
        numbers = observe(NUMBERS, case.outcome, case.usable, None)
        posterior, unit = fit(series_of(case, form, numbers, extra={}), effort="rough"), numbers.unit
    steady = float(np.mean(settled_exposure(case, form)[case.on]))
    moves = question.direction * unit * np.array(effect_of_missing(posterior, question.treatment, gaps, steady))
    shifts = []
    for shift in SHIFTS_SD:
        found, settled = (
            estimate(effect, question.direction, question.meaningful, -shift * move)
            for effect, move in zip((fitted.effect, fitted.settled_effect), moves.tolist(), strict=True)
        )
        small = (
            small_by_data(fitted.leading, found.mean, found.sd, question.meaningful) if shift else fitted.small_by_data
        )
        shifts.append(Shifted(shift, shift * unit, found, answer_of(found, settled, small, case.sure)))
    on = log.dose > 0
    return MissingBad(int(np.sum(gaps & on)), int(np.sum(gaps & ~on)), tuple(shifts))


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
