"""What enters the body and when: doses as amounts added to a state at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

GUT, SUPPRESSANT, TRIGGER = "gut", "suppressant", "effector"


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """An amount added to one state: nmol in the gut, 1 for an infusion of the comparator, a rise of effector cells."""

    time_h: float  # hours since midnight of day 0
    state: str
    amount: float


@dataclass(frozen=True, slots=True)
class Intake:
    """What one person took: events in order of time."""

    events: tuple[Event, ...] = ()

    @classmethod
    def of(cls, events: Iterable[Event]) -> Intake:
        return cls(tuple(sorted(events)))

    def with_events(self, events: Iterable[Event]) -> Intake:
        return Intake.of([*self.events, *events])

    @property
    def largest_gut_nmol(self) -> float:
        """Largest single amount in the gut; 0 without a dose."""
        return max((event.amount for event in self.events if event.state == GUT), default=0.0)
