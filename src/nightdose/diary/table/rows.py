"""The rows of a sheet as numbers: which day, whose, and every value, with what could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from nightdose.arrays import Bools, Floats, Integers
from nightdose.diary.table.days import NO_DAY, read_days, why_no_day
from nightdose.diary.table.headers import Header, Role, read_header
from nightdose.diary.table.numbers import (
    DecimalSign,
    Reading,
    decimal_sign,
    read_clocks,
    read_numbers,
    why_no_clock,
    why_no_number,
)
from nightdose.diary.table.problems import ProblemLog, listed, quoted
from nightdose.diary.table.sheet import Cells, Sheet
from nightdose.errors import InputError
from nightdose.language.catalogue import say
from nightdose.language.number import whole

JUDGED = frozenset({"", "0", "no", "none", "-", "judged", "false"})  # words of a day that is judged
LONGEST_REASON = 80
MAX_CELLS = 50_000_000  # values of one file, 400 MB as numbers


@dataclass(frozen=True, slots=True)
class Rows:
    """The usable rows of one file, in file order.

    days, lines, person_of : (rows,); person_of counts into `persons`.
    values : (columns, rows), NaN = unknown, one row of it for each of `names`.
    reasons : words of the column that says why a day is not judged; its values count into them, from 1.
    """

    file: str
    dated: bool
    days: Integers
    lines: Integers
    person_of: Integers
    persons: tuple[str, ...]
    names: tuple[str, ...]
    values: Floats
    log: ProblemLog
    reasons: tuple[str, ...] = ()


def read_rows(sheet: Sheet) -> Rows:
    """All rows of a sheet that name a day (and a person, where the file has persons).

    Raises InputError when nothing can be used: no rows, no readable day, no column with a number.
    """
    log = ProblemLog(len(sheet.header))
    header = read_header(sheet.file, sheet.header, log)
    columns = [Column(at, header.names[at], header.roles[at]) for at in header.values]
    known: dict[str, int] = {}
    days, lines, person_of = collected(sheet, header, columns, known, log)
    kept = kept_columns(columns, log)
    if not kept:
        raise InputError(say("{file} has no column with a number. Write one row of numbers a day.", file=sheet.file))
    usable = (days != NO_DAY) & named(person_of, lines, known, log)
    if not usable.any():
        raise InputError(say("{file} has no row that can be used{first_of}.", file=sheet.file, first_of=first_of(log)))
    present, person_of = np.unique(person_of[usable], return_inverse=True)
    everyone, at_hand = list(known), set(present.tolist())
    if absent := [name for at, name in enumerate(everyone) if name and at not in at_hand]:
        log.file(
            say("Persons without a row that can be used: {listed}.", listed=listed(absent)),
            say("See the lines listed."),
        )
    return Rows(
        file=sheet.file,
        dated=header.position("date") is not None,
        days=days[usable],
        lines=lines[usable],
        person_of=person_of,
        persons=tuple(everyone[at] for at in present) if any(everyone) else (),
        names=tuple(column.name for column in kept),
        values=np.array([column.values[usable] for column in kept]),
        log=log,
        reasons=next((tuple(column.reasons) for column in kept if column.role == "reason"), ()),
    )


def collected(
    sheet: Sheet, header: Header, columns: list[Column], known: dict[str, int], log: ProblemLog
) -> tuple[Integers, Integers, Integers]:
    """(rows,) day, line and person of every row; `columns` gain the values, `known` the persons."""
    dated = header.position("date") is not None
    sign: DecimalSign = decimal_sign(texts_of_numbers(sheet, header)) if sheet.may_have_commas else "."
    person_at = header.position("person")
    days, lines, persons, cells = [], [], [], 0
    for block in sheet.blocks(header, log):
        cells += block.lines.size * len(header.names)
        if cells > MAX_CELLS:
            raise InputError(
                say(
                    "{file} has more than {max_cells} cells. Split it by person.",
                    file=sheet.file,
                    max_cells=whole(MAX_CELLS),
                )
            )
        texts = text_of(block.cells[header.day_position])
        day = read_days(texts, dated)
        log.rows(block.lines, np.flatnonzero(day == NO_DAY), partial(why_row_has_no_day, texts, dated))
        for column in columns:
            column.read(block.cells[column.at], block.lines, sign, log)
        days.append(day)
        lines.append(block.lines)
        persons.append(np.zeros_like(day) if person_at is None else factorised(block.cells[person_at], known))
    if not days:
        raise InputError(
            say("{file} has column names but no row to use{first_of}.", file=sheet.file, first_of=first_of(log))
        )
    return np.concatenate(days), np.concatenate(lines), np.concatenate(persons)


def why_row_has_no_day(texts: Sequence[str], dated: bool, at: int) -> tuple[str, str]:
    """The problem of the row at that position of a block."""
    return why_no_day(texts[at], dated)


def named(person_of: Integers, lines: Integers, known: dict[str, int], log: ProblemLog) -> Bools:
    """(rows,) True for rows whose person is named, or where nobody is; the others go into the log."""
    nobody = known.get("")
    if nobody is None or len(known) == 1:
        return np.ones(person_of.size, dtype=bool)
    nameless = person_of == nobody
    said = (say("The row names no person and is not used."), say("Write who it is about."))
    log.rows(lines, np.flatnonzero(nameless), lambda _: said)
    return np.asarray(~nameless)


def texts_of_numbers(sheet: Sheet, header: Header) -> Iterator[Sequence[str]]:
    """The text cells of every column of numbers, block by block."""
    at_numbers = [at for at in header.values if header.roles[at] not in ("clock", "reason")]
    for block in sheet.blocks(header, ProblemLog()):
        for at in at_numbers:
            if not isinstance(block.cells[at], np.ndarray):
                yield text_of(block.cells[at])


def text_of(cells: Cells) -> Sequence[str]:
    """A column of text; a sheet gives days and persons as text always."""
    assert not isinstance(cells, np.ndarray), "days, persons and clock times come as text"
    return cells


def factorised(cells: Cells, known: dict[str, int]) -> Integers:
    """(rows,) number of each row's person; `known` gains the new ones in the order they come."""
    return np.array([known.setdefault(cell.strip(), len(known)) for cell in text_of(cells)], dtype=np.int64)


