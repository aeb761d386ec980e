"""From entries to one row a day: the diary table that `analyse` reads. What was not recorded stays empty."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from nightdose.diary.day import DEFAULT_START
from nightdose.diary.entry import Entry
from nightdose.diary.kept.names import NUMBER_KINDS, column_names
from nightdose.diary.records import (
    ASSIGNED_SUFFIX,
    DAY_START_COLUMN,
    DOSE_SUFFIX,
    GUESS_SUFFIX,
    NOT_JUDGED,
    RESCUE_PREFIX,
    TIME_SUFFIX,
    Problem,
)
from nightdose.language.catalogue import say

Combine = Literal["last", "mean", "highest", "sum"]
MG_PER = {"mg": 1.0, "g": 1000.0, "ug": 0.001, "µg": 0.001, "μg": 0.001, "mcg": 0.001}

COMBINE: Mapping[Combine, Callable[[Sequence[float]], float]] = {
    "last": lambda values: values[-1],
    "mean": lambda values: sum(values) / len(values),
    "highest": max,
    "sum": sum,
}

NO_RESCUE = RESCUE_PREFIX + "any"  # the column where none was ever taken, and the person said so

Cell = float | str


@dataclass(frozen=True, slots=True)
class DailyTable:
    """One row a day with a date; a cell that is not there was not recorded.

    side_effects : the columns of what was written down as a side effect.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[datetime.date, Mapping[str, Cell]], ...]
    problems: tuple[Problem, ...]
    side_effects: tuple[str, ...] = ()


def daily_table(
    entries: Iterable[Entry],
    combine: Combine = "last",
    assigned: Mapping[str, Mapping[datetime.date, float]] = MappingProxyType({}),
    day_start: datetime.time = DEFAULT_START,
    not_judged: Mapping[datetime.date, str] = MappingProxyType({}),
) -> DailyTable:
    """Entries in the order of writing, as days.

    combine : what becomes of several scores of one outcome on one day. Doses of a day are added up; a day
    with a dose of unknown amount is a day of unknown dose; a missed dose is 0 when nothing else was taken.
    assigned: treatment -> day -> mg that the schedule asked for, where it may be known.
    day_start: where it is not 04:00 it stands in a column, so that a reader knows which night 00:40 belongs to.
    not_judged: day -> why it is left out of the judgement; on days with a row.
    """
    written = tuple(entries)
    names = column_names(written)
    rows: dict[datetime.date, dict[str, Cell]] = defaultdict(dict)
    grouped: dict[tuple[datetime.date, str, str], list[Entry]] = defaultdict(list)
    for entry in written:
        grouped[entry.day, entry.kind, names.item(entry)].append(entry)
    graded = {names.item(entry) for entry in written if entry.kind == "side_effect" and entry.value is not None}
    problems = list(names.problems)
    for (day, kind, item), found in grouped.items():
        group = in_order_of_happening(found)
        if kind == "dose":
            problems += _put_doses(rows[day], day, item, group)
        elif kind == "guess":
            rows[day][item + GUESS_SUFFIX] = group[-1].value or 0.0
        elif kind in ("note", "event"):
            words = [entry.text or entry.item for entry in group]
            rows[day]["note"] = " / ".join(filter(None, [str(rows[day].get("note", "")), *words]))
        elif kind == "rescue" and group[-1].status == "taken":
            rows[day][RESCUE_PREFIX + item] = float(sum(entry.status == "taken" for entry in group))
        elif kind in NUMBER_KINDS:
            by_column: dict[str, list[float]] = defaultdict(list)
            for entry in group:
                if entry.value is not None:
                    by_column[names.column(entry)].append(names.value(entry))
                elif kind == "side_effect" and item not in graded:
                    by_column[names.column(entry)].append(1.0)  # it was there; how strong it was, nobody ever said
            for column, values in by_column.items():
                rows[day][column] = COMBINE[combine](values)
    _put_no_rescue(rows, {day for (day, kind, _), group in grouped.items() if kind == "rescue" and _none(group)})
    for item in dict.fromkeys(item for _, kind, item in grouped if kind == "medicine"):
        course = [
            (day, group[-1]) for (day, kind, name), group in grouped.items() if (kind, name) == ("medicine", item)
        ]
        _put_course(rows, item, sorted(course, key=lambda change: change[0]))
    _put_plan(rows, assigned, not_judged)
    if day_start != DEFAULT_START:
        for row in rows.values():
            if any(name.endswith(TIME_SUFFIX) for name in row):
                row[DAY_START_COLUMN] = day_start.strftime("%H:%M")
    columns = dict.fromkeys(name for day in sorted(rows) for name in rows[day])
    harms = dict.fromkeys(names.column(entry) for entry in written if entry.kind == "side_effect")
    filled = tuple((day, rows[day]) for day in sorted(rows) if rows[day])
    return DailyTable(tuple(columns), filled, tuple(problems), tuple(name for name in harms if name in columns))


