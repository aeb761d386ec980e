"""The e-value: a martingale by enumeration of every coin, 20 at most once in 20 for ever, and able to say something."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from tests.diaries import ask, diary, wobbling

from nightdose.analyse import analyse
from nightdose.checks.e_value import Pair, bets, difference, drawn_pairs, e_value, fewest_pairs, side, swing
from nightdose.export.record import analysis_record
from nightdose.exposure.onset import effect_compartment
from nightdose.question.draws import Draw
from nightdose.report.words.randomisation import randomisation_words
from nightdose.verdict.answer import SURE


def in_pairs(n, days=14, coins=None, gap=0):
    """n pairs of blocks, `gap` days of washout after each block."""
    coins = [True] * n if coins is None else coins
    step = 2 * (days + gap)
    return tuple(
        Pair((i * step, i * step + days), (i * step + days + gap, i * step + 2 * days + gap), bool(on))
        for i, on in enumerate(coins)
    )


def awkward(days, seed):
    """A diary with drift, spells, a bad start, missing days and one absurd value."""
    rng = np.random.default_rng(seed)
    y = np.cumsum(0.3 * rng.standard_normal(days)) + wobbling(days, seed) + 4 * np.exp(-np.arange(days) / 10)
    y[rng.random(days) < 0.3] = np.nan
    y[days // 2] = 1e4
    return y


@pytest.mark.parametrize("tau", [0.0, 9.8])
def test_whatever_the_diary_the_mean_over_every_toss_of_the_coins_is_one_after_every_pair(tau):
    """Seven pairs, 128 orders, one awkward diary: Fisher's sharp null, without any model."""
    y = awkward(7 * 12, 3)
    paths = np.array([e_value(y, in_pairs(7, 6, coins), tau).path for coins in product([True, False], repeat=7)])
    assert np.mean(paths, axis=0) == pytest.approx(np.ones(7), rel=1e-12)


def test_whatever_happened_before_the_next_coin_is_a_fair_bet():
    """The martingale property itself: E after pair 5 averaged over its coin is E after pair 4, for all 16 pasts."""
    y = awkward(5 * 12, 5)
    for past in product([True, False], repeat=4):
        after = [e_value(y, in_pairs(5, 6, (*past, coin)), 3.0).path for coin in (True, False)]
        assert np.mean([path[4] for path in after]) == pytest.approx(after[0][3], rel=1e-12)


def test_twenty_is_ever_reached_by_luck_at_most_once_in_twenty_but_not_never():
    """Ville's inequality over 60 pairs, 8,000 diaries whose differences are heavy-tailed and grow with time."""
    rng = np.random.default_rng(1)
    size = np.abs(rng.standard_t(2, (8000, 60))) * (1 + np.arange(60) / 20)
    ever = np.mean(np.max(bets(size * rng.choice([-1.0, 1.0], (8000, 60))), axis=1) >= SURE)
    assert 0.02 < ever <= 0.05


def test_a_plain_effect_is_found_in_a_year_of_short_blocks_and_more_pairs_find_more():
    """Own estimates 1.2 sd from 0: 13 pairs of 14 days reach 20 in most years, 6 pairs of 28 days seldom."""
    rng = np.random.default_rng(2)
    d = 1.2 + rng.standard_normal((4000, 26))
    reached = np.mean(np.maximum.accumulate(bets(d), axis=1) >= SURE, axis=0)
    assert reached[5] < 0.35 < 0.65 < reached[12] < 0.9 < reached[25]


def test_six_pairs_can_reach_twenty_and_five_never_can():
    assert fewest_pairs() == 6
    assert bets(np.full(6, 3.0))[-1] > SURE
    growing = 1e3 ** np.arange(6.0)  # every bet as bold as it gets
    assert bets(growing)[4] < SURE < bets(growing)[5]


def test_it_does_not_matter_in_which_unit_or_direction_the_outcome_is_written():
    y, pairs = awkward(8 * 12, 7), in_pairs(8, 6, [1, 0, 0, 1, 1, 1, 0, 1])
    assert e_value(-37 * y + 5, pairs, 4.0).path == pytest.approx(e_value(y, pairs, 4.0).path)


