"""Doses that follow scores are seen; scores that follow doses are not taken for it."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diaries import blocks

from nightdose.question.habits.scores import FOLLOWS_Z, follows_scores

LOWER_IS_BETTER = -1.0


def spells(n, rng, phi=0.7):
    """Scores with good and bad spells, sd about 1."""
    out = np.zeros(n)
    for t in range(1, n):
        out[t] = phi * out[t - 1] + 0.5 * rng.standard_normal()
    return out + 0.7 * rng.standard_normal(n)


def exposure(dose, tau):
    out, now = np.empty_like(dose), 0.0
    for t, d in enumerate(dose):
        now = d + (np.exp(-1 / tau) if tau else 0.0) * (now - d)
        out[t] = now
    return out


def share(make, n=60):
    """Share of diaries in which doses are said to follow the scores, (same day, days before)."""
    same = before = 0
    for seed in range(n):
        dose, score = make(np.random.default_rng(seed))
        found = follows_scores(dose, score, LOWER_IS_BETTER)
        same += found.same_day > FOLLOWS_Z
        before += abs(found.strongest[1]) > FOLLOWS_Z
    return same / n, before / n


def drawn(score, rng, closely):
    return (rng.random(len(score)) < 1 / (1 + np.exp(-closely * (score - 0.5)))).astype(float)


@pytest.mark.parametrize("closely", [1.5, 5.0])
def test_as_needed_on_the_same_evening(closely):
    def make(rng):
        score = spells(240, rng)
        return drawn(score, rng, closely), score

    assert share(make)[0] >= 0.95


@pytest.mark.parametrize("width", [1, 3])
@pytest.mark.parametrize("sign", [1, -1])
def test_after_bad_days_or_after_good_ones(width, sign):
    def make(rng):
        score = spells(240, rng)
        before = np.array([score[max(0, t - width) : t].mean() if t else 0.0 for t in range(240)])
        return drawn(sign * before, rng, 3.0), score

    assert share(make)[1] >= 0.95


def test_more_of_it_on_worse_days():
    """Every day 1.5, 3 or 4.5 mg by yesterday's score."""

    def make(rng):
        score = spells(200, rng)
        return 1.5 * (1 + np.searchsorted([-0.3, 0.6], np.r_[0.0, score[:-1]])), score

    assert share(make)[1] >= 0.95


DESIGNS = {
    "before_after": lambda rng: (np.arange(240) >= rng.integers(40, 120)).astype(float),
    "blocks": lambda rng: np.concatenate([rng.permutation([0.0, 1.0]).repeat(28) for _ in range(4)]),
    "long_blocks": lambda rng: (blocks(240, 30) > 0).astype(float),
    "days": lambda rng: rng.integers(0, 2, 240).astype(float),
    "irregular": lambda rng: np.concatenate([np.full(rng.integers(20, 60), k % 2) for k in range(12)])[:240] * 1.0,
}


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize(("effect", "tau"), [(0.0, 0.0), (-1.2, 0.0), (-1.2, 3.0), (-1.2, 10.0)])
def test_a_drug_that_works_does_not_look_like_doses_that_follow(design, effect, tau):
    """With one capsule in fifteen forgotten; 60 diaries, at most one of them."""

    def make(rng):
        dose = DESIGNS[design](rng)
        dose = np.where(rng.random(len(dose)) < 1 / 15, 0.0, dose)
        return dose, spells(len(dose), rng) + effect * exposure(dose, tau)

    same, before = share(make)
    assert max(same, before) <= 1 / 60


def test_a_higher_score_may_be_the_better_one():
    rng = np.random.default_rng(0)
    score = spells(240, rng)
    dose = drawn(score, rng, 5.0)
    assert follows_scores(dose, score, LOWER_IS_BETTER).same_day == -follows_scores(dose, score, 1.0).same_day > 5


def test_nothing_to_see_is_zero():
    nothing = follows_scores(np.full(30, np.nan), np.zeros(30), LOWER_IS_BETTER)
    assert (nothing.same_day, nothing.strongest[1]) == (0.0, 0.0)
    assert follows_scores(np.ones(30), np.arange(30.0), LOWER_IS_BETTER).same_day == 0.0


def test_a_strong_drug_in_drawn_blocks_of_a_week_is_not_said_to_follow_the_scores():
    """Ten points that build over three days: for how many days a dose had been so is held fixed, day by day."""

    def make(rng):
        dose = np.concatenate([rng.permutation([1.0, 0.0]) for _ in range(12)]).repeat(7)
        return dose, 0.5 * spells(168, rng) - 10 * exposure(dose, 3.0)

    assert share(make)[1] <= 0.05
