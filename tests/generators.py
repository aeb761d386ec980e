"""Simulated diaries with known truth: what people do (a start on a bad day, drift, tapers, missed days).

    eta = level (random walk, 0.02 a day) + spell (AR(1), sd 0.7, phi ~ U(0.5, 0.9)) - 0.6 t / T
          + 0.6 taper (S2) + 0.25 weekend + effect * exposure;   outcome = eta + N(0, 0.8^2)

One unit is about one within-person sd; higher is worse, so a treatment that helps has a negative effect. What is
written down: the outcome itself, a rating (1.8 points a unit around 5, clipped to 0-10), a category (cut at -0.4, 0.6,
1.5), yes above 0.68, or a Poisson count with rate 0.6 exp(0.7 outcome).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, sqrt

import numpy as np

from nightdose.diary.records import Diary

RATING_CENTRE, RATING_UNIT = 5.0, 1.8
NOISE = 0.8
STEPS = {
    "rating": (np.arange(0.5, 10) - RATING_CENTRE) / RATING_UNIT,
    "ordinal": np.array([-0.4, 0.6, 1.5]),
    "binary": np.array([0.68]),
}
COUNT_LOG_RATE, COUNT_SLOPE = np.log(0.6), 0.7


@dataclass(frozen=True)
class Truth:
    """A simulated diary and its truth: `improvement` of the expected outcome over the recorded days on treatment."""

    diary: Diary
    improvement: float
    tau: float
    exposure: np.ndarray


def simulate(
    seed: int,
    *,
    scenario: str = "S1",
    design: str = "switch",
    effect: float = 0.0,
    days: int = 365,
    missing: float = 0.2,
    outcome: str = "continuous",
    tau_range: tuple[float, float] = (4.0, 25.0),
) -> Truth:
    """One diary. scenario: S0 spells only; S1 + drift, trend, start in a bad week; S2 + a co-medication taper.

    design: switch, titration (1/3, 2/3, 1 of full, 28 days each), blocks (28 days, randomised in pairs).
    """
    rng = np.random.default_rng([seed, 20])
    burn = 60
    phi = rng.uniform(0.5, 0.9)
    spell = _ar1(rng, days + burn, 0.7, phi)
    noise = NOISE * rng.standard_normal(days + burn)
    begin = int(np.argmax((spell + noise)[:burn])) if scenario != "S0" else 0  # the diary opens on the worst day
    spell, noise = spell[begin : begin + days], noise[begin : begin + days]
    t = np.arange(days)
    eta = spell + 0.25 * (t % 7 >= 5)
    taper = np.zeros(days)
    if scenario != "S0":
        eta = eta + np.cumsum(0.02 * rng.standard_normal(days)) - 0.6 * t / days
    if scenario == "S2":
        taper = 1 - np.clip(np.floor(4 * (t / days - 0.45) / 0.2 + 1) / 4, 0, 1)
        eta = eta + 0.6 * taper
    dose = _doses(rng, design, eta + noise, days)
    tau = float(np.exp(rng.uniform(*np.log(tau_range))))
    exposure = _first_order(dose, tau)
    y = eta + effect * exposure + noise
    recorded = rng.random(days) >= missing
    values = written(outcome, y, rng)
    columns = {"pain": np.where(recorded, values, np.nan), "naltrexone_mg": 4.5 * dose}
    if scenario == "S2":
        columns["topiramate_mg"] = 200 * taper
    used = recorded & (dose > 0)
    without, treated = expected(outcome, eta), expected(outcome, eta + effect * exposure)
    gain = float(np.mean((without - treated)[used])) if np.any(used) else 0.0
    return Truth(Diary(f"simulated {seed}", 736000, True, columns, days), gain, tau, exposure)


def written(outcome: str, y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(days,) what is written down of the outcome y."""
    if outcome == "continuous":
        return y
    if outcome == "rating":
        return np.clip(np.round(RATING_CENTRE + RATING_UNIT * y), 0, 10)
    if outcome == "count":
        return rng.poisson(np.exp(COUNT_LOG_RATE + COUNT_SLOPE * y)).astype(float)
    return np.sum(y[:, None] > STEPS[outcome], axis=1).astype(float)


def expected(outcome: str, eta: np.ndarray) -> np.ndarray:
    """(days,) mean of what is written over the day's noise."""
    if outcome == "continuous":
        return eta
    if outcome == "count":
        return np.exp(COUNT_LOG_RATE + COUNT_SLOPE * eta + 0.5 * (COUNT_SLOPE * NOISE) ** 2)
    above = (eta[:, None] - STEPS[outcome]) / NOISE
    return np.sum(0.5 * (1 + np.vectorize(erf)(above / sqrt(2))), axis=1)


def _ar1(rng: np.random.Generator, n: int, sd: float, phi: float) -> np.ndarray:
    noise = rng.standard_normal(n)
    out = np.empty(n)
    out[0] = sd * noise[0]
    for i in range(1, n):
        out[i] = phi * out[i - 1] + sd * np.sqrt(1 - phi * phi) * noise[i]
    return out


def _doses(rng: np.random.Generator, design: str, symptom: np.ndarray, days: int) -> np.ndarray:
    if design == "blocks":
        pairs = [rng.permutation([0.0, 1.0]).repeat(28) for _ in range(days // 56 + 1)]
        return np.concatenate(pairs)[:days]
    week = np.convolve(symptom, np.ones(7) / 7)[: len(symptom)]
    window = np.arange(days // 5, days // 2)
    bad = window[week[window] >= np.quantile(week[window], 0.88)]
    start = int(bad[0])
    on = np.arange(days) - start
    if design == "titration":
        return np.where(on < 0, 0.0, np.where(on < 28, 1 / 3, np.where(on < 56, 2 / 3, 1.0)))
    return (on >= 0).astype(float)


def _first_order(dose: np.ndarray, tau: float) -> np.ndarray:
    out, e = np.empty_like(dose), 0.0
    for t, d in enumerate(dose):
        e += (1 - np.exp(-1 / tau)) * (d - e)
        out[t] = e
    return out
