"""Safety gates: nothing that leads to a capsule is made while one is blocked or has to be asked about.

what was told, what the diary holds, what a prescriber said -> judge -> Cleared -> (a planner asks for a Cleared and
gets no other way in)
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nightdose.errors import CallError
from nightdose.knowledge.interactions import Rule, about_question, questions, rule, rules
from nightdose.knowledge.medicines import Recognised
from nightdose.language.catalogue import say
from nightdose.language.number import date
from nightdose.protocol.exposures import RECENT_DAYS, Exposure, exposure_told, named_by
from nightdose.protocol.interview import LIST_COMPLETE, Answers, Instruction, TakenBack
from nightdose.protocol.refusal import ALONE, State, refusal

# after midnight the date of an answer is a day ahead of the diary's evening, and so is one that was given further east
SAME_NIGHT = datetime.timedelta(days=1)
ANSWERS_LAST_DAYS = 60  # older answers are asked again: people become pregnant, ill, and get new medicines


@dataclass(frozen=True, slots=True)
class SafetyRecord:
    """Everything a gate looks at: answers, what was taken, prescribers' recorded words, what was taken back."""

    answers: Answers
    exposures: tuple[Exposure, ...] = ()
    instructions: tuple[Instruction, ...] = ()
    taken_back: tuple[TakenBack, ...] = ()

    def __post_init__(self) -> None:
        if type(self.answers) is not Answers:
            raise CallError(say("The gates need the answers of the safety interview."))
        for name, kind in (("exposures", Exposure), ("instructions", Instruction), ("taken_back", TakenBack)):
            held = tuple(getattr(self, name))
            if not all(type(each) is kind for each in held):
                raise CallError(
                    say("The gates need {name} of their own type; something else is among them.", name=name)
                )
            object.__setattr__(self, name, held)


