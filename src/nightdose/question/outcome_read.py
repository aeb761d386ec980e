"""What became of the scores when they were read on the question's scale: most left out, or all alike."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nightdose.arrays import Floats
from nightdose.language.catalogue import say
from nightdose.language.number import number
from nightdose.question.question import Question
from nightdose.question.reason import Reason

MOST_OUTSIDE = 0.5  # share of scores outside the range above which the range is wrong, not the scores
ALIKE = 1e-9  # of the largest value: differences of less are those of writing numbers down


def outcome_weaknesses(question: Question, written: Floats, read: Floats) -> Iterator[Reason]:
    """Decisive reasons; written : (days,) scores as they stand in the diary, read : those left to analyse."""
    total = int(np.sum(~np.isnan(written)))
    low, high = question.ends or (-np.inf, np.inf)
    outside = int(np.sum((written < low) | (written > high)))  # one left out for another reason is not outside
    if outside > MOST_OUTSIDE * total:
        yield Reason(
            "outcome_outside_range",
            say(
                "{outside} of {total} scores of {outcome} are outside {low} to {high}. The range "
                "has to be that of the scale they were written on; they go from {nanmin} to "
                "{nanmax}.",
                outside=outside,
                total=total,
                outcome=question.outcome,
                low=number(low),
                high=number(high),
                nanmin=number(np.nanmin(written)),
                nanmax=number(np.nanmax(written)),
            ),
            {"outside": outside, "scores": total},
            decisive=True,
        )
    values = read[~np.isnan(read)]
    if not len(values) or np.ptp(values) == 0:
        return  # said by the design check
    if question.kind.even and np.ptp(np.round(values)) == 0:
        yield Reason(
            "outcome_constant",
            say(
                "Every score of {outcome}, {values} to {values_2}, is {values_3} as a rating on "
                "whole steps, so nothing can be seen to change. Ask with a continuous scale "
                "instead.",
                outcome=question.outcome,
                values=number(np.min(values)),
                values_2=number(np.max(values)),
                values_3=number(np.round(values[0])),
            ),
            {"value": float(np.round(values[0]))},
            decisive=True,
        )
    elif np.ptp(values) < ALIKE * np.max(np.abs(values)):
        yield Reason(
            "outcome_constant",
            say(
                "{outcome} is {values} on every day but for rounding, so nothing can be seen to change.",
                outcome=question.outcome,
                values=number(values[0]),
            ),
            {"value": float(values[0])},
            decisive=True,
        )
