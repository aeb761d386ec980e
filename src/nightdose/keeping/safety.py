"""The safety interview, the gates, a prescriber's word. Everything that leads to a capsule asks here first."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from nightdose.diary.entry import LONGEST_NAME, LONGEST_TEXT, Entry
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import documents
from nightdose.keeping.documents import ANSWERS, INSTRUCTION, TAKEN_BACK, Keeping
from nightdose.knowledge.conditions_in_words import conditions_in
from nightdose.knowledge.in_words import named_in
from nightdose.knowledge.interactions import questions, rules, shipped_rules
from nightdose.knowledge.listed_names import BESIDE_OPIOIDS, what_counts_in_words
from nightdose.knowledge.medicines import recognise
from nightdose.knowledge.procedures import PROCEDURE, procedures_in
from nightdose.language.catalogue import say
from nightdose.protocol.doses import is_dose_gate
from nightdose.protocol.exposures import Exposure, exposures_from
from nightdose.protocol.gates import Cleared, Judgement, SafetyRecord, judge
from nightdose.protocol.interview import Answers, Instruction, Medicine, TakenBack
from nightdose.protocol.refusal import ALONE


def longest_wait_d() -> int:
    """Days over which a gate can still be in the way of what was stopped."""
    return max(rule.within_days or 0 for rule in rules())


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
    return SafetyRecord(
        answers(store, today), exposures_from(entries), instructions(store), documents.every(store, TAKEN_BACK)
    )


def judgement(store: Store, today: datetime.date, first_dose: datetime.date | None = None) -> Judgement:
    """Every gate for a first dose on that day (today, unless said otherwise), the worst first."""
    return judge(safety_record(store, today), first_dose or today, today)


def cleared(store: Store, today: datetime.date, first_dose: datetime.date | None = None) -> Cleared:
    """Proof that no gate is in the way of a first dose on that day (today, unless said otherwise).

    Raises NotCleared while one is, CallError for a day that is past.
    """
    return Cleared(safety_record(store, today), first_dose or today, today)


def answer(
    store: Store,
    said: Mapping[str, bool | None],
    today: datetime.date,
    *,
    complete: bool | None = None,
    reason: str = "",
) -> Judgement:
    """Keep answers to safety questions: id -> yes, no, or None for "I don't know".

    complete : whether the list of medicines is whole; None = not asked this time. An answer that is given again as it
    was is fresh from today; what is not answered keeps its own day. reason : needed where an answer is no longer the
    yes that stands in the way of a plan; kept, and printed with the gates from then on.
    """
    known = {question.id for question in questions()}
    before = after = answers(store, today)
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
    told = _no_longer_yes(store, before, after, today, reason)
    if told is None:
        documents.keep(store, ANSWERS, after)
    else:
        documents.keep_all(store, told, (ANSWERS, after))
    return judgement(store, today)


def _no_longer_yes(store: Store, before: Answers, after: Answers, today: datetime.date, reason: str) -> Keeping | None:
    """Why what was a yes is none any more; "I don't know" counts as a no, which could follow it unasked."""
    changed = [q for q in questions() if before.conditions.get(q.id) is True and after.conditions[q.id] is not True]
    if not changed:
        return None
    for question in changed:
        after = after.with_answer(question.id, False, today)
    what = say("yes to: {question}", question=" ".join(say(question.text) for question in changed))
    return _told_reason(store, today, what, reason, after=after)


def name_medicine(
    store: Store,
    name: str,
    today: datetime.date,
    *,
    stopped: bool = False,
    last_taken: datetime.date | None = None,
    reason: str = "",
) -> Judgement:
    """Keep that a medicine or supplement is taken, or was.

    stopped : no longer taken; last_taken : its last day, None = not known. reason : needed where a last day that is
    earlier than what was told before would take a gate away.
    """
    if last_taken is not None and last_taken > today:
        raise CallError(
            say(
                "{last_taken} has not come yet. A medicine that will be stopped is still taken.", last_taken=last_taken
            ),
            field="stopped",
        )
    if len(name.strip()) > LONGEST_NAME:
        raise CallError(
            say("A name has at most {n} letters. Write one medicine at a time, as on the box.", n=LONGEST_NAME),
            field="name",
        )
    gone = stopped or last_taken is not None
    medicine = Medicine(name.strip(), current=not gone, last_taken=last_taken, named=today)
    before = answers(store, today)
    after = before.with_medicine(medicine)
    if any(_moved_back(each, medicine, before.day) for each in before.medicines):
        told = _told_reason(store, today, say("{name}, as told before", name=medicine.name), reason, after=after)
        documents.keep_all(store, told, (ANSWERS, after))
    else:
        documents.keep(store, ANSWERS, after)
    return judgement(store, today)


def _moved_back(before: Medicine, after: Medicine, interview: datetime.date) -> bool:
    """True where the last day now told lies before what was told of the same medicine earlier."""
    if before.name.casefold() != after.name.casefold() or after.last_taken is None:
        return False
    known = (before.named or interview) if before.current else before.last_taken
    return known is not None and after.last_taken < known


def forget_medicine(store: Store, name: str, today: datetime.date, reason: str = "") -> Judgement:
    """Take out a medicine that was named by mistake. CallError where nothing of that name is in the list.

    reason : needed where it stands in the way of a plan; kept, and printed with the gates from then on.
    """
    before = answers(store, today)
    after = before.without_medicine(name)
    if after == before:
        listed = ", ".join(medicine.name for medicine in before.medicines) or say("nothing yet")
        raise CallError(
            say("'{name}' is not in your list of medicines. In it: {listed}.", name=name, listed=listed), field="name"
        )
    told = _told_reason(store, today, say("{name}, in the list of medicines", name=name.strip()), reason, after=after)
    documents.keep_all(store, told, (ANSWERS, after))
    return judgement(store, today)


def taken_back(
    store: Store, today: datetime.date, what: str, reason: str, entries: Iterable[Entry]
) -> TakenBack | None:
    """The record that has to be kept when the diary's entries become `entries`; None where no gate goes by it.

    Raises CallError (field: reason) where one does and no reason was told: what closed a gate is not deleted unseen.
    """
    gone = gates_gone(store, today, exposures_from(entries))
    return TakenBack(today, gone, what, reason) if gone else None


def gates_gone(
    store: Store,
    today: datetime.date,
    exposures: tuple[Exposure, ...] | None = None,
    after: Answers | None = None,
) -> tuple[str, ...]:
    """Keys of the gates that refuse on one of the next days and would not with these exposures or answers."""
    before = safety_record(store, today)
    now = replace(
        before,
        answers=before.answers if after is None else after,
        exposures=before.exposures if exposures is None else exposures,
    )
    if now == before:
        return ()
    known = [before.answers.latest, now.answers.latest, today]
    known += [each.said for each in (*before.exposures, *now.exposures)]
    known += [each.last_day for each in (*before.exposures, *now.exposures) if each.last_day is not None]
    first = max(known)  # a day to come is a mistake that has to be correctable too
    days = [today + datetime.timedelta(days=number) for number in range(longest_wait_d() + 1)]
    gone = set()
    for day in days:
        start = max(day, first)
        gone |= _refusing(before, start, first) - _refusing(now, start, first)
    return tuple(sorted(gone))


def refusing_now(store: Store, today: datetime.date) -> frozenset[str]:
    """Keys of the gates that stand in the way of a first dose today, but for questions without an answer."""
    return frozenset(_refusing(safety_record(store, today), today, today))


def stands_in_the_way(entry: Entry) -> bool:
    """Whether an entry by itself raises a gate that refuses."""
    return bool(_refusing(SafetyRecord(Answers(entry.day), exposures_from([entry])), entry.last_day, entry.last_day))


def _refusing(record: SafetyRecord, first_dose: datetime.date, today: datetime.date) -> set[str]:
    return {
        gate.key for gate in judge(record, first_dose, today).gates if gate.refuses and gate.rule.id != "unanswered"
    }


def _told_reason(store: Store, today: datetime.date, what: str, reason: str, *, after: Answers) -> Keeping | None:
    gone = gates_gone(store, today, after=after)
    return (TAKEN_BACK, TakenBack(today, gone, what, reason)) if gone else None


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
    if len(word.prescriber) > LONGEST_NAME or len(word.words) > LONGEST_TEXT:
        raise CallError(
            say("This is too long to be kept. Write the name, and what was said in a few sentences."), field="words"
        )
    if word.given > today:
        raise CallError(say("{given} has not come yet.", given=word.given), field="given")
    documents.keep(store, INSTRUCTION, word)
    return judgement(store, today)


def _condition_words(told: str) -> Iterator[str]:
    """What is said of the conditions that free words tell: the rule, whom to call, and what to do in the diary.

    Despair is answered whatever medicine the diary is about; the other conditions by the rules of that medicine.
    """
    known = {rule.id: rule for rule in (*(rule for rule in shipped_rules() if rule.id == ALONE), *rules())}
    anew = say("If it is so, answer the safety questions anew; this note by itself changes no plan.")
    for found in (known[id] for id in conditions_in(told) if id in known):
        yield f"{say(found.wording, name=found.id)} {say(found.call, name=found.id)} {anew}"


def hazards(entries: Iterable[Entry]) -> tuple[str, ...]:
    """What has to be said at once of a medicine that a hard stop is about, an operation, or a condition of the safety
    questions that free words tell; typed or imported."""
    said: list[str] = []
    for entry in entries:
        if entry.kind in ("event", "note"):
            said += _condition_words(f"{entry.item} {entry.text}")
        if entry.status in ("stop", "missed", "none"):
            continue
        if entry.kind in ("rescue", "medicine", "dose"):
            named = recognise(entry.item)
        elif entry.kind == "guess" or (entry.value is not None and entry.value <= 0):
            continue
        else:
            named = named_in(f"{entry.item} {entry.text}", what_counts_in_words())
        if entry.kind in ("event", "note"):
            named = (*named, *procedures_in(entry.text or entry.item, "event" if entry.kind == "event" else "note"))
        for found in named:
            for rule in rules():
                about = rule.names(found.written, found.substance, found.group)
                if (rule.action == "stop" or found.group in (PROCEDURE, BESIDE_OPIOIDS)) and about:
                    said.append(f"{say(rule.wording, name=found.label)} {say(rule.call, name=found.label)}")
    return tuple(dict.fromkeys(said))
