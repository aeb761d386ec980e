"""The few shapes our pictures are made of, as SVG text; colours and fonts are classes of the page's style."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from nightdose.arrays import Floats
from nightdose.language.number import plain

WIDE, NARROW = 720.0, 340.0  # user units = CSS pixels: one drawing for a desk and paper, one for a phone
FONT, LINE = 12.0, 15.0
BOLD = 1.17
CHARACTER = 6.6  # mean advance of a character at 12 px, generous: a label may end early, never late


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture and the sentence that stands visibly under it."""

    svg: str
    sentence: str


def coordinate(value: float) -> str:
    """A length with one decimal, as SVG wants it."""
    assert math.isfinite(value), "a picture has no place for an unknown number"
    return f"{value:.1f}".removesuffix(".0")


def element(tag: str, content: str = "", **attributes: str | float) -> str:
    """`class_="a"` becomes class="a", `stroke_width=2` becomes stroke-width="2"; content is SVG already."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(v if isinstance(v, str) else coordinate(v))}"'
        for key, v in attributes.items()
        if v != ""
    )
    return f"<{tag}{written}>{content}</{tag}>" if content else f"<{tag}{written}/>"


def text(x: float, y: float, words: str, class_: str = "", anchor: str = "start") -> str:
    """One line of words, baseline at y; whatever the words are, they stay words."""
    return element("text", escape(plain(words)), x=x, y=y, class_=class_, text_anchor=anchor)


def text_width(words: str, *, bold: bool = False) -> float:
    """About how wide the words are, in user units."""
    return len(words) * CHARACTER * (BOLD if bold else 1.0)


def shorten(words: str, room: float) -> str:
    """The words, cut with an ellipsis where they do not fit."""
    words = plain(words)
    fits = max(1, int(room / CHARACTER))
    return words if len(words) <= fits else words[: max(1, fits - 1)].rstrip() + "…"


def wrap(words: str, room: float) -> list[str]:
    """Lines no wider than `room`; a word that is too long is cut."""
    lines: list[str] = []
    for word in words.split():
        if lines and text_width(f"{lines[-1]} {word}") <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(shorten(word, room))
    return lines


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> str:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def rectangle(x: float, y: float, width: float, height: float, class_: str = "", fill: str = "") -> str:
    """A rectangle; a negative width or height is drawn as 0."""
    return element("rect", x=x, y=y, width=max(width, 0.0), height=max(height, 0.0), class_=class_, fill=fill)


def runs(known: Sequence[bool]) -> Iterable[tuple[int, int]]:
    """(start, stop) of the unbroken stretches of True."""
    start = None
    for i, ok in enumerate([*known, False]):
        if ok and start is None:
            start = i
        elif not ok and start is not None:
            yield start, i
            start = None


def curve(x: Floats, y: Floats, class_: str) -> str:
    """A line through the known points, interrupted where a value is unknown."""
    steps = []
    for start, stop in runs(np.isfinite(y).tolist()):
        points = _points(x[start:stop], y[start:stop])
        steps.append("M" + "L".join(points if len(points) > 1 else points * 2))
    return element("path", d="".join(steps), class_=class_) if steps else ""


def area(x: Floats, low: Floats, high: Floats, class_: str) -> str:
    """The filled band between two curves."""
    steps = []
    for start, stop in runs((np.isfinite(low) & np.isfinite(high)).tolist()):
        there, back = _points(x[start:stop], high[start:stop]), _points(x[start:stop], low[start:stop])
        steps.append("M" + "L".join(there + back[::-1]) + "Z")
    return element("path", d="".join(steps), class_=class_) if steps else ""


def _points(x: Floats, y: Floats) -> list[str]:
    return [f"{coordinate(a)} {coordinate(b)}" for a, b in zip(x.tolist(), y.tolist(), strict=True)]


def dots(points: Iterable[tuple[float, float]], radius: float, class_: str) -> str:
    """Many round dots as one path: zero-length strokes with round ends."""
    d = "".join(f"M{coordinate(x)} {coordinate(y)}h0" for x, y in points)
    return element("path", d=d, class_=class_, stroke_width=2 * radius) if d else ""


def crosses(points: Iterable[tuple[float, float]], radius: float, class_: str) -> str:
    """One path of diagonal crosses."""
    r, across = coordinate(radius), coordinate(2 * radius)
    d = "".join(
        f"M{coordinate(x)} {coordinate(y)}m-{r}-{r}l{across} {across}m0-{across}l-{across} {across}" for x, y in points
    )
    return element("path", d=d, class_=class_) if d else ""


def hatching(ident: str) -> str:
    """Diagonal lines for what is unknown; one definition a drawing."""
    stroke = element("path", d="M-1 1L1-1M0 6L6 0M5 7L7 5", class_="hatch")
    return element("defs", element("pattern", stroke, id=ident, width="6", height="6", patternUnits="userSpaceOnUse"))


def banner(label: str, width: float) -> tuple[str, float]:
    """The label inside the picture, and the height it takes: a picture may leave its page."""
    if not label:
        return "", 0.0
    lines = wrap(label, (width - 16) / BOLD)
    height = LINE * len(lines) + 8
    body = rectangle(0.5, 0.5, width - 1, height, "label-box")
    body += "".join(text(8, 15 + LINE * i, words, "label-words") for i, words in enumerate(lines))
    return body, height + 8


def drawing(ident: str, title: str, sentence: str, size: tuple[float, float], body: str) -> str:
    """The finished picture with its name and its description for those who cannot see it."""
    width, height = size
    named = element("title", escape(plain(title)), id=f"{ident}-title")
    named += element("desc", escape(plain(sentence)), id=f"{ident}-desc")
    return element(
        "svg",
        named + body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {coordinate(width)} {coordinate(height)}",
        role="img",
        aria_labelledby=f"{ident}-title {ident}-desc",
        class_="figure",
    )
