"""The letter as a PDF, set by Typst: the same page as the HTML, its appendix, and what is attached to it.

Written to PDF/UA-1, and with a date to PDF/A-3a as well; Typst refuses to write a page that breaks what it checks.
"""

from __future__ import annotations

import datetime
import importlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from nightdose.errors import CallError
from nightdose.language.catalogue import mark, say
from nightdose.language.number import on_page
from nightdose.letter.appendix import Part
from nightdose.letter.letter import Letter
from nightdose.letter.page import standalone
from nightdose.report.figures.svg import Figure

NEEDS_PDF = "A PDF needs more packages: pip install 'nightdose[pdf]'."
FONT, SYMBOLS = "Source Sans 3", "DejaVu Sans Mono"  # the second one is Typst's own
# size of the letters in pt, share of the width that pictures take: the first that leaves everything on one page
STEPS = (
    *((size / 4, 1.0) for size in range(41, 31, -1)),  # 10.25 to 8
    *((8.0, wide / 20) for wide in range(19, 13, -1)),
    *((size / 4, 0.7) for size in range(31, 23, -1)),
)
MOST_LACKING = 12  # signs that are tried one by one before every unsure one is marked
UNBROKEN = 24  # characters of a word from which it may be broken anywhere
BREAK = "\N{ZERO WIDTH SPACE}"
MARK = "\N{REPLACEMENT CHARACTER}"
# Latin, Greek, Cyrillic, and the signs that our own sentences use
SURE = (
    "\x20-\x7e\u00a0-\u017f\u0391-\u03a1\u03a3-\u03c9\u0400-\u045f\u200b\u2010-\u201e\u2022\u2026\u2032\u20ac"
    "\u2190-\u2193\u2212\u2248\u2264\u2265\u25cb\u25cf"
)
SIGNS_LACKING = mark(
    "The font of this PDF lacks some signs, printed as {mark}; the same letter as a web page has them."
)
Paper = Literal["a4", "us-letter"]
PAPERS: dict[str, Paper] = {"a4": "a4", "letter": "us-letter"}  # as people say it -> as Typst does


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside the PDF. relationship : `data`, `source`, `supplement` or `alternative` (PDF/A-3)."""

    name: str
    content: bytes
    mime: str
    description: str
    relationship: str = "data"


def letter_pdf(
    letter: Letter,
    appendix: Sequence[Part] = (),
    *,
    paper: Paper = "a4",
    made: datetime.date | None = None,
    attached: Sequence[Attached] = (),
) -> bytes:
    """The PDF; the same letter, fonts and Typst give the same bytes.

    made : day of the document, without which it is not PDF/A. Letters that the shipped fonts do not have come from the
    fonts of this machine; what no font has stands as a mark. Raises CallError where Typst is not installed.
    """
    typst = _typst()
    words = _words(letter, appendix, paper, made)
    words["attached"] = [
        {"name": each.name, "mime": each.mime, "description": each.description, "relationship": each.relationship}
        for each in attached
    ]
    contents = {f"attached/{each.name}.json": json.dumps(list(each.content)).encode() for each in attached}  # text only
    standards = ["ua-1"] if made is None else ["a-3a", "ua-1"]
    said = words
    for own_fonts_only in (True, *(False,) * MOST_LACKING):
        try:
            return _set(typst, said, contents, standards, own_fonts_only)
        except typst.TypstError as error:
            if (lacks := _without_glyph(error)) is None:
                raise
            if own_fonts_only:
                continue
            if not (signs := [sign for sign in lacks if not re.fullmatch(f"[{SURE}{MARK}]", sign)]):
                break
            said = _marked(said, "|".join(map(re.escape, signs)))  # what a font of this machine has stays
    return _set(typst, _marked(words, f"[^{SURE}]"), contents, standards, True)


def typst_version() -> str:
    """Of the installed Typst; "" = none is installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("typst")
    except PackageNotFoundError:
        return ""


def _typst() -> Any:
    try:
        return importlib.import_module("typst")
    except ImportError:
        raise CallError(NEEDS_PDF) from None


def _font_folder() -> str:
    try:
        return str(Path(str(importlib.import_module("fontpkg_source_sans_3").__file__)).parent)
    except ImportError:
        raise CallError(NEEDS_PDF) from None


