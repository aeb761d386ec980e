"""The diaries of the reference posteriors, and the numbers that an outside sampler needs of each.

The numbers are made here from the written rules alone (docs/inference.md), not by the package, so that a mistake in the
way the package prepares a diary shows as well.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
from tests.generators import simulate

TAU = {"weeks": (10.0, 0.8), "days": (2.5, 0.6)}
RARE = (1, 6, 8)  # numbers whose migraine days or attacks are few

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
    latent = "rating" if kind == "rating" else "continuous"  # the other kinds are cut from the continuous score below
    truth = simulate(7100 + number, scenario=scenario, design=design, effect=effect, days=days, outcome=latent)
    columns = {name: values.copy() for name, values in truth.diary.columns.items()}
    columns["pain"] = _written(kind, columns["pain"], number)
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


def _written(kind: str, latent: np.ndarray, number: int) -> np.ndarray:
    """(days,) the outcome of one kind behind a latent score (for a rating it is one already); NaN stays NaN."""
    empty = np.isnan(latent)
    if kind in ("continuous", "rating"):
        return np.round(latent, 3)
    if kind == "ordinal":
        values = np.sum(latent[:, None] > np.array([-0.4, 0.6, 1.5]), axis=1).astype(float)
    elif kind == "binary":
        values = (latent > (1.3 if number in RARE else 0.68)).astype(float)
    else:
        rate = np.exp(np.log(0.25 if number in RARE else 0.6) + 0.7 * np.nan_to_num(latent))
        values = np.random.default_rng(8100 + number).poisson(rate).astype(float)
    return np.where(empty, np.nan, values)


def sampler_data(d: dict[str, Any]) -> dict[str, Any]:
    """What `continuous.stan`, `category.stan` and `latent.stan` are given."""
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
    if question["scale"] == "continuous":
        return data | {"y": np.where(seen, (outcome - centre) / unit, 0.0).tolist()}
    if question["scale"] in ("ordinal", "binary", "count"):
        return _latent_data(question["scale"], outcome, seen, data)
    even = np.arange(10) + 0.5  # a rating: every step is there, seen or not
    return data | {
        "y": np.where(seen, np.nan_to_num(outcome) + 1, 1).astype(int).tolist(),
        "C": 10,
        "cuts": ((even - centre) / unit).tolist(),
        "free": 0,
        "worth": np.arange(11.0).tolist(),
        "noise_fixed": 0,
    }


def _latent_data(kind: str, outcome: np.ndarray, seen: np.ndarray, data: dict[str, Any]) -> dict[str, Any]:
    """Categories or counts with the priors of their own latent scale (docs/inference.md)."""
    used, doses = outcome[seen], data["J"]
    common = {
        "counts": int(kind == "count"),
        "level_scale": 0.05,
        "ar_scale": 1.0,
        "noise_scale": 1.0,
        "noise_fixed": 0,
    }
    if kind == "count":
        counts = np.where(seen, outcome, 0).astype(int).tolist()
        return (
            data | common | {"ar_scale": 0.7, "noise_scale": 0.7, "y": counts, "C": 1, "cuts": [0.0], "worth": [0, 0]}
        )
    levels = np.unique(used)
    below = [float(np.mean(used <= level)) for level in levels[:-1]]
    given = {
        "y": np.where(seen, np.searchsorted(levels, np.nan_to_num(outcome)) + 1, 1).tolist(),
        "C": len(below),
        "cuts": [NormalDist().inv_cdf(p) for p in below],
        "worth": levels.tolist(),
        "free": 1,
    }
    if len(levels) > 2:
        return data | common | given
    return data | common | given | {"level_scale": 0.06, "noise_fixed": 1, "sd_b": [5.0, 1.0, *[1.2] * doses]}
