"""Tonight: what the plan in force says, which questions are asked, and how their answers become entries."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from nightdose.diary.day import DayRule
from nightdose.diary.entry import Entry, Outcome
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import safety, settings
from nightdose.keeping.medicine_names import same_medicine
from nightdose.keeping.plan_tonight import PlanTonight, plan_tonight
from nightdose.keeping.said import NO, NUMBER, UNKNOWN, YES, as_english, read_clock, read_number, read_share
from nightdose.keeping.sealing import box_on, unblindings
from nightdose.knowledge.interactions import rules
from nightdose.knowledge.medicines import recognise
from nightdose.language.catalogue import say
from nightdose.protocol.doses import MG_IN, milligrams
from nightdose.protocol.gates import Judgement, unanswered_on

AskKind = Literal["score", "dose", "guess", "rescue", "side_effect", "note"]

LATE_AFTER = datetime.timedelta(hours=2)  # later than the plan's hour by more than this is a late dose
NAMED_DAYS = 14  # evenings without a word are named for two weeks; older ones nobody remembers
NEW_DAYS = 28  # side effects are asked about in the first four weeks of a dose or a box
RESCUE_DAYS = 90  # rescue medicines are asked about while one was written down within three months
ANY = "any"  # item of the entry that says: no rescue medicine was taken
MISSED = frozenset({"missed", "skipped", "forgot", "forgotten", "not taken", *NO})
TAKEN = frozenset({"taken", "took it", *YES})
DOSE = re.compile(
    rf"(?:(?P<amount>{NUMBER})\s*(?P<unit>[a-zµμ]{{1,12}}))?\s*(?:@|at\s)?\s*(?P<clock>\d[\d:.h]*\s*(?:[ap]\.?m\.?)?)?"
)
TAKEN_ITEM = re.compile(
    rf"(?P<item>[^\d@,][^@,]*?)(?:\s+(?P<amount>{NUMBER})\s*(?P<unit>[a-zµμ]{{0,12}}))?(?:\s*(?:@|\sat\s)\s*(?P<clock>[\d:.]+\s*(?:[ap]m)?))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ask:
    """One question of the evening. An empty answer is always allowed and means: not recorded.

    id : of the answer's field, such as 'score:pain'. hint : how to answer. now : what is recorded already, in words.
    """

    id: str
    kind: AskKind
    item: str
    text: str
    hint: str
    now: str = ""


@dataclass(frozen=True, slots=True)
class Evening:
    """The questions of one day.

    plan     : what the plan in force says of it. refusing : the gates that stand in its way, to be shown first.
    unwritten : evenings before it that have no score, the latest first. hindered : why the gates cannot be asked, and
    what to correct; "" = they can.
    """

    day: datetime.date
    asks: tuple[Ask, ...]
    plan: PlanTonight
    refusing: Judgement | None
    unwritten: tuple[datetime.date, ...]
    rule: DayRule
    outcomes: Mapping[str, Outcome]
    hindered: str = ""


def evening(store: Store, day: datetime.date, today: datetime.date) -> Evening:
    """What to ask about `day`. CallError for a day to come, or where no outcome was chosen yet."""
    if day > today:
        raise CallError(say("{day} has not come yet; today is {today}.", day=day, today=today), field="day")
    chosen = settings.asked_outcomes(store)
    if not chosen:
        raise CallError(say("No outcome was chosen yet: say what you want to score each evening."), field="outcome",
                        code="no_outcome")  # fmt: skip
    plan = plan_tonight(store, day)
    refusing, hindered = None, ""
    if day == today:
        try:
            refusing = standing_in_the_way(store, plan, today)
        except CallError as error:  # an entry of a day to come: what to correct is said, and the evening is written
            hindered = str(error)
    if refusing is not None or hindered:
        plan = plan.without_amount()
    there = tuple(row.entry for row in store.entries(day=day))
    asks = [_score_ask(outcome, there) for outcome in chosen.values()]
    if plan.asked:
        asks.append(_dose_ask(plan, there))
    if _blind_box(store, day):
        asks.append(
            Ask("guess", "guess", plan.treatment, say("How sure are you that tonight's capsule is active?"), "0-100%")
        )
    if _takes_rescue(store, day, today):
        asks.append(Ask("rescue", "rescue", ANY, say("Taken against pain or an attack today?"),
                        say("no, or name and amount: ibuprofen 400 mg at 15:00")))  # fmt: skip
    if plan.since is not None and (day - plan.since).days < NEW_DAYS:
        asks.append(Ask("side_effects", "side_effect", "", say("Anything that may be a side effect?"),
                        say("no, or names, 0 to 10 each: vivid dreams 6")))  # fmt: skip
    asks.append(Ask("note", "note", "note", say("A note?"), say("anything")))
    unwritten = unwritten_evenings(store, day)
    return Evening(day, tuple(asks), plan, refusing, unwritten, settings.day_rule(store), chosen, hindered)


def standing_in_the_way(store: Store, plan: PlanTonight, today: datetime.date) -> Judgement | None:
    """The gates that are in the way of tonight's capsule; None where nothing is, or no plan has one.

    On the first evening of a step or a box every gate counts. On the others an answer that has grown old since then
    does not; one that was missing or too old then, and still is, does: whoever skips the first evening is asked on the
    next.
    Where there is no plan, so that only the last amount or none is offered, unanswered questions do not count.
    """
    if not plan.leads_to_a_capsule and plan.source not in ("last", "none"):
        return None
    found = safety.judgement(store, today)
    asked = frozenset[str]()
    if plan.leads_to_a_capsule:
        asked = unanswered_on(safety.answers(store, today), today if plan.since is None else plan.since)
    in_the_way = tuple(gate for gate in found.refusing if gate.rule.id != "unanswered" or gate.subject in asked)
    return replace(found, gates=in_the_way) if in_the_way else None


def read_answer(asked: Evening, ask: Ask, text: str) -> tuple[Entry, ...]:
    """The entries of one answer; none for an empty one. CallError, with `field` the id of the question."""
    words = " ".join(text.split())
    if not words:
        return ()
    readers: Mapping[AskKind, Callable[[Evening, Ask, str], tuple[Entry, ...]]] = {
        "score": _read_score, "dose": _read_dose, "guess": _read_guess, "rescue": _read_rescue,
        "side_effect": _read_side_effects, "note": _read_note,
    }  # fmt: skip
    try:
        return readers[ask.kind](asked, ask, words)
    except CallError as error:
        raise CallError(str(error), field=ask.id, code=error.code) from None


def unwritten_evenings(store: Store, before: datetime.date) -> tuple[datetime.date, ...]:
    """Evenings of the last two weeks without a score, the latest first; none from before the diary began."""
    scored = {row.entry.day for row in store.entries(kind="score")}
    if not scored:
        return ()
    days = (before - datetime.timedelta(days=back) for back in range(1, NAMED_DAYS + 1))
    return tuple(day for day in days if day > min(scored) and day not in scored)


def _score_ask(outcome: Outcome, there: tuple[Entry, ...]) -> Ask:
    now = [entry for entry in there if entry.kind == "score" and entry.item == outcome.name]
    said = f"{now[-1].value:g}" if now and now[-1].value is not None else ""
    better = say("lower is better") if outcome.better == "lower" else say("higher is better")
    return Ask(f"score:{outcome.name}", "score", outcome.name, outcome.name, f"{outcome.scale}; {better}", said)


def _dose_ask(plan: PlanTonight, there: tuple[Entry, ...]) -> Ask:
    now = [entry for entry in there if entry.kind == "dose" and same_medicine(entry.item, plan.item)]
    said = "; ".join(" ".join(filter(None, [entry.status, f"{entry.value:g} mg" if entry.value else "",
                                            f"{entry.at:%H:%M}" if entry.at else ""])) for entry in now)  # fmt: skip
    how = say("time (22:30), yes, missed, or late 00:40")
    if plan.dose_mg is None and not plan.blinded:
        how = say("amount and time (1.5 mg at 22:30), missed, or ?")
    return Ask("dose", "dose", plan.item, plan.words, how, said)


def _blind_box(store: Store, day: datetime.date) -> bool:
    box = box_on(store, day)
    return box is not None and not any(
        box.block.number in each.blocks and each.day <= day for each in unblindings(store)
    )


def _takes_rescue(store: Store, day: datetime.date, today: datetime.date) -> bool:
    recent = (row.entry.day for row in store.entries(kind="rescue"))
    if any(abs((day - when).days) <= RESCUE_DAYS for when in recent):
        return True
    counted = {group for rule in rules() if rule.days_a_month is not None for group in rule.classes}
    told = (medicine.name for medicine in safety.answers(store, today).medicines if medicine.current)
    return any(found.group in counted for name in told for found in recognise(name))


def _read_score(asked: Evening, ask: Ask, words: str) -> tuple[Entry, ...]:
    outcome = asked.outcomes[ask.item]
    return (Entry(asked.day, "score", outcome.name, outcome.read(words), outcome.unit),)


def _read_dose(asked: Evening, ask: Ask, words: str) -> tuple[Entry, ...]:
    word = as_english(words).lower().rstrip(".!")
    plan = asked.plan
    if word in MISSED:
        return (Entry(asked.day, "dose", plan.item, status="missed"),)
    if word in UNKNOWN:
        return (Entry(asked.day, "dose", plan.item, status="unknown"),)
    late = "late" in word.split()
    word = " ".join(part for part in word.split() if part not in ("late", *TAKEN)) if word not in TAKEN else ""
    if re.fullmatch(r"\d{1,2}", word):
        raise CallError(
            say(
                "'{words}': is that {word} mg, or {word} o'clock? Write {word} mg or {word}:00.", words=words, word=word
            )
        )
    found = DOSE.fullmatch(word)
    if found is None:
        raise CallError(
            say(
                "'{words}': write the time as 22:30, or missed, or the amount and time as 1.5 mg at 22:30.", words=words
            )
        )
    clock = read_clock(found["clock"]) if found["clock"] else None
    amount = plan.dose_mg
    if found["amount"]:
        if found["unit"] not in MG_IN:
            raise CallError(say("'{words}': give the amount in mg, for example 1.5 mg at 22:30.", words=words))
        amount = milligrams(read_number(found["amount"]), found["unit"])
    if amount is None and not plan.blinded:
        raise CallError(say("How many mg of {item}? Write for example 1.5 mg at 22:30.", item=plan.item))
    if amount == 0:
        return (Entry(asked.day, "dose", plan.item, status="missed"),)
    at = asked.rule.moment(asked.day, clock) if clock else None
    if at is not None and plan.clock is not None:
        late = late or at - asked.rule.moment(asked.day, plan.clock) > LATE_AFTER
    value = None if plan.blinded and not found["amount"] else amount
    unit = "mg" if value is not None else ""
    return (Entry(asked.day, "dose", plan.item, value, unit, "late" if late else "taken", at=at),)


def _read_guess(asked: Evening, ask: Ask, words: str) -> tuple[Entry, ...]:
    if as_english(words) in UNKNOWN:
        return (Entry(asked.day, "guess", ask.item, 0.5),)
    return (Entry(asked.day, "guess", ask.item, read_share(words)),)


def _read_rescue(asked: Evening, ask: Ask, words: str) -> tuple[Entry, ...]:
    words = as_english(words)
    if words.lower() in NO:
        return (Entry(asked.day, "rescue", ANY, status="none"),)
    if words.lower() in YES:
        raise CallError(say("Which one? Write its name, and the amount where you know it: ibuprofen 400 mg."))
    entries = []
    for part in re.split(r"\s*[,;]\s+|\s+and\s+", words):
        found = TAKEN_ITEM.fullmatch(part)
        if found is None:
            raise CallError(say("'{part}': write a name and amount, for example ibuprofen 400 mg at 15:00.", part=part))
        value = read_number(found["amount"]) if found["amount"] else None
        at = asked.rule.moment(asked.day, read_clock(found["clock"])) if found["clock"] else None
        unit = (found["unit"] or "mg") if value is not None else ""
        entries.append(Entry(asked.day, "rescue", found["item"].strip(), value, unit, "taken", at=at))
    return tuple(entries)


def _read_side_effects(asked: Evening, ask: Ask, words: str) -> tuple[Entry, ...]:
    if as_english(words).lower() in NO:
        return ()
    entries = []
    for part in re.split(r"\s*[,;]\s*", words):
        found = re.fullmatch(rf"(?P<item>.*?[^\d\s])(?:\s+(?P<value>{NUMBER}))?", part)
        if found is None:
            raise CallError(say("'{part}': write a name, and how strong from 0 to 10: vivid dreams 6.", part=part))
        value = read_number(found["value"]) if found["value"] else None
        if value is not None and not 0 <= value <= 10:
            raise CallError(say("'{part}': how strong is a number from 0 to 10.", part=part))
        entries.append(Entry(asked.day, "side_effect", found["item"].strip(), value))
    return tuple(entries)


def _read_note(asked: Evening, ask: Ask, words: str) -> tuple[Entry, ...]:
    return (Entry(asked.day, "note", "note", text=words),)


__all__ = ["Ask", "Evening", "evening", "read_answer", "standing_in_the_way", "unwritten_evenings"]
