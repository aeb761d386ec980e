"""Where nobody planned them, doses follow something: the scores, the weekday, a rhythm, a journey. Each by its name."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nightdose.question.habits.rhythm import rhythm_of
from nightdose.question.habits.scores import FOLLOWS_Z, follows_scores
from nightdose.question.habits.weekdays import OfWeek, follows_weekday
from nightdose.question.reason import Reason
from nightdose.question.runs import Run, settled_runs
from nightdose.question.weakness.evidence import Evidence

WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
SINGLE_DAYS = 0.2  # share of days unlike the settled run that they lie in; whoever forgets one in seven stays below
SHORT_BREAK_D = 21
MOSTLY = 2 / 3  # of the days on one side: the other one is the exception
EVEN_WITHIN_D = 1  # days by which stretches of a self-made plan differ
SHORTEST_EVEN_D = 7
TWICE = 2


def scores(e: Evidence) -> Iterator[Reason]:
    if e.planned.plan is not None or e.design.days_on == 0 or in_even_turns(e.runs):
        return
    name, outcome = e.question.treatment, e.question.outcome
    found = follows_scores(np.where(e.known, e.dose, np.nan), e.outcome, e.question.direction)
    window, z = found.strongest
    if found.same_day >= abs(z):
        window, z = 0, found.same_day
    if abs(z) <= FOLLOWS_Z:
        return
    when = {0: "on the same day", 1: "the day before"}.get(window, f"in the {window} days before")
    more = "More of " if len(e.design.dose_levels) > 1 else ""
    yield Reason(
        "dose_follows_scores",
        f"{more}{name} was taken after {outcome} had been {'worse' if z > 0 else 'better'} {when}: the dose follows "
        "the score, so the scores cannot show what the dose does."
        if window
        else f"{more}{name} was taken on days on which {outcome} was worse: the dose follows the score (or makes it "
        "worse), and nobody can tell which.",
        {"z": round(z, 2), "window_d": window, "z_asked_for": FOLLOWS_Z},
        decisive=True,
    )


def together_in_time(e: Evidence) -> Iterator[Reason]:
    """Weekday, rhythm, month: of unplanned doses; and of a plan whose every weekday is always the same."""
    if e.design.days_on == 0:
        return
    first = e.diary.first_day if e.diary.dated else None
    on, known = e.dose > 0, e.known
    planned = e.planned.plan
    if planned is not None:
        on, known = planned.dose > 0, ~np.isnan(planned.dose)
    week = follows_weekday(on, known, first) if first is not None else None
    if week is not None and (planned is None or week.share > 0.95):
        yield _weekday(e, week)
        return
    if planned is not None:
        return
    found = rhythm_of(on, known, first)
    if found is None:
        return
    name = e.question.treatment
    if found.of_month:
        yield Reason(
            "dose_follows_month",
            f"{name} was taken at the same time of every month. What else comes at that time of the month (bills, "
            "wages, deadlines, a cycle) looks just like it.",
            {"z": round(found.z, 2)},
            decisive=True,
        )
        return
    even = in_even_turns(e.runs)
    yield Reason(
        "dose_follows_rhythm",
        f"{name} was taken in a rhythm of about {found.period_d} days. A rhythm of your own of that length (a cycle, "
        "shifts, a child's weeks) would look just like it.",
        {"period_d": found.period_d, "z": round(found.z, 2)},
        decisive=not even,
        imitates=even,
    )


def in_even_turns(runs: tuple[Run, ...]) -> bool:
    """Do on and off take turns in stretches of one length, a week or longer, as a self-made plan would have them?"""
    inside = [run.days for run in runs[1:-1]]
    return len(inside) > 1 and min(inside) >= SHORTEST_EVEN_D and max(inside) - min(inside) <= EVEN_WITHIN_D


def _weekday(e: Evidence, week: OfWeek) -> Reason:
    rare = week.seldom if len(week.seldom) <= len(week.often) else week.often
    days = " and ".join(WEEKDAYS[k] for k in rare) if rare else "some days of the week"
    verb = "mostly left out" if rare == week.seldom else "mostly taken"
    return Reason(
        "dose_follows_weekday",
        f"{e.question.treatment} was {verb} on {days}: the dose follows the day of the week, and what these days bring "
        "by themselves (work, rest, company) looks just like it.",
        {"explained": round(week.share, 3)},
        decisive=True,
    )


def single_days(e: Evidence) -> Iterator[Reason]:
    """No settled time with it, or none without: capsules as it came, or forgotten ones."""
    d, name = e.design, e.question.treatment
    if e.planned.plan is not None or d.days_on == 0 or d.days_off == 0:
        return
    settled_on, settled_off = any(run.on for run in e.runs), any(not run.on for run in e.runs)
    if not settled_on or not settled_off:
        which = "without it" if settled_on else "with it"
        how = "were single evenings" if settled_on else "came one by one"
        why = "forgotten, or left out for a reason" if settled_on else "as needed, or for a reason that is not recorded"
        yield Reason(
            "only_single_days",
            f"The days {which} {how} ({d.days_off if settled_on else d.days_on} in all), {why}; there was never a "
            f"settled time {which} to compare with.",
            {"days_on": d.days_on, "days_off": d.days_off},
            decisive=True,
        )
        return
    taken = np.flatnonzero(e.known & (e.dose > 0))
    span = np.zeros(len(e.dose), dtype=bool)
    span[taken[0] : taken[-1] + 1] = True
    state = np.zeros(len(e.dose), dtype=bool)
    for run in e.runs:
        state[run.begin : run.end] = run.on
    counted = span & e.known
    unlike = float(np.mean(((e.dose > 0) != state)[counted]))
    if unlike > SINGLE_DAYS:
        yield Reason(
            "only_single_days",
            f"{name} was taken and left out from one evening to the next ({100 * unlike:.0f} of 100 evenings), for "
            "reasons that are not recorded; whatever made you take it may itself move the score.",
            {"unlike": round(unlike, 3)},
            decisive=True,
        )


def breaks(e: Evidence) -> Iterator[Reason]:
    """Short times off among long ones on, or short courses: something was the reason."""
    runs = settled_runs(e.dose > 0, e.known)  # a break of a few days is one, however slowly the medicine works
    if e.planned.plan is not None or len(runs) < 3:
        return
    first_off = not runs[0].on
    inside = runs[1:] if first_off else runs
    days = {state: sum(run.days for run in inside if run.on is state) for state in (True, False)}
    usual = days[True] >= days[False]
    short = [run for run in inside[:-1] if run.on is not usual]
    if not short or np.median([run.days for run in short]) > SHORT_BREAK_D:
        return
    if days[usual] < MOSTLY * (days[True] + days[False]) or (usual and first_off and len(short) < TWICE):
        return
    if not usual and len(short) < TWICE:
        return
    what = "left out" if usual else "taken"
    times = {1: "once", 2: "twice"}.get(len(short), f"{len(short)} times")
    yield Reason(
        "short_breaks" if usual else "short_courses",
        f"{e.question.treatment} was {what} {times}, for {min(r.days for r in short)} to {max(r.days for r in short)} "
        "days. Something was the reason (a journey, holidays, an illness, a bad time), and it would look just like "
        f"{'leaving it out' if usual else 'the medicine'}.",
        {"times": len(short), "longest_d": max(r.days for r in short)},
        imitates=True,
    )
