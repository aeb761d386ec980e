"""A range that is not the scale's, and scores that the scale makes all alike, are named as what they are."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.analyse import analyse
from nightdose.question.outcome_read import outcome_weaknesses
from nightdose.question.question import Question

DAYS = 168


def verdict(pain, **question):
    return analyse(diary(pain, naltrexone_mg=blocks(DAYS)), ask(randomised="blocks", **question)).verdict


def test_a_scale_of_0_to_100_read_as_0_to_10_is_named():
    pain = 60 + 8 * wobbling(DAYS, 1, 1.0, 0.0)
    pain[:9] = 5
    found = verdict(pain, scale="rating", limits=(0, 10))
    assert found.answer == "cannot_be_known"
    assert "159 of 168 scores of pain are outside 0 to 10" in found.sentence


@pytest.mark.parametrize(("outside", "named"), [(84, False), (85, True)])
def test_more_than_half_outside_is_the_range_and_not_the_scores(outside, named):
    pain = np.round(wobbling(DAYS, 1))
    pain[:outside] = 60
    codes = [r.code for r in verdict(pain, scale="rating", limits=(0, 10)).reasons]
    assert ("outcome_outside_range" in codes) is named


def test_scores_that_all_round_to_one_step_are_named_and_may_be_continuous():
    pain = np.clip(wobbling(DAYS, 1, 0.15), 4.6, 5.4)
    found = verdict(pain, scale="rating", limits=(0, 10))
    assert (found.answer, found.reasons[0].code) == ("cannot_be_known", "outcome_constant")
    assert "is 5 as a rating on whole steps" in found.sentence
    assert verdict(pain).estimate is not None


def test_a_difference_of_rounding_is_none():
    assert verdict(5 + 1e-12 * wobbling(DAYS, 1)).reasons[0].code == "outcome_constant"


def test_scores_of_days_that_are_not_judged_are_not_outside_the_range():
    """One day with 6 of 10, left out because of an infection."""
    question = Question("pain", "naltrexone", "rating", limits=(0.0, 10.0))
    assert list(outcome_weaknesses(question, np.array([6.0]), np.array([np.nan]))) == []
