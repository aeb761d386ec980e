"""The improvement as intervals on one axis, with the zone that is too small to matter."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nightdose.fit.estimate import Estimate
from nightdose.language.catalogue import say
from nightdose.language.number import days, dose_amount, number, percent, plain
from nightdose.question.question import Question
from nightdose.question.words import amount, in_unit, span95
from nightdose.report.figures.axes import Axis, ticks
from nightdose.report.figures.svg import (
    FONT,
    LINE,
    WIDE,
    Figure,
    banner,
    drawing,
    element,
    line,
    rectangle,
    shorten,
    text,
    text_width,
)
from nightdose.report.words.diary import shown_label
from nightdose.report.words.estimate import estimate_words
from nightdose.report.words.missing import shift_words
from nightdose.verdict.analysis import Analysis

QUARTILE = 0.674  # half of a normal distribution lies within this many sd of its mean


@dataclass(frozen=True, slots=True)
class Row:
    """One interval of the picture and what it is an estimate of."""

    words: str
    estimate: Estimate


def drawable(estimate: Estimate) -> bool:
    """True where every number of the estimate has a place on an axis."""
    return all(math.isfinite(v) for v in (estimate.mean, estimate.sd, *estimate.interval95))


def effect_rows(analysis: Analysis) -> list[Row]:
    """The doses as taken, with others' evidence, each dose level where there are several, adjusted for the guess."""
    rows = []
    question, estimate = analysis.question, analysis.verdict.estimate
    if estimate is not None:
        rows.append(Row(say("{treatment}, doses as taken", treatment=plain(question.treatment)), estimate))
    if analysis.with_evidence is not None and analysis.with_evidence.estimate is not None:
        rows[0] = Row(say("this diary alone"), rows[0].estimate)
        rows.append(Row(say("with the trials' evidence"), analysis.with_evidence.estimate))
    if len(analysis.doses) > 1:
        rows += [
            Row(
                say("{dose}, taken on {days}", dose=dose_amount(d.dose, question.unit), days=days(d.days)),
                d.improvement,
            )
            for d in analysis.doses
        ]
    if analysis.guess is not None and analysis.guess.adjusted is not None:
        rows.append(Row(say("adjusted for the guesses"), analysis.guess.adjusted))
    return [row for row in rows if drawable(row.estimate)]


