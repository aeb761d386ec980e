"""An order of on and off that turns explain better than any draw does (question/habits/turns.py)."""

from __future__ import annotations

import numpy as np
import pytest

from nightdose.question.habits.turns import LONGEST_D, odds_of_turns

NURSE = [1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0]  # two, two, three
SURE, POSSIBLE = 12.0, 1 / 7


def odds(on, unit_days=1):
    on = np.asarray(on) > 0
    return odds_of_turns(on, np.ones(len(on), dtype=bool), unit_days)


def turn(rng, days, period, flipped):
    """(days,) k days on of every period, a third to two thirds, from any day on; some evenings the other way round."""
    most = max(1, 2 * period // 3)
    k = int(rng.integers(min(most, -(-period // 3)), most + 1))
    return ((np.arange(days) + rng.integers(period)) % period < k) ^ (rng.random(days) < flipped)


def slipping(rng, days, steps, slips):
    """(days,) stretches of these lengths in turn, each a day longer now and then, as shifts and swaps are."""
    lengths = [steps[i % len(steps)] + int(rng.random() < slips) for i in range(days)]
    return np.repeat(np.arange(days) % 2, lengths)[:days]


def sets(rng, days, of):
    return np.concatenate([rng.permutation(of) for _ in range(days // len(of) + 1)])[:days]


@pytest.mark.parametrize("flipped", [0.0, 0.05, 0.15])
@pytest.mark.parametrize("period", [2, 3, 4, 5, 7, 8, 10, 14, 21, 28])
def test_a_turn_of_any_period_is_seen_in_four_months(period, flipped):
    rng = np.random.default_rng(period)
    assert np.mean([odds(turn(rng, 120, period, flipped)) > SURE for _ in range(30)]) >= 0.9


@pytest.mark.parametrize("period", [35, LONGEST_D])
def test_the_slowest_turns_of_a_life_are_seen_in_eight_months(period):
    rng = np.random.default_rng(period)
    assert all(odds(turn(rng, 240, period, 0.15)) > SURE for _ in range(30))


@pytest.mark.parametrize(
    "order", [NURSE, [0, 0, 1, 1], [0, 1, 1, 0, 1, 0, 0, 1], [1, 0, 1, 0, 1, 0, 0], [1, 1, 0, 1, 0, 0, 0, 1, 0]]
)
def test_any_days_of_a_turn_will_do(order):
    """Nurses' shifts; on, off, off, on; Mondays, Wednesdays and Fridays."""
    assert odds(np.tile(order, 120 // len(order))) > SURE


@pytest.mark.parametrize("steps", [(1, 1), (2, 2), (3, 3), (4, 4), (1, 2), (5, 3)])
def test_a_turn_that_slips_by_a_day_is_one(steps):
    rng = np.random.default_rng(0)
    assert np.mean([odds(slipping(rng, 120, steps, 0.15)) > SURE for _ in range(40)]) >= 0.9


@pytest.mark.parametrize("days", [60, 120, 364])
@pytest.mark.parametrize(
    "draw",
    [
        lambda rng, days: rng.integers(0, 2, days),
        lambda rng, days: rng.random(days) < 0.4,
        lambda rng, days: sets(rng, days, [0, 1]),
        lambda rng, days: sets(rng, days, [0, 1]) * (rng.random(days) < 0.86),
        lambda rng, days: sets(rng, days, [0, 0, 1, 1]),
        lambda rng, days: sets(rng, days, [0] * 4 + [1] * 4),
        lambda rng, days: rng.permutation(np.arange(days) % 2),
    ],
    ids=["coin", "unfair", "pairs", "pairs, one in seven forgotten", "fours", "eights", "shuffled"],
)
def test_hardly_any_draw_is_taken_for_a_turn(draw, days):
    """200 of each, of which one in two hundred may be; from four months on nearly all are surely draws."""
    rng = np.random.default_rng(days)
    found = np.array([odds(draw(rng, days)) for _ in range(200)])
    assert np.mean(found > SURE) <= 0.005
    assert np.mean(found > POSSIBLE) <= (0.2 if days < 120 else 0.06)


def test_two_months_of_which_one_evening_in_seven_is_the_other_way_round_are_never_surely_drawn():
    rng, surely = np.random.default_rng(1), 0
    for period in (2, 3, 4, 5, 7, 8, 10):
        surely += sum(odds(turn(rng, 60, period, 0.15)) < POSSIBLE for _ in range(30))
    assert surely <= 0.05 * 7 * 30


def test_a_journey_and_a_run_of_luck_are_no_turn():
    """Eleven days without in the middle of a coin's: a length that never comes again."""
    rng = np.random.default_rng(3)
    on = rng.integers(0, 2, 150)
    on[60:71] = 0
    assert odds(on) < POSSIBLE


@pytest.mark.parametrize(("unit_days", "asked"), [(7, True), (22, True), (23, False)])
def test_blocks_are_asked_for_turns_of_six_weeks_at_most(unit_days, asked):
    """Twelve pairs, always on first."""
    assert (odds(np.tile([1, 0], 12), unit_days) > SURE) is asked
    assert odds(np.tile([1, 0], 12), 23) == 0.0


@pytest.mark.parametrize("on", [[], [1], [1, 1]])
def test_an_order_of_nothing_is_surely_no_turn(on):
    assert odds(on) < SURE


def test_ten_years_of_strict_turns_do_not_overflow():
    assert np.isfinite(odds(np.arange(3650) % 2))


@pytest.mark.parametrize("state", [0, 1])
def test_years_on_one_side_do_not_overflow(state):
    """Four years without it or with it, then days by coin: the odds are a number."""
    on = np.r_[np.full(1500, state), np.random.default_rng(0).integers(0, 2, 120)] > 0
    assert np.isfinite(odds_of_turns(on, np.ones(len(on), dtype=bool)))
