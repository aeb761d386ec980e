"""Is this file a table at all? Its bytes, or one sentence that says what it is instead."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from nightdose.diary.table.problems import quoted
from nightdose.errors import InputError

MAX_BYTES = 200_000_000
PARQUET_MAGIC = b"PAR1"
AS_CSV = "Save it as CSV (UTF-8) first."

KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "is a PDF, not a table. Export the diary as CSV (UTF-8)."),
    (
        b"PK\x03\x04",
        f"is a spreadsheet (xlsx, ods) or a zip archive. Open it and save the sheet as CSV. {AS_CSV}",
    ),
    (b"\xd0\xcf\x11\xe0", f"is an old Excel or Word file. Open it and save the sheet as CSV. {AS_CSV}"),
    (b"\x89PNG", "is a picture (PNG), not a table. Give the diary as CSV (UTF-8)."),
    (b"\xff\xd8\xff", "is a picture (JPEG), not a table. Give the diary as CSV (UTF-8)."),
    (b"GIF8", "is a picture (GIF), not a table. Give the diary as CSV (UTF-8)."),
    (b"\x1f\x8b", "is compressed (gzip). Unpack it first."),
    (b"SQLite format 3", "is a database (SQLite), not a table. Export the diary as CSV (UTF-8)."),
    (b"{\\rtf", f"is a text document (RTF), not a table. {AS_CSV}"),
    (b"\xff\xfe", "is text in UTF-16. Save it as UTF-8 (in Excel: 'CSV UTF-8')."),
    (b"\xfe\xff", "is text in UTF-16. Save it as UTF-8 (in Excel: 'CSV UTF-8')."),
    (b"<", "is a web page or XML, not a table. Download or export the table itself as CSV (UTF-8)."),
    (b"{", f"is JSON, not a table. {AS_CSV}"),
    (b"[", f"is JSON, not a table. {AS_CSV}"),
)


def file_name(path: Path) -> str:
    """The name of a file inside a sentence."""
    return quoted(path.name or str(path))


def read_bytes(path: Path) -> bytes:
    """All bytes of an ordinary file of at most 200 MB; InputError with the reason otherwise."""
    name = file_name(path)
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            raise InputError(f"{name} is a folder. Give the diary file itself.")
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"{name} is not an ordinary file. Save the diary to a file first.")
        if status.st_size > MAX_BYTES:
            raise InputError(
                f"{name} has {status.st_size / 1e6:,.0f} MB; a table has at most {MAX_BYTES / 1e6:,.0f} MB. "
                "Split it by person."
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"There is no file {name}. Check the name and the folder.") from None
    except PermissionError:
        raise InputError(f"{name} may not be read by you. Change its permissions or copy it.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{name} cannot be opened ({error}). Check the name and the folder.") from None


def refuse_what_is_no_text(name: str, content: bytes) -> None:
    """Raise InputError for content that is no text table: another format, empty, or binary."""
    start = content[:4096].lstrip()
    if not start and not content.strip():
        raise InputError(f"{name} is empty. A diary has a line of column names and one row a day.")
    for magic, sentence in KINDS:
        if start.startswith(magic):
            raise InputError(f"{name} {sentence}")
    null = content.find(b"\0")
    if null >= 0:
        line = len(content[:null].splitlines()) or 1
        raise InputError(f"{name} is not text: line {line:,} holds a NUL byte. Export the diary as CSV (UTF-8).")
    odd = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in start)
    if odd > len(start) / 10:
        raise InputError(f"{name} is not text. Export the diary as CSV (UTF-8).")
