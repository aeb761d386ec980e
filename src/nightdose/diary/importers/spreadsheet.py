"""Spreadsheets by python-calamine: saved values only, one sheet, and never more cells than a diary can have."""

from __future__ import annotations

import datetime
import importlib
import io
import re
import warnings
import xml.parsers.expat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nightdose.diary.importers.moments import read_moment
from nightdose.diary.importers.reading import ZIP, Archive, check_size, head
from nightdose.diary.importers.text_table import MOST_COLUMNS, MOST_ROWS, Row, TextTable, distinct
from nightdose.diary.table.problems import ProblemLog, listed
from nightdose.errors import CallError, InputError
from nightdose.language.catalogue import mark, say

OLD_OFFICE = b"\xd0\xcf\x11\xe0"
MOST_UNPACKED = 64 * 1024**2
MOST_OLD_BYTES = 8 * 1024**2  # xls and xlsb say their size only when they are read
MOST_CELLS = 1_500_000  # a hundred columns for forty years; 32 bytes a cell while it is read
NEEDS_SPREADSHEET = mark(
    "Spreadsheets need one more package: pip install 'nightdose[spreadsheet]'. Or save the sheet as CSV."
)


def recognises_archive(names: tuple[str, ...]) -> bool:
    """True when the zip is a spreadsheet of Excel or OpenDocument."""
    return any(name in ("xl/workbook.xml", "xl/workbook.bin", "content.xml") for name in names)


def is_spreadsheet(path: Path) -> bool:
    """Whether a file is a spreadsheet, whatever its name says."""
    start = head(path, 8)
    if not start.startswith(ZIP):
        return start.startswith(OLD_OFFICE)
    archive = Archive(path)
    archive.close()
    return recognises_archive(archive.names)


