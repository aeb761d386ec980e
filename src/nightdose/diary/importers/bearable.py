"""Bearable CSV, both header versions (2020-21 without, by 2024 with `date formatted`), told apart by their names."""

from __future__ import annotations

import re
from pathlib import Path

from nightdose.diary.importers.dates import clock, iso_date, number, worded_date
from nightdose.diary.importers.imported import Choices, Collector, Imported, diary_day, moment_of
from nightdose.diary.importers.medicine_name import dose_fields, split_unit
from nightdose.diary.importers.reading import named_columns, read_csv, read_text

NAME = "bearable"
NEEDED = {"date", "time of day", "category", "rating/amount", "detail"}
RATINGS = {"Mood": "mood", "Energy": "energy", "Sleep quality": "sleep quality"}
_SEVERITY = re.compile(r"\s*\((Mild|Moderate|Severe|Unbearable|None)\)\s*$")
ABSENT = (
    "A day without a symptom row may be a good day or a day you did not write. It is left empty, not zero.",
    "If no row means no symptom for you, say so when you analyse; the import invents nothing.",
)


def recognises(start: bytes) -> bool:
    """True for a Bearable header."""
    return {name.strip(' "') for name in _first_line(start).split(",")} >= NEEDED


def _first_line(start: bytes) -> str:
    return start.decode("utf-8-sig", "replace").splitlines()[0].lower() if start.strip() else ""


def read(path: Path, choices: Choices) -> Imported:
    """Scores, doses, sleep and notes of one export; factors and food are counted, not imported."""
    table = read_csv(read_text(path)[0], path.name)
    columns = named_columns(table, NEEDED, path.name)
    out = Collector(NAME)
    for line, cells in table.rows:
        _row(line, dict(zip(columns, cells, strict=False)), choices, out)
    if any(
        row["category"] == "Symptom" for row in (dict(zip(columns, cells, strict=False)) for _, cells in table.rows)
    ):
        out.problem(None, *ABSENT)
    return out.done()


def _row(line: int, row: dict[str, str], choices: Choices, out: Collector) -> None:
    day = iso_date(row.get("date formatted", "")) or worded_date(row["date"]) or iso_date(row["date"])
    if day is None:
        out.problem(line, f"'{row['date'][:40]}' is no date.", "The row was left out.")
        return
    at = moment_of(day, clock(row["time of day"]), choices.day)
    raw = (row["date"], row["time of day"], row["category"], row["rating/amount"], row["detail"])
    common: dict[str, object] = {
        "day": diary_day(day, at, choices.day),
        "at": at,
        "source_key": out.key(*raw),
    }
    if at is None and row["time of day"]:
        common["extra"] = {"part of day": row["time of day"][:40]}
    category, amount, detail = row["category"], row["rating/amount"], row["detail"]
    if category == "Symptom":
        _score(line, _SEVERITY.sub("", detail) or "symptom", amount, common, out)
    elif category in RATINGS:
        _score(line, RATINGS[category], amount, common, out)
    elif category == "Meds/Supplements":
        name, unit = split_unit(detail)
        value = number(amount)
        if amount and value is None:
            out.problem(line, f"{name[:40]}: '{amount[:40]}' is no amount.", "The dose is kept, its amount unknown.")
        out.add(line, **dose_fields(name, value, unit, choices), **common)
    elif category == "Sleep":
        _sleep(line, amount, common, out)
    else:
        out.leave_out(category or "rows without a category")
    if row.get("notes"):
        out.add(
            line,
            kind="note",
            item="note",
            text=row["notes"],
            **{**common, "source_key": out.key(*raw, "note")},
        )


def _score(line: int, item: str, amount: str, common: dict[str, object], out: Collector) -> None:
    value = number(amount)
    if value is None:
        out.problem(line, f"{item[:40]}: '{amount[:40]}' is no rating.", "The row was left out.")
    else:
        out.add(line, kind="score", item=item, value=value, **common)


def _sleep(line: int, amount: str, common: dict[str, object], out: Collector) -> None:
    found = re.fullmatch(r"(\d{1,2}):([0-5]\d)", amount.strip())
    if not found:
        out.problem(line, f"sleep: '{amount[:40]}' is no time in hours and minutes.", "The row was left out.")
        return
    hours = int(found[1]) + int(found[2]) / 60
    out.add(line, kind="measure", item="sleep", value=round(hours, 4), unit="h", **common)
