"""Which dose? Answers for diaries with several doses and a known dose-response."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.analyse import analyse

LEVELS = (1.5, 3.0, 4.5)


def stepped(response: dict[float, float], seed: int = 0, length: int = 14, rounds: int = 6, sd: float = 0.7):
    """Randomised periods of 0, 1.5, 3 and 4.5 mg; response = change of pain at steady state."""
    rng = np.random.default_rng(seed)
    dose = np.concatenate([rng.permutation([0.0, *LEVELS]).repeat(length) for _ in range(rounds)])
    target = np.array([response.get(d, 0.0) for d in dose])
    felt, e = np.empty_like(target), 0.0
    for t, goal in enumerate(target):
        e += (1 - np.exp(-1 / 3)) * (goal - e)
        felt[t] = e
    return diary(wobbling(len(dose), seed, sd) + felt, naltrexone_mg=dose)


def by_dose(analysis):
    return {effect.dose: effect for effect in analysis.doses}


def test_a_rising_response_prefers_the_largest_dose():
    doses = by_dose(analyse(stepped({1.5: -0.7, 3.0: -1.4, 4.5: -2.1}), ask(randomised="blocks", onset="days")))
    assert doses[4.5].p_best > 0.8
    assert doses[4.5].improvement.mean == pytest.approx(2.1, abs=0.6)
    assert doses[1.5].improvement.mean == pytest.approx(0.7, abs=0.5)
    assert doses[4.5].regret < doses[1.5].regret


def test_an_inverted_u_is_found_below_the_largest_dose():
    doses = by_dose(analyse(stepped({1.5: -1.8, 3.0: -1.9, 4.5: -0.1}), ask(randomised="blocks", onset="days")))
    assert doses[4.5].p_best < 0.02
    assert doses[1.5].p_best + doses[3.0].p_best > 0.95
    assert doses[4.5].improvement.mean < 1.0


def test_no_effect_prefers_no_dose_confidently():
    doses = by_dose(analyse(stepped({}), ask(randomised="blocks", onset="days")))
    assert all(effect.p_best < 0.8 for effect in doses.values())
    assert all(effect.p_better_than_lower < 0.2 for effect in doses.values())


def test_a_step_up_is_worth_it_only_where_it_adds_a_meaningful_difference():
    """All of the effect is there at 1.5 mg."""
    doses = by_dose(analyse(stepped({1.5: -2.0, 3.0: -2.0, 4.5: -2.0}, sd=0.5), ask(randomised="blocks", onset="days")))
    assert doses[1.5].p_better_than_lower > 0.9
    assert doses[4.5].p_better_than_lower < 0.1


def test_a_dose_never_taken_has_no_answer():
    analysis = analyse(stepped({4.5: -1.0}), ask(randomised="blocks"))
    assert {effect.dose for effect in analysis.doses} == set(LEVELS)


def test_a_mechanism_s_own_daily_signal_can_win():
    """The outcome follows a rhythm that the doses do not have; NAME_signal carries it."""
    d = stepped({})
    signal = np.abs(np.sin(np.arange(d.days) / 9.0)) * (d.dose("naltrexone") > 0)
    moved = d.with_column("pain", d.column("pain") - 2.5 * signal).with_column("naltrexone_signal", signal)
    estimate = analyse(moved, ask(randomised="blocks", onset="days")).verdict.estimate
    truth = 2.5 * float(signal[d.dose("naltrexone") > 0].mean())
    assert estimate.mean == pytest.approx(truth, abs=0.35)


def test_a_dose_that_stands_out_from_a_small_average_is_named_with_its_warning():
    analysis = analyse(stepped({1.5: -0.3, 3.0: -2.2, 4.5: -0.1}, sd=0.6), ask(randomised="blocks", onset="days"))
    assert analysis.verdict.answer == "no_meaningful_difference"
    (odd,) = [r for r in analysis.verdict.reasons if r.code == "one_dose_stands_out"]
    assert odd.numbers["dose"] == 3.0
    assert "picked from several" in odd.sentence


@pytest.mark.parametrize("scale", ["continuous", "rating"])
def test_the_only_dose_is_best_as_surely_as_it_is_better_than_none(scale):
    """p_best = P(better), p_better_than_lower = P(meaningfully better), as the answer's own sentence says them."""
    for seed in range(4):
        dose = blocks(168)
        pain = np.clip(np.round(wobbling(168, seed, 1.5) - 0.5 * dose / 4.5), 0, 10)
        limits = (0, 10) if scale == "rating" else None
        found = analyse(diary(pain, naltrexone_mg=dose), ask(scale=scale, limits=limits))
        (only,) = found.doses
        assert only.improvement == (settled := found.verdict.settled)
        assert (only.p_best, only.p_better_than_lower) == (settled.better, settled.meaningfully_better)


def test_doses_a_thousand_times_apart_end_in_an_answer():
    dose = np.repeat([0.0, 0.01, 4.5], 28)
    assert analyse(diary(wobbling(84), naltrexone_mg=dose), ask()).verdict.reasons
