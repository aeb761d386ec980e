"""One panel of the mechanism as a picture for a page: curves with bands, names below, at any width.

Curves are told apart by their dashes, not by colour alone; what rests on an assumption says so in its name.
"""

from __future__ import annotations

import numpy as np

from nightdose.arrays import Floats
from nightdose.language.catalogue import mark, say
from nightdose.language.number import number
from nightdose.mechanism.panel import Curve, Panel
from nightdose.report.figures.axes import Axis, ticks
from nightdose.report.figures.svg import BOLD, FONT, WIDE, Figure, area, curve, drawing, line, shorten, text

LEFT, TALL, MOST_CURVES = 44.0, 150.0, 4
CLOCK_STEP_H = 4.0
X_WORDS = {
    "clock": mark("clock"),
    "hours": mark("hour"),
    "days": mark("day"),
    "years": mark("year"),
    "dose": mark("dose"),
}


def panel_figure(panel: Panel, *, width: float = WIDE, ident: str = "panel", label: str = "") -> Figure:
    """The panel with its curves; the sentence under it names the ends of each curve. Bars are not drawn here."""
    right = width - 8
    x = np.concatenate([c.x for c in panel.curves])
    across = Axis(float(x.min()), float(x.max()), LEFT, right)
    low, high = _range(panel)
    top = 40.0 + (FONT + 6 if label else 0)
    up = Axis(low, high, top + TALL, top)
    body = [
        text(0, 14, shorten(panel.title, width / BOLD), "heading"),
        text(0, 30, shorten(panel.y_words, width), "small"),
    ]
    if label:
        body.append(text(0, 48, shorten(label, width), "label-words"))
    for value in ticks(low, high, 5):
        y = up.place(value)
        body += [line(LEFT, y, right, y, "grid"), text(LEFT - 6, y + 4, f"{value:g}", "small", "end")]
    for value, words in _x_ticks(panel, across, width):
        at = across.place(value)
        body += [line(at, top + TALL, at, top + TALL + 4, "axis"), text(at, top + TALL + 18, words, "small", "middle")]
    body.append(line(LEFT, top + TALL, right, top + TALL, "axis"))
    if panel.reference is not None:
        body.append(line(LEFT, up.place(panel.reference), right, up.place(panel.reference), "zero"))
    for i, c in enumerate(panel.curves[:MOST_CURVES], 1):
        along = across.places(c.x)
        if c.low is not None and c.high is not None:
            body.append(area(along, up.places(c.low), up.places(c.high), f"band-{i}"))
        body.append(curve(along, up.places(c.middle), f"curve-{i}"))
    for value, words in panel.marks:
        at = across.place(value)
        body += [line(at, top, at, top + TALL, "mark-line"), text(at + 5, top + 12, words, "small")]
    y = top + TALL + 42
    for i, c in enumerate(panel.curves[:MOST_CURVES], 1):
        body.append(line(LEFT, y - 4, LEFT + 26, y - 4, f"curve-{i}"))
        body.append(text(LEFT + 34, y, shorten(name_of(c), width - LEFT - 40)))
        y += 20
    sentence = panel_sentence(panel)
    return Figure(drawing(ident, panel.title, sentence, (width, y - 8), "".join(body)), sentence)


def name_of(c: Curve) -> str:
    """The curve's name; where it rests on an assumption or an animal figure, with that word."""
    said = any(word in c.name for word in ("assumed", "mouse"))
    return c.name if said or not c.assumed else say("{name} (assumed)", name=c.name)


def panel_sentence(panel: Panel) -> str:
    """What a person who cannot see the picture is told: lowest and highest value of each curve's middle."""
    each = [
        say(
            "{name_of}: {min} to {max}",
            name_of=_capital(name_of(c)),
            min=number(float(f"{float(c.middle.min()):.2g}")),
            max=number(float(f"{float(c.middle.max()):.2g}")),
        )
        for c in panel.curves[:MOST_CURVES]
    ]
    return f"{panel.title} ({panel.y_words}). " + ". ".join(each) + "."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def panel_rows(panel: Panel, most: int = 13) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The same numbers as a table: a heading and at most so many rows, evenly spread."""
    curves = panel.curves[:MOST_CURVES]
    xs = curves[0].x
    at = np.unique(np.round(np.linspace(0, len(xs) - 1, min(most, len(xs)))).astype(int))
    first = say(X_WORDS[panel.x_kind])
    rows = [(_x_words(panel, float(xs[i])), *(_at(c, float(xs[i])) for c in curves)) for i in at]
    return (first, *(name_of(c) for c in curves)), rows


def _at(c: Curve, x: float) -> str:
    return f"{float(np.interp(x, c.x, c.middle)):.2f}"


def _x_words(panel: Panel, x: float) -> str:
    return f"{int(x) % 24:02d}:00" if panel.x_kind == "clock" else f"{x:g}"


def _range(panel: Panel) -> tuple[float, float]:
    parts: list[Floats] = [a for c in panel.curves for a in (c.middle, c.low, c.high) if a is not None]
    values = [float(v) for a in parts for v in (a.min(), a.max())]
    if panel.reference is not None:
        values.append(panel.reference)
    low = min(values) if panel.y_low is None else min(panel.y_low, *values)
    high = max(values)
    room = 0.06 * (high - low or 1.0)
    return (low if low == panel.y_low else low - room), high + room


def _x_ticks(panel: Panel, across: Axis, width: float) -> list[tuple[float, str]]:
    if panel.x_kind == "clock":
        step = CLOCK_STEP_H * (2 if width < 400 else 1)
        return [(float(h), f"{int(h) % 24:02d}:00") for h in np.arange(np.ceil(across.low), across.high + 0.1, step)]
    unit = say(X_WORDS[panel.x_kind])
    found = ticks(across.low, across.high, 4 if width < 400 else 7)
    return [(v, f"{unit} {v:g}" if i == 0 else f"{v:g}") for i, v in enumerate(found)]
