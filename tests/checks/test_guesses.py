"""Blinding indices: the published example, independent arithmetic, and what the intervals promise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.diaries import ask, diary, wobbling
from tests.diaries import blocks as in_turn

from nightdose.analyse import analyse
from nightdose.checks.guesses import _recent, bang_index, check_guesses, given_away, guess_counts, james_index
from nightdose.diary.table.table import read_table

ROOT = Path(__file__).parents[2]
# Bang, Ni & Davis (2004), table 7, the CRISP trial: guessed active, guessed placebo, did not know
CRISP = np.array([[82, 25, 170], [27, 29, 83]], dtype=float)


def test_bang_of_the_published_example():
    """Printed there: 0.21 for cholesterol-lowering drug, 0.01 for placebo."""
    active, placebo = bang_index(*CRISP[0]), bang_index(*CRISP[1, [1, 0, 2]])
    assert active.value == pytest.approx((82 - 25) / 277)
    assert placebo.value == pytest.approx((29 - 27) / 139)
    p, q = 82 / 277, 25 / 277
    wald = 1.96 * np.sqrt((p * (1 - p) + q * (1 - q) + 2 * p * q) / 277)  # their equation for the variance
    assert active.interval95 == pytest.approx((active.value - wald, active.value + wald), abs=0.004)


def test_james_of_the_published_example():
    """Written out cell by cell: 0.75; the interval against a bootstrap."""
    found = james_index(CRISP)
    unknown = 253 / 416
    observed = (25 + 27) / 163
    expected = (107 / 163) * (54 / 163) + (56 / 163) * (109 / 163)
    by_hand = (1 + unknown + (1 - unknown) * (observed - expected) / expected) / 2
    assert found.value == pytest.approx(by_hand, abs=1e-12)
    assert found.value == pytest.approx(0.75, abs=0.005)
    rng = np.random.default_rng(0)
    again = [james_index(rng.multinomial(416, CRISP.ravel() / 416).reshape(2, 3)).value for _ in range(2000)]
    assert (found.interval95[1] - found.interval95[0]) / 3.92 == pytest.approx(np.std(again), rel=0.08)


@pytest.mark.parametrize(
    ("guess", "bang", "james"),
    [
        ([0.9, 0.8, 0.1, 0.3], (1, 1), 0.0),  # always known
        ([0.1, 0.2, 0.9, 0.7], (-1, -1), 1.0),  # always the opposite
        ([0.9, 0.1, 0.9, 0.1], (0, 0), 0.5),  # a coin
        ([0.5, 0.5, 0.5, 0.9], (0, -0.5), 0.875),  # three do not know, one coin
        ([0.9, 0.9, 0.9, 0.9], (1, -1), 0.5),  # always says active: no knowledge, and Bang shows the wish
    ],
)
def test_corner_cases_read_as_published(guess, bang, james):
    guess, active = np.array(guess), np.array([True, True, False, False])
    found = check_guesses(guess, active, np.ones(4, dtype=bool), np.arange(4.0), None)
    assert (found.bang_active.value, found.bang_inactive.value) == bang
    assert found.james.value == pytest.approx(james)


def test_small_samples_keep_the_interval_of_bang():
    """12 guesses with a fifth of don't-knows: at least 93 of 100 intervals hold the truth, not so the plain ones."""
    rng, shares = np.random.default_rng(1), np.array([0.7, 0.1, 0.2])
    drawn = [bang_index(*rng.multinomial(12, shares)) for _ in range(4000)]
    assert np.mean([i.interval95[0] <= 0.6 <= i.interval95[1] for i in drawn]) >= 0.93
    always = bang_index(12, 0, 0)
    assert always.value == 1
    assert always.interval95[0] < 0.9  # twelve right guesses are not certainty


def test_the_caffeine_guesses():
    """50 envelopes: 5 times no idea, 32 of the other 45 right, which is better than a coin by every index."""
    diary = read_table(ROOT / "examples" / "caffeine.csv")
    dose, guess = diary.dose("caffeine"), diary.column("caffeine_guess")
    known = ~np.isnan(dose)
    found = check_guesses(guess, dose > 0, known, diary.column("absorption"), None)
    used = known & ~np.isnan(guess)
    on = used & (dose > 0)
    by_hand = (np.sum(guess[on] > 0.5) - np.sum(guess[on] < 0.5)) / np.sum(on)
    assert found.bang_active.value == pytest.approx(by_hand)
    assert found.bang_active.guesses + found.bang_inactive.guesses == found.days == 50
    assert found.better_than_chance
    assert found.bang_active.interval95[0] > 0
    assert found.james.interval95[1] < 0.5
    assert guess_counts(guess[used], dose[used] > 0).sum() == 50


def test_one_arm_or_no_guess_has_no_index():
    assert bang_index(0, 0, 0) is None
    assert james_index(np.array([[3, 2, 1], [0, 0, 0.0]])) is None
    assert (
        check_guesses(np.array([0.5, np.nan]), np.array([True, False]), np.ones(2, dtype=bool), np.ones(2), None)
        is None
    )


