"""A letter that somebody handed over, taken apart with bounds on time and memory: whatever it is, one sentence."""

from __future__ import annotations

import binascii
import importlib
import io
import json
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from nightdose.errors import CallError, InputError
from nightdose.language.number import on_one_line
from nightdose.letter.package import EARLIEST, RIGHTS, ZIP_NAME, without_package, zipped
from nightdose.letter.pdf import NEEDS_PDF

MEGABYTE = 1 << 20
MOST_LETTER, MOST_PACKAGE, MOST_UNPACKED = 24 * MEGABYTE, 8 * MEGABYTE, 16 * MEGABYTE
MOST_OF = {".json": 2 * MEGABYTE, ".csv": 4 * MEGABYTE, ".txt": MEGABYTE, ".sig": 64, ".pub": 4096}
MOST_FILES, LARGEST_DIRECTORY = 32, 8192
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,40}\.(?:json|csv|txt|sig|pub)")
DIRECTORY_END, LARGER_END = b"PK\x05\x06", b"PK\x06\x07"
ATTACHED = (ZIP_NAME, "days.csv", "fhir.json", "protocol.json")
ODD_OBJECTS = (ValueError, TypeError, KeyError, IndexError, AttributeError)  # what a PDF of another make ends in here
LOCAL_HEAD, DIRECTORY_ENTRY, DIRECTORY_TAIL = 30, 46, 22  # bytes of a zip beside names and contents
Kind = Literal["pdf", "html", "zip"]
NO_PACKAGE = (
    "It carries no package of days and question, so nothing can be recomputed. Ask for the letter as it was written."
)


@dataclass(frozen=True, slots=True)
class Opened:
    """kind : of the file. page : the HTML page without its link, or the PDF; b"" for a zip alone.

    package : the zip. files : what is in it. attached : what a PDF carries beside it.
    """

    kind: Kind
    page: bytes
    package: bytes
    files: Mapping[str, bytes]
    attached: Mapping[str, bytes]


def open_letter(content: bytes) -> Opened:
    """The letter taken apart, by what it holds. Raises InputError, with one sentence, for whatever is not a letter."""
    if len(content) > MOST_LETTER:
        raise InputError(f"The file is larger than {MOST_LETTER // MEGABYTE} MB; no letter of ours is.")
    head = content[:1024].lstrip()
    if head.startswith(b"%PDF-"):
        attached = pdf_attachments(content)
        if ZIP_NAME not in attached:
            raise InputError(NO_PACKAGE)
        package = attached.pop(ZIP_NAME)
        return Opened("pdf", content, package, unzipped(package), attached)
    if content.startswith(b"PK"):
        return Opened("zip", b"", content, unzipped(content), {})
    if head[:1] == b"<":
        try:
            page, found = without_package(content.decode("utf-8"))
        except (UnicodeDecodeError, binascii.Error):
            raise InputError("The page is damaged: its package cannot be read.") from None
        if found is None:
            raise InputError(NO_PACKAGE)
        return Opened("html", page.encode(), found, unzipped(found), {})
    raise InputError("This is not a letter: not a PDF, not an HTML page, not a zip.")


def unzipped(content: bytes) -> dict[str, bytes]:
    """name -> content of a package, nothing written anywhere. Raises InputError for what we never write."""
    _refuse_large_directory(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if len(set(names)) != len(names):
                raise InputError("The package names a file twice.")
            for entry in entries:
                _refuse_odd(entry)
            if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise InputError("The package unpacks to far more than a letter needs.")
            return {entry.filename: _read(archive, entry) for entry in entries}
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
        struct.error,
    ):
        raise InputError("The package is damaged, or it is not a package of a letter.") from None


