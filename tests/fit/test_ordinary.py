"""The shapes of ordinary causes: whole weeks, every period a diary can tell apart, written cycles, jumps inside."""

from __future__ import annotations

import pickle
import tracemalloc

import numpy as np
import pytest

from nightdose.fit import ordinary


def test_a_week_has_seven_different_days_that_sum_to_nothing():
    columns = ordinary.weekday(70, 738000, 0.25).columns
    assert len({tuple(row) for row in columns.tolist()}) == 7
    assert np.sum(columns, axis=0) == pytest.approx(0)


def test_the_first_day_says_which_day_of_the_week_comes_first():
    one, next_day = (ordinary.weekday(70, first, 0.25).columns for first in (738000, 738001))
    assert np.array_equal(one[1:], next_day[:-1])


def test_every_cycle_of_ten_years_takes_no_more_memory_than_a_few_columns():
    """166 periods of four columns would be 19 MB; they are made when they are judged, and never sent."""
    tracemalloc.start()
    candidates = ordinary.cycles(3653, 0.4)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(candidates) * candidates[0].columns.nbytes > 15_000_000
    assert held < 500_000
    assert len(pickle.dumps(candidates)) < 500_000


@pytest.mark.parametrize("days", [90, 180, 364])
def test_every_period_from_18_to_42_days_is_nearly_one_that_is_tried(days):
    """A wave of any period: five eighths of it or more lie in the columns of one candidate."""
    candidates = ordinary.cycles(days, 0.4)
    assert sum(c.share for c in candidates) == pytest.approx(1.0)
    t = np.arange(days)
    for period in np.linspace(18.0, min(42.0, days / 2), 60):
        wave = np.sin(2 * np.pi * t / period + 1.0)
        left = [np.linalg.lstsq(c.columns, wave, rcond=None)[1][0] for c in candidates]
        assert 1 - min(left) / np.sum(np.square(wave)) > 5 / 8


def test_a_diary_that_holds_no_two_cycles_has_none():
    assert not ordinary.cycles(36, 0.4)
    assert ordinary.cycles(37, 0.4)


def test_an_overtone_is_half_as_large_as_its_wave():
    assert ordinary.cycles(200, 0.4)[0].sd.tolist() == [0.4, 0.4, 0.2, 0.2]


@pytest.mark.parametrize(("days", "seasons"), [(119, 0), (120, 1)])
def test_a_season_is_looked_for_from_four_months_on(days, seasons):
    assert len(list(ordinary.season(days, 0.3))) == seasons


def test_jumps_fall_on_any_day_but_the_first_and_last_week():
    assert ordinary.jumps(60, 0.7).days == range(7, 53)
    assert not ordinary.jumps(10, 0.7).days


def test_a_written_cycle_turns_once_from_first_day_to_first_day():
    """Days 1 of cycles of 26 and 30 days, nothing written between."""
    day = np.full(90, np.nan)
    day[[10, 36, 66]] = 1
    turns = ordinary.turns_of(day)
    assert turns is not None
    assert np.diff(turns[[10, 36, 66]]) == pytest.approx([1, 1])
    assert ordinary.written_cycle(turns, 0.4).at == pytest.approx(28, abs=0.5)
    assert np.all(np.diff(turns) > 0)


def test_any_day_of_a_cycle_tells_its_first_day():
    day = np.full(90, np.nan)
    day[[12, 40]] = [3, 5]
    turns = ordinary.turns_of(day)
    assert turns is not None
    assert turns[36] - turns[10] == pytest.approx(1)


@pytest.mark.parametrize("values", [{}, {10: 1}, {10: 1, 20: 1}])
def test_one_first_day_makes_no_cycle(values):
    day = np.full(60, np.nan)
    for at, value in values.items():
        day[at] = value
    assert ordinary.turns_of(day) is None
