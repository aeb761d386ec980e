"""Writing entries: all or none, never a dose twice by mistake, and what has to be said at once."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from nightdose.diary.entry import Entry, Stored
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import safety
from nightdose.keeping.medicine_names import same_medicine
from nightdose.protocol.doses import DoseInDoubt, doubtful_doses
from nightdose.protocol.rescue import rescue_days

Repeat = Literal["ask", "instead", "again"]
APART = datetime.timedelta(hours=2)  # two doses of another medicine at least so far apart are two


class SecondDose(CallError):
    """A dose of this medicine is on this day already: is the new one instead of it, or a second one?"""

    def __init__(self, entry: Entry, there: Sequence[Stored]) -> None:
        self.entry, self.there = entry, tuple(there)
        listed = ", ".join(f"entry {row.number}: {in_words(row.entry)}" for row in there)
        super().__init__(
            f"There is a dose of {entry.item} on {entry.day} already ({listed}). Is this one instead of it, "
            "or a second one?",
            code="second_dose",
        )


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, with the numbers of the new rows, and what has to be said at once."""

    numbers: tuple[int, ...]
    entries: tuple[Entry, ...]
    warnings: tuple[str, ...]


def write(
    store: Store,
    entries: Sequence[Entry],
    today: datetime.date,
    *,
    repeat: Repeat = "ask",
    said_again_mg: Collection[float] = (),
) -> Written:
    """Write entries of one or several days, all or none.

    repeat : what a dose is whose medicine was taken that day already: ask = raise SecondDose, instead = it replaces
    what is there, again = a second dose.
    said_again_mg : doses of the treatment outside its low-dose range that the person said twice.
    Raises CallError for a day to come, DoseInDoubt for a dose that does not look as meant.
    """
    for entry in entries:
        not_to_come(entry.day, today)
    for _, check in doubtful_doses(entries):
        if not any(abs(check.mg - said) < 1e-9 for said in said_again_mg):
            raise DoseInDoubt(check)
    replaced: dict[int, Entry] = {}
    fresh = []
    for entry in entries:
        there = () if repeat == "again" else doses_there(store, entry)
        if there and repeat == "ask":
            raise SecondDose(entry, there)
        if there:
            replaced[there[-1].number] = entry
            for row in there[:-1]:
                store.withdraw(row.number, "said anew")
        else:
            fresh.append(entry)
    numbers = [store.correct(number, entry, "said anew") for number, entry in replaced.items()]
    numbers += store.add(*fresh)
    written = (*replaced.values(), *fresh)
    return Written(tuple(numbers), written, warnings(store, written, today))


def warnings(store: Store, written: Sequence[Entry], today: datetime.date) -> tuple[str, ...]:
    """What has to be said after these entries: hard stops they are about, and too many days with rescue medicines."""
    counted = rescue_days((row.entry for row in store.entries(kind="rescue")), today)
    return (*(found.sentence for found in counted if found.reached), *safety.hazards(written))


def not_to_come(day: datetime.date, today: datetime.date) -> None:
    """CallError for a day that has not come yet."""
    if day > today:
        raise CallError(f"{day} has not come yet; today is {today}. Write it when it is there.", field="day")


def doses_there(store: Store, entry: Entry) -> tuple[Stored, ...]:
    """Doses of the same medicine on the entry's day that a second one would silently add to."""
    if entry.kind not in ("dose", "rescue"):
        return ()
    rows = [
        row
        for row in store.entries(kind=entry.kind, day=entry.day)
        if row.entry.source == "typed" and same_medicine(row.entry.item, entry.item)
    ]
    if entry.kind == "rescue":
        return tuple(row for row in rows if _equal(row.entry, entry))
    return tuple(row for row in rows if not _far_apart(row.entry, entry))


def _equal(one: Entry, other: Entry) -> bool:
    """The same tablet written twice: same amount at the same minute."""
    return other.at is not None and (one.value, one.unit, one.at) == (other.value, other.unit, other.at)


def _far_apart(one: Entry, other: Entry) -> bool:
    return one.at is not None and other.at is not None and abs(one.at - other.at) >= APART


def in_words(entry: Entry) -> str:
    """One entry in a few words: 'pain 4', 'naltrexone 1.5 mg taken at 22:30'."""
    value = "" if entry.value is None else f" {entry.value:g}"
    clock = f" at {entry.at:%H:%M}" if entry.at else ""
    unit = f" {entry.unit}" if entry.unit else ""
    status = f" {entry.status}" if entry.status else ""
    return f"{entry.item}{value}{unit}{status}{clock}"


def since(store: Store, today: datetime.date, days: int) -> tuple[Stored, ...]:
    """The current entries of the last `days` days and today."""
    first = datetime.date.fromordinal(max(1, today.toordinal() - max(0, days)))
    return tuple(row for row in store.entries() if row.entry.day >= first)
