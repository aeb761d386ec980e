"""A contribution carries what the diary alone says: its prior can be put back, and then it is the posterior again."""

import numpy as np
import pytest
from tests.pooling.people import blocks_diary

from nightdose.analyse import analyse
from nightdose.evidence.profile import GRID, Profile, profile_of
from nightdose.fit.likelihood import likelihood_of


@pytest.mark.parametrize(("scale", "close"), [("continuous", 0.02), ("rating", 0.06)])
@pytest.mark.parametrize("improvement", [0.0, 1.0, 2.0])
def test_likelihood_times_prior_is_the_posterior(scale, close, improvement):
    """In sd of the posterior; a rating's floor and ceiling are divided out on average only."""
    diary, question = blocks_diary(improvement, 3, scale=scale)
    analysis = analyse(diary, question, curves=False)
    profile = likelihood_of(analysis.case, analysis.fitted)
    posterior = analysis.verdict.settled
    theta = profile.mean + profile.sd * np.linspace(-4, 4, 2001)
    z = (theta - profile.mean) / profile.sd
    prior_sd = analysis.fitted.observation.unit  # one sd of the outcome, every day on treatment settled
    log_p = -0.5 * np.square(z) + profile.rest(z) - 0.5 * np.square(theta / prior_sd)
    p = np.exp(log_p - log_p.max())
    p /= p.sum()
    mean = p @ theta
    assert abs(mean - posterior.mean) < close * posterior.sd
    assert np.sqrt(p @ np.square(theta - mean)) / posterior.sd == pytest.approx(1, abs=close)


def test_the_estimate_is_not_shrunk_any_more():
    """Means of posteriors lie nearer to 0 than what the diaries say."""
    shrunk, free = [], []
    for seed in range(12):
        diary, question = blocks_diary(1.0, seed, days=84)
        analysis = analyse(diary, question, curves=False)
        shrunk.append(analysis.verdict.settled.mean)
        free.append(likelihood_of(analysis.case, analysis.fitted).mean)
    assert np.mean(shrunk) < np.mean(free) - 0.02
    assert abs(np.mean(free) - 1.0) < 0.25  # two standard errors of twelve short diaries


def test_a_normal_likelihood_has_no_grid_and_a_heavy_one_keeps_its_form():
    theta = np.linspace(-8, 8, 801)
    assert profile_of(theta, -0.5 * np.square(theta)) == Profile(pytest.approx(0, abs=1e-9), pytest.approx(1, rel=1e-6))
    heavy = profile_of(theta, -3 * np.log1p(np.square(theta) / 5))
    assert heavy.log_likelihood is not None
    at = heavy.mean + heavy.sd * GRID
    expected = -3 * np.log1p(np.square(at) / 5)
    assert np.allclose(heavy.log_likelihood, expected - expected.max(), atol=0.01)


def test_a_flat_likelihood_has_no_profile():
    theta = np.linspace(-8, 8, 801)
    assert profile_of(theta, -0.01 * np.square(theta)) is None
