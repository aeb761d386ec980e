"""Loop Habit Tracker's zip of CSVs. YES_AUTO is implied by the schedule, not something that was done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from nightdose.diary.importers.dates import iso_date, number
from nightdose.diary.importers.imported import Choices, Collector, Imported
from nightdose.diary.importers.medicine_name import dose_fields, lookup
from nightdose.diary.importers.reading import Archive, read_csv

NAME = "loop"
# old exports write numbers, new ones words
MEANING = {
    "YES_MANUAL": "yes", "2": "yes", "YES_AUTO": "auto", "1": "auto", "NO": "no", "0": "no", "UNKNOWN": "unknown",
    "-1": "unknown", "SKIP": "unknown", "3": "unknown",
}  # fmt: skip


def recognises_archive(names: tuple[str, ...]) -> bool:
    """True when the zip holds Loop's two tables."""
    ends = {name.rsplit("/", 1)[-1] for name in names}
    return {"Habits.csv", "Checkmarks.csv"} <= ends


def read(path: Path, choices: Choices) -> Imported:
    """Habits as doses (where mg were given), yes/no scores or numbers."""
    archive = Archive(path)
    out = Collector(NAME)
    try:
        numerical = _numerical_habits(archive)
        autos = 0
        for line, habit, day_text, value in _checkmarks(archive):
            autos += _mark(line, habit, day_text, value, habit in numerical, choices, out)
    finally:
        archive.close()
    if autos:
        out.problem(
            None,
            f"{autos} days are 'automatic' checks that the schedule filled in.",
            "They were not counted.",
        )
    return out.done()


def _numerical_habits(archive: Archive) -> set[str]:
    name = archive.find("Habits.csv")
    table = read_csv(archive.text(name), name) if name else None
    if table is None or "Type" not in table.header or "Name" not in table.header:
        return set()
    kind, label = table.header.index("Type"), table.header.index("Name")
    return {cells[label] for _, cells in table.rows if cells[kind].upper().startswith("NUM")}


def _checkmarks(archive: Archive) -> Iterator[tuple[int, str, str, str]]:
    """(line, habit, day, value) from each habit's own table, else from the common one."""
    own = [name for name in archive.names if re.search(r"(^|/)\d{3} [^/]+/Checkmarks\.csv$", name)]
    for name in own:
        habit = name.rsplit("/", 2)[-2][4:]
        for line, cells in read_csv(archive.text(name), name).rows:
            yield line, habit, cells[0], cells[1] if len(cells) > 1 else ""
    common = archive.find("Checkmarks.csv")
    if not own and common:
        table = read_csv(archive.text(common), common)
        for line, cells in table.rows:
            for habit, value in zip(table.header[1:], cells[1:], strict=False):
                if habit:
                    yield line, habit, cells[0], value


def _mark(line: int, habit: str, day_text: str, value: str, numerical: bool, choices: Choices, out: Collector) -> int:
    """Adds one checkmark; 1 when it was an automatic one."""
    day = iso_date(day_text)
    if day is None:
        out.problem(line, f"'{day_text[:40]}' is no date.", "The row was left out.")
        return 0
    key = out.key(habit, day_text, value)
    is_dose = lookup(choices.mg_per_unit, habit) is not None or habit in choices.rescue
    if numerical and (amount := number(value)) is not None and amount >= 0:
        out.add(line, day=day, kind="score", item=habit, value=amount, source_key=key)
        return 0
    meaning = MEANING.get(value.upper())
    if meaning is None:
        if value:
            out.problem(line, f"{habit[:40]}: '{value[:40]}' is no checkmark.", "The day was left out.")
    elif meaning == "yes" and is_dose:
        out.add(line, day=day, source_key=key, **dose_fields(habit, 1.0, "piece", choices))
    elif meaning == "no" and is_dose and choices.no_means_no:
        out.add(line, day=day, kind="dose", item=habit, status="missed", source_key=key)
    elif meaning == "yes" or (meaning == "no" and choices.no_means_no):
        out.add(line, day=day, kind="score", item=habit, value=float(meaning == "yes"), source_key=key)
    elif meaning == "no":
        out.leave_out("'no' that may only be the app's empty day (say so if every no was your answer)")
    return int(meaning == "auto")
