"""Diaries for the tables of looks, rhythms and power: one person, one world, one design, an effect or none.

    latent = spells (AR(1), sd 0.7, phi ~ U(0.5, 0.9)) + weekend 0.25 + what the world adds - size exposure,
    noise sd 0.8; size = effect * sd of the untreated latent outcome of this very diary (its within-person sd)

The diary opens on the worst of 60 days except in world S0. What is written down is that of `tests/generators.py`. A
higher value is worse; one unit is about one within-person sd.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from tests.generators import _ar1, _first_order, written

from nightdose.diary.records import Diary
from nightdose.question.question import Question, Scale

YEAR, BURN_IN, MISSING = 364, 60, 0.2
SPELL_SD, NOISE_SD, WEEKEND = 0.7, 0.8, 0.25
ONSET_D = (4.0, 25.0)  # time constant, log-uniform
# half of 0.8 latent sd or a little more, in each outcome's own unit
MEANINGFUL: Mapping[Scale, float] = {"continuous": 0.5, "rating": 0.9, "ordinal": 0.3, "binary": 0.1, "count": 0.25}


@dataclass(frozen=True)
class Cell:
    """One row of a table. design : blocksN (randomised in pairs), alternatingN, switch, titration, days (drawn daily).

    effect : settled, in within-person sd; 0 = none.
    """

    scale: Scale
    design: str
    world: str
    effect: float = 0.0


def _steady(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    return np.zeros(len(t))


def _drift(sd: float, trend: float = 0.0) -> World:
    return lambda rng, t: np.cumsum(sd * rng.standard_normal(len(t))) - trend * t / len(t)


def cycle(low: float, high: float, amplitude: float) -> World:
    """A sine of a period between low and high days, random phase."""
    return lambda rng, t: amplitude * np.sin(2 * np.pi * (t / rng.uniform(low, high) + rng.random()))


World = Callable[[np.random.Generator, np.ndarray], np.ndarray]  # days from 0 -> what the world adds

WORLDS: Mapping[str, World] = {
    "S0": _steady,  # spells alone
    "S1": _drift(0.02, 0.6),  # slow drift and a downward trend
    "S2": _drift(0.02, 0.6),  # the same, and another medicine tapered off in between
    "drift": _drift(0.05),  # two and a half times as much drift
    "cycle": cycle(20, 40, 0.8),
    "jump": lambda rng, t: rng.choice([-1.0, 1.0]) * (t >= rng.integers(30, len(t) - 30)),
    "practice": lambda rng, t: 1.5 * np.exp(-t / rng.uniform(20, 60)),
}


def diary(seed: int, cell: Cell, days: int = YEAR, world: World | None = None) -> Diary:
    """One diary of a cell; the untreated person is the same for every scale and effect. world : not the named one."""
    rng = np.random.default_rng([seed, 31])
    t = np.arange(days)
    state = _ar1(rng, days + BURN_IN, SPELL_SD, rng.uniform(0.5, 0.9))
    noise = NOISE_SD * rng.standard_normal(days + BURN_IN)
    begin = int(np.argmax((state + noise)[:BURN_IN])) if cell.world != "S0" else 0
    state, noise = state[begin : begin + days], noise[begin : begin + days]
    state = state + WEEKEND * (t % 7 >= 5) + (world or WORLDS[cell.world])(rng, t)
    taper = np.zeros(days)
    if cell.world == "S2":
        taper = 1 - np.clip(np.floor(4 * (t / days - 0.45) / 0.2 + 1) / 4, 0, 1)
        state = state + 0.6 * taper
    dose = doses(rng, cell.design, state + noise)
    tau = 0.0 if cell.design == "days" else float(np.exp(rng.uniform(*np.log(ONSET_D))))
    exposure = _first_order(dose, tau) if tau else dose
    size = cell.effect * float(np.std(state + noise))
    values = written(cell.scale, state - size * exposure + noise, rng)
    recorded = rng.random(days) >= MISSING
    columns = {"pain": np.where(recorded, values, np.nan), "naltrexone_mg": 4.5 * dose}
    if cell.design.startswith(("blocks", "alternating", "days")):
        columns["naltrexone_assigned_mg"] = 4.5 * dose
    if cell.world == "S2":
        columns["topiramate_mg"] = 200 * taper
    return Diary(f"simulated {seed}", 736000, True, columns, days)


def doses(rng: np.random.Generator, design: str, symptom: np.ndarray) -> np.ndarray:
    """(days,) share of the full dose. A switch or a titration begins after the worst week of days 21 to 84."""
    days, length = len(symptom), int("".join(c for c in design if c.isdigit()) or 0)
    if design.startswith("blocks"):
        pairs = [rng.permutation([0.0, 1.0]).repeat(length) for _ in range(days // (2 * length) + 1)]
        return np.concatenate(pairs)[:days]
    if design.startswith("alternating"):
        return (np.arange(days) // length % 2).astype(float)
    if design == "days":
        return rng.integers(0, 2, days).astype(float)
    week = np.convolve(symptom, np.ones(7) / 7)[:days]
    on = np.arange(days) - (21 + int(np.argmax(week[21:84])))
    if design == "titration":
        return np.where(on < 0, 0.0, np.where(on < 28, 1 / 3, np.where(on < 56, 2 / 3, 1.0)))
    return (on >= 0).astype(float)


def question(cell: Cell) -> Question:
    """What is asked of a diary of this cell."""
    drawn = "blocks" if cell.design.startswith("blocks") else "days" if cell.design == "days" else "none"
    return Question(
        "pain",
        "naltrexone",
        scale=cell.scale,
        limits=(0, 10) if cell.scale == "rating" else None,
        meaningful=MEANINGFUL[cell.scale],
        adjust=("topiramate",) if cell.world == "S2" else (),
        randomised=drawn,
        onset="same-day" if cell.design == "days" else None,
    )
