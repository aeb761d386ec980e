"""What the timeline draws of the entries: a row for every outcome, dose, medicine, lab value and side effect."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from nightdose.arrays import Floats
from nightdose.diary.entry import SCALES, Entry, Outcome
from nightdose.language.catalogue import say
from nightdose.report.figures.timeline import Mark, Row

ORDER = {"score": 0, "dose": 1, "rescue": 2, "medicine": 3, "side_effect": 4, "lab": 5, "measure": 6}
MOST_ROWS = 14  # a phone's export can bring dozens of measures; the rest stands day by day
WEEK = 7
LONG_DAYS = 800  # from here on a dot is the mean of a week: days would lie on each other


def rows_of(
    entries: Sequence[Entry], outcomes: Mapping[str, Outcome], first: datetime.date, days: int
) -> tuple[Row, ...]:
    """The rows over `days` days from `first`; entries before it only tell which medicines were going on.

    Scores by outcome, then doses and rescue medicines, then medicines that were taken over a time, side effects, lab
    values and what a device counted. The last of several values of a day counts; several doses add up.
    """
    grouped: dict[tuple[str, str], list[Entry]] = {}
    for said in entries:
        if said.kind in ORDER:
            grouped.setdefault((said.kind, said.item), []).append(said)
    out = []
    for (kind, item), of_one in sorted(grouped.items(), key=lambda pair: ORDER[pair[0][0]]):
        row = _row(kind, item, of_one, outcomes.get(item), first, days)
        if row is not None:
            out.append(row)
    return tuple(out[:MOST_ROWS])


def by_weeks(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows with a value a week: the mean of its recorded days; a dose or a medicine the mean of all its days."""

    def weekly(row: Row) -> Row:
        padded = np.concatenate([row.values, np.full(-len(row.values) % WEEK, np.nan)]).reshape(-1, WEEK)
        counted = np.isfinite(padded).sum(axis=1)
        total = np.nansum(padded, axis=1)
        return replace(row, values=np.where(counted > 0, total / np.maximum(counted, 1), np.nan))

    return tuple(weekly(row) for row in rows)


def marks_of(entries: Iterable[Entry], first: datetime.date, days: int) -> list[Mark]:
    """Events inside the days; the same event on days in a row is one."""
    out: list[Mark] = []
    last: dict[str, int] = {}
    for said in sorted((e for e in entries if e.kind == "event"), key=lambda e: e.day):
        day = (said.day - first).days
        if 0 <= day < days:
            if last.get(said.item, -WEEK) < day - 1:
                out.append(Mark(day, said.item))
            last[said.item] = day
    return out


def _row(
    kind: str, item: str, entries: Sequence[Entry], outcome: Outcome | None, first: datetime.date, days: int
) -> Row | None:
    if kind == "medicine":
        values = _going_on(entries, first, days)
        return Row(item, values, 0.0, 1.0, "span") if np.nansum(values) > 0 else None
    inside = [said for said in entries if 0 <= (said.day - first).days < days]
    unit = next((said.unit for said in reversed(inside) if said.unit), "")
    name = f"{item}, {unit}" if unit else item
    if kind in ("dose", "rescue"):
        values = _amounts(inside, first, days)
        if not np.isfinite(values).any() or (kind == "rescue" and np.nansum(values) == 0):
            return None
        name = say("{name} (rescue)", name=name) if kind == "rescue" else name
        return Row(name, values, 0.0, float(np.nanmax(values)), "dose")
    values = np.full(days, np.nan)
    for said in inside:
        value = said.value if said.value is not None else 1.0
        values[(said.day - first).days] = value
    if not np.isfinite(values).any():
        return None
    if kind == "side_effect":
        return Row(say("{item} (side effect)", item=item), values, 0.0, max(10.0, float(np.nanmax(values))), "dose")
    low, high = ends(outcome if kind == "score" else None, values)
    return Row(item if kind == "score" else name, values, low, high)


def _amounts(entries: Iterable[Entry], first: datetime.date, days: int) -> Floats:
    out = np.full(days, np.nan)
    for said in entries:
        if said.status != "unknown":
            i = (said.day - first).days
            amount = 0.0 if said.status in ("missed", "none") else 1.0 if said.value is None else said.value
            out[i] = amount + (0.0 if np.isnan(out[i]) else out[i])
    return out


def _going_on(entries: Iterable[Entry], first: datetime.date, days: int) -> Floats:
    out = np.full(days, np.nan)
    for said in sorted(entries, key=lambda e: e.day):
        i = max(0, (said.day - first).days)
        if i < days:
            out[i:] = np.nan if said.status == "stop" else 1.0
    return out


def ends(outcome: Outcome | None, values: Floats) -> tuple[float, float]:
    """Both ends of a row's scale: the outcome's own, else what was seen."""
    low, high = SCALES[outcome.scale].ends if outcome is not None else (-np.inf, np.inf)
    seen = values[np.isfinite(values)]
    low = low if np.isfinite(low) else float(seen.min())
    high = high if np.isfinite(high) else float(seen.max())
    return low, high if high > low else low + 1
