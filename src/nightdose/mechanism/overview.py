"""What one regimen does: receptors over the night, endorphin over the day, as panels and as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from nightdose.arrays import Floats
from nightdose.knowledge.hypotheses import hypotheses, strengths
from nightdose.language.catalogue import say
from nightdose.language.number import number
from nightdose.mechanism.intake import GUT
from nightdose.mechanism.panel import Curve, Panel
from nightdose.mechanism.people import Body
from nightdose.mechanism.population import Study, band, whole
from nightdose.mechanism.regimen import NIGHT
from nightdose.mechanism.simulate import Trajectory

SHOWN = (
    "occupancy_mu", "occupancy_kappa", "occupancy_delta", "occupancy_peripheral", "conc_naltrexone", "conc_metabolite",
    "endorphin", "endorphin_change", "receptors", "opioid_signal", "growth_brake", "vivid_dreams", "symptom_score",
)  # fmt: skip
HOURLY_DAYS = 42  # a longer course is drawn by its daily means


@dataclass(frozen=True, slots=True)
class Overview:
    """One regimen simulated under both readings of how long a low dose blocks.

    last_day : quantity -> (5th centile, median, 95th centile) over people of each person's mean of the last 24 h.
    trough, peak : the same for the least and the most mu block of the last 24 h.
    """

    panels: tuple[Panel, ...]
    last_day: Mapping[str, tuple[float, float, float]]
    trough: tuple[float, float, float]
    peak: tuple[float, float, float]
    last_day_short: tuple[float, float, float]
    failures: tuple[str, ...]


def _centiles(values: Floats) -> tuple[float, float, float]:
    low, middle, high = band(values[:, None])
    return float(low[0]), float(middle[0]), float(high[0])


def overview(study: Study, *, workers: int = 1) -> Overview:
    """The study hour by hour, beside the same people under the other reading of the block."""
    hourly = replace(study, names=SHOWN, every_h=1.0)
    found = whole(replace(hourly, names=(*SHOWN, "block_hours")), workers=workers)
    asked = study.body.hypotheses["short_block"]
    other_body = replace(study.body, hypotheses=strengths({**study.body.hypotheses, "short_block": 1.0 - round(asked)}))
    other = whole(
        replace(hourly, body=other_body, names=("occupancy_mu", "opioid_signal", "block_hours")), workers=workers
    )
    long, short = (other, found) if asked >= 0.5 else (found, other)
    day = slice(-25, None)
    block = found.of("occupancy_mu")[:, day]
    return Overview(
        panels=_panels(study, found, long, short),
        last_day={name: _centiles(found.of(name)[:, day].mean(axis=1)) for name in SHOWN},
        trough=_centiles(block.min(axis=1)),
        peak=_centiles(block.max(axis=1)),
        last_day_short=_centiles(short.of("occupancy_mu")[:, day].mean(axis=1)),
        failures=found.failures,
    )


def _panels(study: Study, found: Trajectory, long: Trajectory, short: Trajectory) -> tuple[Panel, ...]:
    clock = _start_clock(study)
    start = round(study.days * 24 - 24 - (24 - clock) % 24)
    start = max(start, 0)
    part = slice(start, start + 25)
    hours = found.time_h[part] - 24.0 * (start // 24)

    def line(name: str, run: Trajectory, of: str, *, assumed: bool = False) -> Curve:
        low, middle, high = band(run.of(of)[:, part])
        banded = run.values.shape[0] > 1
        return Curve(name, hours, middle, low if banded else None, high if banded else None, assumed)

    untreated = _untreated_endorphin(study, hours)
    night = Panel(
        say("Receptors blocked through the last day"),
        say("share of central mu receptors"),
        "clock",
        (
            line(say("as human scans suggest"), long, "occupancy_mu"),
            line(say("short block (mouse figure)"), short, "occupancy_mu", assumed=True),
        ),
    )
    tone = Panel(
        say("Beta-endorphin in plasma, last day"),
        say("pg/mL; levels depend on the assay"),
        "clock",
        (line(say("under this regimen"), found, "endorphin"), Curve(say("untreated"), hours, untreated)),
    )
    signal = Panel(
        say("Opioid signal left, untreated = 1"),
        say("level x receptors x share free"),
        "clock",
        (
            line(say("as human scans suggest"), long, "opioid_signal"),
            line(say("short block (mouse figure)"), short, "opioid_signal", assumed=True),
        ),
        reference=1.0,
        reference_words=say("untreated"),
    )
    return (night, tone, signal, _course(study, long, short))


def _course(study: Study, long: Trajectory, short: Trajectory) -> Panel:
    hourly = study.days <= HOURLY_DAYS

    def line(name: str, run: Trajectory, *, assumed: bool = False) -> Curve:
        if hourly:
            days, values = np.asarray(run.time_h / 24, dtype=np.float64), run.of("occupancy_mu")
        else:
            days = np.asarray(np.arange(study.days) + 0.5, dtype=np.float64)
            values = np.asarray(np.diff(run.of("block_hours")[:, ::24], axis=1) / 24, dtype=np.float64)
        low, middle, high = band(values)
        banded = run.values.shape[0] > 1
        return Curve(name, days, middle, low if banded else None, high if banded else None, assumed)

    return Panel(
        say("Receptors blocked over the whole course")
        if hourly
        else say("Receptors blocked over the whole course, daily means"),
        say("share of central mu receptors"),
        "days",
        (line(say("as human scans suggest"), long), line(say("short block (mouse figure)"), short, assumed=True)),
    )


def _start_clock(study: Study) -> int:
    """Clock hour of the last dose, so that the day is drawn from one dose to the next."""
    doses = [event.time_h for event in study.log().events if event.state == GUT]
    return int((doses[-1] if doses else NIGHT) % 24)


def _untreated_endorphin(study: Study, hours: Floats) -> Floats:
    """Median untreated curve of the same people."""
    nobody = replace(study, names=("endorphin",), every_h=1.0, days=3, regimen=study.log().__class__())
    curve = np.median(whole(nobody).of("endorphin"), axis=0)
    return np.asarray(np.interp(hours % 24, np.arange(24), curve[24:48], period=24))


def assumptions(body: Body) -> tuple[str, ...]:
    """One sentence for every link that is on: what it says and on what evidence."""
    return tuple(
        say(
            "{link}: strength {strength}, {grade}.",
            link=say(link.title),
            strength=number(body.hypotheses[name]),
            grade=say(link.grade_words),
        )
        for name, link in hypotheses().items()
        if body.hypotheses[name] > 0
    )