@pytest.mark.parametrize("tau", [0.0, 6.0])
@pytest.mark.parametrize("on_first", [True, False])
def test_a_pair_knows_its_effect_where_nothing_else_happens(tau, on_first):
    """Level 5, effect -2 through the onset, 4 days of washout: told apart up to what the run from rest adds.

    The exposure of an order is half the swing plus a part that both orders share, which least squares on one pair
    leaves in; for a same-day effect that part is the washout alone.
    """
    pair = replace(in_pairs(1, 28, gap=4)[0], on_first=on_first)
    dose = np.zeros(60)
    dose[slice(*(pair.first if on_first else pair.second))] = 1.0
    y = 5 - 2 * effect_compartment(dose, tau, 0.0)
    y[[3, 40]] = np.nan
    assert difference(y, pair, tau) == pytest.approx(-2.0, abs=0.05 if tau == 0 else 0.6)


def test_the_swing_is_the_exposure_of_one_order_minus_that_of_the_other():
    pair = in_pairs(1, 10, gap=3)[0]
    on, off = np.zeros(23), np.zeros(23)
    on[:10], off[13:] = 1.0, 1.0
    assert swing(pair, 4.0) == pytest.approx(effect_compartment(on, 4.0, 0.0) - effect_compartment(off, 4.0, 0.0))


def test_nothing_is_bet_on_a_pair_without_days_or_on_a_constant_diary():
    y, pairs = wobbling(5 * 12, 1), in_pairs(5, 6)
    y[12:17] = np.nan  # one day left of the block
    found = e_value(y, pairs, 0.0)
    assert found.differences[1] == 0.0
    assert found.path[1] == found.path[0]
    assert e_value(np.full(60, 3.0), pairs, 0.0).highest == 1.0
    assert e_value(y, (), 0.0).value == 1.0


def test_the_side_is_the_one_on_which_the_bets_were_won():
    """Eight pairs in which the treatment lowered pain each time."""
    y = wobbling(8 * 12, 4, sd=0.1)
    pairs = in_pairs(8, 6, [1, 0, 1, 1, 0, 0, 1, 0])
    for pair in pairs:
        y[slice(*(pair.first if pair.on_first else pair.second))] -= 1.0
    found = e_value(y, pairs, 0.0)
    assert found.reached
    assert (side(found, -1.0), side(found, 1.0)) == ("better", "worse")


def draw(levels, days=10, last=None):
    """Blocks of 10 days laid end to end, dealt in pairs; the last block may be cut short."""
    unit_of = np.repeat(np.arange(len(levels)), days)
    dose = np.repeat(np.array(levels), days)
    if last is not None:
        unit_of, dose = unit_of[: last - days or None], dose[: last - days or None]
    sets = tuple((k, k + 1) for k in range(0, len(levels) - 1, 2))
    return Draw(unit_of, dose, sets, True, days)


def test_a_bet_is_settled_once_when_both_blocks_are_over():
    """Three pairs of 10 days; the diary ends on day 4 of the last block; the second pair had no coin."""
    levels = [4.5, 0.0, 4.5, 4.5, 0.0, 4.5]
    assert drawn_pairs(draw(levels, last=4)) == (Pair((0, 10), (10, 20), True),)
    assert drawn_pairs(draw(levels))[1] == Pair((40, 50), (50, 60), False)


def planned(n_pairs, effect, seed=3):
    """Blocks of 14 days after a run-in of 14, assigned and taken, orders drawn; 0.5 sd of noise."""
    rng = np.random.default_rng(seed)
    on = np.concatenate([np.zeros(14), *(rng.permutation([0.0, 1.0]).repeat(14) for _ in range(n_pairs))])
    pain = wobbling(len(on), seed, sd=0.5) + effect * on
    return diary(pain, naltrexone_mg=4.5 * on, naltrexone_assigned_mg=4.5 * on), on


def test_an_analysis_bets_on_the_pairs_of_its_plan_and_never_on_the_run_in():
    """Eight pairs, half a point better: 20 is reached, JSON and page say so."""
    d, _ = planned(8, -0.5)
    found = analyse(d, ask(randomised="blocks", onset="same-day", meaningful=0.25))
    bets_made = found.checks.e_value
    assert len(bets_made.path) == 8
    assert bets_made.reached
    assert bets_made.differences == pytest.approx([-0.5] * 8, abs=0.5)
    record = analysis_record(found)["looks"]
    assert record["e_value_highest"] == pytest.approx(bets_made.highest)
    assert any("It reached 20" in words for words in randomisation_words(found))


def test_where_no_coin_was_tossed_there_is_no_e_value():
    d, on = planned(8, -0.5)
    open_diary = diary(d.column("pain"), naltrexone_mg=4.5 * on)
    for question in (ask(onset="same-day"), ask(onset="same-day", randomised="none")):
        found = analyse(open_diary, question, curves=False)
        assert found.checks.e_value is None
        assert analysis_record(found)["looks"]["e_value"] is None
