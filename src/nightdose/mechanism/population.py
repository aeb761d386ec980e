"""Many virtual people under one regimen, in chunks so that memory stays flat, and the error that the run achieved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nightdose.arrays import Floats
from nightdose.errors import CallError
from nightdose.mechanism.intake import Intake
from nightdose.mechanism.people import Body, sampled_person, taking, triggers, typical_person, typical_values
from nightdose.mechanism.regimen import Regimen
from nightdose.mechanism.simulate import DEFAULT_ERROR, LOOSEST, TIGHTEST, Trajectory, relative_errors, simulate

CHUNK = 256  # people integrated and held at a time by one thread; fewer where much is recorded of each
CHUNK_BYTES = 32e6  # values that one thread's chunk may hold
CHUNK_DAYS = 30_000  # person-days of one thread's chunk, a third of a second: Ctrl-C is heard between two
CHECKED = 8  # people of a run that are integrated again a thousand times tighter
TIGHTEST_ASKED = 1e-9  # relative error; a run's own check must be able to go below it
SEEN = 500  # people behind a picture: the share of people below its 5th centile has a standard error of 1 in 100


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

    def __post_init__(self) -> None:
        if not TIGHTEST_ASKED <= self.error <= LOOSEST:
            raise CallError(
                f"a relative error of {self.error:g} cannot be asked for. "
                f"Choose between {TIGHTEST_ASKED:g} and {LOOSEST:g}."
            )

    @property
    def time_h(self) -> Floats:
        """Hours recorded: from 0 to the end, both included."""
        return np.asarray(np.arange(0, round(self.days * 24 / self.every_h) + 1) * self.every_h, dtype=np.float64)

    @property
    def sample(self) -> tuple[int, ...]:
        """Numbers of the people behind a picture: everybody, or SEEN of them evenly through the study."""
        return tuple(np.linspace(0, self.people - 1, min(self.people, SEEN)).astype(int).tolist())

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


def run_people(
    study: Study, numbers: Sequence[int], *, error: float, workers: int = 1, time_h: Floats | None = None
) -> Trajectory:
    """The virtual people of these numbers, whoever else is in the study. time_h : other hours than the study's."""
    alone = study.people == 1
    people = [
        typical_person(study.body) if alone else sampled_person(study.body, study.seed, number) for number in numbers
    ]
    log, largest_mg = study.log(), study.largest_mg
    people = [taking(person, largest_mg, study.body) for person in people]
    logs = [log] * len(people)
    if study.relapsing:
        logs = [
            log.with_events(triggers(p, study.days, study.seed, number))
            for log, p, number in zip(logs, people, numbers, strict=True)
        ]
    times = study.time_h if time_h is None else time_h
    return simulate(people, logs, times, study.names, error=error, workers=workers)


def chunks(study: Study, *, workers: int = 1) -> Iterator[tuple[Sequence[int], Trajectory]]:
    """The study in pieces of at most CHUNK people a worker; the numbers do not depend on the piece."""
    yield from pieces(study, range(study.people), study.time_h, workers=workers)


def pieces(
    study: Study, numbers: Sequence[int], time_h: Floats, *, workers: int = 1
) -> Iterator[tuple[Sequence[int], Trajectory]]:
    """These people of the study at these hours, as many at a time as memory is meant for."""
    each = 8 * time_h.size * len(study.names)
    size = workers * max(1, min(CHUNK, int(CHUNK_BYTES / each), CHUNK_DAYS // study.days))
    for start in range(0, len(numbers), size):
        piece = numbers[start : start + size]
        yield piece, run_people(study, piece, error=study.error, workers=workers, time_h=time_h)


def achieved_error(study: Study) -> float:
    """Largest relative error of a sample of the study's own people against a run a thousand times tighter.

    A hundred times where 1e-9 is asked: of what is left there, some 3e-10, most is rounding.
    """
    numbers = np.unique(np.linspace(0, study.people - 1, CHECKED).astype(int)).tolist()
    found = run_people(study, numbers, error=study.error)
    truth = run_people(study, numbers, error=max(TIGHTEST, study.error / 1000))
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
