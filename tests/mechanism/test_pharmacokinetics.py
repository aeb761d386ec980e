"""Doses to concentration to occupancy: closed forms, mass balance, superposition, bounds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nightdose.mechanism.compartments import LINEAR_STATES, amounts_after, dose_nmol
from nightdose.mechanism.intake import Event, Intake
from nightdose.mechanism.people import Body, sampled_person, typical_person
from nightdose.mechanism.simulate import simulate

TYPICAL = typical_person(Body())
BODY_STATES = ("gut", "central", "peripheral", "deep", "metabolite", "metabolite_peripheral")


def test_a_labelled_milligram_is_2646_nmol_of_base():
    assert dose_nmol(1.0, TYPICAL["salt_fraction"], TYPICAL["molar_mass"]) == pytest.approx(2646.4, rel=1e-4)


@pytest.mark.parametrize("person", range(3))
def test_linear_part_has_its_closed_form(person):
    p = sampled_person(Body(), 3, person)
    time_h = np.array([0.1, 1.0, 4.0, 24.0, 96.0, 400.0])
    found = simulate([p], [Intake.of([Event(0.0, "gut", 1000.0)])], time_h, LINEAR_STATES, error=1e-8)
    exact = amounts_after(p, 1000.0, time_h)
    assert np.allclose(found.values[0], exact, rtol=1e-6, atol=1e-6 * exact.max(axis=0))


doses = st.lists(st.tuples(st.floats(0, 90), st.floats(1, 1e5)), min_size=1, max_size=6)


@given(doses)
@settings(max_examples=25, deadline=None)
def test_nothing_is_lost_and_nothing_appears(taken):
    log = Intake.of(Event(hour, "gut", amount) for hour, amount in taken)
    found = simulate([TYPICAL], [log], np.array([96.0]), [*BODY_STATES, "eliminated"])
    assert found.values.sum() == pytest.approx(sum(amount for _, amount in taken), rel=1e-4)


@given(doses)
@settings(max_examples=25, deadline=None)
def test_doses_superpose_in_the_linear_part(taken):
    log = Intake.of(Event(hour, "gut", amount) for hour, amount in taken)
    found = simulate([TYPICAL], [log], np.array([96.0]), LINEAR_STATES, error=1e-7).values[0, 0]
    summed = sum(amounts_after(TYPICAL, amount, np.array([96.0 - hour]))[0] for hour, amount in taken)
    # the least state is given to a millionth of the largest dose
    assert np.allclose(found, summed, rtol=1e-4, atol=1e-6 * max(amount for _, amount in taken))


@given(st.floats(0.1, 300), st.integers(0, 50))
@settings(max_examples=25, deadline=None)
def test_occupancies_lie_between_none_and_all(dose_mg, person):
    p = sampled_person(Body(), 9, person)
    log = Intake.of([Event(22.0, "gut", dose_nmol(dose_mg, p["salt_fraction"], p["molar_mass"]))])
    names = ["occupancy_mu", "occupancy_kappa", "occupancy_delta", "occupancy_peripheral", "occupancy_ogfr"]
    found = simulate([p], [log], np.arange(0, 96.1, 2.0), names).values
    assert (found >= -1e-6).all()
    assert (found < 1).all()


def test_both_readings_of_clearance_give_the_same_plasma():
    log = Intake.of([Event(0.0, "gut", 1e5)])
    time_h = np.arange(1.0, 97.0, 4.0)
    curves = [
        simulate([typical_person(Body(readings={"clearance": side}))], [log], time_h, ["conc_naltrexone"]).values
        for side in ("meyer", "licko")
    ]
    assert np.allclose(*curves, rtol=1e-3)


def test_the_reading_of_exposure_moves_plasma_and_not_occupancy_beyond_the_metabolite():
    log = Intake.of([Event(0.0, "gut", 12000.0)])
    low, high = (plasma_and_block(side, log) for side in ("low", "high"))
    assert high[0] / low[0] > 3
    assert high[1] == pytest.approx(low[1], abs=0.03)


def plasma_and_block(side, log):
    person = typical_person(Body(readings={"exposure": side}))
    return simulate([person], [log], np.array([5.0]), ["conc_naltrexone", "occupancy_mu"]).values[0, 0]
