"""Planned blocks in fixed turns: what a rhythm of the same period can do as well is not the treatment's."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.analyse import analyse
from nightdose.question.looks import ONE_LOOK

DAYS = 336
T = np.arange(DAYS)


def answer(length, pain, *, onset="same-day"):
    """A planned alternation of that length."""
    dose = blocks(DAYS, length)
    d = diary(wobbling(DAYS, 3) + pain(dose > 0), naltrexone_mg=dose, naltrexone_assigned_mg=dose)
    return analyse(d, ask(onset=onset, meaningful=0.5), looks=ONE_LOOK, curves=False)


@pytest.mark.parametrize("onset", ["same-day", "days", "weeks"])
@pytest.mark.parametrize("length", [7, 14])
def test_a_cycle_as_long_as_two_blocks_is_not_taken_for_the_medicine(length, onset):
    found = answer(length, lambda on: 1.2 * np.sin(np.pi * (T + 2) / length), onset=onset)
    assert found.verdict.answer == "not_yet_known"
    assert found.checks.rhythm.period_d == 2 * length
    if onset == "same-day":
        assert f"a rhythm of your own of about {2 * length} days" in found.verdict.sentence


def test_an_effect_that_comes_and_goes_within_the_day_is_no_wave():
    found = answer(14, lambda on: -1.5 * on)
    assert (found.verdict.answer, found.verdict.ceiling) == ("helps", "moderate")
    assert "rhythm_fits_blocks" in {reason.code for reason in found.verdict.reasons}


def test_blocks_of_four_weeks_no_cycle_follows():
    found = answer(28, lambda on: -1.0 * on)
    assert found.checks.rhythm is None
    assert found.verdict.answer == "helps"