def _set(
    typst: Any, words: dict[str, Any], contents: dict[str, bytes], standards: list[str], own_fonts_only: bool
) -> bytes:
    template = files("nightdose.letter").joinpath("templates/letter.typ").read_bytes()
    made: bytes = typst.compile(
        {"main.typ": template, "letter.json": json.dumps(words, ensure_ascii=False).encode(), **contents},
        format="pdf",
        pdf_standards=standards,
        font_paths=[_font_folder()],
        ignore_system_fonts=own_fonts_only,
    )
    return made


def _without_glyph(error: Exception) -> str | None:
    """The character that no font has; None where Typst complains of something else."""
    found = re.search(r'the text `"(.+?)"` could not be displayed', str(error), re.DOTALL)
    return found[1] if found else None


def _marked(words: dict[str, Any], signs: str) -> dict[str, Any]:
    """A mark for each of these signs (a pattern), and a sentence that says so: nothing is lost in silence."""
    apart = re.sub("[\u200d\ufe0f]", "", json.dumps(words, ensure_ascii=False))  # a mark cannot be joined to anything
    marked: dict[str, Any] = json.loads(re.sub(signs, MARK, apart))
    lacking = say(SIGNS_LACKING, mark=MARK)
    if lacking not in marked["foot"]:
        marked["foot"] = " ".join(filter(None, (lacking, marked["foot"])))
    return marked


def _words(letter: Letter, appendix: Sequence[Part], paper: Paper, made: datetime.date | None) -> dict[str, Any]:
    """Everything on the pages as JSON, cleaned as it is for HTML."""
    tongue, _, region = letter.language.partition("-")
    said = {
        "kind": say("One person’s diary, for the doctor"), "tried": say("Tried"), "how": say("How"),
        "said": say("What can be said"), "before": say("Tried before, and why it was stopped"),
        "none": say("Not written down."), "safety": say("Safety, open points"), "evidence": say("Published evidence"),
        "source": say("source"), "discuss": say("To discuss"), "own": say("In the person’s own words:"),
        "appendix": say("Appendix"),
    }  # fmt: skip
    foot = say(
        "Self-recorded by one person; a diary and analysis aid for a decision made together, not a device for "
        "diagnosis or dosing."
    )
    body = asdict(letter)
    for name in ("days", "since", "fifty"):
        body[name] = _picture(getattr(letter, name))
    body |= {
        "layout": say("page form: {layout}", layout=letter.layout),
        "words": said,
        "title": f"{letter.question} {letter.word} - {letter.layout}",
        "foot": " ".join(filter(None, (foot, letter.call, letter.left_out))),
        "appendix": [asdict(part) | {"widths": _widths(part.table)} for part in appendix],
    }
    return {
        **_clean(body),
        "paper": paper, "language": tongue or "en", "region": region or None, "fonts": [FONT, SYMBOLS],
        "steps": STEPS, "date": None if made is None else {"year": made.year, "month": made.month, "day": made.day},
    }  # fmt: skip


def _picture(figure: Figure | None) -> dict[str, str] | None:
    return (
        None
        if figure is None
        else {"svg": _for_typst(standalone(figure.svg)), "alt": figure.sentence, "sentence": figure.sentence}
    )


def _for_typst(svg: str) -> str:
    """The drawing with the PDF's own font, as Typst draws it.

    What a variable font weighs has to be said in its own words; a lone dot without length is not drawn; and a rim of
    paper round each letter would eat into the one before.
    """
    svg = re.sub(r"system-ui[^;]*?sans-serif", f'"{FONT}", "{SYMBOLS}"', svg)
    weights = '.figure text { font-variation-settings: "wght" 400; } '
    weights += '.figure .heading, .figure .number, .figure .label-words { font-variation-settings: "wght" 650; } '
    weights += ".figure .small, .figure .name { stroke: none; }"
    return re.sub('h0(?=[M"])', "h.01", svg.replace("</style>", f"{weights}</style>", 1))


def _widths(table: Sequence[Sequence[str]]) -> list[float]:
    """Shares of the width, by the longest cell of each column."""
    return [max(4.0, min(60.0, max(len(row[at]) for row in table))) for at in range(len(table[0]))] if table else []


def _clean(value: Any, key: str = "") -> Any:
    """Texts without anything that steers, with places to break in words that have none; drawings as they are."""
    if isinstance(value, dict):
        return {name: _clean(each, name) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(each) for each in value]
    if not isinstance(value, str) or key == "svg":
        return value
    return re.sub(rf"\S{{{UNBROKEN},}}", _breakable, on_page(value))


def _breakable(word: re.Match[str]) -> str:
    return BREAK.join(word[0][at : at + 8] for at in range(0, len(word[0]), 8))
