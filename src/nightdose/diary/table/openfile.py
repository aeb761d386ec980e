"""Is this file a table at all? Its bytes, or one sentence that says what it is instead."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from nightdose.diary.table.problems import quoted
from nightdose.errors import InputError
from nightdose.language.catalogue import mark, say
from nightdose.language.number import whole

MAX_BYTES = 200_000_000
PARQUET_MAGIC = b"PAR1"

KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", mark("is a PDF, not a table. Export the diary as CSV (UTF-8).")),
    (
        b"PK\x03\x04",
        mark("is a spreadsheet (xlsx, ods) or a zip archive. Open it and save the sheet as CSV (UTF-8) first."),
    ),
    (
        b"\xd0\xcf\x11\xe0",
        mark("is an old Excel or Word file. Open it and save the sheet as CSV (UTF-8) first."),
    ),
    (b"\x89PNG", mark("is a picture (PNG), not a table. Give the diary as CSV (UTF-8).")),
    (b"\xff\xd8\xff", mark("is a picture (JPEG), not a table. Give the diary as CSV (UTF-8).")),
    (b"GIF8", mark("is a picture (GIF), not a table. Give the diary as CSV (UTF-8).")),
    (b"\x1f\x8b", mark("is compressed (gzip). Unpack it first.")),
    (b"SQLite format 3", mark("is a database (SQLite), not a table. Export the diary as CSV (UTF-8).")),
    (b"{\\rtf", mark("is a text document (RTF), not a table. Save it as CSV (UTF-8) first.")),
    (b"\xff\xfe", mark("is text in UTF-16. Save it as UTF-8 (in Excel: 'CSV UTF-8').")),
    (b"\xfe\xff", mark("is text in UTF-16. Save it as UTF-8 (in Excel: 'CSV UTF-8').")),
    (b"<", mark("is a web page or XML, not a table. Download or export the table itself as CSV (UTF-8).")),
    (b"{", mark("is JSON, not a table. Save it as CSV (UTF-8) first.")),
    (b"[", mark("is JSON, not a table. Save it as CSV (UTF-8) first.")),
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
            raise InputError(say("{name} is a folder. Give the diary file itself.", name=name))
        if not stat.S_ISREG(status.st_mode):
            raise InputError(say("{name} is not an ordinary file. Save the diary to a file first.", name=name))
        if status.st_size > MAX_BYTES:
            raise InputError(
                say(
                    "{name} has {st_size} MB; a table has at most {max_bytes} MB. Split it by person.",
                    name=name,
                    st_size=f"{status.st_size / 1000000.0:,.0f}",
                    max_bytes=f"{MAX_BYTES / 1000000.0:,.0f}",
                )
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(say("There is no file {name}. Check the name and the folder.", name=name)) from None
    except PermissionError:
        raise InputError(say("{name} may not be read by you. Change its permissions or copy it.", name=name)) from None
    except (OSError, ValueError) as error:
        raise InputError(
            say("{name} cannot be opened ({error}). Check the name and the folder.", name=name, error=error)
        ) from None


def refuse_what_is_no_text(name: str, content: bytes) -> None:
    """Raise InputError for content that is not a text table: another format, empty, or binary."""
    start = content[:4096].lstrip()
    if not start and not content.strip():
        raise InputError(say("{name} is empty. A diary has a line of column names and one row a day.", name=name))
    for magic, sentence in KINDS:
        if start.startswith(magic):
            raise InputError(say("{name} {what_it_is}", name=name, what_it_is=say(sentence)))
    null = content.find(b"\0")
    if null >= 0:
        line = len(content[:null].splitlines()) or 1
        raise InputError(
            say(
                "{name} is not text: line {line} holds a NUL byte. Export the diary as CSV (UTF-8).",
                name=name,
                line=whole(line),
            )
        )
    odd = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in start)
    if odd > len(start) / 10:
        raise InputError(say("{name} is not text. Export the diary as CSV (UTF-8).", name=name))
