"""Shrinkage of several outcomes: closed forms, a dense second way, and what it must never do."""

from __future__ import annotations

import numpy as np
import pytest

from nightdose.inference.shrinkage import nearest_correlation, shrink


def test_one_outcome_shrinks_towards_none():
    """d ~ N(theta, s^2), theta ~ N(0, 1 + tau^2): mean d (1 + tau^2) / (1 + tau^2 + s^2)."""
    found = shrink(np.array([0.8]), np.array([[0.25]]), between=0.5)
    assert found.mean[0] == pytest.approx(0.8 * 1.25 / 1.5)
    assert found.sd[0] == pytest.approx((1.25 * 0.25 / 1.5) ** 0.5)
    assert found.interval95[0, 1] - found.mean[0] == pytest.approx(1.959964 * found.sd[0], rel=1e-5)


def test_equal_errors_have_the_textbook_form():
    """theta_i = B d_i + (1 - B) m, B = tau^2 / (tau^2 + s^2), m = mean d / (1 + (tau^2 + s^2) / k)."""
    d, s, tau = np.array([0.1, 0.5, -0.2, 0.9]), 0.3, 0.2
    found = shrink(d, s**2 * np.eye(4), between=tau)
    b = tau**2 / (tau**2 + s**2)
    common = d.mean() / (1 + (tau**2 + s**2) / 4)
    assert np.allclose(found.mean, b * d + (1 - b) * common)


def test_no_difference_between_outcomes_pools_them():
    d, s = np.array([0.4, 0.2]), np.array([0.1, 0.2])
    found = shrink(d, np.diag(s**2), between=0.0)
    w = 1 / s**2
    assert np.allclose(found.mean, (w @ d) / (w.sum() + 1))
    assert np.allclose(found.sd, (w.sum() + 1) ** -0.5)


def test_the_average_over_tau_agrees_with_simulation():
    """Draws from the prior, weighted by the likelihood, give the same means and sds."""
    rng = np.random.default_rng(1)
    d, cov = np.array([0.9, 0.1, -0.1]), np.array([[0.1, 0.03, 0.0], [0.03, 0.08, 0.0], [0.0, 0.0, 0.2]])
    n = 400_000
    tau = np.abs(0.5 * rng.standard_normal(n))
    theta = rng.standard_normal(n)[:, None] + tau[:, None] * rng.standard_normal((n, 3))
    off = d - theta
    w = np.exp(-0.5 * np.einsum("ni,ij,nj->n", off, np.linalg.inv(cov), off))
    w /= w.sum()
    mean = w @ theta
    sd = np.sqrt(w @ np.square(theta - mean))
    found = shrink(d, cov)
    assert found.mean == pytest.approx(mean, abs=0.01)
    assert found.sd == pytest.approx(sd, rel=0.03)


def test_the_largest_of_many_noises_does_not_survive():
    """Eight null outcomes with one 2.5 standard errors out: alone it looks found, together it does not; 40 people."""
    rng = np.random.default_rng(3)
    called = 0
    for _ in range(40):
        d = 0.2 * rng.standard_normal(8)
        d[0] = 0.5
        called += shrink(d, 0.04 * np.eye(8)).interval95[0, 0] > 0
    assert called <= 8


def test_real_effects_on_all_outcomes_survive():
    found = shrink(np.full(6, 0.8), 0.03 * np.eye(6) + 0.01)
    assert np.all(found.interval95[:, 0] > 0.3)


def test_errors_that_go_together_are_not_counted_twice():
    d = np.full(4, 0.3)
    apart, together = shrink(d, 0.04 * np.eye(4)), shrink(d, 0.04 * (0.1 * np.eye(4) + 0.9))
    assert np.all(together.sd > 1.3 * apart.sd)


def test_a_covariance_that_is_none_is_refused():
    with pytest.raises(ValueError, match="positive definite"):
        shrink(np.zeros(2), np.array([[1.0, 2.0], [2.0, 1.0]]))


def test_correlation_skips_holes_and_stays_positive():
    rng = np.random.default_rng(0)
    x = rng.standard_normal(60)
    values = np.column_stack([x, x, -x, np.full(60, 2.0)])
    values[:55, 3] = np.nan
    r = nearest_correlation(values)
    assert np.all(np.linalg.eigvalsh(r) > 0.01)
    assert np.allclose(np.diag(r), 1)
    assert r[0, 1] > 0.9
    assert r[0, 2] < -0.9
    assert r[0, 3] == 0
