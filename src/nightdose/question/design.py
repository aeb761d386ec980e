"""What the dose log says about the design: days on and off, switches, what moved together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from nightdose.arrays import Bools, Floats
from nightdose.question.plan import ByWord, Plan, PlanSource
from nightdose.question.question import Question, Randomised
from nightdose.question.runs import Run, changes, day_by_day, settled_switches

SLIPS, SLIPS_SHARE = 2, 0.02  # days of one dose, or share of the days on, that doubled capsules explain
ENOUGH_SWITCHES = 3  # fewer cannot tell a treatment from the times (What Works Clearinghouse: three demonstrations)

DesignKind = Literal[
    "randomised_days", "randomised_blocks", "alternating", "before_after", "unplanned", "always_on", "never_on"
]


@dataclass(frozen=True, slots=True)
class Design:
    """Facts of one design. Days are counted from what was really taken; what kind of design it is comes from the plan,
    or from settled runs where there is none: a forgotten or doubled capsule changes no kind.

    days : length of the daily grid; days_on/days_off : days with a known dose above 0 / of 0;
    recorded_on/recorded_off : those with a recorded outcome; missing : days without an outcome that are
    to be judged; left_out : days that are not (an infection, steroids);
    switches : changes between on and off, planned or settled; first_on : index of the first settled day on treatment.
    day_by_day : unplanned, taken and left out from one evening to the next: no time is settled, every change counts.
    dose_levels : distinct doses above 0, without those of a slip or two. stopped : unplanned, on first and off after.
    planned : where the plan comes from; None = nobody planned it. randomised, blinded : of a plan; else none.
    by_word : of the plan (`plan.py`).
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
    first_on: int | None
    dose_levels: tuple[float, ...]
    randomised: Randomised
    blinded: bool
    planned: PlanSource | None = None
    stopped: bool = False
    by_word: ByWord = ""
    left_out: int = 0
    day_by_day: bool = False

    @property
    def only_said(self) -> bool:
        """True where the order was drawn by somebody's word alone, and nothing in the diary tells lots from turns like
        those of a life, or from the evening's own score, where what was taken was known on each evening."""
        return self.by_word == "turns" or (self.by_word == "scores" and not self.blinded)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken. dose : (days,) mg; known : (days,) it is known, or safely assumed; runs : settled, on and off."""

    dose: Floats
    known: Bools
    runs: tuple[Run, ...]


def describe(taken: Taken, recorded: Bools, judged: Bools, question: Question, plan: Plan | None) -> Design:
    """The design behind a dose log. recorded : (days,) an outcome is there; judged : (days,) it is to be judged."""
    dose, known, runs = taken.dose, taken.known, taken.runs
    on, off = known & (dose > 0), known & (dose == 0)
    mixed = plan is None and day_by_day(dose > 0, known, runs)
    unplanned = changes(dose > 0, known)[0] if mixed else settled_switches(runs)
    switches = plan.switches if plan else unplanned
    settled = [run.begin for run in runs if run.on]
    return Design(
        kind=_kind(switches, on, off, question, plan),
        days=len(dose),
        days_on=int(np.count_nonzero(on)),
        days_off=int(np.count_nonzero(off)),
        dose_unknown=int(np.count_nonzero(~known)),
        recorded=int(np.count_nonzero(recorded)),
        recorded_on=int(np.count_nonzero(recorded & on)),
        recorded_off=int(np.count_nonzero(recorded & off)),
        missing=int(np.count_nonzero(~recorded & judged)),
        left_out=int(np.count_nonzero(~judged)),
        switches=switches,
        first_on=settled[0] if settled else int(np.argmax(on)) if np.any(on) else None,
        dose_levels=dose_levels(dose[on]),
        randomised=question.randomised if plan and not plan.fixed else "none",
        blinded=question.blinded and plan is not None,
        planned=plan.source if plan else None,
        by_word=plan.by_word if plan else "",
        stopped=plan is None and not mixed and len(runs) > 1 and runs[0].on,
        day_by_day=mixed,
    )


def dose_levels(taken: Floats) -> tuple[float, ...]:
    """Distinct doses above 0 in ascending order, without those that a slip or two explains. taken : (days on,)."""
    levels, counts = np.unique(taken, return_counts=True)
    usual = counts > max(SLIPS, SLIPS_SHARE * len(taken))
    return tuple(levels[usual if np.any(usual) else counts > 0].tolist())


def _kind(switches: int, on: Bools, off: Bools, question: Question, plan: Plan | None) -> DesignKind:
    if not np.any(on):
        return "never_on"
    if not np.any(off):
        return "always_on"
    if plan is None:
        return "before_after" if 0 < switches < ENOUGH_SWITCHES else "unplanned"
    if question.randomised == "none" or plan.fixed:
        return "alternating"
    return "randomised_days" if question.randomised == "days" else "randomised_blocks"
