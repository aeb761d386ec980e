"""What the medicine costs a good day: its price a day over the good days it adds, with the interval of the effect.

A good day is one on the better side of the line that the letter draws. The days with the medicine are moved back by the
improvement, days written in whole steps as if spread evenly over their step, and the good ones counted again.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from nightdose.arrays import Floats
from nightdose.language.catalogue import say
from nightdose.language.number import number, whole
from nightdose.letter.background import Background
from nightdose.letter.counts import FOUR_WEEKS_D, bad_days
from nightdose.verdict.analysis import Analysis

STEP = 1.0  # of whole numbers


@dataclass(frozen=True, slots=True)
class GoodDays:
    """Good days in 28 gained with the medicine: by the mean improvement and by both ends of its 95 % interval."""

    line: float
    gained: float
    low: float
    high: float

    def each(self, price: float) -> tuple[float, float, float]:
        """Price of a good day gained: (as found, at best, at worst); inf where none may be gained."""
        costs = [price * FOUR_WEEKS_D / days if days > 0 else inf for days in (self.gained, self.high, self.low)]
        return costs[0], costs[1], costs[2]


def good_days(analysis: Analysis, own_line: float | None) -> GoodDays | None:
    """None where the diary gives no number, or there is no day with the medicine."""
    estimate, question = analysis.verdict.estimate, analysis.question
    found = bad_days(analysis.outcome, analysis.dose, question, own_line)
    if estimate is None or found is None or not analysis.verdict.answered or not np.any(analysis.case.on):
        return None
    days = analysis.outcome[analysis.case.on]
    if question.kind.two:
        gained = [FOUR_WEEKS_D * x for x in (estimate.mean, *estimate.interval95)]
    else:
        worse = 1.0 if question.better == "lower" else -1.0
        step = STEP if question.kind.whole or question.kind.steps else 0.0
        gained = [
            FOUR_WEEKS_D
            * (_good(worse * days, worse * found.line, 0.0, step) - _good(worse * days, worse * found.line, x, step))
            for x in (estimate.mean, *estimate.interval95)
        ]
    return GoodDays(found.line, *gained)


def _good(badness: Floats, line: float, moved: float, step: float) -> float:
    """Share of days below the line once they are worse by `moved`; a whole step counts by the part of it below."""
    room = line - badness - moved
    if not step:
        return float(np.mean(room > 0))
    return float(np.mean(np.clip(room / step, 0.0, 1.0)))


def cost_words(analysis: Analysis, background: Background) -> tuple[str, ...]:
    """Price, what was paid over the diary, and what a good day gained costs; () without a price."""
    price = background.price_a_day
    if price is None:
        return ()
    on = int(np.sum(analysis.case.log.known & (analysis.case.log.dose > 0)))
    out = [
        say(
            "{price} a day, in your own money; over the {n} days with it in this diary {total}.",
            price=number(price),
            n=whole(on),
            total=number(price * on),
        )
    ]
    found = good_days(analysis, background.bad_line)
    if found is None:
        return (*out, say("What a good day gained costs cannot be said: this diary gives no number."))
    middle, best, worst = found.each(price)
    side = say("below") if analysis.question.better == "lower" else say("above")
    out.append(
        say(
            "Good days ({outcome} {side} {line}) gained in 28: {gained} (95 % interval {low} to {high}).",
            outcome=analysis.question.outcome,
            side=side,
            line=number(found.line),
            gained=number(found.gained, 0.5),
            low=number(found.low, 0.5),
            high=number(found.high, 0.5),
        )
    )
    if best == inf:
        out.append(say("No good day is gained, so it has no price."))
    elif worst == inf:
        out.append(
            say(
                "Each costs {middle}; {best} at best, and without limit at worst: there may be none gained.",
                middle=number(middle) if middle < inf else say("more than can be said"),
                best=number(best),
            )
        )
    else:
        out.append(
            say(
                "Each costs {middle} (95 % interval {best} to {worst}).",
                middle=number(middle),
                best=number(best),
                worst=number(worst),
            )
        )
    if analysis.verdict.ceiling == "low":
        out.append(say("That the medicine made them is not established by such a diary."))
    return tuple(out)
