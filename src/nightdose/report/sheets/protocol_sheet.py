"""The locked protocol as a page to hand to a doctor before day 1: what is asked, how, and by which rule it is judged.

It never says what a box holds where the order was sealed: not before the reveal and not after it.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nightdose.knowledge.four_words import four_words
from nightdose.language.catalogue import mark, say, say_count
from nightdose.language.number import as_given, date, days
from nightdose.protocol.declared_looks import declared_days, looks_of
from nightdose.protocol.locked import Json, Locked, in_force
from nightdose.protocol.sealing import Unblinding
from nightdose.protocol.trial import TrialDesign, TrialKind, blocks, design_from_record, open_order
from nightdose.question.looks import sure_at_one_look, sure_of_sign
from nightdose.question.onset_prior import onset_of
from nightdose.question.question import Question
from nightdose.question.words import amount, direction_note, question_sentence
from nightdose.report.sheets.pages import fill, weekday_date
from nightdose.report.words.answer import rules

BLOCK_COLUMNS = 4  # number, first and last evening, evenings
KINDS: dict[TrialKind, str] = {
    "randomised_blocks": mark("pairs of blocks, their order drawn by chance within each pair"),
    "alternating": mark("blocks in turn, without it first"),
    "open_titration": mark("one block, open"),
}


@dataclass(frozen=True, slots=True)
class Lines:
    """A heading with its lines, or what is said where there are none."""

    heading: str
    lines: tuple[str, ...]
    none: str = ""


@dataclass(frozen=True, slots=True)
class ProtocolSheet:
    """The words on the page. facts : (name, words). sealed : check value of the sealed order, "" = none was sealed."""

    question: str
    locked: str
    sha256: str
    facts: tuple[tuple[str, str], ...]
    blocks_heading: str
    block_heads: tuple[str, ...]
    blocks: tuple[tuple[str, ...], ...]
    order: str
    sealed: str
    analysis: tuple[str, ...]
    rules: tuple[tuple[str, str], ...]
    lists: tuple[Lines, ...]

    @property
    def open_blocks(self) -> bool:
        """True where each row of `blocks` ends with what the block holds."""
        return len(self.block_heads) > BLOCK_COLUMNS


def protocol_sheet_page(
    history: Sequence[Locked], opened: Sequence[Unblinding] = (), sealed: str = "",
    stopped: tuple[datetime.date, str] | None = None,
) -> str:  # fmt: skip
    """One HTML page. history : the protocol and its amendments; opened : boxes that were opened; sealed : check value
    of the order in hex, "" = none was sealed; stopped : from which day on it asks for nothing, and why."""
    return fill("protocol_sheet.html", sheet=protocol_sheet(history, opened, sealed, stopped))


def protocol_sheet(
    history: Sequence[Locked], opened: Sequence[Unblinding], sealed: str,
    stopped: tuple[datetime.date, str] | None = None,
) -> ProtocolSheet:  # fmt: skip
    """The page as a value."""
    first, body = history[0], history[0].body
    design, question = design_from_record(body["design"]), _question(body)
    stopping = in_force(history).get("stopping_rules", ())
    return ProtocolSheet(
        question=question_sentence(question),
        locked=_day(first.day),
        sha256=first.sha256,
        facts=_facts(question, design, body),
        blocks_heading=say("Blocks"),
        block_heads=(
            say("Box"), say("First evening"), say("Last evening"), say("Evenings"),
            *((say("Contents"),) if not design.blinded else ()),
        ),
        blocks=_blocks(design, first.sha256),
        order=_order(design),
        sealed=sealed,
        analysis=_analysis(question, design, body),
        rules=_rules(design),
        lists=(
            Lines(say("Rules for stopping"), tuple(say(str(rule)) for rule in stopping)),
            Lines(say("Safety gates cleared by a prescriber"), _cleared(body), say("None had to be.")),
            Lines(say("Amendments"), _amendments(history), say("Nothing was amended.")),
            Lines(say("Boxes opened"), tuple(map(_opening, opened)), say("None so far.")),
            *(() if stopped is None else (Lines(say("Stopped"), (_stop(*stopped),)),)),
        ),
    )  # fmt: skip


def _question(body: Json) -> Question:
    asked = body["question"]
    return Question(
        outcome=asked["outcome"], treatment=asked["treatment"], scale=asked["scale"], better=asked["better"],
        meaningful=asked["meaningful"], onset=asked["onset"],
    )  # fmt: skip


def _facts(question: Question, design: TrialDesign, body: Json) -> tuple[tuple[str, str], ...]:
    dose, last = body.get("dose_mg"), blocks(design)[-1].last_day
    run_in = say_count("{n} day", "{n} days", design.run_in_days)
    return (
        (say("Outcome"), f"{question.outcome}, {direction_note(question)}"),
        (say("Worth having"), say("{size} or more, once settled", size=amount(question.meaningful, question))),
        (
            say("Medicine"),
            f"{question.treatment}, "
            + (say("{mg} mg a day as prescribed", mg=as_given(float(dose))) if dose else say("dose not written down")),
        ),
        (say("Design"), f"{say(KINDS[design.kind])}; {say('blinded') if design.blinded else say('not blinded')}"),
        (
            say("Days"),
            say(
                "{all}, {first} to {last}; the first {run_in} without it, diary only",
                all=days(design.days), first=weekday_date(design.start), last=weekday_date(last), run_in=run_in,
            )
            if design.run_in_days
            else say("{all}, {first} to {last}", all=days(design.days), first=weekday_date(design.start),
                     last=weekday_date(last)),
        ),
        (say("Answer is read"), say("on {days}", days=", ".join(date(day) for day in declared_days(design)))),
    )  # fmt: skip


def _day(written: str) -> str:
    return date(datetime.date.fromisoformat(written))


def _blocks(design: TrialDesign, sha256: str) -> tuple[tuple[str, ...], ...]:
    rows, order = [], None if design.blinded else open_order(design, sha256)
    for block in blocks(design):
        on = order is not None and order[block.number - 1] == "on"
        held = () if order is None else ((say("with medicine") if on else say("without medicine")),)
        rows.append((str(block.number), weekday_date(block.first_day), weekday_date(block.last_day),
                     str(block.days), *held))  # fmt: skip
    return tuple(rows)


def _order(design: TrialDesign) -> str:
    if design.blinded:
        return say(
            "Of boxes 1 and 2, 3 and 4, and so on, one holds the medicine and one does not. Which is which is drawn by "
            "chance, known to the helper alone until the end, and not on this page."
        )
    if design.kind == "randomised_blocks":
        return say(
            "Of blocks 1 and 2, 3 and 4, and so on, one is with the medicine and one without. Which is which was drawn "
            "by chance from the hash of this protocol, when it was locked; the person knows it."
        )
    return say("Nothing is hidden: the person knows what is taken.")


def _analysis(question: Question, design: TrialDesign, body: Json) -> tuple[str, ...]:
    """What was fixed about the analysis: which days count, the onset assumed, what looking costs."""
    said = [
        say(
            "Every recorded day counts, by what was really taken on it; what lasts from one block into the next is "
            "part of the model, and so are rhythms, trends and days without an entry."
        ),
        onset_of(question).sentence,
        say(
            "The rules below hold at the declared end. On an earlier day more certainty is asked for, so that looking "
            "often finds no more by luck."
        ),
    ]
    if design.kind != "open_titration":
        said.append(
            say("The same blocks are compared once more without a model: by all orders that could have been drawn.")
            if design.kind == "randomised_blocks"
            else say("Nothing was drawn by chance, so a comparison without the model cannot confirm the answer.")
        )
    return tuple(said)


def _rules(design: TrialDesign) -> tuple[tuple[str, str], ...]:
    """What is asked for at the declared end, where the answer may have been read on any evening before."""
    looks = looks_of(design, None)
    planned = design.kind != "open_titration"
    return tuple(rules(sure_of_sign(looks, looks.horizon_days, planned=planned), sure_at_one_look(planned)))


def _cleared(body: Json) -> tuple[str, ...]:
    return tuple(
        say(
            "“{gate}” by {prescriber} on {given}: {words}",
            gate=each["gate"], prescriber=each["prescriber"], given=each["given"], words=each["words"],
        )
        for each in body.get("opened_by", ())
    )  # fmt: skip


def _amendments(history: Sequence[Locked]) -> tuple[str, ...]:
    return tuple(
        say(
            "{number}, {day}: {what}. Why: {reason} ({words}; {sha256})",
            number=number, day=_day(change.day), what=_changed(change.body), reason=change.reason,
            words=four_words(change.sha256), sha256=change.sha256,
        )
        for number, change in enumerate(history[1:], start=1)
    )  # fmt: skip


def _changed(body: Json) -> str:
    """What an amendment changes; one of an older program is named by its fields."""
    said: list[Any] = []
    if body.get("dose_mg") and body.get("dose_from"):
        mg = as_given(float(body["dose_mg"]))
        said.append(say("{mg} mg a day from {day} on", mg=mg, day=_day(body["dose_from"])))
    rules_added = body.get("stopping_rules")
    if isinstance(rules_added, list | tuple):
        said += [say("one more rule: {rule}", rule=rule) for rule in rules_added]
    if body.get("note"):
        said.append(say("a note: {note}", note=body["note"]))
    return "; ".join(said) or ", ".join(body)


def _stop(day: datetime.date, why: str) -> str:
    return say("From {day} on it asks for nothing, and nothing counts as the trial: {why}", day=date(day), why=why)


def _opening(opened: Unblinding) -> str:
    how = say("in an emergency") if opened.emergency else say("before the end")
    return say(
        "Box {boxes} was opened on {day}, {how}: {reason}",
        boxes=", ".join(map(str, opened.opened or opened.blocks)), day=date(opened.day), how=how, reason=opened.reason,
    )  # fmt: skip
