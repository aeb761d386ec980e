"""People in groups: does the effect go with the condition, the dose, the blinding, how the answer was come by?

    m_i ~ N(theta_i, v_i),   theta_i ~ N(mu_g, tau^2),   mu_g flat, or ~ N(mu, omega^2) with mu flat

Likelihoods are taken as normal ones. tau is common to all groups and summed over; so is omega, how far groups differ.
Given both, everything is normal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats
from nightdose.errors import CallError
from nightdose.evidence.people import moments, tau_nodes
from nightdose.evidence.profile import Profile
from nightdose.inference.normal import normal_cdf

NODES = 240  # of tau
GROUP_NODES = 40  # of omega


@dataclass(frozen=True, slots=True)
class Mean:
    """A posterior that is a mixture of normals, in numbers: mean, sd, central 95 %, P(> 0)."""

    mean: float
    sd: float
    interval95: tuple[float, float]
    above_zero: float


@dataclass(frozen=True, slots=True)
class Group:
    """One group. alone : its mean by its own people; drawn : drawn towards the other groups, as far as they agree."""

    name: str
    people: int
    alone: Mean
    drawn: Mean


@dataclass(frozen=True)
class _Given:
    """Sufficient for groups given tau: log prior and marginal (T,), means and variances of the groups (T, G)."""

    log_p: Floats
    mean: Floats
    var: Floats


def groups(members: Mapping[str, Sequence[Profile]], scale: float, omega: float) -> tuple[Group, ...]:
    """The mean of every group, in the order given.

    scale, omega : of the half-normal priors of tau and of the sd between groups. Raises CallError without groups.
    """
    if not members:
        raise CallError("groups need people.")
    given = _given(list(members.values()), scale)
    alone = _weights(given.log_p + 0.5 * np.log(given.var).sum(axis=1))  # flat means integrated
    apart, log_omega = tau_nodes(omega, nodes=GROUP_NODES)
    wide = given.var[:, None] + np.square(apart)[None, :, None]  # (T, O, G)
    precision = (1 / wide).sum(axis=2)
    middle = (given.mean[:, None] / wide).sum(axis=2) / precision
    log_w = given.log_p[:, None] + log_omega + 0.5 * np.log(given.var).sum(axis=1)[:, None]
    log_w = log_w - 0.5 * (np.log(wide).sum(axis=2) + np.log(precision))
    log_w -= 0.5 * (np.square(given.mean[:, None] - middle[..., None]) / wide).sum(axis=2)
    drawn = _weights(log_w)
    pull = given.var[:, None] / wide  # towards the middle
    at = (1 - pull) * given.mean[:, None] + pull * middle[..., None]
    var = (1 - pull) * given.var[:, None] + np.square(pull) / precision[..., None]
    return tuple(
        Group(
            name,
            len(people),
            mixture(alone, given.mean[:, g], given.var[:, g]),
            mixture(drawn.ravel(), at[..., g].ravel(), var[..., g].ravel()),
        )
        for g, (name, people) in enumerate(members.items())
    )


def difference(one: Sequence[Profile], other: Sequence[Profile], scale: float) -> Mean:
    """Mean of one group minus that of the other, flat priors of both, tau in common."""
    given = _given([one, other], scale)
    weights = _weights(given.log_p + 0.5 * np.log(given.var).sum(axis=1))
    return mixture(weights, given.mean[:, 0] - given.mean[:, 1], given.var.sum(axis=1))


def discounted(members: Mapping[str, Sequence[Profile]], doubt: Mapping[str, float], scale: float) -> Mean:
    """The mean over all people where each kind may be off by a bias of its own, N(0, doubt^2), that all of it share.

    A kind with much doubt adds little however many people it has. Source: Turner, Spiegelhalter, Smith & Thompson
    (2009), J R Stat Soc A 172:21.
    """
    given = _given(list(members.values()), scale)
    wide = given.var + np.square([doubt[name] for name in members])
    precision = (1 / wide).sum(axis=1)
    middle = (given.mean / wide).sum(axis=1) / precision
    log_w = given.log_p + 0.5 * (np.log(given.var).sum(axis=1) - np.log(wide).sum(axis=1) - np.log(precision))
    log_w -= 0.5 * (np.square(given.mean - middle[:, None]) / wide).sum(axis=1)
    return mixture(_weights(log_w), middle, 1 / precision)


def _given(members: Sequence[Sequence[Profile]], scale: float) -> _Given:
    tau, log_prior = tau_nodes(scale, nodes=NODES)
    log_p, means, variances = log_prior, [], []
    for people in members:
        mean, sd = moments(people)
        spread = np.square(sd) + np.square(tau)[:, None]
        precision = (1 / spread).sum(axis=1)
        middle = (mean / spread).sum(axis=1) / precision
        log_p = log_p - 0.5 * (np.log(spread).sum(axis=1) + (np.square(mean - middle[:, None]) / spread).sum(axis=1))
        means.append(middle)
        variances.append(1 / precision)
    return _Given(log_p, np.stack(means, axis=1), np.stack(variances, axis=1))


def _weights(log_w: Floats) -> Floats:
    weights = np.exp(log_w - np.max(log_w))
    return np.asarray(weights / np.sum(weights))


def mixture(weights: Floats, mean: Floats, var: Floats) -> Mean:
    """A mixture of normals in numbers; weights, mean, var : (N,)."""
    middle = float(weights @ mean)
    sd = float(np.sqrt(weights @ (var + np.square(mean - middle))))
    own = np.sqrt(var)

    def quantile(p: float) -> float:
        low, high = middle - 12 * sd, middle + 12 * sd
        for _ in range(60):
            x = 0.5 * (low + high)
            low, high = (x, high) if float(weights @ normal_cdf((x - mean) / own)) < p else (low, x)
        return 0.5 * (low + high)

    above = 1 - float(weights @ normal_cdf(-mean / own))
    return Mean(middle, sd, (quantile(0.025), quantile(0.975)), min(1.0, max(0.0, above)))
