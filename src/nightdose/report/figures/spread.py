"""Where the recorded days lie in what the other days predict: ten bars that should be equally high."""

from __future__ import annotations

from math import sqrt

from nightdose.language.catalogue import say
from nightdose.report.figures.svg import FONT, LINE, WIDE, Figure, banner, drawing, line, rectangle, text
from nightdose.report.words.day_fit import day_fit_words
from nightdose.report.words.diary import shown_label
from nightdose.statistics import Z95
from nightdose.verdict.analysis import Analysis

HEIGHT = 110.0


def spread_figure(analysis: Analysis, *, width: float = WIDE, label: str = "", ident: str = "spread") -> Figure | None:
    """The histogram with the band that 19 of 20 bars of a fitting model stay in; None where no fit was made."""
    fit = analysis.day_fit
    if fit is None:
        return None
    above, y = banner(shown_label(analysis, label), width)
    bars = len(fit.histogram)
    even = 1 / bars
    loose = Z95 * sqrt(even * (1 - even) / fit.days)
    tallest = max(*fit.histogram, even + loose) * 1.1
    left, right, top = 8.0, width - 8.0, y + LINE + 6
    bottom, step = top + HEIGHT, (width - 16) / bars

    def height(share: float) -> float:
        return bottom - HEIGHT * share / tallest

    body = [above, text(left, y + FONT, say("share of days"), "small")]
    high, low = height(even + loose), height(max(even - loose, 0.0))
    body.append(rectangle(left, high, right - left, low - high, "zone"))
    for i, share in enumerate(fit.histogram):
        body.append(rectangle(left + i * step + 3, height(share), step - 6, bottom - height(share), "dose"))
    body += [line(left, at, right, at, "zone-edge") for at in (high, low)]
    body.append(line(left, bottom, right, bottom, "axis"))
    below = bottom + FONT + 4
    body.append(text(left, below, say("lower than predicted"), "small"))
    body.append(text(right, below, say("higher than predicted"), "small", "end"))
    bars_words = say(
        "Each bar holds the days in one tenth of what the other days predict for them; if the model fits, all are "
        "about equally high, within the shaded band."
    )
    sentence = f"{day_fit_words(analysis)[0]} {bars_words}"
    title = say("Days against what the other days predict")
    return Figure(drawing(ident, title, sentence, (width, below + 8), "".join(body)), sentence)
