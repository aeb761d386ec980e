"""The estimand's arithmetic: mixtures against SciPy, bending against brute force."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from scipy import optimize, stats
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.fit import estimand
from nightdose.fit.averaging import settled_exposure
from nightdose.fit.case import open_case
from nightdose.fit.contrast import NODE_WEIGHTS, NODES, Contrast, linear, mixed
from nightdose.fit.estimand import Measured, contrast, estimate, measure, small_by_data_alone
from nightdose.fit.fitting import fit_case
from nightdose.inference.observation import rating
from nightdose.inference.reference import Hyper, covariance


def mixture(n=300, seed=0):
    rng = np.random.default_rng(seed)
    weights = rng.exponential(size=n)
    weights /= weights.sum()
    mean, sd = rng.normal(0.6, 0.2, n), rng.uniform(0.2, 0.6, n)
    return weights, mean, sd, linear(weights, mean, sd)


def test_probabilities_and_interval_are_those_of_the_mixture():
    """All exact, the ends of the interval to a millionth of an sd."""
    weights, mean, sd, effect = mixture()
    found = estimate(effect, +1.0, 0.5)

    def cdf(x):
        return float(weights @ stats.norm.cdf((x - mean) / sd))

    assert found.better == pytest.approx(1 - cdf(0), abs=1e-9)
    assert found.meaningfully_better == pytest.approx(1 - cdf(0.5), abs=1e-9)
    assert found.meaningfully_worse == pytest.approx(cdf(-0.5), abs=1e-9)
    assert found.no_meaningful_difference == pytest.approx(cdf(0.5) - cdf(-0.5), abs=1e-9)
    for level, got in zip((0.025, 0.975), found.interval95, strict=True):
        assert got == pytest.approx(optimize.brentq(lambda x, p=level: cdf(x) - p, -5, 5), abs=1e-5)


def test_mean_and_sd_are_exact():
    weights, mean, sd, effect = mixture(seed=1)
    found = estimate(effect, -1.0, 0.5)
    middle = weights @ mean
    assert found.mean == pytest.approx(-middle, abs=1e-12)
    assert found.sd == pytest.approx(np.sqrt(weights @ (sd**2 + (mean - middle) ** 2)), abs=1e-12)


def test_the_other_direction_mirrors_everything():
    _, _, _, effect = mixture(seed=2)
    up, down = estimate(effect, 1.0, 0.5), estimate(effect, -1.0, 0.5)
    assert down.interval95 == pytest.approx((-up.interval95[1], -up.interval95[0]), abs=1e-9)
    assert down.meaningfully_worse == pytest.approx(up.meaningfully_better, abs=1e-9)


def test_a_mixture_of_contrasts_has_the_mean_of_its_parts():
    one, two = (linear(np.full(4, 0.25), np.full(4, m), np.full(4, 0.1)) for m in (0.0, 1.0))
    mean, sd = mixed([one, two], [0.25, 0.75]).moments()
    assert mean == pytest.approx(0.75)
    assert sd == pytest.approx(np.sqrt(0.01 + 0.25 * 0.75))


def test_taking_the_prior_out_widens_and_moves_away_from_zero():
    weights, _, _, _ = mixture()
    effect = linear(weights, np.full(300, 0.3), np.full(300, 0.3))
    found = estimate(effect, 1.0, 0.5)
    flat = small_by_data_alone(found.mean, found.sd, effect, prior_sd=0.5, meaningful=0.5)
    sd = (1 / 0.09 - 1 / 0.25) ** -0.5
    mean = 0.3 / 0.09 * sd**2
    assert flat == pytest.approx(stats.norm.cdf((0.5 - mean) / sd) - stats.norm.cdf((-0.5 - mean) / sd), abs=2e-3)
    assert small_by_data_alone(found.mean, found.sd, effect, prior_sd=0.3, meaningful=0.5) == 0.0


def test_floor_and_ceiling_bend_the_effect_as_drawn_paths_say():
    """A rating near its floor: the closed form against 4,000 drawn effects and paths on all days."""
    dose = blocks(168)
    pain = np.clip(np.round(wobbling(168, 5, 1.5, 1.5) - 1.5 * dose / 4.5), 0, 10)
    case = open_case(diary(pain, naltrexone_mg=dose), ask(scale="rating", limits=(0, 10)))
    fitted = fit_case(case, case.outcome)
    part = fitted.parts[0]
    p, o, paths = part.posterior, rating(case.outcome, case.usable, 0, 10), part.posterior.paths()
    rng = np.random.default_rng(0)
    on, drawn = np.flatnonzero(case.on), []
    for i in rng.choice(len(p.weights), 4000, p=p.weights):
        b = rng.multivariate_normal(p.mean[i], p.cov[i], method="cholesky")
        eta, var, noise = paths.offset[i] + paths.slope[i] @ b, paths.var[i, on][None], p.hyper[3, i : i + 1]
        without = eta[on] - paths.lagged[i, on, 0] * b[2]
        rate = (o.expected(x[None], var, noise, p.cuts[i : i + 1]) for x in (eta[on], without))
        drawn.append(float(np.mean(next(rate) - next(rate))))
    mean, sd = contrast(p, o, part.measured, ["naltrexone"], case.on).moments()
    straight = o.unit * float(p.weights @ (p.exposure[:, 0] * p.mean[:, 2]))
    assert abs(mean) < 0.93 * abs(straight)  # the floor takes something away
    assert mean == pytest.approx(np.mean(drawn), abs=3 * sd / np.sqrt(4000))
    assert sd == pytest.approx(np.std(drawn), rel=0.06)


def test_the_settled_effect_leaves_the_onset_out_and_averages_the_doses_over_their_days():
    """Days on 1.5 and 4.5 mg, proportional: the coefficient times the mean dose, and not the mean exposure."""
    dose = np.tile(np.repeat([0.0, 1.5, 0.0, 4.5], 21), 3)
    case = open_case(diary(wobbling(len(dose), 5) - 0.4 * dose, naltrexone_mg=dose), ask(onset="weeks"))
    fitted = fit_case(case, case.outcome)
    part = fitted.leading
    assert part.form.family == "proportional"
    expected = fitted.observation.unit * part.posterior.weights @ part.posterior.mean[:, 2] * (1.5 + 4.5) / 2 / 4.5
    assert part.settled.moments()[0] == pytest.approx(expected, rel=1e-9)
    assert fitted.settled.mean > 1.04 * fitted.estimate.mean > 0


@pytest.mark.long
@pytest.mark.parametrize(("scale", "base"), [("binary", -1.2), ("count", 0.2), ("ordinal", 0.4)])
def test_where_the_person_stands_widens_the_interval_as_joint_draws_say(scale, base):
    """Path and coefficients drawn together by dense matrices, nothing averaged: mean, sd and both ends of 95 %."""
    dose, rng = blocks(140), np.random.default_rng(3)
    latent = wobbling(140, 4, 0.8, base) - 0.8 * dose / 4.5
    values = {
        "binary": (latent + rng.standard_normal(140) > 0).astype(float),
        "count": rng.poisson(np.exp(np.clip(latent, -3, 2))).astype(float),
        "ordinal": np.clip(np.round(latent + 1), 0, 3),
    }[scale]
    case = open_case(diary(values, naltrexone_mg=dose), ask(scale=scale))
    fitted = fit_case(case, case.outcome)
    p, o, paths = fitted.parts[0].posterior, fitted.observation, fitted.parts[0].posterior.paths()
    on, seen, drawn = np.flatnonzero(case.on), p.series.seen, []
    for i in np.searchsorted(np.cumsum(p.weights), (np.arange(400) + 0.5) / 400):
        prior = covariance(140, Hyper(*p.hyper[:, i], tau=()))
        total = prior[np.ix_(seen, seen)] + np.diag(p.sites.var[i, seen])
        path = prior[np.ix_(on, on)] - prior[np.ix_(on, seen)] @ np.linalg.solve(total, prior[np.ix_(seen, on)])
        root = np.linalg.cholesky(path + 1e-10 * np.eye(len(on)))
        n = 40
        b = rng.multivariate_normal(p.mean[i], p.cov[i], size=n, method="cholesky")
        eta = paths.offset[i, on] + b @ paths.slope[i, on].T + rng.standard_normal((n, len(on))) @ root.T
        without = eta - b[:, 2:3] * paths.lagged[i, on, 0]
        noise, cuts = np.repeat(p.hyper[3, i], n), np.repeat(p.cuts[i : i + 1], n, axis=0)
        nothing = np.zeros_like(eta)
        gain = o.expected(eta, nothing, noise, cuts) - o.expected(without, nothing, noise, cuts)
        drawn.append(gain.mean(axis=1))
    draws = np.concatenate(drawn)
    effect = contrast(p, o, fitted.parts[0].measured, ["naltrexone"], case.on)
    mean, sd = effect.moments()
    assert mean == pytest.approx(np.mean(draws), abs=0.05 * sd)
    assert sd == pytest.approx(np.std(draws), rel=0.04)
    for level in (0.025, 0.975):
        assert effect.quantile(level) == pytest.approx(np.quantile(draws, level), abs=0.12 * sd)


def bent(line, bend):
    """One component whose bend is a known function of u, at every v alike."""
    nodes = np.broadcast_to(bend(NODES), (1, 3, 3)).copy()
    return Contrast(np.ones(1), np.array([line]), nodes, np.zeros_like(nodes))


@pytest.mark.parametrize(("mid", "slope"), [(-1.0, 0.5), (-1.5, 0.8), (0.4, 0.3)])
def test_a_rate_ratio_keeps_its_sign_and_its_quantiles(mid, slope):
    """Counts: g = 1 - exp(-f), f ~ N(mid, slope^2), has the sign of f; a parabola through g got 1.000 for .977."""
    effect = bent((mid, slope), lambda u: -np.expm1(-(mid + slope * u)) / (mid + slope * u))
    assert effect.probability_below(0.0) == pytest.approx(stats.norm.cdf(-mid / slope), abs=2e-3)
    for p in (0.025, 0.5, 0.975):
        true = -np.expm1(-(mid + slope * stats.norm.ppf(p)))
        spread = abs(np.expm1(-(mid + slope)) - np.expm1(-(mid - slope))) / 2
        assert effect.quantile(p) == pytest.approx(true, abs=0.08 * spread)
        assert effect.probability_below(effect.quantile(p)) == pytest.approx(p, abs=0.05)


def test_the_sign_of_a_bent_effect_is_that_of_the_latent_one():
    """To the last digit, so that a scale of other points answers alike; at 0.1 the bend is felt."""
    weights, mean, sd, latent = mixture(seed=3)
    bend = np.exp(0.3 * np.random.default_rng(4).normal(size=(len(weights), 3, 3)))
    bent = Contrast(weights, np.column_stack([mean, sd]), bend, np.zeros_like(bend))
    assert bent.probability_below(0) == pytest.approx(latent.probability_below(0), abs=1e-14)
    assert abs(bent.probability_below(0.1) - latent.probability_below(0.1)) > 1e-6


def test_doses_of_opposite_effect_do_not_blow_up():
    """Two levels, one good and one bad, on a yes/no outcome: no effect on a probability exceeds one."""
    rng, dose = np.random.default_rng(2), np.tile(np.repeat([0.0, 1.5, 0.0, 4.5], 14), 3)
    p = 0.4 + 0.25 * (dose == 1.5) - 0.25 * (dose == 4.5)
    case = open_case(diary((rng.random(168) < p).astype(float), naltrexone_mg=dose), ask(scale="binary"))
    fitted = fit_case(case, case.outcome)
    for part in fitted.parts:
        effect = contrast(part.posterior, fitted.observation, part.measured, part.form.names, case.on)
        assert effect.moments()[1] < 0.2
        assert abs(effect.quantile(0.001)) < 1
        assert abs(effect.quantile(0.999)) < 1


@pytest.mark.parametrize("scale", ["rating", "binary"])
def test_some_points_and_all_days_say_what_a_scale_leaves_and_fewer_of_either_would_not(scale, monkeypatch):
    """Against every point of the fit: the settled effect within 0.015 of its sd, both ends of 95 % within 0.05."""
    dose, rng = blocks(168, 14), np.random.default_rng(3)
    latent = wobbling(168, 4, 1.0, 0.9) - 1.2 * dose / 4.5
    values = np.clip(np.round(1.5 * latent), 0, 10) if scale == "rating" else (latent > rng.standard_normal(168)) * 1.0
    case = open_case(diary(values, naltrexone_mg=dose), ask(scale=scale, limits=(0, 10) if scale == "rating" else None))
    fitted = fit_case(case, case.outcome, causes=False)
    p, o, names = fitted.leading.posterior, fitted.observation, fitted.leading.form.names
    every = Measured(np.arange(len(p.weights)), p, p.paths(np.flatnonzero(case.on)))

    def summary(measured):
        effect = contrast(p, o, measured, names, case.on, settled_exposure(case, fitted.leading.form))
        return np.array([*effect.moments(), *effect.interval95])

    whole = summary(every)

    def off(**changed):
        with monkeypatch.context() as patch:
            for name, value in changed.items():
                patch.setattr(estimand, name, value)
            return np.abs(summary(measure(p, names, case.on)) - whole) / whole[1]

    assert np.all(off() < [0.015, 0.02, 0.05, 0.05])
    assert np.any(off(BEND_POINTS=8) > [0.015, 0.02, 0.05, 0.05])
    assert np.any(off(BEND_DAYS=12) > [0.015, 0.02, 0.05, 0.05])


def test_what_few_points_carry_to_the_others_is_right_where_an_ordinal_has_more_features_than_they():
    """11 levels: 28 features on 3 to 64 points. Times what the model carries of an answer, mean, sd and ends are off by
    less than 0.015 sd (0.002 to 0.011 over four seeds); with no ridge or a strong one by more."""
    dose = blocks(168, 14)
    values = np.clip(np.round(5 + 2.2 * (wobbling(168, 8, 1.0, 0.9) - 1.2 * dose / 4.5)), 0, 10)
    case = open_case(diary(values, naltrexone_mg=dose), ask(scale="ordinal", limits=(0, 10)))
    fitted = fit_case(case, case.outcome, causes=False)
    p, o, names = fitted.leading.posterior, fitted.observation, fitted.leading.form.names
    settled = settled_exposure(case, fitted.leading.form)

    def summary(measured):
        effect = contrast(p, o, measured, names, case.on, settled)
        return np.array([*effect.moments(), *effect.interval95])

    whole = summary(Measured(np.arange(len(p.weights)), p, p.paths(np.flatnonzero(case.on))))

    def off(share, **changed):
        with pytest.MonkeyPatch.context() as patch:
            for name, value in changed.items():
                patch.setattr(estimand, name, value)
            return share * np.max(np.abs(summary(measure(p, names, case.on, share)) - whole)) / whole[1]

    assert all(off(share) < 0.015 for share in (1.0, 0.25, 0.06, 0.01, 0.002))
    assert off(0.06, RIDGE=0.0) > 0.015
    assert off(1.0, RIDGE=20.0) > 0.03


def test_probabilities_of_bent_mixtures_are_those_of_a_fine_grid():
    """200 components, some so bent that g falls where the effect grows; 20,000 values of u each, beyond 3 sd too."""
    rng = np.random.default_rng(0)
    n = 200
    weights, line = rng.exponential(size=n), np.column_stack([rng.normal(0.5, 0.5, n), rng.uniform(0.1, 0.6, n)])
    slopes, curves = rng.normal(0, 0.3, (n, 3, 1)), rng.normal(0, 0.05, (n, 3, 1))
    bend = np.exp(rng.normal(-0.3, 0.2, (n, 3, 1)) + slopes * NODES + curves * np.square(NODES))
    effect = Contrast(weights / weights.sum(), line, bend, 0.05 * rng.standard_normal((n, 3, 3)))
    u = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)[None]
    each = [effect.values(np.arange(n), np.broadcast_to(u, (n, u.shape[1])), np.full(n, v)) for v in range(3)]
    assert any(np.any(np.diff(values, axis=1) < 0) for values in each)
    for x in (-1.0, -0.2, 0.0, 0.3, 1.2, 4.0):
        direct = sum(
            w * effect.weights @ np.mean(values <= x, axis=1) for w, values in zip(NODE_WEIGHTS, each, strict=True)
        )
        assert effect.probability_below(x) == pytest.approx(direct, abs=5e-4)
    for p in (0.025, 0.5, 0.975):
        assert effect.probability_below(effect.quantile(p)) == pytest.approx(p, abs=1e-5)


def test_a_bent_mixture_at_a_latent_effect_is_the_mean_of_its_components_by_their_densities_there():
    """150 components, effects among them and far from all of them; a straight mixture is the effect itself."""
    rng = np.random.default_rng(1)
    n, latent = 150, np.array([-30.0, -0.4, 0.0, 0.7, 60.0])
    weights, mid, sd = rng.exponential(size=n), rng.normal(0.5, 0.5, n), rng.uniform(0.1, 0.6, n)
    bend, rest = np.exp(0.3 * rng.standard_normal((n, 3, 3))), 0.1 * rng.standard_normal((n, 3, 3))
    effect = Contrast(weights / weights.sum(), np.column_stack([mid, sd]), bend, rest)
    u = (latent - mid[:, None]) / sd[:, None]
    log_p = np.log(weights / sd)[:, None] - 0.5 * np.square(u)
    share = np.exp(log_p - np.max(log_p, axis=0))
    share /= np.sum(share, axis=0)
    each = [effect.values(np.arange(n), u, np.full(n, v)) for v in range(3)]
    direct = sum(w * np.sum(share * values, axis=0) for w, values in zip(NODE_WEIGHTS, each, strict=True))
    assert np.allclose(effect.at(latent), direct, rtol=1e-9)
    assert np.allclose(linear(effect.weights, mid, sd).at(latent), latent, rtol=1e-12)


def test_a_contrast_goes_to_another_process_and_says_the_same_there():
    effect = bent((-1.0, 0.5), lambda u: np.exp(0.1 * u))
    there = pickle.loads(pickle.dumps(effect)) if effect.interval95 else None
    assert there.interval95 == effect.interval95
    assert there.probability_below(-0.5) == effect.probability_below(-0.5)
