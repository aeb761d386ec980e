"""A CSV as people save it: comma, semicolon or tab, broken quotes and bytes, each row with its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice

import numpy as np

from nightdose.diary.table.headers import Header, fold
from nightdose.diary.table.openfile import refuse_what_is_no_text
from nightdose.diary.table.problems import ProblemLog, listed, quoted
from nightdose.diary.table.sheet import RowBlock, Sheet, refuse_too_many, rows_in_block
from nightdose.errors import InputError
from nightdose.language.catalogue import mark, say
from nightdose.language.number import whole

DELIMITERS = (",", ";", "\t")
MAX_LINE = 1_000_000  # characters; longer lines are no rows
MAX_NOTE_LINES = 200  # a quotation mark still open after that many lines was never meant to span them
MAX_UNCLOSED = 100  # after that many the file is broken, and looking far ahead would only cost time
BROKEN = re.compile("[\udc80-\udcff]")  # how a byte that is not UTF-8 arrives here
SAVE_AS_UTF8 = mark("Save the file as UTF-8 (in Excel: 'CSV UTF-8').")


def open_delimited(name: str, stem: str, content: bytes, left_out: int = 0) -> Sheet:
    """The sheet of a text file; InputError when it is not a text table or has no line of names.

    left_out : lines of the file that are missing here, between the names and the first row.
    """
    refuse_what_is_no_text(name, content)
    refuse_too_many(name, max(content.count(b"\n"), content.count(b"\r")))
    lines = text_lines(content)
    skipped, first = 0, next(lines, "end")
    while not first.strip() or first.lower().startswith("sep="):  # Excel's own note on the delimiter
        skipped += 1
        first = next(lines, "end")
    if len(first) > MAX_LINE:
        raise InputError(
            say(
                "{name} begins with a line of {n} characters; that is not a line of names.",
                name=name,
                n=whole(len(first)),
            )
        )
    delimiter = sniff_delimiter(first)
    header = tuple(next(records(content, skipped, delimiter, 0, ProblemLog()), (0, ()))[1])  # half a byte order mark
    commas = rb'" *[+-]?\d*,\d+ *"' if delimiter == "," else rb'[;\t"\n\r] *[+-]?\d*,\d+'
    return Sheet(
        file=name,
        stem=stem,
        header=tuple(as_windows_text(cell) for cell in header),
        may_have_commas=re.search(commas, content) is not None,
        blocks=partial(blocks, content, skipped, delimiter, left_out=left_out),
    )


def text_lines(content: bytes) -> Iterator[str]:
    """Lines as an editor counts them; a byte that is not UTF-8 becomes a lone surrogate."""
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", errors="surrogateescape", newline=None)


def sniff_delimiter(first: str) -> str:
    """The delimiter that yields a `date` or `day` column, else the one that splits the line most."""

    def how_good(delimiter: str) -> tuple[bool, int]:
        names = next(csv.reader([first], delimiter=delimiter, skipinitialspace=True), [])
        return any(fold(name) in ("date", "day") for name in names), len(names)

    return max(DELIMITERS, key=how_good)


def records(
    content: bytes, skipped: int, delimiter: str, columns: int, log: ProblemLog, left_out: int = 0
) -> Iterator[tuple[int, list[str]]]:
    """(line where the row begins, its cells) of every row that is not blank, the names first."""
    lines = islice(text_lines(content), skipped, None)
    skipped += left_out
    plain = b'"' not in content and len(content) <= MAX_LINE
    source = lines if plain else closed_quotes(lines, skipped, delimiter, columns, log)
    reader = csv.reader(source, delimiter=delimiter, skipinitialspace=True)
    while True:
        line = skipped + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            log.row(
                line, say("The row cannot be split into cells ({error}).", error=error), say("Shorten or mend the row.")
            )
            continue
        if cells:
            yield line, cells


def closed_quotes(lines: Iterator[str], skipped: int, delimiter: str, columns: int, log: ProblemLog) -> Iterator[str]:
    """The same lines, with a quotation mark closed where it would swallow the rows below it."""
    next_row = re.compile(rf'"?\d[\d\-/.]*"?\s*{delimiter}')
    waiting: list[str] = []
    at, unclosed = skipped, 0
    while True:
        line = waiting.pop(0) if waiting else next(lines, "")
        if not line:
            return
        at += 1
        if len(line) > MAX_LINE:
            log.row(at, say("The line has {n} characters and is not used.", n=whole(len(line))), say("Check the row."))
            line = "\n"
        if not leaves_open(line, delimiter, False):
            yield line
            continue
        held, is_open = [line], True
        while is_open and len(held) < (MAX_NOTE_LINES if unclosed < MAX_UNCLOSED else 2):
            following = waiting.pop(0) if waiting else next(lines, "")
            is_row = bool(next_row.match(following)) and following.count(delimiter) >= max(columns - 1, 1)
            if not following or is_row or len(following) > MAX_LINE:
                waiting[:0] = [following] if following else []
                break
            held.append(following)
            is_open = leaves_open(following, delimiter, True)
        if is_open:
            waiting[:0] = held[1:]
            unclosed += 1
            log.row(
                at,
                say("A quotation mark opens in this row and does not close."),
                say("Close it, or take it out of the row."),
            )
            yield line.rstrip("\n") + '"\n'
        else:
            at += len(held) - 1
            yield from held


def leaves_open(line: str, delimiter: str, is_open: bool) -> bool:
    """Whether a quoted cell is still open at the end of a line that began inside one (`is_open`) or not."""
    if not is_open and '"' not in line:
        return False
    at = 0
    while True:
        if is_open:
            at = line.find('"', at)
            if at < 0:
                return True
            at += 1
            if line.startswith('"', at):  # a doubled quotation mark is text
                at += 1
                continue
            is_open = False
        else:
            while line.startswith(" ", at):
                at += 1
            if line.startswith('"', at):
                is_open, at = True, at + 1
                continue
        at = line.find(delimiter, at) + 1
        if at == 0:
            return False


def blocks(
    content: bytes, skipped: int, delimiter: str, header: Header, log: ProblemLog, *, left_out: int = 0
) -> Iterator[RowBlock]:
    """The rows that fit the header, in blocks; the others go into the log."""
    rows = records(content, skipped, delimiter, len(header.names), log, left_out)
    _, names = next(rows)
    if foreign := [as_windows_text(name) for name in names if BROKEN.search(name)]:
        what = say(
            "Column names hold bytes that are not UTF-8, read as Windows-1252: {listed}.", listed=listed(foreign)
        )
        log.file(what, say(SAVE_AS_UTF8))
    rows = fitting(rows, header, log)
    if not is_utf8(content):
        rows = readable(rows, header, log)
    while block := list(islice(rows, rows_in_block(len(header.names)))):
        lines = np.array([line for line, _ in block], dtype=np.int64)
        yield RowBlock(lines, tuple(zip(*(cells for _, cells in block), strict=True)))


def fitting(rows: Iterable[tuple[int, list[str]]], header: Header, log: ProblemLog) -> Iterator[tuple[int, list[str]]]:
    """Rows with one cell a column; a row of another length is used only where no value can be misplaced."""
    wanted, notes, ends_in_note = len(header.names), header.trailing_notes, header.roles[-1] == "note"
    for row in rows:
        line, cells = row
        if len(cells) == wanted and cells[0].strip():  # nearly all of them
            yield row
            continue
        if not "".join(cells).strip():
            continue
        extra = len(cells) - wanted
        if extra > 0 and ends_in_note:
            log.row(line, say("The note holds the delimiter of the file."), say("Put the note in quotation marks."))
        elif extra > 0 and any(cell.strip() for cell in cells[wanted:]):
            what = say(
                "The row has {n} cells for {wanted} columns and is not used.", n=whole(len(cells)), wanted=whole(wanted)
            )
            log.row(line, what, say("Put text with a delimiter in quotation marks, and write 1.5, not 1,5."))
            continue
        elif extra < -notes:
            what = say(
                "The row has {n} cells for {wanted} columns and is not used.", n=whole(len(cells)), wanted=whole(wanted)
            )
            log.row(line, what, say("Write every delimiter, also where a cell is empty."))
            continue
        yield line, cells if extra == 0 else (cells + [""] * -extra)[:wanted]


def is_utf8(content: bytes) -> bool:
    """Whether every byte belongs to a UTF-8 text."""
    try:
        return content.isascii() or bool(content.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def readable(rows: Iterable[tuple[int, list[str]]], header: Header, log: ProblemLog) -> Iterator[tuple[int, list[str]]]:
    """The same rows, broken bytes said and taken out: in a note they cost nothing, in a number its value."""
    for line, cells in rows:
        for at, cell in enumerate(cells):
            if found := BROKEN.search(cell):
                byte = ord(found[0]) - 0xDC00
                what = say(
                    "Column {quoted} holds a byte (0x{byte}) that is not UTF-8",
                    quoted=quoted(header.names[at]),
                    byte=f"{byte:02X}",
                )
                guess = say("; it looks like Windows-1252.") if is_windows(cell) else "."
                log.row(line, what + guess, say(SAVE_AS_UTF8))
                cells[at] = "" if at in header.values else as_windows_text(cell)
        yield line, cells


def is_windows(cell: str) -> bool:
    """Whether the bytes of a cell are text in Windows-1252."""
    try:
        return bool(cell.encode("utf-8", "surrogateescape").decode("cp1252"))
    except UnicodeDecodeError:
        return False


def as_windows_text(cell: str) -> str:
    """A cell with broken bytes as Windows-1252 would show it; any other cell as it is."""
    if not BROKEN.search(cell):
        return cell
    return cell.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
