"""Many virtual people under one regimen, in chunks so that memory stays flat, and the error that the run achieved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nightdose.arrays import Floats
from nightdose.mechanism.intake import Intake
from nightdose.mechanism.people import Body, sampled_person, taking, triggers, typical_person, typical_values
from nightdose.mechanism.regimen import Regimen
from nightdose.mechanism.simulate import DEFAULT_ERROR, Trajectory, relative_errors, simulate

CHUNK = 256  # people integrated and held at a time
CHECKED = 8  # people of a run that are integrated again a thousand times tighter


@dataclass(frozen=True, slots=True)
class Study:
    """Who takes what for how long, and what is recorded. A study of one person is about the typical person.

    regimen : the plan, or one Intake for everyone (a real log).
    relapsing : chance triggers of self-attack, as in relapsing MS.
    """

    regimen: Regimen | Intake
    days: int
    people: int
    body: Body
    names: tuple[str, ...]
    every_h: float = 24.0
    seed: int = 1
    relapsing: bool = False
    error: float = DEFAULT_ERROR

    @property
    def time_h(self) -> Floats:
        """Hours recorded: from 0 to the end, both included."""
        return np.asarray(np.arange(0, round(self.days * 24 / self.every_h) + 1) * self.every_h, dtype=np.float64)

    def log(self) -> Intake:
        """What everyone takes; the drug's mass is the same for all."""
        if isinstance(self.regimen, Intake):
            return self.regimen
        values = typical_values()
        return self.regimen.log(self.days, values["salt_fraction"], values["molar_mass"])

    @property
    def largest_mg(self) -> float:
        """The largest single dose; 0 without one."""
        values = typical_values()
        return self.log().largest_mg(values["salt_fraction"], values["molar_mass"])


def run_people(study: Study, numbers: Sequence[int], *, error: float, workers: int = 1) -> Trajectory:
    """The virtual people of these numbers, whoever else is in the study."""
    alone = study.people == 1
    people = [
        typical_person(study.body) if alone else sampled_person(study.body, study.seed, number) for number in numbers
    ]
    log = study.log()
    people = [taking(person, study.largest_mg, study.body) for person in people]
    logs = [log] * len(people)
    if study.relapsing:
        logs = [
            log.with_events(triggers(p, study.days, study.seed, number))
            for log, p, number in zip(logs, people, numbers, strict=True)
        ]
    return simulate(people, logs, study.time_h, study.names, error=error, workers=workers)


def chunks(study: Study, *, workers: int = 1) -> Iterator[tuple[range, Trajectory]]:
    """The study in pieces of CHUNK people a worker; the numbers do not depend on the piece."""
    size = CHUNK * workers
    for start in range(0, study.people, size):
        numbers = range(start, min(start + size, study.people))
        yield numbers, run_people(study, numbers, error=study.error, workers=workers)


def achieved_error(study: Study) -> float:
    """Largest relative error of a sample of the study's own people against a run a thousand times tighter."""
    numbers = np.unique(np.linspace(0, study.people - 1, CHECKED).astype(int)).tolist()
    found = run_people(study, numbers, error=study.error)
    truth = run_people(study, numbers, error=max(1e-9, study.error / 1000))
    first_week = replace(study, every_h=1.0, days=min(study.days, 7))
    largest = np.nanmax(np.abs(run_people(first_week, numbers, error=study.error).values), axis=(0, 1))
    keep = [i for i, name in enumerate(study.names) if name != "clock_angle"]
    return float(np.nanmax(relative_errors(found, truth, largest)[:, :, keep])) if keep else 0.0


def whole(study: Study, *, workers: int = 1) -> Trajectory:
    """The whole study in memory; for pictures of some hundred people."""
    return run_people(study, range(study.people), error=study.error, workers=workers)


def band(values: Floats) -> tuple[Floats, Floats, Floats]:
    """(time,) 5th centile, median and 95th centile over the people that finished of (person, time) values."""
    finished = values[np.isfinite(values).all(axis=1)]
    low, middle, high = np.quantile(finished, [0.05, 0.5, 0.95], axis=0)
    return low, middle, high
