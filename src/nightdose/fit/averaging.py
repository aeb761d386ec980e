"""Fits of one outcome under several models as one answer: averaged by evidence, and over ordinary causes beside them.

What a link makes of an effect costs as much as a fit, and a dummy diary is often judged without it: every part of the
answer is worked out when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nightdose.arrays import Floats
from nightdose.fit.case import Case
from nightdose.fit.causes import Competition, Shapes, compete
from nightdose.fit.contrast import Contrast, mixed
from nightdose.fit.estimand import Chances, Measured, contrast, estimate, measure, small_by_data_alone, straight
from nightdose.fit.fitted import Fitted, Form, Part
from nightdose.inference.observation import Observation
from nightdose.inference.posterior import Posterior

LEAST_SHARE = 0.002  # fits less likely than this after the diary are dropped


@dataclass(frozen=True, slots=True)
class Fit:
    """One model's posterior; prior : its share before the diary; adopted : causes that have columns of their own in it.

    competition : the other causes beside it, where that has been worked out; measured : how the scale bends,
    where that has been.
    """

    form: Form
    prior: float
    posterior: Posterior
    adopted: tuple[str, ...] = ()
    competition: Competition | None = None
    measured: Measured | None = None


class Averaging:
    """The answer of fits together; shapes : the ordinary causes that compete."""

    def __init__(
        self, case: Case, observation: Observation, fits: Sequence[Fit], shapes: Shapes, *, threads: int = 1
    ) -> None:
        self._case, self._observation, self._threads = case, observation, threads
        self._straight = observation.family == "gaussian"
        odds = shares_of(fits)
        single = [share if len(f.form.columns) == 1 else -1.0 for f, share in zip(fits, odds, strict=True)]
        leading = int(np.argmax(single))
        kept = [at for at in range(len(fits)) if odds[at] >= LEAST_SHARE or at == leading]
        self._fits, self._odds = [fits[at] for at in kept], [float(odds[at]) for at in kept]
        total = sum(self._odds)
        self._shares = [share / total for share in self._odds]
        self._likeliest = fits[int(np.argmax(odds))]
        self._others = _others(shapes, self._likeliest, {name for f in fits for name in f.adopted})

    @property
    def posteriors(self) -> tuple[Posterior, ...]:
        """Of the models that carry the answer."""
        return tuple(f.posterior for f in self._fits)

    @cached_property
    def taken(self) -> Chances:
        """Of the improvement over the days on treatment, as the doses were taken; of one column its sign is latent."""
        latent = not self._straight and all(len(f.form.columns) == 1 for f in self._fits)
        sign = (lambda: self._latent) if latent else None
        question = self._case.question
        return Chances(lambda: self.effect, question.direction, question.meaningful, sign=sign)

    @cached_property
    def once_settled(self) -> Chances:
        """Of the same had every dose settled."""
        question = self._case.question
        return Chances(lambda: self.settled_effect, question.direction, question.meaningful)

    def small_by_data(self) -> float:
        """P(no meaningful difference) had the prior of the effect been flat."""
        meaningful = self._case.question.meaningful
        each = [
            share * small_by_data(f, *effect.moments(), meaningful)
            for f, share, effect in zip(self._fits, self._odds, self._reached, strict=True)
        ]
        return sum(each) / sum(self._odds)

    @cached_property
    def effect(self) -> Contrast:
        """As the doses were taken, in the outcome's own sign."""
        return self._mixed(self._reached, None)

    @cached_property
    def settled_effect(self) -> Contrast:
        """The same had every dose settled."""
        steady = np.mean(settled_exposure(self._case, self._likeliest.form)[self._case.on], axis=0)
        return self._mixed(self._settled, steady)

    def fitted(self) -> Fitted:
        """All of it."""
        question = self._case.question
        parts = tuple(
            Part(f.form, share, f.prior, f.adopted, f.posterior, measured, settled)
            for f, share, measured, settled in zip(self._fits, self._shares, self._measured, self._settled, strict=True)
        )
        found, size = (estimate(x, question.direction, question.meaningful) for x in (self.effect, self.settled_effect))
        return Fitted(self._observation, parts, found, size, self.small_by_data(), self.effect, self.settled_effect)

    @cached_property
    def _measured(self) -> tuple[Measured | None, ...]:
        if self._straight:
            return (None,) * len(self._fits)
        on, threads = self._case.on, self._threads
        return tuple(
            f.measured or measure(f.posterior, f.form.names, on, share, threads)
            for f, share in zip(self._fits, self._odds, strict=True)
        )

    @cached_property
    def _reached(self) -> list[Contrast]:
        return [
            contrast(f.posterior, self._observation, measured, f.form.names, self._case.on)
            for f, measured in zip(self._fits, self._measured, strict=True)
        ]

    @cached_property
    def _settled(self) -> list[Contrast]:
        case = self._case
        return [
            contrast(f.posterior, self._observation, measured, f.form.names, case.on, settled_exposure(case, f.form))
            for f, measured in zip(self._fits, self._measured, strict=True)
        ]

    @cached_property
    def _latent(self) -> Contrast:
        """The effect where no link would bend it."""
        each = [contrast(f.posterior, self._observation, None, f.form.names, self._case.on) for f in self._fits]
        return self._mixed(each, None)

    def _mixed(self, contrasts: Sequence[Contrast], steady: Floats | None) -> Contrast:
        """Of all models by their shares, and beside the likeliest the causes that have columns in none."""
        top = int(np.argmax(self._shares))
        first = sum(len(f.posterior.weights) for f in self._fits[:top])
        return self._others.mixed_in(mixed(contrasts, self._shares), first, self._observation.unit, steady)


def shares_of(fits: Sequence[Fit]) -> Floats:
    """(fits,) posterior shares: prior times evidence."""
    evidence = np.array([f.posterior.log_evidence + np.log(f.prior) for f in fits])
    odds = np.exp(evidence - np.max(evidence))
    return np.asarray(odds / np.sum(odds))


def _others(shapes: Shapes, likeliest: Fit, adopted: set[str]) -> Competition:
    """The causes that have columns in none of the fits, beside the likeliest of them."""
    if likeliest.competition is not None:
        return likeliest.competition.leaving(adopted - set(likeliest.adopted))
    return compete(likeliest.posterior, shapes.without(adopted), likeliest.form.names)


def settled_exposure(case: Case, form: Form) -> Floats:
    """(days, K) response to each day's dose had it settled; a filled dose between the levels counts as the nearest."""
    if len(form.steady) == 1:
        (steady,) = form.steady.values()
        return np.where(case.log.dose[:, None] > 0, steady, 0.0)
    levels = np.array(sorted(form.steady))
    at = np.argmin(np.abs(case.log.dose[:, None] - levels), axis=1)
    each = np.array([form.steady[level] for level in levels.tolist()])
    return np.where(case.log.dose[:, None] > 0, each[at], 0.0)


def small_by_data(part: Fit | Part, mean: float, sd: float, meaningful: float) -> float:
    """P(no meaningful difference) of one part's effect with the prior of the effect taken out."""
    posterior, names = part.posterior, part.form.names
    prior_sd = posterior.series.border_sd[[posterior.coefficient(name) for name in names]]
    reach = float(posterior.weights @ np.linalg.norm(posterior.exposure[:, : len(prior_sd)] * prior_sd, axis=1))
    return small_by_data_alone(mean, sd, straight(posterior, names), reach, meaningful)
