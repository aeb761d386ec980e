"""The slow, obvious twin of the kernel: the same equations, evaluated by Python from their text."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from types import CodeType

import numpy as np

from nightdose.arrays import Floats
from nightdose.mechanism.system import OUTPUT_NAMES, QUANTITIES, RATES, STATE_NAMES, STATES

_LANGUAGE = {"__builtins__": {}, "cos": math.cos, "sin": math.sin}


@cache
def _code(text: str) -> CodeType:
    return compile(text, "<equation>", "eval")


def _value(text: str, names: Mapping[str, float]) -> float:
    return float(eval(_code(text), _LANGUAGE, names))  # our own equations, checked by `expressions`


def evaluate_initial(p: Mapping[str, float]) -> Floats:
    """(states,) untreated body at midnight of day 0."""
    return np.array([_value(state.initial, p) for state in STATES])


def quantities(t: float, y: Floats, p: Mapping[str, float]) -> dict[str, float]:
    """Every quantity without memory at one moment, by name; states included."""
    names = {**p, **dict(zip(STATE_NAMES, y.tolist(), strict=True)), "t": t}
    for quantity in QUANTITIES:
        names[quantity.name] = _value(quantity.equation, names)
    return {name: names[name] for name in OUTPUT_NAMES}


def rates(p: Mapping[str, float]) -> Callable[[float, Floats], Floats]:
    """f(t, y) of dy/dt = f, for any solver."""

    def right_hand_side(t: float, y: Floats) -> Floats:
        names = {**p, **dict(zip(STATE_NAMES, y.tolist(), strict=True)), "t": t}
        for quantity in QUANTITIES:
            names[quantity.name] = _value(quantity.equation, names)
        return np.array([_value(RATES[name], names) for name in STATE_NAMES])

    return right_hand_side
