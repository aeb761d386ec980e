"""What one mechanism says: states, named quantities and rates as text, the single source of every form of the model.

From these records come the compiled kernel, the slow reference, SBML and Antimony, and the equations in docs/model.md.
The language is arithmetic (+ - * / and whole powers), `cos`, `sin`, the clock `t` in hours since midnight of day 0,
names of states, of quantities defined here or further up, and of parameters that have a passport.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class State:
    """One number that the body remembers.

    initial : its value in an untreated body at midnight of day 0, as an expression of parameters.
    typical : size below which a relative error is not asked for; per unit of the largest dose where `per_dose`.
    running_total : only ever adds up (an integral over time); nothing depends on it.
    """

    name: str
    unit: str
    meaning: str
    initial: str = "0"
    typical: float = 1.0
    per_dose: bool = False
    running_total: bool = False


@dataclass(frozen=True, slots=True)
class Quantity:
    """A named value computed from states and parameters at one moment; it has no memory."""

    name: str
    unit: str
    meaning: str
    equation: str


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One part of the body and its equations.

    rates  : state -> right-hand side of d(state)/dt, per hour.
    source : what the form of the equations rests on, in words; the numbers have their own passports.
    """

    name: str
    title: str
    states: tuple[State, ...]
    rates: Mapping[str, str]
    quantities: tuple[Quantity, ...] = ()
    source: str = ""
    wrong_when: str = field(default="")
