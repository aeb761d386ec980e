"""Operations, anaesthesia, sedation and emergency care in words of the diary: an opioid is often part of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

from nightdose.knowledge import load
from nightdose.knowledge.medicines import Recognised
from nightdose.knowledge.spelling import plain

PROCEDURE = "procedure"  # their class in the rules
Place = Literal["event", "note"]


def procedures_in(text: str, place: Place) -> tuple[Recognised, ...]:
    """The first words of a text that stand for a procedure; at most one finding, for one reason to ask is enough.

    place : in a note fewer words count, for more of them mean something else there.
    """
    words = _pattern("unless").sub(" ", _spaced(text))
    found = _pattern("note").search(words) or (_pattern("event").search(words) if place == "event" else None)
    return (Recognised(found[0], "", PROCEDURE, "known"),) if found else ()


@cache
def _pattern(key: str) -> re.Pattern[str]:
    return _of(tuple(load.table("procedures")[key]))


def _of(listed: Sequence[str]) -> re.Pattern[str]:
    said = "|".join(
        (r"\w*" if word.startswith("*") else "") + re.escape(word.strip("*")) + (r"\w*" if word.endswith("*") else "")
        for word in listed
    )
    return re.compile(rf"\b(?:{said})\b")


def _spaced(text: str) -> str:
    """Plain words with single blanks between them: 'A&E' and 'Zahn-OP' are two words each."""
    return " ".join(re.findall(r"\w+", plain(text)))
