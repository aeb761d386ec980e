"""A .po catalogue compiled in memory into what the standard library's gettext reads, so that translators ship one file.

Format: https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html and .../MO-Files.html. Entries marked fuzzy
or left empty are not used; English stands in their place.
"""

from __future__ import annotations

import ast
import struct
from collections.abc import Iterator, Mapping

MAGIC = 0x950412DE


def compiled(text: str) -> bytes:
    """The bytes of the .mo file of a .po text."""
    messages = dict(sorted(entries(text)))
    keys = [key.encode() for key in messages]
    values = [value.encode() for value in messages.values()]
    n = len(messages)
    start = 7 * 4
    offset = start + 16 * n
    tables: list[bytes] = []
    for strings in (keys, values):
        table = b""
        for string in strings:
            table += struct.pack("<II", len(string), offset)
            offset += len(string) + 1
        tables.append(table)
    head = struct.pack("<7I", MAGIC, 0, n, start, start + 8 * n, 0, 0)
    return head + b"".join(tables) + b"".join(string + b"\0" for string in (*keys, *values))


def entries(text: str) -> Iterator[tuple[str, str]]:
    """(key, translation) of every entry that is translated, in the forms that a .mo file has."""
    for block in text.split("\n\n"):
        if any(line.startswith("#,") and "fuzzy" in line for line in block.splitlines()):
            continue
        fields = _fields(block)
        key = fields.get("msgid")
        forms = [value for name, value in sorted(fields.items()) if name.startswith("msgstr")]
        if key is None or not forms or not all(forms):
            continue
        if "msgid_plural" in fields:
            key += "\0" + fields["msgid_plural"]
        if "msgctxt" in fields:
            key = fields["msgctxt"] + "\4" + key
        yield key, "\0".join(forms)


def _fields(block: str) -> Mapping[str, str]:
    """Keyword -> text of one entry, its quoted lines joined."""
    found: dict[str, str] = {}
    name = ""
    for line in block.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if not line.startswith('"'):
            name, line = line.split(" ", 1)
            found[name] = ""
        found[name] += str(ast.literal_eval(line.strip()))
    return found
