"""Liquid arithmetic carries its units, is worked out twice, and refuses what a syringe cannot measure."""

import contextlib
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nightdose.errors import CallError
from nightdose.protocol.dilution import Liquid, volume_for
from nightdose.protocol.doses import DoseInDoubt
from nightdose.protocol.gates import Cleared, NotCleared, SafetyRecord
from nightdose.protocol.interview import Answers

ONE_TO_ONE = Liquid(Decimal(50), Decimal(50))


def test_fifty_mg_in_fifty_ml_is_one_mg_a_ml(cleared):
    measure = volume_for(Decimal("1.5"), ONE_TO_ONE, Decimal("0.1"), cleared)
    assert measure.ml == Decimal("1.5")
    assert measure.working[0] == "1.5 mg / (50 mg / 50 ml) = 1.5 ml"
    assert any("syringe" in warning for warning in measure.warnings)


def test_a_volume_that_the_syringe_cannot_measure_is_refused(cleared):
    with pytest.raises(CallError, match="cannot measure to 5 %"):
        volume_for(Decimal("0.15"), Liquid(Decimal(10), Decimal(1)), Decimal("0.1"), cleared)


def test_a_label_that_says_otherwise_stops_everything(cleared):
    with pytest.raises(CallError, match="Do not use either"):
        volume_for(Decimal("1.5"), ONE_TO_ONE, Decimal("0.1"), cleared, stated_ml=Decimal("0.15"))


@pytest.mark.parametrize(("mg", "ml"), [(50, 0.05), (1, 1000), (0, 1), (1, 0)])
def test_an_unusual_strength_is_questioned(mg, ml):
    with pytest.raises(CallError):
        Liquid(Decimal(str(mg)), Decimal(str(ml)))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])  # the fixture does not change
@given(st.integers(100, 4500), st.integers(1, 500), st.integers(1, 500))
def test_what_is_drawn_up_holds_the_dose_within_five_percent(cleared, dose, mg, ml):
    try:
        liquid = Liquid(Decimal(mg), Decimal(ml))
        measure = volume_for(Decimal(dose) / 1000, liquid, Decimal("0.01"), cleared)
    except CallError:
        return
    assert abs(measure.ml * Decimal(mg) / Decimal(ml) / (Decimal(dose) / 1000) - 1) <= Decimal("0.0500001")


def test_no_volume_while_a_gate_is_not_cleared(cleared):
    forged = object.__new__(Cleared)
    object.__setattr__(forged, "record", SafetyRecord(Answers(cleared.today)))
    object.__setattr__(forged, "first_dose", cleared.today)
    object.__setattr__(forged, "today", cleared.today)
    with pytest.raises(NotCleared):
        volume_for(Decimal("1.5"), ONE_TO_ONE, Decimal("0.1"), forged)


def test_a_tenfold_dose_is_asked_about_before_it_is_drawn_up(cleared):
    with pytest.raises(DoseInDoubt, match=r"Is 4\.5 mg meant"):
        volume_for(Decimal(45), ONE_TO_ONE, Decimal("0.1"), cleared)
    assert volume_for(Decimal(45), ONE_TO_ONE, Decimal("0.1"), cleared, said_again_mg={45}).ml == 45


@pytest.mark.parametrize(("mg", "plausible"), [("60", True), ("60.1", False), ("0.01", True), ("0.0099", False)])
def test_a_label_says_between_a_hundredth_and_sixty_milligrams_a_millilitre(mg, plausible):
    """Below, micrograms were read as milligrams; above, no solution of it is known."""
    with contextlib.nullcontext() if plausible else pytest.raises(CallError, match="unusual strength"):
        Liquid(Decimal(mg), Decimal(1))


@pytest.mark.parametrize(("dose", "measurable"), [("1.05", True), ("1.06", False)])
def test_the_marks_of_a_syringe_may_change_a_dose_by_five_percent(cleared, dose, measurable):
    """1 mg/ml and marks of 1 ml: 1.05 mg is drawn up as 1 ml, 4.8 % too little; of 1.06 mg it would be 5.7 %."""
    with contextlib.nullcontext() if measurable else pytest.raises(CallError, match="5 %"):
        assert volume_for(Decimal(dose), ONE_TO_ONE, Decimal(1), cleared).ml == 1
