"""Leave-one-out predictive checks against refits without the day, dense matrices and SciPy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.inference.series import small_series
from tests.inference.test_marginal import hyper_at
from tests.inference.test_selfcheck import posterior_of

from nightdose.inference import reference
from nightdose.inference.marginal import Kernel
from nightdose.inference.posterior import fit
from nightdose.inference.predictive import left_out, poisson_below


def test_a_continuous_day_left_out_is_what_a_dense_normal_says_without_it():
    """One hyper-parameter point: F_t against the predictive of the series whose day t is unseen."""
    series = small_series(1, days=40)
    p = posterior_of(series, points=1)
    found, hyper = left_out(p), hyper_at(series, p.z)
    for i in (0, 7, len(found.days) - 1):
        t = found.days[i]
        seen = series.seen.copy()
        seen[t] = False
        slow = reference.gaussian(replace(series, seen=seen), hyper, series.y, np.full(40, hyper.noise_sd**2))
        sd = np.sqrt(slow.eta_var[t] + hyper.noise_sd**2)
        assert found.up_to[i] == pytest.approx(stats.norm.cdf((series.y[t] - slow.eta_mean[t]) / sd), abs=1e-7)
        assert found.below[i] == found.up_to[i]


@pytest.mark.parametrize("family", ["category", "count"])
def test_a_category_or_count_left_out_is_what_a_refit_without_it_predicts(family):
    """The other days' sites stay as they were, which expectation propagation's cavity takes as given: within 0.02."""
    series = small_series(2, days=50, family=family)
    p = posterior_of(series, points=1)
    found, (_, _, _, noise) = left_out(p), p.hyper[:, 0]
    for i in (3, 20):
        t = found.days[i]
        seen = series.seen.copy()
        seen[t] = False
        path = Kernel(replace(series, seen=seen)).paths(p.z)
        mean = path.offset[0, t] + path.slope[0, t] @ path.mean[0]
        sd = np.sqrt(path.var[0, t] + path.slope[0, t] @ path.cov[0] @ path.slope[0, t] + noise**2)
        if family == "category":
            ends, k = np.array([-np.inf, *series.cuts.values, np.inf]), int(series.y[t])
            low, high = stats.norm.cdf((ends[k : k + 2] - mean) / sd)
        else:
            x = mean + sd * np.linspace(-8, 8, 4001)
            w = stats.norm.pdf(x, mean, sd)
            low, high = (stats.poisson.cdf(series.y[t] + d, np.exp(x)) @ w / w.sum() for d in (-1, 0))
        assert found.below[i] == pytest.approx(low, abs=0.02)
        assert found.up_to[i] == pytest.approx(high, abs=0.02)


def test_the_poisson_sum_is_that_of_scipy_and_large_counts_come_close():
    rate = np.array([0.1, 3.0, 40.0])
    for k in (0.0, 4.0, 60.0):
        below, up_to = poisson_below(k, rate)
        assert below == pytest.approx(stats.poisson.cdf(k - 1, rate), abs=1e-9)
        assert up_to == pytest.approx(stats.poisson.cdf(k, rate), abs=1e-9)
    big = np.array([900.0, 1000.0, 1100.0])
    for found, at in zip(poisson_below(1000.0, big), (999, 1000), strict=True):
        assert found == pytest.approx(stats.poisson.cdf(at, big), abs=0.01)


@pytest.mark.parametrize("family", ["gaussian", "category", "count"])
def test_days_from_the_model_are_spread_evenly(family):
    """A series of the model's own kind, 300 days: half of them inside the middle half, no bin twice too full."""
    found = left_out(fit(small_series(5, days=300, family=family)))
    assert found.inside(0.5) == pytest.approx(0.5, abs=0.1)
    assert found.inside(0.9) == pytest.approx(0.9, abs=0.06)
    assert found.histogram(5).sum() == pytest.approx(1)
    assert np.max(found.histogram(5)) < 0.32
    assert not np.any(found.far_out(1e-5))


def test_a_day_out_of_all_proportion_is_named():
    series = small_series(3, days=120)
    day = int(np.flatnonzero(series.seen)[40])
    y = series.y.copy()
    y[day] += 9.0
    found = left_out(fit(replace(series, y=y)))
    assert found.days[found.far_out(0.0005)].tolist() == [day]
