"""Slips of the pen: a score or a dose that cannot be meant is left out, with a problem that names its line.

What is only far out stays in the diary: the model gives such a day noise of its own (`inference/outliers.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nightdose.arrays import Bools, Floats
from nightdose.diary.records import DOSE_SUFFIX, Diary, Problem
from nightdose.diary.table.problems import MAX_LISTED, bounded, quoted
from nightdose.language.catalogue import say
from nightdose.statistics import quantiles

LEAST, LARGEST = 1e-100, 1e9  # nothing a person counts, rates or measures in a diary is smaller (but 0), or larger
LEAST_DOSE, LARGEST_DOSE = 1e-6, 1e6  # mg; a nanogram and a kilogram
FAR_SD, ALONE = 15.0, 3.0  # sd of the middle 80 % from the median; times as far out as the farthest of the others
MOST_SLIPS, MOST_SHARE = 2, 0.01  # values that can be slips together: more are a habit
TENTH_Z = 1.2816  # z of 90 %
LEAST_VALUES = 10  # values below which nothing is far from the others
TIMES = 5.0  # a dose so many times the doses on both sides
FEWEST_ALIKE = 3  # days with a dose from which it was meant


def without_slips(diary: Diary, outcome: str, medicines: Sequence[str]) -> Diary:
    """The diary with slips in the outcome and in doses made unknown, each with a problem.

    outcome : a column's name. An outcome that is far outside all others and alone there; a dose on one or two days
    that is five times the doses on both sides, or a tenth or a hundredth of them; a dose below 0,
    below a nanogram or above a kilogram. Scores too small to calculate with are 0.
    """
    values = diary.column(outcome)
    if np.any((values != 0) & (np.abs(values) < LEAST)):
        values = np.where(np.abs(values) < LEAST, 0.0, values)
        diary = diary.with_column(outcome, values)
    for at in np.flatnonzero(score_slips(values)).tolist():
        rest = np.delete(values, np.append(np.flatnonzero(score_slips(values)), at))
        low, high = np.nanmin(rest, initial=np.inf), np.nanmax(rest, initial=-np.inf)
        among = say("; all others are {low} to {high}", low=f"{low:g}", high=f"{high:g}") if low <= high else ""
        diary = _left_out(
            diary,
            outcome,
            at,
            say("{quoted} is {values}{among}.", quoted=quoted(outcome), values=f"{values[at]:g}", among=among),
        )
    for name in medicines:
        doses = diary.dose(name)
        for at in np.flatnonzero(dose_slips(doses)).tolist():
            around = _around(doses, at)
            among = say(", between days with {around}", around=f"{around:g}") if around is not None else ""
            diary = _left_out(
                diary,
                name + DOSE_SUFFIX,
                at,
                say("{quoted} is {doses} mg{among}.", quoted=quoted(name), doses=f"{doses[at]:g}", among=among),
            )
    return diary


def _left_out(diary: Diary, column: str, at: int, what: str) -> Diary:
    values = diary.column(column).copy()
    values[at] = np.nan
    problem = Problem(
        diary.line(at),
        say("{day_label}: {what} It looks like a slip and is left out.", day_label=diary.day_label(at), what=what),
        say("Correct it in the diary if it is one; if it was meant, the answer is made without that day."),
    )
    room = max(0, MAX_LISTED - len(diary.problems))
    return diary.with_column(column, values, *bounded([problem], room=room))


def score_slips(values: Floats) -> Bools:
    """(days,) True where a value cannot be meant: far from the middle 80 %, and three times as far as any other."""
    out = np.abs(values) > LARGEST  # False for NaN
    at = np.flatnonzero(~np.isnan(values) & ~out)
    if len(at) < LEAST_VALUES:
        return out
    low, middle, high = quantiles(values[at], 0.1, 0.5, 0.9)
    sd = (high - low) / (2 * TENTH_Z)
    off = np.abs(values[at] - middle)
    order = np.argsort(off)
    for n in range(1, min(MOST_SLIPS, max(1, int(MOST_SHARE * len(at)))) + 1):
        nearest, next_one = off[order[-n]], off[order[-n - 1]]
        if sd > 0 and nearest > FAR_SD * sd and nearest > ALONE * next_one:
            out[at[order[-n:]]] = True
    return out


def dose_slips(doses: Floats) -> Bools:
    """(days,) True where a dose cannot be meant beside those on both sides."""
    out = (doses < 0) | (doses > LARGEST_DOSE) | ((doses > 0) & (doses < LEAST_DOSE))
    levels, counts = np.unique(doses[(doses > 0) & ~out], return_counts=True)
    for level in levels[counts < FEWEST_ALIKE].tolist():
        for at in np.flatnonzero(doses == level).tolist():
            around = _around(doses, at)
            if around is not None:
                out[at] = level >= TIMES * around or any(np.isclose(around, level * ten) for ten in (10.0, 100.0))
    return out


def _around(doses: Floats, at: int) -> float | None:
    """The dose above 0 before and after a day where both are the same; None where they differ or one is missing."""
    before, after = doses[:at][doses[:at] > 0], doses[at + 1 :][doses[at + 1 :] > 0]
    if not len(before) or not len(after) or before[-1] != after[0]:
        return None
    return float(before[-1])
