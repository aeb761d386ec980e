"""The check of expectation propagation: is it nought where it must be, and does it see what is wrong?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import integrate, stats
from tests.inference.series import small_series
from tests.inference.test_marginal import hyper_at

from nightdose.inference import _inference, reference
from nightdose.inference.components import Cuts
from nightdose.inference.marginal import FAMILIES, Kernel, Sites
from nightdose.inference.posterior import Posterior
from nightdose.inference.selfcheck import PathCheck, deviations, systematic

SLOW = np.array([0.0, 0.0, 1.0, 0.0])  # the coefficient of the lagged dose


def posterior_of(series, points=3, spread=0.4) -> Posterior:
    """A posterior of a few equally likely hyper-parameter points, each as the kernel has it."""
    z = spread * np.random.default_rng(8).standard_normal((points, len(series.hyper_names)))
    e = Kernel(series).evaluate(z)
    hyper, tau, cuts = series.hyper(z)
    weights, quality = np.full(points, 1 / points), (float(points), 0.0, 0.0, 0.0, points)
    return Posterior(series, weights, z, e.mean, e.cov, e.exposure, hyper, tau, cuts, *quality, e.sites)


def checked(posterior, seed=0, points=4, draws=128):
    return PathCheck(posterior, SLOW, points).with_paths(draws, np.random.default_rng(seed))


def sd_of(posterior):
    """Posterior sd of the slow coefficient, the unit of a shift."""
    mean = posterior.mean @ SLOW
    return np.sqrt(posterior.weights @ (posterior.cov[:, 2, 2] + np.square(mean - posterior.weights @ mean)))


def test_many_narrow_categories_leave_nothing_to_correct():
    """p(y | eta) is then itself a normal in eta, every weight the same and the shift nought."""
    series, width = small_series(2, days=60), 2e-3
    edges = np.arange(-6, 6, width)
    narrow = replace(series, family="category", y=np.searchsorted(edges, series.y).astype(float), cuts=Cuts(edges))
    check = checked(posterior_of(narrow), points=3, draws=64)
    assert abs(check.shift) < 1e-4
    assert check.ess == pytest.approx(3 * 64, rel=1e-3)


@pytest.mark.parametrize("family", ["category", "count"])
def test_draws_have_the_covariance_of_dense_matrices(family):
    """cov(b, eta) = C - C H' (H C H' + R)^-1 H C, with C of the prior, H the recorded days of eta, R the sites."""
    series, draws = small_series(1, days=30, family=family), 20_000
    p = posterior_of(series, points=2)
    paths = Kernel(series).paths(p.z, p.sites)
    b, eta = deviations(series, p.hyper, p.sites, paths, draws, np.random.default_rng(1))
    for i in range(2):
        hyper, seen = hyper_at(series, p.z[i : i + 1]), series.seen
        x, border = reference.design(series, hyper), np.diag(np.square(series.border_sd))
        prior = np.block([[border, border @ x.T], [x @ border, reference.covariance(30, hyper) + x @ border @ x.T]])
        recorded = np.append(np.zeros(4, bool), seen)
        total = prior[np.ix_(recorded, recorded)] + np.diag(p.sites.var[i, seen])
        dense = prior - prior[:, recorded] @ np.linalg.solve(total, prior[recorded])
        sd = np.sqrt(np.diag(dense))
        found = np.hstack([b[i], eta[i]])
        assert np.mean(found, axis=0) / sd == pytest.approx(0, abs=4.5 / np.sqrt(draws))
        assert np.cov(found.T) / np.outer(sd, sd) == pytest.approx(dense / np.outer(sd, sd), abs=6 / np.sqrt(draws))


@pytest.mark.parametrize("family", ["category", "count"])
def test_mean_and_covariance_that_come_with_the_paths_are_those_of_the_fit(family):
    p = posterior_of(small_series(1, family=family))
    paths = Kernel(p.series).paths(p.z, p.sites)
    assert paths.mean == pytest.approx(p.mean, abs=1e-10)
    assert paths.cov == pytest.approx(p.cov, abs=1e-10)


def log_p(series, cuts, noise_sd, y, eta):
    """log p(y | eta), a category by SciPy's tail functions, a count by adaptive quadrature over the day's noise."""
    if series.family == "category":
        low, high = (np.array([-np.inf, *cuts, np.inf])[int(y) + k] for k in (0, 1))
        a, b = (low - eta) / noise_sd, (high - eta) / noise_sd
        a, b = (a, b) if b < -a else (-b, -a)
        return stats.norm.logcdf(b) + np.log1p(-np.exp(stats.norm.logcdf(a) - stats.norm.logcdf(b)))

    def integrand(x):
        return np.exp(stats.poisson.logpmf(y, np.exp(x))) * stats.norm.pdf(x, eta, noise_sd)

    ends = (eta - 9 * noise_sd, eta + 9 * noise_sd)
    return np.log(integrate.quad(integrand, *ends, epsabs=0, epsrel=1e-10, limit=400)[0])


@pytest.mark.long
@pytest.mark.parametrize("days", [1, 7, 8, 9, 40])
@pytest.mark.parametrize("family", ["category", "count"])
def test_log_weights_are_those_of_an_obvious_loop(family, days):
    """Sum over days of log p(y_t | eta_t) - log N(site_obs_t; eta_t, site_var_t), paths far out included."""
    series, rng = small_series(3, days=days, family=family), np.random.default_rng(days)
    cuts, noise_sd = series.cuts.values, 0.4
    eta = rng.normal(0, 1, (5, days)) * np.array([0.5, 1, 2, 4, 8])[:, None] / (1 if family == "category" else 4)
    obs, var = rng.normal(0, 1, days), rng.exponential(1, days) + 0.1
    found = _inference.log_site_ratio(FAMILIES[family], series.y, cuts, np.full(len(series.y), noise_sd), obs, var, eta)
    for path, value in zip(eta, found, strict=True):
        slow = sum(
            log_p(series, cuts, noise_sd, series.y[t], path[t]) - stats.norm.logpdf(obs[t], path[t], np.sqrt(var[t]))
            for t in range(days)
        )
        assert value == pytest.approx(slow, rel=1e-6, abs=1e-4 * days)  # 11 nodes a count


def test_far_tails_without_noise_stay_finite():
    """log P of an interval hundreds of sds away is -x^2 / 2 - log x - log(2 pi) / 2 but for 1 / x^2."""
    y, one = np.array([1.0]), np.ones(1)
    found = _inference.log_site_ratio(1, y, np.zeros(1), np.array([0.01]), np.zeros(1), one, np.array([[-3.0], [3.0]]))
    tail = -0.5 * 300**2 - np.log(300) - 0.5 * np.log(2 * np.pi)
    assert found + stats.norm.logpdf(0, 3, 1) == pytest.approx([tail, 0.0], abs=1e-4)
    assert np.all(
        np.isfinite(_inference.log_site_ratio(1, y, np.zeros(1), np.zeros(1), np.zeros(1), one, np.ones((1, 1))))
    )


@pytest.mark.parametrize("family", ["category", "count"])
def test_the_shift_is_that_of_plain_importance_sampling(family):
    """Without the three savings: x is drawn, no pairs, E[w x] / E[w] with 200,000 paths."""
    p = posterior_of(small_series(0, days=12, family=family), points=1)
    seen, draws = p.series.seen, 200_000
    paths = Kernel(p.series).paths(p.z, p.sites)
    b, eta = deviations(p.series, p.hyper, p.sites, paths, draws, np.random.default_rng(2))
    path = (paths.offset + paths.slope[0] @ paths.mean[0] + eta[0])[:, seen]
    sites = (p.sites.obs[0, seen], p.sites.var[0, seen])
    log_w = _inference.log_site_ratio(
        FAMILIES[family], p.series.y[seen], p.cuts[0], np.full(seen.sum(), p.hyper[3, 0]), *sites, path
    )
    w, x = np.exp(log_w - np.max(log_w)), b[0] @ SLOW / sd_of(p)
    plain = w @ x / np.sum(w)
    error = np.sqrt(np.square(w) @ np.square(x - plain)) / np.sum(w)
    check = checked(p, points=1, draws=8192)
    assert abs(check.shift - plain) < 4 * np.hypot(error, check.shift_error)
    assert check.shift_error < 0.5 * error  # with an eighth of the work


@pytest.mark.long
@pytest.mark.parametrize("family", ["category", "count"])
def test_the_error_is_what_repeated_checks_scatter_by(family):
    p = posterior_of(small_series(4, days=80, family=family))
    long = checked(p, seed=99, draws=16_384)
    repeated = [checked(p, seed) for seed in range(60)]
    scores = [(check.shift - long.shift) / check.shift_error for check in repeated]
    assert 0.7 < np.sqrt(np.mean(np.square(scores))) < 1.3


@pytest.mark.parametrize("family", ["category", "count"])
def test_a_sound_fit_passes(family):
    check = checked(posterior_of(small_series(4, days=80, family=family)))
    assert abs(check.shift) < 0.05
    assert check.shift_error < 0.03
    assert check.ess > 0.5 * check.points * check.draws
    assert check.answered == check.points


@pytest.mark.parametrize("family", ["category", "count"])
def test_a_coefficient_that_is_moved_is_moved_back(family):
    """Half a sd was added to the reported mean alone: the check must say minus a half."""
    p = posterior_of(small_series(4, days=80, family=family))
    wrong = replace(p, mean=p.mean + 0.5 * sd_of(p) * SLOW)
    assert checked(wrong).shift == pytest.approx(checked(p).shift - 0.5, abs=1e-9)


@pytest.mark.parametrize("family", ["category", "count"])
@pytest.mark.parametrize(("step", "factor"), [(0.5, 1.0), (0.0, 0.25)])
def test_wrong_sites_are_seen_even_if_everything_else_follows_them(family, step, factor):
    """Sites moved by half a sd of theirs on days with the dose, or four times too sure: most points fail to answer."""
    p = posterior_of(small_series(4, days=80, family=family))
    dosed = p.series.lagged[0].values > 0
    spoilt = Sites(p.sites.obs + step * np.sqrt(p.sites.var) * dosed, p.sites.var * factor)
    paths = Kernel(p.series).paths(p.z, spoilt)
    check = checked(replace(p, sites=spoilt, mean=paths.mean, cov=paths.cov))
    assert check.answered < check.points / 2


@pytest.mark.parametrize("family", ["category", "count"])
def test_an_effect_moved_by_its_sites_is_moved_back(family):
    """Sites moved by a fifth of their sd on days with the dose: the check finds the mean that the right sites give."""
    p = posterior_of(small_series(4, days=80, family=family))
    spoilt = Sites(p.sites.obs + 0.2 * np.sqrt(p.sites.var) * (p.series.lagged[0].values > 0), p.sites.var)
    paths = Kernel(p.series).paths(p.z, spoilt)
    check = checked(replace(p, sites=spoilt, mean=paths.mean, cov=paths.cov), points=3, draws=512)
    assert check.shift - 2 * check.shift_error < -0.1
    assert check.shift == pytest.approx(np.mean((p.mean - paths.mean) @ SLOW) / sd_of(p), abs=0.03)


def test_points_where_hardly_a_path_fits_every_day_do_not_answer():
    """Noise of a fiftieth of a category's width: w is an indicator of 80 intervals at once."""
    series = small_series(4, days=80, family="category")
    z = np.zeros((4, len(series.hyper_names)))
    z[:2, series.bent] = 3.0  # all spell, no noise
    e, hyper = Kernel(series).evaluate(z), series.hyper(z)
    assert np.all(hyper[0][3, :2] < 0.01)
    p = posterior_of(series, points=4)
    p = replace(p, z=z, mean=e.mean, cov=e.cov, hyper=hyper[0], tau=hyper[1], cuts=hyper[2], sites=e.sites)
    check = checked(p)
    assert check.answered == 2
    assert abs(check.shift) < 0.05
    assert check.tail_k < 0.7


def test_the_same_seed_gives_the_same_numbers():
    p = posterior_of(small_series(4, family="category"))
    assert checked(p, 5) == checked(p, 5)
    assert checked(p, 5) != checked(p, 6)


def test_points_are_taken_in_proportion_to_their_weight():
    assert systematic(np.array([0.1, 0.5, 0.0, 0.4]), 5).tolist() == [0, 1, 1, 3, 3]


def test_a_continuous_outcome_has_nothing_to_check():
    p = posterior_of(small_series(1))
    with pytest.raises(ValueError, match="integrated exactly"):
        checked(p)


@pytest.mark.parametrize("draws", [2, 7])
def test_paths_come_in_pairs(draws):
    with pytest.raises(ValueError, match="pairs"):
        checked(posterior_of(small_series(1, family="count")), draws=draws)
