"""Before day 1: simulated diaries of the design, judged by the real analysis."""

import datetime
from dataclasses import replace

import numpy as np
import pytest
from tests.drug_files import glycine

from nightdose import planning
from nightdose.analyse import analyse as real
from nightdose.errors import CallError
from nightdose.knowledge.chosen import about
from nightdose.knowledge.ups_and_downs import of_a_scale, of_events, published
from nightdose.planning import (
    HOPED,
    Runs,
    e_value_ahead,
    forecast,
    from_run_in,
    outcome_of,
    quick_power,
    shortest,
    simulate_diary,
)
from nightdose.protocol.trial import TrialDesign
from nightdose.question.question import Question
from nightdose.verdict.forecast import Verdicts

DESIGN = TrialDesign("randomised_blocks", datetime.date(2026, 11, 23), run_in_days=14, pairs=3, block_days=14)
QUESTION = Question("pain", "naltrexone", scale="continuous", meaningful=1.0, onset="days")
STEADY = replace(published("calm"), spell_sd=0.05, noise_sd=0.2, drift_sd_90d=0.05)


def test_the_planted_improvement_is_what_is_reached_once_settled():
    """Blocks of 200 days: the last day of each is settled, whatever the onset drawn."""
    quiet = replace(STEADY, spell_sd=0.0, noise_sd=0.0, drift_sd_90d=0.0, missing=0.0)
    diary = simulate_diary(replace(DESIGN, block_days=200), QUESTION, quiet, 1.0, np.random.default_rng(0))
    on = diary.dose("naltrexone") > 0
    gain = quiet.level - diary.column("pain")
    assert np.max(gain) == pytest.approx(1.0, abs=1e-3)
    assert np.mean(gain[on]) < 1.0
    assert on.sum() == 3 * 200


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
    found = forecast(DESIGN, QUESTION, STEADY, Runs(12, 3))
    assert found.hoped.power == 1.0
    assert 0.2 <= found.meaningful.power <= 1.0
    assert found.nothing.wrong_if_nothing <= 2 / 12
    assert sum(found.nothing.answers.values()) == 12


def test_the_same_seed_gives_the_same_forecast():
    first, second = (forecast(DESIGN, QUESTION, published("usual"), Runs(4, 5)) for _ in range(2))
    assert first == second


def test_two_processes_say_what_one_says(monkeypatch):
    monkeypatch.setattr(planning, "WORTH_A_WORKER", 1)
    one, two = (forecast(DESIGN, QUESTION, published("usual"), Runs(4, 5, workers=n)) for n in (1, 2))
    assert one == two


@pytest.mark.long
def test_the_shortest_design_has_the_power_and_the_search_says_what_it_tried():
    best, tried = shortest(DESIGN, QUESTION, STEADY, Runs(6, 7))
    assert best.hoped.power >= 0.8
    assert best.design.pairs == 3 == min(tried)


def test_where_two_years_are_not_enough_that_is_said():
    wild = replace(published("stormy"), noise_sd=40.0)
    best, tried = shortest(DESIGN, QUESTION, wild, Runs(3, 8))
    assert best is None
    assert len(tried) == 1


def test_progress_is_told():
    seen = []
    forecast(DESIGN, QUESTION, STEADY, Runs(2, 9, progress=lambda done, total: seen.append((done, total))))
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
    best, tried = shortest(longest, QUESTION, hopeless, Runs(1, 8))
    assert best is None
    assert list(tried) == [most_pairs]


def test_power_is_the_share_told_helps_and_half_of_the_truths_that_are_just_worth_having_miss_it():
    """Eight pairs, hardly any noise: the sign is certain, the size is a coin."""
    found = forecast(replace(DESIGN, pairs=8), QUESTION, STEADY, Runs(30, 11)).meaningful
    assert found.power == found.share("helps")
    assert 0.2 < found.power < 0.8


def test_the_trial_is_judged_at_its_declared_end_not_as_a_diary_of_a_year(monkeypatch):
    """Six weeks of three pairs: the one declared look is asked for the usual certainty."""
    asked = []
    monkeypatch.setattr("nightdose.planning.judged", lambda d, q, looks: asked.append(looks) or real(d, q))
    forecast(DESIGN, QUESTION, STEADY, Runs(1))
    assert {looks.once for looks in asked} == {True}
    asked.clear()
    forecast(replace(DESIGN, pairs=5), QUESTION, STEADY, Runs(1))
    assert {(looks.counted, looks.once) for looks in asked} == {(3, False)}


def test_nobody_plans_on_less_than_is_worth_having():
    with pytest.raises(CallError, match="cannot be planned on"):
        forecast(DESIGN, QUESTION, STEADY, Runs(1), hoped=1.0)
    assert forecast(DESIGN, QUESTION, STEADY, Runs(1), hoped=1.2).hoped.improvement == 1.2


