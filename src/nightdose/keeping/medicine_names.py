"""LDN, naltrexone and Naltrexon are one medicine: names that people write, joined where the diary is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from nightdose.diary.entry import Entry
from nightdose.knowledge.drugs import drug
from nightdose.knowledge.medicines import COLLECTIVE, recognise

TAKEN = ("dose", "rescue", "medicine")
STRENGTH = re.compile(r" \d+(\.\d+)? mg$")  # of a tablet that has a rule of its own: 'naltrexone 50 mg' is naltrexone


@cache
def substance(name: str) -> str:
    """What a written name stands for; the name itself, in small letters, where it is not surely one substance."""
    found = recognise(name)
    if len(found) == 1 and found[0].certainty == "known" and found[0].substance not in ("", *COLLECTIVE):
        return STRENGTH.sub("", found[0].substance.casefold())
    return " ".join(name.casefold().split())


def is_unknown(name: str) -> bool:
    """True for a name that is in no list, not even as a likeness."""
    return all(found.certainty == "unknown" for found in recognise(name))


def same_medicine(one: str, other: str) -> bool:
    """True when both names are surely one substance, or one name."""
    return substance(one) == substance(other)


def joined(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries with one name for each medicine; see `names_of`."""
    entries = tuple(entries)
    names = names_of(entries)
    return tuple(
        _named(entry, names[substance(entry.item)]) if _names_a_medicine(entry) else entry for entry in entries
    )


def names_of(entries: Iterable[Entry]) -> Mapping[str, str]:
    """Substance -> the name it has in the table: as it was written, where it was always written so.

    Of several names it is the drug file's own, else the one that came first.
    """
    written: dict[str, list[str]] = {}
    for entry in entries:
        if _names_a_medicine(entry):
            written.setdefault(substance(entry.item), []).append(entry.item)
    names = {}
    for what, items in written.items():
        known = drug(what) if len({item.casefold() for item in items}) > 1 else None
        names[what] = known.name if known else items[0]
    return names


def _named(entry: Entry, item: str) -> Entry:
    return entry if entry.item == item else replace(entry, item=item)


def _names_a_medicine(entry: Entry) -> bool:
    return entry.kind in TAKEN or entry.kind == "guess"
