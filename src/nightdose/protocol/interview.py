"""What a person told: the safety interview with the day of each answer, their medicines, and a prescriber's words."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from nightdose.errors import CallError
from nightdose.knowledge.interactions import questions
from nightdose.language.catalogue import say
from nightdose.language.number import date

SHORTEST_WORDS = 10  # letters of a reason or of a prescriber's word
LIST_COMPLETE = "medicines_complete"  # the name under which the whole list of medicines carries its days


def a_day(value: object, what: str) -> datetime.date:
    """The value itself when it is a calendar day; a moment or a text is refused."""
    if type(value) is not datetime.date:
        raise CallError(
            say("{what} needs a calendar day, for example 2026-11-22; this is {value}.", what=what, value=f"{value!r}")
        )
    return value


@dataclass(frozen=True, slots=True)
class Medicine:
    """A medicine or supplement as the person named it.

    current    : taken now, or when needed.
    last_taken : the last day, for one that is no longer taken; None = not known.
    named      : the day the person said so; None = the day of the interview.
    """

    name: str
    current: bool = True
    last_taken: datetime.date | None = None
    named: datetime.date | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise CallError(say("Which medicine? Write its name as on the box."))
        if type(self.current) is not bool:
            raise CallError(say("{name}: say whether it is taken now, yes or no.", name=self.name))
        for day in (self.last_taken, self.named):
            if day is not None:
                a_day(day, self.name)
        if self.current and self.last_taken is not None:
            raise CallError(say("{name} is still taken, so it has no last day yet.", name=self.name))


@dataclass(frozen=True, slots=True)
class Answers:
    """What the person said in the safety interview.

    day        : the day of the interview.
    conditions : question id -> yes, no, or None for "I don't know"; a missing id was not answered.
    complete   : the person said that the list of medicines is whole, supplements and borrowed tablets included.
    since      : question id (or LIST_COMPLETE) -> the day this answer was first given; a missing one counts from `day`.
    renewed    : the same -> the day the same answer was last given again; a missing one counts from `since`.
    Each answer ages by its own day; a copy of every table is kept, and nothing can be changed in it afterwards.
    """

    day: datetime.date
    medicines: tuple[Medicine, ...] = ()
    conditions: Mapping[str, bool | None] = field(default_factory=dict)
    complete: bool = False
    since: Mapping[str, datetime.date] = field(default_factory=dict)
    renewed: Mapping[str, datetime.date] = field(default_factory=dict)

    def __post_init__(self) -> None:
        a_day(self.day, say("The interview"))
        asked = {question.id for question in questions()}
        for name, said in self.conditions.items():
            _known(name, asked)
            if said is not None and type(said) is not bool:
                raise CallError(
                    say("{name}: an answer is yes, no or 'I don't know'; this is {said}.", name=name, said=f"{said!r}")
                )
        if type(self.complete) is not bool:
            raise CallError(
                say(
                    "Whether the list of medicines is complete is yes or no; this is {complete}.",
                    complete=f"{self.complete!r}",
                )
            )
        for days in (self.since, self.renewed):
            for name, day in days.items():
                _known(name, asked | {LIST_COMPLETE})
                a_day(day, name)
        medicines = tuple(self.medicines)
        if not all(type(medicine) is Medicine for medicine in medicines):
            raise CallError(say("The list of medicines holds something that is not a medicine."))
        object.__setattr__(self, "medicines", medicines)
        for name in ("conditions", "since", "renewed"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def first_given(self, name: str) -> datetime.date:
        """The day this answer was first given as it stands."""
        return self.since.get(name, self.day)

    def last_given(self, name: str) -> datetime.date:
        """The day this answer was last given: from here it ages."""
        return self.renewed.get(name, self.first_given(name))

    @property
    def latest(self) -> datetime.date:
        """The newest day that anything in here was said."""
        named = [medicine.named for medicine in self.medicines if medicine.named is not None]
        return max([self.day, *self.since.values(), *self.renewed.values(), *named])

    def with_answer(self, name: str, said: bool | None, day: datetime.date) -> Answers:
        """The interview with one question answered on `day`; every other answer keeps its own day."""
        since, renewed = self._days()
        same = name in self.conditions and self.conditions[name] is said
        (renewed if same else since)[name] = day
        if not same:
            renewed.pop(name, None)
        conditions = {**self.conditions, name: said}
        return replace(self, day=max(self.day, day), conditions=conditions, since=since, renewed=renewed)

    def with_complete_list(self, complete: bool, day: datetime.date) -> Answers:
        """The interview with the list of medicines called whole, or not, on `day`."""
        since, renewed = self._days()
        same = self.complete is complete and self.complete
        (renewed if same else since)[LIST_COMPLETE] = day
        if not same:
            renewed.pop(LIST_COMPLETE, None)
        return replace(self, day=max(self.day, day), complete=complete, since=since, renewed=renewed)

    def with_medicine(self, medicine: Medicine) -> Answers:
        """The interview with one medicine added, or named anew."""
        return replace(self.without_medicine(medicine.name), medicines=(*self._others(medicine.name), medicine))

    def without_medicine(self, name: str) -> Answers:
        """The interview without a medicine that was named by mistake."""
        return replace(self, medicines=self._others(name))

    def _others(self, name: str) -> tuple[Medicine, ...]:
        return tuple(each for each in self.medicines if each.name.casefold() != name.casefold())

    def _days(self) -> tuple[dict[str, datetime.date], dict[str, datetime.date]]:
        """(since, renewed), with the days written out that so far followed from `day`."""
        names = [*self.conditions, *([LIST_COMPLETE] if self.complete else [])]
        return {name: self.first_given(name) for name in names}, dict(self.renewed)

    @property
    def record(self) -> dict[str, Any]:
        """As the diary keeps it: names, yes/no/null and ISO dates."""
        return {
            "day": self.day.isoformat(),
            "medicines": [
                {
                    "name": each.name, "current": each.current,
                    "last_taken": _iso(each.last_taken), "named": _iso(each.named),
                }
                for each in self.medicines
            ],
            "complete": self.complete,
            "conditions": dict(self.conditions),
            "since": {name: day.isoformat() for name, day in self.since.items()},
            "renewed": {name: day.isoformat() for name, day in self.renewed.items()},
        }  # fmt: skip


def answers_from_record(record: Mapping[str, Any]) -> Answers:
    """The interview that `Answers.record` wrote down; diaries from before answers were renewed are read too.

    An answer to a question that is no longer asked is left out.
    """
    asked = {question.id for question in questions()}
    medicines = tuple(
        Medicine(each["name"], each["current"], _day(each["last_taken"]) if not each["current"] else None,
                 _day(each["named"]))
        for each in record["medicines"]
    )  # fmt: skip
    kept = asked | {LIST_COMPLETE}
    return Answers(
        datetime.date.fromisoformat(record["day"]),
        medicines,
        {name: said for name, said in record["conditions"].items() if name in asked},
        record["complete"],
        _days_of(record.get("since", {}), kept),
        _days_of(record.get("renewed", {}), kept),
    )


@dataclass(frozen=True, slots=True)
class Instruction:
    """A prescriber's recorded word that clears one gate; the report prints it.

    gate : `Gate.key`. given : the day the prescriber said it; it holds for what was known up to that day.
    """

    gate: str
    prescriber: str
    words: str
    given: datetime.date

    def __post_init__(self) -> None:
        if not all(isinstance(text, str) for text in (self.gate, self.prescriber, self.words)):
            raise CallError(say("An instruction has the gate, the prescriber and their words, each in letters."))
        if len(self.prescriber.strip()) < 3:
            raise CallError(say("An instruction needs the name of the prescriber who gave it."))
        if len(self.words.strip()) < SHORTEST_WORDS:
            raise CallError(say("Write what the prescriber said, in a sentence; it is printed in the report."))
        a_day(self.given, say("An instruction"))

    @property
    def record(self) -> dict[str, str]:
        """As protocol, plan and report print it."""
        return {
            "gate": self.gate, "prescriber": self.prescriber, "words": self.words, "given": self.given.isoformat(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What stood in the way of a capsule and was taken back, with the reason that the person told.

    day : when. gates : keys of the gates that it took away. what : the words that were taken back.
    """

    day: datetime.date
    gates: tuple[str, ...]
    what: str
    reason: str

    def __post_init__(self) -> None:
        if len(self.reason.strip()) < SHORTEST_WORDS:
            raise CallError(
                say(
                    "'{what}' stands in the way of a plan, and would no longer once taken back. Say in a "
                    "sentence why it should not stand: the reason is kept, for your prescriber to read.",
                    what=self.what,
                ),
                field="reason",
                code="taken_back",
            )
        a_day(self.day, self.what)

    @property
    def sentence(self) -> str:
        """As every list of gates prints it."""
        return say(
            "'{what}' on {day}; the reason told: '{reason}'",
            day=date(self.day),
            what=self.what,
            reason=self.reason.strip(),
        )


def _known(name: str, names: Iterable[str]) -> None:
    if name not in names:
        raise CallError(
            say("'{name}' is not a safety question. The questions: {names}.", name=name, names=", ".join(sorted(names)))
        )


def _iso(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _days_of(days: Mapping[str, str], names: Iterable[str]) -> dict[str, datetime.date]:
    return {name: datetime.date.fromisoformat(day) for name, day in days.items() if name in names}
