"""Any CSV or spreadsheet with one row a day or an event, by a column mapping that is asked once and saved."""

from __future__ import annotations

import datetime
import importlib
import io
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast, get_args

from nightdose.diary.entry import DoseStatus
from nightdose.diary.importers.dates import clock, date_order, iso_date, number, slashed_date, worded_date
from nightdose.diary.importers.imported import Choices, Collector, Imported, diary_day, moment_of
from nightdose.diary.importers.medicine_name import dose_fields, split_unit
from nightdose.diary.importers.reading import MOST_COLUMNS, MOST_ROWS, Archive, TextTable, read_csv, read_text
from nightdose.errors import CallError, InputError

NAME = "table"
ColumnKind = Literal["score", "dose", "measure", "lab", "side_effect", "note", "skip"]
COLUMN_KINDS: tuple[str, ...] = get_args(ColumnKind)
MOST_SPREADSHEET_BYTES = 64 * 1024**2
UNKNOWN_WORDS = {"", "-", "n/a", "na", "nan", "none", "null", "?", "unknown", "missing"}
NEEDS_SPREADSHEET = (
    "Spreadsheets need one more package: pip install 'nightdose[spreadsheet]'. Or save the sheet as CSV."
)


@dataclass(frozen=True, slots=True)
class Column:
    """What one column means: the kind of entry, the item's name, its unit, and the column of its clock time."""

    kind: ColumnKind
    item: str
    unit: str = ""
    time_column: str = ""

    def __post_init__(self) -> None:
        if self.kind not in COLUMN_KINDS:
            raise CallError(f"'{self.kind}' is no kind of column. Known: {', '.join(COLUMN_KINDS)}.")


@dataclass(frozen=True, slots=True)
class Mapped:
    """A saved mapping: which column is the date, what the others mean; columns not named are left out."""

    date_column: str
    columns: Mapping[str, Column] = field(default_factory=dict)

    @property
    def record(self) -> dict[str, Any]:
        """As the diary keeps it."""
        parts = {
            name: {"kind": c.kind, "item": c.item, "unit": c.unit, "time_column": c.time_column}
            for name, c in self.columns.items()
        }
        return {"date_column": self.date_column, "columns": parts}


def mapping_from(record: Mapping[str, Any]) -> Mapped:
    """The mapping of a saved record."""
    try:
        columns = {str(name): Column(**part) for name, part in record["columns"].items()}
        return Mapped(str(record["date_column"]), columns)
    except (KeyError, TypeError, AttributeError):
        raise CallError("This is not a column mapping. A preview of the table shows how one looks.") from None


def suggest(header: Sequence[str]) -> Mapped:
    """A first guess from the names, for the person to look over: dates, NAME_mg doses, the rest scores."""
    dates = [name for name in header if name.strip().lower() in ("date", "day", "datum", "timestamp")]
    columns: dict[str, Column] = {}
    for name in header:
        if name in dates or not name or name.lower().endswith("_time"):
            continue
        item, unit = split_unit(name)
        if name.lower().endswith("_mg"):
            times = [other for other in header if other.lower() == name[:-3].lower() + "_time"]
            columns[name] = Column("dose", name[:-3], "mg", times[0] if times else "")
        elif unit.lower() in ("mg", "g", "mcg"):
            columns[name] = Column("dose", item, unit)
        elif name.lower() in ("note", "notes", "comment", "comments"):
            columns[name] = Column("note", "note")
        else:
            columns[name] = Column("score", item, unit)
    return Mapped(dates[0] if dates else (header[0] if header else ""), columns)


def open_table(path: Path) -> tuple[TextTable, tuple[str, ...]]:
    """(table, remarks) of a CSV or spreadsheet."""
    if path.suffix.lower() in (".xlsx", ".xls", ".ods", ".xlsb", ".xlsm"):
        return _spreadsheet(path)
    text, encoding = read_text(path)
    remarks = ("The file is not UTF-8; it was read as Windows-1252. Check letters such as é and ø.",)
    return read_csv(text, path.name), remarks if encoding == "cp1252" else ()


def _spreadsheet(path: Path) -> tuple[TextTable, tuple[str, ...]]:
    """The first sheet as text. Formulas are never worked out; their last saved value is read."""
    try:
        calamine: Any = importlib.import_module("python_calamine")
    except ImportError:
        raise CallError(NEEDS_SPREADSHEET) from None
    remarks: tuple[str, ...] = ()
    if path.suffix.lower() != ".xls":
        remarks = _check_spreadsheet(path)
    elif path.stat().st_size > MOST_SPREADSHEET_BYTES:
        raise InputError(f"{path.name} is larger than a diary's spreadsheet can be.")
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        raw = workbook.get_sheet_by_index(0).to_python()
    except BaseException as error:  # the reader's own panics are no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        raise InputError(f"{path.name} is no spreadsheet that can be read. Save it as CSV and import that.") from None
    if len(raw) > MOST_ROWS or (raw and len(raw[0]) > MOST_COLUMNS):
        raise InputError(f"{path.name} has more columns or rows than a diary can have.")
    rows = [(line, tuple(_cell(cell) for cell in row)) for line, row in enumerate(raw, 1)]
    filled = [(line, cells) for line, cells in rows if any(cells)]
    if not filled:
        raise InputError(f"{path.name}: the first sheet is empty.")
    return TextTable(filled[0][1], tuple(filled[1:])), remarks


