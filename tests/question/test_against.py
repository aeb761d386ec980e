"""One medicine compared with another that was taken instead."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diaries import ask, diary, wobbling

from nightdose.analyse import analyse
from nightdose.errors import CallError
from nightdose.question.looks import ONE_LOOK
from nightdose.question.words import question_sentence

RNG = np.random.default_rng(1)
FIRST = np.concatenate([RNG.permutation([4.5, 0.0]).repeat(28) for _ in range(6)])
SECOND = np.where(FIRST > 0, 0.0, 450.0)
TRIAL = {"randomised": "blocks", "onset": "same-day"}


def two_medicines(second=SECOND):
    return diary(wobbling(len(FIRST)) - 2 * (FIRST > 0), naltrexone_mg=FIRST, gabapentin_mg=second)


def test_in_turns_they_are_compared():
    question = ask(against="gabapentin", **TRIAL)
    verdict = analyse(two_medicines(), question, looks=ONE_LOOK, curves=False).verdict
    assert verdict.answer == "helps"
    assert verdict.estimate.mean == pytest.approx(2.0, abs=0.3)
    assert "than it would have been with gabapentin instead" in verdict.sentence
    assert question_sentence(question) == "Is pain lower with naltrexone than with gabapentin?"


def test_asked_about_the_one_alone_the_other_one_stands_in_the_way_and_the_question_is_named():
    verdict = analyse(two_medicines(), ask(adjust=("gabapentin",), **TRIAL)).verdict
    assert verdict.answer == "cannot_be_known"
    assert "naltrexone compared with gabapentin can be asked instead" in verdict.sentence


def test_days_with_both_or_neither_compare_nothing():
    neither = SECOND.copy()
    neither[SECOND > 0] = np.where(np.arange(np.sum(SECOND > 0)) % 4 == 0, 0.0, 450.0)
    found = analyse(two_medicines(neither), ask(against="gabapentin", **TRIAL), looks=ONE_LOOK, curves=False)
    assert int(np.sum(found.case.usable)) == int(np.sum((FIRST > 0) | (neither > 0)))


@pytest.mark.parametrize(("with_it", "named"), [(0.45, True), (0.55, False)])
def test_medicines_that_were_seldom_taken_in_turns_cannot_be_compared(with_it, named):
    second = np.where(FIRST > 0, 450.0, 0.0)
    days = np.flatnonzero(FIRST > 0)[: round(with_it * len(FIRST))]
    rest = round(with_it * len(FIRST)) - len(days)
    second[days] = 0.0
    second[np.flatnonzero(FIRST == 0)[: max(0, rest)]] = 450.0
    verdict = analyse(two_medicines(second), ask(against="gabapentin", **TRIAL), curves=False).verdict
    assert ("not_in_turns" in {reason.code for reason in verdict.reasons}) is named


def test_what_it_is_compared_with_cannot_be_adjusted_for():
    with pytest.raises(CallError, match="cannot be adjusted for"):
        ask(against="gabapentin", adjust=("gabapentin",))
