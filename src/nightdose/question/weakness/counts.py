"""Are there days to compare, and values that differ?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nightdose.language.catalogue import say
from nightdose.language.number import number, whole
from nightdose.question.reason import Reason
from nightdose.question.weakness.evidence import Evidence

FEWEST_DAYS = 14  # recorded days in all
MANY_OUTSIDE = 0.25  # of the values written
MOSTLY_IN_TURNS = 0.5  # of the days with a known dose
FEWEST_EACH = 5  # recorded days with and without the treatment


def days_missing(e: Evidence) -> Iterator[Reason]:
    """Days with, days without, days at all."""
    d, name = e.design, e.question.treatment
    if d.days_on + d.days_off == 0:
        yield Reason(
            "doses_unknown",
            f"No dose of {name} is written down on any day, so days with and without it cannot be told apart. "
            "If an empty field means that none was taken, write 0.",
            {"days": d.days},
            decisive=True,
        )
        return
    if d.recorded_on < FEWEST_EACH:
        yield Reason(
            "no_days_on",
            f"There are {d.recorded_on} recorded days on {name}; at least {FEWEST_EACH} are needed to compare.",
            {"recorded_on": d.recorded_on},
            decisive=True,
        )
    if d.recorded_off < FEWEST_EACH:
        empty = d.dose_unknown > 0
        yield Reason(
            "no_days_off",
            f"There are {d.recorded_off} recorded days known to be without {name}; at least {FEWEST_EACH} are needed "
            "to compare with."
            + (f" On {d.dose_unknown} days the dose is unknown: if empty means none, write 0." if empty else ""),
            {"recorded_off": d.recorded_off, "dose_unknown": d.dose_unknown},
            decisive=True,
        )
    if d.recorded < FEWEST_DAYS:
        yield Reason(
            "too_few_days",
            f"Only {d.recorded} days have a value of {e.question.outcome}; at least {FEWEST_DAYS} are needed.",
            {"recorded": d.recorded},
            decisive=True,
        )
    elif int(np.sum(e.usable)) < FEWEST_DAYS:
        yield Reason(
            "doses_mostly_unknown",
            f"Only {int(np.sum(e.usable))} days have both a value of {e.question.outcome} and a known exposure to "
            f"{name}; at least {FEWEST_DAYS} are needed. Fill in the doses you know; 0 for none.",
            {"usable": int(np.sum(e.usable))},
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


def outside_range(e: Evidence) -> Iterator[Reason]:
    """Values outside the lowest and the highest one: another scale was meant."""
    ends = e.question.ends
    written = e.design.recorded + e.outside
    if ends is None or e.outside == 0 or e.outside < MANY_OUTSIDE * written:
        return
    yield Reason(
        "values_outside_range",
        say(
            "{n} of {written} values of {outcome} lie outside {low} to {high} and could not be used: these are not the "
            "lowest and highest values of this scale. Ask again with the right ones.",
            n=whole(e.outside),
            written=whole(written),
            outcome=e.question.outcome,
            low=number(ends[0]),
            high=number(ends[1]),
        ),
        {"outside": e.outside, "written": written},
        decisive=True,
    )


def constant_outcome(e: Evidence) -> Iterator[Reason]:
    """The same value on every day, or the same step once it is rounded to one."""
    values = e.outcome[e.usable]
    if len(values) < FEWEST_DAYS:
        return
    rounds, name = e.question.kind.even, e.question.outcome
    steps = np.round(values) if rounds else values
    if np.ptp(steps) > 0:
        return
    if np.ptp(values) == 0:
        sentence = say(
            "{outcome} is {value} on every usable day, so nothing can be seen to change.",
            outcome=name,
            value=number(float(values[0])),
        )
    else:
        sentence = say(
            "{outcome} lies between {low} and {high} on every day and is read as a rating in whole steps, so every day "
            "counts as {value} and nothing can be seen to change. As any number (the scale continuous) it could.",
            outcome=name,
            low=number(float(np.min(values))),
            high=number(float(np.max(values))),
            value=number(float(steps[0])),
        )
    yield Reason("outcome_constant", sentence, {"value": float(steps[0])}, decisive=True)
