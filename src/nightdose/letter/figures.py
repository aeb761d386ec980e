"""The three pictures of the page: every day, the days since a switch, fifty equally likely truths."""

from __future__ import annotations

import numpy as np

from nightdose.arrays import Floats
from nightdose.language.catalogue import say
from nightdose.language.number import days as days_words
from nightdose.language.number import number, plain, whole
from nightdose.letter.counts import SHARES, DayGroup, Since
from nightdose.question.words import direction_note, taken_words, untaken_words, value_words
from nightdose.report.figures.axes import Axis, day_ticks, days_per_dot, gathered, ticks
from nightdose.report.figures.diary import Drawn, outcome_axis, spread_out
from nightdose.report.figures.fifty import fifty_counts, stacks
from nightdose.report.figures.svg import (
    BOLD,
    FONT,
    Figure,
    area,
    crosses,
    curve,
    dots,
    drawing,
    line,
    rectangle,
    runs,
    shorten,
    text,
    text_width,
)
from nightdose.verdict.analysis import Analysis

PAGE, HALF = 700.0, 340.0  # px: the width between the margins of A4 and Letter, and half of it
DAYS_TALL, HALF_TALL = 96.0, 138.0  # of the frames


def days_figure(analysis: Analysis) -> Figure:
    """Every recorded day as a dot, periods on treatment shaded, the dose of each day under the axis."""
    question, outcome, dose = analysis.question, analysis.outcome, analysis.dose
    scale = outcome_axis(analysis, Drawn(None, None))
    values = [0.0, 1.0] if question.kind.two else ticks(scale.low, scale.high, 4)
    left = max(36.0, 8.0 + max(text_width(value_words(v, question)) for v in values))
    n = max(1, len(outcome))
    days = Axis(0.0, float(n), left, PAGE - 6)
    top, bottom = 20.0, 20.0 + DAYS_TALL
    axis = Axis(scale.low, scale.high, bottom, top)
    size = days_per_dot(n, days.stop - days.start)
    heading = f"{question.outcome} ({direction_note(question)})"
    body = [text(2, 12, shorten(heading, 300), "heading")]
    body += _key(360.0)
    strip_top, strip_bottom = bottom + 8, bottom + 26
    for start, stop in runs([bool(v) for v in (dose > 0)]):
        body.append(rectangle(days.place(start), top, days.place(stop) - days.place(start), bottom - top, "zone"))
    for value in values:
        y = axis.place(value)
        body += [
            line(left, y, days.stop, y, "grid"),
            text(left - 5, y + 4, value_words(value, question), "small", "end"),
        ]
    middles = days.places(np.minimum((np.arange(-(-n // size)) + 0.5) * size, n - 0.5))
    shown, taken = gathered(outcome, size), gathered(dose, size)
    heights = axis.places(spread_out(shown, question) if size == 1 else shown)
    seen = np.isfinite(shown)
    radius = min(3.2, max(1.6, 0.6 * size * (days.stop - days.start) / n))
    for which, kind in (
        (seen & (taken > 0), "full"),
        (seen & (taken == 0), "hollow"),
        (seen & np.isnan(taken), "cross"),
    ):
        points = [(float(middles[i]), float(heights[i])) for i in np.flatnonzero(which)]
        if kind == "cross":
            body.append(crosses(points, radius, "cross"))
        else:
            body += [dots(points, radius, "dot"), dots(points, radius * 0.5, "dot-core") if kind == "hollow" else ""]
    if not seen.any():
        body.append(text((left + days.stop) / 2, (top + bottom) / 2, say("no day recorded"), "name", "middle"))
    body += _doses(dose, days, strip_top, strip_bottom)
    for start, stop in runs([bool(v) for v in np.isnan(outcome)]):
        body.append(rectangle(days.place(start), bottom + 2, days.place(stop) - days.place(start), 3, "gap"))
    for index, words in day_ticks(analysis.diary, days.stop - days.start):
        x, half = days.place(index), text_width(words) / 2
        body += [line(x, strip_bottom, x, strip_bottom + 4, "axis"),
                 text(min(max(x, half), PAGE - half), strip_bottom + 15, words, "small", "middle")]  # fmt: skip
    sentence = _days_sentence(analysis, size)
    title = say("{outcome}, day by day", outcome=question.outcome)
    return Figure(drawing("letter-days", title, sentence, (PAGE, strip_bottom + 18), "".join(body)), sentence)


def _key(x: float) -> list[str]:
    out = []
    for kind, words in (("full", say("dose taken")), ("hollow", say("no dose")), ("zone", say("period with doses"))):
        if kind == "zone":
            out.append(rectangle(x, 3, 12, 11, "zone"))
        else:
            out += [dots([(x + 6, 8)], 3.2, "dot"), dots([(x + 6, 8)], 1.7, "dot-core") if kind == "hollow" else ""]
        out.append(text(x + 16, 12, words, "small"))
        x += 16 + text_width(words) + 14
    return out


def _doses(dose: Floats, days: Axis, top: float, bottom: float) -> list[str]:
    """A bar a day, as tall as its dose is of the highest; hatched days are unknown."""
    known = dose[np.isfinite(dose)]
    highest = float(known.max()) if known.size else 0.0
    body = [line(days.start, bottom, days.stop, bottom, "axis"), text(0, bottom - 2, shorten(say("dose"), 34), "small")]
    if highest <= 0:
        return body
    steps = np.where(np.isfinite(dose), dose / highest, 0.0)
    edges = np.flatnonzero(np.diff(steps)) + 1
    for start, stop in zip(np.r_[0, edges].tolist(), np.r_[edges, len(dose)].tolist(), strict=True):
        tall = float(steps[start]) * (bottom - top)
        if tall > 0:
            body.append(rectangle(days.place(start), bottom - tall, days.place(stop) - days.place(start), tall, "dose"))
    return body


def _days_sentence(analysis: Analysis, size: int) -> str:
    recorded, total = whole(analysis.design.recorded), whole(analysis.design.days)
    first = (
        say("Each dot is one recorded day: {recorded} of {total}.", recorded=recorded, total=total)
        if size == 1
        else say(
            "Each dot is the mean of {size} days; {recorded} of {total} days recorded.",
            size=size,
            recorded=recorded,
            total=total,
        )
    )
    return first + " " + say("Bars under the axis: the dose of each day; marks above them: days without an entry.")


def since_figure(analysis: Analysis, since: tuple[Since, ...]) -> Figure:
    """Median, middle half and middle 80 % of the days by time since the switch to on and to off."""
    question = analysis.question
    scale = outcome_axis(analysis, Drawn(None, None))
    found = np.concatenate([s.quantiles.ravel() for s in since])
    found = found[np.isfinite(found)]
    low, high = (float(found.min()), float(found.max())) if found.size else (scale.low, scale.high)
    room = 0.08 * max(high - low, 1e-9) or 1.0
    values = [0.0, 1.0] if question.kind.two else ticks(low - room, high + room, 4)
    left = max(28.0, 8.0 + max((text_width(value_words(v, question)) for v in values), default=0.0))
    top, bottom = 34.0, 34.0 + HALF_TALL - 20
    length = since[0].quantiles.shape[1]
    days, axis = Axis(0.0, float(max(1, length - 1)), left, HALF - 8), Axis(low - room, high + room, bottom, top)
    body = [text(2, 12, shorten(say("{outcome} by days since a switch", outcome=question.outcome), HALF), "heading")]
    x = 2.0
    for arm in since:
        name = "taken" if arm.on else "untaken"
        words = (
            say("to {treatment} ({n})", treatment=question.treatment, n=arm.runs) if arm.on else
            say("to without ({n})", n=arm.runs)
        )  # fmt: skip
        body += [line(x, 24, x + 20, 24, f"curve-{name}"), text(x + 24, 28, shorten(words, 140), "small")]
        x += 24 + text_width(shorten(words, 140)) + 12
    for value in values:
        y = axis.place(value)
        body += [
            line(left, y, days.stop, y, "grid"),
            text(left - 5, y + 4, value_words(value, question), "small", "end"),
        ]
    at = days.places(np.arange(length, dtype=float))
    for arm in reversed(since):  # what was taken lies on top
        q, name = axis.places(arm.quantiles), "taken" if arm.on else "untaken"
        body += [area(at, q[0], q[-1], f"band-{name} faint"), area(at, q[1], q[-2], f"band-{name}")]
        body += [curve(at, edge, "edge-untaken") for edge in (q[1], q[-2]) if not arm.on]
    for arm in reversed(since):
        body.append(curve(at, axis.places(arm.quantiles[2]), f"curve-{'taken' if arm.on else 'untaken'}"))
    for value in [v for v in sorted({0, *range(7, length, 7)}) if days.place(v) < HALF - 90]:
        body.append(text(days.place(value), bottom + 14, whole(value), "small", "middle"))
    body.append(text(HALF - 8, bottom + 14, say("days since"), "small", "end"))
    low_share, high_share = number(100 * SHARES[0]), number(100 * SHARES[-1])
    sentence = say(
        "Median, middle half, {low} to {high} % of the days by time since it was begun or left off.",
        low=low_share,
        high=high_share,
    )
    title = say("{outcome} by days since a switch", outcome=plain(question.outcome))
    return Figure(drawing("letter-since", title, sentence, (HALF, bottom + 18), "".join(body)), sentence)


def day_before_figure(analysis: Analysis, groups: tuple[DayGroup, ...]) -> Figure:
    """Four boxes, for days drawn one by one: without and with a dose, each after a day without and with one."""
    question = analysis.question
    two = question.kind.two
    found = np.array([0.0, 1.0]) if two else np.concatenate([group.quantiles for group in groups])
    found = found[np.isfinite(found)]
    room = 0.0 if two else 0.08 * float(np.ptp(found)) or 1.0
    low, high = float(found.min()) - room, float(found.max()) + room
    values = [0.0, 0.5, 1.0] if two else ticks(low, high, 4)
    left = max(28.0, 8.0 + max((text_width(value_words(v, question)) for v in values), default=0.0))
    top, bottom = 22.0, 34.0 + HALF_TALL - 44
    axis, wide = Axis(low, high, bottom, top), (HALF - 4 - left) / len(groups)
    title = say("{outcome} by dose, that day and before", outcome=plain(question.outcome))
    body = [text(2, 12, shorten(title, HALF / BOLD), "heading")]
    for value in values:
        y = axis.place(value)
        words = value_words(value, question)
        body += [line(left, y, HALF - 4, y, "grid"), text(left - 5, y + 4, words, "small", "end")]
    for at, group in enumerate(groups):
        x, middle = left + at * wide + 7, left + (at + 0.5) * wide
        body += _share(group, axis, x, wide - 14) if two else _box(group, axis, x, wide - 14)
        after = say("after dose") if group.before else say("after none")
        if question.against:
            after = say("after {name}", name=taken_words(question) if group.before else untaken_words(question))
        counted = days_words(group.days)
        body += [text(middle, bottom + 14 + 13 * row, shorten(words, wide), "small", "middle")
                 for row, words in enumerate((after, counted))]  # fmt: skip
    for on, name in ((0, untaken_words(question)), (1, taken_words(question))):
        middle = left + (2 * on + 1) * wide
        body.append(text(middle, bottom + 42, shorten(name, 2 * wide / BOLD), "heading", "middle"))
    body.append(line(left + 2 * wide, top, left + 2 * wide, bottom + 42, "axis"))
    sentence = (
        say("Share of the days by what was taken that day and the day before.")
        if two
        else say(
            "Median, middle half, {low} to {high} % of the days by what was taken that day and the day before.",
            low=number(100 * SHARES[0]), high=number(100 * SHARES[-1]),
        )
    )  # fmt: skip
    return Figure(drawing("letter-since", title, sentence, (HALF, bottom + 46), "".join(body)), sentence)


def _box(group: DayGroup, axis: Axis, x: float, wide: float) -> list[str]:
    """Middle 80 % pale, middle half darker, the median as a thick line; without a dose an edge as well."""
    if not np.isfinite(group.mean):
        return [text(x + wide / 2, (axis.start + axis.stop) / 2, say("too few"), "small", "middle")]
    q, name = axis.places(group.quantiles), "taken" if group.on else "untaken"
    return [
        rectangle(x + wide / 4, q[-1], wide / 2, q[0] - q[-1], f"band-{name} faint"),
        rectangle(x, q[-2], wide, q[1] - q[-2], f"band-{name}"),
        *([line(x, y, x + wide, y, "edge-untaken") for y in (q[1], q[-2])] if not group.on else []),
        line(x, q[2], x + wide, q[2], f"curve-{name}"),
    ]


def _share(group: DayGroup, axis: Axis, x: float, wide: float) -> list[str]:
    """Of yes and no, the share of yes as a bar."""
    if not np.isfinite(group.mean):
        return _box(group, axis, x, wide)
    y, name = axis.place(group.mean), "taken" if group.on else "untaken"
    share = say("{n} %", n=whole(round(100 * group.mean)))  # counted, so 0 and 100 may stand
    bar = rectangle(x, y, wide, axis.start - y, f"band-{name}")
    return [bar, line(x, y, x + wide, y, f"curve-{name}"), text(x + wide / 2, y - 4, share, "small", "middle")]


def fifty_small(improvement: Floats, meaningful: float, unit: str) -> Figure:
    """The fifty dots in half a page; improvement : (50,) quantiles, positive = better; meaningful : same unit."""
    worse, small, better = fifty_counts(improvement, meaningful)
    low, high = min(float(improvement.min()), -meaningful), max(float(improvement.max()), meaningful)
    low, high = low - 0.08 * (high - low), high + 0.08 * (high - low)
    scale = (HALF - 24) / (high - low)
    radius = float(np.clip(np.ptp(improvement) / 12 * scale / 2, 3.0, 6.0))
    spots = stacks(improvement, 2 * radius / scale)
    top, base = 40.0, 34.0 + HALF_TALL - 20
    step = min(2 * radius, (base - top - 2 * radius) / max(1.0, float(spots[:, 1].max())))
    placed = [(12 + scale * (float(c) - low), base - 3 - radius - step * (float(h) - 1)) for c, h in spots]
    kind = np.where(improvement <= -meaningful, -1, np.where(improvement >= meaningful, 1, 0))
    full, ring, crossed = ([p for p, k in zip(placed, kind, strict=True) if k == want] for want in (1, 0, -1))

    def x(value: float) -> float:
        return 12 + scale * (value - low)

    named = say("Fifty equally likely truths, in {unit}", unit=unit)
    heading = named if unit else say("Fifty equally likely truths")
    if unit and shorten(named, HALF / BOLD) != named:  # what is cut off is not the unit
        heading = say("In {unit}: fifty equally likely truths", unit=unit)
    body = [
        text(2, 12, shorten(heading, HALF / BOLD), "heading"),
        text(12, 28, say("← worse"), "small"), text(HALF - 12, 28, say("better →"), "small", "end"),
        rectangle(x(-meaningful), top - 4, x(meaningful) - x(-meaningful), base - top + 4, "zone"),
        line(12, base, HALF - 12, base, "axis"), line(x(0.0), top - 4, x(0.0), base + 4, "zero"),
        dots([*full, *ring], radius - 0.8, "mark"), dots(ring, radius - 2.4, "dot-core"),
        crosses(crossed, radius - 2, "cross-mark"),
        text(x(0.0), base + FONT + 4, "0", "small", "middle"),
        text(x(meaningful), base + FONT + 4, number(meaningful), "small", "middle"),
        text(x(-meaningful), base + FONT + 4, number(-meaningful), "small", "middle"),
    ]  # fmt: skip
    sentence = say(
        "{better} of 50 better by enough to matter once settled (filled), {small} too small (rings), {worse} worse "
        "(crosses).",
        better=better,
        small=small,
        worse=worse,
    )
    title = say("Fifty equally likely truths")
    return Figure(drawing("letter-fifty", title, sentence, (HALF, base + 18), "".join(body)), sentence)
