"""A diary and a question, prepared: doses become exposure columns, the design is described and checked.

The only place where doses turn into plain columns for `inference`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from nightdose.arrays import Bools, Floats, frozen
from nightdose.diary.records import ASSIGNED_SUFFIX, DOSE_SUFFIX, Diary
from nightdose.diary.table.headers import refuse_without_numbers
from nightdose.diary.table.slips import without_slips
from nightdose.diary.table.table import check_outcome, resolve_column
from nightdose.errors import CallError
from nightdose.exposure.dosing import DoseLog, dose_log
from nightdose.exposure.onset import effect_compartment
from nightdose.exposure.response import ResponseForm, response_forms
from nightdose.fit.fitted import Form
from nightdose.inference.components import LaggedColumn
from nightdose.language.catalogue import say
from nightdose.question.attacks import read_as_events
from nightdose.question.design import ENOUGH_SWITCHES, Design, Taken, describe
from nightdose.question.draws import Draw
from nightdose.question.instead import Instead, compared, taken_instead
from nightdose.question.looks import (
    EARLY,
    EARLY_DRAWN,
    UNCOUNTED,
    Looks,
    balanced_days,
    drawn_pairs,
    sure_at_one_look,
    sure_of_sign,
)
from nightdose.question.onset_prior import Onset, onset_of, onset_prior
from nightdose.question.outcome_read import outcome_weaknesses
from nightdose.question.plan import Plan, find_plan
from nightdose.question.question import Question
from nightdose.question.reason import Reason
from nightdose.question.runs import settled_runs, shortest_run
from nightdose.question.weakness.checklist import UNFITTABLE, weaknesses
from nightdose.question.weakness.evidence import Evidence

HARDLY_BOTH_OR_NEITHER = 0.95  # share of days in turns, below which days of both or neither tell two medicines apart
SIGNAL_SUFFIX = "_signal"  # a column NAME_signal competes as a form of exposure, for example the mechanism's own


@dataclass(frozen=True, slots=True)
class Case:
    """A diary and a question, prepared: doses turned into exposure columns, the design described and checked.

    plan : what was fixed beforehand, None = nothing was.
    usable : (days,) days whose outcome enters the fit; on : those of them on treatment (the estimand's days).
    claimed : draws that were said of days which look like turns; the check without a model is told of them, no more.
    """

    diary: Diary
    question: Question
    outcome: Floats
    log: DoseLog
    forms: tuple[Form, ...]
    others: tuple[LaggedColumn, ...]
    design: Design
    plan: Plan | None
    weaknesses: tuple[Reason, ...]
    usable: Bools
    on: Bools
    onset_sentences: tuple[str, ...]
    looks: Looks = UNCOUNTED
    claimed: tuple[Draw, ...] = ()

    @property
    def sure(self) -> float:
        """The probability of the sign from which `helps` or `harms` is said at this look."""
        recorded = np.flatnonzero(~np.isnan(self.outcome))
        drawn = self.plan is not None and len(recorded) > 0 and drawn_pairs(self.plan.draws, int(recorded[-1]))
        balanced = balanced_days(self.design.days_on, self.design.days_off)
        planned = self.plan is not None
        return sure_of_sign(self.looks, balanced, EARLY_DRAWN if drawn else EARLY, planned=planned)

    @property
    def sure_once(self) -> float:
        """The same had this look been the only one, at an end fixed beforehand."""
        return sure_at_one_look(self.plan is not None)

    @property
    def can_be_fitted(self) -> bool:
        return not any(reason.code in UNFITTABLE for reason in self.weaknesses)

    @property
    def can_answer(self) -> bool:
        return not any(reason.decisive for reason in self.weaknesses)


def open_case(diary: Diary, question: Question, looks: Looks = UNCOUNTED) -> Case:
    """Doses to exposures, the design, its weaknesses; raises CallError for names the diary does not have."""
    question = _named_as_written(diary, question)
    written = diary.column(question.outcome)
    diary = check_outcome(diary, question.outcome, question.ends)
    diary = without_slips(diary, question.outcome, diary.medicines)
    outcome = np.where(diary.judged, diary.column(question.outcome), np.nan)
    outcome, events = read_as_events(question, outcome, diary.dose(question.treatment))
    diary = diary.with_column(question.outcome, outcome) if events else diary
    _fits_scale(question, outcome)
    tau = (onset := onset_of(question)).median_d
    taken, first_day = diary.dose(question.treatment), diary.first_day if diary.dated else None
    planned = find_plan(question, taken, diary.column(question.treatment + ASSIGNED_SUFFIX), outcome, first_day)
    plan = planned.plan
    log = dose_log(taken, tau, on_before=plan is None, planned_from=plan.first_day if plan and plan.written else None)
    known = log.known | log.assumed
    runs = settled_runs(log.dose > 0, known, shortest_run(tau))
    instead = _instead(diary, question, log, known)
    question, in_place = _compared_with(question, instead, plan)
    priors = {name: onset_prior(question, name) for name in question.adjust}
    beside = _taken_beside(diary, question, {name: prior[0] for name, prior in priors.items()}, tau)
    recorded = ~np.isnan(outcome)
    in_turns = _either(log.dose, diary.dose(question.against)) if question.against else np.ones(diary.days, dtype=bool)
    usable = recorded & ~log.uncertain & in_turns
    design = describe(Taken(log.dose, known, runs), recorded, diary.judged, question, plan)
    found = weaknesses(
        Evidence(
            diary=diary,
            question=question,
            planned=planned,
            runs=runs,
            design=design,
            outcome=outcome,
            dose=log.dose,
            known=known,
            exposure=effect_compartment(log.dose, tau, log.start),
            co_doses={name: other.dose for name, other in beside.items()},
            co_exposures={n: effect_compartment(o.dose, tau, o.start) for n, o in beside.items()},
            usable=usable,
            in_turns=in_turns,
            instead=instead,
            onset_d=tau,
        )
    )
    return Case(
        diary=diary,
        question=question,
        outcome=frozen(outcome),
        log=log,
        forms=_forms(diary, question.treatment, log, design.dose_levels, onset),
        others=tuple(_lagged(name, beside[name], *prior[:2]) for name, prior in priors.items() if name in beside),
        design=design,
        plan=plan,
        weaknesses=(*outcome_weaknesses(question, written, outcome), *events, *found, *in_place),
        usable=usable,
        on=usable & (log.dose > 0),
        onset_sentences=(onset.sentence, *(prior[2] for prior in priors.values())),
        looks=looks,
        claimed=planned.claimed,
    )


def _named_as_written(diary: Diary, question: Question) -> Question:
    """The question with the diary's own spelling of its names."""

    def medicine(name: str) -> str:
        refuse_without_numbers(diary, name)
        refuse_without_numbers(diary, name + DOSE_SUFFIX)
        if not diary.medicines:
            raise CallError(
                say("The diary has no dose column. Doses of {name} belong in a column '{name}_mg'.", name=name)
            )
        bare = name[: -len(DOSE_SUFFIX)] if name.casefold().endswith(DOSE_SUFFIX) else name
        return resolve_column(diary.medicines, bare)

    return replace(
        question,
        outcome=resolve_column(diary, question.outcome),
        treatment=medicine(question.treatment),
        adjust=tuple(medicine(name) for name in question.adjust),
        against=medicine(question.against) if question.against else "",
    )


def _taken_beside(diary: Diary, question: Question, taus: Mapping[str, float], tau: float) -> dict[str, DoseLog]:
    """The other medicines that were ever taken; taus : onset of those that are adjusted for, the others have `tau`."""
    others = [name for name in diary.medicines if name not in (question.treatment, question.against)]
    logs = {name: dose_log(diary.dose(name), taus.get(name, tau), on_before=True) for name in others}
    return {name: log for name, log in logs.items() if log.largest > 0}


def _instead(diary: Diary, question: Question, log: DoseLog, known: Bools) -> Instead | None:
    """The medicine that days without the treatment were days with; None where one is already compared with."""
    named = (question.treatment, question.against)
    others = {name: diary.dose(name) for name in diary.medicines if name not in named}
    return None if question.against else taken_instead(log.dose, known, others)


def _compared_with(
    question: Question, instead: Instead | None, plan: Plan | None
) -> tuple[Question, tuple[Reason, ...]]:
    """The question that a trial of two medicines in turns can answer, and that it was put in place of the asked one.

    Only where that was planned: who changed from the one to the other once, or as it came, asked about the one.
    """
    if instead is None or not instead.all_along or plan is None or plan.switches < ENOUGH_SWITCHES:
        return question, ()
    if instead.name in question.adjust and instead.in_turns < HARDLY_BOTH_OR_NEITHER:
        return question, ()
    others = tuple(name for name in question.adjust if name != instead.name)
    return replace(question, against=instead.name, adjust=others), (compared(question.treatment, instead),)


def _either(dose: Floats, other: Floats) -> Bools:
    """(days,) True where exactly one of the two was taken: a day that compares them. Unknown days do not."""
    return np.asarray((dose > 0) != (np.nan_to_num(other) > 0))


def _fits_scale(question: Question, outcome: Floats) -> None:
    """A sentence where the values cannot be of the scale that was named."""
    why = question.kind.why_not(outcome[~np.isnan(outcome)])
    if why:
        raise CallError(
            say("{outcome} is to be {says}, but it {why}", outcome=question.outcome, says=question.kind.says, why=why),
            field="scale",
        )
    if question.kind.even and not all(float(end).is_integer() for end in question.ends or ()):
        raise CallError(
            say(
                "A {scale} needs whole numbers as its lowest and highest value, for example 0 and 10.",
                scale=question.scale,
            ),
            field="limits",
        )


def _lagged(name: str, log: DoseLog, tau: float, sdlog: float) -> LaggedColumn:
    """Doses as shares of the largest one, so that a coefficient is the effect of the largest dose."""
    return LaggedColumn(name, log.dose / log.largest if log.largest else log.dose, _share(log), tau, sdlog)


def _forms(diary: Diary, treatment: str, log: DoseLog, levels: tuple[float, ...], onset: Onset) -> tuple[Form, ...]:
    """The dose-response forms that this dose log can tell apart, each with every onset that counts."""
    signal = diary.columns.get(treatment + SIGNAL_SUFFIX)
    if signal is not None and np.any(np.isnan(signal)):
        signal = None  # a signal with holes cannot stand in for an exposure
    found = response_forms(log.dose, levels, signal)
    families = [form.family for form in found]
    out = []
    for form in found:
        prior = 1 / len(set(families)) / families.count(form.family)
        if form.family == "signal":  # a signal brings its own onset
            out.append(Form(form.family, _columns(form, treatment, log, levels, (0.0, 0.0)), form.steady, prior))
            continue
        for speed in onset.priors:
            columns = _columns(form, treatment, log, levels, speed)
            out.append(Form(form.family, columns, form.steady, prior / len(onset.priors)))
    return tuple(out)


def _columns(
    form: ResponseForm, treatment: str, log: DoseLog, levels: tuple[float, ...], onset: tuple[float, float]
) -> tuple[LaggedColumn, ...]:
    """The columns of one form with one onset in common, (median in days, log sd)."""
    single = form.columns.shape[1] == 1
    start = form.steady.get(log.start, (0.0,) * form.columns.shape[1])
    return tuple(
        LaggedColumn(
            name=treatment if single else f"{treatment} {level!r}",
            values=form.columns[:, k],
            start=start[k],
            tau_median=onset[0],
            tau_sdlog=onset[1],
            tau_like="" if k == 0 else f"{treatment} {min(levels)!r}",
        )
        for k, level in zip(range(form.columns.shape[1]), sorted(levels), strict=False)
    )


def _share(log: DoseLog) -> float:
    return log.start / log.largest if log.largest else 0.0
