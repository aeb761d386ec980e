"""What a person adds to the letter or leaves out of it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from nightdose.language.catalogue import say

DATE = re.compile(r"\b\d{1,4}([-./])\d{1,2}\1\d{1,4}\b")  # as any of the languages writes it
# first and last year; as coarse as a reader needs, so that an age tells nobody's name
AGE_BANDS: Mapping[str, tuple[int, int | None]] = MappingProxyType(
    {
        "0-17": (0, 17), "18-29": (18, 29), "30-39": (30, 39), "40-49": (40, 49), "50-59": (50, 59), "60-69": (60, 69),
        "70-79": (70, 79), "80+": (80, None),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tried:
    """A treatment tried before: what, how much, how long, and why it was stopped; empty = not said."""

    medicine: str
    dose: str = ""
    how_long: str = ""
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class Background:
    """What the person adds to the letter, or leaves out of it; the analysis knows none of it.

    name : whose diary it is, "" = left out. made : day of the letter, None = left out. condition : why the medicine
    is taken. age : one of AGE_BANDS, "" = left out. tried : treatments before. safety : open points of the safety
    questions, then what was taken back or cleared, None = they were never asked; without dates, none is in them.
    bad_line : from which value on a day is a bad one, None = taken from the diary. notes : the person's own words.
    dates : show calendar dates; else days are numbered. others : name other medicines. price_a_day : of the medicine,
    in the person's own money, None = not said.
    """

    name: str = ""
    made: datetime.date | None = None
    condition: str = ""
    tried: tuple[Tried, ...] = ()
    safety: tuple[str, ...] | None = None
    bad_line: float | None = None
    notes: str = ""
    dates: bool = True
    others: bool = True
    age: str = ""
    price_a_day: float | None = None

    def __post_init__(self) -> None:
        if self.safety and not self.dates:
            object.__setattr__(self, "safety", tuple(DATE.sub(say("a day"), point) for point in self.safety))


NOTHING_ADDED = Background()
