"""The prescriber's steps as evenings, capsules and reminders; a liquid in ml. Asked of the gates first."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nightdose.diary.kept.store import Store
from nightdose.keeping import documents, safety, settings
from nightdose.keeping.documents import TITRATION, KeptStep, KeptTitration
from nightdose.keeping.plans_in_force import must_not_meet_the_trial
from nightdose.keeping.protocol import history
from nightdose.knowledge.chosen import treatment
from nightdose.language.catalogue import say
from nightdose.protocol.calendar_file import (
    Reminder,
    calendar_text,
    evening_reminders,
    evening_role,
    order_role,
)
from nightdose.protocol.dilution import Liquid, Measure, volume_for
from nightdose.protocol.supply import Supply, forecast
from nightdose.protocol.titration import Step, Strength, Titration, plan_titration

REFILL_CLOCK = datetime.time(10, 0)


@dataclass(frozen=True, slots=True)
class Ordered:
    """The prescriber's steps from the first evening on.

    at_hand : strength -> how many there are, None = not said. clock : the evening hour of the dose.
    """

    steps: Sequence[Step]
    at_hand: Mapping[Strength, int | None]
    first_evening: datetime.date
    clock: datetime.time | None = None


@dataclass(frozen=True, slots=True)
class Poured:
    """A dose out of a liquid. mark_ml : distance of two marks of the syringe; stated_ml : what the pharmacist says."""

    dose_mg: Decimal
    liquid: Liquid
    mark_ml: Decimal
    stated_ml: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Titrated:
    """A titration that was planned and kept.

    supply  : of every strength that the plan uses; counted : of those whose number at hand was said.
    """

    plan: Titration
    supply: tuple[Supply, ...]
    counted: tuple[Supply, ...]
    kept: KeptTitration


def titrate(store: Store, ordered: Ordered, today: datetime.date, *, said_again_mg: Collection[float] = ()) -> Titrated:
    """Plan the prescriber's steps and keep the plan.

    said_again_mg : doses outside the low-dose range that the person said twice.
    Raises NotCleared while a safety gate is in the way, DoseInDoubt for a dose that has to be said again or confirmed,
    CallError for a dose that the strengths cannot make, or evenings that a locked trial of the medicine holds.
    """
    cleared = safety.cleared(store, today, ordered.first_evening)
    plan = plan_titration(ordered.steps, list(ordered.at_hand), ordered.first_evening, cleared, said_again_mg)
    first, last = plan.steps[0].first_day, plan.steps[-1].last_day
    must_not_meet_the_trial(store, history(store), treatment(), first, last)
    said = {strength: count for strength, count in ordered.at_hand.items() if count is not None}
    supply = forecast(plan, said)
    kept = _kept(plan, supply, ordered.clock)
    documents.keep(store, TITRATION, kept)
    return Titrated(plan, supply, tuple(each for each in supply if each.strength in said), kept)


def _kept(plan: Titration, supply: Sequence[Supply], clock: datetime.time | None) -> KeptTitration:
    return KeptTitration(
        tuple(
            KeptStep(each.first_day, each.last_day, each.dose_mg, tuple(map(str, each.pieces))) for each in plan.steps
        ),
        tuple(
            {
                "strength_mg": each.strength.mg, "form": each.strength.form, "needed": each.needed,
                "at_hand": each.at_hand, "runs_out": each.runs_out.isoformat() if each.runs_out else None,
            }
            for each in supply
        ),
        tuple(word.record for word in plan.cleared.instructions),
        tuple(gate.sentence for gate in plan.cleared.notes),
        medicine=treatment(),
        clock=clock,
    )  # fmt: skip


def titration_reminders(made: Titrated, clock: datetime.time, *, discreet: bool = True) -> list[Reminder]:
    """The evenings of the plan, and a day to order each strength that runs out.

    discreet : the reminder says nothing of the medicine, as on a lock screen.
    """
    orders = [
        Reminder(each.order_by, 1, REFILL_CLOCK, say("Order a refill"), "", order_role(each.strength.mg))
        for each in made.counted
        if each.order_by
    ]
    return [*evening_reminders(made.plan, clock, discreet=discreet), *orders]


def calendar_of(store: Store, reminders: list[Reminder], now: datetime.datetime) -> str:
    """The calendar file, on the diary's own days; its events are told from another diary's by when that was begun."""
    begun = store.documents()[:1]
    owner = f"{begun[0].written:%Y%m%dT%H%M%S.%f}" if begun else "nightdose"
    return calendar_text(reminders, now, settings.day_rule(store), owner, _earlier_roles(store))


def _earlier_roles(store: Store) -> list[str]:
    """Roles of the reminders that an earlier plan of this diary may have put into a calendar."""
    plans = documents.every(store, TITRATION)
    evenings = [evening_role(number) for number in range(1, max((len(plan.steps) for plan in plans), default=0) + 1)]
    orders = [order_role(float(each["strength_mg"])) for plan in plans for each in plan.supply]
    return list(dict.fromkeys([*evenings, *orders]))


def dilute(store: Store, poured: Poured, today: datetime.date, *, said_again_mg: Collection[float] = ()) -> Measure:
    """The ml of a liquid that hold the dose, worked out twice; see `volume_for`. Raises NotCleared as `titrate`."""
    cleared = safety.cleared(store, today)
    return volume_for(poured.dose_mg, poured.liquid, poured.mark_ml, cleared, poured.stated_ml, said_again_mg)
