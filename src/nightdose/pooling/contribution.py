"""What a person may send: an answer, the registration of a trial that has none yet, or a withdrawal.

Every field is a number, a code or a band: there is no place for a word, a date or a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from nightdose.evidence.profile import Profile
from nightdose.knowledge.pooled import Band
from nightdose.question.design import DesignKind
from nightdose.question.kind import Scale
from nightdose.question.question import Better
from nightdose.verdict.answer import Answer, Ceiling

SCHEMA = "nightdose.contribution/1"
Kind = Literal["answer", "registration", "withdrawal"]
Blinding = Literal["open", "kept", "given away", "no guesses"]
Sex = Literal["female", "male", "other"]
PLANNED: tuple[Ceiling, ...] = ("high", "moderate")  # what may be called a trial
DESIGNS, SCALES, ANSWERS, CEILINGS = (get_args(each) for each in (DesignKind, Scale, Answer, Ceiling))
SEXES, BLINDINGS = get_args(Sex), get_args(Blinding)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer is about. drug, condition, outcome : codes; ends : of the scale, None = any number."""

    drug: str
    condition: str
    outcome: str
    scale: Scale
    ends: Band | None
    better: Better


@dataclass(frozen=True, slots=True)
class Registration:
    """A locked trial before its answer. trial : hash of the key's signature over the protocol's hash.

    days : planned, rounded up to 28.
    """

    asked: Asked
    trial: str
    design: str
    blinded: bool
    days: int
    engine: str


@dataclass(frozen=True, slots=True)
class Answered:
    """One person's answer.

    effect : likelihood of the settled improvement in the outcome's own unit, None where the diary gives none.
    own_sd : sd of the person's own days, days with and without apart; effect / own_sd is the common scale.
    meaningful : smallest difference worth having. trial : of its registration, "" = none.
    recorded : days with a value, rounded up to 28, as `days` are. dose : band of the dose most days had, None = no mg.
    adherence : band of the share of days on which the planned dose was taken, None = nothing was planned.
    blinding : did the capsules keep their secret? guessed : share of right guesses to a tenth. looks : band.
    age, sex : None = not said.
    """

    asked: Asked
    trial: str
    answer: Answer
    ceiling: Ceiling
    effect: Profile | None
    own_sd: float
    meaningful: float
    design: DesignKind
    randomised: bool
    blinding: Blinding
    guessed: float | None
    dose: Band | None
    days: int
    recorded: int
    adherence: Band | None
    looks: Band | None
    age: Band | None
    sex: Sex | None
    engine: str

    @property
    def common(self) -> Profile | None:
        """The likelihood in sd of the person's own days."""
        return None if self.effect is None else self.effect.scaled(1 / self.own_sd)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Takes back what has this hash; only the key that signed it can. of : SHA-256 of its signed bytes."""

    of: str


Content = Answered | Registration | Withdrawal
Record = Mapping[str, Any]


def record(content: Content) -> dict[str, Any]:
    """As plain JSON values, without key and signature (docs/schema/contribution.json)."""
    if isinstance(content, Withdrawal):
        return {"schema": SCHEMA, "kind": "withdrawal", "of": content.of}
    asked = {
        "drug": content.asked.drug, "condition": content.asked.condition, "outcome": content.asked.outcome,
        "scale": content.asked.scale, "range": _band(content.asked.ends), "better": content.asked.better,
    }  # fmt: skip
    if isinstance(content, Registration):
        return {
            "schema": SCHEMA, "kind": "registration", "engine": content.engine, **asked, "trial": content.trial,
            "design": content.design, "blinded": content.blinded, "days": content.days,
        }  # fmt: skip
    return {
        "schema": SCHEMA, "kind": "answer", "engine": content.engine, **asked, "trial": content.trial,
        "answer": content.answer, "ceiling": content.ceiling, "effect": _effect(content.effect),
        "own_sd": content.own_sd, "meaningful": content.meaningful, "design": content.design,
        "randomised": content.randomised, "blinding": content.blinding, "guessed": content.guessed,
        "dose_mg": _band(content.dose), "days": content.days, "recorded": content.recorded,
        "adherence": _band(content.adherence), "looks": _band(content.looks), "age": _band(content.age),
        "sex": content.sex,
    }  # fmt: skip


def _band(band: Band | None) -> list[float] | None:
    return None if band is None else list(band)


def _effect(effect: Profile | None) -> dict[str, Any] | None:
    if effect is None:
        return None
    values = effect.log_likelihood
    return {
        "mean": effect.mean,
        "sd": effect.sd,
        "log_likelihood": None if values is None else [float(v) for v in values],
    }
