"""What could not be used in a file, collected while it is read: every line that fits, a count of the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from nightdose.arrays import Integers
from nightdose.diary.records import Problem
from nightdose.errors import printable
from nightdose.language.catalogue import say
from nightdose.language.number import whole

MAX_LISTED = 1_000  # problems that one diary carries; nobody mends more in one sitting
MAX_COLLECTED = 100_000  # problems held while one file is read, whatever the file holds
SHOWN_LENGTH = 40  # characters of a person's own text inside a sentence
ROW = ""  # the "column" of a problem that concerns the row itself


def quoted(text: str) -> str:
    """A person's own text inside a sentence: in quotes, short, and without characters that a screen obeys."""
    shown = text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"
    return "'" + printable(shown).replace("\n", "\\n").replace("\t", "\\t") + "'"


def listed(names: Iterable[str], most: int = 10) -> str:
    """Names inside a sentence: the first few, and how many more there are."""
    every = list(names)
    shown = ", ".join(quoted(name) for name in every[:most])
    return shown if len(every) <= most else say("{shown} and {n} more", shown=shown, n=whole(len(every) - most))


class ProblemLog:
    """Problems of one file by column, so that a column left out takes its own with it."""

    def __init__(self, columns: int = 1) -> None:
        self.most = min(MAX_LISTED, max(20, MAX_COLLECTED // max(columns, 1)))
        self.of_file: list[Problem] = []
        self.of_column: dict[str, list[Problem]] = {}
        self.unlisted: Counter[str] = Counter()
        # columns left out because no single number stands in them -> what stands in the first cell instead
        self.without_numbers: dict[str, str] = {}

    def file(self, what: str, remedy: str) -> None:
        """Something about the file as a whole."""
        self.of_file.append(Problem(None, what, remedy))

    def row(self, line: int, what: str, remedy: str, column: str = ROW) -> None:
        """Something about one line."""
        kept = self.of_column.setdefault(column, [])
        if len(kept) < self.most:
            kept.append(Problem(line, what, remedy))
        else:
            self.unlisted[column] += 1

    def rows(
        self,
        lines: Integers,
        positions: Integers,
        told: Callable[[int], tuple[str, str]],
        column: str = ROW,
    ) -> None:
        """One problem for each position; `told(position)` is asked only for those that will be listed.

        lines : (rows,) line of every row; positions : (problems,) rows that have one.
        """
        room = max(0, self.most - len(self.of_column.get(column, ())))
        for position in positions[:room].tolist():
            self.row(int(lines[position]), *told(position), column=column)
        self.unlisted[column] += max(0, positions.size - room)

    def first_of(self, column: str) -> str:
        """The first problem of a column in words; "" where it has none."""
        return next((str(problem) for problem in self.of_column.get(column, ())), "")

    def forget(self, column: str) -> None:
        """Drop what was said about the cells of a column that is left out as a whole."""
        self.of_column.pop(column, None)
        self.unlisted.pop(column, None)

    @property
    def of_rows(self) -> list[Problem]:
        """All problems that have a line, by line."""
        return sorted((p for kept in self.of_column.values() for p in kept), key=lambda p: p.line or 0)

    @property
    def more(self) -> int:
        """How many problems happened beyond those kept."""
        return sum(self.unlisted.values())


def bounded(problems: Iterable[Problem], more: int = 0, room: int = MAX_LISTED) -> tuple[Problem, ...]:
    """At most `room` problems, then one that counts the rest (`more` = those already not kept)."""
    every = list(problems)
    hidden = more + max(0, len(every) - room)
    if hidden == 0:
        return tuple(every)
    what = say("And {hidden} more problems that are not listed.", hidden=whole(hidden))
    return (*every[:room], Problem(None, what, say("Mend those listed, then read the file again.")))
