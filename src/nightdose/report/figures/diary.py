"""The picture of everything: each recorded day, each dose, and what the fit expects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from nightdose.arrays import Bools, Floats
from nightdose.fit.estimate import Band
from nightdose.language.catalogue import mark, say
from nightdose.language.number import number, plain, whole
from nightdose.question.question import Question
from nightdose.question.words import direction_note, taken_words, untaken_words, value_words
from nightdose.report.figures.axes import Axis, day_ticks, days_per_dot, gathered, ticks
from nightdose.report.figures.strips import draw_missing, draw_strip, strips_of
from nightdose.report.figures.svg import (
    BOLD,
    FONT,
    LINE,
    WIDE,
    Figure,
    area,
    banner,
    crosses,
    curve,
    dots,
    drawing,
    hatching,
    line,
    shorten,
    text,
    text_width,
)
from nightdose.report.words.diary import shown_label
from nightdose.verdict.analysis import Analysis

WIDE_FROM = 500  # px; a phone is narrower
DOTS = {
    1: mark("one recorded day"),
    7: mark("the mean of the recorded days of one week"),
    28: mark("the mean of the recorded days of four weeks"),
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """What may be drawn of the fit: nothing where the design cannot divide it among its causes."""

    taken: Band | None
    untaken: Band | None


def curves_of(analysis: Analysis) -> Drawn:
    """The fitted curves, none where a line would seem to say what the diary cannot."""
    if analysis.verdict.answer == "cannot_be_known":
        return Drawn(None, None)
    return Drawn(analysis.with_treatment, analysis.without_treatment)


def outcome_axis(analysis: Analysis, curves: Drawn) -> Axis:
    """From the lowest to the highest value worth showing; a scale with ends is shown from end to end."""
    question = analysis.question
    shown = [analysis.outcome, *(b.mean for b in (curves.taken, curves.untaken) if b)]
    values = np.concatenate(shown) if shown else np.array([])
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    ends = (0.0, 1.0) if question.kind.two else question.ends
    bounded = ends is not None and np.isfinite(ends[1])
    if ends is not None:
        low, high = min(low, ends[0]), max(high, ends[1] if bounded else high)
    if not bounded:  # room for the bands, but not so much that the days become flat
        room = 0.4 * (high - low)
        edges = [v for b in (curves.taken, curves.untaken) if b for v in (b.low, b.high)]
        seen = np.concatenate([v[np.isfinite(v)] for v in edges]) if edges else np.array([])
        if seen.size:
            low, high = min(low, max(low - room, seen.min())), max(high, min(high + room, seen.max()))
    if high <= low:
        pad = max(1.0, 0.1 * abs(low))
        low, high = low - pad, high + pad
    margin = (0.10 if question.kind.two else 0.05) * (high - low)
    return Axis(low - margin, high + margin, 1.0, 0.0)


def spread_out(values: Floats, question: Question) -> Floats:
    """Yes/no days moved a little up and down, always the same way, so that they do not hide each other."""
    if not question.kind.two:
        return values
    return np.asarray(values + 0.12 * ((np.arange(len(values)) * 0.618034) % 1.0 - 0.5))


def days_words(kinds: list[tuple[str, str]], x: float, y: float) -> str:
    """The key of the dots, only the kinds that occur."""
    body = []
    for kind, words in kinds:
        spot = [(x + 5, y - 4)]
        if kind == "cross":
            body.append(crosses(spot, 3.2, "cross"))
        else:
            body.append(dots(spot, 4.0, "dot"))
            if kind == "hollow":
                body.append(dots(spot, 2.6, "dot-core"))
        body.append(text(x + 14, y, words, "small"))
        x += 14 + text_width(words) + 12
    return "".join(body)


def end_labels(curves: Drawn, axis: Axis, x: float, wide: bool) -> str:
    """Names at the right end of the lines instead of a legend, kept apart from each other."""
    names: list[tuple[float, tuple[str, str], str]] = []
    for band, words, class_ in (
        (
            curves.taken,
            (say("expected with"), say("the doses taken")) if wide else (say("as"), say("taken")),
            "label-taken",
        ),
        (
            curves.untaken,
            (say("expected had no"), say("dose been taken")) if wide else (say("no dose"), ""),
            "label-untaken",
        ),
    ):
        known = band.mean[np.isfinite(band.mean)] if band else np.array([])
        if known.size:
            names.append((axis.place(float(known[-1])) - 3, words, class_))
    names.sort()
    places = [y for y, _, _ in names]
    if len(places) == 2 and places[1] - places[0] < 2 * LINE + 4:
        middle = sum(places) / 2
        places = [middle - LINE - 2, middle + LINE + 2]
    if places:  # inside the frame: down from its top, up from its foot
        shift = max(0.0, axis.stop + FONT - places[0]) + min(0.0, axis.start - LINE - places[-1])
        places = [y + shift for y in places]
    return "".join(
        text(x, y + i * (LINE - 1), word, class_)
        for y, (_, words, class_) in zip(places, names, strict=True)
        for i, word in enumerate(filter(None, words))
    )


@dataclass(frozen=True, slots=True)
class Field:
    """Where the dots stand. days : index of a day -> x; axis : outcome -> y; size : days a dot stands for."""

    days: Axis
    axis: Axis
    size: int
    wide: bool

    def middles(self, n: int, of: int) -> Floats:
        """x of n dots over `of` days."""
        return self.days.places(np.minimum((np.arange(n) + 0.5) * self.size, of - 0.5 if of else 0.5))


def diary_figure(analysis: Analysis, *, width: float = WIDE, label: str = "", ident: str = "diary") -> Figure:
    """Every recorded day with its dose, the fitted curves, the gaps, and what else was taken."""
    question, n = analysis.question, len(analysis.outcome)
    curves = curves_of(analysis) if width > WIDE_FROM else Drawn(None, None)  # a phone has room for points alone
    scale = outcome_axis(analysis, curves)
    values = [0.0, 0.5, 1.0] if question.kind.two else ticks(scale.low, scale.high)
    above, y = banner(shown_label(analysis, label), width)
    top = y + 2 * LINE + 16
    bottom = top + (230 if width > WIDE_FROM else 200)
    days = _days_axis(analysis, curves, values, width)
    size = days_per_dot(n, days.stop - days.start)
    field = Field(days, replace(scale, start=bottom, stop=top), size, width > WIDE_FROM)

    groups = _groups(analysis, size)
    strips, left_out = strips_of(analysis)
    below, foot = [], bottom + 6
    piece, height = draw_missing(analysis.outcome, days, foot, size)
    below.append(piece)
    foot += height
    for strip in strips:
        piece, height = draw_strip(strip, days, foot, size, f"{ident}-unknown")
        below.append(piece)
        foot += height

    note = f" ({direction_note(question)})"
    body = [
        hatching(f"{ident}-unknown"),
        above,
        text(2, y + FONT, shorten(question.outcome, width / BOLD - text_width(note)) + note, "heading"),
        days_words([(kind, words) for kind, words, _ in groups], 2, y + FONT + LINE + 4),
        _grid(analysis, field, values, foot, width),
        _bands(field, curves, n),
        _days(analysis, field, groups, n),
        _means(field, curves, n),
        end_labels(curves, field.axis, days.stop + 6, field.wide),
    ]
    if not any(which.any() for _, _, which in groups):
        body.append(text((days.start + days.stop) / 2, (top + bottom) / 2, say("no day recorded"), "name", "middle"))
    body += below
    sentence = diary_sentence(analysis, curves, size, left_out)
    title = say(
        "{outcome}, day by day, with the doses of {treatment}", outcome=question.outcome, treatment=question.treatment
    )
    return Figure(drawing(ident, title, sentence, (width, foot + FONT + 8), "".join(body)), sentence)


def _days_axis(analysis: Analysis, curves: Drawn, values: Sequence[float], width: float) -> Axis:
    """Between the words of the outcome's axis and the names of the curves."""
    left = max(34.0, 10.0 + max(text_width(value_words(value, analysis.question)) for value in values))
    has_curve = curves.taken is not None or curves.untaken is not None
    right = (124.0 if width > WIDE_FROM else 52.0) if has_curve else 10.0
    return Axis(0.0, float(max(1, len(analysis.outcome))), left, width - right)


