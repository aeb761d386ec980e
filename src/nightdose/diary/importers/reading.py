"""Opens files that anybody may have made: sizes, counts and names are checked before anything is believed."""

from __future__ import annotations

import codecs
import csv
import io
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from nightdose.errors import InputError

MOST_TEXT_BYTES = 64 * 1024**2
MOST_ARCHIVE_BYTES = 4 * 1024**3
MOST_UNPACKED_BYTES = 8 * 1024**3
MOST_MEMBERS = 50_000
MOST_RATIO = 250  # an honest export of XML packs 20 to 40 to 1
RATIO_FROM_BYTES = 10 * 1024**2
MOST_CELL = 100_000
MOST_COLUMNS = 2_000
MOST_ROWS = 1_000_000


def check_size(path: Path, most: int) -> int:
    """Size of an ordinary file of at most `most` bytes; a sentence otherwise."""
    try:
        status = path.stat()
    except OSError as error:
        raise InputError(f"{path.name} cannot be opened ({error.strerror}). Check the name and the folder.") from None
    if not stat.S_ISREG(status.st_mode):
        raise InputError(f"{path.name} is no ordinary file.")
    if status.st_size > most:
        raise InputError(
            f"{path.name} has {status.st_size / 1e6:,.0f} MB; at most {most / 1e6:,.0f} MB are read. "
            "Export a shorter time."
        )
    return status.st_size


def head(path: Path, size: int = 4096) -> bytes:
    """The first bytes of a file."""
    check_size(path, MOST_ARCHIVE_BYTES)
    with path.open("rb") as file:
        return file.read(size)


def read_text(path: Path) -> tuple[str, str]:
    """(text, encoding) of a text file; UTF-8 with or without mark, UTF-16 with its mark, else Windows-1252."""
    check_size(path, MOST_TEXT_BYTES)
    return decode(path.read_bytes(), path.name)


def decode(content: bytes, name: str) -> tuple[str, str]:
    """The text of some bytes, and the encoding it was read in."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16"), "utf-16"
        except UnicodeDecodeError:
            raise InputError(f"{name} says it is UTF-16 and is not. Export it again as UTF-8.") from None
    if b"\0" in content:
        raise InputError(f"{name} is no text: it holds NUL bytes. Export it again as CSV (UTF-8).")
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "cp1252"


@dataclass(frozen=True, slots=True)
class TextTable:
    """A CSV text as rows of cells, with the line where each begins."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_csv(text: str, name: str) -> TextTable:
    """Rows of a CSV text; short rows are filled with empty cells. InputError when it is no table."""
    lines = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"))
    first = lines.readline(MOST_CELL)
    delimiter = max(",;\t", key=first.count)
    lines.seek(0)
    reader = csv.reader(lines, delimiter=delimiter)
    rows: list[tuple[int, tuple[str, ...]]] = []
    begin = 1
    limit = csv.field_size_limit(MOST_CELL)  # the limit is the whole program's: it is put back below
    try:
        for row in reader:
            if len(row) > MOST_COLUMNS or len(rows) > MOST_ROWS:
                raise InputError(f"{name} has more columns or rows than a diary can have.")
            if any(cell.strip() for cell in row):
                rows.append((begin, tuple(cell.strip() for cell in row)))
            begin = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{name}: line {begin} is no CSV ({error}). Export it again.") from None
    finally:
        csv.field_size_limit(limit)
    if not rows:
        raise InputError(f"{name} is empty.")
    header = rows[0][1]
    width = len(header)
    body = tuple((line, (cells + ("",) * width)[: max(width, len(cells))]) for line, cells in rows[1:])
    return TextTable(header, body)


def named_columns(table: TextTable, needed: set[str], name: str) -> list[str]:
    """The header in small letters; InputError where a needed column is not in it."""
    columns = [column.strip().lower() for column in table.header]
    if missing := sorted(needed - set(columns)):
        raise InputError(f"{name} lacks the column '{missing[0]}'. Export it again and do not edit the first line.")
    return columns


class Archive:
    """A zip that anybody may have made. Members are streamed, never unpacked to their own names."""

    def __init__(self, path: Path) -> None:
        check_size(path, MOST_ARCHIVE_BYTES)
        self.name = path.name
        try:
            self._zip = zipfile.ZipFile(path)
            self._infos = {info.filename: info for info in self._zip.infolist() if not info.is_dir()}
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
            raise InputError(f"{path.name} is no complete zip file. Download or export it again.") from None
        self._check()

    def _check(self) -> None:
        infos = list(self._infos.values())
        if len(infos) > MOST_MEMBERS or sum(info.file_size for info in infos) > MOST_UNPACKED_BYTES:
            raise InputError(f"{self.name} unpacks to more than a health export can hold. It was not opened.")
        for info in infos:
            parts = info.filename.replace("\\", "/").split("/")
            if ".." in parts or info.filename.startswith(("/", "\\")) or ":" in parts[0]:
                raise InputError(f"{self.name} holds a file that points outside of it. It was not opened.")
            if info.flag_bits & 1:
                raise InputError(f"{self.name} is locked with a password. Export it without one.")
            if info.file_size > RATIO_FROM_BYTES and info.file_size > MOST_RATIO * max(1, info.compress_size):
                raise InputError(f"{self.name} is packed far too tightly to be an export. It was not opened.")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._infos)

    def find(self, ending: str) -> str | None:
        """The first member whose path ends so, whatever folder it lies in."""
        return next((name for name in self._infos if name == ending or name.endswith("/" + ending)), None)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """A member as a stream that ends in a sentence when it is damaged or longer than it says."""
        try:
            with self._zip.open(self._infos[name]) as stream:
                yield _Bounded(stream, self._infos[name].file_size, self.name)  # type: ignore[misc]
        except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, zlib_error()):
            raise InputError(f"{self.name} is damaged at {name[:80]}. Download or export it again.") from None

    def text(self, name: str, most: int = MOST_TEXT_BYTES) -> str:
        """A member as text."""
        with self.open(name) as stream:
            content = stream.read(most + 1)
        if len(content) > most:
            raise InputError(f"{name[:80]} in {self.name} is larger than {most / 1e6:,.0f} MB.")
        return decode(content, name)[0]

    def close(self) -> None:
        self._zip.close()


def zlib_error() -> type[Exception]:
    """What the decompressor raises on damaged data."""
    import zlib

    return zlib.error


class _Bounded:
    """A stream that refuses to give more than was promised."""

    def __init__(self, stream: IO[bytes], promised: int, name: str) -> None:
        self._stream, self._left, self._name = stream, promised, name

    def read(self, size: int = -1) -> bytes:
        content = self._stream.read(min(size, 1 << 24) if size >= 0 else self._left + 1)
        self._left -= len(content)
        if self._left < 0:
            raise InputError(f"{self._name} unpacks to more than it says. It was not read further.")
        return content
