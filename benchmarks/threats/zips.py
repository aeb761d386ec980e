"""Zips with their own bookkeeping spoiled: sizes, names, flags, extra fields and tables of contents that lie."""

from __future__ import annotations

import random
import struct
from itertools import accumulate

ENTRY, HEAD, END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"
FIELDS = {  # the numbers behind each signature, by their sizes
    ENTRY: "HHHHHHIIIHHHHHII",
    HEAD: "HHHHHIIIHH",
    END: "HHHHIIH",
}
SIZE = {"H": 2, "I": 4}
NUMBERS = (0, 1, 2, 8, 9, 12, 14, 20, 93, 97, 99, 0x800, 0x801, 0x2000, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
NAME_BYTES = b"\x00\xff\xc3\xe2\xed/\\\n\r\x1b:"
NAME_AT, UTF_8 = 46, 0x800


def spoil_zip(content: bytes, rng: random.Random) -> bytes:
    """The zip with up to three of its numbers, names or extra fields changed; what is packed in it stays as it was."""
    out = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 3))):
        rng.choice((_number, _number, _number, _name, _extra))(out, rng)
    return bytes(out)


def _places(content: bytes, signature: bytes) -> list[int]:
    found, at = [], content.find(signature)
    while at >= 0:
        if at + NAME_AT <= len(content) or signature != ENTRY:
            found.append(at)
        at = content.find(signature, at + 4)
    return found


def _number(out: bytearray, rng: random.Random) -> None:
    signature = rng.choice((ENTRY, ENTRY, HEAD, END))
    places = _places(bytes(out), signature)
    if not places:
        return
    letters = FIELDS[signature]
    at = rng.randrange(len(letters))
    begin = rng.choice(places) + 4 + [0, *accumulate(SIZE[letter] for letter in letters)][at]
    form = f"<{letters[at]}"
    if begin + SIZE[letters[at]] > len(out):
        return
    before = struct.unpack_from(form, out, begin)[0]
    after = rng.choice((*NUMBERS, before + 1, before - 1, rng.getrandbits(32)))
    struct.pack_into(form, out, begin, after % (1 << 8 * SIZE[letters[at]]))


def _name(out: bytearray, rng: random.Random) -> None:
    """A byte of a name that is not one, said to be UTF-8, in the table of contents or in both places."""
    places = _places(bytes(out), ENTRY)
    if not places:
        return
    at = rng.choice(places)
    long, begin = struct.unpack_from("<H", out, at + 28)[0], struct.unpack_from("<I", out, at + 42)[0]
    if not long or at + NAME_AT + long > len(out):
        return
    out[at + NAME_AT + rng.randrange(long)] = rng.choice(NAME_BYTES)
    struct.pack_into("<H", out, at + 8, struct.unpack_from("<H", out, at + 8)[0] | rng.choice((0, UTF_8)))
    if rng.random() < 0.5 and begin + 30 + long <= at:
        out[begin + 30 : begin + 30 + long] = out[at + NAME_AT : at + NAME_AT + long]


def _extra(out: bytearray, rng: random.Random) -> None:
    """An extra field of a size that it does not have: larger sizes, another name, times, a lock."""
    places, ends = _places(bytes(out), ENTRY), _places(bytes(out), END)
    if not places or not ends or ends[-1] + 22 > len(out):
        return
    at = rng.choice(places)
    long, extra = struct.unpack_from("<HH", out, at + 28)
    kind, says = rng.choice((1, 0x7075, 0x5455, 0x9901)), rng.choice((0, 1, 4, 8, 16, 24, 0xFFFF))
    piece = struct.pack("<HH", kind, says) + rng.randbytes(rng.choice((0, 1, 4, 8, 16, 24)))
    struct.pack_into("<H", out, at + 30, (extra + len(piece)) % (1 << 16))
    for place in (20, 24, 42):
        if rng.random() < 0.3:
            struct.pack_into("<I", out, at + place, 0xFFFFFFFF)
    directory = struct.unpack_from("<I", out, ends[-1] + 12)[0]
    struct.pack_into("<I", out, ends[-1] + 12, (directory + len(piece)) % (1 << 32))
    out[at + NAME_AT + long : at + NAME_AT + long] = piece