@dataclass(frozen=True, slots=True)
class Gate:
    """One reason not to start, or one thing to say: the rule, what raised it, and the words for the person.

    state       : blocked | ask (your prescriber) | cleared (by `instruction`) | note (closes nothing).
    subject     : the medicine as written, or the id of the question.
    since       : the day of what raised it; a prescriber's word has to be as new.
    call        : whom to ask. clears : what clears it.
    """

    rule: Rule
    subject: str
    since: datetime.date
    state: State
    sentence: str
    call: str
    clears: str
    instruction: Instruction | None = None

    @property
    def key(self) -> str:
        """Name of the gate: `opioid:codeine`."""
        return f"{self.rule.id}:{self.subject}"

    @property
    def about(self) -> str:
        """What it is about in the reader's words: the medicine as written, or what the question asks about."""
        if self.subject == LIST_COMPLETE:
            return say("whether your list of medicines is complete")
        asked = self.subject in self.rule.conditions or self.rule.id == "unanswered"
        return about_question(self.subject) if asked else self.subject

    @property
    def refuses(self) -> bool:
        """True while nothing may be made because of it."""
        return self.state in ("blocked", "ask")

    @property
    def record(self) -> dict[str, Any]:
        """For a program: every field of the gate and of its rule's passport."""
        found = self.rule
        return {
            "gate": self.key, "state": self.state, "action": found.action, "since": self.since.isoformat(),
            "sentence": self.sentence, "call": self.call, "clears": self.clears,
            "source": found.source, "where": found.where, "why": found.why, "strength": found.strength,
            "date": found.date.isoformat(),
            "instruction": self.instruction.record if self.instruction else None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judgement:
    """Every gate for one first dose, the worst first."""

    first_dose: datetime.date
    gates: tuple[Gate, ...]

    @property
    def cleared(self) -> bool:
        """True when a schedule may be made."""
        return not any(gate.refuses for gate in self.gates)

    @property
    def refusing(self) -> tuple[Gate, ...]:
        """What stands in the way, to be said. Thoughts of ending one's life are said alone: all else can wait."""
        found = tuple(gate for gate in self.gates if gate.refuses)
        return tuple(gate for gate in found if gate.rule.id == ALONE) or found

    @property
    def notes(self) -> tuple[Gate, ...]:
        """What is said although it closes nothing."""
        return tuple(gate for gate in self.gates if gate.state == "note")

    @property
    def instructions(self) -> tuple[Instruction, ...]:
        """The prescribers' words that cleared a gate; plan, protocol and report print them."""
        return tuple(gate.instruction for gate in self.gates if gate.instruction is not None)

    @property
    def record(self) -> dict[str, Any]:
        """For a program: `may_plan`, and the gates of each state."""
        by_state: dict[str, Any] = {
            state: [gate.record for gate in self.gates if gate.state == state] for state in _ORDER
        }
        return {"may_plan": self.cleared, "first_dose": self.first_dose.isoformat(), **by_state}


class NotCleared(CallError):
    """Something was asked for while a gate is blocked or has to be asked about; says which, why and whom to ask."""

    def __init__(self, judgement: Judgement) -> None:
        self.judgement = judgement
        super().__init__(refusal(judgement), code="gates")


_ORDER: tuple[State, ...] = ("blocked", "ask", "cleared", "note")


def judge(record: SafetyRecord, first_dose: datetime.date, today: datetime.date) -> Judgement:
    """Every gate that is raised for a first dose on `first_dose`, with its state.

    today : nothing may be dated after the night that it begins, and no first dose may lie before it.
    """
    _days_are_possible(record, first_dose, today)
    found = [
        *_condition_gates(record, first_dose),
        *_medicine_gates(record, first_dose),
        *_unanswered(record.answers, first_dose),
        *_taken_back(record),
    ]
    gates = {gate.key: gate for gate in found}.values()
    ranked = sorted(gates, key=lambda gate: (gate.rule.id != ALONE, _ORDER.index(gate.state)))
    return Judgement(first_dose, tuple(ranked))


def _days_are_possible(record: SafetyRecord, first_dose: datetime.date, today: datetime.date) -> None:
    if first_dose < today:
        raise CallError(say("{first_dose} is past. A plan starts today or later.", first_dose=first_dose))
    days = [(record.answers.latest, say("the interview"))]
    days += [(each.last_taken, each.name) for each in record.answers.medicines if each.last_taken is not None]
    days += [(each.given, each.gate) for each in record.instructions]
    days += [(each.said, each.name) for each in record.exposures]
    days += [(each.last_day, each.name) for each in record.exposures if each.last_day and each.kind != "event"]
    latest, what = max(days)
    if latest > today + SAME_NIGHT:
        raise CallError(
            say(
                "{what} is dated {latest}, which has not come yet (today is {today}). Correct that date, or the "
                "computer's clock: until then nothing can be said of the safety gates.",
                what=what[:1].upper() + what[1:80], latest=latest, today=today,
            )
        )  # fmt: skip


def _medicine_gates(record: SafetyRecord, first_dose: datetime.date) -> Iterator[Gate]:
    """One gate for each rule and name, raised by all that was told and written of it together."""
    named: dict[tuple[str, str], list[Exposure]] = defaultdict(list)
    labels: dict[tuple[str, str], Recognised] = {}
    by_id = {found.id: found for found in rules()}
    told = [exposure_told(medicine, record.answers.day) for medicine in record.answers.medicines]
    for exposure in [*told, *record.exposures]:
        for recognised in named_by(exposure):
            for found in by_id.values():
                if found.names(recognised.written, recognised.substance, recognised.group):
                    named[found.id, recognised.written].append(exposure)
                    labels[found.id, recognised.written] = recognised
    for (id, written), exposures in named.items():
        found = by_id[id]
        if counting := [each for each in exposures if _counts(found, each, exposures, first_dose)]:
            label = written if found.medicines else labels[id, written].label  # named one by one, not by class
            yield _gate(record, found, written, _since(found, counting), label, clears=_clears(found, counting))


def _counts(found: Rule, exposure: Exposure, all_of_it: Sequence[Exposure], first_dose: datetime.date) -> bool:
    """True while the medicine is taken, and for as long afterwards as the rule's source asks for.

    A medicine that the diary names within a month is taken now, unless it was told that it was stopped since.
    """
    if exposure.still_taken or found.never_by_time:
        return True
    last = exposure.last_day
    if found.within_days is not None:
        return last is None or (first_dose - last).days < found.within_days
    if exposure.kind == "told" or last is None:
        return False
    stopped = [each.last_day for each in all_of_it if each.kind in ("told", "medicine") and not each.still_taken]
    over = any(day is not None and day >= last for day in stopped)
    return not over and (first_dose - last).days <= RECENT_DAYS


def _since(found: Rule, exposures: Sequence[Exposure]) -> datetime.date:
    """The newest news that a prescriber's word has to be as new as.

    A dose of what is known to be taken all along is nothing new. Where the prescriber only confirms, nor is one more
    dose of the same spell; of what blocks, every dose is.
    """
    going_on = [exposure.said for exposure in exposures if exposure.still_taken]
    if found.action == "stop":
        return max(going_on or [exposure.said for exposure in exposures])
    return max(going_on or [exposure.began or exposure.said for exposure in exposures])


def _clears(found: Rule, exposures: Sequence[Exposure]) -> str:
    words = say("Your prescriber's recorded word clears it.")
    if all(exposure.kind == "note" for exposure in exposures):
        words += say(
            " It stands in your note of {said}: if nobody took it, correct the note.",
            said=max(each.said for each in exposures),
        )
    if found.never_by_time:
        return say("Time alone does not clear it. {words}", words=words)
    last = [exposure.last_day for exposure in exposures if exposure.last_day is not None]
    over = not any(exposure.still_taken for exposure in exposures) and len(last) == len(exposures)
    if found.within_days is not None and over:
        day = max(last) + datetime.timedelta(days=found.within_days)
        return say(
            "{words} Without it, a first dose from {day} on is not blocked by this, if no more is taken.",
            words=words,
            day=day,
        )
    return words


def _condition_gates(record: SafetyRecord, first_dose: datetime.date) -> Iterator[Gate]:
    for question in questions():
        said = record.answers.conditions.get(question.id, False)
        if said is False:
            continue
        for found in rules():
            if question.id in found.conditions and (said or found.action != "remind"):
                doubt = "" if said else say("You answered 'I don't know'. If it were so: ")
                since = record.answers.first_given(question.id)
                yield _gate(record, found, question.id, since, say(question.text), doubt)


def _unanswered(answers: Answers, first_dose: datetime.date) -> Iterator[Gate]:
    missing = rule("unanswered")
    texts = {question.id: say(question.text) for question in questions()}
    texts[LIST_COMPLETE] = say("Is your list of medicines, supplements and borrowed tablets complete?")
    for name, text in texts.items():
        given = answers.complete if name == LIST_COMPLETE else name in answers.conditions
        last = answers.last_given(name)
        if given and (first_dose - last).days <= ANSWERS_LAST_DAYS:
            continue
        asked = (
            say(
                "You answered this on {last}; is it still so on {first_dose}? {text}",
                last=date(last),
                first_dose=date(first_dose),
                text=text,
            )
            if given
            else text
        )
        sentence = say(missing.wording, name=asked)
        yield Gate(missing, name, last, "blocked", sentence, say(missing.call), say("Your answer clears it."))


def _taken_back(record: SafetyRecord) -> Iterator[Gate]:
    """What raised a gate and was taken back is said for good; it closes nothing."""
    for number, each in enumerate(record.taken_back, 1):
        yield _gate(record, rule("taken_back"), str(number), each.day, each.sentence)


def unanswered_on(answers: Answers, day: datetime.date) -> frozenset[str]:
    """Names of the questions that had no answer on that day, or one that was too old then and was not renewed since."""
    return frozenset(gate.subject for gate in _unanswered(answers, day))


def _gate(
    record: SafetyRecord, found: Rule, subject: str, since: datetime.date, name: str, before: str = "",
    clears: str = "",
) -> Gate:  # fmt: skip
    sentence, call = before + say(found.wording, name=name), say(found.call, name=name)
    if found.action == "remind":
        return Gate(found, subject, since, "note", sentence, call, "")
    state: State = "blocked" if found.action == "stop" else "ask"
    clears = clears or say("Your prescriber's recorded word clears it.")
    key = f"{found.id}:{subject}"
    words = [each for each in record.instructions if each.gate == key and each.given >= since]
    if words:
        return Gate(found, subject, since, "cleared", sentence, call, clears, words[-1])
    return Gate(found, subject, since, state, sentence, call, clears)


@dataclass(frozen=True, slots=True)
class Cleared:
    """Proof that no gate stood in the way of a first dose on `first_dose`; cannot be made while one does."""

    record: SafetyRecord
    first_dose: datetime.date
    today: datetime.date

    def __post_init__(self) -> None:
        found = self.judgement
        if not found.cleared:
            raise NotCleared(found)

    @property
    def judgement(self) -> Judgement:
        """Judged anew from what it holds, so that a copy that was put together by hand proves nothing."""
        if type(self.record) is not SafetyRecord:
            raise CallError(say("A clearance needs the safety record."))
        whole = replace(self.record, answers=replace(self.record.answers))  # checked anew, word by word
        return judge(whole, self.first_dose, self.today)

    @property
    def instructions(self) -> tuple[Instruction, ...]:
        """The prescribers' words that cleared a gate."""
        return self.judgement.instructions

    @property
    def notes(self) -> tuple[Gate, ...]:
        """What is said although nothing is closed."""
        return self.judgement.notes


def must_be_cleared_for(cleared: Cleared, first_dose: datetime.date) -> None:
    """Refuse what was not cleared for a first dose on that day; what a clearance holds is judged again."""
    if type(cleared) is not Cleared:
        raise CallError(say("The safety gates have to be asked first."))
    if first_dose != cleared.first_dose:
        raise CallError(
            say(
                "The safety questions were cleared for a first dose on {first_dose}, not on "
                "{first_dose_2}. Clear them for that day: an opioid-free time counts to the day "
                "of the first dose.",
                first_dose=cleared.first_dose,
                first_dose_2=first_dose,
            )
        )
    if not (found := cleared.judgement).cleared:
        raise NotCleared(found)
