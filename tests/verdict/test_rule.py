"""The rule, every threshold from both sides; the ceiling of every design; when hope lets `helps` through."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.diaries import ask
from tests.report.fake_answers import helps
from tests.report.fake_parts import GUESS, RETEST, fake_case, fake_fit

from nightdose.fit.estimate import Estimate
from nightdose.question.draws import draws
from nightdose.verdict.answer import BesideRhythm, Checks, DoseEffect
from nightdose.verdict.decide import decide
from nightdose.verdict.rule import answer_of, ceiling, imitated, withheld

TRIAL = replace(
    helps().design, kind="randomised_blocks", randomised="blocks", blinded=True, switches=7, planned="stated"
)
BEFORE_AFTER = replace(TRIAL, kind="before_after", randomised="none", blinded=False, switches=1, planned=None)
SAID = replace(TRIAL, kind="randomised_days", randomised="days", blinded=False, switches=40, by_word="scores")


def an_estimate(better: float, meaningfully: float = 0.0, nothing: float = 0.0) -> Estimate:
    """Only the three numbers that the rule reads are meant."""
    return Estimate(0.0, 1.0, (-2.0, 2.0), better, meaningfully, 0.0, nothing)


@pytest.mark.parametrize(
    ("better", "meaningfully", "nothing", "small_by_data", "answer"),
    [
        (0.9801, 0.5001, 0.0, 0.0, "helps"),
        (0.98, 0.50, 0.0, 0.0, "helps"),
        (0.9799, 0.99, 0.0, 0.0, "not_yet_known"),  # surely large if anything, the sign not sure enough
        (0.9999, 0.4999, 0.0, 0.0, "not_yet_known"),  # surely better, less likely than not by enough to matter
        (0.0199, 0.0, 0.0, 0.0, "harms"),
        (0.0201, 0.0, 0.0, 0.0, "not_yet_known"),
        (0.5, 0.0, 0.9501, 0.9501, "no_meaningful_difference"),
        (0.5, 0.0, 0.9499, 0.9999, "not_yet_known"),
        (0.5, 0.0, 0.9999, 0.9499, "not_yet_known"),  # small by the prior alone is not small
        (0.99, 0.03, 0.96, 0.96, "no_meaningful_difference"),  # surely better and surely by too little
        (0.01, 0.0, 0.96, 0.96, "harms"),  # a harm is said though it is small
    ],
)
def test_each_answer_begins_at_its_own_probability(better, meaningfully, nothing, small_by_data, answer):
    e = an_estimate(better, meaningfully, nothing)
    assert answer_of(e, e, small_by_data) == answer


@pytest.mark.parametrize(("taken", "settled", "answer"), [(0.3, 0.6, "helps"), (0.6, 0.4999, "not_yet_known")])
def test_the_size_is_that_of_the_settled_effect_and_the_sign_that_of_the_days_taken(taken, settled, answer):
    """An onset that dilutes the days taken takes nothing from the drug, and gives nothing to it."""
    assert answer_of(an_estimate(0.98, taken), an_estimate(0.5, settled), 0.0) == answer
    assert answer_of(an_estimate(0.97, taken), an_estimate(0.99, settled), 0.0) == "not_yet_known"


def test_no_difference_that_matters_must_hold_on_the_days_taken_and_once_settled():
    small, wide = an_estimate(0.5, 0.0, 0.96), an_estimate(0.5, 0.0, 0.94)
    assert answer_of(small, small, 1.0) == "no_meaningful_difference"
    assert answer_of(small, wide, 1.0) == answer_of(wide, small, 1.0) == "not_yet_known"


class Unasked:
    """An improvement of which nothing may be asked but what is given."""

    def __init__(self, **given):
        self.__dict__ |= given


def test_what_an_answer_does_not_hang_on_is_not_worked_out():
    """Each improvement has no more than it must have: anything else that was asked would be an AttributeError."""
    unsure, small = {"better": 0.5}, {"no_meaningful_difference": 0.96}
    assert answer_of(Unasked(better=0.99), Unasked(meaningfully_better=0.6), Unasked) == "helps"
    assert answer_of(Unasked(better=0.01), Unasked(), Unasked) == "harms"
    assert answer_of(Unasked(**unsure), Unasked(no_meaningful_difference=0.9), Unasked) == "not_yet_known"
    assert answer_of(Unasked(**unsure, **small), Unasked(**small), lambda: 0.96) == "no_meaningful_difference"
    assert answer_of(Unasked(**unsure, **small), Unasked(**small), lambda: 0.94) == "not_yet_known"


@pytest.mark.parametrize(
    ("design", "beats_chance", "top"),
    [
        (replace(TRIAL, switches=2), False, "low"),
        (replace(TRIAL, switches=3), False, "high"),  # three demonstrations are enough
        (TRIAL, True, "moderate"),  # the capsules could be told apart
        (replace(TRIAL, blinded=False), False, "moderate"),
        (replace(BEFORE_AFTER, switches=3), False, "low"),
        (replace(BEFORE_AFTER, kind="alternating", switches=3, planned="assigned"), False, "moderate"),
        (replace(BEFORE_AFTER, kind="alternating", switches=3, planned="locked"), False, "moderate"),
        (replace(BEFORE_AFTER, kind="alternating", switches=2, planned="assigned"), False, "low"),
        (replace(BEFORE_AFTER, kind="unplanned", switches=20), False, "low"),  # nobody planned it
        (SAID, False, "low"),  # by somebody's word alone, who knew what was taken and may have chosen by the score
        (replace(SAID, by_word=""), False, "moderate"),  # the days around tell that nobody did
        (replace(SAID, blinded=True), False, "high"),
    ],
)
def test_the_ceiling_of_every_design(design, beats_chance, top):
    assert ceiling(design, replace(GUESS, better_than_chance=beats_chance)) == top


def test_without_guesses_a_blinded_trial_keeps_its_ceiling():
    assert ceiling(TRIAL, None) == "high"


EARNED, TOO_LITTLE = an_estimate(0.99, 0.6), an_estimate(0.9, 0.4)
TOLD = replace(GUESS, better_than_chance=True, adjusted=TOO_LITTLE, days=168)


@pytest.mark.parametrize(
    ("given_away", "days", "adjusted", "answer"),
    [
        (1.64, 60, TOO_LITTLE, "helps"),  # the scores explain the guesses
        (1.65, 60, TOO_LITTLE, "not_yet_known"),  # something else gave the capsule away
        (1.64, 59, TOO_LITTLE, "not_yet_known"),  # too few days with a guess to clear it
        (None, 500, TOO_LITTLE, "not_yet_known"),
        (None, 500, EARNED, "helps"),  # it stands beyond the guess
        (1.65, 59, EARNED, "helps"),
        (1.65, 60, None, "not_yet_known"),
    ],
)
def test_where_guesses_beat_chance_helps_has_to_be_cleared_or_to_stand(given_away, days, adjusted, answer):
    guess = replace(TOLD, given_away=given_away, days=days, adjusted=adjusted, adjusted_settled=adjusted)
    assert withheld("helps", TRIAL, guess) == answer


@pytest.mark.parametrize("answer", ["harms", "no_meaningful_difference", "not_yet_known"])
def test_hope_withholds_nothing_but_helps(answer):
    assert withheld(answer, TRIAL, replace(TOLD, given_away=9.0)) == answer


def one_dose(better, meaningfully):
    return DoseEffect(3.0, 40, an_estimate(better, meaningfully), 0.6, 0.9, 0.0)


@pytest.mark.parametrize(
    ("better", "meaningfully", "said"), [(0.9801, 0.5001, True), (0.9799, 0.9, False), (0.9999, 0.4999, False)]
)
def test_one_dose_stands_out_by_the_rule_of_helps(better, meaningfully, said):
    doses = (one_dose(better, meaningfully), one_dose(0.5, 0.0))
    found = decide(fake_case(ask(), TRIAL), fake_fit(an_estimate(0.5)), Checks(doses=doses))
    assert ("one_dose_stands_out" in [r.code for r in found.reasons]) is said


@pytest.mark.parametrize(("p", "disagrees"), [(0.05, False), (0.0501, True)])
def test_orders_drawn_again_disagree_above_one_in_twenty(p, disagrees):
    found = decide(fake_case(ask(), TRIAL), fake_fit(EARNED), Checks(randomisation_test=replace(RETEST, p=p)))
    assert ("randomisation_test_disagrees" in [r.code for r in found.reasons]) is disagrees


def drawn(block_days):
    return draws(np.concatenate([np.full(block_days, d) for d in (0, 1, 1, 0, 0, 1.0)]), "blocks", written=True)


@pytest.mark.parametrize(
    ("block_days", "p", "answer", "stays"),
    [
        (22, 0.06, "helps", False),
        (22, 0.06, "harms", False),
        (23, 0.06, "helps", True),  # no cycle follows blocks as long as these
        (22, 0.05, "helps", True),  # confirmed
        (22, 0.9, "no_meaningful_difference", True),
        (1, 0.06, "helps", True),  # days drawn one by one
    ],
)
def test_a_judgement_on_blocks_that_a_cycle_can_follow_has_to_be_confirmed_without_a_model(
    block_days, p, answer, stays
):
    how = drawn(block_days) if block_days > 1 else draws(np.tile([0, 1, 1.0], 20), "days", written=True)
    assert imitated(answer, how, replace(RETEST, p=p), None) == (answer if stays else "not_yet_known")


def test_blocks_too_few_for_any_p_are_judged_without():
    """Three pairs: p cannot go below 0.25; as low as that is as much as can be asked."""
    assert imitated("helps", drawn(14), replace(RETEST, p=0.25, smallest=0.25), None) == "helps"
    assert imitated("helps", drawn(14), replace(RETEST, p=0.5, smallest=0.25), None) == "not_yet_known"
    assert imitated("helps", (), None, None) == "helps"


@pytest.mark.parametrize(
    ("left", "answer", "stays"),
    [
        ((0.98, 0.6), "helps", True),
        ((0.97, 0.6), "helps", False),  # beside a wave the sign is not sure
        ((0.99, 0.4), "helps", False),  # nor the size
        ((0.02, 0.0), "harms", True),
        ((0.03, 0.0), "harms", False),
        ((0.5, 0.0), "no_meaningful_difference", True),
        (None, "helps", False),  # the fit beside the wave failed
    ],
)
def test_blocks_in_fixed_turns_have_to_show_more_than_a_rhythm_can(left, answer, stays):
    beside = BesideRhythm(28, *([None] * 2 if left is None else [an_estimate(*left)] * 2))
    assert imitated(answer, (), None, beside) == (answer if stays else "not_yet_known")
