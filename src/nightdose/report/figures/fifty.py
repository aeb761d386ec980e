"""Fifty dots, one for each of fifty equally likely truths: where an effect may lie, for people who look and not read.

A quantile dot plot (Kay et al. 2016; Fernandes et al. 2018 found decisions made from fifty dots the best of nine
displays). The dots are the quantiles (i + 1/2) / 50 of the posterior, stacked where they lie close together.
"""

from __future__ import annotations

import numpy as np

from nightdose.arrays import Floats
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


def fifty_figure(
    improvement: Floats, meaningful: float, unit: str, *, width: float = WIDE, ident: str = "fifty"
) -> Figure:
    """The picture; improvement : (50,) quantiles at CHANCES, positive = better, in what people read; unit : its words.

    A filled dot is better by enough to matter, a ring too small to matter, a cross worse by enough to matter.
    """
    worse, small, better = fifty_counts(improvement, meaningful)
    low, high = min(float(improvement.min()), -meaningful), max(float(improvement.max()), meaningful)
    low, high = low - ROOM * (high - low), high + ROOM * (high - low)
    scale = (width - 28) / (high - low)
    radius = float(np.clip(np.ptp(improvement) / COLUMNS * scale / 2, SMALLEST, LARGEST))
    spots = stacks(improvement, 2 * radius / scale)
    top = 26.0
    step = min(2 * radius, TALLEST / float(spots[:, 1].max()))  # a posterior of hardly any width overlaps its dots
    base = top + float(spots[:, 1].max()) * step + 2 * radius

    def x(value: float) -> float:
        return 14 + scale * (value - low)

    placed = [(x(float(c)), base - 4 - radius - step * (float(h) - 1)) for c, h in spots]
    kinds = [
        (p, -1 if v <= -meaningful else 1 if v >= meaningful else 0) for p, v in zip(placed, improvement, strict=True)
    ]
    full = [p for p, kind in kinds if kind == 1]
    ring = [p for p, kind in kinds if kind == 0]
    crossed = [p for p, kind in kinds if kind == -1]
    body = [
        rectangle(x(-meaningful), top - 6, x(meaningful) - x(-meaningful), base - top + 6, "zone"),
        line(14, base, width - 14, base, "axis"),
        line(x(0.0), top - 6, x(0.0), base + 4, "zero"),
        *(line(x(s * meaningful), top - 6, x(s * meaningful), base, "zone-edge") for s in (-1, 1)),
        dots([*full, *ring], radius - 1, "mark"),
        dots(ring, radius - 3, "dot-core"),
        crosses(crossed, radius - 2.5, "cross-mark"),
        text(14, top - 12, "← worse", "small"),
        text(width - 14, top - 12, "better →", "small", "end"),
    ]
    y = base + FONT + 6
    body.append(text(x(0.0), y, "no difference", "small", "middle"))
    for s in (-1, 1):
        near = abs(x(meaningful) - x(0.0)) < 70
        body.append(
            text(
                x(s * meaningful), y + (15 if near else 0), f"{s * meaningful:+g}".replace("-", "−"), "small", "middle"
            )
        )
    y += 34
    for kind, words in (
        (1, f"{better} of 50: better by {meaningful:g} {unit} or more"),
        (0, f"{small} of 50: too small to matter"),
        (-1, f"{worse} of 50: worse by {meaningful:g} {unit} or more"),
    ):
        spot = [(22.0, y - 4)]
        body.append(crosses(spot, 4.5, "cross-mark") if kind == -1 else dots(spot, 6.0, "mark"))
        if kind == 0:
            body.append(dots(spot, 4.0, "dot-core"))
        body.append(text(38, y, shorten(" ".join(words.split()), width - 44)))
        y += 21
    sentence = (
        f"Each dot is one of fifty equally likely truths. {better} lie at {meaningful:g} {unit} better or more, "
        f"{small} are too small to matter, {worse} lie at {meaningful:g} {unit} worse or more."
    )
    sentence = " ".join(sentence.split())
    return Figure(drawing(ident, "Fifty equally likely truths", sentence, (width, y - 8), "".join(body)), sentence)
