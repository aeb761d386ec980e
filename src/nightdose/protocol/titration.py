"""A titration: the prescriber's steps, day by day, in capsules and tablets that are really at hand."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from nightdose.errors import CallError
from nightdose.language.catalogue import say
from nightdose.language.number import as_given, dose_amount
from nightdose.protocol.doses import accepted_dose, plausible_dose
from nightdose.protocol.gates import Cleared, must_be_cleared_for

MOST_PIECES = 6  # more capsules than this for one dose is a mistake, or a question for the pharmacist
LONGEST_STEP_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Step:
    """One step as the prescriber set it: a daily dose and for how many days."""

    dose_mg: float
    days: int

    def __post_init__(self) -> None:
        micrograms(self.dose_mg)
        if not 0 < self.days <= LONGEST_STEP_DAYS:
            raise CallError(
                say("A step of {days} days is not a step. Give the days the prescriber set.", days=self.days)
            )


@dataclass(frozen=True, slots=True)
class Strength:
    """A capsule or tablet at hand. Capsules are never divided; a tablet only where the prescriber said halves."""

    mg: float
    form: str = "capsule"
    halves: bool = False

    def __post_init__(self) -> None:
        if micrograms(self.mg) == 0:
            raise CallError(say("A capsule of 0 mg holds nothing. Give the strength on the label, in mg."))
        if self.halves and self.form == "capsule":
            raise CallError(say("A capsule cannot be halved. Halves are for tablets with a score line."))


@dataclass(frozen=True, slots=True)
class Piece:
    """So many of one strength; `count` may be a half of a scored tablet."""

    strength: Strength
    count: float

    def __str__(self) -> str:
        half = "½" if self.count % 1 else ""
        whole = f"{int(self.count)}" if self.count >= 1 else ""
        return say(
            "{whole}{half} × {mg} mg {form}",
            whole=whole,
            half=half,
            mg=as_given(self.strength.mg),
            form=self.strength.form,
        )


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step with its dates and what to take each evening of it."""

    first_day: datetime.date
    days: int
    dose_mg: float
    pieces: tuple[Piece, ...]

    @property
    def last_day(self) -> datetime.date:
        return self.first_day + datetime.timedelta(days=self.days - 1)


@dataclass(frozen=True, slots=True)
class Titration:
    """The whole plan, made only while every safety gate is cleared; `cleared` is printed with it."""

    steps: tuple[PlannedStep, ...]
    cleared: Cleared

    def __post_init__(self) -> None:
        if not self.steps or not self.steps[0].pieces:
            raise CallError(
                say("A titration begins with the evening of its first dose, for example 1.5 mg for 14 days.")
            )
        must_be_cleared_for(self.cleared, self.steps[0].first_day)

    @property
    def days(self) -> int:
        return sum(step.days for step in self.steps)

    def pieces_needed(self) -> Mapping[Strength, float]:
        """How many of each strength the plan uses up."""
        needed: Counter[Strength] = Counter()
        for step in self.steps:
            for piece in step.pieces:
                needed[piece.strength] += piece.count * step.days  # type: ignore[assignment]
        return dict(needed)


def micrograms(mg: float) -> int:
    """A dose in whole micrograms, so that sums of doses are exact."""
    out = round(mg * 1000)
    if not 0 <= out <= 10_000_000 or abs(mg * 1000 - out) > 1e-6:
        raise CallError(say("{mg} mg cannot be counted out. Give it in mg, to a microgram.", mg=as_given(mg)))
    return out


def plan_titration(
    steps: Sequence[Step],
    strengths: Sequence[Strength],
    start: datetime.date,
    cleared: Cleared,
    said_again_mg: Collection[float] = (),
) -> Titration:
    """The prescriber's steps from `start` on, in pieces at hand.

    said_again_mg : doses outside the low-dose range that the person said twice.
    Refuses a dose that is in doubt, and one that the pieces cannot make.
    """
    must_be_cleared_for(cleared, start)
    if not steps:
        raise CallError(say("A titration needs the prescriber's steps, for example 1.5 mg for 14 days."))
    planned, day = [], start
    for step in steps:
        accepted_dose(plausible_dose(step.dose_mg), said_again_mg, cleared.record.instructions)
        planned.append(PlannedStep(day, step.days, step.dose_mg, make_up(step.dose_mg, strengths)))
        day += datetime.timedelta(days=step.days)
    return Titration(tuple(planned), cleared)


def make_up(dose_mg: float, strengths: Sequence[Strength]) -> tuple[Piece, ...]:
    """The fewest pieces that add up to the dose exactly; a sentence where they cannot."""
    target = micrograms(dose_mg)
    if target == 0:
        return ()
    if not strengths:
        raise CallError(say("Which capsules are at hand? Give at least one strength, for example 1.5 mg."))
    best = _fewest(target, strengths)
    if best is None:
        at_hand = ", ".join(dose_amount(strength.mg, "mg") for strength in strengths)
        raise CallError(
            say(
                "{dose_mg} mg cannot be made from {at_hand} with at most {most_pieces} pieces. "
                "Ask the prescriber or pharmacist for a fitting strength; nightdose rounds no dose.",
                dose_mg=as_given(dose_mg),
                at_hand=at_hand,
                most_pieces=MOST_PIECES,
            )
        )
    return tuple(Piece(strength, count) for strength, count in best)


def _fewest(target: int, strengths: Sequence[Strength]) -> list[tuple[Strength, float]] | None:
    """Breadth-first over the number of pieces: the first sum that fits uses the fewest."""
    portions = [(micrograms(strength.mg), strength, 1.0) for strength in strengths]
    portions += [
        (micrograms(strength.mg) // 2, strength, 0.5)
        for strength in strengths
        if strength.halves and micrograms(strength.mg) % 2 == 0
    ]
    reached: dict[int, list[tuple[Strength, float]]] = {0: []}
    for _ in range(MOST_PIECES):
        following = dict(reached)
        for total, taken in reached.items():
            for amount, strength, count in portions:
                if total + amount <= target:
                    following.setdefault(total + amount, [*taken, (strength, count)])
        reached = following
        if target in reached:
            return _gathered(reached[target])
    return None


def _gathered(taken: Sequence[tuple[Strength, float]]) -> list[tuple[Strength, float]]:
    counts: dict[Strength, float] = {}
    for strength, count in taken:
        counts[strength] = counts.get(strength, 0.0) + count
    return sorted(counts.items(), key=lambda pair: -pair[0].mg)
