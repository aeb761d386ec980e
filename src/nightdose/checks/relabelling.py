"""The re-randomisation test: where lots decided the order, how unusual is the order that was drawn?

If the treatment does nothing at all to anybody's day, every outcome would have been the same under every other order
that the lots could have given (Fisher's sharp null hypothesis). So the diary is held fixed, the order is drawn again,
and what the real order shows is compared with what the others show. No model of spells, drift or noise is needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import comb, log10

import numpy as np

from nightdose.arrays import Bools, Floats, Integers
from nightdose.exposure.onset import effect_compartment
from nightdose.fit.case import Case
from nightdose.question.draws import Draw, is_in_sets
from nightdose.question.onset_prior import onset_prior
from nightdose.verdict.answer import RandomisationTest

MOST_ENUMERATED = 20_000  # orders compared one by one; above, as many as the next line says are drawn
DRAWN, MOST_LABELS_DRAWN = 4_999, 20_000_000  # long diaries draw fewer orders, never below FEWEST_DRAWN
FEWEST_DRAWN = 199
FEWEST_DAYS = 4


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a draw as labels: which kind each was, and what each kind would do in each place.

    kind : (units,) number of the dose (or of the climb of doses) that was drawn; adds : (kinds, units) what a kind in
    that place adds to the statistic. sets : among which units the lots chose. arm : (kinds,) 1 = with treatment, where
    an order with one on and one off in every pair would have been read as drawn in pairs: those are left out. None =
    nothing is.
    """

    kind: Integers
    adds: Floats
    sets: tuple[Integers, ...]
    arm: Integers | None

    @property
    def fixed(self) -> float:
        """What the units that were not drawn add."""
        rest = np.setdiff1d(np.arange(len(self.kind)), np.concatenate(self.sets))
        return float(np.sum(self.adds[self.kind[rest], rest]))

    @property
    def log10_orders(self) -> float:
        """log10 of how many orders there are."""
        return float(sum(_log10_orders(self.kind[part]) for part in self.sets))


def randomisation_check(case: Case, seed: int) -> RandomisationTest | None:
    """The re-randomisation test of this case; None where its order was not drawn, or nobody can know how."""
    tau, _, _ = onset_prior(case.question, case.question.treatment)
    return randomisation_test(case.outcome, case.plan.draws if case.plan else (), tau, case.log.start, seed)


def randomisation_test(
    outcome: Floats, readings: Sequence[Draw], tau_d: float, start: float, seed: int = 0
) -> RandomisationTest | None:
    """The test of one diary; None where nothing was drawn by lot, or where there is nothing to compare.

    outcome : (days,) own unit, NaN = missing; readings : the draws that the plan may have come from: of several the
    largest p counts. tau_d : prior median of the onset time constant, 0 = the same day; start : exposure before day 1.

    Statistic: |sum_t x_t r_t| over the recorded days of the schedule, where x is the exposure that the order gives
    (`exposure/onset.py`, days outside count as none) and r what is left of the outcome after a straight line. It is
    the score of the effect in the model without spells: for same-day effects the difference of the means on and off.
    Any statistic keeps the promised error rate; this one keeps power when an effect builds over weeks.

    p = share of the orders whose statistic is at least the real one's; sampled: (1 + k) / (1 + n).

    Source: Edgington & Onghena (2007), Randomization Tests, 4th ed., chapters 3 and 11; Phipson & Smyth (2010).
    """
    found = [test for draw in readings if (test := _test(outcome, draw, tau_d, start, seed)) is not None]
    return max(found, key=lambda test: test.p, default=None)


