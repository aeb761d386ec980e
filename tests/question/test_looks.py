"""The bar for the sign: the usual one for a single look, higher for often, highest early, the same for harm."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.analyse import analyse
from nightdose.fit.case import open_case
from nightdose.question.looks import EARLY, OFTEN, ONE_LOOK, UNCOUNTED, Looks, balanced_days, bar, sure_of_sign
from nightdose.verdict.rule import SURE_OF_SIGN


def test_one_look_asks_what_it_always_did():
    assert sure_of_sign(ONE_LOOK, 30.0) == pytest.approx(SURE_OF_SIGN)


@pytest.mark.parametrize(
    "looks", [UNCOUNTED, Looks(counted=1), Looks(counted=1, planned=(None, None)), Looks(counted=2)]
)
def test_anybody_who_looks_more_than_once_pays_for_it_at_every_length(looks):
    """Never below 98 %, never above 99.9 %; falling from the first day to the end of a year, then level."""
    days = np.arange(10.0, 900.0, 10)
    asked = np.array([sure_of_sign(looks, b) for b in days])
    assert np.all(np.diff(asked) <= 0)
    assert 0.980 < asked[-1] < 0.982
    assert 0.9985 < asked[0] < 0.999
    assert np.all(asked[days >= 365] == asked[-1])


def test_the_bar_falls_with_the_days_once_they_are_two_thirds_of_the_plan():
    """b = T OFTEN / EARLY is where it begins: 253 balanced days of a year."""
    assert bar(UNCOUNTED, 300.0) == pytest.approx(OFTEN * 365 / 300)
    assert bar(UNCOUNTED, 252.0) == EARLY > bar(UNCOUNTED, 254.0)


def test_a_declared_end_brings_the_usual_certainty_sooner():
    assert bar(Looks(4, horizon_days=84.0), 84.0) == OFTEN < bar(UNCOUNTED, 84.0)


def test_balanced_days_are_all_days_where_halves_are_equal_and_few_where_one_side_is_short():
    assert balanced_days(50, 50) == 100
    assert balanced_days(10, 354) == pytest.approx(38.9, abs=0.1)
    assert balanced_days(0, 90) == balanced_days(0, 0) == 0


def on_the_edge(better):
    """Planned blocks of 28 days over 168, a difference about 2.5 sd of its error: sure at one look, not of fifty."""
    days = 168
    dose = blocks(days, 28)
    pain = wobbling(days, 8, mean=0.0) - 0.13 * (dose > 0)  # and what noise adds
    return diary(5 + (pain if better else -pain), naltrexone_mg=dose, naltrexone_assigned_mg=dose)


@pytest.mark.parametrize(("better", "word"), [(True, "helps"), (False, "harms")])
def test_the_same_diary_is_judged_at_a_single_look_and_not_yet_at_one_of_many(better, word):
    question = ask(meaningful=0.25, onset="same-day")
    single = analyse(on_the_edge(better), question, curves=False, looks=ONE_LOOK).verdict
    often = analyse(on_the_edge(better), question, curves=False, looks=Looks(counted=30)).verdict
    assert (single.answer, often.answer) == (word, "not_yet_known")
    assert "early_look" not in {reason.code for reason in single.reasons}
    reason = next(reason for reason in often.reasons if reason.code == "early_look")
    assert "read on 30 days" in reason.sentence
    assert reason.numbers["direction"] < reason.numbers["asked"]


def test_every_check_on_a_case_asks_for_the_same_certainty():
    """The days without an entry, taken as they are, give the answer itself: one bar for all."""
    d = on_the_edge(True)
    holes = d.column("pain").copy()
    holes[::17] = np.nan
    found = analyse(d.with_column("pain", holes), ask(meaningful=0.25, onset="same-day"), curves=False)
    assert found.missing_bad.shifts[0].answer == found.verdict.answer
    assert open_case(d, ask()).sure == sure_of_sign(UNCOUNTED, 168.0)
    assert replace(open_case(d, ask()), looks=ONE_LOOK).sure == pytest.approx(SURE_OF_SIGN)
