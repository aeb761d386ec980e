"""Pictures of a pool: the mean and what a new person may expect, every person, every group."""

from __future__ import annotations

import numpy as np

from nightdose.language.catalogue import say
from nightdose.pooling.pool import Part
from nightdose.pooling.words import best, group_name, mean_words, title, unit_words
from nightdose.report.figures.axes import Axis
from nightdose.report.figures.people import SIDE, forest, frame, scale, sides
from nightdose.report.figures.svg import (
    FONT,
    LINE,
    WIDE,
    Figure,
    coordinate,
    drawing,
    element,
    line,
    rectangle,
    shorten,
    text,
)

CURVE_POINTS, CURVE_HEIGHT = 161, 150.0


def curve_figure(part: Part, *, width: float = WIDE, ident: str = "curve") -> Figure | None:
    """The mean over people as a filled curve, the true effect of a new person as a line; None without a pool."""
    found = best(part)
    if found is None:
        return None
    low, high = found.pool.interval95(of_next=True)
    reach = 1.25 * max(-low, high, 1.1 * found.meaningful)
    axis = Axis(-reach, reach, SIDE, width - SIDE)
    top, bottom = FONT + LINE + 8, FONT + LINE + 8 + CURVE_HEIGHT
    at = np.linspace(-reach, reach, CURVE_POINTS)
    body = [*frame(axis, found.meaningful, top, bottom, width), scale(axis, bottom, width)]
    for of_next in (False, True):
        below = np.array([found.pool.below(x, of_next=of_next) for x in at.tolist()])
        height = np.gradient(below)
        height = bottom - CURVE_HEIGHT * height / height.max()
        path = "L".join(
            f"{coordinate(axis.place(x))} {coordinate(h)}" for x, h in zip(at.tolist(), height.tolist(), strict=True)
        )
        if of_next:
            body.append(element("path", d=f"M{path}", class_="curve-untaken"))
        else:
            base, start, stop = coordinate(bottom), coordinate(SIDE), coordinate(width - SIDE)
            body.append(element("path", d=f"M{start} {base}L{path}L{stop} {base}Z", class_="band-1"))
            body.append(element("path", d=f"M{path}", class_="curve-1"))
    sentence = say(
        "Filled: where the mean over people lies. Dashed: where the true effect of one new person lies. Each is drawn "
        "as high as it can be; shaded in the middle: too small to be worth having. Scale: {unit}.",
        unit=unit_words(found),
    )
    return Figure(drawing(ident, title(part), sentence, (width, bottom + 24), "".join(body)), sentence)


def people_figure(part: Part, *, width: float = WIDE, ident: str = "people") -> Figure | None:
    """Every person with a planned trial, worst first, in sd of their own days; None without a pool."""
    if part.common is None:
        return None
    body, bottom, drawn = forest(part.rows, part.common.pool, part.common.meaningful, width)
    fewer = ""
    if drawn < len(part.rows):
        fewer = say("{n} of {all} people, evenly chosen.", n=drawn, all=len(part.rows))
    sentence = say(
        "Each line is one person, by the diary alone (95 % interval, sd of the person’s own days). Below: the mean of "
        "all as a diamond, and where the true effect of one new person lies. {fewer}",
        fewer=fewer,
    ).strip()
    return Figure(drawing(ident, title(part), sentence, (width, bottom + 24), "".join(body)), sentence)


def groups_figure(part: Part, *, width: float = WIDE, ident: str = "groups") -> Figure | None:
    """Every group that is published, under the name of what differs; None where there is none."""
    if not part.moderators or part.common is None:
        return None
    wide = width > 500
    start, stop = (250.0, width - 190.0) if wide else (SIDE, width - SIDE)
    spans = [abs(end) for m in part.moderators for g in m.groups for end in g.drawn.interval95]
    axis = Axis(-1.15 * max(*spans, part.common.meaningful), 1.15 * max(*spans, part.common.meaningful), start, stop)
    y, step = FONT + LINE + 6, 24.0 if wide else 46.0
    body = [sides(axis)]
    for moderator in part.moderators:
        for group in moderator.groups:
            middle = y + (12.0 if wide else 34.0)
            name, numbers = f"{group_name(moderator, group)} ({group.people})", mean_words(group.drawn)
            if wide:
                body.append(text(2, middle + 4, shorten(name, start - 12), "name"))
                body.append(text(width - 2, middle + 4, numbers, "", "end"))
            else:
                body.append(text(start, y + FONT, shorten(name, width - 16), "name"))
                body.append(text(start, y + FONT + LINE - 2, numbers, ""))
            body.append(line(axis.place(0.0), middle - 10, axis.place(0.0), middle + 10, "zero"))
            low, high = (axis.place(end) for end in group.drawn.interval95)
            body.append(line(low, middle, high, middle, "interval"))
            body.append(rectangle(axis.place(group.drawn.mean) - 4, middle - 4, 8, 8, "dose"))
            y += step
        y += 6
        body.append(line(2, y - 3, width - 2, y - 3, "grid"))
    body.append(scale(axis, y, width))
    sentence = say(
        "Means of groups of ten people or more (in brackets how many), drawn towards each other as far as they agree; "
        "in sd of a person’s own days, with 95 % intervals."
    )
    return Figure(drawing(ident, title(part), sentence, (width, y + 24), "".join(body)), sentence)