def _test(outcome: Floats, draw: Draw, tau_d: float, start: float, seed: int) -> RandomisationTest | None:
    seen = ~np.isnan(outcome) & (draw.unit_of >= 0)
    if int(np.sum(seen)) < FEWEST_DAYS or np.ptp(outcome[seen]) == 0 or np.ptp(draw.levels) == 0:
        return None
    days = np.flatnonzero(seen)
    line = np.column_stack([np.ones(len(days)), days / len(outcome)])
    residual = np.zeros(len(outcome))
    residual[seen] = outcome[seen] - line @ np.linalg.lstsq(line, outcome[seen], rcond=None)[0]
    each_day, from_start = _each_day(residual, tau_d)
    units = units_of(draw, each_day)
    constant = units.fixed + start * from_start
    observed = abs(constant + float(sum(np.sum(units.adds[units.kind[part], part]) for part in units.sets)))
    exact = units.log10_orders <= log10(MOST_ENUMERATED) + 1e-9
    if exact:
        values = np.abs(constant + _every(units))
    else:
        n = int(np.clip(MOST_LABELS_DRAWN // draw.units, FEWEST_DRAWN, DRAWN))
        values = np.concatenate([[observed], np.abs(constant + _sample(units, np.random.default_rng(seed), n))])
    slack = 1e-9 * float(np.max(values))  # the same order computed twice must count as equal
    return RandomisationTest(
        p=float(np.mean(values >= observed - slack)),
        schedules=len(values),
        exact=exact,
        smallest=float(np.mean(values >= np.max(values) - slack)),
        log10_space=units.log10_orders,
        difference=_difference(outcome, seen, draw, tau_d, start, line),
        statistic=(
            "sum of exposure times the outcome left after a straight line, exposure "
            + (f"building and fading with {tau_d:g} days" if tau_d > 0 else "being the day's own dose")
        ),
        space=_words(draw, units),
    )


def units_of(draw: Draw, each_day: Floats) -> Units:
    """The units of a draw. each_day : (days,) what a dose of 1 on that day adds to the statistic.

    Units that were planned alike day by day are of one kind; one cut short is of the kind that it begins like.
    """
    days = [np.flatnonzero(draw.unit_of == unit) for unit in range(draw.units)] if draw.block_days > 1 else None
    if days is None:  # days drawn one by one
        at = np.flatnonzero(draw.unit_of >= 0)
        levels, kind = np.unique(draw.dose[at], return_inverse=True)
        return Units(kind, levels[:, None] * each_day[at], tuple(np.array(part) for part in draw.sets), None)
    profiles: list[Floats] = []
    kind = np.empty(len(days), dtype=np.int64)
    for unit in sorted(range(len(days)), key=lambda unit: -len(days[unit])):
        own = draw.dose[days[unit]]
        like = [k for k, known in enumerate(profiles) if np.array_equal(known[: len(own)], own)]
        kind[unit] = like[0] if like else len(profiles)
        if not like:
            profiles.append(own)
    adds = np.array(
        [[float(profile[np.minimum(np.arange(len(d)), len(profile) - 1)] @ each_day[d]) for d in days]
         for profile in profiles]
    )  # fmt: skip
    on = draw.levels > 0
    could_be_paired = not draw.paired and 0 <= int(np.sum(on)) - len(on) // 2 <= len(on) % 2 and len(on) > 3
    arm = np.array([int(np.max(profile) > 0) for profile in profiles]) if could_be_paired else None
    return Units(kind, adds, tuple(np.array(part) for part in draw.sets), arm)


def _every(units: Units) -> Floats:
    """(orders,) what each possible order adds."""
    if units.arm is not None:
        return np.concatenate([_value(units, batch, units.sets[0]) for batch in _batches(units)])
    total = np.zeros(1)
    for part in units.sets:
        own = np.stack(list(_arrangements(units.kind[part])))
        total = np.add.outer(total, _value(units, own, part)).ravel()
    return np.asarray(total)


def _batches(units: Units) -> Iterator[Integers]:
    orders = (o for o in _arrangements(units.kind[units.sets[0]]) if not _left_out(units, o))
    while batch := list(islice(orders, 1000)):
        yield np.stack(batch)


def _left_out(units: Units, order: Integers) -> bool:
    """Would this order have been read as drawn in pairs?"""
    return units.arm is not None and is_in_sets(units.arm[order][: len(order) // 2 * 2], 2)


def _sample(units: Units, rng: np.random.Generator, n: int) -> Floats:
    """(n,) what orders drawn again add."""
    total = np.zeros(n)
    for part in units.sets:
        for done in range(0, n, 500):
            many = min(500, n - done)
            orders = rng.permuted(np.broadcast_to(units.kind[part], (many, len(part))), axis=1)
            while units.arm is not None and any(again := [_left_out(units, order) for order in orders]):
                orders[again] = rng.permuted(orders[again], axis=1)
            total[done : done + many] += _value(units, orders, part)
    return total


def _value(units: Units, orders: Integers, part: Integers) -> Floats:
    """(orders,) what orders of the units of one set, (orders, units of the set) kinds, add."""
    return np.asarray(np.sum(units.adds[orders, part], axis=1))


def _arrangements(kinds: Integers) -> Iterator[Integers]:
    """Every distinct order of a multiset, in lexical order."""
    order = np.sort(kinds)
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


def _log10_orders(kinds: Integers) -> float:
    size, left = 0.0, len(kinds)
    for count in Counter(kinds.tolist()).values():
        size += _log10_comb(left, count)
        left -= count
    return size


def _log10_comb(n: int, k: int) -> float:
    if n <= 10_000:
        return log10(comb(n, k))
    ends = np.array([k, n - k, n], dtype=float)
    stirling = ends * np.log(np.maximum(ends, 1)) - ends + 0.5 * np.log(2 * np.pi * np.maximum(ends, 1))
    return float(stirling @ [-1, -1, 1]) / np.log(10) if 0 < k < n else 0.0


def _each_day(residual: Floats, tau_d: float) -> tuple[Floats, float]:
    """(days,) what a dose of 1 on each day adds to sum_t x_t r_t, and what an exposure of 1 before day 1 adds.

    x is linear in the doses, so the filter's transpose, run backwards over r, gives all of it at once.
    """
    keep = float(np.exp(-1 / tau_d)) if tau_d > 0 else 0.0
    carried, each_day = 0.0, np.empty(len(residual))
    for t in range(len(residual) - 1, -1, -1):
        carried = residual[t] + keep * carried
        each_day[t] = (1 - keep) * carried
    return each_day, keep * carried


def _difference(outcome: Floats, seen: Bools, draw: Draw, tau_d: float, start: float, line: Floats) -> float:
    """Effect of the largest dose's full exposure by least squares on exposure and a line; the outcome's own sign."""
    dose = np.where(draw.unit_of >= 0, draw.dose, 0.0)
    x = effect_compartment(dose, tau_d, start)
    columns = np.column_stack([x[seen] / np.max(dose), line])
    return float(np.linalg.lstsq(columns, outcome[seen], rcond=None)[0][0])


def _words(draw: Draw, units: Units) -> str:
    """From what orders the lots are taken to have chosen."""
    if draw.block_days == 1:
        return f"every way to deal the same doses to the {draw.units:,} days"
    if draw.paired:
        size = len(draw.sets[0])
        of_each = "one with and one without in each, either one first" if size == 2 else "one of each dose in each"
        name = "pairs" if size == 2 else f"sets of {size}"
        return f"{len(draw.sets)} {name} of blocks of about {draw.block_days} days, {of_each}"
    words = f"every way to deal the same doses to the {draw.units} blocks of about {draw.block_days} days"
    if units.arm is not None:
        words += ", save those with one on and one off in every pair, which would have been read as drawn in pairs"
    return words
