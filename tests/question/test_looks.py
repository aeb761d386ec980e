"""The bar for the sign: the usual one for a single look, higher for often, highest early, the same for harm."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pytest
from tests.diaries import ask, diary, wobbling
from tests.question.test_draws import laid

from nightdose.analyse import analyse
from nightdose.fit.case import open_case
from nightdose.question.draws import Draw
from nightdose.question.looks import (
    EARLY,
    EARLY_DRAWN,
    OFTEN,
    ONE_LOOK,
    UNCOUNTED,
    Looks,
    balanced_days,
    bar,
    drawn_pairs,
    sure_of_sign,
)
from nightdose.verdict.rule import SURE_OF_SIGN


def test_one_planned_look_asks_for_98_of_100_which_is_the_least():
    assert sure_of_sign(ONE_LOOK, 30.0) == pytest.approx(0.98)
    assert sure_of_sign(ONE_LOOK, 30.0) == SURE_OF_SIGN
    assert sure_of_sign(ONE_LOOK, 30.0, planned=False) == pytest.approx(0.9878, abs=1e-4)  # what a year's end asks


@pytest.mark.parametrize(
    "looks", [UNCOUNTED, Looks(counted=1), Looks(counted=1, planned=(None, None)), Looks(counted=2)]
)
def test_anybody_who_looks_more_than_once_pays_for_it_at_every_length(looks):
    """Never below 98.7 %, never above 99.9 %; falling from the first day to the end of a year, then level."""
    days = np.arange(10.0, 900.0, 10)
    asked = np.array([sure_of_sign(looks, b) for b in days])
    assert np.all(np.diff(asked) <= 0)
    assert 0.987 < asked[-1] < 0.988
    assert 0.9985 < asked[0] < 0.999
    assert np.all(asked[days >= 365] == asked[-1])


def test_the_bar_falls_with_the_days_once_they_are_two_thirds_of_the_plan():
    """b = T OFTEN / EARLY is where it begins: 274 balanced days of a year."""
    assert bar(UNCOUNTED, 300.0) == pytest.approx(OFTEN * 365 / 300)
    assert bar(UNCOUNTED, 273.0) == EARLY > bar(UNCOUNTED, 275.0)


def test_a_declared_end_brings_the_usual_certainty_sooner():
    assert bar(Looks(4, horizon_days=84.0), 84.0) == OFTEN < bar(UNCOUNTED, 84.0)


def test_balanced_days_are_all_days_where_halves_are_equal_and_few_where_one_side_is_short():
    assert balanced_days(50, 50) == 100
    assert balanced_days(10, 354) == pytest.approx(38.9, abs=0.1)
    assert balanced_days(0, 90) == balanced_days(0, 0) == 0


PAIRS = tuple((k, k + 1) for k in range(0, 8, 2))


def drawn(block_days, pairs=4, last_days=None):
    """Pairs of blocks that lots laid, the last block of the third pair cut short where said."""
    unit_of = np.arange(2 * pairs * block_days) // block_days
    if last_days is not None:
        unit_of[np.flatnonzero(unit_of == 5)[last_days:]] = -1
    return (Draw(unit_of, 4.5 * (unit_of % 2), PAIRS[:pairs], True, block_days),)


@pytest.mark.parametrize(
    ("draw", "last", "over"),
    [
        (drawn(28), 167, True),
        (drawn(28), 164, True),  # three days without an entry
        (drawn(28), 163, False),
        (drawn(28), 223, True),
        (drawn(28, pairs=2), 111, False),
        (drawn(28, last_days=25), 167, True),
        (drawn(28, last_days=24), 167, False),
        (drawn(21), 125, True),
        (drawn(20), 159, False),
        ((), 300, False),
    ],
)
def test_drawn_pairs_are_over_with_the_third_pair_of_blocks_of_three_weeks(draw, last, over):
    assert drawn_pairs(draw, last) is over


def test_a_finished_trial_of_drawn_pairs_asks_for_less_than_a_year_of_anything_else():
    """Four pairs of 28 days: 99.5 % from the third pair on, as the bar stands once that is lower, never less."""
    assert sure_of_sign(UNCOUNTED, 168.0) > 0.9985
    assert sure_of_sign(UNCOUNTED, 168.0, EARLY_DRAWN) == pytest.approx(0.9953, abs=1e-4)
    assert sure_of_sign(UNCOUNTED, 340.0, EARLY_DRAWN) == sure_of_sign(UNCOUNTED, 340.0)
    dose = np.concatenate([laid((4.5, 28), (0, 28)), laid((0, 28), (4.5, 28)), laid((4.5, 28), (0, 28))])
    planned = diary(wobbling(168), naltrexone_mg=dose)
    assert open_case(planned, ask(randomised="blocks")).sure == pytest.approx(0.9953, abs=1e-4)
    assert open_case(planned, ask()).sure > 0.9985


def test_a_single_look_asks_less_only_of_what_was_planned():
    """One start, by nobody's plan, and the same written down as asked for beforehand."""
    dose = laid((0, 84), (4.5, 84))
    alone = open_case(diary(wobbling(168), naltrexone_mg=dose), ask(), ONE_LOOK)
    planned = open_case(diary(wobbling(168), naltrexone_mg=dose, naltrexone_assigned_mg=dose), ask(), ONE_LOOK)
    assert (alone.sure, planned.sure) == pytest.approx((0.9878, 0.98), abs=1e-4)


def on_the_edge(better):
    """Planned times off, on, off, on, unlike any rhythm; a difference of 2.5 sd: sure at one look, not of fifty."""
    dose = laid((0, 28), (4.5, 56), (0, 56), (4.5, 28))
    pain = wobbling(168, 15, mean=0.0) - 0.13 * (dose > 0)  # and what noise adds
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
    assert replace(open_case(d, ask()), looks=ONE_LOOK).sure == sure_of_sign(ONE_LOOK, 168.0)


@pytest.mark.parametrize(("counted", "ends", "once"), [(1, 1, True), (2, 1, False), (1, 2, False), (1, 0, False)])
def test_only_the_first_look_at_the_only_declared_end_pays_nothing(counted, ends, once):
    planned = tuple(datetime.date(2026, month, 1) for month in range(1, 1 + ends))
    assert Looks(counted=counted, planned=planned).once == once
