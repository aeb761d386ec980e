"""What was recorded, counted from what was really taken."""

from __future__ import annotations

import numpy as np

from nightdose.language.catalogue import mark, say, say_count
from nightdose.language.number import capital, dose_amount, whole
from nightdose.question.design import Design
from nightdose.question.plan import PlanSource
from nightdose.question.question import Randomised
from nightdose.question.words import design_name
from nightdose.report.words import Rows
from nightdose.verdict.analysis import Analysis

DRAWN: dict[Randomised, str] = {"blocks": mark("yes, in blocks"), "days": mark("yes, day by day"), "none": mark("no")}
PLANNED: dict[PlanSource | None, str] = {
    "assigned": mark("yes, a dose for each day is written down"),
    "locked": mark("yes, in a locked protocol"),
    "stated": mark("drawn at random, as stated; the doses taken fit that"),
    None: mark("no"),
}
MOST_LEVELS = 12  # doses named; more end in an ellipsis


def left_out_words(analysis: Analysis) -> str:
    """'12: steroids 5, infection 7'"""
    why = ", ".join(f"{say(reason)} {whole(days)}" for reason, days in analysis.diary.why_left_out().items())
    return f"{whole(analysis.design.left_out)}: {why}"


def design_rows(analysis: Analysis) -> Rows:
    """The design and its days."""
    design, question = analysis.design, analysis.question
    assumed = int(np.isnan(analysis.dose).sum()) - design.dose_unknown
    rows = [
        (say("Design"), capital(design_name(design))),
        (say("Planned beforehand"), say(PLANNED[design.planned])),
        (say("Days"), whole(design.days)),
        (say("Days with a dose (with an entry)"), f"{whole(design.days_on)} ({whole(design.recorded_on)})"),
        (say("Days without a dose (with an entry)"), f"{whole(design.days_off)} ({whole(design.recorded_off)})"),
        (say("Days with unknown dose"), whole(design.dose_unknown)),
        (say("Days without an entry"), whole(design.missing)),
        *([(say("Days left out of the judgement"), left_out_words(analysis))] if design.left_out else []),
        (_changes(design), whole(design.switches)),
    ]
    if assumed > 0:
        rows.append((say("Doses not written down, taken to be as before and after"), whole(assumed)))
    if design.dose_levels and question.unit:
        more = ", …" if len(design.dose_levels) > MOST_LEVELS else ""
        levels = ", ".join(dose_amount(d, question.unit) for d in design.dose_levels[:MOST_LEVELS])
        rows.append((say("Doses taken"), levels + more))
    rows.append((say("Order drawn at random"), say(DRAWN[design.randomised])))
    rows.append((say("Hidden from the person"), say("yes") if design.blinded else say("no")))
    rows.append((say("Answer read so far"), _read(analysis)))
    return rows


def _changes(design: Design) -> str:
    """Which changes are counted."""
    if design.planned:
        return say("Planned changes between on and off")
    if design.day_by_day:
        return say("Changes between on and off, each of them")
    return say("Settled changes between on and off")


def _read(analysis: Analysis) -> str:
    looks = analysis.case.looks
    if looks.counted is None:
        return say("not counted")
    return say_count("on {n} day", "on {n} days", looks.counted)
