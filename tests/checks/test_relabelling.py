"""The re-randomisation test: exact against brute force, uniform under the null, and not without power."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from scipy import stats
from tests.diaries import ask, diary, wobbling
from tests.diaries import blocks as in_turn

from nightdose.analyse import analyse
from nightdose.checks import relabelling
from nightdose.checks.relabelling import without_slips
from nightdose.exposure.onset import effect_compartment
from nightdose.question.draws import draws
from nightdose.report.words.randomisation import randomisation_words


def randomisation_test(outcome, dose, randomised, tau, start):
    """The test of a plan that is written down."""
    return relabelling.randomisation_test(outcome, draws(dose, randomised, written=True), tau, start)


def brute_force(outcome, orders, tau, start=0.0, *, blocks=True):
    """p over the orders, (n, days) each written out; the statistic computed day by day."""
    seen = ~np.isnan(outcome)
    t = np.arange(len(outcome))[seen]

    def left(values):
        return values[seen] - np.polyval(np.polyfit(t, values[seen], 1), t)

    values = []
    for order in orders:
        x = left(effect_compartment(np.array(order), tau, start))
        size = np.linalg.norm(x) if blocks else 1.0  # of days drawn one by one the divisor is left out
        values.append(abs(float(x @ left(outcome))) / size)
    return np.mean(np.array(values) >= values[0] - 1e-9)


@pytest.mark.parametrize("tau", [0.0, 2.5])
def test_days_are_exact(tau):
    """Eight days, four with a dose, one entry missing: 70 orders."""
    dose = np.array([1, 0, 0, 1, 1, 0, 1, 0.0])
    outcome = wobbling(8, 3) + dose
    outcome[5] = np.nan
    orders = [dose, *(o for o in set(permutations(dose)) if o != tuple(dose))]
    found = randomisation_test(outcome, dose, "days", tau, 0.0)
    assert (found.exact, found.schedules) == (True, 70)
    assert found.p == pytest.approx(brute_force(outcome, orders, tau, blocks=False))


@pytest.mark.parametrize("start", [0.5, 3.0])
def test_what_was_taken_before_days_drawn_one_by_one_counts_in_every_order(start):
    dose = np.array([1, 0, 0, 1, 1, 0, 1, 0.0])
    outcome = wobbling(8, 3) + dose
    orders = [dose, *(o for o in set(permutations(dose)) if o != tuple(dose))]
    found = randomisation_test(outcome, dose, "days", 2.5, start)
    assert found.p == pytest.approx(brute_force(outcome, orders, 2.5, start, blocks=False))


@pytest.mark.parametrize("tau", [0.0, 4.0])
def test_paired_blocks_are_exact(tau):
    """Four pairs of blocks of five days: 16 orders."""
    pairs = np.array([[0, 1], [1, 0], [0, 1], [0, 1]], dtype=float)
    dose = pairs.ravel().repeat(5)
    orders = [[p if s else p[::-1] for p, s in zip(pairs, signs, strict=True)] for signs in product([1, 0], repeat=4)]
    found = randomisation_test(y := wobbling(40, 1) + dose, dose, "blocks", tau, 0.0)
    assert (found.exact, found.schedules) == (True, 16)
    assert "4 pairs" in found.space
    assert found.p == pytest.approx(brute_force(y, [np.ravel(o).repeat(5) for o in orders], tau))


@pytest.mark.parametrize("start", [0.0, 1.0, 6.0])
def test_a_medicine_taken_before_the_diary_counts_in_every_order(start):
    """Four pairs of blocks of five days after months on 0, 1 or 6 mg, which fade with 8 days."""
    dose = np.array([0, 1, 1, 0, 1, 0, 0, 1.0]).repeat(5)
    y = wobbling(40, 4) + effect_compartment(dose, 8.0, 6.0)
    orders = [dose]
    for swap in product([False, True], repeat=4):
        order = dose.reshape(4, 2, 5).copy()
        order[list(swap)] = order[list(swap)][:, ::-1]
        orders.append(order.ravel())
    unique = [dose, *(np.array(o) for o in {tuple(o) for o in orders} - {tuple(dose)})]
    found = randomisation_test(y, dose, "blocks", 8.0, start)
    assert found.schedules == len(unique) == 16
    assert found.p == pytest.approx(brute_force(y, unique, 8.0, start))


def test_unpaired_blocks_and_three_doses_are_exact():
    """Five blocks 4 2 0 0 4: of 30 orders those are left out that would have been read as drawn in pairs."""
    real = (4.0, 2.0, 0.0, 0.0, 4.0)
    others = {
        o for o in set(permutations(real)) - {real} if not all(o[k] != o[k + 1] and 0 in o[k : k + 2] for k in (0, 2))
    }
    found = randomisation_test(y := wobbling(15, 2), np.repeat(real, 3), "blocks", 1.0, 0.0)
    assert found.schedules == 1 + len(others) == 18
    assert found.p == pytest.approx(brute_force(y, [np.repeat(o, 3) for o in (real, *others)], 1.0))


def test_a_sample_of_orders_agrees_with_all_of_them(monkeypatch):
    dose = np.random.default_rng(0).permutation([0.0, 1.0] * 8)
    y = wobbling(16, 5) + 0.6 * dose
    every = randomisation_test(y, dose, "days", 0.0, 0.0)
    monkeypatch.setattr("nightdose.checks.relabelling.MOST_ENUMERATED", 10)
    some = randomisation_test(y, dose, "days", 0.0, 0.0)
    assert (every.exact, some.exact, some.schedules) == (True, False, 5_000)
    assert some.p == pytest.approx(every.p, abs=4 * np.sqrt(every.p / 4999))
    assert some == randomisation_test(y, dose, "days", 0.0, 0.0)  # the same seed, the same answer


@pytest.mark.parametrize("design", ["days", "blocks", "pairs"])
def test_p_is_uniform_when_the_drug_does_nothing(design):
    """300 dummy diaries with strong spells and drift: no more than alpha of the p lie below alpha."""
    rng, p = np.random.default_rng(7), []
    for _ in range(300):
        if design == "days":
            dose = rng.permutation([0.0, 1.0] * 20)
        elif design == "blocks":
            dose = rng.permutation([0.0, 1.0] * 5).repeat(4)
        else:
            dose = np.concatenate([rng.permutation([0.0, 1.0]) for _ in range(5)]).repeat(4)
        y = np.cumsum(rng.standard_normal(40))
        p.append(randomisation_test(y, dose, "days" if design == "days" else "blocks", 3.0, 0.0).p)
    for alpha in (0.05, 0.1, 0.25, 0.5):
        assert np.mean(np.array(p) <= alpha) <= alpha + 3 * np.sqrt(alpha * (1 - alpha) / 300)
    assert stats.kstest(np.array(p) - 0.02, "uniform").pvalue > 1e-3


def test_a_slow_effect_is_found_and_better_with_the_onset_in_the_statistic():
    rng, found = np.random.default_rng(1), {0.0: 0, 10.0: 0}
    for _ in range(40):
        dose = np.concatenate([rng.permutation([0.0, 1.0]).repeat(21) for _ in range(8)])
        y = effect_compartment(dose, 10.0, 0.0) + rng.standard_normal(len(dose))
        for tau in found:
            found[tau] += randomisation_test(y, dose, "blocks", tau, 0.0).unusual
    assert found[10.0] >= 32
    assert found[10.0] > found[0.0]


def test_the_smallest_p_of_a_short_design_is_said():
    """Two pairs: four orders, two of them mirror images, so nothing below one half can come out."""
    dose = np.array([0, 1, 0, 1.0]).repeat(7)
    found = randomisation_test(wobbling(28) + 9 * dose, dose, "blocks", 0.0, 0.0)
    assert (found.schedules, found.smallest, found.p) == (4, 0.5, 0.5)


def test_nothing_drawn_nothing_tested():
    assert randomisation_test(wobbling(100), in_turn(100), "none", 0.0, 0.0) is None
    assert randomisation_test(wobbling(100), np.full(100, 1.0), "days", 0.0, 0.0) is None
    assert randomisation_test(np.full(100, 3.0), in_turn(100), "blocks", 0.0, 0.0) is None


def test_ten_years_of_days_take_a_moment():
    dose = np.random.default_rng(0).integers(0, 2, 3650).astype(float)
    assert randomisation_test(wobbling(3650) + dose, dose, "days", 10.0, 0.0).p < 0.001


def test_slips_of_the_pen_decide_no_test():
    """Five pairs, a plain effect, three scores of 650 in a row: p as without them; ordinary days stay as they are."""
    dose = in_turn(280, 28)
    pain = wobbling(280, 1) - 2.0 * (dose > 0)
    slips = pain.copy()
    slips[40:43] = 650.0
    p, robust = (randomisation_test(without_slips(y), dose, "blocks", 0.0, 0.0).p for y in (pain, slips))
    assert robust == p
    assert randomisation_test(slips, dose, "blocks", 0.0, 0.0).p > 0.5
    assert np.array_equal(without_slips(pain), pain)


def test_where_half_of_the_days_are_alike_nothing_is_drawn_in():
    attacks = np.where(np.arange(60) % 9 == 0, 7.0, 0.0)
    assert np.array_equal(without_slips(attacks), attacks)
    assert len(without_slips(np.full(3, np.nan))) == 3


def test_days_said_to_be_drawn_that_take_turns_are_told_what_the_test_would_say_and_no_more():
    """On, off, off, on for 60 days, three points apart. p is never 0; nothing is judged by it."""
    dose = np.tile([4.5, 0.0, 0.0, 4.5], 15)
    pain = 5 - 3 * (dose > 0) + 0.1 * np.random.default_rng(1).standard_normal(60)
    found = analyse(diary(pain, naltrexone_mg=dose), ask(randomised="days", onset="same-day"))
    assert found.randomisation_test.p == 1 / found.randomisation_test.schedules
    assert found.verdict.answer not in ("helps", "harms")
    assert found.verdict.ceiling == "low"
    (words,) = randomisation_words(found)
    assert "says nothing about the medicine" in words
    assert not any(reason.code.startswith("randomisation_test") for reason in found.verdict.reasons)
