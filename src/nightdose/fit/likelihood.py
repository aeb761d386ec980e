"""The likelihood of the settled improvement: the posterior of one diary with its prior divided out."""

from __future__ import annotations

import numpy as np

from nightdose.arrays import Floats
from nightdose.evidence.profile import Profile, profile_of
from nightdose.fit.averaging import settled_exposure
from nightdose.fit.case import Case
from nightdose.fit.contrast import Contrast
from nightdose.fit.fitted import Fitted
from nightdose.inference import _inference

POINTS, EVERY = 141, 7  # of the likelihood; one in how many is computed, the others lie on a smooth curve between
NO_WEIGHT = 1e-7  # of all: components that are left out
REACH = 7.0  # sd of the likelihood to either side
LEAST_LEFT = 0.02  # of the prior's precision that the diary has to add


def likelihood_of(case: Case, fitted: Fitted) -> Profile | None:
    """What this diary alone says about its settled improvement (positive = better, outcome's own unit).

        L(e) ~ p(e | diary) / p(e),    p(e) = sum over forms of share N(e; 0, s^2)

    on the latent scale, where both are mixtures of normals, then read on the outcome's own scale at the value that
    floor, ceiling or link leave of each e on average. None where the diary adds nothing that a prior could be told
    from.
    """
    effect = _weighty(fitted.settled_effect)
    shares, priors = _priors(case, fitted)
    prior_sd = float(np.sqrt(shares @ np.square(priors)))
    mean, sd = Contrast(effect.weights, effect.line).moments()
    left = 1 - (sd / prior_sd) ** 2 if prior_sd > 0 and sd > 0 else 0.0
    if not left > LEAST_LEFT:
        return None
    latent = mean / left + REACH * sd / np.sqrt(left) * np.linspace(-1, 1, POINTS)
    some = latent[::EVERY]
    log_posterior = _log_density(effect.weights, effect.line[:, 0], effect.line[:, 1], some)
    log_prior = _log_density(shares, np.zeros(len(shares)), priors, some)
    own = latent
    if effect.bend is not None:
        own = smooth_between(effect.at(some), EVERY)
    own = np.maximum.accumulate(own)
    own += 1e-9 * sd * np.arange(POINTS)  # rising also where a floor has swallowed the effect
    theta, values = case.question.direction * own, smooth_between(log_posterior - log_prior, EVERY)
    return profile_of(theta[::-1], values[::-1]) if case.question.direction < 0 else profile_of(theta, values)


def _priors(case: Case, fitted: Fitted) -> tuple[Floats, Floats]:
    """(parts,) prior shares and prior sd of the latent settled effect, in the unit of `Contrast.line`."""
    shares = np.array([part.prior for part in fitted.parts])
    sds = []
    for part in fitted.parts:
        steady = np.mean(settled_exposure(case, part.form)[case.on], axis=0)
        sd = part.posterior.series.border_sd[[part.posterior.coefficient(name) for name in part.form.names]]
        sds.append(fitted.observation.unit * float(np.linalg.norm(steady * sd)))
    told = np.array(sds) > 0  # a form under which the doses taken do nothing tells no prior of theirs
    return shares[told] / np.sum(shares[told]), np.array(sds)[told]


def _log_density(weights: Floats, mean: Floats, sd: Floats, x: Floats) -> Floats:
    """(K,) log density of a mixture of normals at x, (K,), up to a constant; weights, mean, sd > 0 : (N,)."""
    return _inference.log_density(
        x[:, None],
        centres=mean[:, None],
        unroots=(1 / sd)[:, None, None],
        constants=np.log(weights / sd)[:, None],
        widths=np.ones(1),
    )


def smooth_between(values: Floats, parts: int) -> Floats:
    """Values, (K,), with parts - 1 more between each two, (parts (K - 1) + 1,), by Catmull and Rom's cubics (1974)."""
    ends = 3 * values[[0, -1]] - 3 * values[[1, -2]] + values[[2, -3]]
    padded = np.concatenate([ends[:1], values, ends[1:]])
    before, left, right, after = (padded[i : len(padded) - 3 + i, None] for i in range(4))
    t = np.arange(parts) / parts
    slope, curve, bend = right - before, 2 * before - 5 * left + 4 * right - after, 3 * (left - right) + after - before
    return np.append(left + 0.5 * t * (slope + t * (curve + t * bend)), values[-1])


def _weighty(effect: Contrast) -> Contrast:
    """The contrast without the components that carry nothing or have no spread."""
    kept = (effect.weights > NO_WEIGHT) & (effect.line[:, 1] > 0)
    return Contrast(
        effect.weights[kept],
        effect.line[kept],
        None if effect.bend is None else effect.bend[kept],
        None if effect.rest is None else effect.rest[kept],
    )
