"""The diaries of the reference posteriors, and the numbers that an outside sampler needs of each.

The numbers are made here from the written rules alone (docs/inference.md), not by the package, so that a mistake in the
way the package prepares a diary shows as well.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.generators import simulate

TAU = {"weeks": (10.0, 0.8), "days": (2.5, 0.6)}
OPEN = 1e9  # stands for an open end, since JSON has no infinity

# days, design, scenario, effect in latent sd
RECIPES = (
    (120, "blocks", "S0", -1.0),
    (120, "blocks", "S1", 0.0),
    (150, "blocks", "S2", -0.8),
    (150, "switch", "S1", 0.0),
    (150, "switch", "S1", -1.0),
    (150, "titration", "S0", -1.2),
    (150, "titration", "S1", 0.0),
    (180, "blocks", "S1", -0.5),
    (180, "switch", "S0", -1.5),
    (180, "blocks", "S2", 0.0),
    (200, "blocks", "S1", -1.5),
    (200, "titration", "S1", -0.8),
)


def diary(kind: str, number: int) -> dict[str, Any]:
    """One diary as plain values: columns and the question; `kind` is the outcome's."""
    days, design, scenario, effect = RECIPES[number]
    truth = simulate(7100 + number, scenario=scenario, design=design, effect=effect, days=days, rating=kind == "rating")
    columns = {name: values.copy() for name, values in truth.diary.columns.items()}
    columns["pain"] = np.round(columns["pain"], 3)
    columns["naltrexone_mg"] = np.round(columns["naltrexone_mg"], 2)
    if scenario == "S2" and number % 4 == 1:  # one diary with a co-treatment that is left out of the model
        del columns["topiramate_mg"]
    return {
        "name": f"{kind}-{number:02d}",
        "made_from": {"seed": 7100 + number, "days": days, "design": design, "scenario": scenario, "effect": effect},
        "question": {
            "scale": kind,
            "onset": "days" if number % 5 == 4 else "weeks",
            "adjust": ["topiramate"] if "topiramate_mg" in columns else [],
            "randomised": "blocks" if design == "blocks" else "none",
        },
        "columns": {
            name: [None if np.isnan(v) else float(v) for v in values.tolist()] for name, values in columns.items()
        },
    }


def sampler_data(d: dict[str, Any]) -> dict[str, Any]:
    """What `continuous.stan` and `rating.stan` are given."""
    question = d["question"]
    columns = {name: np.array(values, dtype=float) for name, values in d["columns"].items()}
    outcome = columns["pain"]
    seen = ~np.isnan(outcome)
    medicines = ["naltrexone", *question["adjust"]]
    doses = np.column_stack([columns[f"{name}_mg"] for name in medicines])
    share = doses / doses.max(axis=0)
    trial = question["randomised"] != "none"
    median, sdlog = TAU[question["onset"]]
    n, used = len(outcome), outcome[seen]
    centre, unit = float(used.mean()), float(used.std())
    on = np.flatnonzero(seen & (doses[:, 0] > 0))
    data: dict[str, Any] = {
        "T": n,
        "F": 2,
        "J": len(medicines),
        "seen": seen.astype(int).tolist(),
        "X": np.column_stack([np.ones(n), np.arange(n) / n - 0.5]).tolist(),
        "dose": share.tolist(),
        # a medicine taken on the first day was taken before it, except in a trial that starts with the treatment
        "start": [0.0 if trial and j == 0 else float(share[0, j]) for j in range(len(medicines))],
        "tau_median": [median] * len(medicines),
        "tau_sdlog": [sdlog] * len(medicines),
        "sd_b": [5.0, 1.0, *[1.0] * len(medicines)],
        "level_scale": 0.05,
        "n_on": len(on),
        "on": (on + 1).tolist(),
        "unit": unit,
    }
    standard = np.where(seen, (outcome - centre) / unit, 0.0)
    if question["scale"] == "continuous":
        return data | {"y": standard.tolist()}
    low, high, half = 0, 10, 0.5 / unit
    lower = np.where(outcome <= low, -OPEN, standard - half)
    upper = np.where(outcome >= high, OPEN, standard + half)
    return data | {
        "centre": centre,
        "low": low,
        "high": high,
        "lower_end": np.where(seen, lower, -OPEN).tolist(),
        "upper_end": np.where(seen, upper, OPEN).tolist(),
    }
