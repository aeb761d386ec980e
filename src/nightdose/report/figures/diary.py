"""The picture of everything: each recorded day, each dose, and what the fit expects with and without doses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nightdose.analyse import Analysis
from nightdose.arrays import Bools, Floats
from nightdose.protocol.question import Question
from nightdose.report.figures.axes import Axis, day_ticks, days_per_dot, gathered, ticks
from nightdose.report.figures.strips import draw_missing, draw_strip, strips_of
from nightdose.report.figures.svg import (
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
from nightdose.report.narrative import (
    direction_note,
    number,
    plain,
    shown_label,
)
from nightdose.verdict.answer import Band

DOTS = {
    1: "one recorded day",
    7: "the mean of the recorded days of one week",
    28: "the mean of the recorded days of four weeks",
}


@dataclass(frozen=True, slots=True)
class Curves:
    """What may be drawn of the fit: the counterfactual only where the design can tell the two apart."""

    taken: Band | None
    untaken: Band | None


def curves_of(analysis: Analysis) -> Curves:
    may_contrast = analysis.verdict.answer != "cannot_be_known"
    return Curves(analysis.with_treatment, analysis.without_treatment if may_contrast else None)


def outcome_axis(analysis: Analysis, curves: Curves, top: float, bottom: float) -> Axis:
    """From the lowest to the highest value worth showing; a scale with ends is shown from end to end."""
    question = analysis.question
    shown = [analysis.outcome, *(b.mean for b in (curves.taken, curves.untaken) if b)]
    values = np.concatenate(shown) if shown else np.array([])
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    ends = (0.0, 1.0) if question.scale == "binary" else question.limits
    if question.scale == "rating":
        ends = question.ends
    if ends is not None:
        low, high = min(low, ends[0]), max(high, ends[1])
    if question.scale == "count":
        low = min(low, 0.0)
    if high <= low:
        pad = max(1.0, 0.1 * abs(low))
        low, high = low - pad, high + pad
    margin = (0.10 if question.scale == "binary" else 0.05) * (high - low)
    return Axis(low - margin, high + margin, bottom, top)


def spread_out(values: Floats, question: Question) -> Floats:
    """Yes/no days moved a little up and down, always the same way, so that they do not hide each other."""
    if question.scale != "binary":
        return values
    return np.asarray(values + 0.12 * ((np.arange(len(values)) * 0.618034) % 1.0 - 0.5))


def value_words(value: float, question: Question) -> str:
    if question.scale == "binary":
        return {0.0: "no", 1.0: "yes"}.get(value, f"{round(100 * value)} %")
    return number(value)


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


def end_labels(curves: Curves, axis: Axis, x: float, wide: bool) -> str:
    """Names at the right end of the lines instead of a legend, kept apart from each other."""
    names = []
    for band, words, class_ in (
        (curves.taken, ("expected with", "the doses taken") if wide else ("as", "taken"), "label-taken"),
        (curves.untaken, ("expected had no", "dose been taken") if wide else ("no", "dose"), "label-untaken"),
    ):
        known = band.mean[np.isfinite(band.mean)] if band else np.array([])
        if known.size:
            names.append([axis.place(float(known[-1])) - 3, words, class_])
    names.sort(key=lambda name: name[0])
    if len(names) == 2 and names[1][0] - names[0][0] < 2 * LINE + 4:
        middle = (names[0][0] + names[1][0]) / 2
        names[0][0], names[1][0] = middle - LINE - 2, middle + LINE + 2
    highest, lowest = axis.stop + FONT, axis.start - LINE
    shift = max(0.0, highest - names[0][0]) if names else 0.0
    shift = min(shift, lowest - names[-1][0]) if names and names[-1][0] + shift > lowest else shift
    return "".join(
        text(x, y + shift + i * (LINE - 1), word, class_)
        for y, words, class_ in names
        for i, word in enumerate(words)
    )


def diary_figure(analysis: Analysis, *, width: float = WIDE, label: str = "", ident: str = "diary") -> Figure:
    """Every recorded day with its dose, the fitted curves, the gaps, and each medicine's doses on the same days."""
    question, wide = analysis.question, width > 500
    curves = curves_of(analysis)
    has_curve = curves.taken is not None or curves.untaken is not None
    left, right = (44.0, 120.0 if wide else 42.0) if has_curve else (44.0, 10.0)
    n = len(analysis.outcome)
    days = Axis(0.0, float(max(1, n)), left, width - right)
    size = days_per_dot(n, days.stop - days.start)
    body = [hatching(f"{ident}-unknown")]
    above, y = banner(shown_label(analysis, label), width)
    body.append(above)

    note = f" ({direction_note(question)})"
    body.append(
        text(2, y + FONT, shorten(question.outcome, width - text_width(note)) + note, "heading")
    )
    outcome, dose = gathered(analysis.outcome, size), gathered(analysis.dose, size)
    seen = np.isfinite(outcome)
    groups: list[tuple[str, str, Bools]] = [
        ("filled", "dose taken", seen & (dose > 0)),
        ("hollow", "no dose", seen & (dose == 0)),
        ("cross", "dose unknown", seen & ~np.isfinite(dose)),
    ]
    groups = [group for group in groups if group[2].any()]
    body.append(days_words([(kind, words) for kind, words, _ in groups], 2, y + FONT + LINE + 4))

    top = y + 2 * LINE + 16
    bottom = top + (230 if wide else 200)
    axis = outcome_axis(analysis, curves, top, bottom)
    strips, left_out = strips_of(analysis)
    below, foot = [], bottom + 6
    piece, height = draw_missing(analysis.outcome, days, foot, size)
    below.append(piece)
    foot += height
    for strip in strips:
        piece, height = draw_strip(strip, days, foot, size, f"{ident}-unknown")
        below.append(piece)
        foot += height

    for index, words in day_ticks(analysis.diary, days.stop - days.start):
        x = days.place(index)
        body.append(line(x, top, x, foot, "grid"))
        half = text_width(words) / 2
        body.append(text(min(max(x, half), width - half), foot + FONT + 2, words, "small", "middle"))
    values = [0.0, 0.5, 1.0] if question.scale == "binary" else ticks(axis.low, axis.high)
    for value in values:
        at = axis.place(value)
        body.append(line(days.start, at, days.stop, at, "grid"))
        body.append(text(left - 6, at + 4, value_words(value, question), "small", "end"))

    middles = days.places(np.minimum((np.arange(len(outcome)) + 0.5) * size, n - 0.5 if n else 0.5))
    for band, name in ((curves.untaken, "untaken"), (curves.taken, "taken")):
        if band is not None:
            low, high, mean = (axis.places(gathered(v, size)) for v in (band.low, band.high, band.mean))
            body.append(area(middles, low, high, f"band-{name}"))
            if name == "untaken":
                body += [curve(middles, edge, "edge-untaken") for edge in (low, high)]
    radius = min(4.0, max(1.5, 0.75 * size * (days.stop - days.start) / max(1, n)))
    heights = axis.places(spread_out(outcome, question) if size == 1 else outcome)
    for kind, _, which in groups:
        points = [(float(middles[i]), float(heights[i])) for i in np.flatnonzero(which)]
        if kind == "cross":
            body.append(crosses(points, radius * 0.9, "cross"))
            continue
        body.append(dots(points, radius, "dot"))
        if kind == "hollow":
            body.append(dots(points, radius * 0.6, "dot-core"))
    for band, name in ((curves.untaken, "untaken"), (curves.taken, "taken")):
        if band is not None:
            body.append(curve(middles, axis.places(gathered(band.mean, size)), f"curve-{name}"))
    body.append(end_labels(curves, axis, days.stop + 6, wide))
    if not seen.any():
        body.append(text((days.start + days.stop) / 2, (top + bottom) / 2, "no day recorded", "name", "middle"))
    body += below
    sentence = diary_sentence(analysis, curves, size, left_out)
    title = f"{question.outcome}, day by day, with the doses of {question.treatment}"
    return Figure(drawing(ident, title, sentence, (width, foot + FONT + 8), "".join(body)), sentence)


