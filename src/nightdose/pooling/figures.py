"""Pictures of a pool: the mean and what a new person may expect, every person, every group."""

from __future__ import annotations

import numpy as np

from nightdose.language.catalogue import say
from nightdose.language.number import number
from nightdose.pooling.pool import Part, Together
from nightdose.pooling.words import best, group_name, mean_words, title, unit_words
from nightdose.report.figures.axes import Axis, ticks
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
    text_width,
)

CURVE_POINTS, CURVE_HEIGHT = 161, 150.0
MOST_ROWS = 150  # people drawn one under the other; more are thinned evenly
ROW, ROW_MOST = 3.4, 13.0  # px
SIDE = 8.0


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
    body = [*_frame(axis, found.meaningful, top, bottom, width), _scale(axis, bottom, width)]
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
    rows = part.rows
    if len(rows) > MOST_ROWS:
        rows = tuple(rows[i] for i in np.round(np.linspace(0, len(rows) - 1, MOST_ROWS)).astype(int).tolist())
    step = min(ROW_MOST, max(ROW, 260.0 / len(rows)))
    ends = np.quantile(np.abs([(low, high) for low, _, high in rows]), 0.97)
    axis = Axis(-1.1 * float(ends), 1.1 * float(ends), SIDE, width - SIDE)
    top = FONT + LINE + 8
    bottom = top + step * len(rows) + 34
    body = _frame(axis, part.common.meaningful, top, bottom, width)
    for i, (low, middle, high) in enumerate(rows):
        y = top + step * (i + 0.5)
        body.append(line(axis.place(low), y, axis.place(high), y, "axis"))
        body.append(rectangle(axis.place(middle) - 1.5, y - 1.5, 3, 3, "dose"))
    body += _pooled(part.common, axis, bottom - 16)
    body.append(_scale(axis, bottom, width))
    fewer = ""
    if len(rows) < len(part.rows):
        fewer = say("{n} of {all} people, evenly chosen.", n=len(rows), all=len(part.rows))
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
    body = [_sides(axis)]
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
    body.append(_scale(axis, y, width))
    sentence = say(
        "Means of groups of ten people or more (in brackets how many), drawn towards each other as far as they agree; "
        "in sd of a person’s own days, with 95 % intervals."
    )
    return Figure(drawing(ident, title(part), sentence, (width, y + 24), "".join(body)), sentence)


def _frame(axis: Axis, worth: float, top: float, bottom: float, width: float) -> list[str]:
    left, right = axis.place(-worth), axis.place(worth)
    zero = axis.place(0.0)
    return [
        rectangle(left, top - 4, right - left, bottom - top + 4, "zone"),
        _sides(axis),
        line(zero, top - 4, zero, bottom, "zero"),
    ]


def _sides(axis: Axis) -> str:
    return text(axis.start, FONT, say("← worse with it"), "heading") + text(
        axis.stop, FONT, say("better with it →"), "heading", "end"
    )


def _pooled(found: Together, axis: Axis, y: float) -> list[str]:
    low, high = (axis.place(end) for end in found.pool.interval95())
    next_low, next_high = (axis.place(end) for end in found.pool.interval95(of_next=True))
    x = axis.place(found.pool.mean)
    top, base, at = coordinate(y - 7), coordinate(y + 7), coordinate(y)
    shape = f"M{coordinate(low)} {at}L{coordinate(x)} {top}L{coordinate(high)} {at}L{coordinate(x)} {base}Z"
    return [line(next_low, y, next_high, y, "mark-line"), element("path", d=shape, class_="mean")]


def _scale(axis: Axis, y: float, width: float) -> str:
    body, free_from = [line(axis.start, y, axis.stop, y, "axis")], 0.0
    for value in ticks(axis.low, axis.high, 6):
        words = number(value, signed=True)
        x, half = axis.place(value), text_width(words) / 2
        if x - half > free_from and x + half <= width:
            body += [line(x, y, x, y + 4, "axis"), text(x, y + 4 + FONT, words, "small", "middle")]
            free_from = x + half + 4
    return "".join(body)
