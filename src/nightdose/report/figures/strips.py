"""Dose strips: what was taken each day, under the picture of the outcome and on the same days."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats
from nightdose.language.catalogue import say
from nightdose.language.number import as_given, dose_amount, plain
from nightdose.language.number import days as days_words
from nightdose.report.figures.axes import Axis, gathered
from nightdose.report.figures.svg import (
    FONT,
    LINE,
    line,
    rectangle,
    runs,
    shorten,
    text,
    text_width,
)
from nightdose.verdict.analysis import Analysis

MOST_STRIPS = 6  # beside the treatment's own; the rest is named under the picture
TALL, LOW = 26.0, 12.0


@dataclass(frozen=True, slots=True)
class Strip:
    """One medicine: (days,) daily amounts, NaN = unknown."""

    name: str
    dose: Floats
    unit: str
    tall: bool

    @property
    def highest(self) -> float:
        known = self.dose[np.isfinite(self.dose)]
        return float(known.max()) if known.size and known.max() > 0 else 0.0

    @property
    def levels(self) -> list[float]:
        return sorted({float(v) for v in self.dose if math.isfinite(v) and v > 0})

    @property
    def heading(self) -> str:
        """`topiramate, up to 100 mg a day`."""
        if not np.isfinite(self.dose).any():
            return say("{name}: not recorded", name=self.name)
        if not self.highest:
            return say("{name}: none taken", name=self.name)
        if self.unit == "":
            return say("{name}: marked days = taken", name=self.name)
        highest = dose_amount(self.highest, self.unit)
        if len(self.levels) == 1:
            return say("{name}: {dose} a day", name=self.name, dose=highest)
        return say("{name}: up to {dose} a day", name=self.name, dose=highest)


def strips_of(analysis: Analysis) -> tuple[list[Strip], list[str]]:
    """The treatment first, then what was adjusted for, then every other medicine; and the names left out."""
    question, diary = analysis.question, analysis.diary
    others = dict.fromkeys((*question.adjust, *diary.medicines))
    others.pop(question.treatment, None)
    drawn = list(others)[:MOST_STRIPS]
    strips = [Strip(plain(question.treatment), analysis.dose, question.unit, True)]
    for name in drawn:
        dose = diary.dose(name)
        known = dose[np.isfinite(dose)]
        coded = bool(known.size) and bool(np.isin(known, (0.0, 1.0)).all())
        strips.append(Strip(plain(name), dose, "" if coded else "mg", False))
    return strips, [plain(name) for name in list(others)[MOST_STRIPS:]]


def level_words(strip: Strip, starts: list[tuple[int, int, float]], days: Axis, y: float) -> str:
    """The amount above the first stretch of each dose level, where there is room."""
    if strip.unit == "" or len(strip.levels) < 2 or len(strip.levels) > 8:
        return ""
    written: list[str] = []
    said: set[float] = set()
    free_from = days.start
    for first, _, dose in starts:
        words = dose_amount(dose, strip.unit) if not said else as_given(dose)
        x = days.place(first)
        if not dose > 0 or dose in said or x < free_from or x + text_width(words) > days.stop:
            continue
        said.add(dose)
        written.append(text(x, y, words, "small"))
        free_from = x + text_width(words) + 6
    return "".join(written)


def draw_strip(strip: Strip, days: Axis, y: float, size: int, hatch: str) -> tuple[str, float]:
    """The strip from y downward, and its height. `days` maps a day's left edge to px."""
    body = [text(days.start, y + FONT, shorten(strip.heading, days.stop - days.start), "name")]
    height = TALL if strip.tall else LOW
    top = y + LINE + 3
    dose, n = gathered(strip.dose, size), len(strip.dose)
    stretches: list[tuple[int, int, float]] = []  # (first day, day after the last, dose)
    for i, value in enumerate(dose):
        first, after, amount = i * size, min(n, (i + 1) * size), float(value)
        last = stretches[-1] if stretches else None
        if last and (last[2] == amount or (math.isnan(last[2]) and math.isnan(amount))):
            stretches[-1] = (last[0], after, amount)
        else:
            stretches.append((first, after, amount))
    levels = level_words(strip, stretches, days, top + FONT) if size == 1 else ""
    if levels:
        body.append(levels)
        top += LINE + 2
    for first, after, amount in stretches:
        x, width = days.place(first), days.place(after) - days.place(first)
        if math.isnan(amount):
            body.append(rectangle(x, top, width, height, "unknown", f"url(#{hatch})"))
        elif amount > 0:
            tall = max(2.0, height * amount / strip.highest)
            body.append(rectangle(x, top + height - tall, max(width, 0.6), tall, "dose" if strip.tall else "co-dose"))
    body.append(line(days.start, top + height, days.stop, top + height, "axis"))
    return "".join(body), top + height + 8 - y


def draw_missing(outcome: Floats, days: Axis, y: float, size: int) -> tuple[str, float]:
    """Short marks under the days without an entry, and the height taken; nothing when none is missing."""
    missing = ~np.isfinite(outcome)
    if not missing.any():
        return "", 0.0
    words = say("no entry: {days}", days=days_words(int(missing.sum())))
    body = [text(days.start, y + FONT, words, "small")]
    top = y + LINE + 1
    if size == 1:
        for first, after in runs(missing.tolist()):
            x = days.place(first)
            body.append(rectangle(x, top, days.place(after) - x, 4, "gap"))
    else:
        for i, share in enumerate(gathered(missing.astype(float), size)):
            x = days.place(i * size)
            share = max(share, 0.2) if share > 0 else 0.0
            if share > 0:
                body.append(
                    rectangle(
                        x,
                        top + 4 - 4 * share,
                        days.place(min((i + 1) * size, len(missing))) - x,
                        4 * share,
                        "gap",
                    )
                )
    return "".join(body), LINE + 12
