"""Which dose on which day, and what else is taken."""

from __future__ import annotations

import numpy as np

FULL_MG, LEVELS_MG = 4.5, (1.5, 3.0, 4.5)
TAPER_STEPS, TAPER_STEP_D = 4, 10


def start_day(rng: np.random.Generator, scenario: str, felt: np.ndarray) -> int:
    """First day of a drug that is started once: any day of the second quarter, or the worst week people act on."""
    days = len(felt)
    any_day = int(rng.integers(days // 4, days // 2))
    if scenario == "no_days_before":
        return 0
    if scenario != "worst_start":
        return any_day
    week = np.convolve(felt, np.ones(7) / 7)[:days]
    window = np.arange(days // 5, days // 2)
    return int(window[np.argmax(week[window] >= np.quantile(week[window], 0.88))])


def schedule(rng: np.random.Generator, design: str, start: int, days: int) -> np.ndarray:
    """(days,) mg that the plan asks for."""
    since = np.arange(days) - start
    if design == "switch":
        return np.where(since >= 0, FULL_MG, 0.0)
    if design == "titration":
        step = np.clip(since // 28, 0, 2)
        return np.where(since >= 0, np.array(LEVELS_MG)[step], 0.0)
    if design == "alternating":
        return np.where(np.arange(days) // 28 % 2 == 1, FULL_MG, 0.0)
    if design == "dose_blocks":
        sets = [rng.permutation([0.0, *LEVELS_MG]).repeat(28) for _ in range(days // 112 + 1)]
        return np.concatenate(sets)[:days]
    length = 14 if design == "blocks14" else 28
    pairs = [rng.permutation([0.0, FULL_MG]).repeat(length) for _ in range(days // (2 * length) + 1)]
    return np.concatenate(pairs)[:days]


def taken(rng: np.random.Generator, planned: np.ndarray) -> np.ndarray:
    """(days,) mg really taken by someone irregular: one dose in seven missed, and whole weeks now and then."""
    days = len(planned)
    missed = rng.random(days) < 1 / 7
    for begin in np.flatnonzero(rng.random(days) < 1 / 60):
        missed[begin : begin + 7] = True
    return np.where(missed, 0.0, planned)


def taper(rng: np.random.Generator, start: int | None, days: int) -> np.ndarray:
    """(days,) share of the other medicine: down in four steps, around the drug's start where it has only one."""
    shift = int(rng.integers(-10, 11))
    begin = int(0.45 * days) if start is None else start + shift
    step = (np.arange(days) - begin) // TAPER_STEP_D + 1
    return 1 - np.clip(step, 0, TAPER_STEPS) / TAPER_STEPS


def exposure(share: np.ndarray, tau: float, before: float = 0.0) -> np.ndarray:
    """(days,) first-order effect compartment, x += (1 - exp(-1/tau)) (share - x)."""
    out, x = np.empty(len(share)), before
    for t, s in enumerate(share):
        x += (1 - np.exp(-1 / tau)) * (s - x)
        out[t] = x
    return out
