"""How often a diary was looked at, and the bar for the sign: looking every evening must not find by luck.

Whoever looks every week has fifty chances a year to be told something by luck. So `helps` and `harms` ask for more
certainty while there is little to go by, and for nearly the usual certainty only at the end of what was planned:

    z = min(EARLY, OFTEN T / b),  b <= T;  OFTEN from then on

A single look at an end fixed beforehand asks for ONCE, where what came before it was planned as well: a little more
than the usual 97.5 %, which finds luck in 5 of 100 where the model is right and in 6 where scores drift and begin
badly. Where it was not planned, getting better by itself after a start in a bad time is taken for the medicine too
often, and a single look asks for
OFTEN (docs/looks.md).

After three pairs of blocks of three weeks or longer, in an order that was drawn, EARLY_DRAWN takes the place of EARLY:
a trial that was planned and is over is answered, and weekly looks find no more by luck (docs/looks.md).

b are balanced days, 4 on off / (on + off): as many as there are days where half of them are with the treatment, fewer
where one side is short. T are those of the whole plan, and a year where nothing was planned. Early looks are a bar that
few pass by luck (Haybittle and Peto); nearly all of the luck that is allowed is spent at the end, because that is where
most of the answers are (steeper than O'Brien and Fleming's square root, which found less at the same rate of luck). All
constants were chosen by measurement (docs/looks.md).

Source: O'Brien & Fleming (1979) Biometrics 35:549; Haybittle (1971) Br J Radiol 44:793.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nightdose.question.draws import Draw

YEAR_D = 365.0
ONCE, OFTEN, EARLY = 2.0537489106318225, 2.25, 3.0  # z; the first is 98 %
EARLY_DRAWN = 2.6  # z once three drawn pairs of long blocks are over: three sure switches that no rhythm imitates
FEWEST_PAIRS, SHORTEST_BLOCKS_D = 3, 21
MISSING_D = 3  # days that may be missing at the end of the third pair


@dataclass(frozen=True, slots=True)
class Looks:
    """How often the answer was read so far, and when it was planned to be read.

    counted : days on which it was read, this one included; None = nobody counted, which is taken as often.
    planned : days that a protocol declared before day 1, the last of them the end; horizon_days : balanced days then.
    only : somebody says that this look, at an end fixed beforehand, is the only one there was and will be.
    """

    counted: int | None = None
    planned: tuple[datetime.date, ...] = ()
    horizon_days: float = YEAR_D
    only: bool = False

    @property
    def once(self) -> bool:
        """True where nothing has to be paid for looking: the only look, or the first, at the only declared end.

        The first look at a diary without a plan is not the last one.
        """
        return self.only or (self.counted == 1 and len(self.planned) == 1)


UNCOUNTED = Looks()
ONE_LOOK = Looks(counted=1, only=True)


def balanced_days(on: int, off: int) -> float:
    """Days of a diary that is half with and half without the treatment and tells as much."""
    return 4 * on * off / (on + off) if on + off else 0.0


def drawn_pairs(draws: Sequence[Draw], last: int) -> bool:
    """Are three drawn pairs of long blocks over? last : index of the last recorded day.

    Of several readings of a plan as a draw, the longest counts: they differ in the run-in only.
    """
    for draw in draws:
        if not draw.paired or draw.block_days < SHORTEST_BLOCKS_D or len(draw.sets) < FEWEST_PAIRS:
            continue
        days = np.flatnonzero(draw.unit_of == draw.sets[FEWEST_PAIRS - 1][-1])
        if len(days) >= draw.block_days - MISSING_D and last >= int(days[-1]) - MISSING_D:
            return True
    return False


def sure_of_sign(looks: Looks, balanced: float, early: float = EARLY, *, planned: bool = True) -> float:
    """The probability of the sign from which `helps` or `harms` is said at this look.

    balanced : days so far; early : z asked for at most, EARLY_DRAWN once drawn pairs tell more (`drawn_pairs`);
    planned : the doses were planned beforehand.
    """
    return sure_at_one_look(planned) if looks.once else _probability(bar(looks, balanced, early))


def sure_at_one_look(planned: bool) -> float:
    """The same where one looks once."""
    return _probability(ONCE if planned else OFTEN)


def _probability(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))


def bar(looks: Looks, balanced: float, early: float = EARLY) -> float:
    """z of that probability where one looks often."""
    if balanced >= looks.horizon_days:
        return OFTEN
    return min(early, OFTEN * looks.horizon_days / max(balanced, 1.0))
