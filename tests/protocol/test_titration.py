"""The prescriber's steps become evenings, in pieces that are at hand, exact to the microgram."""

import contextlib
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightdose.errors import CallError
from nightdose.protocol.doses import DoseInDoubt
from nightdose.protocol.gates import Cleared, SafetyRecord
from nightdose.protocol.interview import Answers
from nightdose.protocol.supply import forecast
from nightdose.protocol.titration import (
    Piece,
    PlannedStep,
    Step,
    Strength,
    Titration,
    make_up,
    micrograms,
    plan_titration,
)

MONDAY = datetime.date(2026, 11, 23)
SMALL = Strength(1.5)


def test_the_usual_titration_with_capsules_of_one_strength(cleared):
    """1.5 -> 3 -> 4.5 mg with 1.5 mg capsules: one, two, three an evening."""
    plan = plan_titration([Step(1.5, 14), Step(3, 14), Step(4.5, 28)], [SMALL], MONDAY, cleared)
    assert [step.pieces for step in plan.steps] == [(Piece(SMALL, n),) for n in (1, 2, 3)]
    assert [step.first_day.isoformat() for step in plan.steps] == ["2026-11-23", "2026-12-07", "2026-12-21"]
    assert plan.pieces_needed() == {SMALL: 14 + 28 + 84}


def test_no_plan_without_clearance():
    with pytest.raises(ValueError, match="No schedule is made"):
        plan_titration([Step(1.5, 14)], [SMALL], MONDAY, Cleared(SafetyRecord(Answers(MONDAY)), MONDAY, MONDAY))


def test_the_cleared_day_is_the_day_of_the_first_dose(cleared):
    with pytest.raises(ValueError, match="cleared for a first dose"):
        plan_titration([Step(1.5, 14)], [SMALL], MONDAY + datetime.timedelta(days=1), cleared)


def test_the_fewest_pieces_are_used():
    strengths = [Strength(0.5), Strength(1.5), Strength(3.0)]
    assert make_up(4.5, strengths) == (Piece(Strength(3.0), 1), Piece(SMALL, 1))


def test_a_dose_that_cannot_be_made_is_not_rounded():
    with pytest.raises(CallError, match="rounds no dose"):
        make_up(2.0, [SMALL])


def test_halves_only_of_tablets_that_may_be_halved():
    scored = Strength(3.0, "tablet", halves=True)
    assert make_up(4.5, [scored]) == (Piece(scored, 1.5),)
    with pytest.raises(CallError, match="cannot be halved"):
        Strength(3.0, "capsule", halves=True)


@pytest.mark.parametrize("dose", [-1, 0.00001, float("nan"), 1e9])
def test_what_is_no_dose_is_refused(dose):
    with pytest.raises((CallError, ValueError)):
        micrograms(dose)


@given(st.lists(st.integers(1, 20), min_size=1, max_size=3, unique=True), st.integers(1, 60))
def test_pieces_add_up_exactly_or_the_dose_is_refused(tenths, target):
    strengths = [Strength(tenth / 10) for tenth in tenths]
    try:
        pieces = make_up(target / 10, strengths)
    except CallError:
        return
    assert sum(micrograms(piece.strength.mg) * piece.count for piece in pieces) == target * 100


def test_a_tenfold_step_is_asked_about_and_one_above_the_label_needs_the_prescriber(cleared):
    """45 mg, probably 4.5; 450 mg never without a recorded word."""
    big = [Strength(45), Strength(450)]
    with pytest.raises(DoseInDoubt, match=r"Is 4\.5 mg meant"):
        plan_titration([Step(45, 14)], big, MONDAY, cleared)
    assert plan_titration([Step(45, 14)], big, MONDAY, cleared, said_again_mg={45}).days == 14
    with pytest.raises(DoseInDoubt, match="Ask your prescriber"):
        plan_titration([Step(450, 3)], big, MONDAY, cleared, said_again_mg={450})


def test_a_plan_that_begins_with_nothing_is_refused(cleared):
    """Five days of 0 mg, then the first dose: it would lie later than the day that was cleared."""
    with pytest.raises(CallError, match="begins with the evening of its first dose"):
        plan_titration([Step(0, 5), Step(1.5, 5)], [SMALL], MONDAY, cleared)


def test_a_titration_cannot_be_put_together_around_the_gates():
    with pytest.raises(CallError, match="have to be asked first"):
        Titration((PlannedStep(MONDAY, 14, 1.5, (Piece(SMALL, 1),)),), None)


def test_the_forecast_names_the_first_evening_without(cleared):
    plan = plan_titration([Step(1.5, 14), Step(3, 14)], [SMALL], MONDAY, cleared)
    (supply,) = forecast(plan, {SMALL: 20})
    assert (supply.needed, supply.missing) == (42, 22)
    assert supply.runs_out == datetime.date(2026, 12, 10)  # 14 evenings of one, then three of two
    assert forecast(plan, {SMALL: 42})[0].runs_out is None


@pytest.mark.parametrize(("dose", "made"), [(3.0, True), (3.5, False)])
def test_six_capsules_are_the_most_for_one_dose(dose, made):
    """Of 0.5 mg: 3 mg are six, 3.5 mg would be seven."""
    with contextlib.nullcontext() if made else pytest.raises(CallError, match="at most 6"):
        assert make_up(dose, [Strength(0.5)]) == (Piece(Strength(0.5), 6),)


def test_a_refill_is_ordered_two_weeks_before_the_first_evening_without(cleared):
    plan = plan_titration([Step(1.5, 60)], [SMALL], MONDAY, cleared)
    (supply,) = forecast(plan, {SMALL: 30})
    assert supply.runs_out == MONDAY + datetime.timedelta(days=30)
    assert supply.order_by == MONDAY + datetime.timedelta(days=16)
