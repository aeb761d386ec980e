"""How the recorded days lie in what all others predict: few are far out by chance, and one that is far out is named."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.analyse import analyse

DAYS = 336


def day_fit(pain):
    return analyse(diary(pain, naltrexone_mg=blocks(DAYS)), ask(randomised="blocks", onset="same-day")).day_fit


def test_of_a_year_of_ordinary_days_hardly_any_is_called_far_out():
    """Chance on its side below 0.0005: one in a thousand days; more than two of 336 happen in 1 of 200 diaries."""
    found = day_fit(wobbling(DAYS, 4))
    assert len(found.far_out) <= 2
    assert found.inside90 == pytest.approx(0.9, abs=0.06)


def test_a_day_five_sd_from_the_others_is_named():
    pain = wobbling(DAYS, 4)
    pain[100] += 5
    assert 100 in day_fit(pain).far_out


def test_a_weekly_rhythm_that_the_model_does_not_know_shows_in_the_days_a_week_apart():
    weekly = np.where(np.arange(DAYS) % 7 < 2, 1.5, 0.0)
    assert day_fit(wobbling(DAYS, 4)).week == pytest.approx(0.0, abs=0.2)
    assert day_fit(wobbling(DAYS, 4) + weekly).week > 0.25
