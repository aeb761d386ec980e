"""The very same analysis, made again: of a dummy diary on this case's days, at this look and at earlier ones.

Most dummy diaries of a medicine that does nothing are nowhere near an answer. A glance tells: the effect at the
likeliest points of the person's own fit, without finding those of the dummy. A diary is judged in full unless every
point puts the effect below NEAR of the bar for the sign, and, where it matters, the chance of no difference that
matters below POSSIBLE. How near the nearest answers came to being overlooked is in tests/checks/test_rejudge.py.
What is judged in full is fitted in full; of what follows from the fit only what the answer hangs on is worked out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from nightdose.arrays import Floats
from nightdose.diary.records import Diary
from nightdose.fit.averaging import Averaging, settled_exposure
from nightdose.fit.case import Case, open_case
from nightdose.fit.fitted import Fitted, Form
from nightdose.fit.fitting import fit_case, fits_of, series_of
from nightdose.fit.health import healthy
from nightdose.inference.marginal import Kernel
from nightdose.inference.normal import normal_cdf, normal_quantile
from nightdose.inference.observation import observe
from nightdose.question.kind import NUMBERS
from nightdose.verdict.answer import Answer
from nightdose.verdict.rule import answer_of

NEAR = 0.6  # share of the bar for the sign (`question/looks.py`) below which no call is near
POSSIBLE = 0.8  # P(no difference that matters) below which that answer, from 0.95 on, is not near
POINTS = 6  # heaviest hyper-parameter points of a form that are glanced at
EVERY_D, FEWEST_D = 28, 28  # days between looks where none were declared, and before the first


@dataclass(frozen=True, slots=True)
class Glance:
    """The likeliest points of one dose-response form, (POINTS, dim) prior-normal coordinates, of a continuous fit."""

    form: Form
    z: Floats


@dataclass(frozen=True, slots=True)
class Seen:
    """At a glance: the largest |effect| in its own sd, and the largest P(no difference that matters), on the days taken
    and once settled."""

    leaning: float
    small: float


@dataclass(frozen=True, slots=True)
class Rejudge:
    """One look at a case; glances : empty where every diary is judged in full."""

    case: Case
    glances: tuple[Glance, ...] = ()

    @property
    def days(self) -> int:
        """How many days the diary had then."""
        return self.case.diary.days

    def answer(self, outcome: Floats) -> Answer:
        """The answer of another outcome, (days,), on these days."""
        if self.glances:
            seen = self.glance(outcome)
            if seen.small < POSSIBLE:
                return (self.signed(outcome) if seen.leaning >= NEAR * self.bar else None) or "not_yet_known"
        return self.in_full(outcome)

    def called(self, outcome: Floats) -> Answer | None:
        """`helps`, `harms`, or None for every other answer."""
        if self.glances and self.glance(outcome).leaning < NEAR * self.bar:
            return None
        return self.signed(outcome)

    def signed(self, outcome: Floats) -> Answer | None:
        """As `called`, without a glance: a sign that is not sure needs no look at how the scale bends an effect."""
        found = self._fitted(outcome)
        if found is None or max(better := found.taken.better, 1 - better) < self.case.sure:
            return None
        answer = self._answer(found)
        return answer if answer in ("helps", "harms") else None

    def in_full(self, outcome: Floats) -> Answer:
        """The answer by the whole analysis, with nothing to print."""
        found = self._fitted(outcome)
        return "not_yet_known" if found is None else self._answer(found)

    def _fitted(self, outcome: Floats) -> Averaging | None:
        """None where no answer rests on it."""
        case = self._with(outcome)
        made = fits_of(case, outcome) if np.any(case.on) else None
        return made.averaging if made is not None and healthy(made.averaging.posteriors) else None

    def _answer(self, found: Averaging) -> Answer:
        return answer_of(found.taken, found.once_settled, found.small_by_data, self.case.sure)

    @property
    def bar(self) -> float:
        """z that is asked of the sign at this look."""
        return float(normal_quantile(np.array([self.case.sure]))[0])

    def glance(self, outcome: Floats) -> Seen:
        """What the points glanced at say at most."""
        case = self._with(outcome)
        seen, matters = case.usable, case.question.meaningful
        if not np.any(case.on) or np.ptp(outcome[seen]) == 0:
            return Seen(0.0, 0.0)
        observation = observe(NUMBERS, outcome, seen, case.question.ends)
        leaning = small = 0.0
        for glance in self.glances:
            series = series_of(case, glance.form, observation, extra={})
            out = Kernel(series).evaluate(glance.z)
            ks = [series.names.index(name) for name in glance.form.names]
            reached = out.exposure[:, [k - len(series.fixed_names) for k in ks]]
            settled = np.broadcast_to(np.mean(settled_exposure(case, glance.form)[case.on], axis=0), reached.shape)
            inside = np.ones(len(reached))
            for share in (reached, settled):  # no difference that matters has to hold for both
                mean = observation.unit * np.einsum("nk,nk->n", share, out.mean[:, ks])
                var = np.einsum("nk,nkl,nl->n", share, out.cov[:, ks][:, :, ks], share)
                sd = observation.unit * np.sqrt(np.maximum(var, 1e-300))
                if share is reached:
                    leaning = max(leaning, float(np.max(np.abs(mean) / sd)))
                here = normal_cdf((matters - mean) / sd) - normal_cdf((-matters - mean) / sd)
                inside = np.minimum(inside, here)
            small = max(small, float(np.max(inside)))
        return Seen(leaning, small)

    def _with(self, outcome: Floats) -> Case:
        """The case with the entries that this outcome has."""
        seen = ~np.isnan(outcome) & ~self.case.log.uncertain
        return replace(self.case, usable=seen, on=seen & (self.case.log.dose > 0))


def glances_of(case: Case, fitted: Fitted) -> tuple[Glance, ...]:
    """Where to glance: the points of a continuous fit of the person's own diary."""
    plain: Fitted | None = fitted
    if fitted.observation.family != "gaussian":
        plain = fit_case(replace(case, question=case.question.as_numbers()), case.outcome)
    if plain is None:
        return ()
    return tuple(
        Glance(part.form, part.posterior.z[np.argsort(-part.posterior.weights, kind="stable")[:POINTS]])
        for part in plain.parts
    )