def first_of(log: ProblemLog) -> str:
    """The first thing that was wrong with a row, for a file of which nothing can be used."""
    problems = log.of_rows
    return f" ({str(problems[0]).rstrip('.')})" if problems else ""


class Column:
    """One column while its file is read: numbers so far, and whether it holds numbers at all."""

    def __init__(self, at: int, name: str, role: Role) -> None:
        self.at = at
        self.name = name
        self.role = role
        self.parts: list[Floats] = []
        self.words = Counter[str]()
        self.any_number = False
        self.any_text = False
        self.reasons: dict[str, int] = {}

    def read(self, cells: Cells, lines: Integers, sign: DecimalSign, log: ProblemLog) -> None:
        """Add the cells of one block; what is not such a value becomes unknown and a problem."""
        reading = self.reading(cells, sign)
        values = reading.values
        self.any_number = self.any_number or not np.isnan(values).all()
        self.any_text = self.any_text or reading.bad.size > 0
        self.words.update(reading.unknown_words)
        log.rows(lines, reading.bad, lambda at: self.why(cells[at]), self.name)
        outside = np.flatnonzero(out_of_range(values, self.role))
        log.rows(lines, outside, lambda at: self.why_outside(reading.values[at]), self.name)
        if outside.size:
            values = values.copy()
            values[outside] = np.nan
        self.parts.append(values)

    def reading(self, cells: Cells, sign: DecimalSign) -> Reading:
        """The cells of one block as numbers."""
        if self.role == "reason":
            return Reading(self.numbered(cells), np.zeros(0, dtype=np.int64))
        if isinstance(cells, np.ndarray):
            infinite = np.flatnonzero(np.isinf(cells))
            return Reading(np.where(np.isinf(cells), np.nan, cells), infinite)
        return read_clocks(cells) if self.role == "clock" else read_numbers(cells, sign)

    def numbered(self, cells: Cells) -> Floats:
        """(rows,) number of each cell's reason, NaN where there is none: the day is judged."""
        words = (
            ["" if cell == 0 or cell != cell else say("not judged") for cell in cells.tolist()]
            if isinstance(cells, np.ndarray)
            else [" ".join(cell.split())[:LONGEST_REASON] for cell in cells]
        )
        said = ["" if word.casefold() in JUDGED else word for word in words]
        return np.array([self.reasons.setdefault(word, len(self.reasons) + 1) if word else np.nan for word in said])

    def why(self, cell: str | float) -> tuple[str, str]:
        """The problem of a cell that could not be read."""
        what, remedy = why_no_clock(str(cell)) if self.role == "clock" else why_no_number(str(cell))
        return say("Column {quoted}: {what}", quoted=quoted(self.name), what=what), remedy

    def why_outside(self, value: float) -> tuple[str, str]:
        """The problem of a number that its column cannot hold."""
        if self.role == "dose":
            what, remedy = (
                say("a dose of {value} cannot be.", value=f"{value:g}"),
                say("Write 0 when none was taken, nothing when not known."),
            )
        else:
            what, remedy = (
                say("a guess of {value} is not a probability.", value=f"{value:g}"),
                say("Write a number from 0 to 1, for example 0.7."),
            )
        return say("Column {quoted}: {what}", quoted=quoted(self.name), what=what), remedy

    @property
    def values(self) -> Floats:
        """(rows,) all numbers of the file, NaN = unknown."""
        return np.concatenate(self.parts)


def out_of_range(values: Floats, role: Role) -> Bools:
    """(rows,) True where a dose is below 0 or a guess outside 0 to 1."""
    if role == "dose":
        return np.asarray(values < 0)
    if role == "guess":
        return np.asarray((values < 0) | (values > 1))
    return np.zeros(values.size, dtype=bool)


def kept_columns(columns: list[Column], log: ProblemLog) -> list[Column]:
    """Columns with a number, or empty throughout; the others are left out with one problem for the file."""
    kept, wordy, clockless = list[Column](), list[str](), list[str]()
    for column in columns:
        if column.any_text and not column.any_number:
            log.without_numbers[column.name] = log.first_of(column.name)
            log.forget(column.name)
            (clockless if column.role == "clock" else wordy).append(column.name)
        else:
            kept.append(column)
            say_unknown_words(column, log)
    if wordy:
        what = say("Without a single number and left out: {listed}.", listed=listed(wordy))
        log.file(
            what,
            say("Nothing to do if it is text; to analyse it write numbers, for example 1 for yes and 0 for no."),
        )
    if clockless:
        what = say("Without a single clock time and left out: {listed}.", listed=listed(clockless))
        log.file(what, say("Write HH:MM, or give a column of numbers a name that does not end in _time."))
    return kept


def say_unknown_words(column: Column, log: ProblemLog) -> None:
    """One problem for all the cells of a column that say in words that nothing is known."""
    if column.words:
        count, words = sum(column.words.values()), listed(column.words, most=5)
        log.file(
            say(
                "Column {quoted}: {words} in {count} {value} was read as not known.",
                quoted=quoted(column.name),
                words=words,
                count=whole(count),
                value="cell" if count == 1 else "cells",
            ),
            say("Leave a cell empty when it is not known; write 0 only where it was 0."),
        )