@pytest.mark.long
def test_the_quick_look_at_a_design_agrees_with_the_slow_one_on_a_rating():
    """Sixty diaries judged as continuous scores, sixty as ratings: two standard errors are 18 in 100."""
    rating = replace(QUESTION, scale="rating", limits=(0.0, 10.0))
    design = replace(DESIGN, pairs=4)
    slow = outcome_of(design, rating, published("usual"), 2.0, HOPED, Runs(60))
    assert quick_power(design, rating, published("usual")).power == pytest.approx(slow.power, abs=0.18)


@pytest.mark.long
def test_the_quick_look_is_of_the_drug_file_as_it_is_now():
    """Its onset was days and is weeks: blocks of four days find less."""
    design, found = replace(DESIGN, block_days=4), []
    for onset in ("days", "weeks"):
        with about(glycine(onset)):
            found.append(
                quick_power(design, replace(QUESTION, treatment="glycine", onset=None), STEADY, hoped=1.3).power
            )
    assert found[0] > found[1]


def test_the_e_value_ahead_is_of_the_hoped_for_effect_and_only_of_drawn_pairs():
    found = e_value_ahead(replace(DESIGN, pairs=8), QUESTION, published("usual"))
    assert {reach.block_days for reach in found} >= {7, 14}
    assert e_value_ahead(replace(DESIGN, kind="alternating"), QUESTION, published("usual")) == ()
    more = e_value_ahead(replace(DESIGN, pairs=8), QUESTION, published("usual"), hoped=4.0)
    assert all(a.chance >= b.chance for a, b in zip(more, found, strict=True))


def test_enough_is_eighty_of_a_hundred(monkeypatch):
    """Seven pairs find 78 of 100, eight find 88."""
    monkeypatch.setattr(planning, "outcome_of", lambda design, *_: Verdicts(2.0, 100, {"helps": 8 + 10 * design.pairs}))
    monkeypatch.setattr(planning, "forecast", lambda design, *_, **__: design)
    best, tried = shortest(DESIGN, QUESTION, STEADY)
    assert best.pairs == 8
    assert tried[7].power == 0.78


@pytest.mark.parametrize("scale", ["binary", "count"])
def test_a_simulated_yes_or_no_and_a_count_have_the_rate_and_the_effect_that_were_planned(scale):
    """3 in 10 days without it, 1 in 10 with it; 11,200 days each way: standard error 0.01, spells included."""
    asked = Question("attack", "naltrexone", scale=scale, meaningful=0.05, onset="same-day")
    ups = replace(of_events(scale == "binary"), drift_sd_90d=0.0, missing=0.0)
    rng, long = np.random.default_rng(4), replace(DESIGN, pairs=100)
    diaries = [simulate_diary(long, asked, ups, 0.2, rng) for _ in range(8)]
    scores = np.concatenate([diary.column("attack") for diary in diaries])
    on = np.concatenate([diary.dose("naltrexone") for diary in diaries]) > 0
    assert np.mean(scores[~on]) == pytest.approx(0.3, abs=0.03)
    assert np.mean(scores[on]) == pytest.approx(0.1, abs=0.03)
    assert set(np.unique(scores)) <= ({0.0, 1.0} if scale == "binary" else set(range(10)))


@pytest.mark.parametrize("scale", ["binary", "count", "ordinal", "rating"])
def test_a_trial_of_every_kind_of_outcome_is_told_its_power(scale):
    limits = {"ordinal": (0.0, 3.0), "rating": (0.0, 10.0)}.get(scale)
    worth = {"ordinal": 0.3, "rating": 1.0}.get(scale, 0.05)
    asked = Question("attack", "naltrexone", scale=scale, limits=limits, meaningful=worth, onset="days")
    ups = of_a_scale(*limits) if limits else of_events(scale == "binary")
    found = outcome_of(DESIGN, asked, ups, 2 * worth, HOPED, Runs(4))
    assert sum(found.answers.values()) == 4


def test_a_usual_person_moves_as_much_of_a_scale_whatever_its_ends():
    assert of_a_scale(0, 10) == published("usual")
    low = of_a_scale(0, 3)
    assert (low.level, low.daily_sd) == (1.5, pytest.approx(0.3 * published("usual").daily_sd))


def test_a_run_in_of_a_plain_number_drifts_in_proportion_to_itself():
    """Steps a day: the published drift of half a point of ten says nothing of them."""
    steps = 5000 + 800 * np.random.default_rng(0).standard_normal(30)
    found = from_run_in(steps, points=False)
    usual = published("usual")
    assert found.drift_sd_90d / found.daily_sd == pytest.approx(usual.drift_sd_90d / usual.daily_sd)
    assert from_run_in(steps).drift_sd_90d == usual.drift_sd_90d
