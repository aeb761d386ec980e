"""The re-randomisation test: where lots decided the order, how unusual is the order that was drawn?

If the treatment does nothing at all to anybody's day, every outcome would have been the same under every other order
that the lots could have given (Fisher's sharp null hypothesis). So the diary is held fixed, the order is drawn again,
and what the real order shows is compared with what the others show. No model of spells, drift or noise is needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from math import comb, log10

import numpy as np

from nightdose.arrays import Bools, Floats, Integers
from nightdose.diary.records import ASSIGNED_SUFFIX
from nightdose.fit.case import Case
from nightdose.question.onset_prior import onset_prior
from nightdose.question.question import Randomised
from nightdose.verdict.answer import RandomisationTest

MOST_ENUMERATED = 20_000  # orders compared one by one; above, as many as the next line says are drawn
DRAWN, MOST_LABELS_DRAWN = 4_999, 20_000_000  # long diaries draw fewer orders, never below FEWEST_DRAWN
FEWEST_DRAWN = 199
LONGEST_HOLE_D = 2  # unknown days inside a block, between two equal doses
ALIKE = 0.1  # runs whose lengths differ by no more are blocks of one planned length
FEWEST_DAYS = 4

Draw = Callable[[np.random.Generator, int], Floats]  # (n) -> (n, units) doses


@dataclass(frozen=True, slots=True)
class Space:
    """The orders that could have been drawn.

    unit_of : (days,) index of the unit (block or day) a day belongs to, -1 = none; doses : (units,) as drawn.
    size : how many orders there are; every : iterates them; draw : samples them.
    """

    unit_of: Integers
    doses: Floats
    log10_size: float
    every: Callable[[], Iterator[Floats]]
    draw: Draw
    words: str


def randomisation_check(case: Case, seed: int) -> RandomisationTest | None:
    """The re-randomisation test of this case; None where its order was not drawn."""
    question = case.question
    assigned = case.diary.column(question.treatment + ASSIGNED_SUFFIX)
    drawn = assigned_or_taken(assigned, case.diary.dose(question.treatment))
    tau, _, _ = onset_prior(question, question.treatment)
    return randomisation_test(case.outcome, drawn, question.randomised, tau, case.log.start, seed)


def randomisation_test(
    outcome: Floats, dose: Floats, randomised: Randomised, tau_d: float, start: float, seed: int = 0
) -> RandomisationTest | None:
    """The test of one diary; None where nothing was drawn by lot, or where there is nothing to compare.

    outcome : (days,) own unit, NaN = missing; dose : (days,) as the lots assigned it, or as taken; NaN = unknown.
    tau_d : prior median of the onset time constant, 0 = the same day; start : exposure before the first day.

    Statistic: |sum_t x_t r_t| over the recorded days of the schedule, where x is the exposure that the order gives
    (`exposure/onset.py`, unknown days count as none) and r what is left of the outcome after a straight line. It is
    the score of the effect in the model without spells: for same-day effects the difference of the means on and off.
    Any statistic keeps the promised error rate; this one keeps power when an effect builds over weeks.

    p = share of the orders whose statistic is at least the real one's; sampled: (1 + k) / (1 + n).

    Source: Edgington & Onghena (2007), Randomization Tests, 4th ed., chapters 3 and 11; Phipson & Smyth (2010).
    """
    space = _space(dose, randomised)
    if space is None or np.ptp(space.doses) == 0:
        return None
    seen = ~np.isnan(outcome) & (space.unit_of >= 0)
    if int(np.sum(seen)) < FEWEST_DAYS or np.ptp(outcome[seen]) == 0:
        return None
    days = np.flatnonzero(seen)
    line = np.column_stack([np.ones(len(days)), days / len(outcome)])
    left = outcome[seen] - line @ np.linalg.lstsq(line, outcome[seen], rcond=None)[0]
    residual = np.zeros(len(outcome))
    residual[seen] = left
    per_unit, from_start = _per_unit(residual, space, tau_d)

    def statistic(doses: Floats) -> Floats:
        return np.asarray(np.abs(doses @ per_unit + start * from_start))

    observed = float(statistic(space.doses[None])[0])
    exact = space.log10_size <= log10(MOST_ENUMERATED) + 1e-9
    if exact:
        values = np.concatenate([statistic(batch) for batch in _batches(space.every())])
    else:
        n = int(np.clip(MOST_LABELS_DRAWN // len(space.doses), FEWEST_DRAWN, DRAWN))
        rng = np.random.default_rng(seed)
        drawn = [statistic(space.draw(rng, min(500, n - done))) for done in range(0, n, 500)]
        values = np.concatenate([[observed], *drawn])
    slack = 1e-9 * float(np.max(values))  # the same order computed twice must count as equal
    return RandomisationTest(
        p=float(np.mean(values >= observed - slack)),
        schedules=len(values),
        exact=exact,
        smallest=float(np.mean(values >= np.max(values) - slack)),
        log10_space=space.log10_size,
        difference=_difference(outcome, seen, space, tau_d, start, line),
        statistic=(
            "sum of exposure times the outcome left after a straight line, exposure "
            + (f"building and fading with {tau_d:g} days" if tau_d > 0 else "being the day's own dose")
        ),
        space=space.words,
    )


def assigned_or_taken(assigned: Floats, taken: Floats) -> Floats:
    """(days,) what the lots decided: the assigned dose where one is written down anywhere, else the dose taken."""
    return taken if np.all(np.isnan(assigned)) else assigned


def _space(dose: Floats, randomised: Randomised) -> Space | None:
    if randomised == "none" or np.all(np.isnan(dose)):
        return None
    if randomised == "days":
        known = ~np.isnan(dose)
        unit_of = np.where(known, np.cumsum(known) - 1, -1)
        doses = dose[known]
        return _all_orders(unit_of, doses, f"every way to deal the same doses to the {len(doses):,} days", None)
    unit_of, doses, length = blocks(dose)
    pairs, alone = np.split(doses, [len(doses) // 2 * 2])  # a trial cut short may end inside a pair: that block stays
    pairs = pairs.reshape(-1, 2)
    if len(pairs) > 1 and is_paired(doses):
        return Space(
            unit_of,
            doses,
            len(pairs) * log10(2),
            lambda: (_swapped(pairs, alone, _bits(code, len(pairs))) for code in range(2 ** len(pairs))),
            lambda rng, n: np.stack([_swapped(pairs, alone, rng.random(len(pairs)) < 0.5) for _ in range(n)]),
            f"{len(pairs)} pairs of blocks of about {length} days, one with and one without in each, either one first",
        )
    words = f"every way to deal the same doses to the {len(doses)} blocks of about {length} days"
    could_be_paired = len(pairs) > 1 and 0 <= int(np.sum(doses > 0)) - len(pairs) <= len(alone)
    if could_be_paired:
        words += ", save those with one on and one off in every pair, which would have been read as drawn in pairs"
    return _all_orders(unit_of, doses, words, is_paired if could_be_paired else None)


def blocks(dose: Floats) -> tuple[Integers, Floats, int]:
    """(unit_of (days,), doses (blocks,), days in a block) of a dose log, from its runs of equal doses.

    A hole of one or two unknown days between equal doses belongs to its block. The planned length is the commonest
    length of a run (lengths within a tenth count as one; the shortest where two are as common); a run of about k
    times that length is k blocks.
    """
    filled = _without_small_holes(dose)
    runs: list[tuple[int, int]] = []
    for t in range(len(filled)):
        if np.isnan(filled[t]):
            continue
        if runs and runs[-1][1] == t and filled[t] == filled[t - 1]:
            runs[-1] = (runs[-1][0], t + 1)
        else:
            runs.append((t, t + 1))
    lengths = [end - begin for begin, end in runs]
    alike = {n: sum(abs(m - n) <= ALIKE * n for m in lengths) for n in sorted(set(lengths))}
    unit = max(alike, key=lambda n: (alike[n], -n))
    unit_of = np.full(len(filled), -1, dtype=np.int64)
    doses: list[float] = []
    for begin, end in runs:
        for part in np.array_split(np.arange(begin, end), max(1, round((end - begin) / unit))):
            unit_of[part] = len(doses)
            doses.append(float(filled[begin]))
    return unit_of, np.array(doses), unit


def _without_small_holes(dose: Floats) -> Floats:
    out = dose.copy()
    at = np.flatnonzero(~np.isnan(dose))
    for before, after in pairwise(at):
        if 1 < after - before <= LONGEST_HOLE_D + 1 and dose[before] == dose[after]:
            out[before:after] = dose[before]
    return out


def is_paired(doses: Floats) -> bool:
    """Does every consecutive pair have one with and one without? doses : (blocks,)."""
    on = doses[: len(doses) // 2 * 2].reshape(-1, 2) > 0
    return bool(np.all(on[:, 0] != on[:, 1]))


def _bits(code: int, n: int) -> Bools:
    return np.array([code >> i & 1 for i in range(n)], dtype=bool)


def _swapped(pairs: Floats, alone: Floats, swap: Bools) -> Floats:
    return np.concatenate([np.where(swap[:, None], pairs[:, ::-1], pairs).ravel(), alone])


def _all_orders(unit_of: Integers, doses: Floats, words: str, without: Callable[[Floats], bool] | None) -> Space:
    """Every arrangement of these doses; `without` names arrangements that are left out."""
    counts = Counter(doses.tolist())
    size, left = 0.0, len(doses)
    for count in counts.values():
        size += _log10_comb(left, count)
        left -= count

    def every() -> Iterator[Floats]:
        return (order for order in _arrangements(dict(sorted(counts.items()))) if not (without and without(order)))

    def draw(rng: np.random.Generator, n: int) -> Floats:
        orders = rng.permuted(np.broadcast_to(doses, (n, len(doses))), axis=1)
        while without and any(again := [without(order) for order in orders]):
            orders[again] = rng.permuted(orders[again], axis=1)
        return orders

    return Space(unit_of, doses, size, every, draw, words)


def _log10_comb(n: int, k: int) -> float:
    if n <= 10_000:
        return log10(comb(n, k))
    ends = np.array([k, n - k, n], dtype=float)
    stirling = ends * np.log(np.maximum(ends, 1)) - ends + 0.5 * np.log(2 * np.pi * np.maximum(ends, 1))
    return float(stirling @ [-1, -1, 1]) / np.log(10) if 0 < k < n else 0.0


def _arrangements(counts: dict[float, int]) -> Iterator[Floats]:
    """Every distinct order of a multiset, (units,) each, in lexical order."""
    order = np.repeat(list(counts), list(counts.values()))
    while True:
        yield order.copy()
        falls = np.flatnonzero(order[:-1] < order[1:])
        if len(falls) == 0:
            return
        i = falls[-1]
        j = np.flatnonzero(order > order[i])
        j = j[j > i][-1]
        order[i], order[j] = order[j], order[i]
        order[i + 1 :] = order[i + 1 :][::-1]


def _batches(orders: Iterator[Floats]) -> Iterator[Floats]:
    while batch := list(islice(orders, 1000)):
        yield np.stack(batch)


def _per_unit(residual: Floats, space: Space, tau_d: float) -> tuple[Floats, float]:
    """(units,) what a dose of 1 in each unit adds to sum_t x_t r_t, and what an exposure of 1 before day 1 adds.

    x is linear in the doses, so the filter's transpose, run backwards over r, gives all of it at once.
    """
    keep = np.exp(-1 / tau_d) if tau_d > 0 else 0.0
    carried, each_day = 0.0, np.empty(len(residual))
    for t in range(len(residual) - 1, -1, -1):
        carried = residual[t] + keep * carried
        each_day[t] = (1 - keep) * carried
    used = space.unit_of >= 0
    per_unit = np.bincount(space.unit_of[used], weights=each_day[used], minlength=len(space.doses))
    return np.asarray(per_unit, dtype=np.float64), float(keep * carried)


def _difference(outcome: Floats, seen: Bools, space: Space, tau_d: float, start: float, line: Floats) -> float:
    """Effect of the largest dose's full exposure by least squares on exposure and a line; the outcome's own sign."""
    keep = np.exp(-1 / tau_d) if tau_d > 0 else 0.0
    dose = np.where(space.unit_of >= 0, space.doses[space.unit_of], 0.0)
    x, now = np.empty(len(dose)), start
    for t, amount in enumerate(dose):
        now = amount + keep * (now - amount)
        x[t] = now
    columns = np.column_stack([x[seen] / np.max(dose), line])
    return float(np.linalg.lstsq(columns, outcome[seen], rcond=None)[0][0])
