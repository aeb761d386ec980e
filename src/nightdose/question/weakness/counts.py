"""Are there days to compare, and values that differ?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nightdose.language.catalogue import say, say_count
from nightdose.language.number import number, whole
from nightdose.question.reason import Reason
from nightdose.question.weakness.evidence import Evidence

FEWEST_DAYS = 14  # recorded days in all
MOSTLY_IN_TURNS = 0.5  # of the days with a known dose
FEWEST_EACH = 5  # recorded days with and without the treatment


def days_missing(e: Evidence) -> Iterator[Reason]:
    """Days with, days without, days at all."""
    d, name = e.design, e.question.treatment
    if d.days_on + d.days_off == 0:
        yield Reason(
            "doses_unknown",
            say(
                "No dose of {name} is written down on any day, so days with and without it cannot "
                "be told apart. If an empty field means that none was taken, write 0.",
                name=name,
            ),
            {"days": d.days},
            decisive=True,
        )
        return
    yield from _too_few_of_a_kind(e)
    if d.recorded < FEWEST_DAYS:
        yield Reason(
            "too_few_days",
            say(
                "Only {recorded} days have a value of {outcome}; at least {fewest_days} are needed.",
                recorded=d.recorded,
                outcome=e.question.outcome,
                fewest_days=FEWEST_DAYS,
            ),
            {"recorded": d.recorded},
            decisive=True,
        )
    elif int(np.sum(e.usable)) < FEWEST_DAYS:
        yield Reason(
            "doses_mostly_unknown",
            say(
                "Only {sum} days have both a value of {outcome} and a known exposure to {name}; "
                "at least {fewest_days} are needed. Fill in the doses you know; 0 for none.",
                sum=int(np.sum(e.usable)),
                outcome=e.question.outcome,
                name=name,
                fewest_days=FEWEST_DAYS,
            ),
            {"usable": int(np.sum(e.usable))},
            decisive=True,
        )
    else:
        yield from _none_to_use(e)


def _too_few_of_a_kind(e: Evidence) -> Iterator[Reason]:
    """Recorded days with it, and without it."""
    d, name = e.design, e.question.treatment
    if d.recorded_on < FEWEST_EACH:
        yield Reason(
            "no_days_on",
            say(
                "There are {recorded_on} recorded days on {name}; at least {fewest_each} are needed to compare.",
                recorded_on=d.recorded_on,
                name=name,
                fewest_each=FEWEST_EACH,
            ),
            {"recorded_on": d.recorded_on},
            decisive=True,
        )
    if d.recorded_off < FEWEST_EACH:
        few = say(
            "There are {recorded_off} recorded days known to be without {name}; at least {fewest_each} are needed to "
            "compare with.",
            recorded_off=d.recorded_off,
            name=name,
            fewest_each=FEWEST_EACH,
        )
        n = d.dose_unknown
        unknown = say("On {n} days the dose is unknown: if empty means none, write 0.", n=n) if n else ""
        yield Reason(
            "no_days_off",
            " ".join(filter(None, (few, unknown))),
            {"recorded_off": d.recorded_off, "dose_unknown": d.dose_unknown},
            decisive=True,
        )


def _none_to_use(e: Evidence) -> Iterator[Reason]:
    """Days with it that have a value, and hardly one on which the exposure is known, or that compares two medicines."""
    usable_on = int(np.sum(e.usable & e.known & (e.dose > 0)))
    if min(e.design.recorded_on, e.design.recorded_off) >= FEWEST_EACH > usable_on:
        yield Reason(
            "no_usable_days_on",
            say(
                "Of {n} recorded days on {treatment}, {usable} can be used; at least {least} are needed. On the others "
                "too little is known of what was taken in the days before, or another medicine was not left off.",
                n=e.design.recorded_on,
                treatment=e.question.treatment,
                usable=usable_on,
                least=FEWEST_EACH,
            ),
            {"usable_on": usable_on},
            decisive=True,
        )


def not_in_turns(e: Evidence) -> Iterator[Reason]:
    """Two medicines are compared, but were seldom taken in turns."""
    both_known = e.known
    share = float(np.mean(e.in_turns[both_known])) if np.any(both_known) else 0.0
    if e.question.against and share < MOSTLY_IN_TURNS:
        yield Reason(
            "not_in_turns",
            say(
                "{treatment} and {other} were taken one instead of the other on {n} of 100 days only; on the others "
                "both or neither was. They have to take turns to be compared.",
                treatment=e.question.treatment,
                other=e.question.against,
                n=round(100 * share),
            ),
            {"in_turns": round(share, 3)},
            decisive=True,
        )


def constant_outcome(e: Evidence) -> Iterator[Reason]:
    """The same value on every usable day, or the same step of a rating."""
    values, name = e.outcome[e.usable], e.question.outcome
    if len(values) < FEWEST_DAYS:
        return
    step = np.round if e.question.kind.even else np.asarray
    every = e.outcome[~np.isnan(e.outcome)]
    said = np.ptp(every) > 0 and np.ptp(step(every)) == 0  # of all days: `outcome_read.py`
    if np.ptp(step(values)) > 0 or said:
        return
    yield Reason(
        "outcome_constant",
        say(
            "{outcome} is {value} on every usable day, so nothing can be seen to change.",
            outcome=name,
            value=number(float(step(values)[0])),
        ),
        {"value": float(step(values)[0])},
        decisive=True,
    )


def days_left_out(e: Evidence) -> Iterator[Reason]:
    """Days that something else moved, and that are not judged."""
    if not e.design.left_out:
        return
    why = ", ".join(f"{reason} {days}" for reason, days in e.diary.why_left_out().items())
    yield Reason(
        "days_left_out",
        say_count(
            "1 day is left out of the judgement ({why}). What was taken on it counts, how it was does not.",
            "{days} days are left out of the judgement ({why}). What was taken on them counts, how they were does not.",
            e.design.left_out,
            days=whole(e.design.left_out),
            why=why,
        ),
        {"days": e.design.left_out},
    )
