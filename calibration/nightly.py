"""What the model says for nightly doses, under each reading of how long the block lasts: the table of accuracy.md."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from nightdose.arrays import Floats
from nightdose.knowledge.hypotheses import strengths
from nightdose.mechanism.people import Body, typical_values
from nightdose.mechanism.population import Study, whole
from nightdose.mechanism.regimen import parse_regimen

PEOPLE, DAYS = 400, 28
REGIMENS = ("1.5mg@22:00", "3mg@22:00", "4.5mg@22:00", "50mg@08:00")


def nightly() -> str:
    """Per cent of central mu receptors blocked on day 28, median and 90 % of virtual people."""
    lines = [
        "| regimen | most | least | least, one curve for every dose | mean of the day, short block (mice) |",
        "|---|---|---|---|---|",
    ]
    for regimen in REGIMENS:
        by_dose, one = last_day(regimen, Body()), last_day(regimen, Body(readings=ONE_CURVE))
        short = last_day(regimen, Body(hypotheses=strengths({"short_block": 1.0})))
        cells = [by_dose.max(axis=1), by_dose.min(axis=1), one.min(axis=1), short.mean(axis=1)]
        lines.append(f"| {regimen.replace('mg@', ' mg at ')} | " + " | ".join(_share(cell) for cell in cells) + " |")
    return "\n".join(lines)


ONE_CURVE = MappingProxyType({"offset": "one_curve"})


def last_day(regimen: str, body: Body) -> Floats:
    """(people, hours) of the last day."""
    study = Study(parse_regimen(regimen), DAYS, PEOPLE, body, ("occupancy_mu",), every_h=1.0)
    return whole(study).of("occupancy_mu")[:, -25:]


def reference_block() -> float:
    """Mean of the day under 4.5 mg nightly in the median person, what `dream_reference_block` has to be."""
    assert typical_values()["dream_reference_block"] > 0
    return float(np.median(last_day("4.5mg@22:00", Body()).mean(axis=1)))


def _share(values: Floats) -> str:
    low, middle, high = 100 * np.quantile(values, [0.05, 0.5, 0.95])
    return f"{middle:.0f} ({low:.0f} to {high:.0f})"
