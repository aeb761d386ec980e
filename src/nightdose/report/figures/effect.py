"""The improvement as intervals on one axis, with the zone that is too small to matter."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nightdose.analyse import Analysis
from nightdose.protocol.question import Question
from nightdose.report.figures.axes import Axis, ticks
from nightdose.report.figures.svg import (
    FONT,
    LINE,
    WIDE,
    Figure,
    banner,
    dots,
    drawing,
    element,
    line,
    rectangle,
    shorten,
    text,
    text_width,
)
from nightdose.report.narrative import (
    amount,
    count,
    dose_amount,
    in_unit,
    number,
    plain,
    probability,
    shown_label,
    span,
)
from nightdose.verdict.answer import Estimate

QUARTILE = 0.674  # half of a normal distribution lies within this many sd of its mean


@dataclass(frozen=True, slots=True)
class Row:
    """One interval of the picture and what it is an estimate of."""

    words: str
    estimate: Estimate


def drawable(estimate: Estimate) -> bool:
    return all(math.isfinite(v) for v in (estimate.mean, estimate.sd, *estimate.interval95))


def effect_rows(analysis: Analysis) -> list[Row]:
    """The doses as taken, then each dose level where there are several, then adjusted for the guess."""
    rows = []
    question, estimate = analysis.question, analysis.verdict.estimate
    if estimate is not None:
        rows.append(Row(f"{plain(question.treatment)}, doses as taken", estimate))
    if len(analysis.doses) > 1:
        rows += [
            Row(f"{dose_amount(d.dose, question.unit)}, taken on {count(d.days, 'day')}", d.improvement)
            for d in analysis.doses
        ]
    if analysis.guess is not None and analysis.guess.adjusted is not None:
        rows.append(Row("adjusted for the guesses", analysis.guess.adjusted))
    return [row for row in rows if drawable(row.estimate)]


def effect_axis(rows: list[Row], question: Question, start: float, stop: float) -> Axis:
    """Around zero, wide enough for every interval and for the difference that matters."""
    reach = max(1.4 * question.meaningful, *(1.08 * abs(v) for row in rows for v in row.estimate.interval95))
    return Axis(-reach, reach, start, stop)


def effect_figure(
    analysis: Analysis,
    *,
    width: float = WIDE,
    label: str = "",
    ident: str = "effect",
    rows: list[Row] | None = None,
) -> Figure | None:
    """Each estimate with its 95 % interval against no difference; None where there is none to draw."""
    question = analysis.question
    rows = effect_rows(analysis) if rows is None else rows
    if not rows:
        return None
    axis = effect_axis(rows, question, 12.0, width - 12.0)
    zero, low, high = axis.place(0.0), axis.place(-question.meaningful), axis.place(question.meaningful)
    above, y = banner(shown_label(analysis, label), width)
    body = [above]
    body.append(text(12, y + FONT, "← worse", "heading"))
    body.append(text(width - 12, y + FONT, "better →", "heading", "end"))
    small = "too small to matter"
    at = min(max(zero, 62 + text_width(small) / 2), width - 62 - text_width(small) / 2)
    body.append(text(at, y + FONT, small, "small", "middle"))
    top = y + LINE + 4
    bottom = top + 44 * len(rows) + 4
    body.append(rectangle(low, top, high - low, bottom - top, "zone"))
    body += [line(x, top, x, bottom, "zone-edge") for x in (low, high)]
    body.append(line(zero, top, zero, bottom, "zero"))
    for i, row in enumerate(rows):
        body.append(draw_row(row, question, axis, top + 44 * i, width))
    free_from = -math.inf
    for value in ticks(in_unit(axis.low, question), in_unit(axis.high, question), 8 if width > 500 else 6):
        x = axis.place(value / in_unit(1.0, question))
        words = number(value, signed=True)
        if x - text_width(words) / 2 > free_from and x + text_width(words) / 2 <= width:
            body.append(line(x, bottom, x, bottom + 4, "axis"))
            body.append(text(x, bottom + 4 + FONT, words, "small", "middle"))
            free_from = x + text_width(words) / 2 + 4
    body.append(line(axis.start, bottom, axis.stop, bottom, "axis"))
    sentence = effect_sentence(analysis, rows)
    title = f"Improvement of {question.outcome} with {question.treatment}, against no dose"
    return Figure(drawing(ident, title, sentence, (width, bottom + 24), "".join(body)), sentence)


def draw_row(row: Row, question: Question, axis: Axis, y: float, width: float) -> str:
    """A name with its numbers, and under it the interval: thin 95 %, thick the middle half, a diamond the mean."""
    e = row.estimate
    numbers = f"{amount(e.mean, question, e.sd, signed=True)} ({span(e.interval95, question, e.sd)})"
    room = width - 24 - text_width(numbers) - 10
    body = [text(12, y + 14, shorten(row.words, room), "name", "start")]
    body.append(text(width - 12, y + 14, numbers, "number", "end"))
    middle = y + 30
    low, high = (axis.place(v) for v in e.interval95)
    inner = [min(max(e.mean + s * QUARTILE * e.sd, e.interval95[0]), e.interval95[1]) for s in (-1, 1)]
    body.append(line(low, middle, high, middle, "interval"))
    body += [line(x, middle - 5, x, middle + 5, "interval") for x in (low, high)]
    body.append(line(axis.place(inner[0]), middle, axis.place(inner[1]), middle, "interval-middle"))
    x = axis.place(e.mean)
    body.append(element("path", d=f"M{x - 6:.1f} {middle:.1f}l6 -6l6 6l-6 6Z", class_="mean"))
    return "".join(body)


def effect_sentence(analysis: Analysis, rows: list[Row]) -> str:
    """The first row in words, and how to read the rest."""
    question, e = analysis.question, rows[0].estimate
    said = (
        f"Improvement ({rows[0].words}) against no dose: {amount(e.mean, question, e.sd, signed=True)}, "
        f"95 % interval {span(e.interval95, question, e.sd)}; right of zero is better. "
        f"The shaded zone, {amount(question.meaningful, question)} either way, is what the question called too "
        f"small to matter; {probability(e.no_meaningful_difference)} of the probability lies in it. "
        "Thin line: 95 % interval; thick line: the middle half; diamond: the mean."
    )
    return said
