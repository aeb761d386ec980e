"""What the diary says was taken: doses, rescue medicines, other medicines, events and imports, each with its days."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

from nightdose.diary.entry import Entry
from nightdose.errors import CallError
from nightdose.knowledge.in_words import named_in
from nightdose.knowledge.listed_names import what_closes, what_counts_in_words
from nightdose.knowledge.medicines import DEPOT_CLASS, Recognised, recognise
from nightdose.knowledge.procedures import procedures_in
from nightdose.language.catalogue import say
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
    last_day    : the last day known, which may be one to come where an event lasts until then; None = not known.
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
            raise CallError(
                say(
                    "'{kind}' is not a kind of exposure: {get_args}.",
                    kind=self.kind,
                    get_args=", ".join(get_args(ExposureKind)),
                )
            )
        if not isinstance(self.name, str) or not self.name.strip():
            raise CallError(say("Which medicine? Write its name as on the box."))
        if type(self.still_taken) is not bool:
            raise CallError(say("{name}: say whether it is still taken, yes or no.", name=self.name))
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
    until it is stopped. Of a note only names of medicines that block and words for operations count.
    """
    found: dict[tuple[str, ExposureKind], list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.day):
        if entry.kind == "note":
            for words in _named_in_a_note(entry.text or entry.item):
                found.setdefault((words, "note"), []).append(Entry(entry.day, "note", words))
        elif _may_have_been_taken(entry):
            kind = _kind(entry)
            found.setdefault((entry.item.casefold(), kind), []).append(entry)
    return tuple(_exposure(of_one, kind) for (_, kind), of_one in found.items())


def _named_in_a_note(text: str) -> Iterator[str]:
    """Words that the gates know again: names of medicines that block, and operations, without the words around them."""
    for named in named_in(text, what_counts_in_words()):
        yield f"{named.written} depot" if named.group in DEPOT_CLASS.values() else named.written
    for named in procedures_in(text, "note"):
        yield named.written


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


def _exposure(entries: Sequence[Entry], kind: ExposureKind) -> Exposure:
    """One exposure of entries in the order of their days: the last one, with the largest amount.

    A medicine that goes on was said when it was first said.
    """
    last, largest = entries[-1], max(entries, key=lambda each: -1.0 if each.value is None else each.value)
    last_day = max(entry.last_day for entry in entries)
    said = began = entries[0].day
    for before, now in pairwise(entries):
        if not (_going_on(before) and _going_on(now)):
            said = now.day
        if (now.day - before.day).days > RECENT_DAYS:
            began = now.day
    words = f"{last.item} {last.text}" if last.kind == "event" and last.text != last.item else last.item
    one = len(entries) == 1
    return Exposure(words, kind, last_day, _going_on(last), said, largest.value, largest.unit, None if one else began)


def _going_on(entry: Entry) -> bool:
    return entry.kind == "medicine" and entry.status != "stop"


def named_by(exposure: Exposure) -> tuple[Recognised, ...]:
    """What an exposure's words name: all of a medicine's name, of other words only what closes something."""
    if exposure.kind in TAKEN_KINDS:
        return recognise(exposure.name)
    named = named_in(exposure.name, what_closes())
    if exposure.kind == "other":
        return named
    return (*named, *procedures_in(exposure.name, "event" if exposure.kind == "event" else "note"))