def _check_spreadsheet(path: Path) -> tuple[str, ...]:
    """Refuse a spreadsheet that unpacks to too much; say when it has formulas."""
    archive = Archive(path)
    formulas = 0
    try:
        unpacked = 0
        for name in archive.names:
            with archive.open(name) as stream:
                while chunk := stream.read(1 << 20):
                    unpacked += len(chunk)
                    formulas += chunk.count(b"<f>") + chunk.count(b"<f ") + chunk.count(b"table:formula=")
                    if unpacked > MOST_SPREADSHEET_BYTES:
                        raise InputError(f"{path.name} unpacks to more than a diary's spreadsheet can hold.")
        sheet = archive.find("xl/worksheets/sheet1.xml")
        if sheet:
            _check_extent(archive, sheet, path.name)
    finally:
        archive.close()
    said = f"{formulas} cells hold formulas; their last saved values were read and nothing was worked out."
    return (said,) if formulas else ()


def _check_extent(archive: Archive, sheet: str, name: str) -> None:
    """A cell at XFD1048576 would make a small file a huge table."""
    with archive.open(sheet) as stream:
        content = stream.read(MOST_SPREADSHEET_BYTES)
    last_row = max((int(found) for found in re.findall(rb'<row[^>]{0,200}? r="(\d{1,9})"', content)), default=0)
    cells = re.findall(rb'<c[^>]{0,200}? r="([A-Z]{1,4})(\d{1,9})"', content)
    last_row = max([last_row, *(int(row) for _, row in cells)])
    widest = max((len(letters) for letters, _ in cells), default=1)
    if last_row > MOST_ROWS or widest > 2 or last_row * (26 if widest == 1 else 702) > 20_000_000:
        raise InputError(f"{name} has cells far outside of any diary. Copy the table to a new sheet and save that.")


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M")
    return str(value).strip()[:100_000]


def read(path: Path, choices: Choices, mapped: Mapped) -> Imported:
    """Entries of a table by its mapping; an empty cell is a thing not recorded."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table, remarks = open_table(path)
    header = list(table.header)
    missing = [name for name in (mapped.date_column, *mapped.columns) if name not in header]
    if missing:
        raise CallError(f"{path.name} has no column '{missing[0][:60]}'. It has: {', '.join(header)[:400]}.")
    out = Collector(NAME)
    for remark in remarks:
        out.problem(None, remark, "")
    at = header.index(mapped.date_column)
    dates = [cells[at] for _, cells in table.rows]
    order = choices.date_order or date_order(dates)
    if order is None and any(slashed_date(text, "dmy") for text in dates):
        raise InputError(
            f"The dates in {path.name} can be read as day/month or month/day. Say which: dmy or mdy.",
            field="dates",
        )
    for line, cells in table.rows:
        _row(line, dict(zip(header, cells, strict=False)), mapped, order or "dmy", choices, out)
    return out.done()


def _row(line: int, row: Mapping[str, str], mapped: Mapped, order: str, choices: Choices, out: Collector) -> None:
    written = row[mapped.date_column]
    calendar = iso_date(written) or worded_date(written) or slashed_date(written, order)
    if calendar is None:
        out.problem(line, f"'{written[:40]}' is no date.", "The row was left out.")
        return
    row_clock = clock(written[10:].replace("T", " ").strip()[:8]) if len(written) > 10 else None
    for name, column in mapped.columns.items():
        text = row.get(name, "")
        if column.kind == "skip" or text.strip().lower() in UNKNOWN_WORDS:
            continue
        own_clock = clock(row.get(column.time_column, "")) if column.time_column else row_clock
        at = moment_of(calendar, own_clock, choices.day)
        if column.time_column and own_clock is not None and own_clock < choices.day.start:
            at = choices.day.moment(calendar, own_clock)  # a table of days: half past midnight is still that evening
        day = diary_day(calendar, at, choices.day)
        _entry(
            line,
            name,
            column,
            text,
            {"day": day, "at": at, "source_key": out.key(written, name, text)},
            choices,
            out,
        )


def _entry(
    line: int,
    name: str,
    column: Column,
    text: str,
    common: dict[str, object],
    choices: Choices,
    out: Collector,
) -> None:
    if column.kind == "note":
        out.add(line, kind="note", item="note", text=text[:20_000], **common)
        return
    words = {"yes": 1.0, "no": 0.0, "true": 1.0, "false": 0.0}
    value = words.get(text.lower()) if column.kind != "dose" else None
    value = value if value is not None else number(text)
    status = text.strip().lower()
    if column.kind == "dose" and status in get_args(DoseStatus):
        fields = {"kind": "dose", "item": column.item, "status": cast(DoseStatus, status)}
        out.add(line, **fields, **common)
        return
    if value is None:
        out.problem(line, f"{name[:40]}: '{text[:40]}' is no number.", "The cell was left out.")
        return
    if column.kind == "dose" and value == 0:
        out.add(line, kind="dose", item=column.item, status="missed", **common)
        return
    if column.kind == "dose":
        out.add(line, **dose_fields(column.item, value, column.unit, choices), **common)
        return
    out.add(line, kind=column.kind, item=column.item, value=value, unit=column.unit, **common)
