"""Did each evening's own score choose whether it was taken? Then the days after it tell nothing of the choice.

Days that are said to be drawn by lot and days on which the evening's score chose look alike on the evening itself: on
and off differ. They part on the days after it. Somebody who chooses on an evening knows its score y and the days
before, and may go by how bad it is or by how much worse than lately; the days to come they do not know. So given y and
the days before, what comes after is the same with and without. Had a coin chosen and the medicine changed y, then of
two evenings with one y and one past that without it (of a medicine that helps) had better days after it:

    f_t = sum_k w^k r_(t+k),  r the ranks of the scores; unknown ones add nothing
    z   = correlation of dose and f, each given 1, y, y^2 and y^3 of the evening and the mean scores of the last 1, 3, 7
          and 14 days, times sqrt(degrees of freedom), counted positive where it goes the way of the evening's own
          difference

Chosen: z about 0, whatever the rule. Drawn: z below 0, the more so the more the medicine does and the longer good and
bad days last; less so where an effect outlasts its day, for then it is found in the days after. The other way round,
with the days before alone and y not given, a coin has z about 0, and who chose by the score has it above 0. w is
fixed, so that nothing of the evening is in f.

Measured: `python -m benchmarks.said`; why so: docs/decisions/048-days-by-word.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats, Integers
from nightdose.question.habits.scores import WINDOWS_D, mean_before, ranks, sums_before
from nightdose.statistics import filtered

WEIGHT = 0.6  # chosen on simulated lives of seeds 0 to 400: of slow ones more finds as many, of fast ones less
DIFFERS_Z = 1.645  # of on and off on the evenings themselves; below it no score has chosen much
EXCLUDED_Z = -2.0  # of those who chose by the score, at most one in twenty is taken for a draw, whatever their rule
FOLLOWED_Z = 2.9  # two of a thousand coins follow the days before as far, the way that the evening itself goes
FEWEST_DAYS = 20  # fewer tell nothing
FEWEST_BLOCKS, WEEK_D = 4, 7
BEFORE_BLOCKS_Z = 1.96  # of the days before a block; one draw of blocks in twenty counts low for it


def may_have_chosen(dose: Floats, outcome: Floats) -> bool:
    """Could the same evening's score have chosen the days, as far as the diary tells?

    dose, outcome : (days,), NaN = unknown.
    """
    there = _seen(dose, outcome)
    if there is None:
        return True
    differs = _z(there.on, there.score, np.ones((len(there.on), 1)))
    if abs(differs) < DIFFERS_Z:
        return False
    given = np.column_stack([np.vander(there.score, 4), there.past])
    return bool(np.sign(differs) * _z(there.on, there.after, given) > EXCLUDED_Z)


def may_have_chosen_blocks(dose: Floats, outcome: Floats, begins: Sequence[int]) -> bool:
    """Could the score of a block's first evening, or of the days before it, have chosen what the block holds?

    dose, outcome : (days,), NaN = unknown; begins : the first day of every block. A medicine of the same day moves the
    first evening as it moves the others, and a slow one the others more; who chose by the first evening finds the
    others nearer to usual. So the first evenings have to differ, and to differ from the rest of their blocks.
    """
    score = ranks(outcome) - 0.5
    week = mean_before(score, min([WEEK_D, *np.diff(begins).tolist()]))
    at = np.array(begins, dtype=np.int64)
    rest = _mean_after(score, at, np.append(at[1:], len(score)))
    on, first, before = (dose[at] > 0).astype(float), score[at], week[at]
    last = np.concatenate([[0.0], 2 * on[:-1] - 1])  # what the block before held has moved the scores before this one
    by_first = (_z_of(on, first, last), _z_of(on, first - rest, last))
    if min(map(abs, by_first)) > DIFFERS_Z and by_first[0] * by_first[1] > 0:
        return True
    return abs(_z_of(on, before, last)) > BEFORE_BLOCKS_Z


def _mean_after(score: Floats, begins: Integers, ends: Integers) -> Floats:
    """(blocks,) mean of the known scores of each block but its first evening's; NaN where there are none."""
    seen = ~np.isnan(score)
    sums, counts = sums_before(np.where(seen, score, 0.0)), sums_before(seen)
    n = counts[ends] - counts[begins + 1]
    return np.where(n > 0, (sums[ends] - sums[begins + 1]) / np.maximum(n, 1), np.nan)


def _z_of(on: Floats, score: Floats, last: Floats) -> float:
    """`_z` of the blocks whose score is known, given the block before each; 0 where they are too few to tell."""
    seen = ~np.isnan(score)
    n = int(np.count_nonzero(seen))
    if n < FEWEST_BLOCKS:
        return 0.0
    a, b, given = (values[seen] - values[seen].mean() for values in (on, score, last))
    if (size := float(given @ given)) > 1e-9:
        a, b = a - (a @ given / size) * given, b - (b @ given / size) * given
    return _correlation(a, b, n - 2)


def chose(dose: Floats, outcome: Floats) -> bool:
    """Did the same evening's score choose so plainly that the days before show it, which no coin follows?

    dose, outcome : (days,), NaN = unknown.
    """
    there = _seen(dose, outcome)
    if there is None:
        return False
    alone = np.ones((len(there.on), 1))
    return bool(np.sign(_z(there.on, there.score, alone)) * _z(there.on, there.before, alone) > FOLLOWED_Z)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Evenings on which both are known. on : (n,) 1 or 0; score : (n,) its rank; before, after : (n,) weighted scores
    of the days around; past : (n, windows) mean scores of the last 1, 3, 7 and 14 days."""

    on: Floats
    score: Floats
    before: Floats
    after: Floats
    past: Floats


def _seen(dose: Floats, outcome: Floats) -> _Seen | None:
    """What the evenings hold; None where they tell nothing."""
    score = ranks(outcome) - 0.5
    seen = ~np.isnan(score) & ~np.isnan(dose)
    on = (dose[seen] > 0).astype(float)
    if len(on) < FEWEST_DAYS or np.ptp(on) == 0 or np.ptp(score[seen]) == 0:
        return None
    there = np.nan_to_num(score)
    before, after = _before(there), _before(there[::-1])[::-1]
    past = np.column_stack([np.nan_to_num(mean_before(score, days)) for days in WINDOWS_D])
    return _Seen(on, score[seen], before[seen], after[seen], past[seen])


def _before(score: Floats) -> Floats:
    """(days,) the weighted scores of the days before each."""
    return WEIGHT * np.concatenate([[0.0], filtered(score, WEIGHT)[:-1]])


def _z(a: Floats, b: Floats, given: Floats) -> float:
    """Correlation of two columns (n,), each without what those of `given` explain, times sqrt(degrees of freedom)."""
    both = np.column_stack([a, b])
    a, b = (both - given @ np.linalg.lstsq(given, both, rcond=None)[0]).T
    return _correlation(a, b, len(a) - given.shape[1])


def _correlation(a: Floats, b: Floats, degrees: int) -> float:
    """Of what is left of two columns, (n,), times the square root of the degrees of freedom; 0 of nothing."""
    spread = float((a @ a) * (b @ b))
    return float(a @ b) / math.sqrt(spread) * math.sqrt(degrees) if spread > 1e-9 * len(a) else 0.0
