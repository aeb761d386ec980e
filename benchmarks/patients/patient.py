"""One simulated patient: a diary, the question asked of it, and what is true."""

from __future__ import annotations

import datetime
import zlib
from typing import Any

import numpy as np

from benchmarks.patients import VERSION, noise
from benchmarks.patients.cells import OPEN_START, PLANNED, RANDOMISED, Cell
from benchmarks.patients.course import DAYS, course
from benchmarks.patients.design import FULL_MG, exposure, schedule, start_day, taken, taper
from benchmarks.patients.lives import attacks, habit, slipped
from benchmarks.patients.outcome import KINDS, expected, noise_kind, written
from benchmarks.patients.patient_file import Patient

MISSING = 0.2
MEDICINE, OTHER_MEDICINE = "naltrexone", "topiramate"
INVERTED_U = {0.0: 0.0, 1.5: 0.5, 3.0: 1.0, 4.5: 0.1}  # share of the effect at each dose


def patient(cell: Cell, number: int) -> Patient:
    """The patient of one cell with one number; the same person in every outcome kind and with or without effect."""
    rng = np.random.default_rng([VERSION, _key(cell.scenario), _key(cell.design), number])
    first_day = datetime.date(2023, 1, 1) + datetime.timedelta(days=int(rng.integers(365)))
    person = course(rng, cell.scenario, first_day.weekday())
    tau = float(np.exp(rng.uniform(*np.log((25, 45) if cell.scenario == "slow_responder" else (4, 25)))))
    start = start_day(rng, cell.scenario, person.felt)
    cause, followed = habit(person, first_day, cell.design, number) if cell.scenario == "habit" else (0.0, None)
    planned = schedule(rng, cell.design, start, DAYS) if followed is None else followed
    dose = taken(rng, planned) if cell.scenario == "irregular" else planned
    curve = np.vectorize(INVERTED_U.get)(dose) if cell.scenario == "inverted_u" else dose / FULL_MG
    gain = cell.effect * exposure(curve.astype(float), tau)
    guess = _guess(rng, planned)
    others = taper(rng, start if cell.design in OPEN_START else None, DAYS)
    state = person.state + cause + _expectation(cell, planned, guess)
    if cell.scenario == "taper":
        state = state + 0.6 * exposure(others, 7.0, 1.0)
    heavy = cell.scenario == "heavy_tails"
    e = noise.draw(noise_kind(cell.outcome, heavy), person.standard, person.squares)
    rest = np.random.default_rng([VERSION, _key(cell.scenario), _key(cell.design), _key(cell.outcome), number])
    values = written(cell.outcome, state + gain, e, heavy, rest)
    benefit = expected(cell.outcome, state, heavy) - expected(cell.outcome, state + gain, heavy)
    if cell.scenario == "attacks":
        values, benefit = attacks(rest, cell.outcome, exposure(curve.astype(float), tau), cell.effect != 0)
    hidden, forgotten = rng.random(DAYS), rng.random(DAYS) < 0.05
    recorded = hidden >= _missing(cell, state + gain + e)
    noted = np.where(forgotten & (cell.scenario == "irregular"), np.nan, dose)
    kind = KINDS[cell.outcome]
    kept = np.where(recorded, values, np.nan), noted
    scores, doses = slipped(rest, *kept) if cell.scenario == "slip" else kept
    columns = {kind.column: scores, f"{MEDICINE}_mg": doses}
    if cell.scenario == "irregular" or cell.design in PLANNED:
        columns[f"{MEDICINE}_assigned_mg"] = planned
    if cell.scenario == "taper":
        columns[f"{OTHER_MEDICINE}_mg"] = 200 * others
    if cell.scenario == "blind_breaker":
        columns[f"{MEDICINE}_guess"] = np.where(recorded, guess, np.nan)
    if cell.scenario == "felt_benefit":
        columns[f"{MEDICINE}_guess"] = np.where(recorded, _guess_from_feeling(rest, state + gain), np.nan)
    on = recorded & (noted > 0)
    truth = {
        "bench_version": VERSION,
        "cell": {"outcome": cell.outcome, "design": cell.design, "scenario": cell.scenario, "effect": cell.effect},
        "number": number,
        "improvement": float(benefit[on].mean()) if np.any(on) else 0.0,
        "meaningful": kind.meaningful,
        "can_answer": cell.can_answer,
        "outcome_sd": float(np.std(values[recorded])),
        "tau_d": tau,
        "best_dose_mg": None if not cell.effect else 3.0 if cell.scenario == "inverted_u" else FULL_MG,
        "recorded_on": int(on.sum()),
    }
    return Patient(f"{cell.name}-{number:04d}", first_day, columns, _question(cell), truth)


def _key(name: str) -> int:
    return zlib.crc32(name.encode())


def _question(cell: Cell) -> dict[str, Any]:
    kind = KINDS[cell.outcome]
    return {
        "outcome": kind.column,
        "treatment": MEDICINE,
        "scale": cell.outcome,
        "range": kind.limits,
        "better": "lower",
        "meaningful": kind.meaningful,
        "onset": "weeks",
        "adjust": [OTHER_MEDICINE] if cell.scenario == "taper" else [],
        "randomised": "blocks" if cell.design in RANDOMISED else "none",
        "blinded": cell.design in RANDOMISED,
    }


def _guess(rng: np.random.Generator, planned: np.ndarray) -> np.ndarray:
    """(days,) belief that the capsule is active: right in 85 of 100 periods because of side effects, unsure by day."""
    on = planned > 0
    period = np.cumsum(np.r_[0, on[1:] != on[:-1]])
    right = rng.random(period[-1] + 1)[period] < 0.85
    towards = np.where(on == right, 1.0, -1.0)
    return np.round(np.clip(0.5 + 0.35 * towards + 0.08 * rng.standard_normal(len(planned)), 0, 1), 2)


def _guess_from_feeling(rng: np.random.Generator, felt: np.ndarray) -> np.ndarray:
    """(days,) belief that follows the mean of the last seven days against all days so far; lower felt, more active."""
    week = np.array([felt[max(0, t - 6) : t + 1].mean() for t in range(len(felt))])
    usual = np.cumsum(felt) / np.arange(1, len(felt) + 1)
    belief = 0.5 - 0.35 * np.tanh(2 * (week - usual)) + 0.08 * rng.standard_normal(len(felt))
    return np.round(np.clip(belief, 0, 1), 2)


def _expectation(cell: Cell, planned: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """(days,) what belief does to the score; no part of the drug's effect."""
    if cell.scenario == "blind_breaker":
        return -0.5 * (2 * guess - 1)
    if cell.scenario != "placebo_responder":
        return np.zeros(len(planned))
    begun = 0 if cell.design in RANDOMISED else int(np.argmax(planned > 0))
    since = np.maximum(np.arange(len(planned)) - begun, 0)
    return np.where(np.arange(len(planned)) >= begun, -0.8 * (1 - np.exp(-since / 7)) * np.exp(-since / 180), 0.0)


def _missing(cell: Cell, symptom: np.ndarray) -> np.ndarray | float:
    """(days,) probability that nothing is written."""
    if cell.scenario != "bad_days_missing":
        return MISSING
    return 1 / (1 + np.exp(1.2 - 1.2 * symptom))