def blinded_trial(seed, told, effect=-1.0):
    """Twelve blocks of 28 days; guesses follow the capsule (told) or the mean score of the last week."""
    rng = np.random.default_rng(seed)
    active = np.concatenate([rng.permutation([True, False]) for _ in range(6)]).repeat(28)
    spell = np.zeros(len(active))
    for t in range(1, len(spell)):
        spell[t] = 0.7 * spell[t - 1] + 0.5 * rng.standard_normal()
    score = 5 + spell + effect * active + 0.8 * rng.standard_normal(len(active))
    week = np.array([score[max(0, t - 6) : t + 1].mean() for t in range(len(score))])
    belief = np.where(active, 1.0, -1.0) if told else -np.tanh(week - score.mean())
    return np.clip(0.5 + 0.3 * belief + 0.15 * rng.standard_normal(len(active)), 0, 1), active, score


def test_guesses_from_feeling_better_are_told_apart_from_capsules_that_give_themselves_away():
    """The effect is real in both; at 1.645 few of the first are called, and nearly all of the second."""
    every = np.ones(336, dtype=bool)
    felt, told = (
        [given_away(*(trial := blinded_trial(seed, told))[:2], every, trial[2]) for seed in range(80)]
        for told in (False, True)
    )
    assert np.mean(np.array(felt) > 1.645) <= 0.2
    assert np.mean(np.array(told) > 1.645) >= 0.9
    counted = [check_guesses(*blinded_trial(seed, False)[:2], every, np.ones(336), None) for seed in range(10)]
    assert np.mean([c.better_than_chance for c in counted]) > 0.5  # by the plain count both look unblinded


def test_few_periods_or_one_guess_for_all_days_say_nothing():
    guess, active, score = blinded_trial(1, True)
    short = slice(0, 56)
    assert given_away(guess[short], active[short], np.ones(56, dtype=bool), score[short]) is None
    assert given_away(np.full(336, 0.7), active, np.ones(336, dtype=bool), score) is None


def test_the_recent_mean_leaves_out_missing_days():
    """Days 0 to 4 with day 2 missing: means over the last two days."""
    outcome = np.array([1.0, 3.0, np.nan, 5.0, 7.0])
    assert _recent(outcome, 2) == pytest.approx([1, 2, 3, 5, 6])


def guessed_from_the_last(window, block, seed):
    """24 blocks in random order, a real effect, and guesses made from the mean score of the last days alone."""
    rng = np.random.default_rng(seed)
    active = np.concatenate([rng.permutation([True, False]) for _ in range(12)]).repeat(block)
    score = 5 - 1.5 * active + rng.standard_normal(len(active))
    mean = np.array([score[max(0, t - window + 1) : t + 1].mean() for t in range(len(score))])
    return np.clip(0.5 - 0.2 * (mean - score.mean()) + 0.05 * rng.standard_normal(len(score)), 0, 1), active, score


@pytest.mark.parametrize(("window", "block"), [(1, 14), (3, 5), (7, 10), (14, 28), (28, 14)])
def test_a_person_who_guesses_from_the_scores_is_called_neither_told_nor_misled(window, block):
    """Whatever the days looked back over, from one to 28: about 5 % lie beyond 1.645 on a side, at most 8 of 60."""
    people = [guessed_from_the_last(window, block, seed) for seed in range(60)]
    z = np.array([given_away(g, a, np.ones(len(g), dtype=bool), y) for g, a, y in people])
    assert np.sum(z > 1.645) <= 8
    assert np.sum(z < -1.645) <= 8


@pytest.mark.parametrize(("periods", "said"), [(3, False), (4, True)])
def test_four_periods_are_the_fewest_that_say_why_guesses_are_right(periods, said):
    guess, active, score = blinded_trial(1, True)
    changes = np.flatnonzero(active[1:] != active[:-1]) + 1
    short = slice(0, changes[periods - 1])
    found = given_away(guess[short], active[short], np.ones(changes[periods - 1], dtype=bool), score[short])
    assert (found is not None) is said


@pytest.mark.parametrize(("right", "of", "beats"), [(58, 100, False), (61, 100, True)])
def test_guesses_beat_chance_when_the_interval_lies_above_one_half(right, of, beats):
    guess = np.r_[np.full(right, 0.9), np.full(of - right, 0.1)]
    found = check_guesses(guess, np.ones(of, dtype=bool), np.ones(of, dtype=bool), np.ones(of), None)
    assert found.better_than_chance is beats


@pytest.mark.parametrize(("days", "adjusted"), [(13, False), (14, True)])
def test_an_effect_beyond_the_guess_needs_a_fortnight_of_guesses(days, adjusted):
    """Half a year of outcomes; the effect adjusted for the guess comes from the days with a guess alone."""
    dose = in_turn(168, 14)
    rng = np.random.default_rng(2)
    guess = np.where(np.isin(np.arange(168), np.arange(7, 7 + days)), rng.random(168), np.nan)
    d = diary(wobbling(168) - dose / 4.5, naltrexone_mg=dose, naltrexone_guess=guess)
    found = analyse(d, ask(randomised="blocks", blinded=True, onset="same-day"), curves=False).guess
    assert found.days == days
    assert (found.adjusted is not None) is adjusted