def earlier_looks(case: Case, glances: tuple[Glance, ...]) -> tuple[Rejudge, ...]:
    """The looks before this one that could be judged, first to last: the declared ones, else every four weeks."""
    found = []
    for days in _look_days(case):
        early = open_case(_first(case.diary, days), case.question, case.looks)
        if early.can_be_fitted and early.can_answer:
            forms = {form.family + str(len(form.columns)): form for form in early.forms}
            there = tuple(
                replace(glance, form=forms[key])
                for glance in glances
                if (key := glance.form.family + str(len(glance.form.columns))) in forms
            )
            alike = len(there) == len(early.forms) and len(early.others) == len(case.others)
            found.append(Rejudge(early, there if alike else ()))
    return tuple(found)


def _look_days(case: Case) -> list[int]:
    """How many days the diary had at each earlier look."""
    days = case.diary.days
    if case.looks.only:
        return []
    if case.looks.planned and case.diary.dated:
        at = (day.toordinal() - case.diary.first_day + 1 for day in case.looks.planned)
        return [n for n in at if FEWEST_D <= n < days]
    return list(range(days - EVERY_D, FEWEST_D - 1, -EVERY_D))[::-1]


def _first(diary: Diary, days: int) -> Diary:
    columns = {name: values[:days].copy() for name, values in diary.columns.items()}
    return replace(
        diary, columns=columns, days=days, lines=diary.lines[:days].copy(), left_out=diary.left_out[:days].copy()
    )
