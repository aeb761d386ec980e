"""The compiled normal distribution against SciPy."""

import numpy as np
import pytest
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


def expected(mean, sd, cuts, jump, base, even):
    link = _inference.Link(family=1, cut=np.atleast_2d(cuts), jump=jump, base=base, even=even)
    return link.expected(mean, np.square(sd), np.zeros(len(mean)))


def test_expected_category_is_the_mean_of_a_rounded_clipped_normal():
    """Closed form against the sum over categories; 1e-4 of a step is far below what anybody can feel."""
    rng = np.random.default_rng(0)
    mean, sd = rng.uniform(-4, 14, (40, 100)), rng.uniform(0.05, 4, (40, 100))
    cuts = np.arange(10) + 0.5
    direct = stats.norm.cdf((mean[..., None] - cuts) / sd[..., None]).sum(axis=2)
    for even in (True, False):
        ours = expected(mean, sd, cuts, np.ones(10), 0.0, even)
        assert np.max(np.abs(ours - direct)) < 1e-4


@pytest.mark.parametrize("sd", [0.151, 0.2, 0.35, 0.6, 0.899])
def test_a_mean_between_evenly_spaced_cuts_is_that_of_their_lattice_to_a_millionth_of_a_step(sd):
    """Narrow normals, by waves: inside, at either end and far beyond it."""
    cuts, mean = np.arange(10) + 0.5, np.array([np.concatenate([np.linspace(-4, 14, 999), [-400.0, 500.0]])])
    direct = stats.norm.cdf((mean[..., None] - cuts) / sd).sum(axis=2)
    off = np.abs(expected(mean, np.full_like(mean, sd), cuts, np.ones(10), 0.0, True) - direct)
    assert np.max(off) < 1e-6


def test_expected_category_scales_with_the_step():
    rng = np.random.default_rng(1)
    mean, sd = rng.uniform(-2, 2, (5, 50)), rng.uniform(0.3, 2, (5, 50))
    cuts = (np.arange(10) + 0.5 - 5) * 0.4
    direct = 3 + stats.norm.cdf((mean[..., None] - cuts) / sd[..., None]).sum(axis=2)
    assert np.max(np.abs(expected(mean, sd, cuts, np.ones(10), 3.0, True) - direct)) < 1e-4


def test_each_point_has_its_own_cutpoints():
    mean, sd = np.zeros((2, 3)), np.ones((2, 3))
    cuts = np.array([[-1.0, 1.0], [0.0, 2.0]])
    ours = expected(mean, sd, cuts, np.array([1.0, 5.0]), 0.0, False)
    direct = stats.norm.sf(cuts) @ [1.0, 5.0]
    assert np.allclose(ours, direct[:, None])


@pytest.mark.parametrize("kind", ["rating", "ordinal", "count"])
def test_bends_are_sums_over_days_of_expectations_with_and_without_the_felt_effect(kind):
    """Days that fill no whole register, at three nodes of both normals."""
    rng = np.random.default_rng(2)
    middle, along, aside, felt, felt_along, felt_aside = rng.standard_normal((6, 4, 13))
    left, noise, nodes = rng.uniform(0.1, 1, (4, 13)), rng.uniform(0.5, 1, 4), np.array([-1.7, 0.0, 1.7])
    cuts = np.sort(rng.standard_normal((4, 2)), axis=1)
    link = {
        "rating": {"family": 1, "cut": np.linspace(-2, 2, 10)[None], "jump": np.ones(10), "base": 0.0, "even": True},
        "ordinal": {"family": 1, "cut": cuts, "jump": np.array([1.0, 3.0]), "base": 1.0},
        "count": {"family": 2, "cut": np.zeros((4, 0)), "jump": np.zeros(0), "base": 0.0},
    }[kind]
    link = _inference.Link(**({"even": False} | link))
    gain, gain_size, sum_felt, size_felt = link.bends(
        nodes, middle, along, aside, felt, felt_along, felt_aside, left, noise
    )
    for j, v in enumerate(nodes):
        for i, u in enumerate(nodes):
            eta, day = middle + along * u + aside * v, felt + felt_along * u + felt_aside * v
            more = link.expected(eta, left, noise) - link.expected(eta - day, left, noise)
            for ours, direct in ((gain, more), (gain_size, abs(more)), (sum_felt, day), (size_felt, abs(day))):
                assert np.allclose(ours[:, j, i], direct.sum(axis=1), rtol=1e-12, atol=1e-12)


def test_the_expected_count_is_that_of_a_log_normal_rate():
    mean, var, noise = np.array([[0.5, -2.0, 60.0]]), np.array([[0.3, 1.0, 0.1]]), np.array([0.7])
    link = _inference.Link(family=2, cut=np.zeros((1, 0)), jump=np.zeros(0), base=0.0, even=False)
    direct = np.exp(np.minimum(mean + 0.5 * (var + 0.49), 50.0))
    assert np.allclose(link.expected(mean, var, noise), direct, rtol=1e-13)
