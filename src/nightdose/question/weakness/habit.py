"""Where nobody planned them, doses follow something: the scores, the weekday, a rhythm, a journey. Each by its name."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nightdose.language.catalogue import mark, say
from nightdose.language.number import whole
from nightdose.question.habits.rhythm import LONGEST_D, rhythm_of
from nightdose.question.habits.scores import FOLLOWS_Z, follows_scores
from nightdose.question.habits.weekdays import OfWeek, follows_weekday
from nightdose.question.reason import Reason
from nightdose.question.runs import Run, changes, settled_runs
from nightdose.question.weakness.evidence import Evidence

WEEKDAYS = (
    mark("Mondays"), mark("Tuesdays"), mark("Wednesdays"), mark("Thursdays"), mark("Fridays"), mark("Saturdays"),
    mark("Sundays"),
)  # fmt: skip
MOST_NAMED = 8  # breaks or courses whose lengths are said
SHORT_BREAK_D = 27  # of the middle one; less than four weeks are a journey or a bad time, more are a decision
STRICT_WITHIN_D = 1  # days by which stretches of a strict turn differ
FEWEST_RUNS = 3  # between the first and the last one, from which turns are strict and not chance
SHORTEST_EVEN_D = 7
TWICE = 2


def scores(e: Evidence) -> Iterator[Reason]:
    """Unplanned doses that follow the scores."""
    if e.planned.plan is not None or e.design.days_on == 0 or in_even_turns(e.runs):
        return
    name, outcome = e.question.treatment, e.question.outcome
    found = follows_scores(np.where(e.known, e.dose, np.nan), e.outcome, e.question.direction)
    window, z = found.strongest
    if found.same_day >= abs(z):
        window, z = 0, found.same_day
    if abs(z) <= FOLLOWS_Z:
        return
    when = say("the day before") if window == 1 else say("in the {n} days before", n=window)
    yield Reason(
        "dose_follows_scores",
        say(_follows(window, z, more=len(e.design.dose_levels) > 1), treatment=name, outcome=outcome, when=when),
        {"z": round(z, 2), "window_d": window, "z_asked_for": FOLLOWS_Z},
        decisive=True,
    )


def _follows(window: int, z: float, *, more: bool) -> str:
    """The sentence of doses that follow the scores of the days before (window 0: of the same day)."""
    if window == 0 and more:
        return mark(
            "More {treatment} was taken on days on which {outcome} was worse: the dose follows the score (or makes it "
            "worse), and nobody can tell which."
        )
    if window == 0:
        return mark(
            "{treatment} was taken on days on which {outcome} was worse: the dose follows the score (or makes it "
            "worse), and nobody can tell which."
        )
    return (
        mark(
            "More {treatment} was taken when {outcome} had been worse {when}: the dose follows the score, so the "
            "scores cannot show what the dose does."
        )
        if z > 0
        else mark(
            "More {treatment} was taken when {outcome} had been better {when}: the dose follows the score, so the "
            "scores cannot show what the dose does."
        )
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
    yield from _rhythm(e, first)


def _rhythm(e: Evidence, first: int | None) -> Iterator[Reason]:
    """A rhythm by its regularity over many turns, or strict turns of settled runs, of which few are enough."""
    found, turn, name = rhythm_of(e.dose > 0, e.known, first), strict_turn(e.runs), e.question.treatment
    if found is not None and found.of_month:
        yield Reason(
            "dose_follows_month",
            say(
                "{treatment} was taken at the same time of every month. What else comes at that time of the month "
                "(bills, wages, deadlines, a cycle) looks just like it.",
                treatment=name,
            ),
            {"z": round(found.z, 2)},
            decisive=True,
        )
    elif found is not None or (turn is not None and sum(turn) <= LONGEST_D):
        period = sum(turn) if turn else found.period_d if found else 0
        even = in_even_turns(e.runs)
        yield Reason(
            "dose_follows_rhythm",
            say(
                "{treatment} was taken in a rhythm of about {n} days. A rhythm of your own of that length (a cycle, "
                "shifts, a child's weeks) would look just like it.",
                treatment=name,
                n=period,
            ),
            {"period_d": period} | ({"z": round(found.z, 2)} if found else {}),
            decisive=not even,
            imitates=even,
        )


def strict_turn(runs: tuple[Run, ...]) -> tuple[int, int] | None:
    """(days on, days off) where all settled runs but the first and the last have one of these lengths; else None."""
    on, off = ([run.days for run in runs[1:-1] if run.on is state] for state in (True, False))
    if len(on) + len(off) < FEWEST_RUNS or not on or not off or max(np.ptp(on), np.ptp(off)) > STRICT_WITHIN_D:
        return None
    return round(float(np.mean(on))), round(float(np.mean(off)))


def in_even_turns(runs: tuple[Run, ...]) -> bool:
    """Do on and off take turns in stretches of one length, a week or longer, as a self-made plan would have them?"""
    turn = strict_turn(runs)
    return turn is not None and abs(turn[0] - turn[1]) <= STRICT_WITHIN_D and min(turn) >= SHORTEST_EVEN_D


def _weekday(e: Evidence, week: OfWeek) -> Reason:
    left_out = len(week.seldom) <= len(week.often)
    days = [say(WEEKDAYS[k]) for k in (week.seldom if left_out else week.often)]
    sentence = (
        mark(
            "{treatment} was mostly left out on {days}: the dose follows the day of the week, and what these days "
            "bring by themselves (work, rest, company) looks just like it."
        )
        if left_out
        else mark(
            "{treatment} was mostly taken on {days}: the dose follows the day of the week, and what these days bring "
            "by themselves (work, rest, company) looks just like it."
        )
    )
    return Reason(
        "dose_follows_weekday",
        say(sentence, treatment=e.question.treatment, days=_listed(days) or say("some days of the week")),
        {"explained": round(week.share, 3)},
        decisive=True,
    )


def _listed(names: list[str]) -> str:
    """`Saturdays and Sundays`, `Mondays, Wednesdays and Fridays`."""
    if len(names) < 2:
        return "".join(names)
    return say("{first} and {last}", first=", ".join(names[:-1]), last=names[-1])


def single_days(e: Evidence) -> Iterator[Reason]:
    """No settled time with it, or none without: capsules as it came, or forgotten ones."""
    d, name = e.design, e.question.treatment
    if e.planned.plan is not None or d.days_on == 0 or d.days_off == 0:
        return
    settled_on, settled_off = any(run.on for run in e.runs), any(not run.on for run in e.runs)
    if not settled_on or not settled_off:
        sentence = (
            mark(
                "The days without {treatment} were single evenings ({n} in all), forgotten or left out for a reason; "
                "there was never a settled time without it to compare with."
            )
            if settled_on
            else mark(
                "The days with {treatment} came one by one ({n} in all), as needed or for a reason that is not "
                "recorded; there was never a settled time with it to compare with."
            )
        )
        yield Reason(
            "only_single_days",
            say(sentence, treatment=name, n=whole(d.days_off if settled_on else d.days_on)),
            {"days_on": d.days_on, "days_off": d.days_off},
            decisive=True,
        )
        return
    if d.day_by_day:
        times, evenings = changes(e.dose > 0, e.known)
        yield Reason(
            "only_single_days",
            say(
                "{treatment} was taken and left out from one evening to the next (on {n} of 100 evenings it was the "
                "other way than the evening before), for reasons that are not recorded; whatever made you take it may "
                "itself move the score.",
                treatment=name,
                n=whole(round(100 * times / evenings)),
            ),
            {"changes": times, "evenings": evenings},
            decisive=True,
        )


def breaks(e: Evidence) -> Iterator[Reason]:
    """Taken, or left out, for short times again and again: something was the reason each time."""
    if e.planned.plan is not None or e.design.day_by_day:
        return
    runs = settled_runs(e.dose > 0, e.known)  # a break of a few days is one, however slowly the medicine works
    if len(runs) < 3 or in_even_turns(e.runs):
        return
    off, on = ([run for run in runs[1:-1] if run.on is state] for state in (False, True))
    candidates = [
        (off, 1 if runs[0].on else TWICE),
        (on, 1),
    ]  # beside a time before the start, one break does not matter
    shorts = [
        times
        for times, least in candidates
        if len(times) >= least and np.median([run.days for run in times]) <= SHORT_BREAK_D
    ]
    if not shorts:
        return
    short = min(shorts, key=lambda times: float(np.median([run.days for run in times])))
    usual = not short[0].on
    sentence = (
        mark(
            "{treatment} was left out for short times only ({days} days). Something was the reason (a journey, "
            "holidays, an illness), and it would look just like leaving it out."
        )
        if usual
        else mark(
            "{treatment} was taken for short times only ({days} days). Something was the reason (a bad time, a "
            "journey, an illness), and it would look just like the medicine."
        )
    )
    yield Reason(
        "short_breaks" if usual else "short_courses",
        say(sentence, treatment=e.question.treatment, days=", ".join(whole(run.days) for run in short[:MOST_NAMED])),
        {"times": len(short), "longest_d": max(r.days for r in short)},
        imitates=True,
    )
