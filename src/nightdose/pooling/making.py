"""From an analysed diary to what its person may send: coarse, coded, rounded, the prior divided out."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np

from nightdose.diary.records import ASSIGNED_SUFFIX
from nightdose.errors import CallError
from nightdose.evidence.profile import Profile
from nightdose.fit.likelihood import likelihood_of
from nightdose.knowledge.pooled import Band, band, condition_code, days_band, drug_code, outcome_code
from nightdose.language.catalogue import say
from nightdose.language.number import number
from nightdose.letter.signing import OwnKey
from nightdose.pooling.contribution import SEXES, Answered, Asked, Blinding, Registration, Sex
from nightdose.protocol.locked import Locked
from nightdose.protocol.trial import design_from_record
from nightdose.question.kind import NUMBERS
from nightdose.question.question import Question
from nightdose.verdict.analysis import Analysis

DIGITS = 3  # significant digits: the third of an sd is far below what a diary knows
LOWEST = -60.0  # of log L: e^-60 is nothing
FEWEST_DAYS = 14
MADE_UP = "synthetic"  # in the name of a diary that nobody lived


@dataclass(frozen=True, slots=True)
class Person:
    """What a person says of themselves, all optional. condition : words or a code; age : years."""

    condition: str = ""
    age: float | None = None
    sex: Sex | None = None

    def __post_init__(self) -> None:
        if self.age is not None and band("age", self.age) is None:
            raise CallError(say("{age} is not an age.", age=number(self.age)), field="age")
        if self.sex is not None and self.sex not in SEXES:
            raise CallError(say("Sex is one of {names}, or left out.", names=", ".join(SEXES)), field="sex")


def answered(analysis: Analysis, person: Person, protocol: Sequence[Locked], key: OwnKey) -> Answered:
    """One person's answer, ready to be shown and signed. protocol : locked beforehand, () = none.

    Raises CallError where there is nothing to send: a refused fit, a sealed or empty diary, an unlisted medicine.
    """
    design, verdict, question = analysis.design, analysis.verdict, analysis.question
    if MADE_UP in analysis.diary.name.casefold():
        raise CallError(say("This diary calls itself synthetic: it is nobody's, and has no answer to send."))
    if analysis.refused:
        raise CallError(say("The fit of this diary failed its own checks, so there is no answer to send."))
    if design.recorded < FEWEST_DAYS:
        raise CallError(say("A contribution needs at least {n} recorded days.", n=FEWEST_DAYS))
    fitted = analysis.fitted
    effect = likelihood_of(analysis.case, fitted) if fitted is not None and verdict.answered else None
    own_sd = _own_sd(analysis)
    return Answered(
        asked=asked(question, person),
        trial=trial_of(protocol[0].sha256, key) if protocol else "",
        answer=verdict.answer,
        ceiling=verdict.ceiling,
        effect=None if effect is None or own_sd == 0 else rounded(effect),
        own_sd=significant(own_sd),
        meaningful=significant(question.meaningful),
        design=design.kind,
        randomised=design.randomised != "none",
        blinding=_blinding(analysis),
        guessed=None if analysis.guess is None else round(analysis.guess.rate, 1),
        dose=_dose(analysis),
        days=days_band(design.days),
        recorded=days_band(design.recorded),
        adherence=_adherence(analysis),
        looks=band("looks", analysis.case.looks.counted or math.inf),
        age=None if person.age is None else band("age", person.age),
        sex=person.sex,
        engine=version("nightdose"),
    )


def registration(protocol: Sequence[Locked], person: Person, key: OwnKey) -> Registration:
    """A locked trial as a line that says that it will have an answer. Raises CallError where none is locked."""
    if not protocol:
        raise CallError(say("No protocol is locked yet."), code="no_protocol")
    body: Mapping[str, Any] = protocol[0].body
    design, said = design_from_record(body["design"]), body["question"]
    question = Question(
        said["outcome"],
        said["treatment"],
        scale=said.get("scale", NUMBERS),
        better=said.get("better", "lower"),
    )
    return Registration(
        asked(question, person), trial_of(protocol[0].sha256, key), design.kind, design.blinded,
        days_band(design.days), version("nightdose"),
    )  # fmt: skip


def trial_of(protocol_sha256: str, key: OwnKey) -> str:
    """The name of a trial in a pool: SHA-256 of the key's signature over the protocol's hash.

    A protocol has few dates and choices, so its bare hash could be guessed; a signature cannot. Whoever shows protocol
    and signature later proves which protocol was registered.
    """
    return hashlib.sha256(key.sign(b"nightdose trial " + protocol_sha256.encode())).hexdigest()


def asked(question: Question, person: Person) -> Asked:
    """What the answer is about, in codes. Raises CallError for a medicine that is not in the list."""
    ends = question.ends
    known = ends is not None and all(math.isfinite(end) for end in ends)
    return Asked(
        drug_code(question.treatment), condition_code(person.condition), outcome_code(question.outcome),
        question.scale, (float(ends[0]), float(ends[1])) if ends is not None and known else None, question.better,
    )  # fmt: skip


def significant(value: float) -> float:
    """Three significant digits."""
    return float(f"{value:.{DIGITS}g}")


def rounded(effect: Profile) -> Profile:
    """The likelihood with no more digits than it is worth: the mean to a hundredth of its sd."""
    places = DIGITS - 1 - math.floor(math.log10(effect.sd))
    values = effect.log_likelihood
    short = None if values is None else np.array([round(max(float(v), LOWEST), 3) + 0.0 for v in values])
    return Profile(round(effect.mean, places) + 0.0, significant(effect.sd), short)


def _own_sd(analysis: Analysis) -> float:
    """Sd of the recorded days, those with and those without the treatment each around their own mean."""
    values, on = analysis.outcome, analysis.case.on
    seen = analysis.case.usable
    sets = [values[seen & on], values[seen & ~on]]
    around = np.concatenate([each - np.mean(each) for each in sets if len(each)])
    return float(np.sqrt(np.sum(np.square(around)) / max(len(around) - 2, 1)))


def _blinding(analysis: Analysis) -> Blinding:
    if not analysis.design.blinded:
        return "open"
    if analysis.guess is None:
        return "no guesses"
    return "given away" if analysis.guess.better_than_chance else "kept"


def _dose(analysis: Analysis) -> Band | None:
    """The band of the dose that most days on treatment had."""
    taken = analysis.dose[analysis.case.log.known & (analysis.dose > 0)]
    if analysis.question.unit != "mg" or not len(taken):
        return None
    counted = Counter(taken.tolist())
    return band("dose_mg", max(counted, key=lambda dose: (counted[dose], dose)))


def _adherence(analysis: Analysis) -> Band | None:
    """The band of the share of days whose dose was the planned one."""
    planned = analysis.diary.column(analysis.question.treatment + ASSIGNED_SUFFIX)
    both = ~np.isnan(planned) & ~np.isnan(analysis.dose)
    return band("adherence", float(np.mean(planned[both] == analysis.dose[both]))) if np.any(both) else None
