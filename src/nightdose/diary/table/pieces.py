"""A table of many people in pieces: people whose rows stand together, so that a file of any size takes little memory.

A piece says where its people stand and is read by whoever works on it, in this process or in another one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, compress, islice
from operator import ne
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np

from nightdose.diary.records import Diary
from nightdose.diary.table.delimited import open_delimited, sniff_delimiter
from nightdose.diary.table.grid import diaries
from nightdose.diary.table.headers import read_header
from nightdose.diary.table.openfile import MAX_BYTES, PARQUET_MAGIC, file_name
from nightdose.diary.table.problems import ProblemLog
from nightdose.diary.table.row_groups import ParquetPiece, parquet_files, runs_of_parquet
from nightdose.diary.table.rows import read_rows
from nightdose.diary.table.table import read_cohort
from nightdose.errors import InputError
from nightdose.language.catalogue import say

PEOPLE_IN_PIECE = 32  # worth the journey to another process; few, so that all processes end at about the same time
MOST_BYTES = 8_000_000  # of a piece of text
BLOCK_BYTES = 1_000_000  # that are looked through at a time
LONGEST_NAMES = 65_536  # bytes in which the line of names has to end
LONGEST_CELL = 200  # lines that a quoted cell may have


class Piece(Protocol):
    """Some people of a table."""

    @property
    def persons(self) -> Sequence[str]:
        """Everybody who has a row in it, in file order."""

    def diaries(self) -> Mapping[str, Diary]:
        """Person -> diary, for everybody with a row that can be used. Raises InputError where nobody has one."""


class People(Protocol):
    """A table of many people."""

    @property
    def count(self) -> int:
        """How many people have a row in it."""

    def pieces(self) -> Iterator[Piece]:
        """All people, in file order; the same pieces every time."""


class _Apart(Exception):
    """The file cannot be cut between people: it has to be read as a whole."""


@dataclass(frozen=True, slots=True)
class KnownPiece:
    """People whose diaries are at hand."""

    found: Mapping[str, Diary] = field(repr=False)

    @property
    def persons(self) -> Sequence[str]:
        return tuple(self.found)

    def diaries(self) -> Mapping[str, Diary]:
        return self.found


@dataclass(frozen=True, slots=True)
class KnownPeople:
    """People whose diaries are all in memory."""

    found: Mapping[str, Diary] = field(repr=False)

    @property
    def count(self) -> int:
        return len(self.found)

    def pieces(self) -> Iterator[Piece]:
        everyone = iter(self.found.items())
        while some := dict(islice(everyone, PEOPLE_IN_PIECE)):
            yield KnownPiece(some)


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Lines of a CSV. start, stop : bytes; head : the file up to the end of its names; lines : between both."""

    path: Path
    head: bytes = field(repr=False)
    persons: tuple[str, ...]
    start: int
    stop: int
    lines: int

    def diaries(self) -> Mapping[str, Diary]:
        with open(self.path, "rb") as file:
            file.seek(self.start)
            content = self.head + file.read(self.stop - self.start)
        sheet = open_delimited(file_name(self.path), self.path.stem, content, self.lines)
        return {diary.name: diary for diary in diaries(read_rows(sheet), sheet.stem)}


@dataclass(frozen=True, slots=True)
class TextPeople:
    """A CSV in which everybody's rows stand together. count : people; columns of `person_at`, split by `delimiter`."""

    path: Path
    head: bytes = field(repr=False)
    delimiter: bytes
    person_at: int
    count: int = 0

    def pieces(self) -> Iterator[Piece]:
        persons: list[str] = []
        begun, lines = len(self.head), 0
        for person, start, before in self.runs():
            if len(persons) == PEOPLE_IN_PIECE or (persons and start - begun > MOST_BYTES):
                yield TextPiece(self.path, self.head, tuple(persons), begun, start, lines)
                persons, begun, lines = [], start, before
            persons.append(person)
        yield TextPiece(self.path, self.head, tuple(persons), begun, self.path.stat().st_size, lines)

    def runs(self) -> Iterator[tuple[str, int, int]]:
        """(person, byte and line after the names where their rows begin); raises _Apart where it cannot be told."""
        now, at, line = "", len(self.head), 0
        with open(self.path, "rb") as file:
            file.seek(at)
            while block := file.read(BLOCK_BYTES) + file.readline():
                changes = self._named(block) if self._is_plain(block) else self._named_with_care(block, file)
                for person, after, lines in changes:
                    if person and person != now:
                        yield person, at + after if now else len(self.head), line + lines if now else 0
                        now = person
                    last = after, lines
                at, line = at + last[0], line + last[1]

    def _is_plain(self, block: bytes) -> bool:
        """Whether whole rows are whole lines, and their cells whatever stands between two delimiters."""
        usual = b'"' not in block and block.count(b"\r") == block.count(b"\r\n")
        return usual and (self.delimiter == b"," or b"," not in block)

    def _named(self, block: bytes) -> Iterator[tuple[str, int, int]]:
        """(person, byte and line where it is another cell than on the line before) of plain lines, "" where there is
        none; then the end of the block."""
        rows, k, delimiter = block.split(b"\n"), self.person_at, self.delimiter
        try:
            named = [row.split(delimiter, k + 1)[k] for row in rows]
        except IndexError:
            named = [(row.split(delimiter, k + 1)[k:] or [b""])[0] for row in rows]
        ends = np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == ord("\n"))
        yield _text(named[0]).strip(), 0, 0
        for i in compress(range(1, len(named)), map(ne, named[1:], named)):
            yield _text(named[i]).strip(), int(ends[i - 1]) + 1, i
        yield "", len(block), len(ends)

    def _named_with_care(self, block: bytes, file: BinaryIO) -> Iterator[tuple[str, int, int]]:
        """The same of any rows; a quoted cell may go on behind the block."""
        at, line, rows = 0, 0, iter(block.splitlines(keepends=True))
        for row in rows:
            if b'"' in row:
                row = _to_the_end_of_its_quotes(row, chain(rows, file))
            yield self._person(row), at, line
            at, line = at + len(row), line + row.count(b"\n")
        yield "", at, line

    def _person(self, row: bytes) -> str:
        if row.count(b"\r") > row.count(b"\r\n") or _has_decimal_commas(row, self.delimiter):
            raise _Apart
        if b'"' not in row:
            cells = row.split(self.delimiter, self.person_at + 1)
            return _text(cells[self.person_at]).strip() if len(cells) > self.person_at else ""
        text = _text(row)
        try:
            read = next(csv.reader([text], delimiter=self.delimiter.decode(), skipinitialspace=True), [])
        except csv.Error:  # a quotation mark inside a cell swallowed the rows below
            raise _Apart from None
        return read[self.person_at].strip() if len(read) > self.person_at else ""


