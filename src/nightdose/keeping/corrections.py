"""A row that was wrong: said anew, or taken back. Both stay readable in the history."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from nightdose.diary.entry import Entry, Stored
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError


@dataclass(frozen=True, slots=True)
class Corrected:
    """What was said and what is said now."""

    number: int
    before: Entry
    after: Entry


def entry_numbered(store: Store, number: int) -> Stored:
    """The current entry of that number; CallError where there is none, or where it was corrected or withdrawn."""
    return store.current(number)


def correct(store: Store, number: int, said: Entry, reason: str = "", *, day: datetime.date | None = None) -> Corrected:
    """Put `said` in the place of an entry. It stays of its kind and item; another kind or item is refused.

    day : another day, where that was the mistake; None = the day of the entry that is corrected, whatever `said` has.
    """
    before = entry_numbered(store, number).entry
    if said.kind != before.kind:
        raise CallError(
            f"Entry {number} is a {before.kind} of {before.item}; it cannot become a {said.kind}. "
            "Withdraw it and write the other one, if it should not have been made.",
            field="correct",
        )
    if said.item.casefold() != before.item.casefold() and before.kind not in ("event", "note", "side_effect"):
        raise CallError(
            f"Entry {number} is about {before.item}, not {said.item}. "
            "Withdraw it and write the other one, if it should not have been made.",
            field="correct",
        )
    after = replace(said, day=day or before.day, at=_moved(said, day or before.day), source=before.source)
    return Corrected(store.correct(number, after, reason), before, after)


def _moved(said: Entry, day: datetime.date) -> datetime.datetime | None:
    """The clock time that was said, on the day that it is about."""
    return None if said.at is None else said.at + (day - said.day)


def withdraw(store: Store, number: int, reason: str = "") -> int:
    """Say that an entry should not have been made; the number of the row that says so."""
    return store.withdraw(number, reason or "withdrawn")
