"""Did days on and off take turns, as lots would hardly have dealt them out?

The order itself tells: it is set against every way in which lots may have given it and every turn that people keep to,
each a probability of the whole order. A flipped evening here and there costs a turn little; a turn that was searched
for among many pays by its share of them, so that chance is not taken for one.

    turns, a quarter of the prior each, those of a period P with a share in proportion to 1/P:
      k days on of every P            evenings unlike it at a rate ~ Beta(1/2, 1/2); every place and k as likely
      any days of every P             each place of the period on with a rate of its own ~ Beta(1/2, 1/2)
      any days of P/2, then the opposite    the same, every other half turned round: on, off, off, on
      runs of their own lengths       Dirichlet process around the runs of a coin (2^-length), so that only lengths that
                                      come again count: a turn whose steps slip by a day, as shifts and cycles do
    draws: a coin for every day that gives between a third and two thirds; sets of two or four days, half of each on,
      with evenings forgotten or doubled at any of a few rates

Measured: docs/calibration.md, section Said. Sources: Krichevsky & Trofimov (1981) for the rates; Ferguson (1973) for
the runs; Rissanen (1978) for setting descriptions against each other.
"""

from __future__ import annotations

from functools import cache
from math import comb, exp, lgamma, log

import numpy as np

from nightdose.arrays import Bools, Floats, Integers

LONGEST_D = 45  # that life has: cycles, shifts
LARGEST_LOG = 300.0  # of odds: no overflow
COIN = (1 / 3, 2 / 3)  # what a coin gives, capsules forgotten included
SETS_D = (2, 4)  # days drawn in pairs, and in fours that balance two by two
SLIPS = (0.001, 0.03, 0.07, 0.14)  # share of evenings forgotten or doubled in such sets, up to one in seven


def odds_of_turns(on: Bools, known: Bools, unit_days: int = 1) -> float:
    """How many times as likely turns make the order of on and off as the likeliest draw does.

    on, known : (units,) of days, or of blocks of `unit_days`. 0 where fewer than two units are known, or where no life
    has turns as slow as two blocks.
    """
    at, longest = np.flatnonzero(known), LONGEST_D // unit_days
    if len(at) < 2 or longest < 2:
        return 0.0
    state = on[at].astype(np.int64)
    return exp(min(log_turns(at, state, longest) - log_draws(at, state), LARGEST_LOG))


def log_turns(at: Integers, state: Integers, longest: int = LONGEST_D) -> float:
    """log probability of the order under the mixture of turns of at most `longest`.

    at : (n,) days, ascending; state : (n,) 0 or 1.
    """
    whole, half = np.arange(2, longest + 1), np.arange(1, longest // 2 + 1)
    days, ones = _by_place(at, state, whole)
    turned = state ^ (at // half[:, None] % 2)
    kinds = (
        _of(_window(days, ones), whole),
        _of(_any_days(days, ones), whole),
        _of(_any_days(*_by_place(at, turned, half)), half),
        _runs(state),
    )
    return _sum_of_logs(np.array(kinds)) - log(len(kinds))


def log_draws(at: Integers, state: Integers) -> float:
    """log probability of the order under the draw that makes it likeliest. at, state : as in `log_turns`."""
    n, ons = len(state), int(np.sum(state))
    rate = min(max(ons / n, COIN[0]), COIN[1])
    best = ons * log(rate) + (n - ons) * log(1 - rate)
    for size in SETS_D:
        for phase in range(size):
            part = (at + phase) // size
            part -= part[0]
            days, on = np.bincount(part), np.bincount(part, weights=state)
            counts = np.bincount(on[days == size].astype(np.int64), minlength=size + 1)
            alone = n - size * int(np.sum(counts))
            best = max(best, float(np.max(_in_sets(size) @ counts)) - alone * log(2))
    return best


@cache
def _in_sets(size: int) -> Floats:
    """(slips, size + 1) log probability of one order of a set with so many days on, half of them meant to be."""
    out = np.empty((len(SLIPS), size + 1))
    for row, slip in zip(out, SLIPS, strict=True):
        on = np.ones(1)
        for kept in (slip, 1 - slip):
            for _ in range(size // 2):
                on = np.convolve(on, [1 - kept, kept])
        row[:] = np.log(on) - [log(comb(size, k)) for k in range(size + 1)]
    return out


def _by_place(at: Integers, state: Integers, periods: Integers) -> tuple[Integers, Integers]:
    """(periods, longest) days, and days on, at each place of each period; places that a period does not have are empty.

    state : (n,), or (periods, n) one for each.
    """
    longest, rows = int(periods[-1]), np.arange(len(periods))[:, None]
    place = at % periods[:, None] + longest * rows
    days = np.bincount(place.ravel(), minlength=longest * len(periods))
    on = np.broadcast_to(state, place.shape).astype(bool)
    ones = np.bincount(place[on], minlength=longest * len(periods))
    return days.reshape(-1, longest), ones.reshape(-1, longest)


def _any_days(days: Integers, ones: Integers) -> Floats:
    """(periods,) log probability where each place has a rate of its own."""
    most = int(np.max(days)) + 1
    halves = np.array([lgamma(k + 0.5) for k in range(most)])
    wholes = np.array([lgamma(k + 1.0) for k in range(most)])
    return np.asarray(np.sum(halves[ones] + halves[days - ones] - wholes[days] - log(np.pi), axis=1))


def _window(days: Integers, ones: Integers) -> Floats:
    """(periods,) log probability of the best k days on of every period."""
    n = int(np.sum(days[0]))
    errors = np.cumsum(days - 2 * ones, axis=1)  # more, were the places up to this one on
    before = np.concatenate([np.zeros((len(days), 1), dtype=np.int64), errors[:, :-1]], axis=1)
    within = np.min(errors - np.maximum.accumulate(before, axis=1), axis=1)
    around = errors[:, -1] - np.max(errors - np.minimum.accumulate(before, axis=1), axis=1)
    fewest = np.sum(ones, axis=1) + np.minimum(within, around)
    unlike = np.array([lgamma(e + 0.5) + lgamma(n - e + 0.5) for e in fewest.tolist()]) - lgamma(n + 1) - log(np.pi)
    places = np.arange(2, len(days) + 2)
    return np.asarray(unlike - np.log(places * (places - 1)))


def _runs(state: Integers) -> float:
    """log probability of the lengths of runs on and off."""
    edges = np.concatenate([[0], np.flatnonzero(np.diff(state)) + 1, [len(state)]])
    lengths, out = np.diff(edges), 0.0
    for kind in (lengths[::2], lengths[1::2]):
        length, times = np.unique(kind, return_counts=True)
        out -= lgamma(1.0 + len(kind))
        for n, k in zip(length.tolist(), times.tolist(), strict=True):
            # lgamma(x) is -log(x) for small x, and 2^-n is 0 for a computer where a run lasts three years
            out += lgamma(2.0**-n + k) - (lgamma(2.0**-n) if n < 100 else n * log(2))
    return out


def _of(each: Floats, periods: Integers) -> float:
    """log of the mean over periods, the weight of each in proportion to 1 / period."""
    return _sum_of_logs(each - np.log(periods)) - log(float(np.sum(1 / periods)))


def _sum_of_logs(logs: Floats) -> float:
    top = float(np.max(logs))
    return top + log(float(np.sum(np.exp(logs - top))))
