"""Unknown doses: assumed only between equal ones, weighed by how far they could move the exposure."""

import numpy as np
import pytest

from nightdose.exposure.dosing import dose_log

U = np.nan


def test_unknown_is_not_zero():
    """3 U U U U U U U U U U U U 0: nobody knows, so those days are left out."""
    log = dose_log(np.array([3.0, *[U] * 12, 0.0]), 2.0, on_before=False)
    assert not log.assumed.any()
    assert log.uncertain[4:12].all()
    assert not log.known[5]


def test_a_gap_between_equal_doses_of_at_most_a_week_is_assumed_and_said():
    """3 3 U U 3 3 -> 3 throughout; 3 U(8 days) 3 stays unknown."""
    short = dose_log(np.array([3.0, 3, U, U, 3, 3]), 5.0, on_before=False)
    assert short.dose.tolist() == [3.0] * 6
    assert short.assumed.tolist() == [False, False, True, True, False, False]
    long = dose_log(np.array([3.0, *[U] * 8, 3.0]), 5.0, on_before=False)
    assert not long.assumed.any()


def test_one_unknown_day_hardly_moves_a_slow_exposure():
    """0 0 0 U 3 3 3 with tau 10 days: at most 10 % of the exposure, so every day stays usable."""
    assert not dose_log(np.array([0.0, 0, 0, U, 3, 3, 3]), 10.0, on_before=False).uncertain.any()


def test_same_day_effects_lose_exactly_the_unknown_days():
    """1 U 1 U U 0"""
    log = dose_log(np.array([1.0, U, 1, U, U, 0]), 0.0, on_before=False)
    assert log.uncertain.tolist() == [False, True, False, True, True, False]


def test_a_medicine_taken_before_the_diary_starts_at_its_steady_state():
    """200 200 0: topiramate from long ago."""
    assert dose_log(np.array([200.0, 200, 0]), 10.0, on_before=True).start == 200
    assert dose_log(np.array([200.0, 200, 0]), 10.0, on_before=False).start == 0


def test_nothing_written_means_nothing_known():
    log = dose_log(np.full(5, U), 10.0, on_before=True)
    assert log.uncertain.all()
    assert log.largest == 0


@pytest.mark.parametrize(("unknown_days", "assumed"), [(7, True), (8, False)])
def test_a_gap_of_seven_days_is_assumed_and_one_of_eight_is_not(unknown_days, assumed):
    log = dose_log(np.array([3.0, *[U] * unknown_days, 3.0]), 5.0, on_before=False)
    assert log.assumed.sum() == (unknown_days if assumed else 0)


@pytest.mark.parametrize(("before", "after"), [(3.0, 3.1), (0.0, 3.0)])
def test_a_gap_between_different_doses_is_never_assumed(before, after):
    assert not dose_log(np.array([before, U, after]), 5.0, on_before=False).assumed.any()


@pytest.mark.parametrize(("largest_share", "left_out"), [(0.199, False), (0.201, True)])
def test_a_day_is_left_out_when_unknown_doses_could_move_it_by_more_than_a_fifth(largest_share, left_out):
    """0 0 0 U 4.5 4.5: on the unknown day the exposure could be 1 - exp(-1/tau) of the largest dose."""
    tau = -1 / np.log(1 - largest_share)
    log = dose_log(np.array([0.0, 0, 0, U, 4.5, 4.5]), tau, on_before=False)
    assert log.uncertain[3] == left_out
    assert log.uncertain.sum() == left_out  # the day after it is already less


def test_the_first_known_dose_is_the_one_before_the_diary_where_it_did_not_start_with_it():
    """U 4.5 4.5: in everything but a trial it was surely being taken."""
    assert dose_log(np.array([U, 4.5, 4.5]), 10.0, on_before=True).start == 4.5
