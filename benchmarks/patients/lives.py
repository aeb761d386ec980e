"""What version 3 added to the lives of patients: habits that doses follow, attacks, slips of the pen, looks."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from benchmarks.habits.habit import HABITS, Life
from benchmarks.patients import noise
from benchmarks.patients.course import DAYS, Course, ar1
from benchmarks.patients.patient_file import Patient

WITHIN_SD, HABIT_SD = float(np.hypot(0.7, noise.NORMAL_SD)), 0.6  # of the habit's own cause, in within-person sd
KEPT_TO = 0.93  # share of days on which a habit is kept
LOOKS_D = tuple(range(84, 365, 28))  # days after which a diary is looked at
COURSES = 200
A_MONTH, LENGTHS, LENGTH_P, HAZARD_SD, PREVENTED = (1.5, 6.0), np.array([1, 2, 3]), (0.4, 0.35, 0.25), 0.5, 0.5


def habit(person: Course, first_day: datetime.date, name: str, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(what the habit's cause adds to the state, doses in mg) of one habit of `benchmarks/habits`."""
    rng = np.random.default_rng([seed, 5])
    dates = tuple(first_day + datetime.timedelta(days=t) for t in range(len(person.state)))
    cause, dose = HABITS[name](Life(dates, person.felt / WITHIN_SD, np.random.default_rng([seed, 1])), HABIT_SD)
    kept = (rng.random(len(dose)) < KEPT_TO) | (np.arange(len(dose)) < np.argmax(dose > 0))
    return WITHIN_SD * cause, np.where(kept, dose, np.where(dose > 0, 0.0, np.max(dose)))


def slipped(rng: np.random.Generator, values: np.ndarray, dose: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The columns with one score and one dose written ten times too large; a yes and a no changed places."""
    values, dose = values.copy(), dose.copy()
    day = int(rng.choice(np.flatnonzero(~np.isnan(values))))
    two = set(np.unique(values[~np.isnan(values)])) <= {0.0, 1.0}
    values[day] = 1 - values[day] if two else 10 * max(values[day], 1.0)
    taken = np.flatnonzero(dose > 0)
    if len(taken):
        dose[int(rng.choice(taken))] *= 10
    return values, dose


def attacks(rng: np.random.Generator, outcome: str, exposure: np.ndarray, works: bool) -> tuple[np.ndarray, np.ndarray]:
    """(days with an attack, or first days of attacks; the true improvement of each day) of one person's year.

    exposure : (days,) share of the drug's settled effect, which prevents half of the attacks.
    """
    monthly = float(np.exp(rng.uniform(*np.log(A_MONTH))))
    usual = np.log(monthly / 28) + ar1(rng, DAYS, HAZARD_SD, rng.uniform(0.8, 0.97))
    left = np.log1p(-np.minimum(PREVENTED * exposure, 0.99)) if works else np.zeros(DAYS)
    seeds = rng.integers(2**32, size=2)
    seen = lived(np.random.default_rng(seeds[0]), usual + left, 1, outcome)[0]
    with_it, without = (lived(np.random.default_rng(seeds[1]), h, COURSES, outcome) for h in (usual + left, usual))
    return seen, without.mean(axis=0) - with_it.mean(axis=0)


def lived(rng: np.random.Generator, log_hazard: np.ndarray, courses: int, outcome: str) -> np.ndarray:
    """(courses, days) 1 on days with an attack, or where `outcome` is a count on its first day."""
    out, left = np.zeros((courses, len(log_hazard))), np.zeros(courses, dtype=int)
    for day, hazard in enumerate(np.exp(log_hazard)):
        begins = (left == 0) & (rng.random(courses) < hazard)
        left = np.where(begins, rng.choice(LENGTHS, courses, p=LENGTH_P), left)
        out[:, day] = begins if outcome == "count" else left > 0
        left = np.maximum(left - 1, 0)
    return out


def looked_at(whole: Patient) -> Iterator[Patient]:
    """The diary of one person as it was at each look; the drug does nothing."""
    for days in LOOKS_D:
        columns = {name: values[:days] for name, values in whole.columns.items()}
        scores = next(iter(columns.values()))
        truth = {**whole.truth, "look_of": whole.name, "look_day": days, "outcome_sd": float(np.nanstd(scores))}
        yield replace(whole, name=f"{whole.name}-day{days:03d}", columns=columns, truth=truth)
