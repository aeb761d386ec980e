"""The Bayesian pool against a brute grid over both unknowns, and its limits."""

import numpy as np
import pytest
from scipy.stats import norm

from nightdose.errors import CallError
from nightdose.evidence.bayes import bayes_pool
from nightdose.evidence.pool import pool

Y = np.array([-0.34, 0.49, -0.86])
V = np.square([0.31, 0.41, 0.30])


def brute(y, v, scale):
    """Mean, sd and P(mu < 0) from a dense grid over mu and tau."""
    mu, tau = np.linspace(-8, 8, 3201), np.linspace(1e-6, 6 * scale, 1501)
    sd = np.sqrt(v[None] + np.square(tau)[:, None])
    log = -0.5 * np.square(tau / scale)[:, None] + sum(
        norm.logpdf(y[i], mu[None], sd[:, i : i + 1]) for i in range(len(y))
    )
    w = np.exp(log - log.max()).sum(axis=0)
    w /= w.sum()
    mean = w @ mu
    return mean, np.sqrt(w @ np.square(mu - mean)), w[mu < 0].sum() + 0.5 * w[mu == 0].sum()


@pytest.mark.parametrize("scale", [0.1, 0.5, 2.0])
def test_the_posterior_agrees_with_a_dense_grid(scale):
    found = bayes_pool(Y, V, scale)
    mean, sd, below = brute(Y, V, scale)
    assert found.middle == pytest.approx(mean, abs=2e-4)
    assert found.spread == pytest.approx(sd, rel=3e-3)
    assert found.below(0.0) == pytest.approx(below, abs=2e-3)


def test_a_tiny_scale_is_the_common_effect_and_a_wide_one_lets_trials_differ():
    common = pool(Y, V, method="DL", width="normal")
    tight = bayes_pool(Y, V, 1e-4)
    w = 1 / V
    assert tight.middle == pytest.approx(w @ Y / w.sum(), abs=1e-6)
    assert tight.spread == pytest.approx(w.sum() ** -0.5, rel=1e-4)
    assert bayes_pool(Y, V, 2.0).spread > common.sd


def test_the_next_trial_is_less_certain_than_the_mean():
    found = bayes_pool(Y, V, 0.5)
    mean, further = found.interval95(), found.interval95(of_next=True)
    assert further[0] < mean[0] < mean[1] < further[1]


def test_a_quantile_is_where_its_probability_lies():
    found = bayes_pool(Y, V, 0.5)
    assert found.below(found.quantile(0.3)) == pytest.approx(0.3, abs=1e-9)


@pytest.mark.parametrize("scale", [0.0, -1.0, float("inf"), float("nan")])
def test_a_scale_that_is_not_above_zero_is_refused(scale):
    with pytest.raises(CallError):
        bayes_pool(Y, V, scale)
