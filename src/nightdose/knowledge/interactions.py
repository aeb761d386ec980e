"""The sourced table of what decides whether a schedule may be made: rules, and the questions asked."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from nightdose.errors import KnowledgeError
from nightdose.knowledge import load
from nightdose.knowledge.chosen import chosen
from nightdose.language.catalogue import say

Action = Literal["stop", "confirm", "remind"]
Strength = Literal["label", "guideline", "criteria", "trial", "register", "case_report", "practice", "assumed"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule with its passport: when it applies, what it does, what it says, and what it rests on.

    classes      : classes of medicines (`medicines.csv`) it applies to; medicines : single names, in small letters;
                   conditions : ids of questions.
    within_days  : for a medicine no longer taken: how many days without it the source asks for.
    never_by_time: a depot: it counts however long ago it was given, until a prescriber has said so.
    days_a_month : for a reminder that counts days.
    """

    id: str
    action: Action
    wording: str
    call: str
    strength: Strength
    date: datetime.date
    classes: frozenset[str]
    conditions: frozenset[str]
    within_days: int | None
    days_a_month: int | None
    source: str
    where: str
    why: str
    never_by_time: bool = False
    medicines: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        def complain(what: str) -> KnowledgeError:
            return KnowledgeError(f"interaction rule '{self.id}': {what}")

        if self.action not in get_args(Action):
            raise complain(f"action '{self.action}' is not one of {get_args(Action)}")
        if self.strength not in get_args(Strength):
            raise complain(f"strength '{self.strength}' is not one of {get_args(Strength)}")
        if self.strength == "assumed" and not self.why:
            raise complain("is assumed and has no `why`")
        if not self.classes and not self.conditions and not self.medicines:
            raise complain("applies to nothing")
        if self.never_by_time and self.within_days is not None:
            raise complain("is either over after some days or never by time alone")
        if not self.wording or not self.call:
            raise complain("needs a wording and whom to call")

    def names(self, written: str, substance: str, group: str) -> bool:
        """Does it apply to a medicine that was found: the words it was found in, its substance, its class?"""
        return group in self.classes or bool(self.medicines & {written.casefold(), substance.casefold()})


@dataclass(frozen=True, slots=True)
class SafetyQuestion:
    """One question of the safety interview, answered yes, no or 'I don't know'. short : what it is about, in a list."""

    id: str
    text: str
    short: str = ""


def rule_from(entry: Mapping[str, Any], sources: frozenset[str]) -> Rule:
    """One table as a rule; sources : keys that it may name. Raises KnowledgeError on the first broken rule."""
    known = {
        "id", "action", "wording", "call", "strength", "date", "classes", "conditions", "medicines", "within_days",
        "days_a_month", "source", "where", "why", "never_by_time",
    }  # fmt: skip
    if unknown := set(entry) - known:
        raise KnowledgeError(f"interaction rule '{entry.get('id')}': unknown field {sorted(unknown)}")
    if entry.get("strength") != "assumed" and entry.get("source", "") not in sources:
        raise KnowledgeError(f"interaction rule '{entry.get('id')}': source '{entry.get('source')}' is not known")
    try:
        return Rule(
            id=entry["id"],
            action=entry["action"],
            wording=entry["wording"],
            call=entry["call"],
            strength=entry["strength"],
            date=entry["date"],
            classes=frozenset(entry.get("classes", ())),
            conditions=frozenset(entry.get("conditions", ())),
            within_days=entry.get("within_days"),
            days_a_month=entry.get("days_a_month"),
            source=entry.get("source", ""),
            where=entry.get("where", ""),
            why=entry.get("why", ""),
            never_by_time=entry.get("never_by_time", False),
            medicines=frozenset(entry.get("medicines", ())),
        )
    except KeyError as missing:
        raise KnowledgeError(f"interaction rule '{entry.get('id')}': lacks {missing}") from None


def rules() -> tuple[Rule, ...]:
    """Every rule of the medicine that this run is about."""
    file = chosen()
    return shipped_rules() if file is None else (*_rules_of_any_drug(), *file.rules)


@cache
def shipped_rules() -> tuple[Rule, ...]:
    """Every rule of naltrexone, `data/interactions.toml`, in file order."""
    found = tuple(rule_from(entry, load.reference_keys()) for entry in load.table("interactions")["rule"])
    if len({rule.id for rule in found}) != len(found):
        raise KnowledgeError("interactions.toml: two rules have one id")
    return found


@cache
def _rules_of_any_drug() -> tuple[Rule, ...]:
    """What holds for a medicine that comes as a file: `data/any_drug.toml`, and rules that hold whatever is taken."""
    table = load.table("any_drug")
    shared = tuple(rule for rule in shipped_rules() if rule.id in table["shared"])
    return (*(rule_from(entry, load.reference_keys()) for entry in table["rule"]), *shared)


def questions() -> tuple[SafetyQuestion, ...]:
    """The safety interview of the medicine that this run is about, in the order it is asked."""
    file = chosen()
    return _shipped_questions() if file is None else (*_questions_of_any_drug(), *file.questions)


@cache
def _shipped_questions() -> tuple[SafetyQuestion, ...]:
    return tuple(SafetyQuestion(**entry) for entry in load.table("interactions")["question"])


@cache
def _questions_of_any_drug() -> tuple[SafetyQuestion, ...]:
    table = load.table("any_drug")
    shared = tuple(question for question in _shipped_questions() if question.id in table["shared_questions"])
    return (*shared, *(SafetyQuestion(**entry) for entry in table["question"]))


@cache
def ids_in_use() -> frozenset[str]:
    """Ids of every rule and question that is carried, which a drug file cannot give to one of its own."""
    carried = {rule.id for rule in (*shipped_rules(), *_rules_of_any_drug())}
    return frozenset(carried | {each.id for each in (*_shipped_questions(), *_questions_of_any_drug())})


def about_question(id: str) -> str:
    """What a question is about, in the reader's words; of a drug file's question its own id, in words."""
    asked = next((question for question in questions() if question.id == id), None)
    return say(asked.short) if asked is not None and asked.short else id.replace("_", " ")


def rule(id: str) -> Rule:
    """The rule of that id."""
    return next(found for found in rules() if found.id == id)
