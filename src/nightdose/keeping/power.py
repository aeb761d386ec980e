"""The person's own ups and downs, for a forecast before day 1."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import numpy as np

from nightdose.arrays import Floats
from nightdose.diary.entry import Entry
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.language.catalogue import say
from nightdose.planning import from_run_in, published
from nightdose.verdict.forecast import UpsAndDowns


def usual_ups(store: Store, outcome: str) -> UpsAndDowns:
    """The person's own ups and downs where the run-in tells them, else those of a usual person."""
    try:
        return from_run_in(run_in_scores(store, outcome))
    except CallError:
        return published("usual")


def run_in_scores(store: Store, outcome: str) -> Floats:
    """(days,) scores of an outcome before the first dose, NaN = not recorded. CallError where there is none."""
    entries = [row.entry for row in store.entries()]
    doses = [entry.day for entry in entries if entry.kind == "dose" and entry.status in ("taken", "late")]
    until = min(doses, default=datetime.date.max)
    by_day: Mapping[datetime.date, Entry] = {
        entry.day: entry
        for entry in entries
        if entry.kind == "score" and entry.item == outcome and entry.day < until and entry.value is not None
    }
    if not by_day:
        raise CallError(
            say("The diary has no scores of '{outcome}' before the first dose.", outcome=outcome), field="outcome"
        )
    first = min(by_day)
    out = np.full((max(by_day) - first).days + 1, np.nan)
    for day, entry in by_day.items():
        out[(day - first).days] = entry.value
    return out