def stray_bytes(content: bytes) -> int:
    """Bytes of a package that belong to none of its files: before, between or behind them, or in comments."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        files = sum(LOCAL_HEAD + len(entry.filename.encode()) + entry.compress_size for entry in entries)
        directory = sum(DIRECTORY_ENTRY + len(entry.filename.encode()) for entry in entries)
    return len(content) - files - directory - DIRECTORY_TAIL


def is_packed_by_us(content: bytes, files: Mapping[str, bytes]) -> bool:
    """Are it the bytes that nightdose writes? Another zlib may squeeze the same files into other ones."""
    if content == zipped(files):
        return True
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
    return (
        stray_bytes(content) == 0
        and [entry.filename for entry in entries] == sorted(files)
        and all(entry.date_time == EARLIEST and entry.external_attr == RIGHTS << 16 for entry in entries)
        and all(entry.compress_type == zipfile.ZIP_DEFLATED and entry.flag_bits == 0 for entry in entries)
    )


def _refuse_large_directory(content: bytes) -> None:
    """Before anything is read: the table of contents is small and of the usual kind."""
    end = content.rfind(DIRECTORY_END, max(0, len(content) - 65_557))
    if len(content) > MOST_PACKAGE or end < 0 or len(content) < end + 22:
        raise InputError("The package is too large, or it is not a package of a letter.")
    entries, size = struct.unpack_from("<HI", content, end + 10)
    if entries > MOST_FILES or size > LARGEST_DIRECTORY or content[max(0, end - 20) : end].startswith(LARGER_END):
        raise InputError(f"The package holds more than the {MOST_FILES} files that a letter can have.")


def _refuse_odd(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if not NAME.fullmatch(name) or kind not in (0, stat.S_IFREG) or entry.flag_bits & 0x1:
        raise InputError(
            f"The package holds '{on_one_line(name[:60])}', which no letter does: a path, a link or something locked."
        )
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError("The package is packed in a way that no letter is.")
    if entry.file_size > MOST_OF[name[name.rindex(".") :]]:
        raise InputError(f"{name} is far larger than in any letter.")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as file:
        content = file.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise InputError(f"{entry.filename} does not unpack to what it says.")
    return content


def read_json(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    """An object of the package. Raises InputError where it is missing or is not JSON: no NaN, no endless nesting."""
    if name not in files:
        raise InputError(f"The package has no {name}, so it cannot be checked.")
    try:
        found = json.loads(files[name], parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise InputError(f"{name} cannot be read: it is not what nightdose writes.") from None
    if not isinstance(found, dict):
        raise InputError(f"{name} cannot be read: it is not what nightdose writes.")
    return found


def _refuse_constant(word: str) -> float:
    raise ValueError(word)


@contextmanager
def opened_pdf(content: bytes) -> Iterator[Any]:
    """The PDF, opened with bounds. Raises InputError where it cannot be read, CallError where a package is missing."""
    try:
        pikepdf: Any = importlib.import_module("pikepdf")
    except ImportError:
        raise CallError(NEEDS_PDF) from None
    before = pikepdf.settings.set_qpdf_limits(
        flate_max_memory=MOST_UNPACKED, png_max_memory=MOST_UNPACKED, run_length_max_memory=MOST_UNPACKED,
        tiff_max_memory=MOST_UNPACKED, dct_max_memory=MOST_UNPACKED, max_stream_filters=2, parser_max_nesting=60,
        parser_max_errors=20, parser_max_container_size=100_000, parser_max_container_size_damaged=1000,
        doc_max_warnings=20,
    )  # fmt: skip
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
            yield pdf
    except (pikepdf.PdfError, pikepdf.PasswordError, pikepdf.DataDecodingError, *ODD_OBJECTS):
        raise InputError("The PDF cannot be read: it is damaged, locked, or not one that nightdose wrote.") from None
    except (RecursionError, MemoryError, OverflowError, RuntimeError):
        raise InputError("The PDF asks for more than a letter needs, and was not read.") from None
    finally:
        pikepdf.settings.set_qpdf_limits(**before)


def pdf_attachments(content: bytes) -> dict[str, bytes]:
    """name -> content of the attachments that a letter has."""
    with opened_pdf(content) as pdf:
        return {name: pdf.attachments[name].get_file().read_bytes() for name in ATTACHED if name in pdf.attachments}
