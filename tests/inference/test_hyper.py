"""Proposals of importance points: densities that are densities, and shapes that are followed."""

from __future__ import annotations

import numpy as np
import pytest
from tests.inference.series import small_series

from nightdose.inference import hyper
from nightdose.inference.diagnostics import effective_sample_size
from nightdose.inference.hyper import Mixture, Mode, around, find_mode, flattened, sliced
from nightdose.inference.marginal import Kernel

LOG_2PI = np.log(2 * np.pi)


def mixture():
    roots = np.stack([np.array([[0.5, 0.0], [0.3, 0.4]]), 0.8 * np.eye(2)])
    return Mixture(np.array([0.3, 0.7]), np.array([[1.0, 0.0], [-1.0, 0.5]]), roots)


def banana(z):
    """A normal in two dimensions, bent: the first coordinate follows the square of the second."""
    return -0.5 * np.square(z[:, 1]) - 0.5 * np.square((z[:, 0] - np.square(z[:, 1])) / 0.3)


def test_log_density_integrates_to_one():
    """On a grid; the constant that prior and proposal both lack put back."""
    step = 0.05
    axis = np.arange(-9, 9, step)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    mass = np.sum(np.exp(mixture().log_density(grid) - LOG_2PI)) * step**2
    assert mass == pytest.approx(1, abs=1e-4)


def test_points_are_spread_as_their_density_says():
    """Mean of two functions over the points against the same over a grid."""
    z = mixture().points(20_000)
    step = 0.05
    axis = np.arange(-9, 9, step)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    p = np.exp(mixture().log_density(grid) - LOG_2PI) * step**2
    for f in (lambda x: x[:, 0] * x[:, 1], lambda x: np.cos(x[:, 0] - x[:, 1])):
        assert np.mean(f(z)) == pytest.approx(p @ f(grid), abs=0.01)


def test_skipped_points_continue_the_sequence():
    low = Mixture(np.array([1.0]), np.zeros((1, 2)), np.eye(2)[None])
    assert not np.any(np.isclose(low.points(50)[:, 0], low.points(50, skip=50)[:, 0]))


def test_slices_follow_a_posterior_that_bends():
    """From flat weights over a broad cloud to a proposal of which more than a quarter of the points count."""
    rng = np.random.default_rng(0)
    z = rng.standard_normal((400, 2)) * 2
    log_w = banana(z) + 0.5 * np.sum(np.square(z / 2), axis=1)
    mode = Mode(np.zeros(2), np.eye(2) * 0.3, 0)
    weights = np.exp(log_w - log_w.max())
    before = effective_sample_size(weights) / len(weights)
    proposal = sliced(z, weights, mode, 1)
    again = proposal.points(1000)
    log_w = banana(again) - proposal.log_density(again)
    after = effective_sample_size(np.exp(log_w - log_w.max())) / 1000
    assert after > 0.25
    assert after > 3 * before


def test_a_single_heavy_point_does_not_become_the_whole_proposal():
    weights = np.full(200, 1e-9)
    weights[7] = 1.0
    flat = flattened(weights)
    assert effective_sample_size(flat) >= 30
    assert np.argmax(flat) == 7
    z = np.random.default_rng(1).standard_normal((200, 3))
    assert np.all(np.isfinite(sliced(z, weights, Mode(np.zeros(3), np.eye(3), 0), 0).points(50)))


def test_the_first_proposal_reaches_as_far_as_the_prior_along_the_bent_coordinate():
    """A mode narrow in every direction: the bent one is still covered to two and a half prior sd on both sides."""
    z = around(Mode(np.array([0.5, 0.5]), 0.01 * np.eye(2), 0), 1).points(512)
    assert z[:, 1].min() < -2.5
    assert z[:, 1].max() > 2.5
    assert np.abs(z[:, 0] - 0.5).max() < 1  # the other one stays within its mode


def test_newton_finds_the_mode_and_its_curvature():
    cov = np.array([[0.3, 0.1], [0.1, 0.2]])
    precision = np.linalg.inv(cov)
    at = np.array([0.7, -1.1])

    def height(z):
        return -0.5 * np.einsum("ni,ij,nj->n", z - at, precision, z - at)

    mode = find_mode(height, 2)
    assert mode.z == pytest.approx(at, abs=1e-3)
    assert mode.cov == pytest.approx(cov, rel=0.01)


@pytest.fixture(scope="module")
def heights():
    """Forty diaries of 180 days: how high the posterior of their hyper-parameters is."""
    many = [small_series(seed, 180) for seed in range(40)]
    return [(Kernel(series).log_posterior, len(series.hyper_names)) for series in many]


@pytest.mark.parametrize(("points", "scale"), [(0, 0.5), (96, 0.5), (24, 0.02), (24, 2.0)])
def test_the_search_begins_at_the_highest_of_as_many_points_as_save_the_most(heights, points, scale, monkeypatch):
    """Fewer or more of them, nearer to 0 or farther from it, and more of the posterior is evaluated in all."""

    def evaluated():
        return sum(find_mode(height, dim).evaluations for height, dim in heights)

    usual = evaluated()
    monkeypatch.setattr(hyper, "START_POINTS", points)
    monkeypatch.setattr(hyper, "START_SCALE", scale)
    assert evaluated() > usual
