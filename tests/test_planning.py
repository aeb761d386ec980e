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
