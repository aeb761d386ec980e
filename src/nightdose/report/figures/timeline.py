"""A kept diary over time: a year as small dots, and rows of scores and doses over any stretch of days.

A day without an entry stays empty: no line joins what was not recorded.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats
from nightdose.language.calendar import brief, dated, month_short
from nightdose.language.catalogue import say
from nightdose.report.figures.axes import Axis
from nightdose.report.figures.svg import WIDE, Figure, coordinate, dots, drawing, element, line, runs, shorten, text

NAME_LINE, SCORE_TALL, DOSE_TALL, SPAN_TALL, BETWEEN = 16.0, 54.0, 18.0, 8.0, 14.0
TALL = {"score": SCORE_TALL, "dose": DOSE_TALL, "span": SPAN_TALL}
SHADES = 5  # sizes of a year's dots
FEWEST_DAYS = 14  # a shorter stretch is drawn as wide as this


@dataclass(frozen=True, slots=True)
class Row:
    """One thing over days. values : (days,) NaN = not recorded; low, high : ends of its scale; kind : its drawing.

    score : a dot a day; dose : a bar as tall as the amount; span : a line over the days on which it went on.
    """

    name: str
    values: Floats
    low: float
    high: float
    kind: str = "score"  # score | dose | span


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened on one day: an event, a medicine started, the first evening of a block."""

    day: int
    words: str


def timeline_figure(
    first_day: datetime.date,
    rows: Sequence[Row],
    marks: Sequence[Mark] = (),
    *,
    of_days: int = 1,
    width: float = WIDE,
    ident: str = "time",
) -> Figure:
    """Every row under the other over the same days; the sentence counts what was recorded.

    of_days : days that one value of a row stands for; 7 = means of weeks, for years that lie side by side.
    """
    days = of_days * max((len(row.values) for row in rows), default=0)
    across = Axis(0.0, float(max(days, FEWEST_DAYS)), 26.0, width - 6)
    wide = of_days * (across.stop - across.start) / max(days, FEWEST_DAYS)
    body, y = [], 8.0
    top = y
    for row in rows:
        body.append(text(0, y + 8, shorten(row.name, width), "heading"))
        y += NAME_LINE
        tall = TALL[row.kind]
        body.append(DRAWN[row.kind](row, across, wide, y, of_days))
        y += tall + BETWEEN
    for mark in marks:
        x = across.place(mark.day + 0.5)
        body.append(element("g", line(x, top, x, y - 6, "mark-line"), class_="moment"))
    for day, words in _dates(first_day, days, width):
        x = across.place(day)
        body += [line(x, y - 6, x, y - 2, "axis"), text(x, y + 10, words, "small")]
    body.append(line(across.start, y - 6, across.stop, y - 6, "axis"))
    y += 16
    for mark in marks[:8]:
        when = first_day + datetime.timedelta(days=mark.day)
        body.append(text(0, y + 8, shorten(f"{brief(when)}: {mark.words}", width), "small"))
        y += NAME_LINE
    counts = ", ".join(say("{name} on {n}", name=row.name, n=int(np.sum(np.isfinite(row.values)))) for row in rows)
    sentence = say(
        "{days} days from {first_day}. Recorded: {counts}. Empty days stay empty.",
        days=days,
        first_day=dated(first_day),
        counts=counts,
    )
    if of_days > 1:
        sentence += " " + say("Each dot is the mean of {n} days; the counts are of such stretches.", n=of_days)
    return Figure(drawing(ident, say("The diary over time"), sentence, (width, y + 4), "".join(body)), sentence)


def _scores(row: Row, across: Axis, wide: float, top: float, of_days: int) -> str:
    up = Axis(row.low, row.high if row.high > row.low else row.low + 1, top + SCORE_TALL, top)
    out = [
        line(across.start, up.place(v), across.stop, up.place(v), "grid")
        + text(across.start - 5, up.place(v) + 4, f"{v:g}", "small", "end")
        for v in (row.low, row.high)
    ]
    seen = np.flatnonzero(np.isfinite(row.values))
    spots = [(across.place(of_days * (i + 0.5)), up.place(float(row.values[i]))) for i in seen]
    out.append(dots(spots, float(np.clip(0.38 * wide, 1.0, 4.0)), "dot"))
    return "".join(out)


