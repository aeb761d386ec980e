"""Daylio CSV, old and new header. Moods are words the user may rename, so their numbers are asked for."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from nightdose.diary.importers.imported import Choices, Collector, Imported
from nightdose.diary.importers.medicine_name import lookup
from nightdose.diary.importers.moment_column import MomentColumn, When
from nightdose.diary.importers.numbers import number
from nightdose.diary.importers.reading import first_names
from nightdose.diary.importers.text_table import table_of
from nightdose.language.catalogue import say

NAME = "daylio"
NEEDED = {"weekday", "time", "mood", "activities"}
DEFAULT_MOODS = {"rad": 5.0, "good": 4.0, "meh": 3.0, "bad": 2.0, "awful": 1.0}
_TAG = re.compile(r"<[^<>]{0,200}>")


def recognises(start: bytes) -> bool:
    """True for a Daylio header."""
    return set(first_names(start)) >= NEEDED


def read(path: Path, choices: Choices) -> Imported:
    """Moods as scores 1 to 5, scales as scores under their own names, and notes; activities are counted only."""
    table = table_of(path)
    table.need(NEEDED)
    moments = MomentColumn((_date(row) for _, row in table.records()), choices.day, choices.date_order, path.name)
    out = Collector(NAME)
    unknown: set[str] = set()
    for line, row in table.records(out):
        when = moments.when(_date(row), row["time"])
        if when is None:
            out.problem(line, say("'{date}' is not a date.", date=_date(row)[:40]), say("The row was left out."))
        else:
            _row(line, when, row, choices, (out, unknown))
    for label in sorted(unknown)[:20]:
        out.problem(
            None,
            say("The mood '{label}' has no number.", label=label[:40]),
            say("Give it one, for example '{label}=3'; 1 is worst, 5 best.", label=label[:40]),
            field="mood",
        )
    return out.done()


def _date(row: dict[str, str]) -> str:
    """The full date, or of old files 'May 18' or '18 May' with its year from another column."""
    if row.get("full_date"):
        return row["full_date"]
    date, year = row.get("date", ""), row.get("year", "")
    return date if not year or year in date else f"{date}, {year}" if date[:1].isalpha() else f"{date} {year}"


def _row(line: int, when: When, row: dict[str, str], choices: Choices, into: tuple[Collector, set[str]]) -> None:
    out, unknown = into
    mood = row["mood"].strip()
    value = lookup(choices.moods, mood)
    value = value if value is not None else DEFAULT_MOODS.get(mood.casefold())
    if value is not None:
        out.add(line, when, "mood", kind="score", value=value, extra={"label": mood[:100]})
    elif mood:
        unknown.add(mood)
    for part in row.get("scales", "").split("|"):
        if part.strip():
            _scale(line, when, part, out)
    if row.get("activities"):
        out.leave_out("activities", sum(bool(part.strip()) for part in row["activities"].split("|")))
        out.unread(line, When(when.day), row["activities"], choices)
    note = unescape(_TAG.sub(" ", " ".join([row.get("note_title", ""), row.get("note", "")]))).strip()
    if note:
        out.add(line, when, "note", kind="note", text=note[:20_000])


def _scale(line: int, when: When, part: str, out: Collector) -> None:
    """'Pain: 6' or 'Pain: 6/10'; the name may hold a colon itself."""
    name, colon, written = part.rpartition(":")
    value = number(written.strip().partition("/")[0].strip())
    if not colon or not name.strip() or value is None:
        out.problem(
            line, say("The scale '{strip}' has no name and number.", strip=part.strip()[:40]), say("It was left out.")
        )
    else:
        out.add(line, when, f"scale {name.strip()}", item=name.strip(), kind="score", value=value)
