"""Two medicines in turns: days without the one are days with the other, and only the two can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Bools, Floats
from nightdose.language.catalogue import say
from nightdose.question.reason import Reason

IN_TURNS = 0.75  # share of days with just one of the two
OFTENER_WITHOUT = 0.6  # by how much the other was taken oftener on days without than on days with


@dataclass(frozen=True, slots=True)
class Instead:
    """Another medicine on the days without the treatment.

    in_turns : share of days on which just one of the two was taken; on_off, on_on : share of the days without and of
    the days with the treatment on which the other was taken.
    """

    name: str
    in_turns: float
    on_off: float
    on_on: float

    @property
    def all_along(self) -> bool:
        """True where there are hardly any days without both to compare with."""
        return self.in_turns >= IN_TURNS and self.on_off - self.on_on >= OFTENER_WITHOUT


def taken_instead(dose: Floats, known: Bools, others: Mapping[str, Floats]) -> Instead | None:
    """The medicine that was taken most on days without rather than with the treatment; None where there is no other.

    dose, known : (days,) of the treatment; others : name -> (days,) mg, NaN = unknown.
    """
    found = [
        _shares(name, dose[both] > 0, other[both] > 0)
        for name, other in others.items()
        if np.any((both := known & ~np.isnan(other)) & (dose > 0)) and np.any(both & (dose == 0))
    ]
    return max(found, key=lambda shares: shares.on_off - shares.on_on, default=None)


def _shares(name: str, on: Bools, other: Bools) -> Instead:
    return Instead(name, float(np.mean(on != other)), float(np.mean(other[~on])), float(np.mean(other[on])))


def compared(treatment: str, instead: Instead) -> Reason:
    """Said where a trial of two medicines in turns was asked about the one alone."""
    return Reason(
        "compared_with_another",
        say(
            "On {n} of 100 days without {treatment}, {other} was taken: this diary compares {treatment} with {other}. "
            "It says nothing of {treatment} against taking neither.",
            n=round(100 * instead.on_off),
            treatment=treatment,
            other=instead.name,
        ),
        {"medicine": instead.name, "in_turns": round(instead.in_turns, 3)},
    )
