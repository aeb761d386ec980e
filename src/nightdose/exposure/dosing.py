"""A dose log on the daily grid: what was taken, what has to be assumed, and where the unknown matters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Bools, Floats
from nightdose.exposure.onset import effect_compartment

LONGEST_ASSUMED_GAP_D = 7  # unknown days between two equal doses, taken to have had that dose as well
UNKNOWN_MATTERS = 0.2  # a day is left out when unknown doses could move its exposure by more of the largest dose


@dataclass(frozen=True, slots=True)
class DoseLog:
    """Doses without holes, and how far to trust each day.

    dose     : (days,) mg, unknown days filled as said below; largest : the largest known dose.
    known    : (days,) written in the diary; assumed : unknown, between equal known doses at most a week apart.
    uncertain: (days,) the exposure depends on a dose that nobody knows; such a day's outcome is not used.
    start    : exposure before the first day.
    """

    dose: Floats
    known: Bools
    assumed: Bools
    uncertain: Bools
    largest: float
    start: float


def dose_log(written: Floats, tau_d: float, *, on_before: bool, planned_from: int | None = None) -> DoseLog:
    """The dose log behind one column of a diary.

    written : (days,) NaN = unknown; tau_d : time constant at which unknown doses are weighed (prior median).
    on_before : True when a first known dose above 0 was surely being taken before the diary began (everything but
    a trial that starts with it): the exposure then starts at that dose instead of at 0.
    planned_from : index of the first evening of a plan; unwritten days before it are days without.
    """
    if planned_from is not None:
        before_plan = (np.arange(len(written)) < planned_from) & np.isnan(written)
        written = np.where(before_plan, 0.0, written)
    known = ~np.isnan(written)
    days = np.arange(len(written))
    if not np.any(known):
        none = np.zeros(len(written), dtype=bool)
        return DoseLog(np.zeros(len(written)), known, none, ~none, 0.0, 0.0)
    largest = float(np.max(written[known]))
    if np.all(known):
        none = np.zeros(len(written), dtype=bool)
        return DoseLog(written.copy(), known, none, none, largest, float(written[0]) if on_before else 0.0)
    at = days[known]
    before = at[np.maximum(np.searchsorted(at, days, side="right") - 1, 0)]
    after = at[np.minimum(np.searchsorted(at, days, side="left"), len(at) - 1)]
    equal = (written[before] == written[after]) & (after - before <= LONGEST_ASSUMED_GAP_D + 1) & (after > before)
    assumed = ~known & equal & (tau_d > 0)  # without carry-over an unknown dose touches its own day only
    dose = np.where(known, written, 0.5 * (written[before] + written[after]))
    start = float(written[at[0]]) if on_before else 0.0
    open_days = ~known & ~assumed
    least = effect_compartment(np.where(open_days, 0.0, dose), tau_d, start)
    most = effect_compartment(np.where(open_days, largest, dose), tau_d, start)
    uncertain = most - least > UNKNOWN_MATTERS * largest
    return DoseLog(dose, known, assumed, uncertain, largest, start)
