"""The full answer: what is asked, with its defaults, and the order in which everything is computed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from nightdose.analyse import analyse
from nightdose.checks.certificate import Remembered, with_certificate
from nightdose.checks.evidence import check_fit, with_evidence
from nightdose.checks.sensitivity import with_sensitivity
from nightdose.diary.records import Diary
from nightdose.diary.table.table import Source, as_diary, resolve_column
from nightdose.knowledge.evidence_file import EvidencePrior
from nightdose.language.catalogue import say
from nightdose.outcomes import check_distinct, with_exploratory
from nightdose.processes import Progress
from nightdose.protocol.declared_looks import looks_of
from nightdose.protocol.locked import Locked, in_force
from nightdose.protocol.opened import stays_blinded
from nightdose.protocol.sealing import Unblinding
from nightdose.protocol.trial import design_from_record, schedule_of
from nightdose.question.attacks import attacks_of
from nightdose.question.kind import KINDS, NUMBERS, RATING, YES_NO, Scale
from nightdose.question.looks import Looks
from nightdose.question.question import Better, OnsetName, Question, Randomised
from nightdose.verdict.analysis import Analysis

USUAL_CERTIFICATE, USUAL_SLOW_CERTIFICATE = 1000, 200  # diaries; scales that are not continuous take ten times longer
MOST_POINTS_OF_A_RATING = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks of a table; None = not said, and then the default holds that `question_for` fills in."""

    outcome: str
    treatment: str
    scale: Scale | None = None
    limits: tuple[float, float] | None = None
    better: Better = "lower"
    meaningful: float | None = None
    onset: OnsetName | None = None
    adjust: tuple[str, ...] = ()
    randomised: Randomised = "none"
    blinded: bool = False
    unit: str = "mg"
    weekday: bool = False
    yearly: bool = False
    covariates: tuple[str, ...] = ()
    against: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What shall stand beside the answer.

    certificate : re-analysed diaries of each kind, 0 = none. also : other outcomes, exploratory. prior : of others'
    trials. protocol : as it was locked, to be printed; it declares the looks. opened : boxes that were opened
    before the end. looked : days on which the answer was
    read so far, this one included, None = not counted. sensitivity : the answer under other starting assumptions.
    """

    certificate: int = 0
    also: tuple[Question, ...] = ()
    prior: EvidencePrior | None = None
    protocol: tuple[Locked, ...] = ()
    opened: tuple[Unblinding, ...] = ()
    sensitivity: bool = False
    looked: int | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Means:
    """With what it is computed; changes no number. workers : processes for the certificate."""

    threads: int = 1
    workers: int = 1
    progress: Progress | None = None
    remembered: Remembered | None = None


def full_answer(diary: Diary, question: Question, wanted: Wanted = Wanted(), means: Means = Means()) -> Analysis:
    """The answer with everything that was wanted beside it.

    Raises CallError where the question, another outcome or the evidence does not fit; everything else is an answer.
    """
    question = as_locked(question, wanted.protocol, wanted.opened)
    check_distinct(question, wanted.also)
    if wanted.prior is not None:
        check_fit(wanted.prior, question)
    analysis = analyse(
        diary, question, seed=wanted.seed, threads=means.threads, looks=looks_for(wanted.protocol, wanted.looked)
    )
    if wanted.certificate:
        analysis = with_certificate(
            analysis, wanted.certificate, seed=wanted.seed, workers=means.workers, progress=means.progress,
            remembered=means.remembered,
        )  # fmt: skip
    if wanted.protocol:
        analysis = analysis.with_beside(protocol=wanted.protocol)
    if wanted.opened:
        analysis = analysis.with_beside(opened=wanted.opened)
    if wanted.prior is not None:
        analysis = with_evidence(analysis, wanted.prior, threads=means.threads)
    if wanted.also:
        analysis = with_exploratory(analysis, wanted.also, threads=means.threads)
    return with_sensitivity(analysis, threads=means.threads) if wanted.sensitivity else analysis


def as_locked(question: Question, protocol: Sequence[Locked], opened: Sequence[Unblinding] = ()) -> Question:
    """The question with the blocks of a locked protocol, drawn as it drew them; open where most pairs were opened.

    A question that has its blocks already keeps them.
    """
    design = in_force(protocol).get("design", {}) if protocol else {}
    if "pairs" not in design:
        return question
    if opened and not stays_blinded(design_from_record(design), opened):
        question = replace(question, blinded=False)
    if question.schedule is not None:
        return question
    schedule = schedule_of(design_from_record(design), datetime.date.fromisoformat(protocol[0].day))
    if schedule is None:
        return question
    return replace(question, schedule=schedule, randomised="blocks" if schedule.drawn else "none")


def looks_for(protocol: Sequence[Locked], looked: int | None) -> Looks:
    """The looks as a locked protocol of blocks declares them; of a diary without one, how often it was looked at."""
    design = in_force(protocol).get("design", {}) if protocol else {}
    return looks_of(design_from_record(design), looked) if "pairs" in design else Looks(looked, only=looked == 1)


def ask(diary: Diary | Source, outcome: str, treatment: str, **said: Any) -> Question:
    """The question with the command line's defaults: a scale by the values and the usual meaningful difference.

    diary : or a table of one; said : fields of `Question`.
    Raises CallError where the diary lacks the outcome, or for a value that is not a
    choice; TypeError for a field that a question does not have.
    """
    known = [each.name for each in fields(Asked)][2:]
    for field in said:
        if field not in known:
            raise TypeError(say("A question has no '{field}'. It has: {known}.", field=field, known=", ".join(known)))
    return question_for(as_diary(diary), Asked(outcome, treatment, **said))


def question_for(diary: Diary, asked: Asked) -> Question:
    """The question, with a scale by the values and the usual meaningful difference where none was said."""
    scale = asked.scale or guessed_scale(diary, asked.outcome, asked.limits)
    if asked.scale is None and asked.meaningful is None and _in_attacks(diary, asked):
        scale = YES_NO
    usual = KINDS[scale].meaningful if scale in KINDS else 1.0  # a scale that is not one is refused by the question
    return Question(
        outcome=asked.outcome, treatment=asked.treatment, scale=scale, better=asked.better,
        meaningful=usual if asked.meaningful is None else asked.meaningful,
        limits=asked.limits, onset=asked.onset, adjust=asked.adjust, randomised=asked.randomised,
        blinded=asked.blinded, unit=asked.unit, weekday=asked.weekday, yearly=asked.yearly,
        covariates=asked.covariates, against=asked.against,
    )  # fmt: skip


def _in_attacks(diary: Diary, asked: Asked) -> bool:
    """Are the scores attacks on the days without the treatment? No, where the diary has no such treatment."""
    names = {name.casefold(): name for name in diary.medicines}
    treatment = names.get(asked.treatment.casefold().removesuffix("_mg"))
    if treatment is None or asked.better != "lower":
        return False
    return attacks_of(diary.column(resolve_column(diary, asked.outcome)), diary.dose(treatment)) is not None


def also_question(diary: Diary, question: Question, outcome: str, better: Better | None = None) -> Question:
    """Another outcome of the same treatment; a direction that is not said is the primary's."""
    scale = guessed_scale(diary, outcome, question.limits)
    limits = question.limits if KINDS[scale].even else None
    return replace(question, outcome=outcome, better=better or question.better, scale=scale, limits=limits)


def guessed_scale(diary: Diary, outcome: str, limits: tuple[float, float] | None) -> Scale:
    """`rating` where every value is a whole number within the range (0 to 10 unless given), else `continuous`."""
    values = diary.column(resolve_column(diary, outcome))
    values = values[~np.isnan(values)]
    low, high = limits or KINDS[RATING].limits or (-np.inf, np.inf)
    points = float(low).is_integer() and float(high).is_integer() and high - low <= MOST_POINTS_OF_A_RATING
    whole = points and bool(np.all(values == np.round(values)))
    return RATING if whole and np.all((values >= low) & (values <= high)) else NUMBERS


def usual_certificate(question: Question) -> int:
    """How many diaries of each kind a certificate re-analyses unless told otherwise."""
    return USUAL_CERTIFICATE if question.kind.exact else USUAL_SLOW_CERTIFICATE
