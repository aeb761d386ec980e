"""What a doctor counts."""

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary

from nightdose.letter.counts import (
    Rescue,
    Share,
    adherence,
    bad_days,
    by_day_before,
    called_a_side_effect,
    rescue_counts,
    side_effects,
    since_switch,
)
from nightdose.letter.words import rescue_table
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


def test_days_drawn_one_by_one_are_told_apart_by_the_dose_of_the_day_and_of_the_day_before():
    """Runs of two days: 10 without a dose, 2 less with one, 1 less the day after one."""
    dose = np.tile([0.0, 0.0, 4.5, 4.5], 10)
    outcome = 10 - 2.0 * (dose > 0) - 1.0 * (np.r_[0, dose[:-1]] > 0)
    groups = by_day_before(outcome, dose)
    assert [(g.on, g.before, g.mean) for g in groups] == [
        (False, False, 10.0), (False, True, 9.0), (True, False, 8.0), (True, True, 7.0),
    ]  # fmt: skip
    assert sum(g.days for g in groups) == 39  # the first day follows none


def test_days_whose_dose_or_whose_day_before_is_unknown_are_in_no_group():
    dose = np.tile([0.0, 0.0, 4.5, 4.5], 10)
    dose[20] = np.nan
    assert sum(g.days for g in by_day_before(np.zeros(40), dose)) == 37


def test_a_group_of_fewer_than_five_days_has_no_quantiles_and_without_any_there_is_no_picture():
    dose = np.r_[np.tile([0.0, 4.5], 6), 4.5, 4.5]
    groups = by_day_before(np.zeros(14), dose)
    assert [np.isfinite(g.mean) for g in groups] == [False, True, True, False]
    assert by_day_before(np.zeros(14), np.zeros(14)) == ()


@pytest.mark.parametrize(
    "name", ["nausea", "Vivid_Dreams (0-3)", "side_effect_itching", "Übelkeit", "dry mouth", "dizzy"]
)
def test_a_column_called_a_side_effect_is_one(name):
    assert called_a_side_effect(name)


@pytest.mark.parametrize(
    "name", ["headache", "fatigue", "sleep_h", "job_stress", "nausea_mg", "rescue_nausea", "rashid", "pain"]
)
def test_a_symptom_a_dose_or_a_rescue_medicine_is_not(name):
    assert not called_a_side_effect(name)


def test_a_diary_that_says_which_columns_are_side_effects_is_taken_at_its_word():
    """The kept diary knows: headache was written down as a side effect, nausea is a score of its own."""
    there = np.r_[np.ones(3), np.zeros(53)]
    made = diary(np.zeros(56), naltrexone_mg=ON, headache=there, nausea=there)
    assert [each.name for each in side_effects(made, ask())] == ["nausea"]
    assert [each.name for each in side_effects(replace(made, side_effects=("headache",)), ask())] == ["headache"]
    assert side_effects(replace(made, side_effects=()), ask()) == ()


def test_the_word_side_effect_does_not_stand_in_front_of_each():
    made = diary(np.zeros(56), naltrexone_mg=ON, side_effect_itching=np.ones(56))
    assert [each.name for each in side_effects(made, ask())] == ["itching"]


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


@pytest.mark.parametrize(("days", "said"), [(13, "1 of 13"), (14, "2.0")])
def test_a_rate_is_said_from_fourteen_days_on_and_before_only_how_many(days, said):
    assert math.isnan(Share(1, days).in_28) == (days < 14)
    row = rescue_table([Rescue("triptan", Share(1, days), Share(0, 0), None)]).rows[0]
    assert row[1:3] == (said, "–")
