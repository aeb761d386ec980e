"""The compiled kernels against dense matrices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.inference.series import small_series

from nightdose.inference import marginal, reference
from nightdose.inference.components import Cuts
from nightdose.inference.marginal import Kernel, path_covariance
from nightdose.inference.reference import Hyper


def hyper_at(series, z) -> Hyper:
    points, tau, cuts = series.hyper(z)
    return Hyper(*(float(x) for x in points[:, 0]), tau=tuple(tau[0].tolist()), cuts=tuple(cuts[0].tolist()))


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


@pytest.mark.parametrize(("family", "free"), [("category", False), ("category", True), ("count", False)])
@pytest.mark.parametrize("seed", range(2))
def test_expectation_propagation_agrees_with_a_sequential_dense_one(seed, family, free, monkeypatch):
    """Same fixed point by another order of updates and by quadrature on a grid instead of closed moments."""
    monkeypatch.setattr(marginal, "SITE_TOLERANCE", dict.fromkeys(marginal.FAMILIES, 1e-10))
    series = small_series(seed, days=18, family=family, free=free)
    z = np.random.default_rng(seed).standard_normal((2, len(series.hyper_names))) * 0.5
    fast = Kernel(series).evaluate(z)
    for i in range(len(z)):
        slow = reference.expectation_propagation(series, hyper_at(series, z[i : i + 1]))
        error = 3e-3 if family == "count" else 5e-5  # 11 nodes a count; the grid of the twin
        assert fast.loglik[i] == pytest.approx(slow.loglik, abs=error)
        assert fast.mean[i] == pytest.approx(slow.mean, abs=error)
        assert fast.cov[i] == pytest.approx(slow.cov, abs=error)


def test_many_narrow_categories_become_the_gaussian_outcome():
    series = small_series(2, days=60)
    width = 2e-3
    edges = np.arange(-6, 6, width)
    narrow = replace(series, family="category", y=np.searchsorted(edges, series.y).astype(float), cuts=Cuts(edges))
    z = points_over_the_prior(series, 4) * 0.5
    exact, binned = Kernel(series).evaluate(z), Kernel(narrow).evaluate(z)
    density = binned.loglik - np.sum(series.seen) * np.log(width)
    assert density == pytest.approx(exact.loglik, abs=0.05)  # half a width of rounding in every outcome
    assert binned.mean == pytest.approx(exact.mean, abs=2e-3)


def test_large_counts_become_a_gaussian_outcome_of_their_logarithm():
    """Counts around 20,000: Poisson noise is far below the log-normal noise."""
    series = small_series(4, days=60)
    counts = replace(series, family="count", y=np.round(np.exp(series.y + 10)))
    logs = replace(series, y=np.log(np.maximum(counts.y, 1)))
    z = points_over_the_prior(series, 3) * 0.3
    a, b = Kernel(counts).evaluate(z), Kernel(logs).evaluate(z)
    assert a.mean == pytest.approx(b.mean, abs=2e-3)
    assert a.loglik - np.max(a.loglik) == pytest.approx(b.loglik - np.max(b.loglik), abs=0.02)


def test_a_point_does_not_depend_on_its_neighbours_or_on_threads():
    series = small_series(4, days=80, family="category")
    z = points_over_the_prior(series, 11)
    together = Kernel(series, threads=2).evaluate(z)
    alone = [Kernel(series).evaluate(z[i : i + 1]) for i in range(len(z))]
    assert np.array_equal(together.loglik, [a.loglik[0] for a in alone])
    assert np.array_equal(together.mean, np.vstack([a.mean for a in alone]))


def test_unseen_outcomes_are_never_read():
    series = small_series(5)
    poisoned = replace(series, y=np.where(series.seen, series.y, np.nan))
    z = points_over_the_prior(series, 4)
    assert np.array_equal(Kernel(series).evaluate(z).loglik, Kernel(poisoned).evaluate(z).loglik)


@pytest.mark.parametrize("family", ["category", "count"])
def test_a_start_near_by_saves_rounds_and_moves_no_coefficient_by_a_hundredth_of_its_sd(family):
    series = small_series(2, days=80, family=family)
    z = 0.4 * points_over_the_prior(series, 12)
    cold, warm = Kernel(series).evaluate(z), Kernel(series, near=np.zeros((1, z.shape[1]))).evaluate(z)
    assert np.mean(warm.sweeps) < np.mean(cold.sweeps)
    assert np.max(np.abs(warm.loglik - cold.loglik)) < 0.02
    sd = np.sqrt(np.einsum("nkk->nk", cold.cov))
    assert np.max(np.abs(warm.mean - cold.mean) / sd) < 0.01


@pytest.mark.parametrize("family", ["category", "count"])
def test_rounds_stop_when_the_evidence_has_settled_to_a_hundredth_and_not_before(family, monkeypatch):
    """What SITE_TOLERANCE costs, and that ten times as much would be too much."""
    series = small_series(4, days=200, family=family)
    if family == "category":  # yes or no: what is written says least, and rounds are most
        yes = (series.y > np.median(series.y[series.seen])).astype(float)
        series = replace(series, y=yes, cuts=Cuts(np.zeros(1)))
    z = 0.5 * points_over_the_prior(series, 24)

    def evaluated(factor):
        usual = marginal.SITE_TOLERANCE[family]
        with monkeypatch.context() as patch:
            patch.setattr(marginal, "SITE_TOLERANCE", {**marginal.SITE_TOLERANCE, family: factor * usual})
            return Kernel(series, near=np.zeros((1, z.shape[1]))).evaluate(z)

    exact, usual, loose = (evaluated(factor) for factor in (1e-6, 1, 10))
    assert np.max(np.abs(usual.loglik - exact.loglik)) < 0.01 < np.max(np.abs(loose.loglik - exact.loglik))
    sd = np.sqrt(np.einsum("nkk->nk", exact.cov))
    assert np.mean(np.max(np.abs(usual.mean - exact.mean) / sd, axis=1)) < 1e-3


def test_paths_from_kept_sites_are_those_found_anew():
    series = small_series(5, days=60, family="category")
    z = points_over_the_prior(series, 6)
    kernel = Kernel(series)
    kept, anew = kernel.paths(z, kernel.evaluate(z).sites), kernel.paths(z)
    assert kept.offset == pytest.approx(anew.offset, abs=1e-12)
    assert kept.slope == pytest.approx(anew.slope, abs=1e-12)
    assert kept.var == pytest.approx(anew.var, abs=1e-12)


def test_covariance_of_the_path_with_a_direction_is_that_of_dense_matrices():
    """C a = Sigma_p a - Sigma_p H' (H Sigma_p H' + R)^-1 H Sigma_p a, with the sites of every point as R."""
    series = small_series(6, days=50, family="category")
    z = points_over_the_prior(series, 5)
    sites = Kernel(series).evaluate(z).sites
    direction = np.where(series.seen, np.random.default_rng(0).standard_normal((5, 50)), 0.0)
    found = path_covariance(series, series.hyper(z)[0], sites, direction, np.arange(50))
    for i in range(len(z)):
        prior = reference.covariance(50, hyper_at(series, z[i : i + 1]))
        seen = series.seen
        total = prior[np.ix_(seen, seen)] + np.diag(sites.var[i, seen])
        posterior = prior - prior[:, seen] @ np.linalg.solve(total, prior[seen])
        assert found[i] == pytest.approx(posterior @ direction[i], abs=1e-9)


@pytest.mark.parametrize("family", ["gaussian", "category"])
def test_paths_of_chosen_days_are_those_of_all_days(family):
    series = small_series(7, days=45, family=family)
    z, days = points_over_the_prior(series, 5), np.array([0, 3, 17, 44])
    kernel = Kernel(series)
    every, chosen = kernel.paths(z), kernel.paths(z, days=days)
    for name in ("offset", "slope", "var", "lagged"):
        assert np.array_equal(getattr(chosen, name), getattr(every, name)[:, days])


@pytest.mark.parametrize("family", ["gaussian", "category"])
def test_curves_are_the_weighted_paths_with_and_without_a_column(family):
    """Summed day by day in the kernel; here from every point's own path."""
    series = small_series(8, days=45, family=family)
    z = points_over_the_prior(series, 6)
    kernel, weights = Kernel(series), np.arange(1.0, 7) / 21
    out = kernel.evaluate(z)
    mean, sd = kernel.curves(z, out.sites if family != "gaussian" else marginal.NO_SITES, weights, ("slow",))
    path = kernel.paths(z)
    without = path.slope.copy()
    without[:, :, 2] -= path.lagged[:, :, 0]
    for which, slope in enumerate((path.slope, without)):
        each = path.offset + np.einsum("ntp,np->nt", slope, path.mean)
        var = path.var + np.einsum("ntp,npq,ntq->nt", slope, path.cov, slope)
        middle = weights @ each
        assert mean[which] == pytest.approx(middle, abs=1e-9)
        assert sd[which] == pytest.approx(np.sqrt(weights @ (var + np.square(each - middle))), abs=1e-9)


