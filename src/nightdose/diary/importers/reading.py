"""Opens files that anybody may have made: sizes, counts and names are checked before anything is believed."""

from __future__ import annotations

import codecs
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from nightdose.errors import InputError
from nightdose.language.catalogue import say

MOST_TEXT_BYTES = 64 * 1024**2
MOST_PAGE_BYTES = 16 * 1024**2
MOST_ARCHIVE_BYTES = 4 * 1024**3
MOST_UNPACKED_BYTES = 8 * 1024**3
MOST_MEMBERS = 50_000
ZIP = b"PK\x03\x04"
MOST_RATIO = 250  # an honest export of XML packs 20 to 40 to 1
RATIO_FROM_BYTES = 10 * 1024**2
# what a member raises that was damaged: its name, its head, its content
DAMAGE = (
    zipfile.BadZipFile,
    NotImplementedError,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)


def check_size(path: Path, most: int) -> int:
    """Size of an ordinary file of at most `most` bytes; a sentence otherwise."""
    try:
        status = path.stat()
    except OSError as error:
        raise InputError(
            say(
                "{name} cannot be opened ({strerror}). Check the name and the folder.",
                name=path.name,
                strerror=error.strerror,
            )
        ) from None
    if not stat.S_ISREG(status.st_mode):
        raise InputError(say("{name} is not an ordinary file.", name=path.name))
    if status.st_size > most:
        raise InputError(
            say(
                "{name} has {st_size} MB; at most {most} MB are read. Export a shorter time.",
                name=path.name,
                st_size=f"{status.st_size / 1000000.0:,.0f}",
                most=f"{most / 1000000.0:,.0f}",
            )
        )
    return status.st_size


def head(path: Path, size: int = 4096) -> bytes:
    """The first bytes of a file."""
    check_size(path, MOST_ARCHIVE_BYTES)
    with path.open("rb") as file:
        return file.read(size)


def read_page(path: Path) -> str:
    """The text of a web page; UTF-8 with or without mark, UTF-16 with its mark, else Windows-1252."""
    check_size(path, MOST_PAGE_BYTES)
    return decode(path.read_bytes(), path.name)


def first_names(start: bytes) -> list[str]:
    """The column names of a comma-separated first line, in small letters."""
    encoding = "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    lines = start.decode(encoding, "replace").splitlines()
    return [name.strip(' "').lower() for name in lines[0].split(",")] if lines else []


@contextmanager
def open_text(path: Path) -> Iterator[IO[str]]:
    """A text file of UTF-8 or UTF-16, streamed; a byte that is neither shows as a replacement sign."""
    check_size(path, MOST_TEXT_BYTES)
    with path.open("rb") as file:
        start = file.read(2)
        encoding = "utf-16" if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
        file.seek(0)
        with io.TextIOWrapper(file, encoding, errors="replace") as text:
            yield text


@contextmanager
def open_member(archive: Archive, name: str) -> Iterator[IO[str]]:
    """A member of a zip as streamed text."""
    archive.refuse_larger(name, MOST_TEXT_BYTES)
    with archive.open(name) as stream, io.TextIOWrapper(stream, "utf-8-sig", errors="replace") as text:
        yield text


def decode(content: bytes, name: str) -> str:
    """The text of some bytes."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise InputError(say("{name} says it is UTF-16 and is not. Export it again as UTF-8.", name=name)) from None
    if b"\0" in content:
        raise InputError(say("{name} is not text: it holds NUL bytes. Export it again as CSV (UTF-8).", name=name))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


class Archive:
    """A zip that anybody may have made. Members are streamed, never unpacked to their own names."""

    def __init__(self, path: Path) -> None:
        check_size(path, MOST_ARCHIVE_BYTES)
        self.name = path.name
        try:
            self._zip = zipfile.ZipFile(path)
            self._infos = {info.filename: info for info in self._zip.infolist() if not _is_folder(info)}
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, struct.error):
            raise InputError(
                say("{name} is not a complete zip file. Download or export it again.", name=path.name)
            ) from None
        self._check()

    def _check(self) -> None:
        infos = list(self._infos.values())
        if len(infos) > MOST_MEMBERS or sum(info.file_size for info in infos) > MOST_UNPACKED_BYTES:
            raise InputError(
                say("{name} unpacks to more than a health export can hold. It was not opened.", name=self.name)
            )
        for info in infos:
            parts = info.filename.replace("\\", "/").split("/")
            if ".." in parts or info.filename.startswith(("/", "\\")) or ":" in parts[0]:
                raise InputError(
                    say("{name} holds a file that points outside of it. It was not opened.", name=self.name)
                )
            if info.flag_bits & 1:
                raise InputError(say("{name} is locked with a password. Export it without one.", name=self.name))
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others ask for any memory
                raise InputError(
                    say(
                        "{name} is packed in a way that is not read here. Zip it again in the usual way.",
                        name=self.name,
                    )
                )
            if info.file_size > RATIO_FROM_BYTES and info.file_size > MOST_RATIO * max(1, info.compress_size):
                raise InputError(
                    say("{name} is packed far too tightly to be an export. It was not opened.", name=self.name)
                )

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
                yield io.BufferedReader(_Bounded(stream, self._infos[name].file_size, self.name))
        except InputError:
            raise
        except DAMAGE:
            raise InputError(
                say("{name} is damaged at {name_2}. Download or export it again.", name=self.name, name_2=name[:80])
            ) from None

    def refuse_larger(self, name: str, most: int) -> None:
        """A sentence for a member that unpacks to more than that many bytes."""
        if self._infos[name].file_size > most:
            raise InputError(
                say(
                    "{name} in {self_name} is larger than {most} MB.",
                    name=name[:80],
                    self_name=self.name,
                    most=f"{most / 1000000.0:,.0f}",
                )
            )

    def close(self) -> None:
        self._zip.close()


def _is_folder(info: zipfile.ZipInfo) -> bool:
    """True for a folder, and for a member without a name, which `ZipInfo.is_dir` cannot look at."""
    return not info.filename or info.filename.endswith("/")


class _Bounded(io.RawIOBase):
    """A stream that refuses to give more than was promised."""

    def __init__(self, stream: IO[bytes], promised: int, name: str) -> None:
        self._stream, self._left, self._name = stream, promised, name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        content = self._stream.read(len(buffer))
        self._left -= len(content)
        if self._left < 0:
            raise InputError(say("{name} unpacks to more than it says. It was not read further.", name=self._name))
        buffer[: len(content)] = content
        return len(content)
