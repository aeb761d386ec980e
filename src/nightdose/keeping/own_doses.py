"""The person's own doses of the last weeks, as they entered the body, for the pictures of what a dose does."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from nightdose.diary.entry import Entry
from nightdose.diary.kept.store import Store
from nightdose.keeping import settings
from nightdose.keeping.medicine_names import same_medicine
from nightdose.keeping.plan_tonight import plan_tonight
from nightdose.keeping.sealing import box_on, revealed_order
from nightdose.keeping.table import known_doses
from nightdose.knowledge.chosen import treatment as default_treatment
from nightdose.mechanism.compartments import dose_nmol
from nightdose.mechanism.intake import GUT, Event, Intake
from nightdose.mechanism.people import typical_values
from nightdose.mechanism.regimen import NIGHT

SHOWN_D, BEFORE_D = 14, 14  # days that are shown, and days before them whose doses still count in the body


@dataclass(frozen=True, slots=True)
class OwnDoses:
    """Doses of naltrexone from `first` to `last`, both included; hours of `intake` count from midnight of `first`.

    taken, without : days of the last SHOWN_D with a dose, and days written down as without one; the others are not
    known and count as none. guessed_clock : doses without a clock time, set to `clock_h`.
    """

    first: datetime.date
    last: datetime.date
    intake: Intake
    taken: int
    without: int
    guessed_clock: int
    clock_h: float

    @property
    def not_known(self) -> int:
        return SHOWN_D - self.taken - self.without


def own_doses(store: Store, today: datetime.date) -> OwnDoses | None:
    """The doses of the last four weeks; None where none is known, or while a box's content is hidden."""
    first = today - datetime.timedelta(days=SHOWN_D + BEFORE_D - 1)
    if revealed_order(store) is None and any(
        box_on(store, first + datetime.timedelta(days=i)) for i in range(SHOWN_D + BEFORE_D)
    ):
        return None
    entries = [
        entry
        for entry in known_doses(store)[0]
        if entry.kind == "dose" and first <= entry.day <= today and same_medicine(entry.item, default_treatment())
    ]
    taken = [e for e in entries if e.status in ("taken", "late") and e.value and e.unit in ("mg", "")]
    if not taken:
        return None
    plan = plan_tonight(store, today)
    clock_h = plan.clock.hour + plan.clock.minute / 60 if plan.clock is not None else NIGHT
    values = typical_values()
    start = settings.day_rule(store).start
    events = [
        Event(
            _hour(e, first, start, clock_h),
            GUT,
            dose_nmol(e.value or 0.0, values["salt_fraction"], values["molar_mass"]),
        )
        for e in taken
    ]
    shown = today - datetime.timedelta(days=SHOWN_D - 1)
    days = {e.day for e in taken if e.day >= shown}
    return OwnDoses(
        first, today, Intake.of(events), len(days), len(_days(entries, shown, "missed") - days),
        sum(e.at is None for e in taken if e.day >= shown), clock_h,
    )  # fmt: skip


def _days(entries: Sequence[Entry], since: datetime.date, status: str) -> set[datetime.date]:
    return {e.day for e in entries if e.status == status and e.day >= since}


def _hour(entry: Entry, first: datetime.date, start: datetime.time, clock_h: float) -> float:
    """Hours from midnight of `first`; before the day's start it is already the next date."""
    if entry.at is not None:
        midnight = datetime.datetime.combine(first, datetime.time(), entry.at.tzinfo)
        return max(0.0, (entry.at - midnight).total_seconds() / 3600)
    late = 24.0 if clock_h < start.hour + start.minute / 60 else 0.0
    return 24.0 * (entry.day - first).days + clock_h + late
