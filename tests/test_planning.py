"""Before day 1: simulated diaries of the design, judged by the real analysis."""

import datetime
from dataclasses import replace

import numpy as np
import pytest

from nightdose.errors import CallError
from nightdose.planning import forecast, from_run_in, published, shortest, simulate_diary
from nightdose.protocol.trial import TrialDesign
from nightdose.question.question import Question

DESIGN = TrialDesign("randomised_blocks", datetime.date(2026, 11, 23), run_in_days=14, pairs=3, block_days=14)
QUESTION = Question("pain", "naltrexone", scale="continuous", meaningful=1.0, onset="days")
STEADY = replace(published("calm"), spell_sd=0.05, noise_sd=0.2, drift_sd_90d=0.05)


def test_the_planted_improvement_is_the_mean_over_the_days_on():
    quiet = replace(STEADY, spell_sd=0.0, noise_sd=0.0, drift_sd_90d=0.0, missing=0.0)
    diary = simulate_diary(DESIGN, QUESTION, quiet, 1.0, np.random.default_rng(0))
    on = diary.dose("naltrexone") > 0
    assert np.mean(quiet.level - diary.column("pain")[on]) == pytest.approx(1.0)
    assert on.sum() == 3 * 14


def test_published_levels_have_the_sd_they_say():
    rng = np.random.default_rng(1)
    long = replace(DESIGN, pairs=100)
    for level, sd in (("calm", 0.95), ("usual", 1.61), ("stormy", 2.27)):
        ups = replace(published(level), drift_sd_90d=0.0, missing=0.0)
        scores = simulate_diary(long, QUESTION, ups, 0.0, rng).column("pain")
        assert np.std(scores) == pytest.approx(sd, rel=0.06)  # 2,814 days: standard error near 2 %


def test_the_run_in_is_described_by_its_own_numbers():
    rng = np.random.default_rng(2)
    ups = replace(published("usual"), drift_sd_90d=0.0, missing=0.1)
    scores = simulate_diary(replace(DESIGN, pairs=70), QUESTION, ups, 0.0, rng).column("pain")
    found = from_run_in(scores)
    assert found.daily_sd == pytest.approx(1.61, rel=0.1)
    assert found.missing == pytest.approx(0.1, abs=0.03)
    assert found.spell_sd == pytest.approx(ups.spell_sd, rel=0.25)


@pytest.mark.parametrize("scores", [np.full(13, 4.0) + np.arange(13), np.full(20, 4.0)])
def test_too_little_or_too_even_a_run_in_is_refused(scores):
    with pytest.raises(CallError, match="run-in"):
        from_run_in(scores)


def test_a_plain_effect_is_found_and_nothing_is_not():
    found = forecast(DESIGN, QUESTION, STEADY, n=12, seed=3)
    assert found.meaningful.power == 1.0
    assert found.twice.share("helps") == 1.0
    assert found.nothing.wrong_if_nothing <= 2 / 12
    assert sum(found.nothing.answers.values()) == 12


def test_the_same_seed_gives_the_same_forecast():
    first, second = (forecast(DESIGN, QUESTION, published("usual"), n=4, seed=5, twice=False) for _ in range(2))
    assert first == second


@pytest.mark.long
def test_the_shortest_design_has_the_power_and_the_search_says_what_it_tried():
    best, tried = shortest(DESIGN, QUESTION, STEADY, n=6, seed=7)
    assert best.meaningful.power >= 0.8
    assert best.design.pairs == 3 == min(item.design.pairs for item in tried)


def test_where_two_years_are_not_enough_that_is_said():
    wild = replace(published("stormy"), noise_sd=40.0)
    best, tried = shortest(DESIGN, QUESTION, wild, n=3, seed=8)
    assert best is None
    assert len(tried) == 1


def test_progress_is_told():
    seen = []
    forecast(DESIGN, QUESTION, STEADY, n=2, seed=9, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(i, 6) for i in range(1, 7)]


def test_the_days_needed_to_know_your_own_ups_and_downs_are_fourteen():
    """Thirteen are refused above."""
    assert from_run_in(np.full(14, 4.0) + np.arange(14)).origin.startswith("Your own run-in: 14 days")


def test_a_short_run_in_gives_back_a_part_of_the_memory_it_hides():
    """400 run-ins of three weeks, half of the variance in spells. A short series looks less lasting than it is, about
    (1 + 3 r) / n in its correlation (Kendall 1954). One n-th is given back: 0.39 on average, without it 0.32.
    """
    rng = np.random.default_rng(4)
    phi, step = published("usual").phi, np.sqrt(1 - published("usual").phi ** 2)
    spells = rng.standard_normal((400, 21))
    for t in range(1, 21):
        spells[:, t] = phi * spells[:, t - 1] + step * spells[:, t]
    scores = 5 + np.sqrt(0.5) * (spells + rng.standard_normal((400, 21)))
    lasting = np.mean([ups.spell_sd**2 / ups.daily_sd**2 for ups in map(from_run_in, scores)])
    assert 0.36 < lasting < 0.5


def test_a_run_in_is_read_as_spells_and_noise_by_the_correlation_of_neighbours():
    """Sixteen days 1 1 2 2 1 1 2 2 ...: of 15 neighbours 8 are alike and 7 differ, r = 1/15."""
    scores = np.array([1.0, 1, 2, 2] * 4)
    share = (1 / 15 + 1 / 16) / published("usual").phi
    found = from_run_in(scores)
    assert found.spell_sd == pytest.approx(np.std(scores, ddof=1) * np.sqrt(share))
    assert found.noise_sd == pytest.approx(np.std(scores, ddof=1) * np.sqrt(1 - share))


def test_a_run_in_that_only_drifts_keeps_some_noise():
    """A straight line: at most 95 % of the variance is taken to last."""
    found = from_run_in(np.arange(60.0))
    assert found.spell_sd**2 / found.daily_sd**2 == pytest.approx(0.95)


@pytest.mark.parametrize(("block_days", "most_pairs"), [(14, 25), (28, 12)])
def test_the_search_for_a_design_ends_at_two_years(block_days, most_pairs):
    """730 days less a run-in of 14 hold 25 pairs of fortnights, or 12 of four weeks; nothing longer is offered."""
    hopeless = replace(published("stormy"), noise_sd=400.0)
    longest = replace(DESIGN, block_days=block_days)
    best, tried = shortest(longest, QUESTION, hopeless, n=1, seed=8)
    assert best is None
    assert [item.design.pairs for item in tried] == [most_pairs]