def effect_axis(rows: list[Row], question: Question, start: float, stop: float) -> Axis:
    """Around zero, wide enough for every interval and for the difference that matters."""
    reach = max(1.4 * question.meaningful, *(1.08 * abs(v) for row in rows for v in row.estimate.interval95))
    return Axis(-reach, reach, start, stop)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand: names left and numbers right of the axis on a desk, above it on a phone."""

    width: float
    wide: bool
    start: float
    stop: float
    row: float  # height of a row
    middle: float  # of the interval, from the top of its row


def layout_of(width: float) -> Layout:
    """Where words and axis lie in a picture of that width."""
    if width > 500:
        return Layout(width, True, 184.0, width - 200.0, 34.0, 17.0)
    return Layout(width, False, 6.0, width - 6.0, 76.0, 50.0)


def effect_figure(analysis: Analysis, *, width: float = WIDE, label: str = "", ident: str = "effect") -> Figure | None:
    """Each estimate with its 95 % interval against no difference; None where there is none to draw."""
    rows, question = effect_rows(analysis), analysis.question
    if not rows:
        return None
    title = say(
        "Improvement of {outcome} with {treatment}, against no dose",
        outcome=question.outcome,
        treatment=question.treatment,
    )
    caption = Caption(ident, title, effect_sentence(analysis, rows), shown_label(analysis, label))
    return intervals_figure(rows, question, caption, width)


def missing_figure(
    analysis: Analysis, *, width: float = WIDE, label: str = "", ident: str = "missing"
) -> Figure | None:
    """The improvement had the days without an entry been worse and worse; None where no day is missing."""
    missing, question = analysis.missing_bad, analysis.question
    if missing is None:
        return None
    rows = [Row(shift_words(shift, question), shift.estimate) for shift in missing.shifts]
    if not all(drawable(row.estimate) for row in rows):
        return None
    title = say("Improvement of {outcome} had the missing days been bad ones", outcome=question.outcome)
    last = missing.shifts[-1]
    sentence = say(
        "Each row gives every missing day a worse value than the row above. Had each been worse by {shift}, the "
        "improvement would be {improvement}.",
        shift=amount(last.shift, question, last.shift),
        improvement=estimate_words(last.estimate, question),
    )
    return intervals_figure(rows, question, Caption(ident, title, sentence, shown_label(analysis, label)), width)


@dataclass(frozen=True, slots=True)
class Caption:
    """A picture in words. ident : of its element on the page; label : what must stand on it, "" = nothing."""

    ident: str
    title: str
    sentence: str
    label: str


def intervals_figure(rows: list[Row], question: Question, caption: Caption, width: float) -> Figure:
    """Estimates below each other on one axis around no difference."""
    place = layout_of(width)
    axis = effect_axis(rows, question, place.start, place.stop)
    above, y = banner(caption.label, width)
    body = [above, draw_sides(axis, y + FONT)]
    top = y + LINE + 6
    bottom = top + place.row * len(rows) + 4
    for i, row in enumerate(rows):
        body.append(draw_row(row, question, axis, place, top + place.row * i))
    if place.wide:
        body.insert(1, draw_zone(question, axis, top, bottom))
    body.append(draw_axis(question, axis, bottom, width))
    drawn = drawing(caption.ident, caption.title, caption.sentence, (width, bottom + 24), "".join(body))
    return Figure(drawn, caption.sentence)


def draw_sides(axis: Axis, y: float) -> str:
    """Which side is better, and what the zone between them means, where there is room."""
    left, right, small = say("← worse"), say("better →"), say("too small to matter")
    body = text(axis.start, y, left, "heading") + text(axis.stop, y, right, "heading", "end")
    room = axis.stop - axis.start - 2 * text_width(max(left, right, key=len), bold=True)
    return body + (text(axis.place(0.0), y, small, "small", "middle") if text_width(small) <= room else "")


def draw_axis(question: Question, axis: Axis, y: float, width: float) -> str:
    """The axis in the outcome's unit, its words kept apart."""
    body = [line(axis.start, y, axis.stop, y, "axis")]
    free_from = 0.0
    for value in ticks(in_unit(axis.low, question), in_unit(axis.high, question), 6):
        x = axis.place(value / in_unit(1.0, question))
        words = number(value, signed=True)
        half = text_width(words) / 2
        if x - half > free_from and x + half <= width:
            body.append(line(x, y, x, y + 4, "axis"))
            body.append(text(x, y + 4 + FONT, words, "small", "middle"))
            free_from = x + half + 4
    return "".join(body)


def draw_zone(question: Question, axis: Axis, top: float, bottom: float) -> str:
    """The zone that is too small to matter, its borders, and zero."""
    zero, low, high = (axis.place(s * question.meaningful) for s in (0.0, -1.0, 1.0))
    edges = "".join(line(x, top, x, bottom, "zone-edge") for x in (low, high))
    return rectangle(low, top, high - low, bottom - top, "zone") + edges + line(zero, top, zero, bottom, "zero")


def draw_row(row: Row, question: Question, axis: Axis, place: Layout, y: float) -> str:
    """A name, its numbers, and the interval: thin 95 %, thick the middle half, a diamond the mean."""
    e, middle = row.estimate, y + place.middle
    numbers = estimate_words(e, question)
    if place.wide:
        body = [text(2, middle + 4, shorten(row.words, axis.start - 10), "name")]
        body.append(text(place.width - 2, middle + 4, numbers, "number", "end"))
    else:
        body = [text(axis.start, y + FONT, shorten(row.words, axis.stop - axis.start), "name")]
        body.append(text(axis.start, y + FONT + LINE, numbers, "number"))
        body.append(draw_zone(question, axis, middle - 14, middle + 14))
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
    return say(
        "Improvement ({name}) against no dose: {mean}, {span}; right of zero is better. The shaded zone, {matters} "
        "either way, is what the question called too small to matter; {inside} of the probability lies in it. Thin "
        "line: 95 % interval; thick line: the middle half; diamond: the mean.",
        name=rows[0].words,
        mean=amount(e.mean, question, e.sd, signed=True),
        span=span95(e.interval95, question, e.sd),
        matters=amount(question.meaningful, question),
        inside=percent(e.no_meaningful_difference),
    )
