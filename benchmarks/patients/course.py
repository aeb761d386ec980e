"""One person without the drug: spells, drift, seasons, and the noise of each day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

DAYS, BURN = 365, 60


@dataclass(frozen=True)
class Course:
    """(days,) latent state without any drug (higher is worse), standard normal and chi-square draws of the noise."""

    state: np.ndarray
    standard: np.ndarray
    squares: np.ndarray

    @property
    def felt(self) -> np.ndarray:
        """What the person feels, whatever is written."""
        return self.state + 0.8 * self.standard


def course(rng: np.random.Generator, scenario: str, first_weekday: int, days: int = DAYS) -> Course:
    """The untreated course of one person in one scenario."""
    long = days + BURN
    phi = rng.uniform(0.5, 0.9)
    spell = ar1(rng, long, 0.3 if scenario == "spells" else 0.7, phi)
    standard, squares = rng.standard_normal(long), rng.chisquare(3, long)
    walk, phase, states = rng.standard_normal(days), rng.uniform(0, 2 * np.pi), rng.random(long)
    if scenario == "spells":
        spell = spell + 1.6 * (two_states(states) - 0.3)
    begin = int(np.argmax((spell + 0.8 * standard)[:BURN])) if scenario in ("worst_start", "no_days_before") else BURN
    kept = slice(begin, begin + days)
    t = np.arange(days)
    state = spell[kept] + 0.25 * ((t + first_weekday) % 7 >= 5)
    if scenario in ("worst_start", "no_days_before", "taper"):
        state = state + 0.02 * np.cumsum(walk) - 0.6 * t / days
    if scenario == "drift":
        state = state + 0.03 * np.cumsum(walk) - 0.8 * t / days
    if scenario == "seasonal":
        state = state + 0.6 * np.cos(2 * np.pi * t / 365 + phase)
    if scenario == "rhythm":
        state = state + 0.85 * np.sin(2 * np.pi * (t / rng.uniform(20, 40) + rng.random()))
    if scenario == "jump":
        state = state + rng.choice([-1.0, 1.0]) * (t >= rng.integers(30, days - 30))
    if scenario == "practice":
        state = state + 1.5 * np.exp(-t / rng.uniform(20, 60))
    return Course(state, standard[kept], squares[kept])


def ar1(rng: np.random.Generator, n: int, sd: float, phi: float) -> np.ndarray:
    """(n,) stationary first-order autoregression."""
    shock = rng.standard_normal(n)
    out = np.empty(n)
    out[0] = sd * shock[0]
    for i in range(1, n):
        out[i] = phi * out[i - 1] + sd * np.sqrt(1 - phi * phi) * shock[i]
    return out


def two_states(u: np.ndarray) -> np.ndarray:
    """(n,) 1 in bad spells (12 days on average), 0 in good ones (30 days)."""
    out = np.zeros(len(u))
    bad = u[0] < 0.3
    for i in range(1, len(u)):
        bad = u[i] >= 1 / 12 if bad else u[i] < 1 / 30
        out[i] = bad
    return out