def _groups(analysis: Analysis, size: int) -> list[tuple[str, str, Bools]]:
    """(mark, its words, which dots) of what was taken on the recorded days."""
    outcome, dose = gathered(analysis.outcome, size), gathered(analysis.dose, size)
    seen = np.isfinite(outcome)
    groups: list[tuple[str, str, Bools]] = [
        ("filled", taken_words(analysis.question), seen & (dose > 0)),
        ("hollow", untaken_words(analysis.question), seen & (dose == 0)),
        ("cross", say("dose unknown"), seen & ~np.isfinite(dose)),
    ]
    return [group for group in groups if group[2].any()]


def _grid(analysis: Analysis, field: Field, values: Sequence[float], foot: float, width: float) -> str:
    """Lines and words of both axes."""
    days, axis, body = field.days, field.axis, []
    for index, words in day_ticks(analysis.diary, days.stop - days.start):
        x = days.place(index)
        body.append(line(x, axis.stop, x, foot, "grid"))
        half = text_width(words) / 2
        body.append(text(min(max(x, half), width - half), foot + FONT + 2, words, "small", "middle"))
    for value in values:
        at = axis.place(value)
        body.append(line(days.start, at, days.stop, at, "grid"))
        body.append(text(days.start - 6, at + 4, value_words(value, analysis.question), "small", "end"))
    return "".join(body)


