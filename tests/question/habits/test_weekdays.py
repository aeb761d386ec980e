"""Doses that follow the day of the week, from both sides of every bound."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diaries import FIRST_DAY

from nightdose.question.habits.weekdays import follows_weekday

WEEKDAY = (FIRST_DAY - 1 + np.arange(400)) % 7  # Monday 0


def found(on, known=None):
    on = np.asarray(on, dtype=bool)
    return follows_weekday(on, np.ones(len(on), dtype=bool) if known is None else known, FIRST_DAY)


def kept(rule, share, seed=0):
    """A rule kept to on that share of days, the other way round on the rest."""
    return rule ^ (np.random.default_rng(seed).random(len(rule)) > share)


def test_none_at_weekends():
    week = found(WEEKDAY[:84] < 5)
    assert week.share == pytest.approx(1.0)
    assert (week.often, week.seldom) == ((0, 1, 2, 3, 4), (5, 6))


@pytest.mark.parametrize("rule", [WEEKDAY[:150] < 5, WEEKDAY[:150] == 2, np.isin(WEEKDAY[:150], (0, 3, 5))])
def test_a_rule_kept_on_85_of_100_days_is_seen(rule):
    assert np.mean([found(kept(rule, 0.85, seed)) is not None for seed in range(100)]) >= 0.97


def test_what_was_before_the_first_day_on_does_not_hide_it():
    assert found(np.r_[np.zeros(140, dtype=bool), WEEKDAY[140:240] < 5]) is not None


@pytest.mark.parametrize("rate", [0.85, 0.5, 0.2])
def test_days_on_at_random_do_not_follow(rate):
    rng = np.random.default_rng(1)
    assert np.mean([found(rng.random(200) < rate) is not None for _ in range(500)]) <= 0.002


def test_six_weeks_at_random_do_not_follow_either():
    """So few days leave a fifth to chance easily; the table has to be surprising as well."""
    rng = np.random.default_rng(4)
    assert np.mean([found(rng.random(42) < 0.5) is not None for _ in range(500)]) <= 0.004


def test_a_capsule_forgotten_more_often_at_weekends_is_no_rule():
    """20 of 100 at weekends, 5 of 100 else."""
    rng = np.random.default_rng(2)
    forgets = np.where(WEEKDAY[:300] >= 5, 0.20, 0.05)
    assert not any(found(rng.random(300) > forgets) for _ in range(100))


@pytest.mark.parametrize("length", [7, 14, 28])
def test_blocks_of_whole_weeks_do_not_follow(length):
    assert found(np.arange(336) // length % 2 == 1) is None


@pytest.mark.parametrize(("days", "seen"), [(20, False), (28, True)])
def test_three_weeks_at_least(days, seen):
    assert (found(WEEKDAY[:days] < 5) is not None) is seen
