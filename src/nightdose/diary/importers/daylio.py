"""Daylio CSV, old and new header. Moods are words the user may rename, so their numbers are asked for."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from nightdose.diary.importers.dates import clock, iso_date
from nightdose.diary.importers.imported import Choices, Collector, Imported, diary_day, moment_of
from nightdose.diary.importers.medicine_name import lookup
from nightdose.diary.importers.reading import named_columns, read_csv, read_text

NAME = "daylio"
NEEDED = {"weekday", "time", "mood", "activities"}
DEFAULT_MOODS = {"rad": 5.0, "good": 4.0, "meh": 3.0, "bad": 2.0, "awful": 1.0}
_TAG = re.compile(r"<[^<>]{0,200}>")


def recognises(start: bytes) -> bool:
    """True for a Daylio header."""
    first = start.decode("utf-8-sig", "replace").splitlines()[0].lower() if start.strip() else ""
    names = [name.strip(' "') for name in first.split(",")]
    return set(names) >= NEEDED


def read(path: Path, choices: Choices) -> Imported:
    """Moods as scores 1 to 5 and notes; activities are counted, not imported."""
    table = read_csv(read_text(path)[0], path.name)
    columns = named_columns(table, NEEDED, path.name)
    out = Collector(NAME)
    unknown: set[str] = set()
    for line, cells in table.rows:
        _row(line, dict(zip(columns, cells, strict=False)), choices, out, unknown)
    for label in sorted(unknown)[:20]:
        out.problem(
            None,
            f"The mood '{label[:40]}' has no number.",
            f"Give it one, for example '{label[:40]}=3'; 1 is worst, 5 best.",
            field="mood",
        )
    return out.done()


def _row(line: int, row: dict[str, str], choices: Choices, out: Collector, unknown: set[str]) -> None:
    written = row.get("full_date") or f"{row.get('year', '')} {row.get('date', '')}"
    day = iso_date(written)
    if day is None:
        out.problem(line, f"'{written[:40]}' is no date of the form 2026-11-20.", "The row was left out.")
        return
    at = moment_of(day, clock(row["time"]), choices.day)
    mood = row["mood"].strip()
    raw = (written, row["time"], mood, row.get("note", ""))
    common = {"day": diary_day(day, at, choices.day), "at": at}
    value = lookup(choices.moods, mood)
    value = value if value is not None else DEFAULT_MOODS.get(mood.lower())
    if value is not None:
        extra = {"label": mood[:100]}
        out.add(line, kind="score", item="mood", value=value, extra=extra, source_key=out.key(*raw), **common)
    elif mood:
        unknown.add(mood)
    if row.get("activities"):
        out.leave_out("activities")
    note = unescape(_TAG.sub(" ", " ".join([row.get("note_title", ""), row.get("note", "")]))).strip()
    if note:
        out.add(line, kind="note", item="note", text=note, source_key=out.key(*raw, "note"), **common)