def _bands(field: Field, curves: Drawn, n: int) -> str:
    """Where the fitted curves may lie."""
    body = []
    for band, name in ((curves.untaken, "untaken"), (curves.taken, "taken")):
        if band is not None:
            low, high = (field.axis.places(gathered(v, field.size)) for v in (band.low, band.high))
            middles = field.middles(len(low), n)
            body.append(area(middles, low, high, f"band-{name}"))
            if name == "untaken":
                body += [curve(middles, edge, "edge-untaken") for edge in (low, high)]
    return "".join(body)


def _days(analysis: Analysis, field: Field, groups: Sequence[tuple[str, str, Bools]], n: int) -> str:
    """A dot a recorded day, or a few days."""
    outcome = gathered(analysis.outcome, field.size)
    room = field.days.stop - field.days.start
    radius = min(4.0, max(2.2, 0.75 * field.size * room / max(1, n)))
    heights = field.axis.places(spread_out(outcome, analysis.question) if field.size == 1 else outcome)
    middles, body = field.middles(len(outcome), n), []
    for kind, _, which in groups:
        points = [(float(middles[i]), float(heights[i])) for i in np.flatnonzero(which)]
        if kind == "cross":
            body.append(crosses(points, radius * 0.9, "cross"))
            continue
        body.append(dots(points, radius, "dot"))
        if kind == "hollow":
            body.append(dots(points, radius * 0.58, "dot-core"))
    return "".join(body)


def _means(field: Field, curves: Drawn, n: int) -> str:
    """The fitted curves themselves, above the dots."""
    body = []
    for band, name in ((curves.untaken, "untaken"), (curves.taken, "taken")):
        if band is not None:
            heights = field.axis.places(gathered(band.mean, field.size))
            body.append(curve(field.middles(len(heights), n), heights, f"curve-{name}"))
    return "".join(body)


def diary_sentence(analysis: Analysis, curves: Drawn, size: int, left_out: list[str]) -> str:
    """What the picture shows, for those who see it and for those who do not."""
    question, design = analysis.question, analysis.design
    outcome, treatment = plain(question.outcome), plain(question.treatment)
    known = analysis.dose[np.isfinite(analysis.outcome)]
    taken, untaken = int(np.sum(known > 0)), int(np.sum(known == 0))
    unwritten = len(known) - taken - untaken
    said = [
        say(
            "Each dot is {dot}: {recorded} of {days} days have an entry for {outcome}.",
            dot=say(DOTS[size]),
            recorded=whole(design.recorded),
            days=whole(design.days),
            outcome=outcome,
        ),
        say(
            "Filled dots: {treatment} taken ({taken} days with an entry); hollow: none taken ({untaken}).",
            treatment=treatment,
            taken=whole(taken),
            untaken=whole(untaken),
        )
        if size == 1
        else say(
            "Filled dots: {treatment} taken on at least one of those days ({taken} days with an entry); hollow: none "
            "taken ({untaken}).",
            treatment=treatment,
            taken=whole(taken),
            untaken=whole(untaken),
        ),
    ]
    if unwritten:
        said.append(say("Crosses: dose not written down ({unwritten}).", unwritten=whole(unwritten)))
    recorded = analysis.outcome[np.isfinite(analysis.outcome)]
    if recorded.size and not question.kind.two:
        low, high = number(float(recorded.min())), number(float(recorded.max()))
        said.append(say("The entries run from {low} to {high}.", low=low, high=high))
    if question.kind.two and size == 1:
        said.append(say("The dots are spread a little up and down so that they do not hide each other."))
    if curves.taken is not None:
        said.append(say("The solid line is what the fit expects with the doses really taken, with its 95 % band."))
    if curves.untaken is not None:
        said.append(say("The dashed line, with its 95 % band, is what it expects had no dose been taken."))
    if analysis.verdict.answer == "cannot_be_known":
        said.append(say("No line is drawn through the dots: it would seem to say what this diary cannot say."))
    said.append(say("The strips below show the amounts taken each day; hatched = unknown, bare line = none."))
    if left_out:
        said.append(say("Not drawn: {names}.", names=", ".join(left_out)))
    return " ".join(said)
