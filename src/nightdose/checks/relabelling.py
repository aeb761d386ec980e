"""The re-randomisation test: where lots decided the order, how unusual is the order that was drawn?

If the treatment does nothing at all to anybody's day, every outcome would have been the same under every other order
that the lots could have given (Fisher's sharp null hypothesis). So the diary is held fixed, the order is drawn again,
and what the real order shows is compared with what the others show. No model of spells, drift or noise is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log10

import numpy as np

from nightdose.arrays import Bools, Floats, Integers
from nightdose.checks.orders import Units, every_order, some_orders, units_of
from nightdose.exposure.onset import effect_compartment
from nightdose.fit.case import Case
from nightdose.language.catalogue import mark, say
from nightdose.language.number import number, whole
from nightdose.question.draws import Draw
from nightdose.question.onset_prior import onset_of
from nightdose.statistics import filtered
from nightdose.verdict.answer import RandomisationTest

MOST_ENUMERATED = 20_000  # orders compared one by one; above, as many as the next line says are drawn
DRAWN, MOST_LABELS_DRAWN = 4_999, 20_000_000  # long diaries draw fewer orders, never below FEWEST_DRAWN
FEWEST_DRAWN = 199
FEWEST_DAYS = 4
FAR_SD = 6.0  # robust sd from the middle beyond which a day is drawn in
TINY = 1e-12  # of the largest column: an order whose exposure is a straight line shows nothing

Statistic = Callable[[Integers], Floats]  # (orders, units) kinds -> (orders,)


def randomisation_check(case: Case, seed: int) -> RandomisationTest | None:
    """The re-randomisation test of this case; None where its order was not drawn, or nobody can know how.

    Of days that were said to be drawn and look like turns it is what it would be, had they been.
    """
    tau = onset_of(case.question).median_d
    outcome = without_slips(case.outcome)
    return randomisation_test(outcome, case.plan.draws if case.plan else case.claimed, tau, case.log.start, seed)


def without_slips(outcome: Floats) -> Floats:
    """(days,) outcome with days far from all others drawn in, so that a slip of the pen decides no test.

    The bounds know nothing of the order, so the test keeps its promise. Where half of the days are alike, nothing is.
    """
    seen = outcome[~np.isnan(outcome)]
    if not len(seen):
        return outcome
    middle = float(np.median(seen))
    sd = 1.4826 * float(np.median(np.abs(seen - middle)))
    return np.clip(outcome, middle - FAR_SD * sd, middle + FAR_SD * sd) if sd > 0 else outcome


def randomisation_test(
    outcome: Floats, readings: Sequence[Draw], tau_d: float, start: float, seed: int = 0
) -> RandomisationTest | None:
    """The test of one diary; None where nothing was drawn by lot, or where there is nothing to compare.

    outcome : (days,) own unit, NaN = missing; readings : the draws that the plan may have come from: of several the
    largest p counts. tau_d : prior median of the onset time constant, 0 = the same day; start : exposure before day 1.

    Statistic: |sum_t x_t r_t| / sqrt(sum_t x_t^2) over the recorded days of the schedule, where x is the exposure that
    the order gives (`exposure/onset.py`, days outside count as none) and r the outcome, both after a straight line. It
    is the correlation of exposure and outcome: no other order can show more than the real one where an effect is all
    there is. (Of days drawn one by one the divisor hardly differs and is left out.) Any statistic keeps the promised
    error rate; this one keeps power when an effect builds over weeks.

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
    units = units_of(draw)
    if draw.block_days == 1:
        statistic = _of_days(draw, units, residual, tau_d, start)
    else:
        statistic = _of_blocks(draw, units, residual[seen], (seen, line), tau_d, start)
    observed = float(statistic(units.kind[None])[0])
    exact = units.log10_orders <= log10(MOST_ENUMERATED) + 1e-9
    if exact:
        values = statistic(every_order(units))
    else:
        n = int(np.clip(MOST_LABELS_DRAWN // draw.units, FEWEST_DRAWN, DRAWN))
        drawn = (statistic(orders) for orders in some_orders(units, np.random.default_rng(seed), n))
        values = np.concatenate([[observed], *drawn])
    slack = 1e-9 * float(np.max(values))  # the same order computed twice must count as equal
    return RandomisationTest(
        p=float(np.mean(values >= observed - slack)),
        schedules=len(values),
        exact=exact,
        smallest=float(np.mean(values >= np.max(values) - slack)),
        log10_space=units.log10_orders,
        difference=_difference(outcome, seen, draw, tau_d, start, line),
        statistic=(
            say(
                "correlation of exposure and outcome after a straight line, exposure building and fading with "
                "{tau_d} days",
                tau_d=number(tau_d),
            )
            if tau_d > 0
            else say("correlation of exposure and outcome after a straight line, exposure being the day's own dose")
        ),
        space=_words(draw, units),
    )


def _of_blocks(
    draw: Draw, units: Units, residual: Floats, line_of: tuple[Bools, Floats], tau_d: float, start: float
) -> Statistic:
    """The statistic of blocks. residual : (recorded days,); line_of : which days these are, and the line's columns.

    x is a sum of columns, one for what each kind of block would give in each place and one for what was taken before
    the diary; so numerator and divisor are a linear and a quadratic form of which columns an order picks.
    """
    seen, line = line_of
    columns = _exposures(_doses(draw, units), tau_d, start)
    columns = columns[seen] - line @ np.linalg.lstsq(line, columns[seen], rcond=None)[0]
    adds, together = residual @ columns, columns.T @ columns
    places = np.arange(draw.units)

    def statistic(orders: Integers) -> Floats:
        picked = np.zeros((len(orders), columns.shape[1]))
        picked[:, 0] = 1.0
        picked[np.arange(len(orders))[:, None], 1 + orders * draw.units + places] = 1.0
        size = np.einsum("ij,ij->i", picked @ together, picked)
        return np.asarray(np.abs(picked @ adds) / np.sqrt(np.maximum(size, TINY * np.max(np.diag(together)))))

    return statistic


def _doses(draw: Draw, units: Units) -> Floats:
    """(days, 1 + kinds x units) no dose at all, then the doses of each kind of block in each place, kind by kind."""
    out = np.zeros((len(draw.unit_of), 1 + len(units.profiles) * draw.units))
    for k, profile in enumerate(units.profiles):
        for unit in range(draw.units):
            days = np.flatnonzero(draw.unit_of == unit)
            out[days, 1 + k * draw.units + unit] = profile[np.minimum(np.arange(len(days)), len(profile) - 1)]
    return out


def _exposures(doses: Floats, tau_d: float, start: float) -> Floats:
    """The effect compartment of every column, `start` being in the first alone."""
    keep = float(np.exp(-1 / tau_d)) if tau_d > 0 else 0.0
    steps = (1 - keep) * doses
    steps[0, 0] += keep * start
    return filtered(steps, keep)


def _of_days(draw: Draw, units: Units, residual: Floats, tau_d: float, start: float) -> Statistic:
    """The statistic of days drawn one by one. residual : (days,), 0 where nothing was recorded."""
    each_day, from_start = _each_day(residual, tau_d)
    each = each_day[draw.unit_of >= 0]
    level = np.array([profile[0] for profile in units.profiles])
    return lambda orders: np.asarray(np.abs(start * from_start + level[orders] @ each))


def _each_day(residual: Floats, tau_d: float) -> tuple[Floats, float]:
    """(days,) what a dose of 1 on each day adds to sum_t x_t r_t, and what an exposure of 1 before day 1 adds.

    x is linear in the doses, so the filter's transpose, run backwards over r, gives all of it at once.
    """
    keep = float(np.exp(-1 / tau_d)) if tau_d > 0 else 0.0
    backwards = filtered(residual[::-1], keep)[::-1]
    return (1 - keep) * backwards, keep * float(backwards[0])


def _difference(outcome: Floats, seen: Bools, draw: Draw, tau_d: float, start: float, line: Floats) -> float:
    """Effect of the largest dose's full exposure by least squares on exposure and a line; the outcome's own sign."""
    dose = np.where(draw.unit_of >= 0, draw.dose, 0.0)
    x = effect_compartment(dose, tau_d, start)
    columns = np.column_stack([x[seen] / np.max(dose), line])
    return float(np.linalg.lstsq(columns, outcome[seen], rcond=None)[0][0])


PAIRS = mark("{n} pairs of blocks of about {block_days} days, one with and one without in each, either one first")
SETS = mark("{n} sets of {size} of blocks of about {block_days} days, one of each dose in each")
ANY_ORDER = mark("every way to deal the same doses to the {units} blocks of about {block_days} days")
ANY_ORDER_BUT_PAIRS = mark(
    "every way to deal the same doses to the {units} blocks of about {block_days} days, save those with one on and one "
    "off in every pair, which would have been read as drawn in pairs"
)


def _words(draw: Draw, units: Units) -> str:
    """From what orders the lots are taken to have chosen."""
    if draw.block_days == 1:
        return say("every way to deal the same doses to the {units} days", units=whole(draw.units))
    if draw.paired:
        words = PAIRS if len(draw.sets[0]) == 2 else SETS
        return say(words, n=len(draw.sets), size=len(draw.sets[0]), block_days=draw.block_days)
    words = ANY_ORDER if units.arm is None else ANY_ORDER_BUT_PAIRS
    return say(words, units=draw.units, block_days=draw.block_days)
