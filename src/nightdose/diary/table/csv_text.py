"""CSV that leaves the program: in no cell does a spreadsheet find a formula, wherever it is opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

RISKY_START = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
QUOTED = '",;|\t\r\n'  # a spreadsheet of another country splits at ';', and what stands behind it would begin a cell


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A whole table."""
    return "".join([csv_row(header), *(csv_row(row) for row in rows)])


def csv_row(cells: Iterable[Any]) -> str:
    """One row with its line end. A text that looks like a formula gets an apostrophe in front; numbers are left alone.

    A change of -1.4 stays a number; None is an empty cell.
    """
    return ",".join(csv_cell(cell) for cell in cells) + "\n"


def csv_cell(cell: Any) -> str:
    """One cell as it stands in the file."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.10g}"
    text = harmless(cell) if isinstance(cell, str) else str(cell)
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in QUOTED) else text


def harmless(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would take it for a formula."""
    return "'" + text if text.startswith(RISKY_START) else text
