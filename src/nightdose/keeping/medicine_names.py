"""LDN, naltrexone and Naltrexon are one medicine: names that people write, joined where the diary is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from nightdose.diary.entry import Entry
from nightdose.knowledge.drugs import drug
from nightdose.knowledge.medicines import recognise

TAKEN = ("dose", "rescue", "medicine")


@cache
def substance(name: str) -> str:
    """What a written name stands for; the name itself, in small letters, where it is not surely one substance."""
    found = recognise(name)
    if len(found) == 1 and found[0].certainty == "known" and found[0].substance:
        return found[0].substance.casefold()
    return " ".join(name.casefold().split())


def same_medicine(one: str, other: str) -> bool:
    """True when both names are surely one substance, or one name."""
    return substance(one) == substance(other)


def joined(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries with one name for each medicine: the drug file's, else the one that the diary used first."""
    entries = tuple(entries)
    names: dict[str, str] = {}
    for entry in entries:
        if entry.kind in TAKEN or entry.kind == "guess":
            known = drug(substance(entry.item))
            names.setdefault(substance(entry.item), known.name if known else entry.item)
    return tuple(
        replace(entry, item=names[substance(entry.item)]) if entry.kind in TAKEN or entry.kind == "guess" else entry
        for entry in entries
    )
