"""The letter as one self-contained HTML page for paper and phone: no script, no outside request."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from nightdose.language.catalogue import say
from nightdose.language.number import plain, typeset
from nightdose.letter.appendix import Part
from nightdose.letter.letter import Letter


def letter_html(letter: Letter, appendix: Sequence[Part] = ()) -> str:
    """The page and its appendix as HTML text; the same letter gives the same bytes."""
    return (
        environment()
        .get_template("letter.html")
        .render(letter=letter, appendix=appendix, say=say, figures_css=_figures_css())
    )


@cache
def _figures_css() -> str:
    return files("nightdose.report").joinpath("templates/figures.css").read_text(encoding="utf-8")


@cache
def environment() -> Environment:
    """Templates with escaping on for everything: names in a diary are somebody else's text."""
    return Environment(
        loader=PackageLoader("nightdose.letter"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: typeset(plain(value)) if type(value) is str else value,
    )


@cache
def print_style() -> str:
    """The style of a picture that leaves its page, every colour written out as it is printed."""
    css = files("nightdose.letter").joinpath("templates/letter.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"(--[a-z]+):\s*([^;]+);", css.split("@media")[0]))
    extra = css[css.index("/* the pictures of the letter */") :]
    return re.sub(r"var\((--[a-z]+)\)", lambda found: colours[found[1]], _figures_css() + extra)


def standalone(svg: str) -> str:
    """The drawing with its own style, for programs that do not see the page."""
    head, body = svg.split(">", 1)
    return f"{head}><style>{print_style()}</style>{body}"
