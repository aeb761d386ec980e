"""A trial is what was planned beforehand; what is said to be one has to look like one."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diaries import FIRST_DAY, ask, wobbling
from tests.question.test_draws import SIX, laid

from nightdose.question.plan import find_plan
from nightdose.question.question import Schedule

U = np.nan


def planned(taken, assigned=None, *, outcome=None, first_day=FIRST_DAY, **question):
    taken = np.asarray(taken, dtype=float)
    return find_plan(
        ask(**question),
        taken,
        np.full(len(taken), U) if assigned is None else np.asarray(assigned, dtype=float),
        wobbling(len(taken)) if outcome is None else outcome,
        first_day,
    )


def code(found):
    return [reason.code for reason in found.reasons]


def test_nothing_planned_however_often_it_changed():
    assert planned(np.tile(laid((4.5, 14), (0, 14)), 9)).plan is None


def test_an_assigned_dose_is_a_plan_and_its_changes_are_the_switches():
    """Capsules forgotten on four evenings: five planned switches still."""
    assigned = laid(*SIX)
    taken = assigned.copy()
    taken[[9, 20, 90, 121]] = 0
    found = planned(taken, assigned)
    assert (found.plan.source, found.plan.switches, found.plan.draws) == ("assigned", 3, ())
    assert planned(taken, assigned, randomised="blocks").plan.draws[0].sets == ((0, 1), (2, 3), (4, 5))


def test_an_assigned_dose_that_never_changes_is_no_plan():
    assert planned(np.tile([4.5, 0.0], 30), np.full(60, 4.5)).plan is None


@pytest.mark.parametrize(("kept", "is_plan"), [(0.76, True), (0.74, False)])
def test_a_plan_that_was_followed_on_three_days_in_four_counts(kept, is_plan):
    assigned = laid(*SIX)
    taken = assigned.copy()
    on = np.flatnonzero(assigned > 0)
    taken[on[: round((1 - kept) * len(assigned))]] = 0
    found = planned(taken, assigned)
    assert (found.plan is not None) is is_plan
    assert code(found) == ([] if is_plan else ["plan_not_followed"])


@pytest.mark.parametrize("forgotten", [[], [9, 20, 40], [9, 10, 11], list(range(33, 40))])
def test_a_stated_draw_of_blocks_survives_forgotten_capsules(forgotten):
    """Blocks of 28 days; single evenings, three in a row, a whole week left out."""
    taken = laid((4.5, 56), (0, 28), (4.5, 28), (0, 56))
    taken[forgotten] = 0
    taken[100] *= 2  # a doubled capsule
    found = planned(laid((0, 28), *[(d, 28) for d in (4.5, 4.5, 0, 4.5, 0)]), randomised="blocks")
    assert found.plan.source == "stated"
    found = planned(taken, randomised="blocks")
    assert (found.plan.source, found.plan.switches) == ("stated", 3)


@pytest.mark.parametrize(
    "habit",
    [
        np.tile(laid((4.5, 5), (0, 2)), 24),  # none at weekends
        np.tile(laid((4.5, 4), (0, 3)), 24),
        np.tile(laid((4.5, 14), (0, 14)), 8),  # half of a cycle, eight times
        np.tile(laid((4.5, 6), (0, 3)), 18),  # shifts
        (np.random.default_rng(0).random(180) < 0.25) * 4.5,  # as needed
    ],
)
def test_a_habit_said_to_be_drawn_in_blocks_is_not(habit):
    found = planned(habit, randomised="blocks")
    assert found.plan is None
    assert code(found) == ["not_what_a_draw_gives"]


@pytest.mark.parametrize(("turns", "is_plan"), [(7, True), (8, False)])
def test_strict_turns_as_a_coin_gives_once_in_a_hundred_are_not_taken_for_one(turns, is_plan):
    """Pairs of 14-day blocks, always on first: 1 in 64, 1 in 128. Four-week blocks no cycle imitates: left alone."""
    assert (planned(np.tile(laid((4.5, 14), (0, 14)), turns), randomised="blocks").plan is not None) is is_plan
    assert planned(np.tile(laid((4.5, 28), (0, 28)), turns), randomised="blocks").plan is not None


def test_days_drawn_one_by_one_are_taken_for_it():
    """300 draws of 40 to 200 days: at most 1 in 100 is doubted."""
    rng = np.random.default_rng(1)
    doubted = 0
    for _ in range(300):
        n = int(rng.integers(40, 200))
        dose = 4.5 * (rng.random(n) < 0.5)
        doubted += (
            planned(dose, outcome=wobbling(n, int(rng.integers(1e9))) - 0.3 * dose, randomised="days").plan is None
        )
    assert doubted <= 3


@pytest.mark.parametrize(
    "habit",
    [
        4.5 * ((FIRST_DAY - 1 + np.arange(120)) % 7 < 5),  # none at weekends
        np.tile(laid((4.5, 14), (0, 14)), 5),
        np.tile(laid((4.5, 4), (0, 4)), 15),
    ],
)
def test_a_habit_said_to_be_drawn_by_days_is_not(habit):
    assert code(planned(habit, randomised="days")) == ["not_what_a_draw_gives"]


def test_doses_after_bad_days_are_not_drawn_by_days():
    pain = wobbling(150, 4)
    dose = 4.5 * (np.r_[5.0, pain[:-1]] > 5.0)
    assert code(planned(dose, outcome=pain, randomised="days")) == ["not_what_a_draw_gives"]


def test_capsules_of_bad_days_are_seldom_taken_for_drawn_ones():
    """Taken on the worse half of days, in a life of good and bad weeks: fewer than half of such diaries look drawn.

    That evening's score alone tells nothing, because a medicine that harms looks like it; the days around it do.
    """
    believed = 0
    for seed in range(100):
        pain = spells(200, seed)
        dose = 4.5 * (pain > np.median(pain))
        believed += planned(dose, outcome=pain, randomised="days").plan is not None
    assert believed < 50


@pytest.mark.parametrize("seed", [101, 209, 240])
def test_too_few_runs_and_yesterdays_score_refuse_together_what_neither_does_alone(seed):
    """Capsules of the worse half of 120 days; no other check sees these three diaries."""
    pain = spells(120, seed)
    assert planned(4.5 * (pain > np.median(pain)), outcome=pain, randomised="days").plan is None


def spells(days, seed):
    """(days,) spells that halve in three days, and daily noise."""
    rng = np.random.default_rng(seed)
    state = np.zeros(days)
    for day in range(1, days):
        state[day] = 0.8 * state[day - 1] + 0.6 * rng.standard_normal()
    return 0.7 * state + 0.8 * rng.standard_normal(days)


def schedule(**changes):
    about = {"first_day": FIRST_DAY, "block_begins": tuple(FIRST_DAY + 14 + 28 * k for k in range(6)), "block_days": 28}
    return Schedule(**{**about, "drawn": True, "locked_day": FIRST_DAY - 1, **changes})


def test_a_locked_schedule_is_a_plan_and_its_run_in_is_not_drawn():
    """What a block held is what was taken on most of its days."""
    taken = laid((U, 14), *SIX)
    taken[[20, 21, 150]] = 0
    plan = planned(taken, schedule=schedule(), randomised="blocks").plan
    assert (plan.source, plan.switches, plan.first_day) == ("locked", 4, 0)
    assert plan.draws[0].sets == ((0, 1), (2, 3), (4, 5))
    assert np.all(plan.draws[0].unit_of[:14] == -1)
    assert np.all(plan.dose[14:42] == 4.5)


def test_a_schedule_locked_after_its_first_block_began_is_no_plan():
    taken = laid((0, 14), *SIX)
    assert planned(taken, schedule=schedule(locked_day=FIRST_DAY + 14)).plan is not None
    assert planned(taken, schedule=schedule(locked_day=FIRST_DAY + 15)).plan is None


@pytest.mark.parametrize("turn", [(1, 1), (1, 2), (2, 1), (2, 2), (3, 3), (3, 7)])
@pytest.mark.parametrize("effect", [0.0, 4.0])
def test_days_in_turns_are_not_drawn_by_days_whatever_the_scores_do(turn, effect):
    on, off = turn
    dose = np.tile(laid((4.5, on), (0, off)), 140 // (on + off))
    found = planned(dose, outcome=wobbling(len(dose)) - effect * (dose > 0), randomised="days")
    assert code(found) == ["not_what_a_draw_gives"]


def test_on_off_off_on_over_and_over_is_a_plan_only_where_it_was_written_down():
    """The counter-balanced order that plans deal out: the calendar chose, and lots did not."""
    dose = np.tile([4.5, 0, 0, 4.5], 15)
    assert code(planned(dose, randomised="days")) == ["not_what_a_draw_gives"]
    assert planned(dose, dose, randomised="none").plan.source == "assigned"


@pytest.mark.parametrize(
    ("dose", "randomised", "fixed"),
    [
        (np.tile([4.5, 0, 0, 4.5], 15), "days", True),
        (4.5 * np.random.default_rng(0).integers(0, 2, 60), "days", False),
        (np.tile(laid((4.5, 7), (0, 7)), 12), "blocks", False),  # blocks that were written down are believed
    ],
)
def test_turns_that_were_written_down_and_said_to_be_drawn_are_planned_in_fixed_turns(dose, randomised, fixed):
    found = planned(dose, dose, randomised=randomised)
    assert (found.plan.source, found.plan.fixed, found.plan.draws == ()) == ("assigned", fixed, fixed)
    assert code(found) == (["not_what_a_draw_gives"] if fixed else [])


@pytest.mark.parametrize(("turned_round", "by_word"), [(11, "turns"), (30, "scores")])
def test_days_that_turns_may_have_given_are_only_said_to_be_drawn(turned_round, by_word):
    """Two months of two on and two off, on eleven evenings the other way round; or on half of them, which is a coin."""
    rng = np.random.default_rng(5)
    at = rng.choice(60, turned_round, replace=False)
    dose = np.tile([4.5, 4.5, 0, 0], 15)
    dose[at] = 4.5 - dose[at]
    pain = wobbling(60, 3) - 0.3 * dose
    assert planned(dose, outcome=pain, randomised="days").plan.by_word == by_word


@pytest.mark.parametrize("seed", range(8))
def test_naming_another_onset_makes_the_same_days_count_for_no_more(seed):
    """Taken on the worse evenings, and by a coin."""
    pain, coin = spells(240, seed), np.random.default_rng(seed).integers(0, 2, 240)
    for dose, outcome in ((4.5 * (pain > np.median(pain)), pain), (4.5 * coin, pain - 1.5 * coin)):
        found = [
            planned(dose, outcome=outcome, randomised="days", onset=onset) for onset in ("same-day", "days", "weeks")
        ]
        assert len({plan.plan and plan.plan.by_word for plan in found}) == 1


def test_days_before_the_first_toss_are_no_stretch():
    """Four weeks without, and then two months of a coin."""
    drawn = [np.r_[np.zeros(28), 4.5 * np.random.default_rng(seed).integers(0, 2, 60)] for seed in range(40)]
    assert sum(planned(dose, randomised="days").plan is None for dose in drawn) <= 1


@pytest.mark.parametrize(("pairs", "by_word"), [(2, "turns"), (6, "turns"), (0, "")])
def test_blocks_that_came_out_in_turn_are_only_said_to_be_drawn(pairs, by_word):
    """Two to seven pairs of a week in strict turn, as lots may give them; and an order that no turn gives."""
    order = np.tile([4.5, 0], pairs) if pairs else [0, 4.5, 4.5, 0, 4.5, 0, 0, 4.5, 0, 4.5, 0, 4.5, 4.5, 0]
    assert planned(np.repeat(order, 7), randomised="blocks").plan.by_word == by_word


def test_days_drawn_in_pairs_are_drawn():
    """Which of every two evenings has the capsule: on and off change on three evenings of four."""
    rng = np.random.default_rng(2)
    drawn = [planned(np.ravel([rng.permutation([0, 4.5]) for _ in range(70)]), randomised="days") for _ in range(50)]
    assert sum(found.plan is None for found in drawn) <= 1


@pytest.mark.parametrize(("seed", "is_plan"), [(3, True), (7, False)])
def test_days_that_come_in_stretches_were_not_drawn_day_by_day(seed, is_plan):
    """Eighty days that changed three times in ten: 3.09 and 3.41 sd fewer stretches than a coin gives.

    One in a thousand, 3.1 sd, is where luck ends, whatever the scores were.
    """
    rng = np.random.default_rng(seed)
    on = np.cumsum(np.r_[0, rng.random(79) < 0.3]) % 2
    for scores in range(3):
        found = planned(4.5 * on, outcome=wobbling(80, scores), randomised="days")
        assert (found.plan is not None) is is_plan
        assert is_plan or "the days on come in stretches" in found.reasons[0].sentence


@pytest.mark.parametrize(("share", "not_drawn"), [(0.0, 0), (0.5, 10)])
def test_evenings_of_which_half_follow_the_day_before_were_not_drawn(share, not_drawn):
    """Ten diaries of a coin, and ten in which on half of the evenings yesterday's score chose."""
    found = 0
    for seed in range(10):
        rng, pain = np.random.default_rng(seed), wobbling(150, seed)
        coin, worse = rng.random(150) < 0.5, np.r_[5.0, pain[:-1]] > np.median(pain)
        dose = 4.5 * np.where(rng.random(150) < share, worse, coin)
        found += planned(dose, outcome=pain, randomised="days").plan is None
    assert found == not_drawn
