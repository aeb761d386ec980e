"""Virtual people: one row of parameters each, a pure function of the seed and the person's number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Literal

import numpy as np

from nightdose.arrays import Floats, frozen
from nightdose.errors import CallError
from nightdose.knowledge.hypotheses import strengths
from nightdose.knowledge.load import joint_spread, parameters
from nightdose.mechanism.intake import TRIGGER, Event
from nightdose.mechanism.system import parameter_names

Liver = Literal["normal", "cirrhosis"]
# conflicts between studies as sides to choose from; the first is the default
READINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"exposure": ("typical", "low", "high"), "clearance": ("meyer", "licko"), "offset": ("by_dose", "one_curve")}
)
BETWEEN_STUDIES = 0.45  # log sd of exposure per milligram between studies, as in calibration/fit.py
EXPOSURE_SIDES = {"typical": 0.0, "low": -2 * BETWEEN_STUDIES, "high": BETWEEN_STUDIES}
SCALED_WITH_CLEARANCE = (
    "clearance", "escape", "volume_central", "flow_peripheral", "volume_peripheral", "flow_deep", "volume_deep",
)  # fmt: skip
HOURS_A_YEAR = 8766.0
MOST_ESCAPE = 0.98  # share of a dose that can escape the first pass, whatever a draw or an illness multiplies it by


@dataclass(frozen=True, slots=True)
class Body:
    """What is known of the people simulated, and which side of each conflict is taken."""

    weight_kg: float | None = None
    liver: Liver = "normal"
    hypotheses: Mapping[str, float] = field(default_factory=strengths)
    readings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if self.weight_kg is not None and not 25 <= self.weight_kg <= 300:
            raise CallError(f"a weight of {self.weight_kg:g} kg cannot be simulated. Give one between 25 and 300.")
        for name, side in self.readings.items():
            if name not in READINGS or side not in READINGS[name]:
                known = "; ".join(f"{key}: {', '.join(sides)}" for key, sides in READINGS.items())
                raise CallError(f"there is no reading {name}={side}. Choose from {known}.")


@cache
def typical_values() -> Mapping[str, float]:
    """Value of every parameter in a typical person, switches left out."""
    known = {**parameters("mechanism"), **parameters("calibrated"), **parameters("calibrated_course")}
    return MappingProxyType({name: entry.value for name, entry in known.items()})


def apply_body(values: dict[str, float], body: Body) -> dict[str, float]:
    """The same parameters for this weight, this liver, these readings and these switches."""
    p = dict(values)
    if body.weight_kg is not None:
        slope = p["weight_slope"] / p["weight_clearance"]
        p["clearance"] *= 1 + slope * (body.weight_kg - p["weight_reference"])
    if body.readings.get("clearance") == "licko":
        factor = p["clearance_licko"] / typical_values()["clearance"]
        for name in SCALED_WITH_CLEARANCE:
            p[name] *= factor
    factor = float(np.exp(EXPOSURE_SIDES[body.readings.get("exposure", "typical")]))
    p["escape"] *= factor  # occupancy is anchored at the dose, so the level at half occupancy moves along
    p["dissociation_mu"] *= factor
    p["escape_level"] *= factor
    if body.liver == "cirrhosis":
        p["escape"] *= p["cirrhosis_escape"]
        p["clearance"] *= p["cirrhosis_clearance"]
        p["first_pass_to_metabolite"] *= p["cirrhosis_first_pass"]
        p["systemic_to_metabolite"] *= p["cirrhosis_first_pass"]
    p["escape"] = min(p["escape"], MOST_ESCAPE)
    return {**p, **body.hypotheses}


def release_factor(values: Mapping[str, float], largest_mg: float) -> float:
    """How many times sooner the block ends where no dose was larger than this: `offset_low` far below `offset_dose`,
    1 far above. What the body tells a low dose from a high one by is not known, so the dose itself stands for it."""
    low = 1 / (1 + (largest_mg / values["offset_dose"]) ** values["offset_steepness"])
    return float(values["offset_low"] ** low)


def taking(values: Mapping[str, float], largest_mg: float, body: Body) -> Mapping[str, float]:
    """The person as somebody whose largest dose is this, under the reading `offset`."""
    if body.readings.get("offset") == "one_curve" or largest_mg <= 0:
        return values
    return MappingProxyType({**values, "release": values["release"] * release_factor(values, largest_mg)})


def row_of(values: Mapping[str, float]) -> Floats:
    """(parameters,) in the kernel's order."""
    return np.array([values[name] for name in parameter_names()])


def typical_person(body: Body) -> Mapping[str, float]:
    """Parameters of one person in the middle of everything."""
    return MappingProxyType(apply_body(dict(typical_values()), body))


def sampled_person(body: Body, seed: int, number: int) -> Mapping[str, float]:
    """Parameters of virtual person `number`: uncertainty of the typical values times differences between people."""
    rng = np.random.default_rng([seed, number])
    values = dict(typical_values())
    names, root = joint_spread("calibrated_joint")
    for name, shift in zip(names, root @ rng.standard_normal(len(names)), strict=True):
        values[name] *= float(np.exp(shift))
    for name, entry in parameters("people").items():
        values[name] *= float(np.exp(entry.value * rng.standard_normal()))
    for name in OWN_SPREAD:
        spread = parameters("mechanism")[name].spread
        match spread["family"]:
            case "normal":
                values[name] += spread["sd"] * rng.standard_normal()
            case "uniform":
                values[name] = rng.uniform(spread["low"], spread["high"])
            case "lognormal":
                values[name] *= float(np.exp(spread["sdlog"] * rng.standard_normal()))
    values["volume_deep"] = values["flow_deep"] * values["deep_half_life"] / np.log(2)
    return MappingProxyType(apply_body(values, body))


# numbers of mechanism.toml whose own spread (uncertainty or difference) each virtual person draws from
OWN_SPREAD = ("metabolite_entry", "dissociation_peripheral", "endorphin_peak", "dream_risk_ratio", "symptom_level")


def triggers(values: Mapping[str, float], days: int, seed: int, number: int) -> list[Event]:
    """Chance triggers of self-attack for one person: a Poisson process, the same whatever is taken."""
    rng = np.random.default_rng([seed, number, 1])
    expected = values["trigger_rate"] * days * 24 / HOURS_A_YEAR
    times = np.sort(rng.uniform(0, 24.0 * days, rng.poisson(expected)))
    spread = parameters("mechanism")["trigger_size"].spread["sdlog"]
    sizes = values["trigger_size"] * np.exp(spread * rng.standard_normal(times.size))
    return [Event(float(t), TRIGGER, float(size)) for t, size in zip(times, sizes, strict=True)]


def parameter_matrix(people: list[Mapping[str, float]]) -> Floats:
    """(people, parameters) in the kernel's order."""
    return frozen(np.array([row_of(values) for values in people]))
