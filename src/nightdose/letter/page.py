"""The letter as one self-contained HTML page for paper and phone: no script, no outside request."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from nightdose.language.catalogue import say
from nightdose.language.number import on_page
from nightdose.letter.appendix import Part
from nightdose.letter.letter import Letter
from nightdose.letter.words import Number, Table

# px of the page of Letter paper, the shorter of the two; and what its parts take at the usual size of type
ROOM, HEAD, PICTURES, NUMBERS, FOOT = 975.0, 74.0, 180.0, 104.0, 38.0
PER_LINE, WIDE_LINE, HALF_LINE = 15.2, 84, 47  # px of a line; characters that surely fit on it
# of a number: px around it; px of a line, and characters on it, of its name, of itself, of its note
AROUND, PARTS_OF_A_NUMBER = 12.0, ((13.7, 20), (16.5, 13), (12.5, 22))
COLUMN_LINE = 10  # characters of a line of a column's head
FEWEST_FOR_NAME, PER_COLUMN = 20, 5  # characters of a line: of a name at least, and that a column of numbers takes
LONG_WORD = 21  # characters of a word from which it may be broken anywhere
WORD_LINE = 23.0  # px of a line of the large word
DENSE = 0.86  # of that, in type that is one point smaller


def density(letter: Letter) -> str:
    """How small the type has to be for one page, by counting lines: "", "dense" or "densest"."""
    wide = _lines([letter.tried, letter.how, letter.sentence, letter.label], WIDE_LINE) + _lines([letter.notes], 95)
    tables = _table_lines(letter.side_effects), _table_lines(letter.rescue)
    halves = (
        max(tables),
        1 + max(_lines([f"{a} {b}" for a, b in letter.before], 40), _lines(letter.safety, HALF_LINE)),
        1 + max(_lines([line for line, _ in letter.evidence], HALF_LINE - 4), _lines(letter.discuss, HALF_LINE)),
    )
    drawn = PICTURES + (206.0 if letter.since or letter.fifty else 76.0)
    numbers = max([NUMBERS, *(_number_px(each) for each in letter.numbers)])
    words = HEAD + numbers + FOOT + PER_LINE * (wide + 2 + sum(halves)) + 40
    words += PER_LINE * (_lines([letter.question], 75) - 1)
    words += WORD_LINE * (_lines([f"{letter.word} {letter.ceiling_line}"], 70) - 1)
    for name, share in (("", 1.0), ("dense", DENSE)):
        if drawn + share * words <= ROOM:
            return name
    return "densest"


def _lines(texts: Sequence[str], characters: int) -> int:
    """Lines that the texts take, each from a new one."""
    return sum(-(-len(text) // characters) for text in texts if text)


def _number_px(number: Number) -> float:
    """Height of one of the five numbers."""
    parts = zip((number.name, number.value, number.note), PARTS_OF_A_NUMBER, strict=True)
    return AROUND + sum(px * _lines([text], characters) for text, (px, characters) in parts)


def _table_lines(table: Table) -> int:
    """Lines of a small table with its heads: a name shares its half of the page with the numbers, and wraps."""
    for_name = max(FEWEST_FOR_NAME, HALF_LINE - PER_COLUMN * (len(table.heads) - 1))
    heads = max((_lines([head], COLUMN_LINE) for head in table.heads[1:]), default=1) if table.rows else 1
    return heads + max(_lines([row[0] for row in table.rows], for_name), 1) + bool(table.note)


def letter_html(letter: Letter, appendix: Sequence[Part] = ()) -> str:
    """The page and its appendix as HTML text; the same letter gives the same bytes."""
    return (
        environment()
        .get_template("letter.html")
        .render(
            letter=letter,
            appendix=appendix,
            density=density(letter),
            say=say,
            colours=_style("paper.css"),
            figures_css=_style("figures.css"),
        )
    )


@cache
def _style(name: str) -> str:
    return files("nightdose.report").joinpath(f"templates/{name}").read_text(encoding="utf-8")


def _long(words: str) -> Markup:
    """The class of a cell with a word that may be broken anywhere; a shorter one holds its column open."""
    return Markup(' class="long"' if re.search(rf"[^\s-]{{{LONG_WORD},}}", words) else "")


@cache
def environment() -> Environment:
    """Templates with escaping on for everything: names in a diary are somebody else's text."""
    made = Environment(
        loader=PackageLoader("nightdose.letter"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: on_page(value) if type(value) is str else value,
    )
    made.globals["long"] = _long
    return made


@cache
def print_style() -> str:
    """The style of a picture that leaves its page, every colour written out as it is printed."""
    css = files("nightdose.letter").joinpath("templates/letter.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"(--[a-z]+):\s*([^;]+);", _style("paper.css")))
    extra = css[css.index("/* the pictures of the letter */") :]
    return re.sub(r"var\((--[a-z]+)\)", lambda found: colours[found[1]], _style("figures.css") + extra)


def standalone(svg: str) -> str:
    """The drawing with its own style, for programs that do not see the page."""
    head, body = svg.split(">", 1)
    return f"{head}><style>{print_style()}</style>{body}"
