"""After the reveal: what the capsules of each box were, written over the nights they were taken."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from nightdose.diary.entry import Entry
from nightdose.protocol.trial import Arm, TrialDesign, daily_on

CAPSULE = "capsule"  # what a blinded person logs


def assigned_mg(
    design: TrialDesign, arms: Sequence[Arm], dose_on: Callable[[datetime.date], float]
) -> Mapping[datetime.date, float]:
    """Day -> mg that the schedule asked for; run-in and washout days are 0.

    dose_on : day -> mg of a box with medicine on that day; an amended dose holds from its own day.
    """
    days = (design.start + datetime.timedelta(days=day) for day in range(design.days))
    return {day: dose_on(day) if on else 0.0 for day, on in zip(days, daily_on(design, arms), strict=True)}


def is_capsule(entry: Entry) -> bool:
    """True for a dose of which only the box is known."""
    return entry.kind == "dose" and entry.item == CAPSULE


def revealed(entries: Iterable[Entry], assigned: Mapping[datetime.date, float], treatment: str) -> tuple[Entry, ...]:
    """The entries with each capsule of those days turned into the treatment: its mg, or a night without.

    A missed capsule is not a dose in either box. From a box without medicine nothing was taken whatever happened, and
    on recorded days of the run-in, when there was no box, neither; both are known zeros, not invented ones.
    """
    entries = tuple(entries)
    capsules = [entry for entry in entries if is_capsule(entry) and entry.day in assigned]
    out = [entry for entry in entries if not (is_capsule(entry) and entry.day in assigned)]
    for entry in capsules:
        mg = assigned[entry.day]
        if mg == 0:
            out.append(replace(entry, item=treatment, status="missed", value=None, unit=""))
        else:
            taken = entry.status in ("taken", "late")
            out.append(replace(entry, item=treatment, value=mg if taken else None, unit="mg" if taken else ""))
    logged = {entry.day for entry in capsules}
    recorded = {entry.day for entry in entries}
    without = sorted(day for day, mg in assigned.items() if mg == 0 and day in recorded - logged)
    out += [Entry(day, "dose", treatment, status="missed", source="schedule") for day in without]
    return tuple(out)
