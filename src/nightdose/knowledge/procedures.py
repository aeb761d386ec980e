"""Operations, anaesthesia, sedation and emergency care in words of the diary: an opioid is often part of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Literal

from nightdose.knowledge import load
from nightdose.knowledge.medicines import Recognised
from nightdose.knowledge.spelling import plain

PROCEDURE = "procedure"  # their class in the rules
Place = Literal["event", "note"]
CLAUSE_ENDS = ".,;:!?()"
MOST_BEFORE_AN_ACT, MOST_AFTER_AN_ACT = 4, 3  # words between a part of the body and what is done to it


def procedures_in(text: str, place: Place) -> tuple[Recognised, ...]:
    """The first words of a text that stand for a procedure; at most one finding, for one reason to ask is enough.

    place : in a note fewer words count, for more of them mean something else there.
    """
    words = _pattern("unless").sub(" ", spaced(text))
    places: tuple[Place, ...] = ("note", "event") if place == "event" else ("note",)
    listed = [_pattern(key) for key in (*places, *(f"{where}_later" for where in places))]
    for pattern in (*listed, *(each for where in places for each in _done(where))):
        if found := pattern.search(words):
            return (Recognised(found[0], "", PROCEDURE, "known"),)
    return ()


@cache
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(rf"\b{any_of(load.table('procedures')[key])}\b")


@cache
def _done(place: Place) -> tuple[re.Pattern[str], ...]:
    """What is done to a part of the body, as the tables of that place say it."""
    table = load.table("procedures")
    between = any_of(table["between"]["words"])
    return tuple(
        pattern for entry in table["done"] if entry["place"] == place for pattern in _both_orders(entry, between)
    )


def _both_orders(entry: Mapping[str, Any], between: str) -> Iterator[re.Pattern[str]]:
    """'appendix was taken out' and 'took out my appendix'."""
    part, not_after = any_of(entry["parts"]), any_of(entry.get("not_after", ("-",)))
    gap = rf"(?: {between}){{0,{MOST_BEFORE_AN_ACT}}}"
    needed = rf"{any_of(entry['needs'])}{gap} " if "needs" in entry else ""
    if "acts" in entry:
        yield re.compile(rf"\b{needed}{part}{gap} {any_of(entry['acts'])}\b(?! {not_after}\b)")
    if "first" in entry:
        gap = rf"(?: {between}){{0,{MOST_AFTER_AN_ACT}}}"
        yield re.compile(rf"\b{any_of(entry['first'])}{gap} {part}\b(?! {not_after}\b)")


def any_of(listed: Sequence[str]) -> str:
    """One of these words: whole, a beginning where it ends with *, an ending where it begins with *."""
    said = "|".join(
        (r"\w*" if word.startswith("*") else "") + re.escape(word.strip("*")) + (r"\w*" if word.endswith("*") else "")
        for word in listed
    )
    return f"(?:{said})"


def spaced(text: str) -> str:
    """Plain words with single blanks between them ('A&E' is two words), a bar where a clause ends."""
    found = re.findall(rf"\w+|[{CLAUSE_ENDS}]", plain(text))
    return " ".join("|" if word in CLAUSE_ENDS else word for word in found)
