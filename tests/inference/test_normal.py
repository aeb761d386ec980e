"""The compiled normal distribution against SciPy."""

import numpy as np
from scipy import stats

from nightdose.inference import _inference
from nightdose.inference.normal import normal_cdf, normal_density, normal_quantile


def test_cdf_and_density_agree_with_scipy_in_both_tails():
    x = np.linspace(-37, 37, 1001)
    assert np.allclose(normal_cdf(x), stats.norm.cdf(x), rtol=1e-13, atol=0)
    assert np.allclose(normal_density(x), stats.norm.pdf(x), rtol=1e-13, atol=0)


def test_quantile_inverts_the_cdf():
    p = np.concatenate([10.0 ** -np.arange(1, 300, 7.0), np.linspace(0.001, 0.999, 997)])
    assert np.allclose(normal_quantile(p), stats.norm.ppf(p), rtol=1e-12, atol=1e-14)
    assert normal_quantile(np.array([0.0, 1.0])).tolist() == [-np.inf, np.inf]
    assert np.isnan(normal_quantile(np.array([-0.1, 1.1]))).all()


def test_expected_rating_is_the_mean_of_a_rounded_clipped_normal():
    """Closed form against the sum over categories; 1e-4 of a step is far below what anybody can feel."""
    rng = np.random.default_rng(0)
    mean, sd = rng.uniform(-4, 14, 4000), rng.uniform(0.05, 4, 4000)
    k = np.arange(10)
    direct = stats.norm.cdf((mean[:, None] - k - 0.5) / sd[:, None]).sum(axis=1)
    assert np.max(np.abs(_inference.expected_rating(mean, sd, 0, 10) - direct)) < 1e-4
