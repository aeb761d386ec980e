"""What people with each condition often score: suggestions for a first run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from nightdose.knowledge.load import table


@dataclass(frozen=True, slots=True)
class UsualOutcome:
    """One suggestion. scale, better : as of an outcome; worth : a difference many call worth having (assumed)."""

    name: str
    scale: str
    better: str
    worth: float


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition and its suggestions."""

    id: str
    words: str
    outcomes: tuple[UsualOutcome, ...]


@cache
def conditions() -> Mapping[str, Condition]:
    """Id -> condition, in the order they are offered."""
    found = table("outcomes")
    return MappingProxyType(
        {
            name: Condition(name, entry["words"], tuple(UsualOutcome(**row) for row in entry["outcomes"]))
            for name, entry in found.items()
        }
    )
