"""Doses that come back in a rhythm or at the same time of the month, and such that do not."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from tests.diaries import FIRST_DAY

from nightdose.question.habits.rhythm import rhythm_of


def found(on, first_day=None):
    on = np.asarray(on, dtype=bool)
    return rhythm_of(on, np.ones(len(on), dtype=bool), first_day)


def turns(on, off, times):
    return np.tile(np.r_[np.ones(on), np.zeros(off)], times) > 0


def kept(rule, share, seed):
    return rule ^ (np.random.default_rng(seed).random(len(rule)) > share)


@pytest.mark.parametrize(
    ("on", "off"), [(4, 4), (5, 3), (6, 3), (7, 7), (4, 3), (10, 4), (14, 14), (21, 7), (5, 23), (20, 20)]
)
def test_a_strict_turn_has_its_period(on, off):
    assert found(turns(on, off, 220 // (on + off))).period_d == on + off


@pytest.mark.parametrize(("on", "off"), [(4, 4), (6, 3), (14, 14), (8, 20)])
def test_a_turn_kept_on_85_of_100_days_is_seen(on, off):
    rule = turns(on, off, 240 // (on + off))
    assert np.mean([found(kept(rule, 0.85, seed)) is not None for seed in range(100)]) >= 0.9


def test_cycles_of_unequal_length_are_seen():
    """26 to 31 days, the first half of each, eight of them."""
    rng, seen = np.random.default_rng(0), 0
    for _ in range(100):
        lengths = rng.integers(26, 32, size=8)
        seen += found(np.concatenate([np.r_[np.ones(n // 2), np.zeros(n - n // 2)] for n in lengths])) is not None
    assert seen >= 95


@pytest.mark.parametrize("which", ["first", "last"])
def test_days_of_the_month_are_named_as_such(which):
    """The first eight days of each month, or the last eight."""
    days = [datetime.date.fromordinal(FIRST_DAY + t) for t in range(300)]
    left = [((day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1) - day).days for day in days]
    on = [day.day <= 8 if which == "first" else n <= 8 for day, n in zip(days, left, strict=True)]
    assert found(on, FIRST_DAY).of_month
    assert not found(turns(14, 14, 10), FIRST_DAY).of_month


@pytest.mark.parametrize(
    ("start", "stop"), [(0.2, 0.2), (0.1, 0.3), (0.05, 0.05), (0.03, 0.06), (0.5, 0.5), (0.02, 0.02)]
)
def test_on_and_off_as_it_comes_is_no_rhythm(start, stop):
    """A coin whose odds depend on yesterday alone; 200 diaries of 120 to 365 days each: at most one in a hundred."""
    rng, seen = np.random.default_rng(3), 0
    for _ in range(200):
        on = np.zeros(int(rng.integers(120, 366)), dtype=bool)
        for t in range(1, len(on)):
            on[t] = rng.random() >= stop if on[t - 1] else rng.random() < start
        seen += found(on) is not None
    assert seen <= 2


@pytest.mark.parametrize("length", [28, 35])
def test_blocks_of_four_weeks_come_round_too_slowly(length):
    assert found(turns(length, length, 6)) is None


def test_before_and_after_is_no_rhythm_and_every_other_day_none_that_life_has():
    assert found(np.arange(200) >= 60) is None
    assert found(np.arange(200) % 2 == 0) is None
    assert found(turns(2, 2, 40)).period_d == 4


@pytest.mark.parametrize(("times", "seen"), [(4, False), (5, True)])
def test_five_turns_of_four_weeks_are_a_rhythm_by_themselves(times, seen):
    assert (found(turns(14, 14, times)) is not None) is seen


def test_a_capsule_forgotten_every_twenty_days_is_no_rhythm_and_an_evening_a_week_without_is():
    days = np.arange(200)
    assert rhythm_of(days % 20 != 0, np.ones(200, dtype=bool)) is None
    assert rhythm_of(days % 7 != 0, np.ones(200, dtype=bool)).period_d == 7
