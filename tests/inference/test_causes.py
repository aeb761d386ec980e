"""Further columns judged beside a fit: the algebra against dense matrices with those columns in the model."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.inference.series import small_series

from nightdose.fit import ordinary
from nightdose.inference import causes, reference
from nightdose.inference.causes import Candidate, Screen, Steps, log_mean
from nightdose.inference.posterior import fit
from nightdose.inference.reference import Hyper

DAYS = 60
TREATMENT = ("slow",)


def judged(posterior):
    """Weekday (six columns), a wave (four), a fading start (one) and every step, beside a fit."""
    candidates = (
        ordinary.weekday(DAYS, 3, 0.25),
        ordinary.cycle(np.arange(DAYS) / 25.0, 25.0, 0.4),
        Candidate("practice", 9.0, lambda: np.exp(-np.arange(DAYS) / 9.0)[:, None], np.array([1.0]), 0.5),
    )
    return Screen(posterior, candidates, Steps("jump", range(7, DAYS - 7), 0.7), TREATMENT)


@cache
def screened(family):
    posterior = fit(small_series(4, days=DAYS, family=family))
    return posterior, judged(posterior)


def dense(posterior, point, series):
    """The exact fit of a series at one of the posterior's points, its sites standing for what is not Gaussian."""
    hyper = Hyper(*posterior.hyper[:, point].tolist(), tau=tuple(posterior.tau[point].tolist()))
    if series.family == "gaussian":
        return reference.gaussian(series, hyper, series.y, np.full(DAYS, hyper.noise_sd**2))
    return reference.gaussian(series, hyper, posterior.sites.obs[point], posterior.sites.var[point])


def beside(series, cause):
    """The series with the cause's columns in the model, before the inputs."""
    width, fixed = cause.columns.shape[1], len(series.fixed_names)
    return replace(
        series,
        fixed=np.hstack([series.fixed, cause.columns]),
        fixed_names=(*series.fixed_names, *(f"cause_{i}" for i in range(width))),
        border_mean=np.insert(series.border_mean, fixed, np.zeros(width)),
        border_sd=np.insert(series.border_sd, fixed, cause.sd),
    )


def without_treatment(series):
    """The same with the coefficient of the treatment held at none."""
    at = series.names.index("slow")
    sd, mean = series.border_sd.copy(), series.border_mean.copy()
    sd[at], mean[at] = 1e-9, 0.0
    return replace(series, border_sd=sd, border_mean=mean)


@pytest.mark.parametrize("family", ["gaussian", "category", "count"])
@pytest.mark.parametrize("which", [0, 1, 2, 3, 20, 48])
def test_what_a_cause_adds_and_leaves_is_that_of_a_model_with_its_columns(family, which):
    posterior, screen = screened(family)
    cause = screen.candidate(which)
    for n in (0, len(screen.at) // 2):
        point = screen.at[n]
        alone = dense(posterior, point, posterior.series)
        both = dense(posterior, point, beside(posterior.series, cause))
        only = dense(posterior, point, without_treatment(beside(posterior.series, cause)))
        neither = dense(posterior, point, without_treatment(posterior.series))
        at = beside(posterior.series, cause).names.index("slow")
        assert screen.log_ratio[n, which] == pytest.approx(both.loglik - alone.loglik, abs=1e-7)
        assert screen.alone[n, which] == pytest.approx(only.loglik - alone.loglik, abs=1e-6)
        assert screen.nothing[n] == pytest.approx(neither.loglik - alone.loglik, abs=1e-6)
        mean, cov = screen.beside(np.array([n]), np.array([which]))
        assert mean[0, 0] == pytest.approx(both.mean[at], abs=1e-8)
        assert cov[0, 0, 0] == pytest.approx(both.cov[at, at], abs=1e-8)


@pytest.mark.parametrize(("points", "error"), [(512, 0.03), (causes.POINTS, 0.3)])
def test_over_the_points_the_mean_ratio_is_the_ratio_of_two_whole_fits(monkeypatch, points, error):
    """All hyper-parameters integrated out in a fit with the columns: exact over all points, near over the usual few."""
    monkeypatch.setattr(causes, "POINTS", points)
    posterior = fit(small_series(4, days=DAYS))
    screen = judged(posterior)
    for which in (0, 1, 2, 20, 40):
        whole = fit(beside(posterior.series, screen.candidate(which))).log_evidence - posterior.log_evidence
        assert log_mean(screen.log_ratio)[which] == pytest.approx(whole, abs=error)


@pytest.mark.parametrize("most", [1, 6 * DAYS, 10 * DAYS])
def test_causes_judged_a_few_at_a_time_say_the_same(monkeypatch, most):
    """One, one, then two; all three are judged together otherwise. The steps keep their numbers after them."""
    posterior, screen = screened("gaussian")
    monkeypatch.setattr(causes, "MOST_HELD", most)
    few = judged(posterior)
    pairs = np.array([0, 1, 2, 3]), np.array([0, 1, 2, 9])
    for one, other in zip(few.beside(*pairs), screen.beside(*pairs), strict=True):
        assert np.array_equal(one, other)
    assert np.array_equal(few.log_ratio, screen.log_ratio)
    assert np.array_equal(few.alone, screen.alone)


def test_the_cycles_of_ten_years_are_judged_in_a_dozen_pieces_of_two_megabytes():
    """No more memory than that beside the diary, and no pass over it for every few of 166 periods."""
    pieces = [sum(cause.columns.nbytes for cause in some) for some in causes._batches(ordinary.cycles(3653, 0.4), 3653)]
    assert max(pieces) <= 2_000_000
    assert 8 <= len(pieces) <= 12


def test_shares_of_each_family_sum_to_one():
    _, screen = screened("gaussian")
    family = np.array(screen.families)
    assert np.sum(screen.shares[family == "jump"]) == pytest.approx(1.0)
    assert len(screen.shares) == len(family) == screen.log_ratio.shape[1] == 3 + DAYS - 14


def test_points_are_taken_by_their_weight():
    """Evenly spaced quantiles of the effect: their plain mean is the posterior's to a twentieth of an sd."""
    posterior, screen = screened("gaussian")
    effect = posterior.exposure[:, 0] * posterior.mean[:, 2]
    whole = posterior.weights @ effect
    sd = np.sqrt(posterior.weights @ np.square(effect - whole))
    assert np.mean(effect[screen.at]) == pytest.approx(whole, abs=sd / 20)
