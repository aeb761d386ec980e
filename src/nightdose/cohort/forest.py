"""A forest of people: a line each, by the diary alone, and the mean of all below."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nightdose.evidence.people import PeoplePool
from nightdose.language.catalogue import say
from nightdose.language.number import number
from nightdose.report.figures.axes import Axis, ticks
from nightdose.report.figures.svg import FONT, LINE, WIDE, coordinate, drawing, element, line, rectangle, text
from nightdose.statistics import Z95

MOST_ROWS, SIDE = 80, 12.0


def cohort_forest(people: Sequence[tuple[float, float]], pool: PeoplePool) -> str:
    """SVG. people : (mean, sd) of each likelihood; at most MOST_ROWS are drawn, evenly chosen by their rank."""
    rows = [(mean - Z95 * sd, mean, mean + Z95 * sd) for mean, sd in sorted(people)]
    if len(rows) > MOST_ROWS:
        rows = [rows[i] for i in np.round(np.linspace(0, len(rows) - 1, MOST_ROWS)).astype(int).tolist()]
    far = float(np.quantile(np.abs([(low, high) for low, _, high in rows]), 0.97))
    axis = Axis(-1.1 * far, 1.1 * far, SIDE, WIDE - SIDE)
    step = min(18.0, max(5.0, 260.0 / len(rows)))
    top = FONT + LINE
    bottom = top + step * len(rows) + 34
    zero = axis.place(0.0)
    body = [
        text(SIDE, FONT, say("← worse with it"), "heading"),
        text(WIDE - SIDE, FONT, say("better with it →"), "heading", "end"),
        line(zero, top - 4, zero, bottom, "zero"),
    ]
    for i, (low, middle, high) in enumerate(rows):
        y = top + step * (i + 0.5)
        left, right = (min(max(axis.place(end), SIDE), WIDE - SIDE) for end in (low, high))
        body += [line(left, y, right, y, "axis"), rectangle(axis.place(middle) - 1.5, y - 1.5, 3, 3, "dose")]
    y = bottom - 16
    low, high = (axis.place(end) for end in pool.interval95())
    x, at = axis.place(pool.mean), coordinate(y)
    shape = f"M{coordinate(low)} {at}L{coordinate(x)} {coordinate(y - 7)}L{coordinate(high)} {at}L{coordinate(x)} "
    body.append(element("path", d=f"{shape}{coordinate(y + 7)}Z", class_="mean"))
    body.append(line(SIDE, bottom, WIDE - SIDE, bottom, "axis"))
    for value in ticks(axis.low, axis.high, 6):
        body.append(text(axis.place(value), bottom + 16, number(value, signed=True), "small", "middle"))
    sentence = say(
        "{n} people by their diaries alone (95 % interval, points of the outcome), worst first; below, the mean over "
        "people: {mean} ({low} to {high}).",
        n=len(people),
        mean=number(pool.mean, signed=True),
        low=number(pool.interval95()[0], signed=True),
        high=number(pool.interval95()[1], signed=True),
    )
    return drawing("people", say("Forest of people"), sentence, (WIDE, bottom + 24), "".join(body))
