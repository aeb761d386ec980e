"""Migraine Buddy's report "for my doctor": a web page with one table row an attack, columns found by their names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path

from nightdose.diary.importers.imported import Choices, Collector, Imported
from nightdose.diary.importers.moment_column import MomentColumn
from nightdose.diary.importers.numbers import number
from nightdose.diary.importers.reading import read_page
from nightdose.errors import InputError
from nightdose.language.catalogue import say

NAME = "migraine-buddy"
MOST_CELLS = 200_000
CHUNK = 1 << 16
_LASTED = re.compile(r"(?:(\d+)d\s*)?(\d+)h\s*(\d+)m", re.IGNORECASE)
_STARTED = re.compile(r"(\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4})\s+(\d{1,2}:\d{2}(?:\s*[ap]m)?)", re.IGNORECASE)
_DATE = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}")
_TAKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)x\s+)?([^,]+)")
# our name -> how the column's title begins
TITLES = {"started": "started", "pain": "pain level"}  # newer reports: "Started & Lasted" in one column


def recognises(start: bytes) -> bool:
    """True for the page's title or logo."""
    return b"<html" in start.lower() and (b"Migraine Listing" in start or b"migraine-buddy" in start.lower())


class _Rows(HTMLParser):
    """Collects table rows as (text, colspan, has class notes) cells."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[tuple[str, int, bool]]] = []
        self._text: list[str] | None = None
        self._span, self._notes, self._cells = 1, False, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self._close()
            found = dict(attrs)
            span = found.get("colspan") or "1"
            self._span = min(int(span), 50) if span.isascii() and span.isdigit() and len(span) < 4 else 1
            self._notes = "notes" in (found.get("class") or "")
            self._text = []
        elif tag in ("br", "div") and self._text is not None:
            self._text.append(" \n ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr"):
            self._close()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _close(self) -> None:
        if self._text is None:
            return
        self._cells += 1
        if self._cells > MOST_CELLS:
            raise InputError(say("This page has more cells than a doctor's report can have."))
        if not self.rows:
            self.rows.append([])
        self.rows[-1].append(("".join(self._text).strip(), self._span, self._notes))
        self._text = None


def read(path: Path, choices: Choices) -> Imported:
    """Each attack: its pain score, its length, the medicines taken against it (as rescue), its notes."""
    parser = _Rows()
    try:
        page = read_page(path)
        for begin in range(0, len(page), CHUNK):
            parser.feed(page[begin : begin + CHUNK])
        parser.close()
    except (AssertionError, ValueError, RecursionError):
        raise InputError(
            say("{name} is not a web page that can be read. Save the report again as HTML.", name=path.name)
        ) from None
    columns, attacks = _table(parser.rows, path.name)
    moments = MomentColumn(_dates(parser.rows) if attacks else (), choices.day, choices.date_order, path.name)
    out = Collector(NAME)
    for position, (row, note) in enumerate(attacks, start=1):
        _attack(position, row, note, columns, moments, out)
    out.problem(
        None,
        say("The report lists attacks only. A day without an attack is left empty here, not zero."),
        say("If you log every attack, days between them were free; say so when you analyse."),
    )
    return out.done()


Cells = Sequence[tuple[str, int, bool]]


def _table(rows: Sequence[Cells], name: str) -> tuple[dict[str, int], list[tuple[list[str], str]]]:
    """Column positions by title, and below the titles each attack with its note (same row or the next)."""
    for at, row in enumerate(rows):
        titles = [text.lower() for text, span, _ in row for _ in range(span)]
        found = {
            ours: place
            for ours, begin in TITLES.items()
            for place, title in enumerate(titles)
            if title.startswith(begin)
        }
        if set(found) == set(TITLES):
            attacks: list[tuple[list[str], str]] = []
            for cells in rows[at + 1 :]:
                note = next((text for text, _, is_note in cells if is_note), "")
                if any(_STARTED.search(text) for text, _, _ in cells[:3]):
                    attacks.append(([text for text, _, is_note in cells if not is_note], note))
                elif note and attacks:
                    attacks[-1] = (attacks[-1][0], note)
            return found, attacks
    raise InputError(
        say("{name} has no table with Started and Pain Level. Is it the report 'for my doctor'?", name=name)
    )


def _dates(rows: Sequence[Cells]) -> Iterator[str]:
    """Every date on the page: the period at its top often tells the order of day and month."""
    for row in rows:
        for text, _, _ in row[:3]:
            yield from _DATE.findall(text)


def _attack(
    position: int,
    row: Sequence[str],
    note: str,
    columns: Mapping[str, int],
    moments: MomentColumn,
    out: Collector,
) -> None:
    begin = next((i for i, text in enumerate(row[:3]) if _STARTED.search(text)), None)
    found = _STARTED.search(row[begin]) if begin is not None else None
    when = moments.when(found[0]) if found else None
    if found is None or begin is None or when is None:
        out.problem(
            position, say("'{row}' has no date that can be read.", row=(row[0] if row else "")[:40]), say("Left out.")
        )
        return
    lasted = _LASTED.search(" ".join(row[begin : begin + 2]))
    pain = _pain(row, columns["pain"] + begin - columns["started"])
    if pain is None:
        out.problem(
            position,
            say("The attack of {found} has no pain level.", found=found[0]),
            say("Its other details were kept."),
        )
    else:
        out.add(position, when, "attack pain", kind="score", value=pain)
    hours = _hours(lasted)
    if hours is not None:
        out.add(position, when, "attack length", kind="measure", value=hours, unit="h")
    words = note.removeprefix("Notes:").strip()
    if words:
        out.add(position, when, "note", kind="note", text=words[:20_000])
    for name, pieces in _taken(row):
        unit = "piece" if pieces else ""
        out.add(position, when, name, kind="rescue", value=pieces, unit=unit, status="taken")


def _pain(row: Sequence[str], at: int) -> float | None:
    """The pain level in its column, or in the next one: some reports have an unnamed column before it."""
    for place in (at, at + 1):
        value = number(row[place]) if 0 <= place < len(row) else None
        if value is not None and 0 <= value <= 10:
            return value
    return None


def _hours(found: re.Match[str] | None) -> float | None:
    if not found or max(len(part or "") for part in found.groups()) > 6:
        return None
    return int(found[1] or 0) * 24 + int(found[2]) + round(int(found[3]) / 60, 4)


def _taken(row: Sequence[str]) -> list[tuple[str, float | None]]:
    """Medicines with how many of each: cells that say 'Helpful - 1x Sumatriptan', and the like.

    A relief method without a count ('Sleep') is not a medicine.
    """
    found = []
    for text in row:
        for part in text.split("\n"):
            said = re.match(r"\s*(?:un|somewhat )?(?:helpful|sure)\s*-\s*(.+)", part.strip(), re.IGNORECASE)
            for match in _TAKEN.finditer(said[1]) if said else ():
                if match[1]:
                    found.append((match[2].strip()[:150], number(match[1])))
    return found
