"""What the model says about each published value: one function from parameters to predictions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats
from nightdose.mechanism.compartments import LINEAR_STATES, amounts_after, dose_nmol
from nightdose.mechanism.people import release_factor

NTX_MASS, METABOLITE_MASS = 341.41, 343.4  # g/mol; checked against the passports by the test of this folder
HOURS = np.concatenate([np.arange(0.0, 24.0, 0.05), np.arange(24.0, 1200.5, 0.5)])
AT = {name: i for i, name in enumerate(LINEAR_STATES)}


# rows of targets.csv that follow the retained drug and so the dose-dependent end of the block
OCCUPANCY = frozenset(
    {"ed50_mu", "mu_early", "mu_of_1h", "mu_steady", "delta_steady", "mu_48h_second", "blocked", "not_blocked",
     "behaviour", "behaviour_after_week"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Curves:
    """Response to 1 mg, by the hours of HOURS: plasma in ng/mL, effect site over the dissociation constant."""

    naltrexone: Floats
    metabolite: Floats
    ratio_mu: Floats


def at_dose(p: Mapping[str, float], dose: float) -> Mapping[str, float]:
    """The parameters of somebody whose largest dose is `dose` mg: the less, the sooner the block ends."""
    return {**p, "release": p["release"] * release_factor(p, dose)}


def curves(p: Mapping[str, float]) -> Curves:
    """Closed-form response to one labelled milligram."""
    amounts = amounts_after(p, dose_nmol(1.0, p["salt_fraction"], p["molar_mass"]), HOURS)
    naltrexone = amounts[:, AT["central"]] / p["volume_central"]
    metabolite = amounts[:, AT["metabolite"]] / p["volume_metabolite"]
    site = amounts[:, AT["effect_site"]] + amounts[:, AT["retained"]]
    site = site + p["metabolite_entry"] * metabolite / p["metabolite_weakness"]
    return Curves(naltrexone * NTX_MASS * 1e-3, metabolite * METABOLITE_MASS * 1e-3, site / p["dissociation_mu"])


def at(values: Floats, hours: float | Floats) -> Floats:
    """Values at given hours; 0 before the dose."""
    return np.interp(hours, HOURS, values, left=0.0)


def repeated(values: Floats, hours: Floats, every_h: float = 24.0, doses: int = 40) -> Floats:
    """Superposed response after `doses` equal doses, hours counted from the last one."""
    return np.sum([at(values, hours + k * every_h) for k in range(doses)], axis=0)


def _half_life(values: Floats, start: float, stop: float) -> float:
    hours = np.linspace(start, stop, 12)
    return float(np.log(2) / -np.polyfit(hours, np.log(at(values, hours)), 1)[0])


def _area(values: Floats, stop: float) -> float:
    keep = stop >= HOURS
    heights, times = values[keep], HOURS[keep]
    return float(np.sum(np.diff(times) * (heights[1:] + heights[:-1]) / 2))


def predict(what: str, analyte: str, dose: float, note: str, c: Curves, p: Mapping[str, float]) -> float:
    """The model's value for one row of targets.csv, in the row's unit."""
    values = c.metabolite if analyte == "metabolite" else c.naltrexone
    day = np.linspace(0.0, 24.0, 481)
    steady = np.linspace(4.0, 24.0, 41)
    match what:
        case "cmax":
            return dose * float(values.max())
        case "cmax_chronic":
            return dose * float(repeated(values, day).max())
        case "auc_inf":
            return dose * _area(values, 1200.0)
        case "auc_24":
            return dose * _area(values, 24.0)
        case "conc_24h":
            return dose * float(at(values, 24.0))
        case "ratio_2h":
            return float(at(c.metabolite, 2.0) / at(c.naltrexone, 2.0))
        case "half_life_early":
            return _half_life(values, 3.0, 10.0)
        case "half_life_late":
            return _half_life(values, 8.0, 24.0)
        case "half_life_metabolite":
            return _half_life(values, 8.0, 36.0)
        case "ed50_mu":
            return 1.0 / float(at(c.ratio_mu, np.linspace(3.0, 7.0, 17)).mean())
        case "mu_early":
            return 100 * _bound(dose * float(at(c.ratio_mu, np.linspace(3.0, 7.0, 17)).mean()))
        case "mu_of_1h":
            hour = hour_of(note)
            return 100 * _bound(dose * float(at(c.ratio_mu, hour))) / _bound(dose * float(at(c.ratio_mu, 1.0)))
        case "mu_steady":
            ratio = dose * repeated(c.ratio_mu, steady)
            return 100 * float((ratio / (1 + ratio)).mean())
        case "delta_steady":
            ratio = dose * repeated(c.ratio_mu, steady)
            return 100 * float((ratio / (p["delta_ratio"] + ratio)).mean())
        case "mu_48h_second":
            return 100 * _bound(dose * float(repeated(c.ratio_mu, np.array([48.0]), every_h=48.0)[0]))
        case "blocked" | "not_blocked" | "behaviour":
            return 100 * _bound(dose * float(at(c.ratio_mu, hour_of(note))))
        case "behaviour_after_week":
            return 100 * _bound(dose * float(repeated(c.ratio_mu, np.array([hour_of(note)]), doses=7)[0]))
        case "auc_24_fold_cirrhosis":
            ill = predict("auc_24", analyte, dose, note, curves(_cirrhosis(p)), p)
            return ill / predict("auc_24", analyte, dose, note, c, p)
        case "ratio_2h_cirrhosis":
            return predict("ratio_2h", analyte, dose, note, curves(_cirrhosis(p)), p)
    raise ValueError(f"no prediction for '{what}'")


def hour_of(note: str) -> float:
    """The hour after the dose that a row's note begins with or names: 'at 72 h'."""
    return float(note.split("at ")[1].split(" h")[0])


def _bound(ratio: float) -> float:
    return ratio / (1 + ratio)


def _cirrhosis(p: Mapping[str, float]) -> Mapping[str, float]:
    return {
        **p,
        "escape": p["escape"] * p["cirrhosis_escape"],
        "first_pass_to_metabolite": p["first_pass_to_metabolite"] * p["cirrhosis_first_pass"],
        "systemic_to_metabolite": p["systemic_to_metabolite"] * p["cirrhosis_first_pass"],
        "clearance": p["clearance"] * p["cirrhosis_clearance"],
    }
