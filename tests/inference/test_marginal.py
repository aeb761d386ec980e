"""The compiled kernels against dense matrices."""

from __future__ import annotations

import numpy as np
import pytest
from tests.inference.series import small_series

from nightdose.inference import reference
from nightdose.inference.marginal import Kernel
from nightdose.inference.reference import Hyper


def hyper_at(series, z) -> Hyper:
    points, tau = series.hyper(z)
    return Hyper(*(float(x) for x in points[:, 0]), tau=tuple(float(x) for x in tau[0]))


def points_over_the_prior(series, n):
    return np.random.default_rng(5).standard_normal((n, len(series.hyper_names)))


@pytest.mark.parametrize("seed", range(6))
def test_gaussian_evidence_and_coefficients_agree_with_a_dense_normal(seed):
    series = small_series(seed, days=30 + 10 * seed)
    z = points_over_the_prior(series, 5)
    fast = Kernel(series).evaluate(z)
    for i in range(len(z)):
        hyper = hyper_at(series, z[i : i + 1])
        slow = reference.gaussian(series, hyper, series.y, np.full(len(series.y), hyper.noise_sd**2))
        assert fast.loglik[i] == pytest.approx(slow.loglik, abs=1e-8)
        assert fast.mean[i] == pytest.approx(slow.mean, abs=1e-8)
        assert fast.cov[i] == pytest.approx(slow.cov, abs=1e-8)


def test_drift_of_almost_zero_keeps_its_digits():
    """A covariance filter, unlike a precision matrix, does not lose digits as the drift vanishes."""
    series = small_series(3)
    z = np.array([[-7.0, 0.0, 0.0, 0.0, 0.0]])
    hyper = hyper_at(series, z)
    slow = reference.gaussian(series, hyper, series.y, np.full(len(series.y), hyper.noise_sd**2))
    assert Kernel(series).evaluate(z).loglik[0] == pytest.approx(slow.loglik, abs=1e-8)


def test_smoothed_path_agrees_with_a_dense_normal_on_seen_and_missed_days():
    series = small_series(1, days=50)
    z = points_over_the_prior(series, 3)
    kernel = Kernel(series)
    out, path = kernel.evaluate(z), kernel.paths(z)
    for i in range(len(z)):
        hyper = hyper_at(series, z[i : i + 1])
        slow = reference.gaussian(series, hyper, series.y, np.full(len(series.y), hyper.noise_sd**2))
        var = path.var[i] + np.einsum("tp,pq,tq->t", path.slope[i], out.cov[i], path.slope[i])
        assert path.offset[i] + path.slope[i] @ out.mean[i] == pytest.approx(slow.eta_mean, abs=1e-8)
        assert var == pytest.approx(slow.eta_var, abs=1e-8)


@pytest.mark.parametrize("seed", range(2))
def test_expectation_propagation_agrees_with_a_sequential_dense_one(seed):
    """Same fixed point by another order of updates and by quadrature instead of closed moments."""
    series = small_series(seed, days=18, family="interval")
    z = np.random.default_rng(seed).standard_normal((2, 5)) * 0.5
    fast = Kernel(series).evaluate(z)
    for i in range(len(z)):
        slow = reference.expectation_propagation(series, hyper_at(series, z[i : i + 1]))
        assert fast.loglik[i] == pytest.approx(slow.loglik, abs=2e-5)  # grid of the quadrature
        assert fast.mean[i] == pytest.approx(slow.mean, abs=2e-5)
        assert fast.cov[i] == pytest.approx(slow.cov, abs=2e-5)


def test_narrow_intervals_become_the_gaussian_outcome():
    series = small_series(2, days=60)
    width = 1e-3
    from dataclasses import replace

    narrow = replace(series, family="interval", lower=series.y - width / 2, upper=series.y + width / 2)
    z = points_over_the_prior(series, 4) * 0.5
    exact, binned = Kernel(series).evaluate(z), Kernel(narrow).evaluate(z)
    density = binned.loglik - np.sum(series.seen) * np.log(width)
    assert density == pytest.approx(exact.loglik, abs=1e-4)
    assert binned.mean == pytest.approx(exact.mean, abs=1e-5)


def test_a_point_does_not_depend_on_its_neighbours_or_on_threads():
    series = small_series(4, days=80, family="interval")
    z = points_over_the_prior(series, 11)
    together = Kernel(series, threads=2).evaluate(z)
    alone = [Kernel(series).evaluate(z[i : i + 1]) for i in range(len(z))]
    assert np.array_equal(together.loglik, [a.loglik[0] for a in alone])
    assert np.array_equal(together.mean, np.vstack([a.mean for a in alone]))


def test_unseen_outcomes_are_never_read():
    from dataclasses import replace

    series = small_series(5)
    poisoned = replace(series, y=np.where(series.seen, series.y, np.nan))
    z = points_over_the_prior(series, 4)
    assert np.array_equal(Kernel(series).evaluate(z).loglik, Kernel(poisoned).evaluate(z).loglik)
