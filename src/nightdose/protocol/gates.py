"""Safety gates: a schedule cannot be made while one is open, and only a prescriber's recorded word opens one.

answers, instructions -> gates -> Cleared -> (the planner asks for a Cleared and gets no other way in)
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nightdose.errors import CallError
from nightdose.knowledge.interactions import Rule, questions, rule, rules
from nightdose.knowledge.medicines import Recognised, recognise

ANSWERS_LAST_DAYS = 60  # older answers are asked again: people become pregnant, ill, and get new medicines


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


@dataclass(frozen=True, slots=True)
class Answers:
    """What the person said in the safety interview.

    conditions : question id -> yes, no, or None for "I don't know"; a missing id was not answered.
    since      : question id -> the day this answer was first given; a missing one counts from `day`.
    complete   : the person said that the list of medicines is whole, supplements and borrowed tablets included.
    """

    day: datetime.date
    medicines: tuple[Medicine, ...] = ()
    conditions: Mapping[str, bool | None] = field(default_factory=dict)
    complete: bool = False
    since: Mapping[str, datetime.date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Instruction:
    """A prescriber's recorded word that opens one gate; the report prints it.

    gate : `Gate.key`. given : the day the prescriber said it; it holds for answers up to that day.
    """

    gate: str
    prescriber: str
    words: str
    given: datetime.date

    def __post_init__(self) -> None:
        if len(self.prescriber.strip()) < 3:
            raise CallError("An instruction needs the name of the prescriber who gave it.")
        if len(self.words.strip()) < 10:
            raise CallError("Write what the prescriber said, in a sentence; it is printed in the report.")


@dataclass(frozen=True, slots=True)
class Gate:
    """One reason not to start, or one thing to say: the rule, what raised it, and the words for the person."""

    rule: Rule
    subject: str  # the medicine as written, or the id of the question
    since: datetime.date  # the day of the answer that raised it
    sentence: str
    call: str  # whom to ask

    @property
    def key(self) -> str:
        """Name of the gate: `opioid:codeine`."""
        return f"{self.rule.id}:{self.subject}"

    @property
    def closes(self) -> bool:
        """True when no schedule may be made while it is open; a reminder never closes."""
        return self.rule.action != "remind"


class GateOpen(CallError):
    """A schedule was asked for while a gate is open; says which, why and whom to call."""

    def __init__(self, gates: Sequence[Gate]) -> None:
        self.gates = tuple(gates)
        lines = [f"- {gate.sentence} {gate.call} [{gate.key}]" for gate in gates if gate.rule.id != "unanswered"]
        if silent := len(gates) - len(lines):
            lines.append(f"- {silent} safety questions have no answer yet.")
        super().__init__("No schedule is made while this is open:\n" + "\n".join(lines), code="gates")


def gates(answers: Answers, start: datetime.date) -> tuple[Gate, ...]:
    """Every gate and reminder that the answers raise for a first dose on `start`."""
    found = [*_medicine_gates(answers, start), *_condition_gates(answers), *_unanswered(answers, start)]
    return tuple({gate.key: gate for gate in found}.values())


def _medicine_gates(answers: Answers, start: datetime.date) -> Iterator[Gate]:
    for medicine in answers.medicines:
        for recognised in recognise(medicine.name):
            for found in rules():
                if recognised.group in found.classes and _still_counts(found, medicine, start):
                    yield _gate(found, recognised.written, medicine.named or answers.day, recognised.label)


def _still_counts(found: Rule, medicine: Medicine, start: datetime.date) -> bool:
    """True while the medicine is taken, and for as long afterwards as the rule's source asks for."""
    if medicine.current:
        return True
    if found.within_days is None:
        return False
    return medicine.last_taken is None or (start - medicine.last_taken).days < found.within_days


def _condition_gates(answers: Answers) -> Iterator[Gate]:
    for question in questions():
        said = answers.conditions.get(question.id, False)
        if said is False:
            continue
        for found in rules():
            if question.id in found.conditions and (said or found.action != "remind"):
                doubt = "" if said else "You answered 'I don't know'. If it were so: "
                since = answers.since.get(question.id, answers.day)
                yield _gate(found, question.id, since, question.text, doubt)


def _unanswered(answers: Answers, start: datetime.date) -> Iterator[Gate]:
    missing = rule("unanswered")
    for question in questions():
        if question.id not in answers.conditions:
            yield _gate(missing, question.id, answers.day, question.text)
    if (start - answers.day).days > ANSWERS_LAST_DAYS:
        text = f"You answered on {answers.day}; is all of it still so on {start}?"
        yield _gate(missing, "answers_are_old", answers.day, text)
    if not answers.complete:
        text = "Is your list of medicines, supplements and borrowed tablets complete?"
        yield _gate(missing, "medicines_complete", answers.day, text)


def _gate(found: Rule, subject: str, since: datetime.date, name: str, before: str = "") -> Gate:
    return Gate(found, subject, since, before + found.wording.format(name=name), found.call.format(name=name))


def opens(instruction: Instruction, gate: Gate) -> bool:
    """True when this recorded word opens this gate: same gate, and not older than the answer that raised it."""
    return instruction.gate == gate.key and instruction.given >= gate.since


def open_gates(answers: Answers, instructions: Sequence[Instruction], start: datetime.date) -> tuple[Gate, ...]:
    """Gates that forbid a schedule now. 'unanswered' has no instruction: it is answered."""
    return tuple(
        gate
        for gate in gates(answers, start)
        if gate.closes and (gate.rule.id == "unanswered" or not any(opens(word, gate) for word in instructions))
    )


@dataclass(frozen=True, slots=True)
class Cleared:
    """Proof that no gate is open for a first dose on `start`; cannot be made while one is.

    instructions : those that opened a gate; plan and report print them.
    reminders    : what is said although nothing is closed.
    """

    answers: Answers
    recorded: tuple[Instruction, ...]
    start: datetime.date

    def __post_init__(self) -> None:
        still_open = open_gates(self.answers, self.recorded, self.start)
        if still_open:
            raise GateOpen(still_open)

    @property
    def instructions(self) -> tuple[Instruction, ...]:
        raised = gates(self.answers, self.start)
        return tuple(word for word in self.recorded if any(opens(word, gate) for gate in raised))

    @property
    def reminders(self) -> tuple[Gate, ...]:
        return tuple(gate for gate in gates(self.answers, self.start) if not gate.closes)


def must_be_cleared_for(cleared: Cleared, first_dose: datetime.date) -> None:
    """Refuse a schedule whose first dose is not on the day that was cleared."""
    if first_dose != cleared.start:
        raise CallError(
            f"The safety questions were cleared for a first dose on {cleared.start}, not on {first_dose}. "
            "Clear them for that day: an opioid-free time counts to the day of the first dose."
        )


def recognised_medicines(answers: Answers) -> tuple[tuple[Medicine, tuple[Recognised, ...]], ...]:
    """Each medicine with what we took it for, to be shown and corrected."""
    return tuple((medicine, recognise(medicine.name)) for medicine in answers.medicines)
