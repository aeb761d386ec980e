"""The model of many people against closed forms, brute force and simulation."""

import numpy as np
import pytest

from nightdose.errors import CallError
from nightdose.evidence.anytime import ENOUGH, anytime
from nightdose.evidence.bayes import bayes_pool
from nightdose.evidence.groups import difference, discounted, groups
from nightdose.evidence.people import people_pool, tau_nodes
from nightdose.evidence.profile import Profile, profile_of


def people(n, mean, tau, seed=0, sd=(0.2, 0.6)):
    rng = np.random.default_rng(seed)
    error = rng.uniform(*sd, n)
    found = rng.normal(mean, tau, n) + error * rng.standard_normal(n)
    return [Profile(y, s) for y, s in zip(found.tolist(), error.tolist(), strict=True)]


@pytest.mark.parametrize("n", [2, 12, 200])
def test_normal_likelihoods_pool_as_trials_do(n):
    found = people(n, 0.3, 0.4, seed=n)
    pool = people_pool(found, 0.5)
    same = bayes_pool(np.array([p.mean for p in found]), np.array([p.sd for p in found]) ** 2, 0.5)
    assert pool.mean == pytest.approx(same.middle, abs=1e-4)
    assert pool.sd == pytest.approx(same.spread, rel=5e-4)
    assert pool.interval95(of_next=True) == pytest.approx(same.interval95(of_next=True), abs=2e-3)
    assert pool.interval95() == pytest.approx(same.interval95(), abs=2e-3)


def test_heavy_tailed_likelihoods_pool_as_brute_force_does():
    """Student-t likelihoods with 5 degrees of freedom, each integrated over 6,001 points of theta."""
    crude = people(20, 0.3, 0.4, seed=4)

    def log_t(p):
        return lambda theta: -3 * np.log1p(np.square((theta - p.mean) / p.sd) / 5)

    profiles = []
    for p in crude:
        theta = p.mean + 8 * p.sd * np.linspace(-1, 1, 401)
        profiles.append(profile_of(theta, log_t(p)(theta)))
    assert all(p.log_likelihood is not None for p in profiles)
    pool = people_pool(profiles, 0.5)
    mu, theta = np.linspace(-1.5, 2, 281), np.linspace(-9, 9, 6001)
    tau, log_prior = tau_nodes(0.5, low=0.01, nodes=40)
    total = np.zeros((len(tau), len(mu))) + log_prior[:, None]
    for k, t in enumerate(tau):
        kernel = np.exp(-0.5 * np.square((theta - mu[:, None]) / t)) / t
        for p in crude:
            total[k] += np.log(kernel @ np.exp(log_t(p)(theta)))
    weight = np.exp(total - total.max())
    weight /= weight.sum()
    mean = weight.sum(axis=0) @ mu
    assert pool.mean == pytest.approx(mean, abs=0.005)
    assert pool.sd == pytest.approx(np.sqrt(weight.sum(axis=0) @ np.square(mu - mean)), rel=0.03)
    assert pool.between == pytest.approx(np.sqrt(weight.sum(axis=1) @ np.square(tau)), rel=0.04)


def test_the_mean_and_the_spread_between_people_are_found():
    """95 % intervals of 60 communities of 40 people: at least 52 hold the truth (chance of fewer: 1 in 200)."""
    inside_mean = inside_tau = 0
    for seed in range(60):
        pool = people_pool(people(40, 0.25, 0.3, seed=100 + seed), 0.5)
        inside_mean += pool.interval95()[0] < 0.25 < pool.interval95()[1]
        inside_tau += pool.between95[0] < 0.3 < pool.between95[1]
    assert inside_mean >= 52
    assert inside_tau >= 52


def test_people_who_do_not_differ_are_not_said_to():
    assert people_pool(people(200, 0.2, 0.0), 0.5).between < 0.12


def test_a_drug_that_does_nothing_is_seldom_called_settled_however_often_one_looks():
    """120 communities that grow to 100 people, looked at nine times: at most 6 in 100 by Ville, none or few seen."""
    ever = 0
    for seed in range(120):
        found = people(100, 0.0, (0.0, 0.2, 0.4)[seed % 3], seed=seed)
        ever += any(anytime(found[:k], 0.5, 0.5).settled for k in (10, 15, 20, 30, 40, 50, 60, 80, 100))
    assert ever <= 6


def test_a_real_mean_is_settled_and_its_interval_holds_what_it_does_not_exclude():
    found = anytime(people(100, 0.4, 0.3, seed=9), 0.5, 0.5)
    assert found.settled
    assert 0 < found.interval95[0] < 0.4 < found.interval95[1]
    unsure = anytime(people(10, 0.0, 0.3, seed=9), 0.5, 0.5)
    assert unsure.value < ENOUGH
    assert unsure.interval95[0] < 0 < unsure.interval95[1]


def test_groups_that_differ_stay_apart_and_groups_that_agree_are_drawn_together():
    apart = groups({"a": people(60, 0.0, 0.1, seed=1), "b": people(60, 1.0, 0.1, seed=2)}, 0.5, 0.5)
    assert apart[1].drawn.mean - apart[0].drawn.mean > 0.85
    alike = groups({name: people(8, 0.3, 0.3, seed=k) for k, name in enumerate("abcdef")}, 0.5, 0.5)
    spread = [np.ptp([getattr(g, kind).mean for g in alike]) for kind in ("alone", "drawn")]
    assert spread[1] < 0.6 * spread[0]


def test_one_group_alone_is_the_pool():
    found = people(30, 0.3, 0.4)
    (only,) = groups({"all": found}, 0.5, 0.25)
    pool = people_pool(found, 0.5)
    assert only.alone.mean == pytest.approx(pool.mean, abs=1e-4)
    assert only.alone.sd == pytest.approx(pool.sd, rel=1e-3)


def test_a_difference_is_found_with_its_sign():
    found = difference(people(80, 0.6, 0.2, seed=1), people(80, 0.1, 0.2, seed=2), 0.5)
    assert found.interval95[0] > 0.2
    assert found.interval95[0] < 0.5 < found.interval95[1]


def test_however_many_doubtful_answers_add_little():
    """1,000 before-and-after diaries at 1.0 beside 30 trials at 0: the doubt (0.5) keeps them from deciding."""
    trials, stories = people(30, 0.0, 0.2, seed=1), people(1000, 1.0, 0.2, seed=2)
    doubted = discounted({"high": trials, "low": stories}, {"high": 0.0, "low": 0.5}, 0.5)
    believed = discounted({"high": trials, "low": stories}, {"high": 0.0, "low": 0.0}, 0.5)
    assert abs(doubted.mean) < 0.12
    assert believed.mean > 0.8
    alone = groups({"high": trials}, 0.5, 0.25)[0].alone
    assert doubted.sd > 0.9 * alone.sd


def test_nobody_is_no_pool():
    with pytest.raises(CallError, match="needs people"):
        people_pool([], 0.5)
    with pytest.raises(CallError, match="need people"):
        groups({}, 0.5, 0.5)
