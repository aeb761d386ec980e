"""What a round of attacks came to: how often each outcome, and every fault word for word."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

MOST_FAULTS = 40  # kept word for word; the count goes on


@dataclass
class Count:
    """outcomes : what happened -> how often. faults : what must not happen, in words that make it again."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def tried(self) -> int:
        """How many attacks there were."""
        return sum(self.outcomes.values())

    def fault(self, words: str) -> None:
        """Note one thing that must not happen."""
        self.outcomes["FAULT"] += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(words)

    def add(self, other: Count) -> None:
        """Take another round's in."""
        self.outcomes += other.outcomes
        self.faults = [*self.faults, *other.faults][:MOST_FAULTS]

    @property
    def record(self) -> dict[str, Any]:
        return {"outcomes": dict(self.outcomes), "faults": self.faults}


def count_from_record(record: dict[str, Any]) -> Count:
    """What `Count.record` wrote down."""
    return Count(Counter(record["outcomes"]), list(record["faults"]))
