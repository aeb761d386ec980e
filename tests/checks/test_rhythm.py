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
@pytest.mark.parametrize("length", [7, 14, 28, 42])
def test_a_cycle_as_long_as_two_blocks_is_not_taken_for_the_medicine(length, onset):
    found = answer(length, lambda on: 1.2 * np.sin(np.pi * (T + 2) / length), onset=onset)
    assert found.verdict.answer == "not_yet_known"
    assert found.checks.rhythm.period_d == 2 * length
    if onset == "same-day":
        assert f"a rhythm of your own of about {found.checks.rhythm.period_d} days" in found.verdict.sentence


@pytest.mark.parametrize(("length", "told"), [(7, False), (14, False), (15, False), (16, True), (28, True)])
def test_a_life_that_changes_with_the_weeks_is_not_taken_for_the_medicine(length, told):
    """A child every other week, shifts of one or two weeks: worse at once and as long as the blocks, which may be a day
    longer than meant. A month on and a month off nobody's weeks are."""
    found = answer(length, lambda on: 1.2 * on)
    assert (found.verdict.answer == "harms") is told


@pytest.mark.parametrize("length", [28, 42])
def test_an_effect_that_comes_and_goes_within_the_day_is_no_wave(length):
    found = answer(length, lambda on: -1.5 * on)
    assert (found.verdict.answer, found.verdict.ceiling) == ("helps", "moderate")
    assert "rhythm_fits_blocks" in {reason.code for reason in found.verdict.reasons}


def test_an_order_that_was_drawn_no_slow_rhythm_follows():
    """Lots gave twelve blocks of four weeks in turn: the re-randomisation test stands beside them, and no wave."""
    dose = blocks(DAYS, 28)
    d = diary(wobbling(DAYS, 3) - (dose > 0), naltrexone_mg=dose, naltrexone_assigned_mg=dose)
    asked = ask(onset="same-day", meaningful=0.5, randomised="blocks")
    found = analyse(d, asked, looks=ONE_LOOK, curves=False)
    assert found.checks.rhythm is None
    assert found.verdict.answer == "helps"
