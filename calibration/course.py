"""Sets the three numbers that give the untreated course of MS and the comparator's effect.

Each is one number for one published number; the rest of the immune and myelin parts is assumed.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nightdose.mechanism.intake import Intake
from nightdose.mechanism.people import Body, triggers, typical_person
from nightdose.mechanism.regimen import PRESETS
from nightdose.mechanism.simulate import simulate

RELAPSES_A_YEAR = 1.0  # untreated early relapsing MS (Velez de Mendizabal 2011, introduction)
RELAPSE_RATIO = 0.29  # comparator over untreated: between 7 / 31 (Edan 1997) and 0.35 / 1.02 (MIMS, recalled)
DISABILITY, YEARS = 6.0, 26  # median time to EDSS 6 (Tedeholm 2015)
PEOPLE, SEED = 60, 7


def expected_relapses(p: Mapping[str, float], years: int, infusions: bool) -> float:
    """Mean expected relapses a year over people who differ only in their triggers."""
    days = round(365.25 * years)
    plan = PRESETS["comparator-continuous" if infusions else "nothing"].log(days, 1.0, 1.0)
    logs = [plan.with_events(triggers(p, days, SEED, i)) for i in range(PEOPLE)]
    found = simulate([p] * PEOPLE, logs, np.array([24.0 * days]), ["relapses"])
    return float(found.of("relapses").mean()) / years


def course() -> dict[str, float]:
    """relapse_hazard, effector_kill, axon_loss."""
    p = dict(typical_person(Body()))
    p["relapse_hazard"] *= RELAPSES_A_YEAR / expected_relapses(p, 4, infusions=False)
    low, high = 1e-4, 0.2
    for _ in range(30):
        p["effector_kill"] = float(np.sqrt(low * high))
        if expected_relapses(p, 2, infusions=True) / expected_relapses(p, 2, infusions=False) > RELAPSE_RATIO:
            low = p["effector_kill"]
        else:
            high = p["effector_kill"]
    days = round(365.25 * YEARS)
    logs = [Intake.of(triggers(p, days, SEED, i)) for i in range(PEOPLE)]
    axons = simulate([p] * PEOPLE, logs, np.array([24.0 * days]), ["axons"]).of("axons")
    pace = float(np.median(-np.log(axons))) / p["axon_loss"]
    p["axon_loss"] = float(-np.log(1 - DISABILITY / 10)) / pace
    return {name: p[name] for name in ("relapse_hazard", "effector_kill", "axon_loss")}


def course_toml(values: Mapping[str, float]) -> str:
    rows = {
        "relapse_hazard": ("velez2011", "one expected relapse a year at five triggers a year"),
        "effector_kill": ("edan1997", f"relapse ratio {RELAPSE_RATIO} under monthly infusions"),
        "axon_loss": ("tedeholm2015", "median EDSS-like score 6 after 26 untreated years"),
    }
    lines = ["# Written by `python -m calibration`. Do not edit.", ""]
    for name, (source, where) in rows.items():
        lines += [f"[{name}]", f"value = {values[name]:.6g}", 'unit = "1/h"', 'kind = "derived"',
                  f'source = "{source}"', f'where = "{where}"', ""]  # fmt: skip
    return "\n".join(lines)
