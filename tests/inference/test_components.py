"""Prior-normal coordinates carry the stated priors."""

from dataclasses import replace

import numpy as np
from scipy import stats
from tests.inference.series import small_series

from nightdose.inference.components import Cuts, HyperPrior


def draws(n=200_000):
    series = small_series(0)
    points, tau, _ = series.hyper(np.random.default_rng(1).standard_normal((n, len(series.hyper_names))))
    return points, tau


def test_each_hyper_parameter_has_its_stated_prior():
    """Kolmogorov-Smirnov distance at n = 200,000; 0.004 is the 0.1 % point."""
    (level, ar, phi, noise), tau = draws()
    for values, law in [
        (level, stats.halfnorm(scale=0.05)),
        (ar, stats.halfnorm()),
        (phi, stats.beta(2, 2)),
        (noise, stats.halfnorm()),
        (tau[:, 0], stats.lognorm(0.7, scale=8.0)),
    ]:
        assert stats.kstest(values, law.cdf).statistic < 0.0044


def test_spells_and_noise_are_independent_under_the_prior():
    (_, ar, _, noise), _ = draws()
    assert abs(stats.spearmanr(ar, noise).statistic) < 0.01


def test_a_same_day_column_has_no_time_constant_to_integrate():
    series = small_series(0)
    assert series.hyper_names == ("level_sd", "radius", "ar_phi", "angle", "tau_slow")
    assert np.all(draws(10)[1][:, 1] == 0)


def test_free_cutpoints_are_uniform_order_statistics_between_the_outer_two():
    cuts = Cuts(np.array([-1.0, 0.0, 0.0, 3.0]), free=True)
    drawn = cuts.at(np.random.default_rng(2).standard_normal((100_000, 2)))
    assert np.all(np.diff(drawn, axis=1) > 0)
    shares = (drawn + 1) / 4
    for column, law in ((1, stats.beta(1, 2)), (2, stats.beta(2, 1))):
        assert stats.kstest(shares[:, column], law.cdf).statistic < 0.0063


def test_a_fixed_noise_drops_its_coordinate():
    series = replace(small_series(0), prior=HyperPrior(noise_fixed=1.0))
    assert series.hyper_names == ("level_sd", "ar_sd", "ar_phi", "tau_slow")
    points, _, _ = series.hyper(np.random.default_rng(1).standard_normal((100_000, 4)))
    assert np.all(points[3] == 1)
    assert stats.kstest(points[1], stats.halfnorm().cdf).statistic < 0.0063
