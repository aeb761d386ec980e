"""Rows of a cohort as a CSV or Parquet file."""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from nightdose.diary.table.csv_text import csv_cell, csv_row
from nightdose.errors import CallError
from nightdose.export.frames import Row
from nightdose.language.catalogue import say
from nightdose.whole_file import whole

ROWS_AT_ONCE = 10_000
FIRST_COLUMNS = b"person,verdict,"
ENDINGS = (".csv", ".parquet", ".pq")


def check_ending(path: Path) -> None:
    """Raises CallError where the ending names neither form, or Parquet cannot be written here."""
    if path.suffix.lower() not in ENDINGS:
        raise CallError(say("{path} ends in neither .csv nor .parquet. Choose one.", path=path), field="out")
    if path.suffix.lower() != ".csv":
        _pyarrow()


def check_place(path: Path, source: Path) -> None:
    """Raises CallError where rows at that path would take the place of what they are made from, or of a foreign file.

    source : the table, or the folder of tables; rows among them would be read as one of them the next time.
    """
    check_ending(path)
    if source.is_dir() and source.resolve() in path.resolve().parents:
        raise CallError(
            say("{path} lies in the folder that is read. Write the rows elsewhere.", path=path), field="out"
        )
    if path.is_dir():
        raise CallError(say("{path} is a folder. Give the name of a file.", path=path), field="out")
    if not path.exists():
        return
    if path.samefile(source):
        raise CallError(
            say("{path} is the table that is read; nothing is written over it. Choose another name.", path=path),
            field="out",
        )
    if not _holds_rows(path):
        raise CallError(
            say(
                "{path} is there already and is not an earlier result; nothing is written over it. Choose another "
                "name.",
                path=path,
            ),
            field="out",
        )


def _holds_rows(path: Path) -> bool:
    """Whether the file is empty, or an earlier result."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        begins = file.read(len(FIRST_COLUMNS))
    if not begins or path.suffix.lower() == ".csv":
        return begins in (b"", FIRST_COLUMNS)
    arrow = _pyarrow()
    try:
        names = importlib.import_module("pyarrow.parquet").read_schema(path).names
    except (arrow.ArrowException, OSError, ValueError):
        return False
    return bool(names[:2] == ["person", "verdict"])


def write_rows(rows: Iterable[Row], path: Path) -> None:
    """The rows at that path, by its ending; numbers that do not exist are empty (CSV) or null (Parquet).

    Only a part of them is in memory at a time. Raises CallError where they cannot be written; then what was there
    before is still there.
    """
    check_ending(path)
    try:
        with whole(path) as unfinished:
            (_as_csv if path.suffix.lower() == ".csv" else _as_parquet)(iter(rows), unfinished)
    except OSError as error:
        raise CallError(
            say(
                "The rows cannot be written to {path} ({strerror}). Choose another place.",
                path=path,
                strerror=error.strerror,
            ),
            field="out",
        ) from error


def _as_csv(rows: Iterator[Row], path: Path) -> None:
    with open(path, "w", newline="", encoding="utf-8") as file:
        first = next(rows, None)
        file.write("\n" if first is None else csv_row(first))
        for row in chain([] if first is None else [first], rows):
            file.write(",".join(_written(value) for value in row.values()) + "\n")


def _as_parquet(rows: Iterator[Row], path: Path) -> None:
    arrow = _pyarrow()
    some = list(islice(rows, ROWS_AT_ONCE))
    types = {bool: arrow.bool_(), int: arrow.int64(), float: arrow.float64(), str: arrow.string()}
    schema = arrow.schema([(name, types[type(value)]) for name, value in (some[0] if some else {}).items()])
    with importlib.import_module("pyarrow.parquet").ParquetWriter(path, schema) as file:
        while some:
            columns = {name: [_known(row[name]) for row in some] for name in schema.names}
            file.write_table(arrow.table(columns, schema=schema))
            some = list(islice(rows, ROWS_AT_ONCE))


def _known(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


def _written(value: Any) -> str:
    """The shortest text that reads back as the same value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return "" if math.isnan(value) else repr(value)
    return csv_cell(value)


def _pyarrow() -> Any:
    try:
        return importlib.import_module("pyarrow")
    except ImportError as error:
        raise CallError(
            say('Parquet needs pyarrow: pip install "nightdose[parquet]". Or choose a file that ends in .csv.'),
            field="out",
        ) from error
