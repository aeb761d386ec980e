"""Rows of a cohort as a CSV or Parquet file."""

from __future__ import annotations

import importlib
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nightdose.diary.table.csv_text import csv_cell, csv_row
from nightdose.errors import CallError
from nightdose.export.frames import Row

ENDINGS = (".csv", ".parquet", ".pq")


def check_ending(path: Path) -> None:
    """Raises CallError where the ending names neither form, or Parquet cannot be written here."""
    if path.suffix.lower() not in ENDINGS:
        raise CallError(f"{path} ends in neither .csv nor .parquet. Choose one.", field="out")
    if path.suffix.lower() != ".csv":
        _pyarrow()


def write_rows(rows: Sequence[Row], path: Path) -> None:
    """The rows at that path, by its ending; numbers that do not exist are empty (CSV) or null (Parquet).

    Raises CallError where it cannot be written.
    """
    check_ending(path)
    try:
        if path.suffix.lower() == ".csv":
            with open(path, "w", newline="", encoding="utf-8") as file:
                file.write(csv_row(rows[0]) if rows else "\n")
                file.writelines(",".join(_written(value) for value in row.values()) + "\n" for row in rows)
        else:
            arrow = _pyarrow()
            columns = {name: [_known(row[name]) for row in rows] for name in (rows[0] if rows else ())}
            importlib.import_module("pyarrow.parquet").write_table(arrow.table(columns), path)
    except OSError as error:
        raise CallError(
            f"The rows cannot be written to {path} ({error.strerror}). Choose another place.", field="out"
        ) from error


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
            'Parquet needs pyarrow: pip install "nightdose[parquet]". Or choose a file that ends in .csv.', field="out"
        ) from error
