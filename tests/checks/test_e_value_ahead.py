"""Which block length can reach 20: the check's own estimates, few false ones, short blocks for a fast effect."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pytest
from tests.diaries import wobbling

from nightdose.checks.e_value import Pair, difference
from nightdose.checks.e_value_ahead import Truth, _slopes, best, reaches
from nightdose.knowledge.ups_and_downs import published
from nightdose.protocol.trial import TrialDesign

YEAR = TrialDesign("randomised_blocks", datetime.date(2026, 11, 23), run_in_days=14, pairs=6, block_days=28)
USUAL = published("usual")
SAME_DAY = Truth(effect=0.8 * USUAL.daily_sd, tau_d=0.0, sdlog=0.0)
WEEKS = replace(SAME_DAY, tau_d=9.8, sdlog=0.8)  # as the drug's file has it


@pytest.mark.parametrize("tau", [0.0, 9.8])
def test_the_simulated_pairs_are_judged_as_a_diary_is(tau):
    """Three pairs of 10 days with two days of washout, days missing, one block nearly empty."""
    scores = np.stack([wobbling(22, seed) for seed in range(3)])
    scores[0, [2, 13]] = np.nan
    scores[1, 3:10] = np.nan
    scores[1, 0] = np.nan
    pair = Pair((0, 10), (12, 22), True)
    assert _slopes(scores, pair, tau) == pytest.approx([difference(y, pair, tau) for y in scores])


def test_a_drug_that_does_nothing_reaches_twenty_in_at_most_one_trial_in_twenty_at_any_length():
    for reach in reaches(YEAR, replace(USUAL, drift_sd_90d=1.6), replace(SAME_DAY, effect=0.0)):
        assert reach.chance <= 0.055  # 2,000 trials: standard error 0.5 %


def test_an_effect_of_the_same_day_is_found_by_short_blocks_and_one_of_weeks_by_none():
    """0.8 sd over a year: 7-day blocks nearly always, by the middle of the year; with an onset of weeks one in four."""
    fast = {reach.block_days: reach for reach in reaches(YEAR, USUAL, SAME_DAY)}
    slow = {reach.block_days: reach for reach in reaches(YEAR, USUAL, WEEKS)}
    assert fast[7].chance > 0.9 > 0.6 > fast[28].chance
    assert fast[7].median_day < 182
    assert best(tuple(fast.values())).block_days in (5, 7)
    assert best(tuple(slow.values())).block_days in (14, 21)
    assert 0.15 < max(reach.chance for reach in slow.values()) < 0.4


def test_the_earliest_day_is_the_end_of_the_sixth_pair():
    found = {reach.block_days: reach for reach in reaches(YEAR, USUAL, SAME_DAY)}
    assert found[28].earliest_day == 14 + 12 * 28
    assert found[14].earliest_day == 14 + 12 * 14


def test_five_pairs_of_the_only_length_that_fits_reach_nothing():
    """Half a year of 28 days: 3 pairs; blocks of 14 days are 6 pairs, and can."""
    found = {reach.block_days: reach for reach in reaches(replace(YEAR, pairs=3), USUAL, SAME_DAY)}
    assert (found[28].pairs, found[28].earliest_day, found[28].chance) == (3, None, 0.0)
    assert found[14].earliest_day is not None
    assert best((found[28],)) is None
