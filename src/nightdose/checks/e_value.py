"""The e-value of randomised pairs of blocks: a bet on each coin, valid however often one looks and whenever one stops.

In every pair of blocks a coin decided which comes first. If the treatment changes nobody's day, every outcome would
have been the same under the other toss, so the coin is fair whatever is recorded: spells, drift, a bad start, any
scale, missing days. Somebody who bets on the coins, however cleverly, multiplies their stake by 1 on average.

    c_i     what the outcomes of pair i would say of the effect had its first block been the one with the treatment
    s_i     +1 or -1, the coin of pair i;  s_i c_i is the pair's own estimate of the effect
    r_i^2   = mean of c_j^2 over the pairs up to i
    M_n(l)  = product over i <= n of (1 + tanh(l s_i c_i / r_i)),   E_n = mean of M_n(l) over l = +-1, +-2, +-4

Neither c_i nor r_i depends on a coin, and tanh is odd, so each factor has mean 1 whatever went before: E_n is a
martingale that starts at 1. By Ville's inequality P(E_n >= 20 at any n, ever) <= 1 / 20, without any model.

(1 + tanh x = 2 e^x / (e^x + e^-x) is the likelihood ratio of a coin that lands on the better side e^2x times as often:
for normal estimates of one effect d with sd s that is right at l = d r / s^2. Several l, because d is not known.)

Source: Shafer (2021), Testing by betting, J R Stat Soc A 184:407; Ramdas, Gruenwald, Vovk & Shafer (2023),
Game-theoretic statistics and safe anytime-valid inference, Stat Sci 38:576.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from nightdose.arrays import Floats
from nightdose.checks.relabelling import without_slips
from nightdose.fit.case import Case
from nightdose.question.draws import Draw
from nightdose.question.onset_prior import onset_prior
from nightdose.verdict.answer import SURE, EValue

STAKES = np.array([1.0, 2.0, 4.0])  # how boldly it is bet, on either side; both sides get the same money
FEWEST_EACH = 3  # recorded days in either block, without which nothing is bet on a pair
WHOLE = 0.9  # share of the planned days from which the last block of all counts as over


@dataclass(frozen=True, slots=True)
class Pair:
    """Two neighbouring blocks whose order a coin decided; days are indices of the grid, ends not included."""

    first: tuple[int, int]
    second: tuple[int, int]
    on_first: bool


def e_value_check(case: Case) -> EValue | None:
    """The e-value of this case; None where no order was drawn in pairs.

    Where the plan can be read as drawn in more than one way, the reading with the lowest E counts: the true one is no
    lower.
    """
    tau, _, _ = onset_prior(case.question, case.question.treatment)
    readings = [drawn_pairs(draw) for draw in (case.plan.draws if case.plan else ()) if draw.paired]
    outcome = without_slips(case.outcome)
    found = [e_value(outcome, pairs, tau) for pairs in readings if pairs]
    return min(found, key=lambda e: e.highest, default=None)


def e_value(outcome: Floats, pairs: tuple[Pair, ...], tau_d: float) -> EValue:
    """The e-value of one diary after every pair.

    outcome : (days,) own unit, NaN = missing; pairs : those that are over, in the order of time. tau_d : prior median
    of the onset time constant in days, 0 = the same day; it shapes the estimates and never the validity.
    """
    found = np.array([difference(outcome, pair, tau_d) for pair in pairs], dtype=np.float64)
    return EValue(
        tuple(bets(found).tolist()),
        tuple(pair.second[1] - 1 for pair in pairs),
        tuple(found.tolist()),
    )


def difference(outcome: Floats, pair: Pair, tau_d: float) -> float:
    """A pair's own estimate of the effect by least squares on a level and the exposure that its order gives.

    h_t, the exposure had the first block been on minus had the second been, runs from 0 towards 1 and then -1; half of
    it is what the order changes, so the effect is twice the slope on h. 0 where a block has too few recorded days.
    """
    begin, end = pair.first[0], pair.second[1]
    y = outcome[begin:end]
    seen = ~np.isnan(y)
    halves = (seen[: pair.first[1] - begin], seen[pair.second[0] - begin :])
    if min(int(np.sum(half)) for half in halves) < FEWEST_EACH:
        return 0.0
    h = swing(pair, tau_d)
    h = h - np.mean(h[seen])
    slope = float(h[seen] @ y[seen]) / float(np.sum(np.square(h[seen])))
    return 2 * slope if pair.on_first else -2 * slope


def swing(pair: Pair, tau_d: float) -> Floats:
    """h, (days of the pair,): the exposure with the first block on minus that with the second block on."""
    begin, end = pair.first[0], pair.second[1]
    keep = np.exp(-1 / tau_d) if tau_d > 0 else 0.0
    h, now = np.empty(end - begin), 0.0
    for t in range(begin, end):
        order = 1.0 if t < pair.first[1] else -1.0 if t >= pair.second[0] else 0.0
        now = order + keep * (now - order)
        h[t - begin] = now
    return h


def bets(differences: Floats) -> Floats:
    """(..., pairs) E after each pair, from each pair's own estimate of the effect, (..., pairs); 0 = no bet."""
    return np.asarray(np.mean(_money(differences), axis=-2))


def _money(differences: Floats) -> Floats:
    """(..., stakes, pairs) M after each pair, the stakes on a positive difference first."""
    n = np.cumsum(differences != 0, axis=-1)
    scale = np.sqrt(np.cumsum(np.square(differences), axis=-1) / np.maximum(n, 1))
    u = np.divide(differences, scale, out=np.zeros_like(differences), where=scale > 0)
    stakes = np.concatenate([STAKES, -STAKES])
    logs = np.log(2) - np.logaddexp(0.0, -2 * stakes[:, None] * u[..., None, :])  # log(1 + tanh), no cancellation
    return np.asarray(np.exp(np.cumsum(logs, axis=-1)))


def fewest_pairs() -> int:
    """Pairs below which E cannot reach 20: half the money is on the other side, so 2^(n - 1) >= 20."""
    return int(np.ceil(np.log2(SURE))) + 1


def drawn_pairs(draw: Draw) -> tuple[Pair, ...]:
    """The pairs of blocks, one on and one off by the toss of a coin, that are over.

    A pair whose last block is not over yet is left out: a bet is settled once.
    """
    levels, pairs = draw.levels, []
    for units in draw.sets:
        if len(units) != 2 or (levels[units[0]] > 0) == (levels[units[1]] > 0):
            continue
        first, second = (np.flatnonzero(draw.unit_of == unit) for unit in units)
        if len(second) >= WHOLE * draw.block_days and len(first):
            on_first = bool(levels[units[0]] > 0)
            pairs.append(Pair((int(first[0]), int(first[-1]) + 1), (int(second[0]), int(second[-1]) + 1), on_first))
    return tuple(pairs)


Side = Literal["better", "worse"]


def side(found: EValue, direction: float) -> Side:
    """The side on which the bets stand better; direction +1 where higher is better."""
    money = _money(np.array(found.differences, dtype=np.float64))
    up, down = (float(np.sum(half[:, -1:])) for half in np.split(money, 2))
    return "better" if (up - down) * direction >= 0 else "worse"
