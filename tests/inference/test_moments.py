"""Moments of an interval under a normal cavity: vectorised code against SciPy and against difference quotients."""

import numpy as np
import pytest
from scipy import special

from nightdose.inference import _inference


def cases(n=4000):
    rng = np.random.default_rng(2)
    lower = rng.normal(0, 4, n)
    upper = lower + rng.exponential(0.7, n) + 1e-3
    lower[::7], upper[3::7] = -np.inf, np.inf
    return lower, upper, rng.normal(0, 2, n), rng.exponential(1.0, n) + 1e-3


def log_mass(lower, upper, mean, var, noise_var):
    s = np.sqrt(var + noise_var)
    a, b = (lower - mean) / s, (upper - mean) / s
    flip = a > 0
    a, b = np.where(flip, -b, a), np.where(flip, -a, b)
    return special.log_ndtr(b) + np.log1p(-np.exp(special.log_ndtr(a) - special.log_ndtr(b)))


@pytest.mark.parametrize("portable", [True, False])
def test_log_mass_agrees_with_scipy(portable):
    lower, upper, mean, var = cases()
    ours = _inference.interval_moments(lower, upper, mean, var, 0.5, portable)[:, 0]
    assert ours == pytest.approx(log_mass(lower, upper, mean, var, 0.5), rel=1e-9, abs=1e-10)


@pytest.mark.parametrize("portable", [True, False])
def test_derivatives_agree_with_difference_quotients(portable):
    lower, upper, mean, var = cases()
    ours = _inference.interval_moments(lower, upper, mean, var, 0.5, portable)
    h = 1e-3
    up, at, down = (log_mass(lower, upper, mean + d, var, 0.5) for d in (h, 0, -h))
    assert ours[:, 1] == pytest.approx((up - down) / (2 * h), rel=1e-4, abs=1e-5)
    assert ours[:, 2] == pytest.approx((up - 2 * at + down) / h**2, rel=1e-3, abs=1e-3)


def test_an_interval_fifty_sd_away_still_has_finite_moments():
    far = np.array([60.0]), np.array([61.0]), np.array([0.0]), np.array([0.5])
    logz, d1, d2 = _inference.interval_moments(*far, 0.5, False)[0]
    assert logz == pytest.approx(log_mass(*far, 0.5)[0], rel=1e-4)
    assert d1 == pytest.approx(60.0, rel=1e-2)  # pulls towards the interval as hard as a point there would
    assert -1.01 < d2 < 0


def test_both_processor_variants_agree():
    lower, upper, mean, var = cases()
    plain, wide = (_inference.interval_moments(lower, upper, mean, var, 0.5, p) for p in (True, False))
    assert plain == pytest.approx(wide, rel=1e-8, abs=1e-10)


def count_cases(n=300):
    rng = np.random.default_rng(4)
    y = rng.poisson(np.exp(rng.normal(0.5, 1.5, n))).astype(float)
    y[:5] = [0, 0, 1, 200, 5000]
    mean, var = rng.normal(0.5, 1.5, n), rng.exponential(1.0, n) + 1e-3
    mean[0], var[0] = 6.5, 0.05  # nothing where 700 are expected: two steps of Newton's method would not reach the mode
    return y, mean, var


@pytest.mark.parametrize("portable", [True, False])
def test_count_moments_agree_with_a_fine_grid(portable):
    """Poisson-normal integral on 20,001 points; 11 adaptive nodes, worst for no event under a wide cavity."""
    y, mean, var = count_cases()
    ours = _inference.count_moments(y, mean, var, 0.3, portable)
    for i in range(len(y)):
        s2 = var[i] + 0.3
        ends = (mean[i], np.log(y[i] + 0.5))
        x = np.linspace(min(ends) - 9 * np.sqrt(s2), max(ends) + 4 * np.sqrt(s2), 20_001)
        log_p = y[i] * x - np.exp(x) - special.gammaln(y[i] + 1) - 0.5 * (x - mean[i]) ** 2 / s2
        w = np.exp(log_p - log_p.max())
        mass = np.sum(w) * (x[1] - x[0]) / np.sqrt(2 * np.pi * s2)
        middle = np.sum(w * x) / np.sum(w)
        spread = np.sum(w * (x - middle) ** 2) / np.sum(w)
        assert ours[i, 0] == pytest.approx(np.log(mass) + log_p.max(), abs=1e-3)
        assert ours[i, 1] * s2 == pytest.approx(middle - mean[i], abs=1e-3 * np.sqrt(s2))
        assert ours[i, 2] * s2**2 == pytest.approx(spread - s2, abs=3e-3 * s2)
