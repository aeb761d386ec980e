"""Days that a coin chose and days that the evening's score chose part on the days after (question/habits)."""

from __future__ import annotations

import numpy as np
import pytest

from nightdose.question.habits.same_evening import chose, may_have_chosen, may_have_chosen_blocks

DAYS, DIARIES = 240, 150


def life(rng, days=DAYS, memory=0.8):
    """(days,) good and bad spells, and daily noise."""
    spells = np.zeros(days)
    for day in range(1, days):
        spells[day] = memory * spells[day - 1] + np.sqrt(1 - memory**2) * rng.standard_normal()
    return spells + 0.8 * rng.standard_normal(days)


def drawn(seed, effect, days=DAYS, tau=0.0, memory=0.8):
    """(dose, outcome) of days that a coin chose; effect : sd; tau : days that it outlasts its own."""
    rng = np.random.default_rng(seed)
    score, on = life(rng, days, memory), rng.integers(0, 2, days).astype(float)
    exposure, keep = np.zeros(days), np.exp(-1 / tau) if tau else 0.0
    for day in range(days):
        exposure[day] = on[day] + keep * ((exposure[day - 1] if day else 0.0) - on[day])
    return 4.5 * on, score - effect * np.std(score) * exposure


def chosen(seed, closely, days=DAYS, lately=0):
    """(dose, outcome) of a drug that does nothing, taken on the worse evenings; or on those worse than the mean of the
    last `lately` days."""
    rng = np.random.default_rng(seed)
    score = life(rng, days)
    bad = score - [score[max(0, t - lately) : t].mean() if t and lately else 0.0 for t in range(days)]
    odds = closely * (bad - np.median(bad)) / np.std(bad)
    return 4.5 * (rng.random(days) < 1 / (1 + np.exp(-odds))), score


def share(make, of, **about):
    return np.mean([of(*make(seed, **about)) for seed in range(DIARIES)])


@pytest.mark.parametrize("closely", [1.2, 2.4, 12.0])
def test_who_chose_by_the_evening_s_score_is_let_in_once_in_twenty(closely):
    """Loosely, closely, strictly; 150 diaries of eight months, three standard errors."""
    let_in = 1 - share(chosen, may_have_chosen, closely=closely)
    assert 0.0 <= let_in < 0.05 + 3 * np.sqrt(0.05 * 0.95 / DIARIES)


@pytest.mark.parametrize("lately", [1, 3, 7, 14])
@pytest.mark.parametrize("closely", [2.4, 12.0])
def test_who_chose_by_how_much_worse_it_was_than_lately_is_let_in_no_oftener(lately, closely):
    """ "Worse than usual": given the evening, the days before had been good, as they had been of a coin's evenings."""
    let_in = 1 - share(chosen, may_have_chosen, closely=closely, lately=lately)
    assert let_in < 0.05 + 3 * np.sqrt(0.05 * 0.95 / DIARIES)


@pytest.mark.parametrize(("effect", "least"), [(0.8, 0.6), (1.5, 0.85), (-0.8, 0.45)])
def test_most_draws_with_an_effect_are_let_in(effect, least):
    assert 1 - share(drawn, may_have_chosen, effect=effect) > least


def test_no_score_has_chosen_evenings_that_do_not_differ():
    """A medicine that does nothing: on and off are alike on nine draws in ten."""
    assert 1 - share(drawn, may_have_chosen, effect=0.0) > 0.85


@pytest.mark.parametrize(("memory", "effect", "days", "least"), [(0.95, 1.5, 120, 0.55), (0.6, 1.5, 240, 0.6)])
def test_draws_are_let_in_where_bad_times_last_and_where_they_pass(memory, effect, days, least):
    """Spells that halve in two weeks, and in a day and a half: near days count more than far ones, but not alone."""
    assert 1 - share(drawn, may_have_chosen, effect=effect, days=days, memory=memory) > least


