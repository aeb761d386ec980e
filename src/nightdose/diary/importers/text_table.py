"""A CSV that anybody may have written, read row by row from the disk: never more than a line of it in memory."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from nightdose.diary.importers.imported import Collector
from nightdose.diary.importers.reading import MOST_TEXT_BYTES, Archive, check_size
from nightdose.diary.table.delimited import closed_quotes
from nightdose.diary.table.problems import ProblemLog
from nightdose.errors import InputError
from nightdose.language.catalogue import say
from nightdose.language.number import whole

DELIMITERS = (",", ";", "\t", "|")
MOST_CELL = 100_000
LONGEST_LINE = 1_000_000
MOST_COLUMNS = 2_000
MOST_ROWS = 1_000_000
CHUNK = 1 << 16
NOTE_WORDS = ("note", "notes", "comment", "comments", "notiz", "notizen", "bemerkung", "notat", "remarks")

Row = tuple[int, tuple[str, ...]]
Opener = Callable[[], AbstractContextManager[IO[bytes]]]


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table whose rows can be read again and again.

    header    : a name for each column, all different: the second of two equal names has ' (2)' behind it.
    repeated  : the names that stood there more than once.
    delimiter : of the file; '' where it is a spreadsheet.
    remarks   : what was done to read it at all.
    """

    name: str
    header: tuple[str, ...]
    repeated: tuple[str, ...]
    delimiter: str
    remarks: tuple[str, ...]
    source: Callable[[ProblemLog], Iterator[Row]]

    def rows(self, out: Collector | None = None) -> Iterator[Row]:
        """(line, one cell a column) of each row below the header; a row that does not fit becomes a problem.

        A comma inside an unquoted note is put back; anywhere else it would move numbers to other columns.
        """
        width = len(self.header)
        ends_in_note = self.header[-1].strip().casefold() in NOTE_WORDS
        log = ProblemLog()
        for line, cells in self.source(log):
            if len(cells) > width and not any(cells[width:]):
                cells = cells[:width]
            elif len(cells) > width and ends_in_note and self.delimiter:
                cells = (*cells[: width - 1], f"{self.delimiter} ".join(cells[width - 1 :]))
            elif len(cells) > width:
                if out is not None:
                    what = say(
                        "The row has {n} cells for {width} columns, so a value could be in the wrong one.",
                        n=len(cells),
                        width=width,
                    )
                    out.problem(line, what, say("It was left out. Put text with a comma in quotation marks."))
                continue
            yield line, cells + ("",) * (width - len(cells))
        if out is not None:
            for problem in log.of_rows:
                out.problem(problem.line, problem.what, problem.remedy)

    def need(self, names: set[str]) -> None:
        """A sentence where one of these columns is missing (names in small letters)."""
        if missing := sorted(names - {name.casefold() for name in self.header}):
            raise InputError(
                say(
                    "{name} lacks the column '{missing}'. Export it again and do not edit the first line.",
                    name=self.name,
                    missing=missing[0],
                )
            )

    def records(self, out: Collector | None = None) -> Iterator[tuple[int, dict[str, str]]]:
        """(line, cell by column name in small letters) of each row."""
        names = [name.casefold() for name in self.header]
        for line, cells in self.rows(out):
            yield line, dict(zip(names, cells, strict=True))


def table_of(path: Path) -> TextTable:
    """The table of a text file."""
    check_size(path, MOST_TEXT_BYTES)
    return _table(path.name, lambda: path.open("rb"))


def member_table(archive: Archive, name: str) -> TextTable:
    """The table of a member of a zip."""
    archive.refuse_larger(name, MOST_TEXT_BYTES)
    return _table(name, lambda: archive.open(name))


