"""What a doctor counts."""

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary

from nightdose.letter.counts import adherence, bad_days, rescue_counts, since_switch
from nightdose.question.runs import settled_runs

ON = np.array([0.0] * 28 + [4.5] * 28)


def test_a_bad_day_begins_where_the_worst_quarter_of_the_days_without_a_dose_begins():
    outcome = np.r_[np.arange(28.0), np.full(28, 5.0)]
    found = bad_days(outcome, ON, ask())
    assert found.line == 21.0
    assert (found.off.bad, found.off.days, found.on.bad, found.on.days) == (7, 28, 0, 28)
    assert found.off.in_28 == pytest.approx(7.0)


def test_where_higher_is_better_the_low_days_are_the_bad_ones():
    outcome = np.r_[np.arange(28.0), np.full(28, 5.0)]
    assert bad_days(outcome, ON, ask(better="higher")).line == 6.0


@pytest.mark.parametrize(("threes", "line"), [(18, 4.0), (6, 3.0)])
def test_on_a_coarse_scale_the_line_lies_where_a_quarter_is_nearest(threes, line):
    """Of 28 days without a dose 3 are a 4, so many a 3, the rest a 2: 3 or more are 21 of 28, or 9 of 28."""
    outcome = np.r_[np.full(3, 4.0), np.full(threes, 3.0), np.full(25 - threes, 2.0), np.full(28, 2.0)]
    share_of_four, share_of_three = 3 / 28, (3 + threes) / 28
    assert (abs(share_of_four - 0.25) < abs(share_of_three - 0.25)) == (line == 4.0)
    assert bad_days(outcome, ON, ask()).line == line


def test_a_line_that_the_person_drew_holds():
    found = bad_days(np.r_[np.full(28, 7.0), np.full(28, 6.9)], ON, ask(), 7.0)
    assert (found.own, found.off.bad, found.on.bad) == (True, 28, 0)


@pytest.mark.parametrize(("better", "bad"), [("lower", 10), ("higher", 18)])
def test_of_yes_and_no_the_worse_one_is_bad(better, bad):
    outcome = np.r_[np.ones(10), np.zeros(18), np.zeros(28)]
    assert bad_days(outcome, ON, ask(scale="binary", better=better, meaningful=0.1)).off.bad == bad


def test_a_missing_day_is_neither_good_nor_bad():
    outcome = np.full(56, np.nan)
    assert bad_days(outcome, ON, ask()) is None
    outcome[:2] = 5.0
    assert bad_days(outcome, ON, ask()).off.days == 2


@pytest.mark.parametrize(("taken", "kept"), [(4.5, 1), (4.3, 1), (4.2, 0), (0.0, 0), (np.nan, None)])
def test_a_dose_within_a_twentieth_of_the_plan_is_as_planned(taken, kept):
    found = adherence(diary([5.0], naltrexone_mg=[taken], naltrexone_assigned_mg=[4.5]), "naltrexone")
    assert found == (None if kept is None else (kept, 1))


def test_days_since_a_switch_leave_out_the_run_that_follows_none():
    dose = blocks(140, 28)
    known = np.ones(140, dtype=bool)
    outcome = np.where(dose > 0, 2.0, 6.0)
    outcome[:28] = 100.0
    on, off = since_switch(outcome, settled_runs(dose > 0, known))
    assert (on.on, off.on, on.runs, off.runs) == (True, False, 2, 2)
    assert np.all(on.quantiles == 2.0)
    assert np.all(off.quantiles == 6.0)
    assert on.quantiles.shape == (5, 28)


def test_with_one_switch_there_is_nothing_to_lay_over_each_other():
    known = np.ones(56, dtype=bool)
    assert since_switch(np.zeros(56), settled_runs(ON > 0, known)) == ()


def test_a_triptan_has_its_line_of_ten_days_a_month_and_paracetamol_of_fifteen():
    taken = np.r_[np.ones(14), np.zeros(42)]
    found = rescue_counts(
        diary(np.zeros(56), naltrexone_mg=ON, rescue_sumatriptan=taken, rescue_paracetamol=taken), "naltrexone"
    )
    assert [(each.name, each.line, each.off.in_28) for each in found] == [
        ("sumatriptan", 10, 14.0),
        ("paracetamol", 15, 14.0),
    ]


def test_a_rescue_medicine_that_was_never_taken_is_not_listed():
    assert rescue_counts(diary(np.zeros(56), naltrexone_mg=ON, rescue_any=np.zeros(56)), "naltrexone") == ()


def test_who_writes_down_only_the_days_with_a_rescue_medicine_is_not_taken_to_need_it_daily():
    """Ibuprofen on 2 of 28 days without and 1 of 28 with the medicine; every other cell is empty."""
    taken = np.full(56, np.nan)
    taken[[3, 9, 40]] = 1.0
    (found,) = rescue_counts(diary(np.zeros(56), naltrexone_mg=ON, rescue_ibuprofen=taken), "naltrexone")
    assert (found.off.in_28, found.on.in_28) == (2.0, 1.0)


def test_where_a_zero_is_written_an_empty_cell_is_a_day_nobody_knows():
    taken = np.r_[1.0, 0.0, np.full(54, np.nan)]
    (found,) = rescue_counts(diary(np.zeros(56), naltrexone_mg=ON, rescue_ibuprofen=taken), "naltrexone")
    assert (found.off.bad, found.off.days) == (1, 2)
