"""Fifty dots, one for each of fifty equally likely truths: where an effect may lie, for people who look and not read.

A quantile dot plot (Kay et al. 2016; Fernandes et al. 2018 found decisions made from fifty dots the best of nine
displays). The dots are the quantiles (i + 1/2) / 50 of the posterior, stacked where they lie close together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Bools, Floats
from nightdose.language.catalogue import say
from nightdose.language.number import number
from nightdose.report.figures.svg import FONT, WIDE, Figure, crosses, dots, drawing, line, rectangle, shorten, text

DOTS = 50
CHANCES = (np.arange(DOTS) + 0.5) / DOTS
COLUMNS, ROOM = 12, 0.08  # columns across the dots; share of the axis left free at both ends
LARGEST, SMALLEST, TALLEST = 9.0, 4.5, 200.0  # radius of a dot; height of the hill


def fifty_counts(improvement: Floats, meaningful: float) -> tuple[int, int, int]:
    """(worse by enough to matter, too small to matter, better by enough) of the fifty dots; they add up to 50."""
    worse, better = int(np.sum(improvement <= -meaningful)), int(np.sum(improvement >= meaningful))
    return worse, DOTS - worse - better, better


def stacks(improvement: Floats, column: float) -> Floats:
    """(50, 2) middle of its column and height (1, 2, ...) of each dot; column : width, in units of the improvement."""
    at = np.floor(improvement / column)
    height = np.zeros(len(improvement))
    for value in np.unique(at):
        members = np.flatnonzero(at == value)
        height[members] = np.arange(1, len(members) + 1)
    return np.column_stack([(at + 0.5) * column, height])


@dataclass(frozen=True, slots=True)
class Hill:
    """Where the dots stand. low : improvement at the left end; scale : px a unit; base : y of the axis."""

    low: float
    scale: float
    top: float
    base: float
    radius: float

    def x(self, value: float) -> float:
        return 14 + self.scale * (value - self.low)


def fifty_figure(
    improvement: Floats, meaningful: float, unit: str, *, width: float = WIDE, ident: str = "fifty"
) -> Figure:
    """The picture; improvement : (50,) quantiles at CHANCES, positive = better, in what people read; unit : its words.

    A filled dot is better by enough to matter, a ring too small to matter, a cross worse by enough to matter.
    """
    hill, marks = _hill(improvement, meaningful, width)
    worse, small, better = fifty_counts(improvement, meaningful)
    worth = number(meaningful) + (f" {unit}" if unit else "")
    y = hill.base + FONT + 6
    legend, foot = _legend(
        (
            ("mark", say("{n} of 50: better by {worth} or more", n=better, worth=worth)),
            ("ring", say("{n} of 50: too small to matter", n=small)),
            ("cross", say("{n} of 50: worse by {worth} or more", n=worse, worth=worth)),
        ),
        y + 34,
        width,
    )
    body = _ground(hill, meaningful, width) + marks + _axis(hill, meaningful, y) + legend
    sentence = say(
        "Each dot is one of fifty equally likely truths. {better} lie at {worth} better or more, {small} are too small "
        "to matter, {worse} lie at {worth} worse or more.",
        better=better,
        small=small,
        worse=worse,
        worth=worth,
    )
    return Figure(drawing(ident, say("Fifty equally likely truths"), sentence, (width, foot - 8), body), sentence)


def _hill(improvement: Floats, meaningful: float, width: float) -> tuple[Hill, str]:
    """The place of the dots, and the dots."""
    low, high = min(float(improvement.min()), -meaningful), max(float(improvement.max()), meaningful)
    low, high = low - ROOM * (high - low), high + ROOM * (high - low)
    scale = (width - 28) / (high - low)
    radius = float(np.clip(np.ptp(improvement) / COLUMNS * scale / 2, SMALLEST, LARGEST))
    spots = stacks(improvement, 2 * radius / scale)
    step = min(2 * radius, TALLEST / float(spots[:, 1].max()))  # a posterior of hardly any width overlaps its dots
    hill = Hill(low, scale, 26.0, 26.0 + float(spots[:, 1].max()) * step + 2 * radius, radius)
    placed = [(hill.x(float(c)), hill.base - 4 - radius - step * (float(h) - 1)) for c, h in spots]
    full, crossed = improvement >= meaningful, improvement <= -meaningful

    def those(which: Bools) -> list[tuple[float, float]]:
        return [placed[i] for i in np.flatnonzero(which)]

    ring = those(~full & ~crossed)
    return hill, "".join(
        (
            dots([*those(full), *ring], radius - 1, "mark"),
            dots(ring, radius - 3, "dot-core"),
            crosses(those(crossed), radius - 2.5, "cross-mark"),
        )
    )


def _ground(hill: Hill, meaningful: float, width: float) -> str:
    """The zone too small to matter, the axis, and which side is better."""
    left, right, above = hill.x(-meaningful), hill.x(meaningful), hill.top - 6
    return "".join(
        (
            rectangle(left, above, right - left, hill.base - above, "zone"),
            line(14, hill.base, width - 14, hill.base, "axis"),
            line(hill.x(0.0), above, hill.x(0.0), hill.base + 4, "zero"),
            *(line(x, above, x, hill.base, "zone-edge") for x in (left, right)),
            text(14, hill.top - 12, say("← worse"), "small"),
            text(width - 14, hill.top - 12, say("better →"), "small", "end"),
        )
    )


def _axis(hill: Hill, meaningful: float, y: float) -> str:
    """Zero and the two edges in numbers, below zero's words where they would touch."""
    near = abs(hill.x(meaningful) - hill.x(0.0)) < 70
    body = text(hill.x(0.0), y, say("no difference"), "small", "middle")
    for edge in (-meaningful, meaningful):
        body += text(hill.x(edge), y + (15 if near else 0), number(edge, signed=True), "small", "middle")
    return body


def _legend(rows: tuple[tuple[str, str], ...], y: float, width: float) -> tuple[str, float]:
    """What each mark says, a row each, and where the rows end."""
    body = ""
    for kind, words in rows:
        spot = [(22.0, y - 4)]
        body += crosses(spot, 4.5, "cross-mark") if kind == "cross" else dots(spot, 6.0, "mark")
        if kind == "ring":
            body += dots(spot, 4.0, "dot-core")
        body += text(38, y, shorten(words, width - 44))
        y += 21
    return body, y
