"""Trials under each other, the pool as a diamond, what a further trial may show as a thin bar."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nightdose.evidence.body import Body
from nightdose.knowledge.comparisons import Comparison
from nightdose.language.catalogue import say
from nightdose.language.number import number
from nightdose.report.figures.axes import Axis, ticks
from nightdose.report.figures.svg import (
    FONT,
    LINE,
    WIDE,
    Figure,
    drawing,
    element,
    line,
    rectangle,
    shorten,
    text,
    text_width,
)
from nightdose.report.words.published import (
    is_ratio,
    pooled_words,
    side_words,
    trial_numbers,
)

RATIOS = (0.1, 0.2, 0.33, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 5.0, 10.0)
FURTHEST = 1.25  # an interval may pass the others' by a quarter of their span; what lies beyond is cut with an arrow
BOX, SMALLEST_BOX = 11.0, 4.0  # px: side of the square of the trial that weighs most, and of the lightest


@dataclass(frozen=True, slots=True)
class Line:
    """One row. middle, low, high : on the scale of the pool; weight : 0 to 1; kind : trial, pool or next."""

    name: str
    numbers: str
    middle: float
    low: float
    high: float
    weight: float
    kind: str


def lines_of(found: Body) -> list[Line]:
    """Every trial, then the pool and a further trial where there is a pool."""
    weights = found.pooled.reml.weights if found.pooled else [1.0]
    heaviest = max(weights)
    rows = []
    for trial, weight in zip(found.trials, weights, strict=True):
        effect, interval = trial_numbers(trial, found.comparison)
        mark = "*" if trial.status == "recalled" else ""
        rows.append(
            Line(
                trial.use.bias.name + mark,
                f"{effect} ({interval})",
                trial.effect.value,
                *trial.interval95,
                float(weight / heaviest),
                "trial",
            )
        )
    if found.pooled:
        bayes = found.pooled.bayes
        rows.append(
            Line(
                say("Together"),
                pooled_words(found.pooled, found.comparison),
                bayes.middle,
                *bayes.interval95(),
                1.0,
                "pool",
            )
        )
        rows.append(Line(say("A further trial"), "", bayes.middle, *bayes.interval95(of_next=True), 1.0, "next"))
    return rows


def trials_figure(found: Body, *, width: float = WIDE, ident: str = "trials") -> Figure:
    """The forest plot of one comparison with its sentence."""
    comparison, rows = found.comparison, lines_of(found)
    wide = width > 500
    start, stop = (190.0, width - 232.0) if wide else (8.0, width - 8.0)
    reach = span_of(rows)
    axis = Axis(-reach, reach, start, stop)
    step = 26.0 if wide else 58.0
    top = FONT + LINE + 6
    bottom = top + step * len(rows) + 4
    zero = axis.place(0.0)
    body = [_sides(comparison, axis, FONT)]
    if wide:
        body.append(line(zero, top - 4, zero, bottom, "zero"))
    for i, row in enumerate(rows):
        y = top + step * i
        if row.kind == "pool" and i:
            body.append(line(2, y + 1, width - 2, y + 1, "grid"))
        if not wide:  # words lie above each interval, and no line goes through them
            body.append(line(zero, y + 34, zero, y + step - 2, "zero"))
        body += _row(row, axis, y, wide, width)
    body.append(_scale(comparison, axis, bottom, width))
    sentence = f"{side_words(comparison)} {_reading(found)}"
    return Figure(drawing(ident, comparison.title, sentence, (width, bottom + 24), "".join(body)), sentence)


def _reading(found: Body) -> str:
    said = say("Square: a trial, larger where it weighs more; line: 95 % interval.")
    if found.pooled:
        said += " " + say("Diamond: all together; dashed: where a further trial may truly lie.")
    if any(t.status == "recalled" for t in found.trials):
        said += " " + say("* From memory, not read again.")
    return said


def span_of(rows: list[Line]) -> float:
    """How far the axis reaches to either side: over all intervals but one that is wider than the others by far."""
    ends = sorted(max(abs(row.low), abs(row.high)) for row in rows)
    reach = ends[-1] if len(ends) < 3 else min(ends[-1], FURTHEST * max(ends[-2], 1e-6))
    return 1.05 * reach


def _sides(comparison: Comparison, axis: Axis, y: float) -> str:
    better = comparison.better == "lower"
    left, right = (
        (say("← better on it"), say("worse on it →")) if better else (say("← worse on it"), say("better on it →"))
    )
    return text(axis.start, y, left, "heading") + text(axis.stop, y, right, "heading", "end")


def _row(row: Line, axis: Axis, y: float, wide: bool, width: float) -> list[str]:
    middle = y + (13.0 if wide else 44.0)
    strong = "number" if row.kind == "pool" else "name"
    if wide:
        body = [text(2, middle + 4, shorten(row.name, axis.start - 8), strong)]
        body.append(text(width - 2, middle + 4, row.numbers, "number" if row.kind == "pool" else "", "end"))
    else:
        body = [text(axis.start, y + FONT, shorten(row.name, width - 16), strong)]
        body.append(text(axis.start, y + FONT + LINE, row.numbers, "number" if row.kind == "pool" else ""))
    low, high, x = axis.place(row.low), axis.place(row.high), axis.place(row.middle)
    if row.kind == "pool":
        body.append(
            element(
                "path",
                d=f"M{low:.1f} {middle:.1f}L{x:.1f} {middle - 7:.1f}L{high:.1f} {middle:.1f}L{x:.1f} {middle + 7:.1f}Z",
                class_="mean",
            )
        )
        return body
    body.append(line(low, middle, high, middle, "mark-line" if row.kind == "next" else "interval"))
    body += [_end(row.low < axis.low, low, middle, -1), _end(row.high > axis.high, high, middle, 1)]
    if row.kind == "trial":
        side = max(SMALLEST_BOX, BOX * math.sqrt(row.weight))
        body.append(rectangle(x - side / 2, middle - side / 2, side, side, "dose"))
    return body


def _end(cut: bool, x: float, y: float, side: int) -> str:
    """A tick at the end of an interval, an arrow where it goes on."""
    if cut:
        return element("path", d=f"M{x:.1f} {y:.1f}l{-7 * side} -4v8Z", class_="dose")
    return line(x, y - 4, x, y + 4, "interval")


def _scale(comparison: Comparison, axis: Axis, y: float, width: float) -> str:
    body, free_from = [line(axis.start, y, axis.stop, y, "axis")], 0.0
    marks = (
        [(math.log(r), number(r)) for r in RATIOS if axis.low <= math.log(r) <= axis.high]
        if is_ratio(comparison)
        else [(v, number(v, signed=True)) for v in ticks(axis.low, axis.high, 6)]
    )
    for value, words in marks:
        x, half = axis.place(value), text_width(words) / 2
        if x - half > free_from and x + half <= width:
            body += [line(x, y, x, y + 4, "axis"), text(x, y + 4 + FONT, words, "small", "middle")]
            free_from = x + half + 4
    return "".join(body)