def spreadsheet_table(path: Path, wanted: str | None) -> TextTable:
    """The one sheet that is a diary, or the one asked for. Formulas are never worked out.

    Raises InputError where several sheets could be meant.
    """
    try:
        calamine: Any = importlib.import_module("python_calamine")
    except ImportError:
        raise CallError(say(NEEDS_SPREADSHEET), code="needs_spreadsheet") from None
    remarks = _check(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
            sheets = {str(name): _Sheet(workbook.get_sheet_by_name(name)) for name in _visible(workbook)}
            filled = {name: sheet for name, sheet in sheets.items() if len(sheet.first) > 0}
            name = _choose(path.name, filled, wanted)
            sheet = filled[name]
    except BaseException as error:  # the reader's own panics are no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError, InputError, CallError)):
            raise
        raise InputError(
            say("{name} is not a spreadsheet that can be read. Save it as CSV and import that.", name=path.name)
        ) from None
    others = [f"'{other}'" for other in filled if other != name]
    if others:
        remarks = (
            *remarks,
            say("Only the sheet '{name}' was read; not read: {others}.", name=name, others=", ".join(others)[:300]),
        )
    header, repeated = distinct(sheet.first[0][1])
    if len(header) > MOST_COLUMNS:
        raise InputError(say("{name} has more columns than a diary can have.", name=path.name))
    return TextTable(path.name, header, repeated, "", remarks, sheet.body)


class _Sheet:
    """The filled rows of one sheet, read again for every pass."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self.first = tuple(row for _, row in zip(range(30), self._rows(), strict=False))

    def _rows(self) -> Iterator[Row]:
        start = self._sheet.start
        for line, row in enumerate(self._sheet.iter_rows(), 1 + (start[0] if start else 0)):
            if line > MOST_ROWS:
                return
            cells = tuple(_cell(cell) for cell in row)
            if any(cells):
                yield line, cells

    def body(self, log: ProblemLog) -> Iterator[Row]:
        """The rows below the names; calamine has its own end of a row, so none is too long."""
        rows = self._rows()
        next(rows, None)
        return rows

    @property
    def is_a_table(self) -> bool:
        """Whether it has names and, below them, rows that begin to look like days."""
        below = [cells for _, cells in self.first[1:]]
        dated = sum(any(read_moment(cell, "dmy") or read_moment(cell, "mdy") for cell in cells) for cells in below)
        return bool(below) and 2 * dated >= len(below)


def _visible(workbook: Any) -> list[str]:
    """Sheets of cells that a person sees; a chart or a macro has no rows."""
    every = workbook.sheets_metadata
    return [str(data.name) for data in every if "Hidden" not in str(data.visible) and "WorkSheet" in str(data.typ)]


def _choose(file: str, filled: dict[str, _Sheet], wanted: str | None) -> str:
    if not filled:
        raise InputError(say("{file} is empty: none of its sheets holds anything.", file=file))
    if wanted is not None:
        if wanted not in filled:
            raise CallError(
                say(
                    "{file} has no sheet '{wanted}' with rows. It has: {listed}.",
                    file=file,
                    wanted=wanted[:60],
                    listed=listed(filled),
                ),
                field="sheet",
            )
        return wanted
    tables = [name for name, sheet in filled.items() if sheet.is_a_table]
    if len(tables) > 1:
        raise InputError(
            say(
                "{file} has {n} sheets with days: {listed}. Say which one to read; the others can "
                "be imported after it.",
                file=file,
                n=len(tables),
                listed=listed(tables),
            ),
            field="sheet",
        )
    return tables[0] if tables else next(iter(filled))


def _check(path: Path) -> tuple[str, ...]:
    """Refuse a spreadsheet that unpacks to too much; say when it has formulas."""
    if head(path, 4).startswith(OLD_OFFICE):
        check_size(path, MOST_OLD_BYTES)
        return ()
    archive = Archive(path)
    if "xl/workbook.bin" in archive.names:
        check_size(path, MOST_OLD_BYTES)
    formulas = unpacked = 0
    try:
        for name in archive.names:
            with archive.open(name) as stream:
                while chunk := stream.read(1 << 20):
                    unpacked += len(chunk)
                    formulas += chunk.count(b"<f>") + chunk.count(b"<f ") + chunk.count(b"table:formula=")
                    if unpacked > MOST_UNPACKED:
                        raise InputError(
                            say("{name} unpacks to more than a diary's spreadsheet can hold.", name=path.name)
                        )
        for name in archive.names:
            if re.search(r"xl/worksheets/[^/]+\.xml$", name):
                _check_extent(archive, name, path.name)
            elif name == "content.xml":
                _check_repeats(archive, path.name)
    finally:
        archive.close()
    said = say(
        "{formulas} cells hold formulas; their last saved values were read and nothing was worked out.",
        formulas=formulas,
    )
    return (said,) if formulas else ()


def _check_extent(archive: Archive, sheet: str, name: str) -> None:
    """A cell at XFD1048576 would make a small file a huge table."""
    last_row = widest = 0
    tail = b""
    with archive.open(sheet) as stream:
        while chunk := stream.read(1 << 20):
            for letters, row in re.findall(rb'<(?:c|row)\b[^>]{0,200}?\br="([A-Z]{0,4})(\d{1,9})"', tail + chunk):
                last_row, widest = max(last_row, int(row)), max(widest, _column_number(letters))
            tail = chunk[-300:]
    if last_row > MOST_ROWS or widest > MOST_COLUMNS or last_row * max(1, widest) > MOST_CELLS:
        raise _far_outside(name)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_repeats(archive: Archive, name: str) -> None:
    """OpenDocument says '1000 times this cell, a million times this row': counted before anything is unrolled."""
    counts = {"rows": 1, "width": 0, "filled": 0, "cells": 0}

    def begin(tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table-row":
            counts.update(rows=int(attributes.get("table:number-rows-repeated", "1")), width=0, filled=0)
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            counts["width"] += int(attributes.get("table:number-columns-repeated", "1"))
            if any(key.startswith("office:") for key in attributes):
                counts["filled"] = counts["width"]

    def end(tag: str) -> None:
        if tag == "table:table-row":
            counts["cells"] += counts["rows"] * counts["filled"]

    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.EntityDeclHandler = lambda *_: (_ for _ in ()).throw(_far_outside(name))
    try:
        with archive.open("content.xml") as stream:
            while chunk := stream.read(1 << 16):
                parser.Parse(chunk, False)
                if counts["cells"] > MOST_CELLS or counts["rows"] * counts["filled"] > MOST_CELLS:
                    raise _far_outside(name)
    except (xml.parsers.expat.ExpatError, ValueError, LookupError):
        raise InputError(say("{name} is damaged. Save it again, or save the sheet as CSV.", name=name)) from None


def _far_outside(name: str) -> InputError:
    return InputError(
        say("{name} has cells far outside of any diary. Copy the table to a new sheet and save that.", name=name)
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M")
    if isinstance(value, datetime.timedelta):
        return f"{value.total_seconds() / 3600:.10g}"
    return str(value).strip()[:100_000]
