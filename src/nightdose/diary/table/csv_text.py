"""CSV that leaves the program: in no cell does a spreadsheet find a formula, wherever it is opened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

FORMULA = "=+-@＝＋－＠"
QUOTED = '",;|\t\r\n'
# a spreadsheet of another country splits at ';' also inside quotation marks that do not begin its cell
BEHIND = re.compile(rf"([;|\t\r\n][\"\s]*)(?=[{re.escape(FORMULA)}])")
RISKY_START = (*FORMULA, "\t", "\r", "\n")


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
    """The text, with an apostrophe where some spreadsheet would begin a cell with a formula."""
    text = BEHIND.sub(r"\1'", text)
    return "'" + text if text.startswith(RISKY_START) else text
