"""Does each day lie where the rest of the diary says it could? Leave-one-out predictive checks of a fit.

For recorded day t, with eta_t | all ~ N(m, v) at one hyper-parameter point (coefficients included) and the day's own
site N(obs, R) taken out again,

    v_t = 1 / (1 / v - 1 / R),   m_t = v_t (m / v - obs / R)

is what all other days say of eta_t (exact for a continuous outcome, expectation propagation's cavity for the others),
and F_t(y) = sum_i w_i P(outcome <= y | eta_t ~ N(m_t, v_t) at point i) the predictive distribution. If the model fits,
F_t(y_t) is uniform; for an outcome in steps its mass is spread from F_t just below y_t to F_t(y_t) (Czado, Gneiting &
Held 2009, Biometrics 65:1254, the nonrandomised histogram).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Bools, Floats, Integers
from nightdose.inference.components import Series
from nightdose.inference.marginal import Kernel
from nightdose.inference.normal import normal_cdf
from nightdose.inference.posterior import Posterior

POINTS = 64  # heaviest hyper-parameter points that carry the check
LARGEST_SUMMED = 200  # counts above are compared on the root scale, where they are all but normal
NODES, NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
NODE_WEIGHTS = NODE_WEIGHTS / np.sum(NODE_WEIGHTS)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Predictive probabilities of the recorded days, each from all other days: below <= F < = up_to, (recorded days,).

    below : of less than was recorded; up_to : of no more than that; equal for a continuous outcome. days : indices.
    """

    days: Integers
    below: Floats
    up_to: Floats

    @property
    def middle(self) -> Floats:
        """Half-way between: one number a day."""
        return 0.5 * (self.below + self.up_to)

    def histogram(self, bins: int) -> Floats:
        """(bins,) shares of the days in equal parts of the predictive distribution; 1 / bins each if the model fits."""
        edges = np.linspace(0, 1, bins + 1)[:, None]
        width = np.maximum(self.up_to - self.below, 1e-12)
        filled = np.mean(np.clip((edges - self.below) / width, 0, 1), axis=1)
        return np.asarray(np.diff(filled))

    def inside(self, level: float) -> float:
        """Share of the days inside their central predictive interval of this level, days on its ends in part."""
        low, high = (1 - level) / 2, (1 + level) / 2
        width = np.maximum(self.up_to - self.below, 1e-12)
        reached = [np.clip((edge - self.below) / width, 0, 1) for edge in (low, high)]
        return float(np.mean(reached[1] - reached[0]))

    def far_out(self, tail: float) -> Bools:
        """(recorded days,) days of which less than `tail` was expected on their side."""
        return np.minimum(self.up_to, 1 - self.below) < tail


def left_out(posterior: Posterior) -> LeftOut:
    """The leave-one-out predictive probabilities of every recorded day."""
    series, seen = posterior.series, posterior.series.seen
    heavy = np.sort(np.argsort(-posterior.weights, kind="stable")[:POINTS])
    weights = posterior.weights[heavy] / np.sum(posterior.weights[heavy])
    noise = posterior.hyper[3, heavy][:, None]
    mean, var = Kernel(series).left_out(posterior.z[heavy], posterior.sites_at(heavy))
    cavity_mean, sd = mean[:, seen], np.sqrt(var[:, seen] + np.square(noise) + series.rounding_var)
    below, up_to = _probabilities(series, posterior.cuts[heavy], cavity_mean, sd)
    return LeftOut(np.flatnonzero(seen), np.clip(weights @ below, 0, 1), np.clip(weights @ up_to, 0, 1))


def _probabilities(series: Series, cuts: Floats, mean: Floats, sd: Floats) -> tuple[Floats, Floats]:
    """(N, recorded days) P(less than was recorded) and P(no more than that), x ~ N(mean, sd^2) behind it."""
    y = series.y[series.seen]
    if series.family == "gaussian":
        up_to = normal_cdf((y - mean) / sd)
        return up_to, up_to
    if series.family == "count":
        below, up_to = np.empty_like(mean), np.empty_like(mean)
        for k in np.unique(y).tolist():  # most days have one of a few counts
            days = np.flatnonzero(y == k)
            rate = np.exp(np.minimum(mean[:, days, None] + sd[:, days, None] * NODES, 50.0))
            below[:, days], up_to[:, days] = (p @ NODE_WEIGHTS for p in poisson_below(k, rate))
        return below, up_to
    ends = np.concatenate([np.full((len(cuts), 1), -np.inf), cuts, np.full((len(cuts), 1), np.inf)], axis=1)
    at = y.astype(np.int64)
    return normal_cdf((ends[:, at] - mean) / sd), normal_cdf((ends[:, at + 1] - mean) / sd)


def poisson_below(k: float, rate: Floats) -> tuple[Floats, Floats]:
    """P(Poisson(rate) < k) and P(Poisson(rate) <= k) for a whole k; above LARGEST_SUMMED the latter as a normal on the
    root scale, P = Phi(2 (sqrt(k + 1) - sqrt(rate))).
    """
    if k > LARGEST_SUMMED:
        below, up_to = (normal_cdf(2 * (np.sqrt(j + 1) - np.sqrt(rate))) for j in (k - 1, k))
        return below, up_to
    summed = np.minimum(rate, 700.0)  # beyond, a count that is summed has no chance
    below, term = np.zeros_like(rate), np.exp(-summed)
    for j in range(int(k)):
        below += term
        term = term * summed / (j + 1)
    return np.minimum(below, 1.0), np.minimum(below + term, 1.0)