def _doses(row: Row, across: Axis, wide: float, top: float, of_days: int) -> str:
    """Bars in one path, however many years; a known zero is a short line on the ground."""
    base, most = top + DOSE_TALL, row.high or 1.0
    bars, zeros = [], []
    for i in np.flatnonzero(np.isfinite(row.values)):
        middle = coordinate(across.place(of_days * (float(i) + 0.5)))
        tall = DOSE_TALL * float(row.values[i]) / most
        if tall > 0:
            bars.append(f"M{middle} {coordinate(base)}v-{coordinate(tall)}")
        else:
            zeros.append(f"M{coordinate(across.place(of_days * float(i)))} {coordinate(base)}h{coordinate(0.8 * wide)}")
    drawn = element("path", d="".join(bars), class_="dose-bars", stroke_width=max(0.8 * wide, 0.7)) if bars else ""
    none = element("path", d="".join(zeros), class_="axis") if zeros else ""
    return line(across.start, base, across.stop, base, "grid") + none + drawn


def _spans(row: Row, across: Axis, wide: float, top: float, of_days: int) -> str:
    """A thick line over every unbroken stretch."""
    y = top + SPAN_TALL / 2
    known = np.isfinite(row.values) & (row.values > 0)
    return "".join(
        line(across.place(of_days * start), y, across.place(of_days * stop), y, "span-line")
        for start, stop in runs([bool(k) for k in known])
    )


DRAWN: Mapping[str, Callable[[Row, Axis, float, float, int], str]] = {
    "score": _scores, "dose": _doses, "span": _spans,
}  # fmt: skip


def _dates(first: datetime.date, days: int, width: float) -> list[tuple[int, str]]:
    """Month starts, or every week of a short stretch; as many as have room."""
    found = []
    for i in range(days + 1):
        day = first + datetime.timedelta(days=i)
        if days <= 45 and i % 7 == 0:
            found.append((i, brief(day)))
        elif days > 45 and day.day == 1:
            found.append((i, month_short(day) if day.month > 1 or days < 300 else f"{day.year}"))
    room = max(1, int(width / 52))
    return found[:: max(1, math.ceil(len(found) / room))]


def year_figure(
    last_day: datetime.date,
    values: Floats,
    name: str,
    ends: tuple[float, float],
    *,
    width: float = WIDE,
    ident: str = "year",
) -> Figure:
    """A year, a column a week, a dot a day: the larger the dot, the higher the score; an empty day is a speck.

    values : (days,) the last of them on `last_day`, NaN = not recorded; at most the last 53 weeks are drawn.
    """
    first = last_day - datetime.timedelta(days=len(values) - 1)
    start = last_day - datetime.timedelta(days=last_day.weekday() + 52 * 7)
    cell = (width - 4) / 53
    body, recorded = [], 0
    sized: dict[int, list[tuple[float, float]]] = {}
    for i, value in enumerate(values):
        day = first + datetime.timedelta(days=i)
        since = (day - start).days
        if since < 0:
            continue
        spot = (2 + cell * (since // 7 + 0.5), 16 + cell * (since % 7 + 0.5))
        share = (float(value) - ends[0]) / max(ends[1] - ends[0], 1e-9)
        size = 0 if math.isnan(share) else 1 + min(SHADES - 1, int(SHADES * min(1.0, max(0.0, share))))
        recorded += size > 0
        sized.setdefault(size, []).append(spot)
    for size, spots in sorted(sized.items()):
        radius = 0.6 if size == 0 else cell * 0.46 * size / SHADES
        body.append(dots(spots, radius, "speck" if size == 0 else "dot"))
    for week in range(53):
        day = start + datetime.timedelta(days=7 * week)
        if day.day <= 7:
            body.append(
                text(2 + cell * week, 10, month_short(day) if width > 500 or day.month % 3 == 1 else "", "small")
            )
    sentence = say(
        "{name} over the last year: {recorded} recorded days. The larger the dot, the higher the score.",
        name=name,
        recorded=recorded,
    )
    return Figure(
        drawing(ident, say("{name}, a year", name=name), sentence, (width, 20 + 7 * cell), "".join(body)), sentence
    )
