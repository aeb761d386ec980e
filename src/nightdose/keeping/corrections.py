"""A row that was wrong: said anew, or taken back. Both stay readable in the history."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from nightdose.diary.entry import Entry, Stored
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import documents, safety, settings
from nightdose.keeping.documents import TAKEN_BACK
from nightdose.keeping.entries import SAID_ANEW, Repeat, SecondDose, doses_there, in_words
from nightdose.keeping.medicine_names import same_medicine
from nightdose.language.catalogue import say
from nightdose.protocol.doses import DoseInDoubt, doubtful_doses


@dataclass(frozen=True, slots=True)
class Corrected:
    """What was said and what is said now."""

    number: int
    before: Entry
    after: Entry


def entry_numbered(store: Store, number: int) -> Stored:
    """The current entry of that number; CallError where there is none, or where it was corrected or withdrawn."""
    return store.current(number)


@dataclass(frozen=True, slots=True)
class Meant:
    """What the person said of a correction that has to be asked about.

    day : another day, where that was the mistake; None = the day of the entry that is corrected.
    repeat, said_again_mg : as in `entries.write`, of another dose of that day and of a dose outside its range.
    """

    day: datetime.date | None = None
    repeat: Repeat = "ask"
    said_again_mg: Collection[float] = ()


def correct(store: Store, number: int, said: Entry, reason: str = "", meant: Meant = Meant()) -> Corrected:
    """Put `said` in the place of an entry. It stays of its kind and item; another kind or item is refused.

    Raises SecondDose where its day has another dose of that medicine, DoseInDoubt for one that does not look as meant.
    """
    before = entry_numbered(store, number).entry
    if said.kind != before.kind:
        raise CallError(
            say(
                "Entry {number} is a {kind} of {item}; it cannot become a {said_kind}. Withdraw "
                "it and write the other one, if it should not have been made.",
                number=number,
                kind=before.kind,
                item=before.item,
                said_kind=said.kind,
            ),
            field="correct",
        )
    if not _same_item(before, said):
        raise CallError(
            say(
                "Entry {number} is about {item}, not {said_item}. Withdraw it and write the other "
                "one, if it should not have been made.",
                number=number,
                item=before.item,
                said_item=said.item,
            ),
            field="correct",
        )
    after = _filled(before, said, meant.day or before.day)
    for _, check in doubtful_doses([after]):
        if after.value != before.value and not any(abs(check.mg - again) < 1e-9 for again in meant.said_again_mg):
            raise DoseInDoubt(check)
    others = [row for row in doses_there(store, after) if row.number != number]
    moved = (after.day, after.at, after.status) != (before.day, before.at, before.status)
    if others and moved and meant.repeat == "ask":
        raise SecondDose(after, others)
    gone = others if meant.repeat == "instead" else []
    kept = [row.entry for row in store.entries() if row.number != number and row not in gone]
    _keep_reason(store, before, reason, [*kept, after])
    numbers = store.write_all([], [(number, after, reason)], [(row.number, SAID_ANEW) for row in gone])
    return Corrected(numbers[0], before, after)


def _same_item(before: Entry, said: Entry) -> bool:
    if before.kind in ("event", "note", "side_effect"):  # their item is the words themselves
        return True
    if before.kind in ("dose", "rescue", "medicine"):
        return same_medicine(before.item, said.item)
    return before.item.casefold() == said.item.casefold()


def _filled(before: Entry, said: Entry, day: datetime.date) -> Entry:
    """What is said now, on `day`; amount and clock time that are not said anew stay."""
    nothing_taken = said.status in ("missed", "none", "unknown")
    clock = said.at or (None if nothing_taken else before.at)
    moved = None if clock is None else clock + (day - (said.day if said.at else before.day))
    amount = (said.value, said.unit) if said.value is not None or nothing_taken else (before.value, before.unit)
    if said.kind in ("side_effect", "event", "note"):
        amount = (said.value, said.unit)
    return replace(said, day=day, at=moved, value=amount[0], unit=amount[1], source=before.source)


def withdraw(store: Store, number: int, reason: str = "") -> int:
    """Say that an entry should not have been made; the number of the row that says so.

    Raises CallError (field: reason) where the entry stands in the way of a plan and no reason was told.
    """
    before = entry_numbered(store, number).entry
    _keep_reason(store, before, reason, [row.entry for row in store.entries() if row.number != number])
    return store.withdraw(number, reason or "withdrawn")


def _keep_reason(store: Store, before: Entry, reason: str, entries: Sequence[Entry]) -> None:
    """Keep why what stood in the way of a plan no longer does; CallError where that was not told."""
    what = say("{words} on {day}", words=in_words(before)[:120], day=before.day)
    if told := safety.taken_back(store, settings.today(store, store.now()), what, reason, entries):
        documents.keep(store, TAKEN_BACK, told)
