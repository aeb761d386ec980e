"""The words on the pages of a PDF in the order of its drawing: enough to say which sentence of a letter was changed."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from nightdose.errors import InputError
from nightdose.letter.opened import MEGABYTE, opened_pdf

MOST_PAGES, MOST_CONTENT, MOST_RUNS, DEEPEST = 200, 2 * MEGABYTE, 50_000, 4
HEX = r"<([0-9A-Fa-f]+)>"
Glyphs = Mapping[int, str]


def words_of(content: bytes) -> list[list[str]]:
    """For each page the runs of text on it. Raises InputError where the PDF is not one that can be read in bounds."""
    with opened_pdf(content) as pdf:
        if len(pdf.pages) > MOST_PAGES:
            raise InputError(f"The PDF has {len(pdf.pages)} pages; no letter has.")
        fonts: dict[Any, Glyphs] = {}
        return [_bounded(_runs(page, page.Contents, page.Resources, fonts, 0)) for page in pdf.pages]


def paper_of(content: bytes) -> tuple[float, float]:
    """Width and height of the first page, pt."""
    with opened_pdf(content) as pdf:
        low_x, low_y, high_x, high_y = (float(v) for v in pdf.pages[0].mediabox)
        return high_x - low_x, high_y - low_y


def first_difference(theirs: list[list[str]], ours: list[list[str]]) -> tuple[int, str, str] | None:
    """(page, what stands there, what would stand there) where two documents first differ; None = nowhere."""
    for number in range(max(len(theirs), len(ours))):
        a, b = (pages[number] if number < len(pages) else [] for pages in (theirs, ours))
        if a == b:
            continue
        first = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
        last = next(
            (i for i, (x, y) in enumerate(zip(reversed(a), reversed(b), strict=False)) if x != y), min(len(a), len(b))
        )
        last = min(last, len(a) - first, len(b) - first)
        return number + 1, " ".join(a[first : len(a) - last]), " ".join(b[first : len(b) - last])
    return None


def _bounded(runs: Iterator[str]) -> list[str]:
    found = []
    for run in runs:
        found.append(run)
        if len(found) > MOST_RUNS:
            raise InputError("A page of the PDF holds more than any letter does.")
    return found


def _runs(owner: Any, content: Any, resources: Any, fonts: dict[Any, Glyphs], depth: int) -> Iterator[str]:
    pikepdf: Any = importlib.import_module("pikepdf")
    parts = list(content) if isinstance(content, pikepdf.Array) else [content]
    if sum(len(part.read_bytes()) for part in parts) > MOST_CONTENT or depth > DEEPEST:
        raise InputError("A page of the PDF holds more than any letter does.")
    glyphs: Glyphs = {}
    said: list[str] = []
    for operands, operator in pikepdf.parse_content_stream(owner, operators="BT ET Tf Tj TJ Do"):
        name = str(operator)
        if name == "Tf":
            glyphs = _glyphs(resources.Font[str(operands[0])], fonts)
        elif name in ("Tj", "TJ"):
            strings = operands[0] if name == "TJ" else operands
            said += [_decoded(bytes(each), glyphs) for each in strings if isinstance(each, pikepdf.String)]
        elif name == "ET":
            if said:
                yield "".join(said)
            said = []
        elif name == "Do":
            form = resources.XObject[str(operands[0])]
            if form.get("/Subtype") == "/Form":
                yield from _runs(form, form, form.get("/Resources", resources), fonts, depth + 1)


def _glyphs(font: Any, known: dict[Any, Glyphs]) -> Glyphs:
    """glyph number -> text, by the font's own table."""
    key = font.objgen
    if key not in known or key == (0, 0):
        table = font.ToUnicode.read_bytes()
        if len(table) > MEGABYTE:
            raise InputError("A font of the PDF is larger than in any letter.")
        known[key] = _table(table.decode("latin-1"))
    return known[key]


def _table(text: str) -> Glyphs:
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
        for glyph, letters in re.findall(rf"{HEX}\s*{HEX}", block):
            found[int(glyph, 16)] = _letters(letters)
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.DOTALL):
        for first, last, letters in re.findall(rf"{HEX}\s*{HEX}\s*{HEX}", block):
            start, stop = int(first, 16), min(int(last, 16), 0xFFFF)
            base = _letters(letters)
            for at in range(start, stop + 1):
                found[at] = base[:-1] + chr(min(ord(base[-1:] or " ") + at - start, 0x10FFFF))
    return found


def _letters(written: str) -> str:
    return bytes.fromhex(written if len(written) % 2 == 0 else f"0{written}").decode("utf-16-be", "replace")


def _decoded(glyphs: bytes, table: Glyphs) -> str:
    return "".join(
        table.get(int.from_bytes(glyphs[at : at + 2], "big"), "\N{REPLACEMENT CHARACTER}")
        for at in range(0, len(glyphs), 2)
    )
