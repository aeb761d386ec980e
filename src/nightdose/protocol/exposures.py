"""What the diary says was taken: doses, rescue medicines, other medicines, events and imports, each with its days."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, get_args

from nightdose.diary.entry import Entry
from nightdose.errors import CallError
from nightdose.knowledge.medicines import blocking_classes, named_in
from nightdose.protocol.interview import Medicine, a_day

ExposureKind = Literal["told", "dose", "rescue", "medicine", "event", "import", "note", "other"]

# what was taken, by its name: a name that is not known has to be asked about
TAKEN_KINDS = frozenset({"told", "dose", "rescue", "medicine", "import"})
RECENT_DAYS = 30  # a medicine that was logged within a month is taken now, and one spell has no longer gap in it
OWN_CAPSULE = "capsule"  # how the evening questions name tonight's dose


@dataclass(frozen=True, slots=True)
class Exposure:
    """One name that stands for something taken, from the interview or from the diary.

    name        : as written; a whole sentence where an event was described.
    kind        : where it comes from; 'event', 'note' and 'other' (a score, a side effect, a lab value) are words that
                  may name a medicine, all others are medicines.
    last_day    : the last day known; None = not known.
    still_taken : taken now, or when needed.
    said        : the day it was told or happened, for a prescriber's word to be newer than.
    amount      : of the largest single dose, in `unit`, as written; None = not written down.
    began       : the first day of the spell that the last day belongs to; None = `said`.
    """

    name: str
    kind: ExposureKind
    last_day: datetime.date | None
    still_taken: bool
    said: datetime.date
    amount: float | None = None
    unit: str = ""
    began: datetime.date | None = None

    def __post_init__(self) -> None:
        if self.kind not in get_args(ExposureKind):
            raise CallError(f"'{self.kind}' is not a kind of exposure: {', '.join(get_args(ExposureKind))}.")
        if not isinstance(self.name, str) or not self.name.strip():
            raise CallError("Which medicine? Write its name as on the box.")
        if type(self.still_taken) is not bool:
            raise CallError(f"{self.name}: say whether it is still taken, yes or no.")
        a_day(self.said, self.name)
        if self.last_day is not None:
            a_day(self.last_day, self.name)


def exposure_told(medicine: Medicine, interview: datetime.date) -> Exposure:
    """A medicine of the interview, in the form that the diary's entries have."""
    said = medicine.named or interview
    return Exposure(medicine.name, "told", medicine.last_taken, medicine.current, said)


def exposures_from(entries: Iterable[Entry]) -> tuple[Exposure, ...]:
    """Everything that the entries say was taken: one exposure for each name and kind, over all its days.

    entries : the diary's current entries (corrections applied, withdrawn ones gone), imports included.
    A missed dose was not taken; one of unknown state may have been. A medicine that was started or tapered is taken
    until it is stopped. Of a note only listed names of medicines that block count.
    """
    found: dict[tuple[str, ExposureKind], Exposure] = {}
    for entry in sorted(entries, key=lambda entry: entry.day):
        if entry.kind == "note":
            for named in named_in(entry.text or entry.item, blocking_classes()):
                note = Exposure(named.written, "note", entry.day, False, entry.day)
                found[named.written, "note"] = _joined(found.get((named.written, "note")), note)
        if not _may_have_been_taken(entry):
            continue
        kind = _kind(entry)
        key = (entry.item.casefold(), kind)
        found[key] = _joined(found.get(key), _exposure(entry, kind))
    return tuple(found.values())


def _may_have_been_taken(entry: Entry) -> bool:
    if entry.kind in ("note", "guess") or entry.status in ("missed", "none"):
        return False
    if entry.kind == "dose" and entry.item.casefold() == OWN_CAPSULE:
        return False
    return entry.kind in ("event", "medicine") or entry.value is None or entry.value > 0


def _kind(entry: Entry) -> ExposureKind:
    if entry.kind in ("dose", "rescue", "medicine"):
        return entry.kind if entry.source == "typed" else "import"
    return "event" if entry.kind == "event" else "other"


def _exposure(entry: Entry, kind: ExposureKind) -> Exposure:
    words = f"{entry.item} {entry.text}" if kind == "event" and entry.text != entry.item else entry.item
    going_on = entry.kind == "medicine" and entry.status != "stop"
    return Exposure(words, kind, entry.day, going_on, entry.day, entry.value, entry.unit)


def _joined(before: Exposure | None, now: Exposure) -> Exposure:
    """The later one, with the larger amount; a medicine that goes on was said when it was first said."""
    if before is None:
        return now
    larger = max((before, now), key=lambda each: -1.0 if each.amount is None else each.amount)
    said = before.said if before.still_taken and now.still_taken else now.said
    one_spell = before.last_day is not None and (now.said - before.last_day).days <= RECENT_DAYS
    began = (before.began or before.said) if one_spell else now.said
    return replace(now, said=said, amount=larger.amount, unit=larger.unit, began=began)
