"""Pictures of the mechanism: panels of curves or bars, and the plain words that belong under them, in one SVG.

What rests on an assumption or an animal figure is dashed and says so in its label: a picture may leave its page.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nightdose.language.catalogue import mark, say
from nightdose.mechanism.claims.claim import Claim, grades
from nightdose.mechanism.panel import Bar, Curve, Panel
from nightdose.report.figures.axes import Axis, ticks
from nightdose.report.figures.panel import X_WORDS
from nightdose.report.figures.svg import (
    LINE,
    WIDE,
    area,
    curve,
    drawing,
    element,
    line,
    rectangle,
    text,
    text_width,
    wrap,
)  # fmt: skip

LEFT, RIGHT, TALL, ROW = 46.0, 190.0, 150.0, 26.0  # px: values, labels of curves, height of a panel, of a bar
TITLE_WIDER = 1.65  # a bold title of 17 px against text of 12 px
INKS = ("#34488f", "#a8480b", "#4c6b1f", "#6a3d8f")
DOSE_TICKS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
NOT_ADVICE = mark("A model, not a measurement of you; no dose advice. Decisions belong to you and your prescriber.")
STYLE = """
text { fill: #1d2026; font: 12px system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif; }
.title { font-size: 17px; font-weight: 700; }
.quote, .small { fill: #555b66; }
.quote { font-style: italic; }
.heading, .lead { font-weight: 700; }
.grid { stroke: #e9e6de; }
.axis { stroke: #555b66; }
.zero { stroke: #1d2026; stroke-width: 1.2; stroke-dasharray: 2 3; }
.mark { stroke: #555b66; stroke-dasharray: 5 4; }
"""


@dataclass(frozen=True, slots=True)
class Words:
    """One paragraph under the picture; the lead is printed in bold."""

    lead: str
    words: str


def claim_svg(claim: Claim) -> str:
    """The claim with its panels, what is published, what must be assumed, and how far that is from data."""
    graded = "; ".join(f"{title}: {grade}" for title, grade in grades(claim))
    paragraphs = (
        Words(say("As published."), claim.published),
        Words(say("What must be assumed."), claim.assumed),
        Words(say("Distance from the data."), claim.distance),
        Words(say("Evidence of each link."), graded + "."),
        Words("Limits.", claim.limits),
    )
    return picture(claim.name, claim.title, f"Claim: “… {claim.quote} …”", claim.panels, paragraphs)


def picture(ident: str, title: str, under_title: str, panels: tuple[Panel, ...], paragraphs: tuple[Words, ...]) -> str:
    """One SVG: title, panels below each other, words."""
    body, y = element("style", STYLE), 26.0
    for words in wrap(title, (WIDE - 16) / TITLE_WIDER):
        body += text(8, y, words, "title")
        y += 1.5 * LINE
    y += 6 - 1.5 * LINE
    for words in wrap(under_title, WIDE - 16):
        y += LINE
        body += text(8, y, words, "quote")
    y += 26
    for panel in panels:
        drawn, height = _panel(panel, y)
        body, y = body + drawn, y + height + 22
    body += _legend(panels, y)
    y += 24
    for paragraph in (*paragraphs, Words("", say(NOT_ADVICE))):
        drawn, height = _paragraph(paragraph, y)
        body, y = body + drawn, y + height
    sentence = " ".join(f"{p.lead} {p.words}" for p in paragraphs)
    paper = rectangle(0, 0, WIDE, y + 8, fill="#fdfcf9")
    return drawing(ident, title, sentence, (WIDE, y + 8), paper + body)


def _paragraph(paragraph: Words, y: float) -> tuple[str, float]:
    out = ""
    lines = wrap(f"{paragraph.lead} {paragraph.words}".strip(), WIDE - 16)
    for i, words in enumerate(lines):
        if i == 0 and paragraph.lead and words.startswith(paragraph.lead):
            rest = words.removeprefix(paragraph.lead)
            spans = element("tspan", _plain(paragraph.lead), class_="lead") + _plain(rest)
            out += element("text", spans, x=8.0, y=y + LINE * i)
        else:
            out += text(8, y + LINE * i, words, "" if paragraph.lead else "small")
    return out, LINE * len(lines) + 7


def _plain(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _legend(panels: tuple[Panel, ...], y: float) -> str:
    """What solid, dashed and shaded mean, once."""
    if any(panel.curves for panel in panels):
        out = line(8, y - 4, 30, y - 4, "axis") + text(36, y, say("human data, partly extrapolated"), "small")
        out += element("line", x1=240.0, y1=y - 4, x2=262.0, y2=y - 4, class_="axis", stroke_dasharray="5 3")
        out += text(268, y, say("an assumption, an animal or a cell figure"), "small")
        out += rectangle(542, y - 10, 20, 11, fill="#e2e2e6") + text(568, y, say("90% of virtual people"), "small")
        return out
    return text(8, y, say("Bars: 90% of virtual people; hollow = rests on an assumption."), "small")


def _panel(panel: Panel, top: float) -> tuple[str, float]:
    heading = text(8, top, panel.title, "heading")
    heading += text(8 + text_width(panel.title) * 1.08 + 12, top, panel.y_words, "small")
    if panel.x_kind == "arms":
        drawn, height = _bars(panel, top + 14)
    else:
        drawn, height = _curves(panel, top + 14), TALL + 30
    return heading + drawn, height + 14


def _range(panel: Panel) -> tuple[float, float]:
    values = [v for c in panel.curves for a in (c.middle, c.low, c.high) if a is not None for v in (a.min(), a.max())]
    values += [v for b in panel.bars for v in (b.low, b.high)]
    if panel.reference is not None:
        values.append(panel.reference)
    low = min(values) if panel.y_low is None else min(panel.y_low, *values)
    high = max(values)
    room = 0.06 * (high - low or 1.0)
    return (low if low == panel.y_low else low - room), high + room


def _curves(panel: Panel, top: float) -> str:
    right = WIDE - RIGHT
    xs = np.concatenate([c.x for c in panel.curves])
    logarithmic = panel.x_kind == "dose"
    place = np.log10 if logarithmic else np.asarray
    x_axis = Axis(float(place(xs.min())), float(place(xs.max())), LEFT, right)
    y_axis = Axis(*_range(panel), top + TALL, top)
    out = ""
    for value in ticks(y_axis.low, y_axis.high, 6):
        y = y_axis.place(value)
        out += line(LEFT, y, right, y, "grid") + text(LEFT - 6, y + 4, f"{value:g}", "small", "end")
    for value, words in _x_ticks(panel, float(xs.min()), float(xs.max())):
        x = x_axis.place(float(place(value)))
        out += line(x, top + TALL, x, top + TALL + 4, "axis") + text(x, top + TALL + 18, words, "small", "middle")
    out += line(LEFT, top + TALL, right, top + TALL, "axis")
    for value, words in panel.marks:
        x = x_axis.place(value)
        out += line(x, top, x, top + TALL, "mark") + text(x + 4, top + TALL - 7, words, "small")
    if panel.reference is not None:
        y = y_axis.place(panel.reference)
        out += line(LEFT, y, right, y, "zero")
    labels = []
    for c, ink in zip(panel.curves, INKS, strict=False):
        along = x_axis.places(place(c.x))
        if c.low is not None and c.high is not None:
            shade = area(along, y_axis.places(c.low), y_axis.places(c.high), "")
            out += element("g", shade, fill=ink, fill_opacity="0.10")
        out += _stroke(curve(along, y_axis.places(c.middle), ""), ink, dashed=c.assumed)
        labels.append((y_axis.place(float(c.middle[-1])), c.name + _note(c), ink))
    if panel.reference is not None:
        labels.append((y_axis.place(panel.reference), panel.reference_words, "#1d2026"))
    return out + _labels(labels, right + 8, top + TALL)


def _note(item: Curve | Bar) -> str:
    return " (assumed)" if item.assumed and "assumed" not in item.name and "mouse" not in item.name else ""


def _stroke(drawn: str, ink: str, *, dashed: bool) -> str:
    return element(
        "g",
        drawn,
        fill="none",
        stroke=ink,
        stroke_width="2",
        stroke_linejoin="round",
        stroke_dasharray="6 4" if dashed else "",
    )


def _labels(labels: list[tuple[float, str, str]], x: float, lowest: float) -> str:
    """Names at the ends of their curves, moved apart where they would touch."""
    out, free = "", -1e9
    blocks = [(y, wrap(words, RIGHT - 10), ink) for y, words, ink in sorted(labels)]
    need = sum(LINE * len(lines) for _, lines, _ in blocks)
    for y, lines, ink in blocks:
        start = max(min(y + 4, lowest + 4 - need + LINE), free)
        for i, words in enumerate(lines):
            out += element("text", _plain(words), x=x, y=start + LINE * i, style=f"fill:{ink}")
        free = start + LINE * len(lines)
        need -= LINE * len(lines)
    return out


def _x_ticks(panel: Panel, low: float, high: float) -> list[tuple[float, str]]:
    match panel.x_kind:
        case "clock":
            return [(h, f"{int(h) % 24:02d}:00") for h in np.arange(np.ceil(low), high + 0.1, 4.0)]
        case "dose":
            return [(d, f"{d:g} mg") for d in DOSE_TICKS if low * 0.99 <= d <= high * 1.01]
    unit = say(X_WORDS[panel.x_kind])
    return [(v, f"{unit} {v:g}" if i == 0 else f"{v:g}") for i, v in enumerate(ticks(low, high, 7))]


def _bars(panel: Panel, top: float) -> tuple[str, float]:
    names = 230.0
    low, high = _range(panel)
    axis = Axis(low, high, names + 12, WIDE - 60)
    bottom = top + ROW * len(panel.bars)
    out = ""
    for value in ticks(low, high, 6):
        x = axis.place(value)
        out += line(x, top, x, bottom, "grid") + text(x, bottom + 16, f"{value:g}", "small", "middle")
    if panel.reference is not None:
        x = axis.place(panel.reference)
        out += line(x, top - 2, x, bottom, "zero") + text(x, bottom + 30, panel.reference_words, "small", "middle")
    for i, bar in enumerate(panel.bars):
        y = top + ROW * (i + 0.5)
        ink = INKS[0]
        out += text(names, y + 4, bar.name, "", "end")
        span = line(axis.place(bar.low), y, axis.place(bar.high), y, "")
        out += element("g", span, stroke=ink, stroke_width="6", stroke_opacity="0.3")
        out += element(
            "circle",
            cx=axis.place(bar.value),
            cy=y,
            r=5.0,
            fill="#fdfcf9" if bar.assumed else ink,
            stroke=ink,
            stroke_width="2",
        )
        out += text(WIDE - 50, y + 4, f"{bar.value:.2f}", "small")
    return out, ROW * len(panel.bars) + 32
