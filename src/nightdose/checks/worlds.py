"""Worlds that the model does not hold: what else moves a diary while the medicine does nothing.

Each takes a dummy diary of the fitted model and adds what it is named for, on the person's own days and doses. Sizes
are in latent sd of the outcome and are plain on purpose: a rhythm or a spell of this size is what people live with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from nightdose.arrays import Bools, Floats

WEEKEND, CYCLE, JUMP, PRACTICE, HEIGHT, FLARE = 0.6, 0.6, 0.8, 1.0, 1.0, 0.8  # latent sd
CYCLE_D, PRACTICE_D, FLARE_D, BETWEEN_FLARES_D = (20.0, 40.0), (20.0, 60.0), (14, 42), 70.0
BEFORE_DOSE_D = 4  # days over which a spell rises before the dose that it leads to
WILD_SHARE, WILD_SD = 0.04, 3.0  # days far out
EDGE = 0.15  # share of the diary at either end in which no lasting change falls
BAD_DAYS_LOST = 1.5  # log odds of losing a day for every sd that it is worse


@dataclass(frozen=True, slots=True)
class Dummy:
    """A dummy diary before it is written down: (days,) latent outcome without its noise, and which days have an entry.

    worse : +1 where a higher latent value is worse, -1 where a lower one is. dose : (days,) share of the largest.
    drawn : the order was planned beforehand, so that doses cannot have followed the scores.
    """

    eta: Floats
    seen: Bools
    dose: Floats
    worse: float
    drawn: bool


World = Callable[[Dummy, np.random.Generator], Dummy | None]  # None = this world cannot be one of this diary


def weekday(d: Dummy, rng: np.random.Generator) -> Dummy:
    """Two days of each week are better, or worse."""
    weekend = (np.arange(len(d.eta)) + rng.integers(7)) % 7 < 2
    return replace(d, eta=d.eta + rng.choice([-1.0, 1.0]) * WEEKEND * weekend)


def cycle(d: Dummy, rng: np.random.Generator) -> Dummy:
    """A rhythm of 20 to 40 days of unknown phase."""
    turns = np.arange(len(d.eta)) / rng.uniform(*CYCLE_D) + rng.random()
    return replace(d, eta=d.eta + CYCLE * np.sin(2 * np.pi * turns))


def jump(d: Dummy, rng: np.random.Generator) -> Dummy:
    """Life changes on one day, for better or worse, and stays so."""
    days = len(d.eta)
    since = np.arange(days) >= days * rng.uniform(EDGE, 1 - EDGE)
    return replace(d, eta=d.eta + rng.choice([-1.0, 1.0]) * JUMP * since)


def practice(d: Dummy, rng: np.random.Generator) -> Dummy:
    """It begins bad and gets better by itself, fast at first: practice, or recovery."""
    return replace(d, eta=d.eta + d.worse * PRACTICE * np.exp(-np.arange(len(d.eta)) / rng.uniform(*PRACTICE_D)))


def by_score(d: Dummy, rng: np.random.Generator) -> Dummy | None:
    """Doses are taken at the height of bad spells, which end by themselves; they are left off in good ones."""
    if d.drawn:
        return None
    on, at = d.dose > 0, np.arange(len(d.eta))
    eta = d.eta.copy()
    for day in np.flatnonzero(on[1:] != on[:-1]) + 1:
        near = np.clip(1 - np.abs(at - day + 0.5) / BEFORE_DOSE_D, 0, None)
        eta += (d.worse if on[day] else -d.worse) * HEIGHT * rng.uniform(0.5, 1.5) * near
    return replace(d, eta=eta)


def wild_days(d: Dummy, rng: np.random.Generator) -> Dummy:
    """A few days are far out, either way."""
    wild = rng.random(len(d.eta)) < WILD_SHARE
    return replace(d, eta=d.eta + wild * WILD_SD * rng.standard_normal(len(d.eta)))


def flares(d: Dummy, rng: np.random.Generator) -> Dummy:
    """Bad spells of two to six weeks come and go."""
    eta, at = d.eta.copy(), np.arange(len(d.eta))
    for begin in rng.uniform(-FLARE_D[1], len(eta), rng.poisson((len(eta) + FLARE_D[1]) / BETWEEN_FLARES_D)):
        eta[(at >= begin) & (at < begin + rng.uniform(*FLARE_D))] += d.worse * FLARE
    return replace(d, eta=eta)


def bad_days_lost(d: Dummy, rng: np.random.Generator) -> Dummy | None:
    """As many days are missing, but it is the bad ones that have no entry."""
    lost = int(np.sum(~d.seen))
    if lost == 0:
        return None
    badness = d.worse * (d.eta - np.mean(d.eta)) / max(float(np.std(d.eta)), 1e-9)
    # the largest of log-odds plus Gumbel noise: a draw without replacement
    order = np.argsort(-(BAD_DAYS_LOST * badness + rng.gumbel(size=len(d.eta))), kind="stable")
    seen = np.ones(len(d.eta), dtype=bool)
    seen[order[:lost]] = False
    return replace(d, seen=seen)


WORLDS: Mapping[str, World] = MappingProxyType(
    {
        "weekday": weekday,
        "cycle": cycle,
        "jump": jump,
        "practice": practice,
        "by_score": by_score,
        "wild_days": wild_days,
        "flares": flares,
        "bad_days_lost": bad_days_lost,
    }
)
