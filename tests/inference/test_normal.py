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


def test_expected_category_is_the_mean_of_a_rounded_clipped_normal():
    """Closed form against the sum over categories; 1e-4 of a step is far below what anybody can feel."""
    rng = np.random.default_rng(0)
    mean, sd = rng.uniform(-4, 14, (40, 100)), rng.uniform(0.05, 4, (40, 100))
    cuts = np.arange(10) + 0.5
    direct = stats.norm.cdf((mean[..., None] - cuts) / sd[..., None]).sum(axis=2)
    for even in (True, False):
        ours = _inference.expected_category(mean, sd, cuts[None], np.ones(10), 0.0, even)
        assert np.max(np.abs(ours - direct)) < 1e-4


def test_expected_category_scales_with_the_step():
    rng = np.random.default_rng(1)
    mean, sd = rng.uniform(-2, 2, (5, 50)), rng.uniform(0.3, 2, (5, 50))
    cuts = (np.arange(10) + 0.5 - 5) * 0.4
    direct = 3 + stats.norm.cdf((mean[..., None] - cuts) / sd[..., None]).sum(axis=2)
    assert np.max(np.abs(_inference.expected_category(mean, sd, cuts[None], np.ones(10), 3.0, True) - direct)) < 1e-4


def test_each_point_has_its_own_cutpoints():
    mean, sd = np.zeros((2, 3)), np.ones((2, 3))
    cuts = np.array([[-1.0, 1.0], [0.0, 2.0]])
    ours = _inference.expected_category(mean, sd, cuts, np.array([1.0, 5.0]), 0.0, False)
    direct = stats.norm.sf(cuts) @ [1.0, 5.0]
    assert np.allclose(ours, direct[:, None])
