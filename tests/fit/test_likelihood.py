"""A contribution carries what the diary alone says: its prior can be put back, and then it is the posterior again."""

from dataclasses import replace

import numpy as np
import pytest
from tests.pooling.people import blocks_diary

from nightdose.analyse import analyse
from nightdose.diary.records import Diary
from nightdose.evidence.profile import GRID, Profile, profile_of
from nightdose.fit import likelihood
from nightdose.fit.averaging import settled_exposure
from nightdose.fit.likelihood import likelihood_of
from nightdose.question.question import Question


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


def test_several_doses_and_forms_divide_out_their_own_priors():
    """SYNTHETIC: blocks of nothing, 1.5 and 4.5 mg: four forms, each with a prior of the settled effect of its own."""
    rng = np.random.default_rng(2)
    block = np.arange(336) // 28
    dose = np.select([block % 4 == 1, block % 4 == 3], [1.5, 4.5], 0.0)
    pain = 5 - 0.3 * (dose == 1.5) - 1.0 * (dose == 4.5) + rng.standard_normal(336)
    columns = {"pain": pain, "naltrexone_mg": dose, "naltrexone_assigned_mg": dose}
    question = Question("pain", "naltrexone", randomised="blocks", onset="days")
    analysis = analyse(Diary("made", 738000, True, columns, 336), question, curves=False)
    assert len(analysis.fitted.parts) > 1
    profile, posterior = likelihood_of(analysis.case, analysis.fitted), analysis.verdict.settled
    z = np.linspace(-4, 4, 2001)
    theta = profile.mean + profile.sd * z
    prior = 0.0
    for part in analysis.fitted.parts:
        steady = np.mean(settled_exposure(analysis.case, part.form)[analysis.case.on], axis=0)
        sd = analysis.fitted.observation.unit * np.linalg.norm(steady)  # every coefficient has a prior sd of 1
        prior = prior + part.prior * np.exp(-0.5 * np.square(theta / sd)) / sd
    p = np.exp(profile.rest(z) - 0.5 * np.square(z)) * prior
    p /= p.sum()
    assert abs(p @ theta - posterior.mean) < 0.02 * posterior.sd
    assert np.sqrt(p @ np.square(theta - p @ theta)) / posterior.sd == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("scale", ["rating", "binary", "continuous"])
def test_one_value_in_seven_says_the_likelihood_and_one_in_thirty_five_does_not(scale, monkeypatch):
    """A rating near its floor, few days of no pain, and numbers, which are nearly normal and ask for fewer still: a
    hundredth of an sd from what every value says."""
    diary, question = blocks_diary(2.0, 3, scale="rating")
    low = np.clip(diary.column("pain") - 2, 0, 10)
    if scale == "binary":
        question, low = replace(question, scale="binary", limits=None), (low > np.nanquantile(low, 0.3)) * 1.0
    if scale == "continuous":
        question = replace(question, scale="continuous", limits=None)
    analysis = analyse(diary.with_column("pain", low), question, curves=False)

    def every(n):
        monkeypatch.setattr(likelihood, "EVERY", n)
        found = likelihood_of(analysis.case, analysis.fitted)
        return np.array([found.mean, found.sd])

    whole = every(1)
    off, too_few = (np.max(np.abs(every(n) - whole)) / whole[1] for n in (7, 35))
    assert off < 0.01
    assert too_few > 0.01 or scale == "continuous"
