"""Bearable CSV, both header versions (2020-21 without, by 2024 with `date formatted`), told apart by their names."""

from __future__ import annotations

import re
from pathlib import Path

from nightdose.diary.importers.imported import Choices, Collector, Imported
from nightdose.diary.importers.medicine_name import Dose, add_dose, split_unit
from nightdose.diary.importers.moment_column import MomentColumn, When
from nightdose.diary.importers.numbers import number
from nightdose.diary.importers.reading import first_names
from nightdose.diary.importers.text_table import table_of
from nightdose.language.catalogue import mark, say

NAME = "bearable"
NEEDED = {"date", "time of day", "category", "rating/amount", "detail"}
RATINGS = {"Mood": "mood", "Energy": "energy", "Sleep quality": "sleep quality"}
_SEVERITY = re.compile(r"\s*\((Mild|Moderate|Severe|Unbearable|None)\)\s*$")
ABSENT = (
    mark("A day without a symptom row may be a good day or a day you did not write. It is left empty, not zero."),
    mark("If no row means no symptom for you, say so when you analyse; the import invents nothing."),
)


def recognises(start: bytes) -> bool:
    """True for a Bearable header."""
    return set(first_names(start)) >= NEEDED


def read(path: Path, choices: Choices) -> Imported:
    """Scores, doses, sleep and notes of one export; factors and food are counted, not imported."""
    table = table_of(path)
    table.need(NEEDED)
    moments = MomentColumn((_date(row) for _, row in table.records()), choices.day, choices.date_order, path.name)
    out = Collector(NAME)
    symptoms = False
    for line, row in table.records(out):
        symptoms = symptoms or row["category"] == "Symptom"
        when = moments.when(_date(row), row["time of day"])
        if when is None:
            out.problem(line, say("'{row}' is not a date.", row=row["date"][:40]), say("The row was left out."))
        else:
            _row(line, when, row, choices, out)
    if symptoms:
        out.problem(None, *map(say, ABSENT))
    return out.done()


def _date(row: dict[str, str]) -> str:
    return row.get("date formatted") or row["date"]


def _row(line: int, when: When, row: dict[str, str], choices: Choices, out: Collector) -> None:
    part = row["time of day"] if when.at is None else ""
    extra = {"part of day": part[:40]} if part else {}
    category, amount, detail = row["category"], row["rating/amount"], row["detail"]
    if category == "Symptom":
        _score(line, when, _SEVERITY.sub("", detail) or "symptom", amount, extra, out)
    elif category in RATINGS:
        _score(line, when, RATINGS[category], amount, extra, out)
    elif category == "Meds/Supplements":
        name, unit = split_unit(detail)
        value = number(amount)
        if amount and value is None:
            out.problem(
                line,
                say("{name}: '{amount}' is not an amount.", name=name[:40], amount=amount[:40]),
                say("The dose is kept, its amount unknown."),
            )
        add_dose(out, line, when, Dose(name, value, unit), choices)
    elif category == "Sleep":
        _sleep(line, when, amount, extra, out)
    else:
        out.leave_out(category[:60] or say("rows without a category"))
        out.unread(line, When(when.day), detail, choices)
    if row.get("notes"):
        out.add(
            line,
            when,
            f"note on {category} {detail}",
            kind="note",
            item="note",
            text=row["notes"],
        )


def _score(line: int, when: When, item: str, amount: str, extra: dict[str, str], out: Collector) -> None:
    value = number(amount)
    if value is None:
        out.problem(
            line,
            say("{item}: '{amount}' is not a rating.", item=item[:40], amount=amount[:40]),
            say("The row was left out."),
        )
    else:
        out.add(line, when, item, kind="score", value=value, extra=extra)


def _sleep(line: int, when: When, amount: str, extra: dict[str, str], out: Collector) -> None:
    found = re.fullmatch(r"(\d{1,2}):([0-5]\d)", amount.strip())
    if not found:
        out.problem(
            line,
            say("sleep: '{amount}' is not a time in hours and minutes.", amount=amount[:40]),
            say("The row was left out."),
        )
        return
    hours = int(found[1]) + int(found[2]) / 60
    out.add(line, when, "sleep", kind="measure", value=round(hours, 4), unit="h", extra=extra)
