"""What is in the blood under a regimen of a medicine that comes as a file: people drawn, the last day in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nightdose.arrays import Floats
from nightdose.errors import CallError
from nightdose.exposure.kinetics import concentration, drawn_rates
from nightdose.knowledge.drug_file import DrugFile
from nightdose.knowledge.parameter import Parameter
from nightdose.language.catalogue import say
from nightdose.language.number import number
from nightdose.mechanism.panel import Curve, Panel
from nightdose.mechanism.population import band
from nightdose.mechanism.regimen import Regimen
from nightdose.protocol.doses import accepted_dose, plausible_dose

POINTS = 241  # of the curve, its first and last moment among them
PRACTICALLY_NOTHING = 0.001  # share of the highest level: below it a number would only look exact
UNSEEN = 1e-4  # of the highest level: below that a model of one compartment says nothing


@dataclass(frozen=True, slots=True)
class DrugSimulation:
    """The last day of a regimen, or where doses lie further apart the time from the last one to the next.

    hours : since its first dose, the last one the moment before the next; values : (people, hours) ng/mL.

    most, least, peak_h, left : (5th centile, median, 95th) over people of the highest and lowest level, its hour after
    the dose, and the share of the highest that is left before the next dose.
    """

    title: str
    days: int
    hours: Floats
    values: Floats
    most: tuple[float, float, float]
    least: tuple[float, float, float]
    peak_h: tuple[float, float, float]
    left: tuple[float, float, float]

    def panel(self) -> Panel:
        """The last day as a curve with its band."""
        low, middle, high = band(self.values)
        banded = self.values.shape[0] > 1
        curve = Curve(self.title, self.hours, middle, low if banded else None, high if banded else None)
        title = say("In blood through the last day") if self.daily else say("In blood from the last dose to the next")
        return Panel(title, say("ng/mL"), "hours", (curve,))

    @property
    def daily(self) -> bool:
        """Is it a day from dose to dose?"""
        return bool(self.hours[-1] <= 24)

    def record(self, file: DrugFile) -> Mapping[str, Any]:
        """`nightdose.drug-simulation/1`."""
        assert file.kinetics is not None
        return {
            "schema": "nightdose.drug-simulation/1", "drug": file.name, "drug_sha256": file.sha256,
            "regimen": self.title, "days": self.days, "people": self.values.shape[0],
            "unit": "ng/mL",
            **{
                name: {"low90": low, "median": middle, "high90": high}
                for name, (low, middle, high) in (
                    ("highest", self.most), ("lowest", self.least), ("hours_to_peak", self.peak_h),
                    ("share_left", self.left),
                )
            },
            "rests_on": {each.name: _passport(each) for each in file.kinetics.parts},
        }  # fmt: skip


def simulate_drug(
    file: DrugFile, regimen: Regimen, days: int, people: int, seed: int, *, confirmed: bool = False
) -> DrugSimulation:
    """The regimen for virtual people of the file's kinetics. Raises CallError where the file has none, or for a dose
    that its bounds ask about and nobody confirmed."""
    if file.kinetics is None:
        raise CallError(say("The file of {drug} has no kinetics, so nothing can be simulated.", drug=file.name))
    for step in regimen.steps:
        check = plausible_dose(step.dose_mg, "mg", file.name)
        accepted_dose(check, (step.dose_mg,) if confirmed and check.state == "ask" else ())
    planned = [(24.0 * day + hour, mg) for day, mg in regimen.dose_days(days) for hour in regimen.clock_h]
    latest = max((day for day, _ in regimen.dose_days(days)), default=days - 1)
    begin = 24.0 * max(latest, days - regimen.every) + min(regimen.clock_h)
    hours = np.linspace(0.0, 24.0 * regimen.every, POINTS)
    middle = np.array([each.value for each in file.kinetics.parts])
    sdlog = np.array([float(each.spread.get("sdlog", 0.0)) for each in file.kinetics.parts])
    taken, doses = (np.array(values) for values in zip(*planned, strict=True)) if planned else (np.zeros(0),) * 2
    values = concentration(drawn_rates(middle, sdlog, people, seed), taken, doses, begin + hours)
    values[values < UNSEEN * values.max(axis=1, keepdims=True)] = 0.0
    most, least = values.max(axis=1), values.min(axis=1)
    left = np.divide(values[:, -1], most, out=np.zeros_like(most), where=most > 0)
    return DrugSimulation(
        regimen.title, days, hours, values, _centiles(most), _centiles(least),
        _centiles(hours[values.argmax(axis=1)]), _centiles(left),
    )  # fmt: skip


def simulation_lines(file: DrugFile, found: DrugSimulation) -> list[str]:
    """The simulation in words, with what each number rests on."""
    assert file.kinetics is not None
    return [
        say("{drug}: {regimen}, {n} virtual people, {days} days.", drug=file.title, regimen=found.title,
            n=found.values.shape[0], days=found.days),
        _highest_words(found),
        _left_words(found.left),
        *(f"{each.name}: {number(each.value)} {each.unit} ({_passport(each)})" for each in file.kinetics.parts),
        say("A level in blood, not an effect. A model, not a measurement of you; no dose advice."),
    ]  # fmt: skip


def _highest_words(found: DrugSimulation) -> str:
    span, hours = _span(found.most), _span(found.peak_h)
    if found.daily:
        return say("Highest level in blood on the last day: {span} ng/mL, {hours} hours after the dose.", span=span,
                   hours=hours)  # fmt: skip
    return say("Highest level in blood after the last dose: {span} ng/mL, {hours} hours after it.", span=span,
               hours=hours)  # fmt: skip


def _left_words(left: tuple[float, float, float]) -> str:
    if left[2] < PRACTICALLY_NOTHING:
        return say("Before the next dose less than 0.1 % of it is left in 95 of 100 people.")
    return say("Before the next dose {share} % of it is left.", share=_span(tuple(100 * each for each in left)))


def _passport(each: Parameter) -> str:
    return f"{each.kind}; {each.rests_on}"


def _centiles(values: Floats) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    return float(low), float(middle), float(high)


def _span(values: tuple[float, ...]) -> str:
    low, middle, high = values
    return say("{middle} ({low} to {high})", middle=number(middle, like=middle / 5), low=number(low, like=middle / 5),
               high=number(high, like=middle / 5))  # fmt: skip
