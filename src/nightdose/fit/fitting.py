"""A case becomes a fit: one model for every dose-response form, averaged by evidence, and the fit's own checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from nightdose.arrays import Floats
from nightdose.fit.case import Case
from nightdose.fit.contrast import mixed
from nightdose.fit.estimand import bend_days, contrast, estimate, small_by_data_alone, straight
from nightdose.fit.estimate import Estimate
from nightdose.fit.fitted import Fitted, Form, Part
from nightdose.inference.components import Series
from nightdose.inference.observation import Observation, observe
from nightdose.inference.posterior import Posterior, fit
from nightdose.question.calendar import calendar_columns

INTERCEPT_SD, TREND_SD, EFFECT_SD = 5.0, 1.0, 1.0  # normal priors in sd of the outcome; reasons in docs/inference.md
LEAST_SHARE = 0.002  # forms less likely than this after the diary are dropped


def fit_case(
    case: Case, outcome: Floats, threads: int = 1, *, extra: Mapping[str, Floats] | None = None
) -> Fitted | None:
    """Posterior and estimate of one outcome on this case's days; None where it does not vary at all."""
    question = case.question
    seen = case.usable & ~np.isnan(outcome)
    if np.ptp(outcome[seen]) == 0:
        return None
    observation = observe(question.scale, outcome, seen, question.ends)
    parts = [(form, fit(series_of(case, form, observation, extra=extra or {}), threads=threads)) for form in case.forms]
    return averaged(case, observation, parts, threads=threads)


def averaged(
    case: Case,
    observation: Observation,
    fits: Sequence[tuple[Form, Posterior]],
    *,
    threads: int = 1,
) -> Fitted:
    """The estimate averaged over dose-response forms by their evidence."""
    question = case.question
    evidence = np.array([p.log_evidence + np.log(form.prior) for form, p in fits])
    odds = np.exp(evidence - np.max(evidence))
    odds /= np.sum(odds)
    single = [share if len(form.columns) == 1 else -1.0 for (form, _), share in zip(fits, odds, strict=True)]
    leading = int(np.argmax(single))
    straight_link = observation.family == "gaussian"
    parts, contrasts, small = [], [], 0.0
    for at, ((form, posterior), share) in enumerate(zip(fits, odds.tolist(), strict=True)):
        if share < LEAST_SHARE and at != leading:
            continue
        paths = None if straight_link else posterior.paths(bend_days(case.on), threads)
        settled = contrast(posterior, observation, paths, form.names, case.on, settled_exposure(case, form))
        parts.append(Part(form, share, posterior, paths, settled))
        contrasts.append(contrast(posterior, observation, paths, form.names, case.on))
        own = estimate(contrasts[-1], question.direction, question.meaningful)
        small += share * small_by_data(parts[-1], own, question.meaningful)
    kept = sum(part.share for part in parts)
    parts = [replace(part, share=part.share / kept) for part in parts]
    shares = [part.share for part in parts]
    effect, settled = mixed(contrasts, shares), mixed([part.settled for part in parts], shares)
    found, size = (estimate(x, question.direction, question.meaningful) for x in (effect, settled))
    return Fitted(observation, tuple(parts), found, size, small / kept, effect, settled)


def settled_exposure(case: Case, form: Form) -> Floats:
    """(days, K) response to each day's dose had it settled; a filled dose between the levels counts as the nearest."""
    levels = np.array(sorted(form.steady))
    at = np.argmin(np.abs(case.log.dose[:, None] - levels), axis=1)
    steady = np.array([form.steady[level] for level in levels.tolist()])
    return np.where(case.log.dose[:, None] > 0, steady[at], 0.0)


def series_of(case: Case, form: Form, observation: Observation, *, extra: Mapping[str, Floats]) -> Series:
    """The model of one outcome: level, spells, trend, exposures, and extra columns without delay."""
    extra = {**calendar_columns(case.diary, case.question), **extra}
    days = len(case.outcome)
    trend = np.arange(days) / days - 0.5
    fixed = np.column_stack([np.ones(days), trend, *extra.values()])
    effect_sd = EFFECT_SD * observation.effect_sd
    lagged = (*form.columns, *case.others)
    sds = [INTERCEPT_SD, TREND_SD, *(effect_sd for _ in extra), *(effect_sd for _ in lagged)]
    weight = case.on.astype(float)
    return Series(
        family=observation.family,
        y=observation.y,
        seen=observation.seen,
        fixed=fixed,
        fixed_names=("intercept", "trend", *extra),
        lagged=lagged,
        border_mean=np.zeros(len(sds)),
        border_sd=np.array(sds),
        day_weight=weight / weight.sum(),
        prior=observation.prior,
        cuts=observation.cuts,
        rounding_var=observation.rounding_var,
    )


def small_by_data(part: Part, found: Estimate, meaningful: float) -> float:
    """P(no meaningful difference) of one part with the prior of the effect taken out."""
    posterior, names = part.posterior, part.form.names
    sd = posterior.series.border_sd[[posterior.coefficient(name) for name in names]]
    reach = float(posterior.weights @ np.linalg.norm(posterior.exposure[:, : len(sd)] * sd, axis=1))
    return small_by_data_alone(found, straight(posterior, names), reach, meaningful)
