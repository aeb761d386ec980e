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
from nightdose.mechanism.population import Study, band, pieces, run_people
from nightdose.mechanism.regimen import NIGHT

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


@dataclass(frozen=True, slots=True)
class _Run:
    """What a picture needs of one run of the study's sample: (person, time) values, few however long it was.

    hours : (hour,) the last two days, hour by hour; last : name -> values at them. days, course : the whole course.
    """

    hours: Floats
    last: Mapping[str, Floats]
    days: Floats
    course: Floats
    failures: tuple[str, ...]


def overview(study: Study, *, workers: int = 1) -> Overview:
    """The study's sample hour by hour, beside the same people under the other reading of the block."""
    found = _run(study, SHOWN, workers)
    asked = study.body.hypotheses["short_block"]
    other_body = replace(study.body, hypotheses=strengths({**study.body.hypotheses, "short_block": 1.0 - round(asked)}))
    other = _run(replace(study, body=other_body), ("occupancy_mu", "opioid_signal"), workers)
    long, short = (other, found) if asked >= 0.5 else (found, other)
    day = slice(-25, None)
    block = found.last["occupancy_mu"][:, day]
    return Overview(
        panels=_panels(study, found, long, short),
        last_day={name: _centiles(found.last[name][:, day].mean(axis=1)) for name in SHOWN},
        trough=_centiles(block.min(axis=1)),
        peak=_centiles(block.max(axis=1)),
        last_day_short=_centiles(short.last["occupancy_mu"][:, day].mean(axis=1)),
        failures=found.failures,
    )


def _run(study: Study, names: tuple[str, ...], workers: int) -> _Run:
    """Hourly where the whole course is drawn so; a longer one at every midnight and through its last two days."""
    hourly = study.days <= HOURLY_DAYS
    end = 24 * study.days
    hours = np.arange(max(end - 48, 0), end + 1.0)
    time_h = np.arange(end + 1.0) if hourly else np.union1d(np.arange(0.0, end + 1, 24), hours)
    drawn = "occupancy_mu" if hourly else "block_hours"
    at = slice(None) if hourly else np.flatnonzero(time_h % 24 == 0)
    recorded = replace(study, names=(*names, "block_hours"))
    last: dict[str, list[Floats]] = {name: [] for name in names}
    course: list[Floats] = []
    failures: list[str] = []
    for numbers, found in pieces(recorded, study.sample, np.asarray(time_h, dtype=np.float64), workers=workers):
        for name in names:
            last[name].append(found.of(name)[:, -hours.size :].copy())
        course.append(found.of(drawn)[:, at].copy())
        failures += found.failures_of(numbers)
    whole_course = np.concatenate(course)
    days = time_h / 24 if hourly else np.arange(study.days) + 0.5
    values = whole_course if hourly else np.diff(whole_course, axis=1) / 24
    return _Run(
        np.asarray(hours, dtype=np.float64), {name: np.concatenate(parts) for name, parts in last.items()},
        np.asarray(days, dtype=np.float64), np.asarray(values, dtype=np.float64), tuple(failures),
    )  # fmt: skip


def _panels(study: Study, found: _Run, long: _Run, short: _Run) -> tuple[Panel, ...]:
    clock = _start_clock(study)
    start = round(study.days * 24 - 24 - (24 - clock) % 24)
    start = max(start, 0)
    first = start - round(found.hours[0])
    part = slice(first, first + 25)
    hours = found.hours[part] - 24.0 * (start // 24)

    def line(name: str, run: _Run, of: str, *, assumed: bool = False) -> Curve:
        low, middle, high = band(run.last[of][:, part])
        banded = study.people > 1
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


def _course(study: Study, long: _Run, short: _Run) -> Panel:
    hourly = study.days <= HOURLY_DAYS

    def line(name: str, run: _Run, *, assumed: bool = False) -> Curve:
        low, middle, high = band(run.course)
        banded = study.people > 1
        return Curve(name, run.days, middle, low if banded else None, high if banded else None, assumed)

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
    curve = np.median(run_people(nobody, study.sample, error=study.error).of("endorphin"), axis=0)
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
