"""A table before it is a diary: named columns of cells, in blocks of rows that remember their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from nightdose.arrays import Floats, Integers
from nightdose.diary.headers import Header
from nightdose.diary.problems import ProblemLog

ROWS_IN_BLOCK = 20_000  # rows held as text at one time

Cells: TypeAlias = (
    Sequence[str] | Floats
)  # one column of a block: as written, or numbers where the file has them


@dataclass(frozen=True, slots=True)
class Block:
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
    blocks: Callable[[Header, ProblemLog], Iterator[Block]]
