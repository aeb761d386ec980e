"""The deterministic integration against long Monte Carlo on the same model."""

from __future__ import annotations

import numpy as np
import pytest
from tests.inference.sampling import gibbs, metropolis
from tests.inference.series import small_series

from nightdose.inference import posterior
from nightdose.inference.diagnostics import effective_sample_size, pareto_k
from nightdose.inference.posterior import fit


def moments(posterior, k):
    mean = posterior.weights @ posterior.mean[:, k]
    var = posterior.weights @ (posterior.cov[:, k, k] + np.square(posterior.mean[:, k] - mean))
    return mean, np.sqrt(var)


@pytest.mark.parametrize("seed", [0, 3])
def test_gaussian_posterior_agrees_with_a_long_metropolis_chain(seed):
    """Effect within 0.1 sd, its sd within 8 %, hyper-parameters within 0.15 sd: the chain's own error is about half."""
    series = small_series(seed, days=120)
    posterior = fit(series)
    chain = metropolis(series, steps=30_000, seed=seed)
    for k in (2, 3):
        mean, sd = moments(posterior, k)
        assert mean == pytest.approx(chain.b[:, k].mean(), abs=0.1 * sd)
        assert sd == pytest.approx(chain.b[:, k].std(), rel=0.08)
    z_mean = posterior.weights @ posterior.z
    z_sd = np.sqrt(posterior.weights @ np.square(posterior.z - z_mean))
    assert np.all(np.abs(z_mean - chain.z.mean(axis=0)) < 0.15 * z_sd)


@pytest.mark.long
@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_rating_posterior_agrees_with_gibbs_sampling_of_the_latent_path(seed):
    """Independent of expectation propagation: the latent rating is drawn, the rest is an exact normal."""
    series = small_series(seed, days=60, family="category")
    posterior = fit(series)
    chain = gibbs(series, steps=5_000, seed=seed)
    for k in (2, 3):
        mean, sd = moments(posterior, k)
        assert mean == pytest.approx(chain.b[:, k].mean(), abs=0.12 * sd)
        assert sd == pytest.approx(chain.b[:, k].std(), rel=0.10)


def test_the_same_series_gives_the_same_bits():
    series = small_series(7, days=90, family="category")
    one, two = fit(series), fit(series, threads=2)
    assert np.array_equal(one.weights, two.weights)
    assert np.array_equal(one.mean, two.mean)


def test_a_direction_without_information_keeps_its_prior():
    """No dose is ever taken: the time constant must come back as it went in, a standard normal coordinate."""
    from dataclasses import replace

    series = small_series(0, days=80)
    lagged = (replace(series.lagged[0], values=np.zeros(80), start=0.0), series.lagged[1])
    posterior = fit(replace(series, lagged=lagged))
    z = posterior.z[:, 4]
    mean = posterior.weights @ z
    assert mean == pytest.approx(0, abs=0.1)
    assert np.sqrt(posterior.weights @ np.square(z - mean)) == pytest.approx(1, abs=0.12)


def test_effective_sample_size_counts_equal_weights_and_one_heavy_weight():
    assert effective_sample_size(np.ones(50)) == pytest.approx(50)
    assert effective_sample_size(np.array([1.0, 0, 0])) == pytest.approx(1)


def test_pareto_k_recovers_the_tail_it_is_given():
    """Weights with a generalised Pareto tail of shape 0.8 and 0.3; the estimator's own sd is about 0.1."""
    rng = np.random.default_rng(3)
    for shape in (0.8, 0.3):
        weights = (rng.random(20_000) ** -shape - 1) / shape
        assert pareto_k(weights) == pytest.approx(shape, abs=0.15)


def test_what_stands_for_the_outcomes_is_kept_or_found_again_and_says_the_same(monkeypatch):
    """A long diary keeps none of it: the paths at some points within a hundredth of their sd."""
    series = small_series(4, days=80, family="category")
    kept = fit(series)
    monkeypatch.setattr(posterior, "MOST_SITES", 80 * 768 - 1)
    anew = fit(series)
    assert len(kept.sites.obs) == len(kept.weights)
    assert len(anew.sites.obs) == 0
    assert np.array_equal(kept.mean, anew.mean)
    some = np.arange(0, len(kept.weights), 40)
    one, two = kept.only(some).paths(), anew.only(some).paths()
    assert np.max(np.abs(one.offset - two.offset) / np.sqrt(one.var)) < 0.01
    assert two.var == pytest.approx(one.var, rel=0.01)