def _put_plan(
    rows: Mapping[datetime.date, dict[str, Cell]],
    assigned: Mapping[str, Mapping[datetime.date, float]],
    not_judged: Mapping[datetime.date, str],
) -> None:
    """What the schedule asked for and what is left out of the judgement, on days that have a row."""
    for treatment, days in assigned.items():
        for day, mg in days.items():
            if rows.get(day):
                rows[day][treatment + ASSIGNED_SUFFIX] = mg
    for day, why in not_judged.items():
        if rows.get(day):
            rows[day][NOT_JUDGED] = why


def in_order_of_happening(group: Sequence[Entry]) -> Sequence[Entry]:
    """Entries of one thing and day by their clock times; in the order of writing where one has none."""
    moments = [entry.at for entry in group if entry.at is not None]
    if len(moments) < len(group):
        return group
    return [entry for _, _, entry in sorted(zip(moments, range(len(group)), group, strict=True))]


def _none(group: Sequence[Entry]) -> bool:
    return all(entry.status == "none" for entry in group)


def _put_no_rescue(rows: Mapping[datetime.date, dict[str, Cell]], none: Collection[datetime.date]) -> None:
    """0 in every rescue column of the days on which the person said that none was taken."""
    columns = {name for row in rows.values() for name in row if name.startswith(RESCUE_PREFIX)} or {NO_RESCUE}
    for day in none:
        for name in columns:
            rows[day].setdefault(name, 0.0)


def _put_course(
    rows: Mapping[datetime.date, dict[str, Cell]], item: str, changes: Sequence[tuple[datetime.date, Entry]]
) -> None:
    """Fill `ITEM_mg` from start, taper and stop: the last change holds; before a start it was not taken.

    A day with doses of its own keeps them; an amount that was not said, or not in mg, stays unknown.
    """
    column = item + DOSE_SUFFIX
    for day, row in rows.items():
        before = [entry for when, entry in changes if when <= day]
        if column in row or (not before and changes[0][1].status != "start"):
            continue
        if not before or before[-1].status == "stop":
            row[column] = 0.0
        elif before[-1].value is not None and before[-1].unit in MG_PER:
            row[column] = round(before[-1].value * MG_PER[before[-1].unit], 9)


def _put_doses(row: dict[str, Cell], day: datetime.date, item: str, group: Sequence[Entry]) -> list[Problem]:
    """Fill `ITEM_mg` and `ITEM_time` of one day; the problems met on the way."""
    total = 0.0
    for entry in group:
        if entry.status == "missed":
            continue
        factor = MG_PER.get(entry.unit)
        if entry.status == "unknown" or entry.value is None or factor is None:
            if entry.value is None or factor is not None:
                return []
            what = say(
                "{day} {item}: {value} '{unit}' is not an amount in mg.",
                day=day,
                item=item,
                value=f"{entry.value:g}",
                unit=entry.unit,
            )
            return [Problem(None, what, say("Correct the entry with its mg; until then the day's dose is unknown."))]
        total += entry.value * factor
    row[item + DOSE_SUFFIX] = round(total, 9)
    times = [entry.at for entry in group if entry.at is not None and entry.status != "missed"]
    if times:
        row[item + TIME_SUFFIX] = times[-1].strftime("%H:%M")
    return []
