"""What the plan in force says of one evening: a dose, a box, nothing, or no plan at all."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from nightdose.diary.kept.store import Store
from nightdose.keeping.medicine_names import same_medicine
from nightdose.keeping.plans_in_force import titration_in_force, titration_to_come, trial_days
from nightdose.keeping.protocol import history, protocol_dose
from nightdose.keeping.sealing import Box, box_on
from nightdose.keeping.trials import newest_trial
from nightdose.knowledge.chosen import treatment as default_treatment
from nightdose.language.calendar import dated
from nightdose.language.catalogue import say
from nightdose.language.number import as_given, dose_amount
from nightdose.protocol.revealed import CAPSULE
from nightdose.protocol.trial import blocks, design_from_record

REMEMBERED_DAYS = 60  # the last amount is offered again for two months


@dataclass(frozen=True, slots=True)
class PlanTonight:
    """One evening of the plan in force.

    source    : titration | box | protocol | run_in | between | last (no plan: the amount that was taken last) | none.
    item      : how tonight's dose is written down: the treatment, or 'capsule' while the order is not known.
    dose_mg   : tonight's amount, 0 = none; None = not known, or not to be known.
    pieces    : the capsules or tablets that make it up, as planned.
    since     : first day of this step or box. clock : the evening hour of the plan.
    """

    source: str
    treatment: str
    item: str
    dose_mg: float | None = None
    pieces: tuple[str, ...] = ()
    since: datetime.date | None = None
    clock: datetime.time | None = None
    box: Box | None = None
    first_evening: bool = False

    @property
    def blinded(self) -> bool:
        return self.item == CAPSULE

    @property
    def asked(self) -> bool:
        """True when the evening asks for a dose: not in the run-in and not between boxes."""
        return self.source not in ("run_in", "between")

    @property
    def leads_to_a_capsule(self) -> bool:
        """True when a plan says to take something tonight."""
        return self.source == "box" or (self.source in ("titration", "protocol") and bool(self.dose_mg))

    @property
    def words(self) -> str:
        """The question for tonight's dose."""
        if self.box is not None:
            new = say(", the first evening of it") if self.box.first else ""
            return say("capsule of box {number}{new}", number=self.box.block.number, new=new)
        if self.source == "refused":
            return say("{treatment} (no plan tonight, see above), if you took it all the same", treatment=self.item)
        if self.dose_mg == 0:
            return say("{treatment} (tonight your plan has none)", treatment=self.treatment)
        if self.dose_mg is None:
            return self.treatment
        as_last = (
            say(", as last time") if self.source == "last" else f", {' + '.join(self.pieces)}" if self.pieces else ""
        )
        return f"{self.treatment} {dose_amount(self.dose_mg, 'mg')}{as_last}"

    def without_amount(self) -> PlanTonight:
        """The same evening with nothing of the plan in it, while a gate is in the way."""
        return replace(self, source="refused", dose_mg=None, pieces=(), box=None)


def no_plan() -> PlanTonight:
    """An evening without a plan."""
    return PlanTonight("none", default_treatment(), default_treatment())


def plan_tonight(store: Store, day: datetime.date) -> PlanTonight:
    """What holds on that day: the locked protocol, else a titration, else the amount that was taken last."""
    return _of_protocol(store, day) or _of_titration(store, day) or _of_last_dose(store, day) or no_plan()


def plan_to_come(store: Store, day: datetime.date) -> str:
    """Which plan begins after that day, and when, in a sentence without its full stop; "" where none does."""
    begins: dict[datetime.date, str] = {}
    titration, found = titration_to_come(store, day), history(store)
    if titration is not None and titration.first_day > day:
        step = titration.steps[0]
        begins[step.first_day] = say(
            "The titration begins on {day} with {dose} mg each evening",
            day=dated(step.first_day),
            dose=as_given(step.dose_mg),
        )
    runs = trial_days(store, found)
    if runs is not None and runs[0] > day:
        first = design_from_record(found[0].body["design"]).first_dose
        if first == runs[0]:
            begins[runs[0]] = say("Your trial begins on {day} with its first block", day=dated(runs[0]))
        else:
            begins[runs[0]] = say(
                "Your trial begins on {day} with days of diary only; its first block begins on {first}",
                day=dated(runs[0]),
                first=dated(first),
            )
    return begins[min(begins)] if begins else ""


def _of_protocol(store: Store, day: datetime.date) -> PlanTonight | None:
    trial = newest_trial(store)
    if trial is None:
        return None
    found, design, treatment, days = trial.history, trial.design, trial.treatment, trial.days
    if days is None or not days[0] <= day <= days[1]:
        return None
    here = next((block for block in blocks(design) if block.first_day <= day <= block.last_day), None)
    if here is None:
        source = "run_in" if day < design.first_dose else "between"
        return PlanTonight(source, treatment, treatment, 0.0)
    first = here.first_day == day
    mg = protocol_dose(found, day)
    box, order = box_on(store, day), trial.order
    if box is not None and order is None:
        return PlanTonight("box", treatment, CAPSULE, since=here.first_day, box=box, first_evening=first)
    if order is not None and order[here.number - 1] == "off":
        mg = 0.0  # a block without, or, revealed early, a box of dummies: nothing to take
    return PlanTonight("protocol", treatment, treatment, mg, (), here.first_day, None, None, first)


def _of_titration(store: Store, day: datetime.date) -> PlanTonight | None:
    plan = titration_in_force(store, day)
    step = plan.step_on(day) if plan else None
    if plan is None or step is None:
        return None
    first = step.first_day == day
    return PlanTonight(
        "titration", plan.medicine, plan.medicine, step.dose_mg, step.pieces, step.first_day, plan.clock, None, first
    )


def _of_last_dose(store: Store, day: datetime.date) -> PlanTonight | None:
    doses = [
        row.entry
        for row in store.entries(kind="dose")
        if row.entry.status in ("taken", "late") and row.entry.value is not None and row.entry.unit == "mg"
        and same_medicine(row.entry.item, default_treatment()) and 0 < (day - row.entry.day).days <= REMEMBERED_DAYS
    ]  # fmt: skip
    if not doses:
        return None
    return PlanTonight("last", default_treatment(), default_treatment(), doses[-1].value)