def test_evenings_that_differ_a_little_are_asked_about():
    """Two months, loosely chosen: as few are let in as of those who chose by rule."""
    assert 1 - share(chosen, may_have_chosen, closely=1.2, days=60) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / DIARIES)


@pytest.mark.parametrize(("days", "tells"), [(19, False), (20, True)])
def test_fewer_than_twenty_evenings_tell_nothing(days, tells):
    dose = np.tile([4.5, 0.0, 0.0, 4.5], 5)[:days]
    assert may_have_chosen(dose, np.random.default_rng(0).permutation(days).astype(float)) is not tells


def test_an_effect_that_outlasts_its_day_is_found_in_the_days_after_and_tells_less():
    assert 1 - share(drawn, may_have_chosen, effect=1.2, tau=3.0) < 1 - share(drawn, may_have_chosen, effect=1.2)


def test_the_days_before_betray_half_of_loose_choices_and_hardly_a_coin():
    assert share(chosen, chose, closely=1.2) > 0.55
    assert share(drawn, chose, effect=1.0) <= 0.02
    assert share(drawn, chose, effect=1.0, tau=3.0) <= 0.02


@pytest.mark.parametrize("scores", [np.full(40, 5.0), np.r_[1.0, np.full(39, np.nan)]])
def test_a_diary_that_tells_nothing_lets_nobody_in_and_betrays_nobody(scores):
    dose = np.tile([4.5, 0.0, 0.0, 4.5], 10)
    assert may_have_chosen(dose, scores)
    assert not chose(dose, scores)


@pytest.mark.parametrize("steps", [2, 4])
def test_yes_and_no_and_few_steps_are_scores_too(steps):
    """Four of ten such draws are let in, and at most one in twenty of those who chose."""

    def coarse(dose, outcome):
        cuts = np.quantile(outcome, np.arange(1, steps) / steps)
        return may_have_chosen(dose, np.searchsorted(cuts, outcome).astype(float))

    assert 1 - share(drawn, coarse, effect=1.5) > 0.4
    assert 1 - share(chosen, coarse, closely=1.2) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / DIARIES)


def of_blocks(seed, length, choose, effect=0.0, days=DAYS):
    """(dose, outcome, begins) of blocks; choose : (scores so far, first evening, rng) -> on or off."""
    rng = np.random.default_rng(seed)
    score, begins, on = life(rng, days), range(0, days, length), np.zeros(days)
    for begin in begins:
        on[begin : begin + length] = choose(score[max(0, begin - length) : begin], score[begin], rng)
    return 4.5 * on, score - effect * np.std(score) * on, list(begins)


def by_first_evening(before, first, rng):
    return first > 0


def by_days_before(before, first, rng):
    return len(before) and before.mean() > 0


def by_coin(before, first, rng):
    return rng.random() < 0.5


@pytest.mark.parametrize("choose", [by_first_evening, by_days_before])
@pytest.mark.parametrize(("length", "least"), [(3, 0.9), (7, 0.9), (14, 0.6)])
def test_blocks_that_a_score_chose_may_have_been(length, least, choose):
    """By how the first evening was, or the time before; eight months."""
    assert np.mean([may_have_chosen_blocks(*of_blocks(seed, length, choose)) for seed in range(60)]) > least


@pytest.mark.parametrize("effect", [0.0, 1.5])
@pytest.mark.parametrize("length", [3, 7, 14, 28])
def test_blocks_that_a_coin_chose_are_seldom_thought_to_be(length, effect):
    found = [may_have_chosen_blocks(*of_blocks(seed, length, by_coin, effect)) for seed in range(100)]
    assert np.mean(found) < 0.17


def test_blocks_without_scores_or_of_one_kind_tell_nothing():
    assert not may_have_chosen_blocks(np.full(60, 4.5), np.full(60, np.nan), [0, 14, 28, 42])
    assert not may_have_chosen_blocks(np.full(60, 4.5), np.arange(60.0), [0, 14, 28, 42])
