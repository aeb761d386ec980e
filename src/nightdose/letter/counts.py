"""What a doctor counts: bad days in 28, days since a switch, side effects by dose, rescue days a month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nightdose.arrays import Bools, Floats
from nightdose.diary.records import ASSIGNED_SUFFIX, RESCUE_PREFIX, Diary
from nightdose.knowledge.interactions import rules
from nightdose.knowledge.medicines import recognise
from nightdose.question.question import Question
from nightdose.question.runs import Run

WORST = 0.25  # share of the days without a dose that count as bad, as nearly as the scale allows, without a line
FOUR_WEEKS_D = 28
MOST_SINCE_D = 28  # days after a switch that are drawn
AROUND_D = 2  # days to each side that a day since a switch borrows from
FEWEST_VALUES = 5  # below which no median is drawn
SHARES = (0.10, 0.25, 0.50, 0.75, 0.90)
SAME_DOSE = 0.05  # relative difference from the plan that still is the planned dose
SIDE_EFFECTS = (
    "vivid dreams",
    "dreams",
    "nightmares",
    "nausea",
    "dizziness",
    "diarrhoea",
    "diarrhea",
    "dry mouth",
    "vomiting",
)  # fmt: skip  - in a table that does not say what its columns are; what may be a symptom is not among them


@dataclass(frozen=True, slots=True)
class Share:
    """`bad` of `days` recorded days."""

    bad: int
    days: int

    @property
    def in_28(self) -> float:
        """Days in 28; NaN without a day."""
        return FOUR_WEEKS_D * self.bad / self.days if self.days else float("nan")


@dataclass(frozen=True, slots=True)
class BadDays:
    """Days at or beyond a line, with and without a dose. own : the person drew the line."""

    line: float
    own: bool
    on: Share
    off: Share


def bad_days(outcome: Floats, dose: Floats, question: Question, own_line: float | None = None) -> BadDays | None:
    """Bad days with and without a dose; None where nothing was recorded.

    outcome, dose : (days,) NaN = not recorded. The line is the person's own; else the one beyond which lie as nearly as
    possible a quarter of the days without a dose (of all days where there is none without); of yes and no, the worse.
    """
    seen = np.isfinite(outcome)
    if not seen.any():
        return None
    worse = 1.0 if question.better == "lower" else -1.0
    off, on = seen & (dose == 0), seen & (dose > 0)
    if own_line is not None:
        line = own_line
    elif question.kind.two:
        line = 1.0 if worse > 0 else 0.0
    else:
        base = worse * outcome[off if off.any() else seen]
        values = np.unique(base)
        share = np.array([np.mean(base >= value) for value in values])
        line = worse * float(values[np.argmin(np.abs(share - WORST))])
    bad = worse * outcome >= worse * line
    return BadDays(line, own_line is not None, *(Share(int(np.sum(bad & arm)), int(np.sum(arm))) for arm in (on, off)))


def adherence(diary: Diary, treatment: str) -> tuple[int, int] | None:
    """(evenings on which the planned dose was taken, evenings with a plan and a known dose); None without a plan."""
    planned, taken = diary.column(treatment + ASSIGNED_SUFFIX), diary.dose(treatment)
    both = np.isfinite(planned) & np.isfinite(taken)
    if not both.any():
        return None
    close = np.abs(taken - planned) <= SAME_DOSE * np.maximum(planned, taken)
    return int(np.sum(close & both)), int(np.sum(both))


@dataclass(frozen=True, slots=True)
class Since:
    """Quantiles of the outcome by day since the last switch to one arm.

    quantiles : (5, days) at SHARES, NaN where too few values; runs : switches that it rests on.
    """

    on: bool
    quantiles: Floats
    runs: int


def since_switch(outcome: Floats, runs: tuple[Run, ...]) -> tuple[Since, ...]:
    """Both arms; () where there are too few switches for such a picture. The first run follows no switch."""
    after = runs[1:]
    if len({run.on for run in after}) < 2:
        return ()
    length = min(MOST_SINCE_D, int(np.median([run.days for run in after])))
    return tuple(_arm(outcome, [run for run in after if run.on == on], on, length) for on in (True, False))


def _arm(outcome: Floats, runs: list[Run], on: bool, length: int) -> Since:
    out = np.full((len(SHARES), length), np.nan)
    for day in range(length):
        near = [
            outcome[max(run.begin, run.begin + day - AROUND_D) : min(run.end, run.begin + day + AROUND_D + 1)]
            for run in runs
        ]
        values = np.concatenate(near)
        values = values[np.isfinite(values)]
        if len(values) >= FEWEST_VALUES:
            out[:, day] = np.quantile(values, SHARES)
    return Since(on, out, len(runs))


@dataclass(frozen=True, slots=True)
class Beside:
    """Days on which something was written down, by dose: dose (0 = none) -> (days with it, days with a known dose)."""

    name: str
    by_dose: Mapping[float, tuple[int, int]]


def by_dose(diary: Diary, name: str, treatment: str, there: Bools) -> Beside:
    """there : (days,) it was written down."""
    dose = diary.dose(treatment)
    levels = sorted({float(v) for v in dose[np.isfinite(dose)]})
    return Beside(name, {level: (int(np.sum(there & (dose == level))), int(np.sum(dose == level))) for level in levels})


def side_effects(diary: Diary, question: Question) -> tuple[Beside, ...]:
    """Columns named as a side effect, or carrying the word, with a day above 0 in them; commonest first."""
    found = []
    for column in diary.columns:
        name = column.replace("_", " ").casefold()
        if column == question.outcome or not (name in SIDE_EFFECTS or "side effect" in name):
            continue
        there = np.nan_to_num(diary.column(column)) > 0
        if there.any():
            found.append(by_dose(diary, name, question.treatment, there))
    return tuple(sorted(found, key=lambda each: -sum(n for n, _ in each.by_dose.values())))


RescueKind = Literal["stronger", "simple"]


@dataclass(frozen=True, slots=True)
class Rescue:
    """Days in 28 with a rescue medicine, on and off. line : days a month from which it may keep headaches going."""

    name: str
    on: Share
    off: Share
    line: int | None


def rescue_counts(diary: Diary, treatment: str) -> tuple[Rescue, ...]:
    """One row a rescue column of the diary table in which anything was taken."""
    dose, found = diary.dose(treatment), []
    for column in diary.columns:
        if not column.startswith(RESCUE_PREFIX):
            continue
        taken = diary.column(column)
        if not np.nansum(taken) > 0:
            continue
        name = column.removeprefix(RESCUE_PREFIX)
        groups = {each.group for each in recognise(name.replace("_", " "))}
        lines = [rule.days_a_month for rule in rules() if rule.days_a_month is not None and groups & rule.classes]
        known = np.isfinite(taken) | (not np.any(taken == 0))  # who never writes a 0 means none by an empty cell
        on, off = (Share(int(np.sum((taken > 0) & arm)), int(np.sum(known & arm))) for arm in (dose > 0, dose == 0))
        found.append(Rescue(name, on, off, min(lines, default=None)))
    return tuple(found)
