"""Which block length can bring the e-value to 20, by when? Simulated pairs, no fit: two thousand trials in a second."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Bools, Floats
from nightdose.checks.e_value import FEWEST_EACH, Pair, bets, fewest_pairs, swing
from nightdose.knowledge.ups_and_downs import UpsAndDowns
from nightdose.protocol.trial import TrialDesign
from nightdose.statistics import filtered
from nightdose.verdict.answer import SURE

LENGTHS_D = (5, 7, 10, 14, 21, 28)
TRIALS = 2000


@dataclass(frozen=True, slots=True)
class Truth:
    """What is assumed of the treatment: its settled effect, outcome's unit, and the log-normal prior of its onset.

    tau_d : median time constant in days, 0 = the same day; sdlog : its log sd.
    """

    effect: float
    tau_d: float
    sdlog: float


@dataclass(frozen=True, slots=True)
class Reach:
    """What one block length can give within the trial's days.

    earliest_day : of the trial, 1 = its first, on which 20 is possible at all; None where there are too few pairs.
    chance : share of simulated trials that reach 20 by the last day; median_day : of those that do, None where none.
    """

    block_days: int
    pairs: int
    earliest_day: int | None
    chance: float
    median_day: int | None


def reaches(design: TrialDesign, ups: UpsAndDowns, truth: Truth, seed: int = 0) -> tuple[Reach, ...]:
    """The design's own block length and the usual others, each with as many pairs as fit into the same days."""
    days = design.days - design.run_in_days
    lengths = sorted({design.block_days, *(n for n in LENGTHS_D if 2 * n <= days)})
    return tuple(_reach(design, length, days, ups, truth, seed) for length in lengths)


def best(found: tuple[Reach, ...]) -> Reach | None:
    """The length with the best chance, the longest where two are alike; None where 20 is out of reach of all."""
    able = [reach for reach in found if reach.earliest_day is not None]
    return max(able, key=lambda reach: (round(reach.chance, 2), reach.block_days), default=None)


def _reach(design: TrialDesign, length: int, days: int, ups: UpsAndDowns, truth: Truth, seed: int) -> Reach:
    step = length + design.washout_days
    count = (days + design.washout_days) // (2 * step)
    if count < fewest_pairs():
        return Reach(length, count, None, 0.0, None)
    rng = np.random.default_rng([seed, length])
    coins = rng.random((TRIALS, count)) < 0.5
    scores = _scores(coins, length, design.washout_days, ups, truth, rng)
    found = np.empty((TRIALS, count))
    for i in range(count):
        begin = 2 * i * step
        pair = Pair((0, length), (step, step + length), True)
        found[:, i] = np.where(coins[:, i], 1, -1) * _slopes(
            scores[:, begin : begin + step + length], pair, truth.tau_d
        )
    over = np.maximum.accumulate(bets(found), axis=1) >= SURE
    ends = design.run_in_days + 2 * step * np.arange(1, count + 1) - design.washout_days
    reached = over[:, -1]
    when = ends[np.argmax(over[reached], axis=1)]
    return Reach(
        length,
        count,
        int(ends[fewest_pairs() - 1]),
        float(np.mean(reached)),
        int(np.median(when)) if len(when) else None,
    )


def _slopes(scores: Floats, pair: Pair, tau_d: float) -> Floats:
    """(trials,) what `difference` says of one pair in every trial, the drug taken to be in its first block."""
    seen: Bools = ~np.isnan(scores)
    h = np.where(seen, swing(pair, tau_d), 0.0)
    days = np.maximum(np.sum(seen, axis=1, keepdims=True), 1)
    h = np.where(seen, h - np.sum(h, axis=1, keepdims=True) / days, 0.0)
    size = np.sum(np.square(h), axis=1)
    slope = 2 * np.sum(h * np.where(seen, scores, 0.0), axis=1) / np.maximum(size, 1e-12)
    enough = np.minimum(np.sum(seen[:, : pair.first[1]], axis=1), np.sum(seen[:, pair.second[0] :], axis=1))
    return np.asarray(np.where(enough >= FEWEST_EACH, slope, 0.0))


def _scores(
    coins: Bools, length: int, washout: int, ups: UpsAndDowns, truth: Truth, rng: np.random.Generator
) -> Floats:
    """(trials, days) scores, NaN = missing, of pairs laid end to end; a lower score is the effect."""
    trials, pairs = coins.shape
    blocks = np.stack([coins, ~coins], axis=2).reshape(trials, 2 * pairs)
    on = np.repeat(np.pad(blocks[:, :, None], ((0, 0), (0, 0), (0, 1))), [length, washout], axis=2)
    on = on.reshape(trials, -1).T.astype(np.float64)
    keep = np.zeros(trials)
    if truth.tau_d > 0:
        keep = np.exp(-1 / (truth.tau_d * np.exp(truth.sdlog * rng.standard_normal(trials))))
    out = ups.course(on.shape, rng) - truth.effect * filtered((1 - keep) * on, keep)
    out[rng.random(out.shape) < ups.missing] = np.nan
    return np.ascontiguousarray(out.T)
