"""How long the capsules at hand last: a trial must not die because they ran out."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nightdose.language.calendar import dated
from nightdose.language.catalogue import say
from nightdose.language.number import as_given
from nightdose.protocol.titration import PlannedStep, Strength, Titration

REFILL_LEAD_DAYS = 14  # a compounding pharmacy needs time


@dataclass(frozen=True, slots=True)
class Supply:
    """One strength: needed, at hand, and when it runs out (None: it lasts)."""

    strength: Strength
    needed: int
    at_hand: int
    runs_out: datetime.date | None
    order_by: datetime.date | None

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.at_hand)

    def words(self, today: datetime.date, said: Callable[[datetime.date], str] = dated) -> str:
        """What is needed and at hand, the first evening without, and the day to order; said : how a day is written."""
        have = say(
            "{mg} mg: {needed} needed, {at_hand} at hand",
            mg=as_given(self.strength.mg),
            needed=self.needed,
            at_hand=self.at_hand,
        )
        if self.runs_out is None or self.order_by is None:
            return say("{have}: enough.", have=have)
        if self.order_by <= today:
            return say("{have}: none left on the evening of {day}; order now.", have=have, day=said(self.runs_out))
        return say(
            "{have}: none left on the evening of {day}; order by {order}.",
            have=have,
            day=said(self.runs_out),
            order=said(self.order_by),
        )


def forecast(plan: Titration, at_hand: Mapping[Strength, int]) -> tuple[Supply, ...]:
    """For each strength of the plan: does it last, and if not, the first evening without."""
    out = []
    for strength, needed in sorted(plan.pieces_needed().items(), key=lambda pair: pair[0].mg):
        have = at_hand.get(strength, 0)
        empty = _first_day_without(plan.steps, strength, have)
        order = empty - datetime.timedelta(days=REFILL_LEAD_DAYS) if empty else None
        out.append(Supply(strength, math.ceil(needed), have, empty, order))
    return tuple(out)


def _first_day_without(steps: tuple[PlannedStep, ...], strength: Strength, have: float) -> datetime.date | None:
    for step in steps:
        nightly = sum(piece.count for piece in step.pieces if piece.strength == strength)
        if nightly == 0:
            continue
        nights = int(have // nightly)
        if nights < step.days:
            return step.first_day + datetime.timedelta(days=nights)
        have -= nightly * step.days
    return None
