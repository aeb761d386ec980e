"""What was planned, and what imitates it (question/weakness/trial.py): slow rhythms, an evening's own score."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diaries import ask, blocks, wobbling
from tests.question.test_habit_weaknesses import DAYS, reasons


@pytest.mark.parametrize(("length", "warned"), [(1, False), (2, True), (7, True), (28, True), (42, True), (56, False)])
def test_a_plan_that_a_rhythm_fits_is_warned(length, warned):
    """Shifts of two days, cycles, and infusions every eight or twelve weeks; nothing of people comes round every other
    day or every sixteen weeks."""
    assigned = blocks(DAYS, length)
    found = reasons(assigned, naltrexone_assigned_mg=assigned)
    assert ("rhythm_fits_blocks" in found) is warned
    if warned:
        assert found["rhythm_fits_blocks"].numbers["period_d"] == 2 * length


@pytest.mark.parametrize(
    ("written", "blinded", "doubted"), [(False, False, True), (True, False, False), (False, True, False)]
)
def test_days_drawn_by_somebody_s_word_alone_are_not_more_than_said(written, blinded, doubted):
    """Written down as asked for, or in capsules that look alike, the evening's own score cannot have chosen them.

    Scores without any memory: nothing around an evening tells who chose.
    """
    dose = 4.5 * np.random.default_rng(1).integers(0, 2, DAYS)
    asked = {"naltrexone_assigned_mg": dose} if written else {}
    question = ask(randomised="days", blinded=blinded, onset="same-day")
    found = reasons(dose, wobbling(DAYS, 2) - 0.2 * dose, question=question, **asked)
    assert ("draw_only_said" in found) is doubted


@pytest.mark.parametrize("blinded", [False, True])
def test_an_order_that_turns_may_have_given_is_not_more_than_said_even_of_hidden_capsules(blinded):
    """Four pairs of a fortnight in turn, as lots give them once in eight times."""
    dose = blocks(112, 14)
    question = ask(randomised="blocks", blinded=blinded, onset="same-day")
    found = reasons(dose, wobbling(112, 2), question=question)
    assert "turns on and off could have given it" in found["draw_only_said"].sentence
    assert "draw_only_said" not in reasons(dose, wobbling(112, 2), question=question, naltrexone_assigned_mg=dose)


def test_of_an_order_that_was_drawn_only_fast_rhythms_are_asked():
    """Lots gave on and off in turn, four weeks each, as they do once in 32 times."""
    assigned = blocks(DAYS, 28)
    found = reasons(assigned, question=ask(randomised="blocks"), naltrexone_assigned_mg=assigned)
    assert "rhythm_fits_blocks" not in found
