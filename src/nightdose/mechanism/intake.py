"""What enters the body and when: doses as amounts added to a state at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nightdose.diary.table.event_table import COMPARATOR, NALTREXONE, Taken
from nightdose.mechanism.compartments import dose_nmol

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

    def largest_mg(self, salt_fraction: float, molar_mass: float) -> float:
        """The same in mg of the drug."""
        return self.largest_gut_nmol / dose_nmol(1.0, salt_fraction, molar_mass)


def intake_of(taken: Iterable[Taken], salt_fraction: float, molar_mass: float) -> Intake:
    """Events of doses read from a log."""
    return Intake.of(
        Event(dose.time_h, GUT, dose_nmol(dose.dose, salt_fraction, molar_mass))
        if dose.compartment == NALTREXONE
        else Event(dose.time_h, SUPPRESSANT, dose.dose)
        for dose in taken
    )


def taken_of(intake: Intake, salt_fraction: float, molar_mass: float) -> tuple[Taken, ...]:
    """The doses of an intake as rows of a log; chance triggers are no doses and stay out."""

    def labelled(amount: float) -> float:
        """The shortest number of mg that is this amount, so that a dose goes out as it came in."""
        mg = amount / dose_nmol(1.0, salt_fraction, molar_mass)
        tried = (float(f"{mg:.{digits}g}") for digits in range(1, 18))
        return next((each for each in tried if dose_nmol(each, salt_fraction, molar_mass) == amount), mg)

    rows = [Taken(event.time_h, labelled(event.amount)) for event in intake.events if event.state == GUT]
    rows += [Taken(event.time_h, event.amount, COMPARATOR) for event in intake.events if event.state == SUPPRESSANT]
    return tuple(sorted(rows))
