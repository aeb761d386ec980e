"""A medicine by mouth in one compartment: the closed form against the equations, and how people are drawn."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from nightdose.exposure.kinetics import Rates, concentration, drawn_rates

ONE = Rates(np.array([1.72]), np.array([0.87]), np.array([1400.0]))


def test_two_doses_are_what_the_differential_equations_say():
    hours = np.linspace(0, 12, 49)
    gut = lambda t: 2.0 * np.exp(-1.72 * t) + (1.0 * np.exp(-1.72 * (t - 5)) if t >= 5 else 0.0)  # noqa: E731
    found = solve_ivp(lambda t, y: [1.72 * gut(t) / 1.4 - 0.87 * y[0]], (0, 12), [0.0], t_eval=hours, rtol=1e-10,
                      atol=1e-12, max_step=0.05)  # fmt: skip
    closed = concentration(ONE, np.array([0.0, 5.0]), np.array([2.0, 1.0]), hours)
    assert closed[0] == pytest.approx(found.y[0], abs=2e-6)


def test_the_area_is_the_dose_over_clearance():
    hours = np.linspace(0, 60, 60_001)
    area = np.trapezoid(concentration(ONE, np.zeros(1), np.array([3.0]), hours)[0], hours)
    assert area == pytest.approx(3.0 * 1000 / (0.87 * 1400), rel=1e-4)


def test_nothing_is_there_before_the_first_dose():
    assert concentration(ONE, np.array([5.0]), np.array([2.0]), np.array([0.0, 4.9]))[0].tolist() == [0.0, 0.0]


def test_a_person_is_the_same_whoever_else_is_drawn_and_the_first_is_typical():
    middle, sdlog = np.array([1.72, 0.87, 1400.0]), np.array([0.5, 0.15, 0.9])
    few, many = drawn_rates(middle, sdlog, 3, 7), drawn_rates(middle, sdlog, 400, 7)
    assert many.elimination[:3].tolist() == few.elimination.tolist()
    assert many.apparent_volume[0] == 1400.0
    assert np.std(np.log(many.apparent_volume)) == pytest.approx(0.9, rel=0.1)


def test_equal_rates_are_held_apart():
    rates = drawn_rates(np.array([1.0, 1.0, 10.0]), np.zeros(3), 1, 1)
    assert np.isfinite(concentration(rates, np.zeros(1), np.ones(1), np.array([1.0]))).all()
