"""Loop Habit Tracker's zip of CSVs. YES_AUTO is implied by the schedule, not something that was done.

A number habit stores what was entered times 1000; its exporter writes the stored values 0, 1, 2 and 3 with the words
of a check habit (isoron/uhabits: Entry, HabitsCSVExporter), so a 0 that was entered reads NO, and SKIP is not a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nightdose.diary.importers.imported import Choices, Collector, Imported
from nightdose.diary.importers.medicine_name import MASSES, Dose, add_dose, lookup
from nightdose.diary.importers.moment_column import When
from nightdose.diary.importers.moments import read_moment
from nightdose.diary.importers.numbers import number
from nightdose.diary.importers.reading import Archive
from nightdose.diary.importers.text_table import member_table
from nightdose.language.catalogue import say

NAME = "loop"
STORED = 1000.0  # a number habit of 4 is written 4000
# old exports write numbers, new ones words
MEANING = {
    "YES_MANUAL": "yes", "2": "yes", "YES_AUTO": "auto", "1": "auto", "NO": "no", "0": "no", "UNKNOWN": "unknown",
    "-1": "unknown", "SKIP": "skip", "3": "skip", "": "unknown",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Habit:
    name: str
    numerical: bool = False
    unit: str = ""


def recognises_archive(names: tuple[str, ...]) -> bool:
    """True when the zip holds Loop's two tables."""
    ends = {name.rsplit("/", 1)[-1] for name in names}
    return {"Habits.csv", "Checkmarks.csv"} <= ends


def read(path: Path, choices: Choices) -> Imported:
    """Habits as doses (where mg are known), yes/no scores or numbers."""
    archive = Archive(path)
    out = Collector(NAME)
    try:
        habits = _habits(archive)
        autos = sum(_mark(*mark, choices, out) for mark in _checkmarks(archive, habits))
    finally:
        archive.close()
    if autos:
        out.problem(
            None,
            say("{autos} days are 'automatic' checks that the schedule filled in.", autos=autos),
            say("They were not counted."),
        )
    return out.done()


def _habits(archive: Archive) -> Mapping[str, _Habit]:
    """Position ('001') -> habit. The folders' names lack every letter that a file's name may not have."""
    name = archive.find("Habits.csv")
    found: dict[str, _Habit] = {}
    for _, row in member_table(archive, name).records() if name else ():
        if row.get("name"):
            numerical = row.get("type", "").upper().startswith("NUM")
            found[row.get("position", "").zfill(3)] = _Habit(row["name"], numerical, row.get("unit", ""))
    names = [habit.name for habit in found.values()]
    return {
        position: habit if names.count(habit.name) == 1 else _Habit(f"{habit.name} {position}", *_rest(habit))
        for position, habit in found.items()
    }


def _rest(habit: _Habit) -> tuple[bool, str]:
    return habit.numerical, habit.unit


def _checkmarks(archive: Archive, habits: Mapping[str, _Habit]) -> Iterator[tuple[int, _Habit, str, str]]:
    """(line, habit, day, value) from each habit's own table, else from the common one."""
    own = [name for name in archive.names if re.search(r"(^|/)\d{3} [^/]*/Checkmarks\.csv$", name)]
    for name in own:
        folder = name.rsplit("/", 2)[-2]
        habit = habits.get(folder[:3], _Habit(folder[4:] or folder))
        for line, row in member_table(archive, name).records():
            own_cells = list(row.values())
            yield line, habit, own_cells[0], own_cells[1] if len(own_cells) > 1 else ""
    common = archive.find("Checkmarks.csv")
    if not own and common:
        table = member_table(archive, common)
        by_name = {habit.name.casefold(): habit for habit in habits.values()}
        in_order = [habits.get(f"{at:03}", _Habit(name)) for at, name in enumerate(table.header[1:], 1)]
        columns = [by_name.get(name.casefold(), habit) for name, habit in zip(table.header[1:], in_order, strict=True)]
        for line, cells in table.rows():
            for habit, value in zip(columns, cells[1:], strict=True):
                yield line, habit, cells[0], value


def _mark(line: int, habit: _Habit, day_text: str, value: str, choices: Choices, out: Collector) -> int:
    """Adds one checkmark; 1 when it was an automatic one."""
    written = read_moment(day_text)
    if written is None:
        out.problem(line, say("'{day_text}' is not a date.", day_text=day_text[:40]), say("The row was left out."))
        return 0
    when, meaning = When(written.date), MEANING.get(value.upper())
    if meaning in ("unknown", "skip"):
        return 0
    if habit.numerical:
        _number(line, when, habit, 0.0 if meaning == "no" else number(value), choices, out)
        return 0
    if meaning is None:
        out.problem(
            line,
            say("{name}: '{value}' is not a checkmark.", name=habit.name[:40], value=value[:40]),
            say("The day was left out."),
        )
        return 0
    if meaning == "yes" or (meaning == "no" and choices.no_means_no):
        _check(line, when, habit, meaning == "yes", choices, out)
    elif meaning == "no":
        out.leave_out(say("'no' that may only be the app's empty day (say so if every no was your answer)"))
    return int(meaning == "auto")


def _number(line: int, when: When, habit: _Habit, stored: float | None, choices: Choices, out: Collector) -> None:
    if stored is None or stored < 0:
        out.problem(
            line, say("{name}: not a number that Loop writes.", name=habit.name[:40]), say("The day was left out.")
        )
        return
    value = round(stored / STORED, 6)
    if _is_dose(habit, choices):
        add_dose(out, line, when, Dose(habit.name, value, habit.unit or "piece"), choices)
    else:
        out.add(line, when, habit.name, kind="score", value=value, unit=habit.unit[:40])


def _check(line: int, when: When, habit: _Habit, done: bool, choices: Choices, out: Collector) -> None:
    if _is_dose(habit, choices):
        add_dose(out, line, when, Dose(habit.name, 1.0 if done else 0.0, "piece"), choices)
    else:
        out.add(line, when, habit.name, kind="score", value=float(done))


def _is_dose(habit: _Habit, choices: Choices) -> bool:
    named = any(habit.name.casefold() == name.casefold() for name in choices.rescue)
    return named or lookup(choices.mg_per_unit, habit.name) is not None or habit.unit.strip().casefold() in MASSES
