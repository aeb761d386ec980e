"""What else a fit learned: the printed ups and downs are per 90 days and in the outcome's own unit."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary

from nightdose.analyse import analyse

DAYS = 1000


def wandering(sd_90d, unit=1.0):
    """A level that wanders, by so much in 90 days, seen through little noise."""
    rng = np.random.default_rng(1)
    level = np.cumsum(sd_90d / np.sqrt(90) * rng.standard_normal(DAYS))
    return diary(unit * (5 + level + 0.3 * rng.standard_normal(DAYS)), naltrexone_mg=blocks(DAYS))


@pytest.mark.parametrize("unit", [1.0, 10.0])
def test_a_level_that_wanders_two_points_in_90_days_is_said_to(unit):
    """The interval holds 2 points and neither what that is in 30 days (1.15) nor in 270 (3.5)."""
    middle, low, high = analyse(
        wandering(2.0, unit), ask(randomised="blocks", onset="same-day", meaningful=unit), curves=False
    ).nuisance.drift_sd_90d
    assert unit * 1.4 < low < unit * 2.0 < high < unit * 3.0
    assert low < middle < high
