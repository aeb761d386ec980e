"""A forest of people: a line each, by the diary alone, and below the mean of all and where a new person may lie."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nightdose.evidence.people import PeoplePool
from nightdose.language.catalogue import say
from nightdose.language.number import number
from nightdose.report.figures.axes import Axis, ticks
from nightdose.report.figures.svg import FONT, LINE, coordinate, element, line, rectangle, text, text_width

MOST_ROWS = 150  # people drawn one under the other; more are thinned evenly
ROW, ROW_MOST = 3.4, 13.0  # px
SIDE = 8.0


def forest(
    rows: Sequence[tuple[float, float, float]], pool: PeoplePool, worth: float, width: float
) -> tuple[list[str], float, int]:
    """(parts, y of the scale, people drawn).

    rows : (low, middle, high) in the order drawn. worth : half the width of the zone around 0.
    """
    if len(rows) > MOST_ROWS:
        rows = [rows[i] for i in np.round(np.linspace(0, len(rows) - 1, MOST_ROWS)).astype(int).tolist()]
    step = min(ROW_MOST, max(ROW, 260.0 / len(rows)))
    ends = float(np.quantile(np.abs([(low, high) for low, _, high in rows]), 0.97))
    axis = Axis(-1.1 * ends, 1.1 * ends, SIDE, width - SIDE)
    top = FONT + LINE + 8
    bottom = top + step * len(rows) + 34
    body = frame(axis, worth, top, bottom, width)
    for i, (low, middle, high) in enumerate(rows):
        y = top + step * (i + 0.5)
        body.append(line(axis.place(low), y, axis.place(high), y, "axis"))
        body.append(_middle(axis, middle, y))
    return [*body, *pooled(pool, axis, bottom - 16), scale(axis, bottom, width)], bottom, len(rows)


def _middle(axis: Axis, middle: float, y: float) -> str:
    """A square where somebody's best value lies; an arrow at the edge where it lies beyond."""
    if axis.low <= middle <= axis.high:
        return rectangle(axis.place(middle) - 1.5, y - 1.5, 3, 3, "dose")
    edge, inwards = (axis.stop, -6) if middle > axis.high else (axis.start, 6)
    top, base, at = coordinate(y - 3), coordinate(y + 3), coordinate(y)
    shape = f"M{coordinate(edge)} {at}L{coordinate(edge + inwards)} {top}L{coordinate(edge + inwards)} {base}Z"
    return element("path", d=shape, class_="dose")


def frame(axis: Axis, worth: float, top: float, bottom: float, width: float) -> list[str]:
    """The zone of what is too small to matter, zero, and which side is which."""
    left, right = axis.place(-worth), axis.place(worth)
    zero = axis.place(0.0)
    return [
        rectangle(left, top - 4, right - left, bottom - top + 4, "zone"),
        sides(axis),
        line(zero, top - 4, zero, bottom, "zero"),
    ]


def sides(axis: Axis) -> str:
    """Which side is which."""
    return text(axis.start, FONT, say("← worse with it"), "heading") + text(
        axis.stop, FONT, say("better with it →"), "heading", "end"
    )


def pooled(pool: PeoplePool, axis: Axis, y: float) -> list[str]:
    """The mean with its interval as a diamond, the true effect of one new person as a thin bar."""
    low, high = (axis.place(end) for end in pool.interval95())
    next_low, next_high = (axis.place(end) for end in pool.interval95(of_next=True))
    x = axis.place(pool.mean)
    top, base, at = coordinate(y - 7), coordinate(y + 7), coordinate(y)
    shape = f"M{coordinate(low)} {at}L{coordinate(x)} {top}L{coordinate(high)} {at}L{coordinate(x)} {base}Z"
    return [line(next_low, y, next_high, y, "mark-line"), element("path", d=shape, class_="mean")]


def scale(axis: Axis, y: float, width: float) -> str:
    """The numbers under the picture."""
    body, free_from = [line(axis.start, y, axis.stop, y, "axis")], 0.0
    for value in ticks(axis.low, axis.high, 6):
        words = number(value, signed=True)
        x, half = axis.place(value), text_width(words) / 2
        if x - half > free_from and x + half <= width:
            body += [line(x, y, x, y + 4, "axis"), text(x, y + 4 + FONT, words, "small", "middle")]
            free_from = x + half + 4
    return "".join(body)
