"""What cannot be meant is left out and named; what is only unusual stays."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diaries import blocks, diary, wobbling

from nightdose.diary.table.slips import dose_slips, score_slips, without_slips

PAIN = wobbling(60, 1)  # 5 +- 1


def with_value(value, day=20):
    out = PAIN.copy()
    out[day] = value
    return out


@pytest.mark.parametrize("value", [650.0, 65.0, -40.0, 1e300, -1e12])
def test_a_score_far_from_all_others_and_alone_there_is_left_out(value):
    assert np.flatnonzero(score_slips(with_value(value))).tolist() == [20]


@pytest.mark.parametrize("value", [10.0, 14.0, -3.0])
def test_a_score_that_somebody_could_have_meant_stays(value):
    assert not np.any(score_slips(with_value(value)))


def test_fifteen_sd_of_the_middle_is_the_line():
    """With others at 4 to 6 and an sd of 1 by the middle 80 %."""
    others = np.repeat(5 + 1.2816 * np.array([-1.0, 0.0, 1.0]), 20)
    for size, slips in ((14.5, 0), (15.5, 1)):
        assert np.sum(score_slips(np.append(others, 5 + size))) == slips


def test_a_value_that_is_not_alone_out_there_stays():
    """40 and 45: both are far, neither three times as far as the other; with a third they are a habit."""
    far = with_value(45.0)
    assert np.sum(score_slips(far)) == 1
    far[30] = 40.0
    assert np.sum(score_slips(np.tile(far, 4))) == 0
    three = far.copy()
    three[40] = 38.0
    assert np.sum(score_slips(three)) == 0


def test_two_slips_in_a_year_are_both_left_out():
    year = np.tile(PAIN, 6)
    year[[20, 200]] = 650.0, 580.0
    assert np.flatnonzero(score_slips(year)).tolist() == [20, 200]


def test_attacks_on_a_diary_of_zeros_are_no_slips():
    assert not np.any(score_slips(np.where(np.arange(100) % 20 == 3, 7.0, 0.0)))


@pytest.mark.parametrize(
    ("dose", "slip"),
    [(45.0, True), (22.5, True), (22.0, False), (0.45, True), (0.045, True), (1.0, False), (-4.5, True)],
)
def test_a_dose_that_cannot_be_meant_beside_its_neighbours(dose, slip):
    """One evening among nights of 4.5 mg: five times as much, or a tenth or hundredth."""
    doses = blocks(112)
    doses[40] = dose
    assert np.flatnonzero(dose_slips(doses)).tolist() == ([40] if slip else [])


def test_a_titration_is_no_slip_and_neither_is_a_dose_taken_often():
    assert not np.any(dose_slips(np.repeat([0.1, 0.5, 1.5, 3.0, 4.5], 2)))
    often = blocks(112)
    often[[40, 41, 42]] = 45.0
    assert not np.any(dose_slips(often))


def test_each_slip_is_a_problem_with_its_day_what_stands_there_and_what_all_others_are():
    doses = blocks(60)
    doses[40] = 45.0
    found = without_slips(diary(with_value(650.0), naltrexone_mg=doses), "pain", ("naltrexone",))
    assert np.isnan(found.column("pain")[20])
    assert np.isnan(found.dose("naltrexone")[40])
    score, dose = (p.what for p in found.problems)
    assert "'pain' is 650; all others are" in score
    assert "'naltrexone' is 45 mg, between days with 4.5" in dose
    assert np.sum(np.isnan(found.column("pain"))) == 1
