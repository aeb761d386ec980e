"""A case becomes a fit: one model for every dose-response form, averaged by evidence, and the fit's own checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nightdose.arrays import Floats
from nightdose.fit.averaging import Averaging, Fit, shares_of
from nightdose.fit.case import Case
from nightdose.fit.causes import LIKELIER, NO_CAUSE, Cause, Competition, Shapes, compete, shapes_of
from nightdose.fit.fitted import Fitted, Form, Part
from nightdose.fit.ordinary import CYCLE_COLUMN, turns_of
from nightdose.inference.causes import Candidate
from nightdose.inference.components import Series
from nightdose.inference.observation import Observation, observe
from nightdose.inference.posterior import Effort, Posterior, fit
from nightdose.question.calendar import calendar_columns

INTERCEPT_SD, TREND_SD, EFFECT_SD = 5.0, 1.0, 1.0  # normal priors in sd of the outcome; reasons in docs/inference.md
WHOLE_FROM = 0.5  # share from which a model gets all of the points
MOST_ADOPTED = 3  # ordinary causes with columns of their own


def fit_case(
    case: Case,
    outcome: Floats,
    threads: int = 1,
    *,
    extra: Mapping[str, Floats] | None = None,
    causes: bool = True,
) -> Fitted | None:
    """Posterior and estimate of one outcome on this case's days; None where it does not vary at all.

    extra : further columns. causes : False = as if nothing but the medicine changed anything.
    """
    made = fits_of(case, outcome, threads, extra=extra, causes=causes)
    if made is None:
        return None
    whole = made.averaging.fitted()
    return replace(whole, causes=told(*made.competing, whole.parts))


@dataclass(frozen=True, slots=True)
class Fits:
    """All models of one outcome, fitted; competing : the ordinary causes beside the fit without any of them, then
    beside those that were adopted."""

    averaging: Averaging
    competing: tuple[Competition, Competition]


def fits_of(
    case: Case,
    outcome: Floats,
    threads: int = 1,
    *,
    extra: Mapping[str, Floats] | None = None,
    causes: bool = True,
) -> Fits | None:
    """As `fit_case`, before anything is said of the effect. Ordinary causes are looked for under the first
    dose-response form; the other forms are fitted beside those found.
    """
    question = case.question
    seen = case.usable & ~np.isnan(outcome)
    if np.ptp(outcome[seen]) == 0:
        return None
    observation = observe(question.scale, outcome, seen, question.ends)
    columns = dict(extra or {})

    def fitted(form: Form, further: Mapping[str, Floats], effort: Effort = "whole") -> Posterior:
        return fit(series_of(case, form, observation, extra={**columns, **further}), threads=threads, effort=effort)

    form, *others = case.forms
    shapes = competitors(case, observation) if causes else NO_CAUSE
    fits, found = _adopting(shapes, form, observation, fitted)
    first, last = fits[0], fits[-1]
    assert first.competition is not None, "what was fitted here was compared"
    assert last.competition is not None, "what was fitted here was compared"
    prior = last.prior / form.prior
    asked = [(other, found, other.prior * prior, last.adopted) for other in others]
    for family, (candidate, log_odds) in last.competition.stand_ins().items():
        further = {**found, **_columns(candidate, observation)}
        asked.append((form, further, prior * float(np.exp(log_odds)), (*last.adopted, family)))
    fits += [Fit(f, p, fitted(f, further, "half"), adopted) for f, further, p, adopted in asked]
    top = int(np.argmax(shares := shares_of(fits)))
    beside = top - (len(fits) - len(asked))
    if beside >= 0 and shares[top] > WHOLE_FROM:
        fits[top] = replace(fits[top], posterior=fitted(*asked[beside][:2]))
    averaging = Averaging(case, observation, fits, shapes, threads=threads)
    return Fits(averaging, (first.competition, last.competition))


def _adopting(
    shapes: Shapes, form: Form, observation: Observation, fitted: Callable[[Form, Mapping[str, Floats]], Posterior]
) -> tuple[list[Fit], Mapping[str, Floats]]:
    """Fits under one form: as it is, then with ever one more cause that is likelier than not; the columns of the last.

    fitted : the posterior of a form with further columns.
    """
    columns: dict[str, Floats] = {}
    posterior = fitted(form, columns)
    competition = compete(posterior, shapes, form.names)
    fits = [Fit(form, form.prior, posterior, (), competition)]
    while competition.share and len(fits) <= MOST_ADOPTED:
        family = max(competition.share, key=lambda name: competition.share[name])
        if competition.share[family] <= LIKELIER:
            break
        candidate, log_odds = competition.columns(family)
        columns |= _columns(candidate, observation)
        adopted = (*fits[-1].adopted, family)
        posterior = fitted(form, columns)
        competition = compete(posterior, shapes.without(adopted), form.names)
        fits.append(Fit(form, fits[-1].prior * float(np.exp(log_odds)), posterior, adopted, competition))
    return fits, columns


def _columns(cause: Candidate, observation: Observation) -> Mapping[str, Floats]:
    """The columns of a cause by name, so large that the prior of a further column is that of the cause."""
    scaled = cause.columns * (cause.sd / (EFFECT_SD * observation.effect_sd))
    return {f"cause_{cause.family}_{i + 1}": scaled[:, i] for i in range(scaled.shape[1])}


def told(first: Competition, last: Competition, parts: Sequence[Part]) -> tuple[Cause, ...]:
    """Every cause with its posterior share, likeliest first; what explains as well, by the fit without any."""
    beside = {cause.family: cause for cause in last.causes}
    found = []
    for cause in first.causes:
        own = sum(part.share for part in parts if cause.family in part.adopted)
        again = beside.get(cause.family)
        adopted = again is None or own > LIKELIER
        share, members = (again.share, again.members) if again is not None else (0.0, cause.members)
        found.append(replace(cause, share=own or share, adopted=adopted, members=cause.members | members))
    return tuple(sorted(found, key=lambda cause: -cause.share))


def competitors(case: Case, observation: Observation) -> Shapes:
    """The ordinary causes that compete in this case."""
    question = case.question
    given = [name for name, there in (("weekday", question.weekday), ("season", question.yearly)) if there]
    turns = turns_of(case.diary.column(CYCLE_COLUMN))
    return shapes_of(len(case.outcome), case.diary.first_day, observation.effect_sd, turns, given)


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