def test_products_with_further_columns_are_those_of_dense_matrices():
    """[y Z x]' Sigma^-1 [y Z x] for columns in groups of one, two and three, and a step on every day."""
    days = 40
    series = small_series(9, days=days)
    z, further = points_over_the_prior(series, 5), np.random.default_rng(1).standard_normal((days, 6))
    group = np.array([0, 1, 1, 2, 2, 2])
    found = Kernel(series).products(z, marginal.NO_SITES, further, group)
    seen, steps = series.seen, (np.arange(days)[:, None] >= np.arange(days)).astype(float)
    for i in range(len(z)):
        hyper = hyper_at(series, z[i : i + 1])
        sigma = reference.covariance(days, hyper)[np.ix_(seen, seen)] + hyper.noise_sd**2 * np.eye(seen.sum())
        known = np.column_stack([series.y, reference.design(series, hyper)])[seen]
        solved = np.linalg.solve(sigma, known)
        assert found.gram[i] == pytest.approx(known.T @ solved, abs=1e-8)
        assert found.logdet[i] == pytest.approx(np.linalg.slogdet(sigma)[1], abs=1e-8)
        assert found.cross[i] == pytest.approx(further[seen].T @ solved, abs=1e-8)
        own = further[seen].T @ np.linalg.solve(sigma, further[seen])
        for b, before in ((0, 0), (1, 0), (2, 0), (2, 1), (5, 0), (5, 2)):
            assert found.own[i, b, before] == pytest.approx(own[b, b - before], abs=1e-8)
        assert found.step_cross[i] == pytest.approx(steps[seen].T @ solved, abs=1e-8)
        assert found.step_own[i] == pytest.approx(
            np.einsum("sd,sd->d", steps[seen], np.linalg.solve(sigma, steps[seen])), abs=1e-8
        )
