"""First-order onset: closed forms and laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightdose.exposure.onset import effect_compartment

doses = st.lists(st.floats(0, 100), min_size=1, max_size=40).map(np.array)
taus = st.floats(0.1, 60)


def test_a_step_reaches_one_minus_exp_of_minus_n_over_tau():
    x = effect_compartment(np.full(30, 4.5), 9.0, 0.0)
    assert x == pytest.approx(4.5 * (1 - np.exp(-np.arange(1, 31) / 9)))


def test_after_the_last_dose_it_fades_by_the_same_time_constant():
    x = effect_compartment(np.zeros(20), 5.0, 3.0)
    assert x == pytest.approx(3 * np.exp(-np.arange(1, 21) / 5))


def test_same_day_means_no_carry_over():
    dose = np.array([0.0, 3.0, 0.0, 4.5])
    assert np.array_equal(effect_compartment(dose, 0.0, 9.0), dose)


@given(doses, taus)
def test_exposure_stays_within_the_doses(dose, tau):
    x = effect_compartment(dose, tau, 0.0)
    assert np.all(x >= 0)
    assert np.all(x <= dose.max() + 1e-9)


@given(doses, taus)
def test_exposures_superpose(dose, tau):
    other = dose[::-1].copy()
    together = effect_compartment(dose + other, tau, 0.0)
    assert together == pytest.approx(effect_compartment(dose, tau, 0.0) + effect_compartment(other, tau, 0.0))


@pytest.mark.parametrize("tau", [0.0, 0.3, 9.0, 400.0])
def test_sweeps_over_all_days_are_the_recursion_day_by_day(tau):
    dose, x, slow = np.random.default_rng(0).random(365), 0.7, []
    keep = np.exp(-1 / tau) if tau else 0.0
    for amount in dose:
        x = amount + keep * (x - amount)
        slow.append(x)
    assert effect_compartment(dose, tau, 0.7) == pytest.approx(slow, abs=1e-12)
