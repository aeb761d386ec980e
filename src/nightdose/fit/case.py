"""A diary and a question, prepared: doses become exposure columns, the design is described and checked.

The only place where doses turn into plain columns for `inference`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from nightdose.arrays import Bools, Floats, frozen
from nightdose.diary.records import DOSE_SUFFIX, Diary
from nightdose.diary.table.slips import without_slips
from nightdose.diary.table.table import check_outcome, resolve_column
from nightdose.errors import CallError
from nightdose.exposure.dosing import DoseLog, dose_log
from nightdose.exposure.onset import effect_compartment
from nightdose.exposure.response import response_forms
from nightdose.fit.fitted import Form
from nightdose.inference.components import LaggedColumn
from nightdose.question.design import Design, describe
from nightdose.question.onset_prior import onset_prior
from nightdose.question.outcome_read import outcome_weaknesses
from nightdose.question.question import Question
from nightdose.question.reason import Reason
from nightdose.question.weakness import UNFITTABLE, Evidence, weaknesses

SIGNAL_SUFFIX = "_signal"  # a column NAME_signal competes as a form of exposure, for example the mechanism's own


@dataclass(frozen=True, slots=True)
class Case:
    """A diary and a question, prepared: doses turned into exposure columns, the design described and checked.

    usable : (days,) days whose outcome enters the fit; on : those of them on treatment (the estimand's days).
    """

    diary: Diary
    question: Question
    outcome: Floats
    log: DoseLog
    forms: tuple[Form, ...]
    others: tuple[LaggedColumn, ...]
    design: Design
    weaknesses: tuple[Reason, ...]
    usable: Bools
    on: Bools
    onset_sentences: tuple[str, ...]

    @property
    def can_be_fitted(self) -> bool:
        return not any(reason.code in UNFITTABLE for reason in self.weaknesses)

    @property
    def can_answer(self) -> bool:
        return not any(reason.decisive for reason in self.weaknesses)


def open_case(diary: Diary, question: Question) -> Case:
    """Doses to exposures, the design, its weaknesses; raises CallError for names the diary does not have."""
    question = _named_as_written(diary, question)
    written = diary.column(question.outcome)
    diary = check_outcome(diary, question.outcome, _limits(question))
    diary = without_slips(diary, question.outcome, diary.medicines)
    outcome = diary.column(question.outcome)
    _fits_scale(question, outcome)
    trial = question.randomised != "none"
    tau, sdlog, sentence = onset_prior(question, question.treatment)
    log = dose_log(diary.dose(question.treatment), tau, on_before=not trial)
    priors = {name: onset_prior(question, name) for name in question.adjust}
    others = {
        name: dose_log(diary.dose(name), priors.get(name, (tau, sdlog, ""))[0], on_before=True)
        for name in diary.medicines
        if name != question.treatment
    }
    recorded = ~np.isnan(outcome)
    usable = recorded & ~log.uncertain
    design = describe(log.dose, log.known | log.assumed, recorded, question)
    found = weaknesses(
        Evidence(
            diary=diary,
            question=question,
            design=design,
            outcome=outcome,
            dose=log.dose,
            exposure=effect_compartment(log.dose, tau, log.start),
            co_doses={name: other.dose for name, other in others.items() if other.largest > 0},
            co_exposures={
                name: effect_compartment(other.dose, tau, other.start)
                for name, other in others.items()
                if other.largest > 0
            },
            usable=usable,
            onset_d=tau,
        )
    )
    return Case(
        diary=diary,
        question=question,
        outcome=frozen(outcome),
        log=log,
        forms=_forms(diary, question.treatment, log, design.dose_levels, tau, sdlog),
        others=tuple(
            _lagged(name, others[name], *priors[name][:2]) for name in question.adjust if others[name].largest > 0
        ),
        design=design,
        weaknesses=(*outcome_weaknesses(question, written, outcome), *found),
        usable=usable,
        on=usable & (log.dose > 0),
        onset_sentences=(sentence, *(prior[2] for prior in priors.values())),
    )


def _named_as_written(diary: Diary, question: Question) -> Question:
    """The question with the diary's own spelling of its names."""

    def medicine(name: str) -> str:
        if not diary.medicines:
            raise CallError(f"The diary has no dose column. Doses of {name} belong in a column '{name}_mg'.")
        bare = name[: -len(DOSE_SUFFIX)] if name.casefold().endswith(DOSE_SUFFIX) else name
        return resolve_column(diary.medicines, bare)

    return replace(
        question,
        outcome=resolve_column(diary, question.outcome),
        treatment=medicine(question.treatment),
        adjust=tuple(medicine(name) for name in question.adjust),
    )


def _fits_scale(question: Question, outcome: Floats) -> None:
    """A sentence where the values cannot be of the scale that was named."""
    values = np.unique(outcome[~np.isnan(outcome)])
    if question.scale == "binary" and len(values) > 2:
        raise CallError(
            f"A yes/no scale (binary) needs yes or no, but {question.outcome} has {len(values)} different values "
            f"({', '.join(f'{v:g}' for v in values[:4])} ...). Write 1 and 0, or choose the scale rating or count.",
            field="scale",
        )
    if question.scale == "count" and np.any(values != np.round(values)):
        raise CallError(
            f"A count needs whole numbers, but {question.outcome} has values such as "
            f"{values[values != np.round(values)][0]:g}. Choose the scale continuous.",
            field="scale",
        )
    if question.scale == "rating" and not all(float(end).is_integer() for end in question.ends):
        raise CallError(
            "A rating needs whole numbers as its lowest and highest value, for example 0 and 10.", field="limits"
        )


def _limits(question: Question) -> tuple[float, float] | None:
    if question.scale == "count" and question.limits is None:
        return (0.0, float("inf"))
    return question.ends if question.scale == "rating" else question.limits


def _lagged(name: str, log: DoseLog, tau: float, sdlog: float) -> LaggedColumn:
    """Doses as shares of the largest one, so that a coefficient is the effect of the largest dose."""
    return LaggedColumn(name, log.dose / log.largest if log.largest else log.dose, _share(log), tau, sdlog)


def _forms(
    diary: Diary, treatment: str, log: DoseLog, levels: tuple[float, ...], tau: float, sdlog: float
) -> tuple[Form, ...]:
    """The dose-response forms that this dose log can tell apart, as columns with one onset in common."""
    signal = diary.columns.get(treatment + SIGNAL_SUFFIX)
    if signal is not None and np.any(np.isnan(signal)):
        signal = None  # a signal with holes cannot stand in for an exposure
    found = response_forms(log.dose, levels, signal)
    families = [form.family for form in found]
    out = []
    for form in found:
        single = form.columns.shape[1] == 1
        same_day = form.family == "signal"  # a signal brings its own onset
        start = form.steady.get(log.start, (0.0,) * form.columns.shape[1])
        columns = [
            LaggedColumn(
                name=treatment if single else f"{treatment} {level!r}",
                values=form.columns[:, k],
                start=start[k],
                tau_median=0.0 if same_day else tau,
                tau_sdlog=sdlog,
                tau_like="" if k == 0 else f"{treatment} {min(levels)!r}",
            )
            for k, level in zip(range(form.columns.shape[1]), sorted(levels), strict=False)
        ]
        prior = 1 / len(set(families)) / families.count(form.family)
        out.append(Form(form.family, tuple(columns), form.steady, prior))
    return tuple(out)


def _share(log: DoseLog) -> float:
    return log.start / log.largest if log.largest else 0.0
