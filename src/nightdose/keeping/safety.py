"""The safety interview, the gates, a prescriber's word. Everything that leads to a capsule asks here first."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from nightdose.diary.entry import Entry
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import documents
from nightdose.keeping.documents import ANSWERS, INSTRUCTION
from nightdose.knowledge.in_words import named_in
from nightdose.knowledge.interactions import questions, rules
from nightdose.knowledge.medicines import blocking_classes, recognise
from nightdose.knowledge.procedures import PROCEDURE, procedures_in
from nightdose.language.catalogue import say
from nightdose.protocol.doses import is_dose_gate
from nightdose.protocol.exposures import exposures_from
from nightdose.protocol.gates import Cleared, Judgement, SafetyRecord, judge
from nightdose.protocol.interview import Answers, Instruction, Medicine


def answers(store: Store, today: datetime.date) -> Answers:
    """The interview as it stands; none yet is an interview without an answer."""
    return documents.newest(store, ANSWERS, "answers") or Answers(today)


def instructions(store: Store) -> tuple[Instruction, ...]:
    """Every recorded word of a prescriber, in the order of writing."""
    return documents.every(store, INSTRUCTION)


def safety_record(store: Store, today: datetime.date) -> SafetyRecord:
    """All that the gates look at: the interview, whatever the diary says was taken, the prescribers' words.

    The diary's side are its current entries of every kind and source, imports included, as `exposures_from` reads
    them: each name with its last day.
    """
    entries = (row.entry for row in store.entries())
    return SafetyRecord(answers(store, today), exposures_from(entries), instructions(store))


def judgement(store: Store, today: datetime.date, first_dose: datetime.date | None = None) -> Judgement:
    """Every gate for a first dose on that day (today, unless said otherwise), the worst first."""
    return judge(safety_record(store, today), first_dose or today, today)


def cleared(store: Store, today: datetime.date, first_dose: datetime.date | None = None) -> Cleared:
    """Proof that no gate is in the way of a first dose on that day (today, unless said otherwise).

    Raises NotCleared while one is, CallError for a day that is past.
    """
    return Cleared(safety_record(store, today), first_dose or today, today)


def answer(
    store: Store, said: Mapping[str, bool | None], today: datetime.date, *, complete: bool | None = None
) -> Judgement:
    """Keep answers to safety questions: id -> yes, no, or None for "I don't know".

    complete : whether the list of medicines is whole; None = not asked this time. An answer that is given again as it
    was is fresh from today; what is not answered keeps its own day.
    """
    known = {question.id for question in questions()}
    after = answers(store, today)
    for name, word in said.items():
        if name not in known:
            raise CallError(
                say(
                    "'{name}' is not a safety question. The questions: {known}.",
                    name=name,
                    known=", ".join(sorted(known)),
                ),
                field="answer",
            )
        after = after.with_answer(name, word, today)
    if complete is not None:
        after = after.with_complete_list(complete, today)
    documents.keep(store, ANSWERS, after)
    return judgement(store, today)


def name_medicine(
    store: Store,
    name: str,
    today: datetime.date,
    *,
    stopped: bool = False,
    last_taken: datetime.date | None = None,
) -> Judgement:
    """Keep that a medicine or supplement is taken, or was.

    stopped : no longer taken; last_taken : its last day, None = not known.
    """
    if last_taken is not None and last_taken > today:
        raise CallError(
            say(
                "{last_taken} has not come yet. A medicine that will be stopped is still taken.", last_taken=last_taken
            ),
            field="stopped",
        )
    gone = stopped or last_taken is not None
    medicine = Medicine(name.strip(), current=not gone, last_taken=last_taken, named=today)
    documents.keep(store, ANSWERS, answers(store, today).with_medicine(medicine))
    return judgement(store, today)


def forget_medicine(store: Store, name: str, today: datetime.date) -> Judgement:
    """Take out a medicine that was named by mistake. CallError where nothing of that name is in the list."""
    before = answers(store, today)
    after = before.without_medicine(name)
    if after == before:
        listed = ", ".join(medicine.name for medicine in before.medicines) or say("nothing yet")
        raise CallError(
            say("'{name}' is not in your list of medicines. In it: {listed}.", name=name, listed=listed), field="name"
        )
    documents.keep(store, ANSWERS, after)
    return judgement(store, today)


def instruct(store: Store, word: Instruction, today: datetime.date) -> Judgement:
    """Keep what a prescriber said about one gate; the gate has to be raised, or be about a dose above the label.

    Raises CallError where no such gate is raised, where it is a question that the person answers, or for a day to come.
    """
    raised = {gate.key: gate for gate in judgement(store, today).gates}
    found = raised.get(word.gate)
    if found is None and not is_dose_gate(word.gate):
        known = ", ".join(key for key, gate in raised.items() if gate.refuses) or "none"
        raise CallError(
            say("There is no gate '{gate}'. Blocked or to be asked about now: {known}.", gate=word.gate, known=known),
            field="gate",
        )
    if found is not None and found.rule.id == "unanswered":
        raise CallError(say("This gate is a question without an answer; you answer it yourself."), code="answer")
    if word.given > today:
        raise CallError(say("{given} has not come yet.", given=word.given), field="given")
    documents.keep(store, INSTRUCTION, word)
    return judgement(store, today)


def hazards(entries: Iterable[Entry]) -> tuple[str, ...]:
    """What has to be said at once of a medicine that a hard stop is about, or an operation, typed or imported."""
    said = []
    for entry in entries:
        if entry.status in ("stop", "missed", "none"):
            continue
        if entry.kind in ("rescue", "medicine", "dose"):
            named = recognise(entry.item)
        elif entry.kind == "guess" or (entry.value is not None and entry.value <= 0):
            continue
        else:
            named = named_in(f"{entry.item} {entry.text}", blocking_classes())
        if entry.kind in ("event", "note"):
            named = (*named, *procedures_in(entry.text or entry.item, "event" if entry.kind == "event" else "note"))
        for found in named:
            for rule in rules():
                if (rule.action == "stop" or found.group == PROCEDURE) and found.group in rule.classes:
                    said.append(f"{say(rule.wording, name=found.label)} {say(rule.call, name=found.label)}")
    return tuple(dict.fromkeys(said))
