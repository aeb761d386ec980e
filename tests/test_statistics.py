"""Small pieces of statistics, each against what it should be."""

from __future__ import annotations

import numpy as np
import pytest

from nightdose.statistics import THREE_NODES, THREE_WEIGHTS, Z95, filtered, quantiles, spells, spread_evenly, wilson


def test_three_nodes_are_exact_up_to_the_fifth_power():
    moments = [THREE_WEIGHTS @ THREE_NODES**power for power in range(6)]
    assert moments == pytest.approx([1, 0, 1, 0, 3, 0])


def test_evenly_spread_points_go_on_where_they_stopped_and_fill_the_square():
    whole = spread_evenly(4096, 2)
    assert np.array_equal(whole[100:], spread_evenly(3996, 2, skip=100))
    counts, _, _ = np.histogram2d(*whole.T, bins=8, range=[(0, 1), (0, 1)])
    assert np.all(np.abs(counts - 64) <= 6)  # 64 in each of 64 cells; random points miss by 8 on average


def test_what_is_filtered_is_the_recursion_alone_and_side_by_side():
    steps = np.random.default_rng(1).standard_normal((100, 2))
    slow = [steps[0]]
    for step in steps[1:]:
        slow.append(np.array([0.9, 0.0]) * slow[-1] + step)
    assert filtered(steps, np.array([0.9, 0.0])) == pytest.approx(np.array(slow))
    assert filtered(steps[:, 0], 0.9) == pytest.approx(np.array(slow)[:, 0])


def test_spells_have_their_sd_from_the_first_day_and_their_memory():
    many = np.array([spells(2.0, 0.7, 50, np.random.default_rng(seed)) for seed in range(4000)])
    assert np.std(many, axis=0) == pytest.approx(np.full(50, 2.0), rel=0.06)
    assert np.corrcoef(many[:, 20], many[:, 21])[0, 1] == pytest.approx(0.7, abs=0.03)


def test_z95_leaves_a_fortieth_on_each_side():
    assert np.mean(np.random.default_rng(0).standard_normal(400_000) > Z95) == pytest.approx(0.025, abs=0.001)


@pytest.mark.parametrize(("successes", "n"), [(0, 40), (1, 40), (20, 40), (39, 40), (40, 40), (3, 7)])
def test_wilson_s_ends_are_where_the_observed_share_lies_1_96_errors_away(successes, n):
    """Both roots p of (share - p)^2 = z^2 p (1 - p) / n: an interval of none in 40 does not end at 0."""
    share, z2 = successes / n, 1.959964**2
    roots = sorted(np.roots([1 + z2 / n, -(2 * share + z2 / n), share**2]).tolist())
    assert wilson(successes, n) == pytest.approx(roots, abs=1e-6)


def test_of_nothing_counted_everything_is_possible():
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize("n", [1, 2, 3, 10, 179])
def test_quantiles_are_those_of_numpy_to_the_letter(n):
    rng = np.random.default_rng(n)
    shares = (0.0, 0.1, 0.5, 0.9, 1.0, *rng.random(20).tolist())
    for values in (rng.standard_normal(n), np.round(rng.standard_normal(n), 1), np.full(n, 3.0)):
        assert quantiles(values, *shares) == tuple(np.quantile(values, shares).tolist())
