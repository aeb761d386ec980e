"""A whole evening sent at once: every answer read before anything is written, and never twice from one form."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from nightdose.diary.entry import Entry, Stored
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping.entries import Repeat, warnings, write
from nightdose.keeping.tonight import evening, read_answer

TAKEN_BACK = "taken back"
MARK = "form:"  # of what a form wrote, so that the same form sent twice is known


@dataclass(frozen=True, slots=True)
class EveningForm:
    """What was answered. once : the form's own number; answers : id of the question -> what was said, "" = nothing.

    repeat : what a dose is whose medicine was taken that day already; said_again_mg : doses that were said twice.
    """

    day: datetime.date
    once: str
    answers: Mapping[str, str]
    repeat: Repeat = "ask"
    said_again_mg: Collection[float] = ()


@dataclass(frozen=True, slots=True)
class EveningKept:
    """What became of it. errors : id of the question -> a sentence; then nothing was written."""

    numbers: tuple[int, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)


def save_evening(store: Store, form: EveningForm, today: datetime.date) -> EveningKept:
    """Write the evening, all or nothing; the same form again changes nothing and gives the same numbers.

    A score that is on that day already is corrected where it differs and left alone where it does not.
    Raises SecondDose and DoseInDoubt, which a face asks about; NotCleared never: what was taken is always recorded.
    """
    before = written_by(store, form.once)
    if before:
        return EveningKept(before)
    asked = evening(store, form.day, today)
    errors: dict[str, str] = {}
    entries: list[Entry] = []
    for ask in asked.asks:
        try:
            entries += read_answer(asked, ask, form.answers.get(ask.id, ""))
        except CallError as error:
            errors[ask.id] = str(error)
    if errors:
        return EveningKept(errors=errors)
    marked = [replace(entry, source_key=f"{MARK}{form.once}:{i}") for i, entry in enumerate(entries)]
    done = write(store, marked, today, repeat=form.repeat, said_again_mg=form.said_again_mg, answers=True)
    return EveningKept(done.numbers)


def written_by(store: Store, once: str) -> tuple[int, ...]:
    """Numbers of the rows that this form wrote, () where it wrote none yet."""
    if not any(key.startswith(f"{MARK}{once}:") for key in store.source_keys()):
        return ()
    return tuple(row.number for row in store.history() if (row.entry.source_key or "").startswith(f"{MARK}{once}:"))


def rows_numbered(store: Store, numbers: Collection[int]) -> tuple[Stored, ...]:
    """The current rows of these numbers; one that was withdrawn or corrected since is left out."""
    wanted = set(numbers)
    return tuple(row for row in store.entries() if row.number in wanted)


def take_back(store: Store, numbers: Collection[int]) -> tuple[Stored, ...]:
    """Undo, all or nothing: new rows are withdrawn, a corrected one gets its old words back. What was taken back."""
    rows = rows_numbered(store, numbers)
    older = {row.number: row for row in store.history()} if any(row.corrects for row in rows) else {}
    corrected = [row for row in rows if row.corrects in older]
    back = [(row.number, older[row.corrects].entry, TAKEN_BACK) for row in corrected if row.corrects is not None]
    store.write_all((), back, [(row.number, TAKEN_BACK) for row in rows if row not in corrected])
    return rows


def last_side_effects(store: Store, before: datetime.date) -> str:
    """The side effects of the latest evening before that has any, as they would be typed; "" for none."""
    rows = [row.entry for row in store.entries(kind="side_effect") if row.entry.day < before]
    if not rows:
        return ""
    day = max(entry.day for entry in rows)
    if (before - day).days > 7:
        return ""
    return ", ".join(f"{e.item} {e.value:g}" if e.value is not None else e.item for e in rows if e.day == day)


__all__ = [
    "EveningForm", "EveningKept", "last_side_effects", "rows_numbered", "save_evening", "take_back", "warnings",
    "written_by",
]  # fmt: skip
