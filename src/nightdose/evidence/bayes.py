"""The pool with what is not known left unknown: tau integrated, not estimated. The main one where trials are few.

    y_i | mu, tau ~ N(mu, v_i + tau^2),   mu flat or N(0, mean_sd^2),   tau ~ half-normal(scale)

Given tau everything is normal; tau is one-dimensional, so its posterior is a sum over quadrature nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import inf

import numpy as np

from nightdose.arrays import Floats, frozen
from nightdose.errors import CallError
from nightdose.inference.normal import normal_cdf

NODES = 400  # Gauss-Legendre on tau / scale; the error is below 1e-9 where the posterior is wider than 1 % of the scale
REACH = 8.0  # scales; a half-normal has 1e-15 beyond


@dataclass(frozen=True, slots=True)
class BayesPool:
    """Posterior of the mean over trials, a mixture of normals over tau.

    tau, weights : (nodes,) and their posterior weights, sum 1; mean, sd : (nodes,) of mu given tau; scale : of the
    half-normal prior of tau, in the outcome's unit.
    """

    tau: Floats
    weights: Floats
    mean: Floats
    sd: Floats
    scale: float

    @property
    def middle(self) -> float:
        """Posterior mean of mu."""
        return float(self.weights @ self.mean)

    @property
    def spread(self) -> float:
        """Posterior sd of mu."""
        return float(np.sqrt(self.weights @ (np.square(self.sd) + np.square(self.mean - self.middle))))

    def below(self, x: float, *, of_next: bool = False) -> float:
        """P(mu <= x), or of the true effect in one further trial: its sd adds tau."""
        sd = np.sqrt(np.square(self.sd) + np.square(self.tau)) if of_next else self.sd
        return float(self.weights @ normal_cdf((x - self.mean) / sd))

    def interval95(self, *, of_next: bool = False) -> tuple[float, float]:
        """Central 95 % of mu, or of the true effect in one further trial."""
        return self.quantile(0.025, of_next=of_next), self.quantile(0.975, of_next=of_next)

    def quantile(self, p: float, *, of_next: bool = False) -> float:
        """x with P(mu <= x) = p, by halving."""
        far = 12 * (float(self.sd.max()) + float(self.tau.max()))
        low, high = float(self.mean.min()) - far, float(self.mean.max()) + far
        for _ in range(200):
            middle = 0.5 * (low + high)
            if middle in (low, high):
                break
            low, high = (middle, high) if self.below(middle, of_next=of_next) < p else (low, middle)
        return 0.5 * (low + high)


def bayes_pool(effect: Floats, variance: Floats, scale: float, *, mean_sd: float = inf) -> BayesPool:
    """The posterior of (trials,) effects with their variances.

    scale : of the half-normal prior of tau; mean_sd : sd of the normal prior of mu around 0, inf = flat.
    Raises CallError without trials or with a scale that is not above 0.
    """
    if len(effect) == 0 or not np.all(variance > 0) or not 0 < scale < inf:
        raise CallError("a pool needs trials with variances above 0, and a prior scale above 0.")
    x, step = legendre(NODES)
    # nodes crowd towards 0, where few trials put their weight
    share = 0.5 * (x + 1)
    tau = REACH * scale * np.square(share)
    jacobian = REACH * scale * share * step
    w = 1 / (variance[None] + np.square(tau)[:, None])
    prior = 0.0 if mean_sd == inf else mean_sd**-2
    precision = w.sum(axis=1) + prior
    mean = (w @ effect) / precision
    log_marginal = 0.5 * (np.log(w).sum(axis=1) - np.log(precision))
    log_marginal -= 0.5 * ((w * np.square(effect - mean[:, None])).sum(axis=1) + prior * np.square(mean))
    log_weight = log_marginal - 0.5 * np.square(tau / scale) + np.log(jacobian)
    weights = np.exp(log_weight - log_weight.max())
    return BayesPool(tau, weights / weights.sum(), mean, precision**-0.5, scale)


@cache
def legendre(nodes: int) -> tuple[Floats, Floats]:
    """Nodes and weights of Gauss and Legendre on (-1, 1), found once: that takes longer than a pool."""
    x, step = np.polynomial.legendre.leggauss(nodes)
    return frozen(x), frozen(step)
