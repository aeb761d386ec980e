"""Which orders could have been drawn: read off the plan, never off a run-in, a washout or a forgotten capsule."""

from __future__ import annotations

import numpy as np
import pytest

from nightdose.question.draws import blocks_laid_out, draws, stretches_of

U = np.nan


def laid(*parts):
    """`laid((0, 14), (4.5, 28))`: 14 days of 0, 28 of 4.5."""
    return np.concatenate([np.full(days, dose) for dose, days in parts])


def only(dose, randomised="blocks", *, written=True):
    found = draws(np.asarray(dose, dtype=float), randomised, written=written)
    assert len(found) == 1
    return found[0]


def order(draw):
    return (draw.levels > 0).astype(int).tolist()


SIX = (4.5, 28), (0, 28), (0, 28), (4.5, 28), (4.5, 28), (0, 28)


def test_pairs_of_blocks():
    draw = only(laid(*SIX))
    assert order(draw) == [1, 0, 0, 1, 1, 0]
    assert draw.sets == ((0, 1), (2, 3), (4, 5))
    assert draw.block_days == 28


@pytest.mark.parametrize("run_in", [7, 14, 20, 42])
def test_a_run_in_is_not_drawn(run_in):
    draw = only(laid((0, run_in), *SIX))
    assert draw.sets == ((0, 1), (2, 3), (4, 5))
    assert np.all(draw.unit_of[:run_in] == -1)


def test_a_run_in_as_long_as_a_block_is_told_from_one_by_the_pairs():
    draws_found = draws(laid((0, 28), *SIX), "blocks", written=False)
    assert [order(draw) for draw in draws_found] == [[1, 0, 0, 1, 1, 0]]


def test_days_after_the_trial_are_not_drawn():
    """The last pair is on, off; 60 more days without follow."""
    draw = only(laid(*SIX, (0, 60)))
    assert draw.sets == ((0, 1), (2, 3), (4, 5))


def test_days_that_the_plan_does_not_speak_of_are_in_no_block():
    dose = laid((U, 10), *SIX, (U, 20))
    draw = only(dose)
    assert np.all((draw.unit_of == -1) == np.isnan(dose))


def test_a_block_that_climbs_to_its_dose_stays_one_block():
    climb = (1.5, 7), (3.0, 7), (4.5, 14)
    draw = only(laid((0, 14), *climb, (0, 56), *climb, (4.5, 28), (0, 28)))
    assert order(draw) == [1, 0, 0, 1, 1, 0]
    assert draw.sets == ((0, 1), (2, 3), (4, 5))


def test_dose_blocks_are_sets_with_one_of_each_dose():
    sets = ([3.0, 0, 1.5, 4.5], [0, 4.5, 3.0, 1.5], [4.5, 1.5, 0, 3.0])
    draw = only(np.repeat(np.concatenate(sets), 28))
    assert draw.sets == ((0, 1, 2, 3), (4, 5, 6, 7), (8, 9, 10, 11))


def test_another_dose_in_each_pair_is_still_a_pair():
    draw = only(laid((1.5, 28), (0, 28), (0, 28), (3.0, 28), (4.5, 28), (0, 28)))
    assert draw.sets == ((0, 1), (2, 3), (4, 5))


def test_a_trial_cut_short_ends_in_a_short_block():
    draw = only(laid(*SIX[:5], (0, 10)))
    assert draw.sets == ((0, 1), (2, 3), (4, 5))
    assert np.sum(draw.unit_of == 5) == 10


def test_unpaired_blocks_can_be_dealt_out_only_where_the_plan_is_written_down():
    dose = laid((4.5, 84), (0, 28), (4.5, 28), (0, 56))
    assert only(dose).sets == (tuple(range(7)),)
    assert draws(dose, "blocks", written=False) == ()


@pytest.mark.parametrize("lengths", [(5, 2), (4, 3), (10, 4), (1, 2)])
def test_stretches_of_two_lengths_are_no_blocks(lengths):
    dose = np.tile(laid((4.5, lengths[0]), (0, lengths[1])), 12)
    assert draws(dose, "blocks", written=False) == ()


def test_blocks_are_read_off_the_doses():
    """Three days each; two alike in a row, a day nobody knows inside one, and weeks outside the trial."""
    draw = only([U, U, 0, 0, 0, 1, 1, 1, 1, U, 1, 0, 0, 0, U, U, U, U, 1, 1, 1])
    assert draw.block_days == 3
    assert draw.levels.tolist() == [0, 1, 1, 0, 1]
    assert draw.unit_of.tolist() == [-1, -1, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, -1, -1, -1, -1, 4, 4, 4]


def test_days_are_units_but_for_a_run_in():
    """Ten zeros before days drawn one by one were not drawn; nine may have been."""
    dose = np.array([1, 0, 1, 1, 0, 0, 1.0])
    assert only(np.r_[np.zeros(10), dose], "days").units == 7
    assert only(np.r_[np.zeros(9), dose], "days").units == 16


def test_a_locked_schedule_says_itself_where_its_blocks_are():
    """Run-in of 3, blocks of 4 with washouts of 2; the diary ends in the last block's second day."""
    begins = np.array([3, 9, 15, 21])
    dose = np.zeros(23)
    dose[3:7] = dose[15:19] = 4.5
    draw = blocks_laid_out(dose, begins, 4)
    assert draw.sets == ((0, 1), (2, 3))
    assert np.flatnonzero(draw.unit_of == -1).tolist() == [0, 1, 2, 7, 8, 13, 14, 19, 20]


def test_nothing_drawn():
    assert draws(laid(*SIX), "none", written=True) == ()
    assert draws(np.full(10, U), "blocks", written=True) == ()


@pytest.mark.parametrize(("hole", "stretches"), [(2, 4), (3, 5)])
def test_two_evenings_that_the_plan_leaves_open_end_no_block_and_three_do(hole, stretches):
    """In the middle of the first of six blocks of 28 days, which are four stretches."""
    dose = laid(*SIX)
    dose[10 : 10 + hole] = U
    assert len(stretches_of(dose)) == stretches
