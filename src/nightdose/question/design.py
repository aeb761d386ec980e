"""What the dose log says about the design: days on and off, switches, what moved together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from nightdose.arrays import Bools, Floats
from nightdose.question.question import Question, Randomised

ENOUGH_SWITCHES = 3  # fewer cannot tell a treatment from the times (What Works Clearinghouse: three demonstrations)

DesignKind = Literal["randomised_days", "randomised_blocks", "alternating", "before_after", "always_on", "never_on"]


@dataclass(frozen=True, slots=True)
class Design:
    """Facts of one design, counted from what was really taken.

    days : length of the daily grid; days_on/days_off : days with a known dose above 0 / of 0;
    recorded_on/recorded_off : those with a recorded outcome; missing : days without an outcome;
    switches : changes between on and off, unknown days skipped; dose_levels : distinct doses above 0.
    """

    kind: DesignKind
    days: int
    days_on: int
    days_off: int
    dose_unknown: int
    recorded: int
    recorded_on: int
    recorded_off: int
    missing: int
    switches: int
    first_on: int | None  # index of the first day on treatment
    dose_levels: tuple[float, ...]
    randomised: Randomised
    blinded: bool


def describe(dose: Floats, known: Bools, recorded: Bools, question: Question) -> Design:
    """The design behind a dose log.

    dose : (days,) mg; known : (days,) the dose is known (or safely assumed); recorded : (days,) an outcome is there.
    """
    on, off = known & (dose > 0), known & (dose == 0)
    state = on[known]
    switches = int(np.sum(state[1:] != state[:-1]))
    return Design(
        kind=_kind(switches, bool(np.any(on)), question),
        days=len(dose),
        days_on=int(np.sum(on)),
        days_off=int(np.sum(off)),
        dose_unknown=int(np.sum(~known)),
        recorded=int(np.sum(recorded)),
        recorded_on=int(np.sum(recorded & on)),
        recorded_off=int(np.sum(recorded & off)),
        missing=int(np.sum(~recorded)),
        switches=switches,
        first_on=int(np.argmax(on)) if np.any(on) else None,
        dose_levels=tuple(float(x) for x in np.unique(dose[on])),
        randomised=question.randomised,
        blinded=question.blinded,
    )


def _kind(switches: int, any_on: bool, question: Question) -> DesignKind:
    if not any_on:
        return "never_on"
    if switches == 0:
        return "always_on"
    if question.randomised == "days":
        return "randomised_days"
    if question.randomised == "blocks":
        return "randomised_blocks"
    return "alternating" if switches >= ENOUGH_SWITCHES else "before_after"
