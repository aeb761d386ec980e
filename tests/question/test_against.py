"""One medicine compared with another that was taken instead."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diaries import ask, diary, wobbling

from nightdose.analyse import analyse
from nightdose.errors import CallError
from nightdose.fit.case import open_case
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


@pytest.mark.parametrize("adjust", [(), ("gabapentin",)])
def test_a_trial_of_two_asked_about_the_one_alone_compares_the_two_and_says_so(adjust):
    found = analyse(two_medicines(), ask(adjust=adjust, **TRIAL), looks=ONE_LOOK, curves=False)
    asked = analyse(two_medicines(), ask(against="gabapentin", **TRIAL), looks=ONE_LOOK, curves=False)
    assert (found.question.against, found.question.adjust) == ("gabapentin", ())
    assert found.verdict.sentence == asked.verdict.sentence
    assert (
        "gabapentin was taken: this diary compares naltrexone with gabapentin"
        in reasons(found)["compared_with_another"]
    )


def test_changes_are_between_the_two_in_every_sentence():
    verdict = analyse(two_medicines(), ask(against="gabapentin", **TRIAL), looks=ONE_LOOK, curves=False).verdict
    assert "changes between naltrexone and gabapentin" in verdict.sentence
    assert "on and off" not in verdict.sentence


@pytest.mark.parametrize("times", [1, 12])
def test_without_a_plan_one_medicine_in_place_of_another_cannot_be_known(times):
    """Kim's kind: the one was stopped when the other was begun. And in turns as it came."""
    first = np.where(np.arange(len(FIRST)) // (len(FIRST) // (times + 1)) % 2 > 0, 4.5, 0.0)
    there = diary(wobbling(len(first)) - 2 * (first > 0), naltrexone_mg=first, gabapentin_mg=450.0 * (first == 0))
    found = analyse(there, ask(onset="same-day"), curves=False)
    assert found.verdict.answer == "cannot_be_known"
    assert "gabapentin" in found.verdict.sentence.casefold()


@pytest.mark.parametrize(("without", "compared"), [(0.82, True), (0.5, False)])
def test_a_medicine_of_some_days_without_is_no_comparison_but_is_named(without, compared):
    """The other medicine on 82 or 50 of 100 days without: in turns on 91 and 75 of 100."""
    second = np.where((FIRST == 0) & (np.arange(len(FIRST)) % 100 < 100 * without), 450.0, 0.0)
    found = analyse(two_medicines(second), ask(**TRIAL), looks=ONE_LOOK, curves=False)
    assert (found.question.against == "gabapentin") is compared
    assert ("partly_another" in reasons(found)) is not compared


def test_adjusted_for_where_days_with_neither_tell_the_two_apart():
    """The other medicine on 82 of 100 days without."""
    second = np.where((FIRST == 0) & (np.arange(len(FIRST)) % 100 < 82), 450.0, 0.0)
    found = analyse(two_medicines(second), ask(adjust=("gabapentin",), **TRIAL), looks=ONE_LOOK, curves=False)
    assert (found.question.against, found.question.adjust) == ("", ("gabapentin",))
    assert "without naltrexone" in found.verdict.sentence


def test_a_medicine_taken_all_along_is_no_comparison():
    found = analyse(two_medicines(np.full(len(FIRST), 450.0)), ask(**TRIAL), looks=ONE_LOOK, curves=False)
    assert found.question.against == ""
    assert found.verdict.answer == "helps"


def test_two_that_were_always_taken_together_are_refused_not_computed():
    """Compared with one that was never left off: no day with the first compares anything."""
    found = analyse(two_medicines(np.full(len(FIRST), 450.0)), ask(against="gabapentin", **TRIAL), curves=False)
    assert "no_usable_days_on" in reasons(found)
    assert found.verdict.answer == "cannot_be_known"


def reasons(found):
    return {reason.code: reason.sentence for reason in found.verdict.reasons}


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


@pytest.mark.parametrize(("neither", "against"), [(0.03, "gabapentin"), (0.08, "")])
def test_the_other_medicine_is_adjusted_for_where_days_with_neither_are_there(neither, against):
    """Asked to adjust for gabapentin: one day in 33 with neither is too few for that, one in twelve is enough."""
    second = SECOND.copy()
    off = np.flatnonzero(SECOND > 0)
    second[off[: round(neither * len(SECOND))]] = 0.0
    case = open_case(two_medicines(second), ask(adjust=("gabapentin",), **TRIAL))
    assert (case.question.against or "") == against
