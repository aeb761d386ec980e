"""Kinds of outcome, one row each: what all that asks for an outcome's scale has to know of it.

How a kind becomes a series is `inference/observation.py`; what to touch for another one is in docs/recipes.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from nightdose.arrays import Floats
from nightdose.language.catalogue import mark, say
from nightdose.language.number import number

Scale = Literal["continuous", "rating", "ordinal", "binary", "count"]  # the names of KINDS

# the kinds that are judged in place of another: plain numbers, steps of any width, yes or no
NUMBERS: Scale = "continuous"
RATING: Scale = "rating"
FREE_STEPS: Scale = "ordinal"
YES_NO: Scale = "binary"

FOUR_WEEKS = 28.0  # days; what people read instead of a probability or a rate a day


@dataclass(frozen=True, slots=True)
class OutcomeKind:
    """One kind of outcome.

    says     : what it is, for people.
    reading  : factor and unit in which people read a difference.
    meaningful : the usual smallest difference worth having, in the outcome's own unit.
    limits   : lowest and highest possible value unless the question says otherwise; None = any.
    whole    : only whole numbers can occur. two : only two values can. steps : ordered steps, few of which are coarse.
    even     : the steps are taken to be equally wide.
    straight : an effect in the outcome's own unit is the model's coefficient, before floor and ceiling bend it.
    exact    : the fit needs no approximation, and is ten times faster.
    asks     : what is asked of it, where lower and where higher is better.
    kept     : how a kept diary writes it down (diary/entry.py: SCALES); "" = a kept diary does not.
    """

    says: str
    reading: tuple[float, str] = (1.0, mark("points"))
    meaningful: float = 1.0
    limits: tuple[float, float] | None = None
    whole: bool = False
    two: bool = False
    steps: bool = False
    even: bool = False
    straight: bool = False
    exact: bool = False
    asks: tuple[str, str] = (
        mark("Is {outcome} lower with {treatment} than without it?"),
        mark("Is {outcome} higher with {treatment} than without it?"),
    )
    kept: str = ""

    @property
    def events(self) -> bool:
        """True where something happens or does not, once or several times a day."""
        return self.two or self.whole

    def why_not(self, values: Floats) -> str:
        """Why recorded values, (n,) without unknowns, cannot be of this kind: what was found and what to do; '' = can.

        The sentence goes on from the outcome's name.
        """
        found = np.unique(values)
        if self.two and len(found) > 2:
            listed = ", ".join(f"{value:g}" for value in found[:4])
            return say(
                "has {n} different values ({listed} ...). Write 1 and 0, or choose the scale rating or count.",
                n=len(found),
                listed=listed,
            )
        broken = found[found != np.round(found)]
        if self.whole and len(broken):
            return say("has values such as {broken}. Choose the scale continuous.", broken=number(broken[0]))
        return ""


KINDS: Mapping[Scale, OutcomeKind] = MappingProxyType(
    {
        "continuous": OutcomeKind("any number", reading=(1.0, ""), straight=True, exact=True, kept="number"),
        "rating": OutcomeKind(
            "whole steps between two ends", limits=(0.0, 10.0), steps=True, even=True, straight=True, kept="0-10"
        ),
        "ordinal": OutcomeKind("ordered words, written as numbers", steps=True, kept="0-3"),
        "binary": OutcomeKind(
            "yes or no, written 1 or 0",
            reading=(FOUR_WEEKS, mark("days in 28")),
            meaningful=2 / FOUR_WEEKS,
            two=True,
            asks=(
                mark("Does {outcome} happen less often with {treatment} than without it?"),
                mark("Does {outcome} happen more often with {treatment} than without it?"),
            ),
            kept="yes/no",
        ),
        "count": OutcomeKind(
            "events a day, in whole numbers",
            reading=(FOUR_WEEKS, mark("in 28 days")),
            meaningful=2 / FOUR_WEEKS,
            limits=(0.0, float("inf")),
            whole=True,
            asks=(
                mark("Are there fewer {outcome} with {treatment} than without it?"),
                mark("Are there more {outcome} with {treatment} than without it?"),
            ),
            kept="count",
        ),
    }
)
