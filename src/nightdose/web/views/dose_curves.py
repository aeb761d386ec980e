"""Curves of the mechanism for a page: two regimens over the same hours, and the doses of one's own diary."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

import numpy as np

from nightdose.arrays import Floats
from nightdose.keeping.own_doses import BEFORE_D, SHOWN_D, OwnDoses
from nightdose.knowledge.interactions import rule
from nightdose.language.calendar import weekday_day
from nightdose.language.catalogue import say
from nightdose.language.number import typeset
from nightdose.mechanism.overview import SHOWN, Overview, overview
from nightdose.mechanism.panel import Curve, Panel
from nightdose.mechanism.people import Body
from nightdose.mechanism.population import Study
from nightdose.mechanism.stopping import AFTER_H, fading
from nightdose.report.figures.panel import panel_figure, panel_rows
from nightdose.report.figures.svg import NARROW, WIDE
from nightdose.web.contexts.dose import DosePart
from nightdose.web.contexts.parts import Picture

PEOPLE = 30  # virtual people of a picture that has to redraw at once
ASKED_H = (24, 48, 72, 96)  # hours after the last dose that stand in words
DAY_H = 24.0


@dataclass(frozen=True, slots=True)
class Regimens:
    """What is drawn: the numbers of the last day, the panels, the words above them."""

    seen: Overview
    panels: tuple[Panel, ...]
    title: str


def beside_each_other(seen: Overview, beside: Overview) -> list[Panel]:
    """The panels of both; what runs over a day runs over the same 24 hours of the clock."""
    out = []
    for ours, theirs in zip(seen.panels, beside.panels, strict=True):
        moved = theirs.curves
        if ours.x_kind == "clock":
            begin = float(ours.curves[0].x[0])
            moved = tuple(_from_hour(curve, begin) for curve in theirs.curves)
        curves = (
            *(replace(c, name=say("first: {curve}", curve=c.name)) for c in ours.curves),
            *(replace(c, name=say("beside: {curve}", curve=c.name), low=None, high=None) for c in moved),
        )
        out.append(replace(ours, curves=curves))
    return out


def _from_hour(curve: Curve, begin: float) -> Curve:
    """A curve over 24 hours, begun at another hour of the clock; it is the same day in its settled course."""
    hours = np.arange(begin, begin + DAY_H + 1)

    def moved(values: Floats) -> Floats:
        x, y = curve.x[:-1] % DAY_H, values[:-1]
        order = np.argsort(x)
        return np.asarray(np.interp(hours % DAY_H, x[order], y[order], period=DAY_H), dtype=np.float64)

    return replace(curve, x=hours, middle=moved(curve.middle))


def of_diary(own: OwnDoses, body: Body) -> tuple[Regimens, tuple[DosePart, ...]]:
    """The curves under one's own doses, and what is left after the last of them, beside the rule for operations."""
    study = Study(own.intake, SHOWN_D + BEFORE_D, PEOPLE, body, SHOWN)
    seen = overview(study)
    *day, course = seen.panels
    title = say(
        "My own doses: {taken} of the last {days} days with a dose, {without} without",
        taken=own.taken,
        days=SHOWN_D,
        without=own.without,
    )
    if own.not_known:
        title += say(", {n} not written down and counted as none", n=own.not_known)
    return Regimens(seen, (_last_days(course), *day), title), (_operation(own, study),)


def _last_days(course: Panel) -> Panel:
    """The course without the days before, which only filled the body."""

    def cut(curve: Curve) -> Curve:
        keep = curve.x >= BEFORE_D
        low, high = (None if values is None else values[keep] for values in (curve.low, curve.high))
        return replace(curve, x=curve.x[keep] - BEFORE_D - SHOWN_D, middle=curve.middle[keep], low=low, high=high)

    return replace(
        course,
        title=say("Receptors blocked over my last 14 days, up to day 0"),
        curves=tuple(cut(c) for c in course.curves),
    )


def _operation(own: OwnDoses, study: Study) -> DosePart:
    last_h = own.intake.events[-1].time_h
    days = int(np.ceil((last_h + AFTER_H) / DAY_H)) + 1
    found = fading(replace(study, days=days), last_h)
    when = datetime.datetime.combine(own.first, datetime.time()) + datetime.timedelta(hours=last_h)
    left = "; ".join(
        say("after {h} hours {share}, or {short}", h=h, share=share(found.at(h)), short=share(found.short(h)))
        for h in ASKED_H
    )
    guessed = (
        say(
            " {n} of the doses have no clock time; they are set to {clock}.",
            n=own.guessed_clock,
            clock=f"{int(own.clock_h):02d}:00",
        )
        if own.guessed_clock
        else ""
    )
    said = rule("operation")
    return DosePart(
        say("Before an operation, a dentist or an emergency"),
        (
            say(
                "If nothing more is taken after your last dose of {day}, {clock}, still blocked are: {left}. The first "
                "number follows scans after 50 mg, the second the block measured in mice; which of them holds at a low "
                "dose is not known, so neither says that it is safe.",
                day=weekday_day(when),
                clock=f"{when:%H:%M}",
                left=left,
            )
            + guessed,
            f"{say(said.wording)} {say(said.call)}",
        ),
        (picture(found.panel, 8),),
    )


def share(values: tuple[float, float, float]) -> str:
    """ "62 % (48 to 75)": the median and the middle 90 % of people."""
    low, middle, high = (round(100 * v) for v in values)
    return typeset(say("{middle} % ({low} to {high})", middle=middle, low=low, high=high))


def picture(panel: Panel, number: int) -> Picture:
    """The panel twice, and its numbers as a table."""
    wide = panel_figure(panel, width=WIDE, ident=f"panel-{number}-wide")
    narrow = panel_figure(panel, width=NARROW, ident=f"panel-{number}-narrow")
    head, rows = panel_rows(panel)
    return Picture(wide.svg, narrow.svg, wide.sentence, head, tuple(rows))
