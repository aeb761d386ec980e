"""A small picture of the mechanism as a value: curves with bands, or bars that compare arms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats
from nightdose.mechanism.population import band
from nightdose.mechanism.simulate import Trajectory


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a panel with the band of 90 % of people. `assumed`: rests on an assumption or an animal figure."""

    name: str
    x: Floats
    middle: Floats
    low: Floats | None = None
    high: Floats | None = None
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One value with an interval, for panels that compare arms."""

    name: str
    value: float
    low: float
    high: float
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One small picture. `x_kind`: clock (hours from midnight), days, dose (mg, logarithmic) or arms (bars)."""

    title: str
    y_words: str
    x_kind: str
    curves: tuple[Curve, ...] = ()
    bars: tuple[Bar, ...] = ()
    reference: float | None = None
    reference_words: str = ""
    y_low: float | None = 0.0
    marks: tuple[tuple[float, str], ...] = ()


def curve_of(name: str, found: Trajectory, of: str, x: Floats, part: slice, *, assumed: bool = False) -> Curve:
    """One output of a run over a part of its time, with the band of 90 % of people."""
    low, middle, high = band(found.of(of)[:, part])
    return Curve(name, x, middle, low, high, assumed)


def bar_of(name: str, values: Floats, *, assumed: bool = False) -> Bar:
    """Median and the middle 90 % of (person,) values."""
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    return Bar(name, float(middle), float(low), float(high), assumed)
