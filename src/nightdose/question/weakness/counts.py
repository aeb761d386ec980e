"""Are there days to compare, and values that differ?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nightdose.question.reason import Reason
from nightdose.question.weakness.evidence import Evidence

FEWEST_DAYS = 14  # recorded days in all
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


def constant_outcome(e: Evidence) -> Iterator[Reason]:
    """The same value on every day."""
    values = e.outcome[e.usable]
    if len(values) >= FEWEST_DAYS and np.ptp(values) == 0:
        yield Reason(
            "outcome_constant",
            f"{e.question.outcome} is {values[0]:g} on every usable day, so nothing can be seen to change.",
            {"value": float(values[0])},
            decisive=True,
        )
