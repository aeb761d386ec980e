"""Did each evening's own score choose whether it was taken? Then the other days' scores would show it too.

Days that are said to be drawn by lot and days on which the evening's score chose look alike on the evening itself: on
and off differ. They part on the days around it. Given the score y of an evening, somebody who chose by it chose without
regard to what the other days were like. Had a coin chosen and the medicine changed y, then of two evenings with the
same y the one without it (of a medicine that helps) had better days around it:

    f_t = sum_k w^k (r_(t-k) + r_(t+k)),  r the ranks of the scores; unknown ones add nothing
    z   = correlation of dose and f, each given 1, y, y^2 and y^3 of the evening, times sqrt(n), counted positive where
          it goes the way of the evening's own difference

Chosen: z about 0, or above it where days before counted as well. Drawn: z below 0, the more so the more the medicine
does and the longer good and bad days last. The other way round, with the days before alone and y not given, a coin has
z about 0, and who chose by the score has it above 0. w is fixed, so that nothing of the evening is in f. Where an
effect may outlast its day it would be found in the days after: there the days before alone have to tell it as well. So
nobody is believed sooner for having named another onset.

Measured: `python -m benchmarks.said`; why so: docs/decisions/048-days-by-word.md.
"""

from __future__ import annotations

import numpy as np

from nightdose.arrays import Floats
from nightdose.question.habits.scores import ranks
from nightdose.statistics import filtered

WEIGHT = 0.6  # chosen on simulated lives of seeds 0 to 400: of slow ones more finds as many, of fast ones less
DIFFERS_Z = 1.645  # of on and off on the evenings themselves; below it no score has chosen much
EXCLUDED_Z = -1.88  # of those who chose by the score, one in twenty is taken for a draw (three in a hundred if normal)
FOLLOWED_Z = 2.9  # two of a thousand coins follow the days before as far, the way that the evening itself goes
FEWEST_DAYS = 20  # fewer tell nothing


def may_have_chosen(dose: Floats, outcome: Floats, *, outlasts: bool) -> bool:
    """Could the same evening's score have chosen the days, as far as the diary tells?

    dose, outcome : (days,), NaN = unknown; outlasts : an effect may outlast its day.
    """
    there = _seen(dose, outcome)
    if there is None:
        return True
    on, y, before, after = there
    differs = _z(on, y, np.ones((len(y), 1)))
    if abs(differs) < DIFFERS_Z:
        return False
    sides = (before + after, before) if outlasts else (before + after,)
    return any(np.sign(differs) * _z(on, side, np.vander(y, 4)) > EXCLUDED_Z for side in sides)


def chose(dose: Floats, outcome: Floats) -> bool:
    """Did the same evening's score choose so plainly that the days before show it, which no coin follows?

    dose, outcome : (days,), NaN = unknown.
    """
    there = _seen(dose, outcome)
    if there is None:
        return False
    on, y, before, _ = there
    alone = np.ones((len(y), 1))
    return bool(np.sign(_z(on, y, alone)) * _z(on, before, alone) > FOLLOWED_Z)


def _seen(dose: Floats, outcome: Floats) -> tuple[Floats, Floats, Floats, Floats] | None:
    """Of the evenings on which both are known: on (1) or off (0), the score, the weighted scores of the days before and
    after. None where they tell nothing."""
    score = ranks(outcome) - 0.5
    seen = ~np.isnan(score) & ~np.isnan(dose)
    on = (dose[seen] > 0).astype(float)
    if len(on) < FEWEST_DAYS or np.ptp(on) == 0 or np.ptp(score[seen]) == 0:
        return None
    there = np.nan_to_num(score)
    before, after = _before(there), _before(there[::-1])[::-1]
    return on, score[seen], before[seen], after[seen]


def _before(score: Floats) -> Floats:
    """(days,) the weighted scores of the days before each."""
    return WEIGHT * np.concatenate([[0.0], filtered(score, WEIGHT)[:-1]])


def _z(a: Floats, b: Floats, given: Floats) -> float:
    """sqrt(n) times the correlation of two columns (n,), each without what the columns of `given` explain."""
    a, b = (v - given @ np.linalg.lstsq(given, v, rcond=None)[0] for v in (a, b))
    spread = float((a @ a) * (b @ b))
    return float(a @ b) / np.sqrt(spread) * np.sqrt(len(a)) if spread > 1e-9 * len(a) else 0.0
