"""A case becomes a fit: one model for every dose-response form, averaged by evidence, and the fit's own checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nightdose.arrays import Floats
from nightdose.fit.case import Case
from nightdose.fit.causes import LIKELIER, Cause, Competition, Shapes, shapes_of
from nightdose.fit.contrast import mixed
from nightdose.fit.estimand import bend_days, contrast, estimate, small_by_data_alone, straight
from nightdose.fit.estimate import Estimate
from nightdose.fit.fitted import Fitted, Form, Part
from nightdose.fit.ordinary import CYCLE_COLUMN, turns_of
from nightdose.inference.components import Series
from nightdose.inference.observation import Observation, observe
from nightdose.inference.posterior import Posterior, fit
from nightdose.question.calendar import calendar_columns

INTERCEPT_SD, TREND_SD, EFFECT_SD = 5.0, 1.0, 1.0  # normal priors in sd of the outcome; reasons in docs/inference.md
LEAST_SHARE = 0.002  # fits less likely than this after the diary are dropped
MOST_ADOPTED = 3  # ordinary causes with columns of their own


@dataclass(frozen=True, slots=True)
class Fit:
    """One model's posterior; prior : its share before the diary; adopted : causes that have columns of their own in it.

    competition : the other causes beside it, where that has been worked out.
    """

    form: Form
    prior: float
    posterior: Posterior
    adopted: tuple[str, ...] = ()
    competition: Competition | None = None


def fit_case(
    case: Case, outcome: Floats, threads: int = 1, *, extra: Mapping[str, Floats] | None = None
) -> Fitted | None:
    """Posterior and estimate of one outcome on this case's days; None where it does not vary at all.

    Ordinary causes are looked for under the first dose-response form; the other forms are fitted beside those found.
    """
    question = case.question
    seen = case.usable & ~np.isnan(outcome)
    if np.ptp(outcome[seen]) == 0:
        return None
    observation = observe(question.scale, outcome, seen, question.ends)
    columns = dict(extra or {})

    def fitted(form: Form) -> Posterior:
        return fit(series_of(case, form, observation, extra=columns), threads=threads)

    form, *others = case.forms
    shapes = competitors(case, observation)
    posterior = fitted(form)
    first = competition = Competition(posterior, shapes, form.names)
    fits = [Fit(form, form.prior, posterior, (), competition)]
    adopted, log_prior = tuple[str, ...](), 0.0
    while competition.share and len(adopted) < MOST_ADOPTED:
        family = max(competition.share, key=lambda name: competition.share[name])
        if competition.share[family] <= LIKELIER:
            break
        candidate, log_odds = competition.columns(family)
        log_prior += log_odds
        adopted = (*adopted, family)
        scaled = candidate.columns * (candidate.sd / (EFFECT_SD * observation.effect_sd))
        columns |= {f"{family}_{i + 1}": scaled[:, i] for i in range(scaled.shape[1])}
        posterior = fitted(form)
        competition = Competition(posterior, shapes.without(adopted), form.names)
        fits.append(Fit(form, form.prior * float(np.exp(log_prior)), posterior, adopted, competition))
    share = float(np.exp(log_prior))
    fits += [Fit(other, other.prior * share, fitted(other), adopted) for other in others]
    return replace(averaged(case, observation, fits, threads=threads), causes=told(first, adopted, competition))


def told(first: Competition, adopted: Sequence[str], last: Competition) -> tuple[Cause, ...]:
    """Every cause with its share beside those adopted, likeliest first; what explains as well, by the first fit."""
    as_well = {cause.family: cause for cause in first.causes()}
    beside = {cause.family: cause for cause in last.causes()}
    found = [
        replace(cause, share=1.0 if family in adopted else beside[family].share, adopted=family in adopted)
        for family, cause in as_well.items()
    ]
    return tuple(sorted(found, key=lambda cause: -cause.share))


def competitors(case: Case, observation: Observation) -> Shapes:
    """The ordinary causes that compete in this case."""
    question = case.question
    given = [name for name, there in (("weekday", question.weekday), ("season", question.yearly)) if there]
    turns = turns_of(case.diary.column(CYCLE_COLUMN))
    return shapes_of(len(case.outcome), case.diary.first_day, observation.effect_sd, turns, given)


def averaged(case: Case, observation: Observation, fits: Sequence[Fit], *, threads: int = 1) -> Fitted:
    """The estimate averaged over models by their evidence, and over ordinary causes beside the likeliest of them."""
    question = case.question
    evidence = np.array([f.posterior.log_evidence + np.log(f.prior) for f in fits])
    odds = np.exp(evidence - np.max(evidence))
    odds /= np.sum(odds)
    single = [share if len(f.form.columns) == 1 else -1.0 for f, share in zip(fits, odds, strict=True)]
    leading = int(np.argmax(single))
    straight_link = observation.family == "gaussian"
    parts, contrasts, small = [], [], 0.0
    for at, (f, share) in enumerate(zip(fits, odds.tolist(), strict=True)):
        if share < LEAST_SHARE and at != leading:
            continue
        posterior, names = f.posterior, f.form.names
        paths = None if straight_link else posterior.paths(bend_days(case.on), threads)
        effect = contrast(posterior, observation, paths, names, case.on)
        settled = contrast(posterior, observation, paths, names, case.on, settled_exposure(case, f.form))
        parts.append(Part(f.form, share, f.prior, f.adopted, posterior, paths, settled))
        contrasts.append(effect)
        own = estimate(effect, question.direction, question.meaningful)
        small += share * small_by_data(parts[-1], own, question.meaningful)
    kept = sum(part.share for part in parts)
    parts = [replace(part, share=part.share / kept) for part in parts]
    shares = [part.share for part in parts]
    likeliest = fits[int(np.argmax(odds))]
    top = max(range(len(parts)), key=lambda i: parts[i].share)
    first = sum(len(part.posterior.weights) for part in parts[:top])
    form, unit = likeliest.form, observation.unit
    causes = likeliest.competition or Competition(
        likeliest.posterior, competitors(case, observation).without(likeliest.adopted), form.names
    )
    steady = np.mean(settled_exposure(case, form)[case.on], axis=0)
    effect = causes.mixed_in(mixed(contrasts, shares), first, unit)
    settled = causes.mixed_in(mixed([part.settled for part in parts], shares), first, unit, steady)
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