def diary_sentence(analysis: Analysis, curves: Curves, size: int, left_out: list[str]) -> str:
    """What the picture shows, for those who see it and for those who do not."""
    question, design = analysis.question, analysis.design
    outcome, treatment = plain(question.outcome), plain(question.treatment)
    said = [
        f"Each dot is {DOTS[size]}: {design.recorded:,} of {design.days:,} days have an entry for {outcome}.",
        f"Filled dots: {treatment} taken{'' if size == 1 else ' on at least one of those days'} "
        f"({design.days_on:,} days); hollow: none taken ({design.days_off:,} days)"
        + (f"; crosses: dose unknown ({design.dose_unknown:,} days)." if design.dose_unknown else "."),
    ]
    recorded = analysis.outcome[np.isfinite(analysis.outcome)]
    if recorded.size and question.scale != "binary":
        low, high = number(float(recorded.min())), number(float(recorded.max()))
        said.append(f"The entries run from {low} to {high}.")
    if question.scale == "binary" and size == 1:
        said.append("The dots are spread a little up and down so that they do not hide each other.")
    if curves.taken is not None:
        said.append("The solid line is what the fit expects with the doses really taken, with its 95 % band.")
    if curves.untaken is not None:
        said.append("The dashed line, with its 95 % band, is what it expects had no dose been taken.")
    if analysis.verdict.answer == "cannot_be_known":
        said.append("No line is drawn for days without doses: this diary cannot tell the two apart.")
    said.append("The strips below show the amounts taken each day; hatched = unknown, bare line = none.")
    if left_out:
        said.append(f"Not drawn: {', '.join(left_out)}.")
    return " ".join(said)