def open_people(path: Path) -> People:
    """The people of a CSV, of a Parquet file or of a folder of Parquet files.

    Where one person's rows stand apart, or a CSV writes decimal commas, the file is read as a whole, as far as one
    file may be large. Raises InputError where it is not a table of several people.
    """
    try:
        if path.is_dir():
            files = parquet_files(path)
            return ParquetPeople(files, _counted(person for person, *_ in runs_of_parquet(files)))
        with open(path, "rb") as file:
            start = file.read(LONGEST_NAMES)
        if start.startswith(PARQUET_MAGIC):
            return ParquetPeople((path,), _counted(person for person, *_ in runs_of_parquet((path,))))
        found = _text_people(path, start)
        return replace(found, count=_counted(person for person, *_ in found.runs()))
    except _Apart:
        if path.is_dir():
            raise InputError(
                say(
                    "{file}: the rows of one person do not stand together in one file of the folder. Sort them by "
                    "person.",
                    file=file_name(path),
                )
            ) from None
        if path.stat().st_size > MAX_BYTES:
            raise InputError(
                say(
                    "{file} is too large to be read at once, and cannot be read piece by piece: let each person’s rows "
                    "stand together, write 1.5 and not 1,5, and end lines as usual.",
                    file=file_name(path),
                )
            ) from None
    except OSError:
        pass  # reading it as a whole says what is wrong
    return KnownPeople(read_cohort(path))


@dataclass(frozen=True, slots=True)
class ParquetPeople:
    """Parquet files in which everybody's rows stand together, in one of them."""

    files: tuple[Path, ...]
    count: int

    def pieces(self) -> Iterator[Piece]:
        persons: list[str] = []
        file, begun, ended = self.files[0], 0, 0
        for person, at, row, stop in runs_of_parquet(self.files):
            if persons and (len(persons) == PEOPLE_IN_PIECE or at != file):
                yield ParquetPiece(file, tuple(persons), begun, ended)
                persons = []
            if not persons:
                file, begun = at, row
            persons.append(person)
            ended = stop
        if persons:
            yield ParquetPiece(file, tuple(persons), begun, ended)


def _text_people(path: Path, start: bytes) -> TextPeople:
    """How the text begins. Raises _Apart where that does not tell how it goes on, and InputError as reading does."""
    at = 0
    while True:
        end = start.find(b"\n", at) + 1
        line = start[at:end].decode("utf-8-sig", "replace")
        if end == 0 or '"' in line:
            raise _Apart  # the reader of whole files says what is wrong with it
        if line.strip() and not line.lower().startswith("sep="):
            break
        at = end
    sheet = open_delimited(file_name(path), path.stem, start[:end])
    header = read_header(sheet.file, sheet.header, ProblemLog())
    person_at = header.position("person")
    if person_at is None:
        raise _Apart
    return TextPeople(path, start[:end], sniff_delimiter(line).encode(), person_at)


def _text(content: bytes) -> str:
    """UTF-8; what is not is left to the reader of whole files, who knows what it looks like and reads it so."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise _Apart from None


def _counted(persons: Iterable[str]) -> int:
    """How many people; raises _Apart where there is none, or where one of them comes twice."""
    seen: set[int] = set()  # a million names would take ten times the memory
    for person in persons:
        if (known := hash(person)) in seen:
            raise _Apart
        seen.add(known)
    if not seen:
        raise _Apart
    return len(seen)


def _to_the_end_of_its_quotes(row: bytes, file: Iterator[bytes]) -> bytes:
    """The row with the lines that its quoted cell goes on to."""
    lines = 1
    while row.count(b'"') % 2:
        more = next(file, b"")
        lines += 1
        if not more or lines > LONGEST_CELL:
            raise _Apart
        row += more
    return row


def _has_decimal_commas(row: bytes, delimiter: bytes) -> bool:
    if delimiter == b",":
        return b'"' in row and re.search(rb'" *[+-]?\d*,\d+ *"', row) is not None
    return b"," in row and re.search(rb'(^|[;\t"]) *[+-]?\d*,\d+', row) is not None
