"""How the block of receptors goes on and fades: a missed night beside a taken one, and hours after the last dose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from nightdose.arrays import Floats
from nightdose.knowledge.hypotheses import strengths
from nightdose.language.catalogue import say
from nightdose.mechanism.panel import Curve, Panel
from nightdose.mechanism.population import Study, band, whole
from nightdose.mechanism.regimen import Regimen

OCCUPANCY = "occupancy_mu"
AFTER_H = 120  # hours after the last dose that are drawn
AROUND_H = (24, 72)  # hours before and after the missed dose's day begins


@dataclass(frozen=True, slots=True)
class Fading:
    """The block after the last dose.

    at : hours -> (5th centile, median, 95th) where a low dose lasts as long as 50 mg does, the most careful reading
    before an operation; short : the same where it blocks for hours only, as in mice.
    """

    panel: Panel
    at: Callable[[float], tuple[float, float, float]]
    short: Callable[[float], tuple[float, float, float]]


def fading(study: Study, last_dose_h: float) -> Fading:
    """The block of the study's people from `last_dose_h` on, nothing more being taken; `study.days` covers it."""
    hours = np.arange(0.0, AFTER_H + 1)
    hourly = replace(study, every_h=1.0)
    careful = replace(hourly, body=replace(hourly.body, readings={**hourly.body.readings, "offset": "one_curve"}))
    lasting, short = (_from(_block(careful, side), hourly, last_dose_h, hours) for side in (0.0, 1.0))
    panel = Panel(
        say("Receptors still blocked after your last dose"),
        say("share of central mu receptors"),
        "hours",
        (
            Curve(say("as 50 mg scans suggest"), hours, *_middle(lasting)),
            Curve(say("short block (mouse figure)"), hours, *_middle(short), assumed=True),
        ),
    )
    return Fading(panel, lambda h: _at(lasting, h), lambda h: _at(short, h))


def missed_night(study: Study, day: int) -> tuple[Panel, tuple[float, float, float], tuple[float, float, float]]:
    """(the block around a night that is taken or missed, block 24 h after that night's hour if taken, if missed).

    study.regimen : a Regimen; day : the night. Both are (5th centile, median, 95th centile) under the lasting reading.
    """
    assert isinstance(study.regimen, Regimen)
    clock = study.regimen.clock_h[0]
    start = 24 * day + round(clock) - AROUND_H[0]
    part = slice(start, start + sum(AROUND_H) + 1)
    hours = np.arange(-float(AROUND_H[0]), AROUND_H[1] + 1)
    taken = _block(study, 0.0)[:, part]
    missed = _block(replace(study, regimen=replace(study.regimen, missed=frozenset({day}))), 0.0)[:, part]
    panel = Panel(
        say("One night taken, or missed, and taken again on the next"),
        say("share of central mu receptors"),
        "hours",
        (
            Curve(say("taken every night"), hours, *_middle(taken)),
            Curve(say("that night missed"), hours, *_middle(missed)),
        ),
        marks=((0.0, say("the missed dose")),),
    )
    after = AROUND_H[0] + 23
    return panel, _centiles(taken[:, after]), _centiles(missed[:, after])


def _block(study: Study, short: float) -> Floats:
    """(people, hours) of mu receptors blocked, hour by hour, under one reading of how long a low dose blocks."""
    body = replace(study.body, hypotheses=strengths({**study.body.hypotheses, "short_block": short}))
    return whole(replace(study, body=body, names=(OCCUPANCY,), every_h=1.0)).of(OCCUPANCY)


def _from(values: Floats, study: Study, begin_h: float, hours: Floats) -> Floats:
    """The people's values at these hours after `begin_h`."""
    return np.array([np.interp(begin_h + hours, study.time_h, person) for person in values])


def _middle(values: Floats) -> tuple[Floats, Floats, Floats]:
    low, middle, high = band(values)
    return middle, low, high


def _at(values: Floats, hour: float) -> tuple[float, float, float]:
    return _centiles(values[:, round(hour)])


def _centiles(values: Floats) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values[np.isfinite(values)], [0.05, 0.5, 0.95])
    return float(low), float(middle), float(high)
