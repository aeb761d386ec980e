"""What a doctor counts: bad days in 28, days since a switch, side effects by dose, rescue days a month."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Bools, Floats
from nightdose.diary.records import ASSIGNED_SUFFIX, DOSE_SUFFIX, GUESS_SUFFIX, RESCUE_PREFIX, TIME_SUFFIX, Diary
from nightdose.knowledge.interactions import rules
from nightdose.knowledge.medicines import recognise
from nightdose.question.question import Question
from nightdose.question.runs import Run

WORST = 0.25  # share of the days without a dose that count as bad, as nearly as the scale allows, without a line
FOUR_WEEKS_D = 28
FEWEST_FOR_RATE_D = 14  # recorded days of a side from which so many in 28 are said
MOST_SINCE_D = 28  # days after a switch that are drawn
AROUND_D = 2  # days to each side that a day since a switch borrows from
FEWEST_VALUES = 5  # below which no median is drawn
SHARES = (0.10, 0.25, 0.50, 0.75, 0.90)
SAME_DOSE = 0.05  # relative difference from the plan that still is the planned dose
# words of a column that is a side effect, in a table that does not say what its columns are; what the medicine may be
# taken for (headache, fatigue, sleep, mood, itching) is not among them
SIDE_EFFECTS = re.compile(
    r"side effects?|adverse|(vivid )?dream(s|ing)?|nightmares?|nausea|nauseous|queas(y|iness)|vomit(ing)?|dizz(y|iness)"
    r"|light ?head(ed|edness)|diarrho?ea|constipation|dry mouth|loss of appetite|hot flush(es)?|flushing|rash|tremor"
    r"|jitter(y|iness|s)|jaundice|nebenwirkung(en)?|(lebhafte )?träume|al[bp]träume|übelkeit|erbrechen|schwindel"
    r"|durchfall|verstopfung|mundtrockenheit|appetitlosigkeit|ausschlag"
)
NAMED = re.compile(r"^(side effects?|adverse( events?)?|nebenwirkung(en)?)\b[ :]*(?=\S)")


@dataclass(frozen=True, slots=True)
class Share:
    """`bad` of `days` recorded days."""

    bad: int
    days: int

    @property
    def in_28(self) -> float:
        """Days in 28; NaN of a handful: 1 of 3 days says little about 28."""
        return FOUR_WEEKS_D * self.bad / self.days if self.days >= FEWEST_FOR_RATE_D else float("nan")


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
class DayGroup:
    """The outcome on days alike in what was taken that day (`on`) and the day before (`before`).

    quantiles : (5,) at SHARES, NaN where too few values; mean : NaN likewise; days : recorded ones.
    """

    on: bool
    before: bool
    quantiles: Floats
    mean: float
    days: int


def by_day_before(outcome: Floats, dose: Floats) -> tuple[DayGroup, ...]:
    """Without and with a dose, each after a day without and with one; () where too few days for any comparison.

    outcome, dose : (days,) NaN = not recorded. Each on its own is what a dose does the same day; that the day before
    makes a difference is what lasts into the next.
    """
    today, before, seen = dose[1:], dose[:-1], np.isfinite(outcome[1:])
    groups = []
    for on in (False, True):
        for last in (False, True):
            alike = seen & (today > 0 if on else today == 0) & (before > 0 if last else before == 0)
            values = outcome[1:][alike]
            enough = len(values) >= FEWEST_VALUES
            quantiles = np.quantile(values, SHARES) if enough else np.full(len(SHARES), np.nan)
            groups.append(DayGroup(on, last, quantiles, float(values.mean()) if enough else np.nan, len(values)))
    drawn = {group.on for group in groups if group.days >= FEWEST_VALUES}
    return tuple(groups) if drawn == {True, False} else ()


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


def called_a_side_effect(column: str) -> bool:
    """True for `nausea`, `Vivid_Dreams (0-3)`, `side_effect_itching`; not for a dose, a note or a rescue medicine."""
    if column.endswith((DOSE_SUFFIX, GUESS_SUFFIX, TIME_SUFFIX)) or column.startswith(RESCUE_PREFIX):
        return False
    words = " ".join(re.findall(r"[^\W\d_]+", column.casefold()))
    return re.search(rf"\b({SIDE_EFFECTS.pattern})\b", words) is not None


def side_effects(diary: Diary, question: Question) -> tuple[Beside, ...]:
    """What was written down as a side effect, with a day above 0 in it; commonest first.

    A diary that does not say which of its columns are side effects has those that are called one.
    """
    found = []
    for column in diary.columns if diary.side_effects is None else diary.side_effects:
        name = " ".join(column.replace("_", " ").split()).casefold()
        if column == question.outcome or (diary.side_effects is None and not called_a_side_effect(column)):
            continue
        there = np.nan_to_num(diary.column(column)) > 0
        if there.any():
            found.append(by_dose(diary, NAMED.sub("", name), question.treatment, there))
    return tuple(sorted(found, key=lambda each: -sum(n for n, _ in each.by_dose.values())))


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