def _table(name: str, opener: Opener, skip: int = 0) -> TextTable:
    encoding = _encoding(name, opener)
    lines = _lines(name, opener, encoding)
    skipped, first = skip, next(lines, "")
    for _ in range(skip):
        first = next(lines, "")
    delimiter = ""
    while first and (not first.strip() or first.casefold().startswith("sep=")):  # Excel's own note on the delimiter
        delimiter = first.strip()[4:5] if first.strip() else delimiter
        skipped, first = skipped + 1, next(lines, "")
    lines.close()
    if not first.strip():
        raise InputError(say("{name} is empty.", name=name))
    delimiter = delimiter or max(DELIMITERS, key=lambda sign: _width(first, sign))

    def source(log: ProblemLog) -> Iterator[Row]:
        return _rows(name, opener, encoding, skipped, delimiter, log)

    cells = next(source(ProblemLog()), (0, ()))[1]
    if len(cells) > MOST_COLUMNS:
        raise InputError(say("{name} has more columns than a diary can have.", name=name))
    header, repeated = distinct(cells)
    if not header:
        raise InputError(say("{name} begins with a line without column names.", name=name))
    remarks = (say("The file is not UTF-8; it was read as Windows-1252. Check letters such as é and ø."),)

    def body(log: ProblemLog) -> Iterator[Row]:
        rows = source(log)
        next(rows, None)
        return rows

    return TextTable(name, header, repeated, delimiter, remarks if encoding == "cp1252" else (), body)


def after_first_line(path: Path) -> TextTable:
    """The table below a first line that only says what the file is."""
    check_size(path, MOST_TEXT_BYTES)
    return _table(path.name, lambda: path.open("rb"), skip=1)


def member_after_first_line(archive: Archive, name: str) -> TextTable:
    """The same for a member of a zip."""
    archive.refuse_larger(name, MOST_TEXT_BYTES)
    return _table(name, lambda: archive.open(name), skip=1)


def _width(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), []))
    except csv.Error:
        return 0


def _encoding(name: str, opener: Opener) -> str:
    """UTF-8 with or without mark, UTF-16 with its mark, else Windows-1252."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with opener() as stream:
        chunk = stream.read(CHUNK)
        if chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        encoding = "utf-8-sig"
        while chunk:
            if b"\0" in chunk:
                raise InputError(
                    say("{name} is not text: it holds NUL bytes. Export it again as CSV (UTF-8).", name=name)
                )
            if encoding != "cp1252":
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    encoding = "cp1252"
            chunk = stream.read(CHUNK)
    if encoding != "cp1252":
        try:
            decoder.decode(b"", True)
        except UnicodeDecodeError:
            return "cp1252"
    return encoding


def _lines(name: str, opener: Opener, encoding: str) -> Generator[str, None, None]:
    errors = "strict" if encoding == "utf-16" else "replace"
    with opener() as stream, io.TextIOWrapper(stream, encoding, errors, newline=None) as text:
        try:
            while line := text.readline(LONGEST_LINE):
                if len(line) == LONGEST_LINE:
                    raise InputError(
                        say(
                            "{name} has a line of more than {longest_line} characters; it is not a table.",
                            name=name,
                            longest_line=whole(LONGEST_LINE),
                        )
                    )
                yield line
        except UnicodeError:
            raise InputError(say("{name} says it is UTF-16 and is not. Export it again as UTF-8.", name=name)) from None


def _rows(name: str, opener: Opener, encoding: str, skipped: int, delimiter: str, log: ProblemLog) -> Iterator[Row]:
    lines = _lines(name, opener, encoding)
    for _ in range(skipped):
        next(lines, "")
    reader = csv.reader(closed_quotes(lines, skipped, delimiter, 2, log), delimiter=delimiter, skipinitialspace=True)
    count = 0
    while True:
        line = skipped + reader.line_num + 1
        limit = csv.field_size_limit(MOST_CELL)  # the limit is the whole program's: it is put back at once
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise InputError(
                say(
                    "{name}: line {line} is not a row of a table ({error}). Export it again.",
                    name=name,
                    line=line,
                    error=error,
                )
            ) from None
        finally:
            csv.field_size_limit(limit)
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            count += 1
            if count > MOST_ROWS or len(cells) > MOST_COLUMNS:
                raise InputError(say("{name} has more columns or rows than a diary can have.", name=name))
            yield line, tuple(cell.strip() for cell in cells)


def distinct(names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(names made different, those that stood there more than once); a nameless column is 'column 3'."""
    while names and not names[-1]:
        names = names[:-1]
    seen: Counter[str] = Counter()
    header: list[str] = []
    repeated: list[str] = []
    for at, name in enumerate(names, 1):
        wanted = " ".join(name.split()) or say("column {at}", at=at)
        seen[wanted.casefold()] += 1
        count = seen[wanted.casefold()]
        if count > 1:
            repeated.append(wanted)
        header.append(f"{wanted} ({count})" if count > 1 else wanted)
    return tuple(header), tuple(dict.fromkeys(repeated))
