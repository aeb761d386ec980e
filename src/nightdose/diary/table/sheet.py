"""A table before it is a diary: named columns of cells, in blocks of rows that remember their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from nightdose.arrays import Floats, Integers
from nightdose.diary.table.headers import Header
from nightdose.diary.table.problems import ProblemLog
from nightdose.errors import InputError
from nightdose.language.catalogue import say
from nightdose.language.number import whole

CELLS_IN_BLOCK = 400_000  # cells held as text at one time
MAX_ROWS = 5_000_000  # rows of one file: ten thousand people for more than a year

Cells: TypeAlias = Sequence[str] | Floats  # one column of a block: as written, or numbers where the file has them


@dataclass(frozen=True, slots=True)
class RowBlock:
    """Some consecutive rows: `lines` (rows,), and one entry of `cells` for each column of the header."""

    lines: Integers
    cells: Sequence[Cells]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file opened as a table.

    blocks : reads the rows from the start; rows that do not fit the header go into the log.
    may_have_commas : False where no cell can be a number with a decimal comma.
    """

    file: str
    stem: str
    header: tuple[str, ...]
    may_have_commas: bool
    blocks: Callable[[Header, ProblemLog], Iterator[RowBlock]]


def rows_in_block(columns: int) -> int:
    """How many rows of that many columns are held as text at one time."""
    return max(100, CELLS_IN_BLOCK // columns)


def refuse_too_many(file: str, rows: int) -> None:
    """Raise InputError for a table with more rows than can be read in reasonable time and memory."""
    if rows > MAX_ROWS:
        raise InputError(
            say(
                "{file} has {rows} rows; a table has at most {max_rows}. Split it by person.",
                file=file,
                rows=whole(rows),
                max_rows=whole(MAX_ROWS),
            )
        )
