"""How an effect builds and fades after doses: the first-order effect compartment."""

from __future__ import annotations

import numpy as np

from nightdose.arrays import Floats
from nightdose.statistics import filtered


def effect_compartment(dose: Floats, tau_d: float, start: float) -> Floats:
    """Exposure x_t = x_(t-1) + (1 - exp(-1/tau)) (dose_t - x_(t-1)), in the unit of the dose.

    dose : (days,) without unknowns; tau_d : days, 0 = the dose itself; start : exposure before the first day.
    Returns (days,). After a switch from 0 to a steady dose d, x reaches d (1 - exp(-n/tau)) on day n.
    """
    if tau_d == 0:
        return dose.copy()
    keep = float(np.exp(-1 / tau_d))
    steps = (1 - keep) * dose
    steps[:1] += keep * start
    return filtered(steps, keep)
