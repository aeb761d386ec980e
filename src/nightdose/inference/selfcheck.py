"""Is expectation propagation right for this diary? Importance sampling of the model itself says so, in every fit.

At a hyper-parameter point the engine's answer for a category or a count is the normal q(b, path) that is proportional
to prior times sites. The model's own posterior is q times, with one factor a recorded day,

    w = prod_t p(y_t | eta_t) / N(site_obs_t; eta_t, site_var_t)

so that E[x] = E_q[w x] / E_q[w] for any x (Minka 2001 for the sites; Owen 2013, Monte Carlo theory, methods and
examples, ch. 9, for self-normalised importance sampling). Three things make some hundred paths suffice for
x = direction'b:

- x itself is not drawn. With x = m + s u, u ~ N(0, 1) under q, and eta = rest + cov(eta, u) u, rest and u are
  independent; the integral over u is done for every drawn rest by Gauss and Hermite's rule with three nodes (exact
  while w bends with u no more than a quartic does; on 48 diaries nine nodes moved the answer by at most 0.005 sd).
- x then moves by s E[w u] / E[w]: only the slopes of log w along u enter, not the spread of u.
- Paths come in antithetic pairs, rest mirrored at its mean: the odd part of log w, its largest, cancels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats
from nightdose.inference import _inference
from nightdose.inference.components import Series
from nightdose.inference.diagnostics import pareto_k, systematic
from nightdose.inference.marginal import FAMILIES, AnySites, Kernel, Paths, Sites, smoothed
from nightdose.inference.posterior import Posterior
from nightdose.statistics import THREE_NODES, THREE_WEIGHTS, spells

NODES, NODE_WEIGHTS = THREE_NODES, THREE_WEIGHTS
# Least effective share of the paths for a point to count. Below, nearly every point has tail_k > 0.7 and an error that
# is several times too small; above, errors are right (32 points each of 36 ratings, ordinals and yes/no, 128 paths).
LEAST_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class EPCheck:
    """How far the mean of one linear combination of the coefficients is from where the model itself puts it.

    shift : exact minus approximate mean, in posterior sds; shift_error : its Monte Carlo standard error.
    answered : of so many hyper-parameter `points`, those where importance sampling works; the other figures are theirs,
    or those of all points if there is none. tail_k : Pareto shape of their weights, each point's scaled to sum 1; above
    0.7 the error is not to be trusted (Vehtari et al. 2024), unless ess is nearly answered * draws: the tail of weights
    that are all but equal, or of a mixture of points with even and uneven ones, is long without doing harm.
    ess : effective number of paths, of answered * draws.
    """

    shift: float
    shift_error: float
    tail_k: float
    ess: float
    answered: int
    points: int
    draws: int


class PathCheck:
    """Where importance sampling puts direction'b, against where expectation propagation put it, from ever more paths.

    direction : (P,) weights of the coefficients; points : hyper-parameter points, a systematic resample of the
    posterior's, so that each counts the same and hyper-parameters keep the weights they have: what is checked is the
    normal at each. With A and B the sums of w u and w over nodes and both paths of a pair, at one point

        r = sum A / sum B,   var(r) = (n - 1) / n sum_j (r without pair j - their mean)^2   over its n pairs

    and shift = mean over points of (m + s r - mean of the posterior there) / its sd. This jackknife (Efron 1982) and
    the delta method for self-normalised weights (Owen 2013, ch. 9) agree when no pair dominates; when one does, the
    delta method calls its r certain.

    Where the noise is a small part of a category's width, w is nearly an indicator and one path in thousands fits every
    day: such points say nothing about expectation propagation, good or bad, and are left out (LEAST_SHARE).
    """

    def __init__(self, posterior: Posterior, direction: Floats, points: int = 4) -> None:
        series = posterior.series
        if series.family == "gaussian":
            raise ValueError("a continuous outcome is integrated exactly: there is no expectation propagation to check")
        if points < 1:
            raise ValueError(f"at least one point is checked, not {points}")
        at = systematic(posterior.weights, points)
        self._direction, self._some = direction, posterior.only(at)
        self._paths = Kernel(series).paths(self._some.z, self._some.sites)
        towards = self._paths.cov @ direction
        self._sd = np.sqrt(towards @ direction)
        self._along = np.einsum("itp,ip->it", self._paths.slope, towards) / self._sd[:, None]  # cov(eta, u)
        self._middle = self._paths.offset + np.einsum("itp,ip->it", self._paths.slope, self._paths.mean)
        self._log_w = np.empty((points, len(NODES), 0, 2))
        centre = posterior.mean @ direction
        within = (posterior.cov @ direction) @ direction
        spread = within + np.square(centre - posterior.weights @ centre)
        self._centre, self._posterior_sd = centre[at], np.sqrt(posterior.weights @ spread)

    def with_paths(self, draws: int, rng: np.random.Generator) -> EPCheck:
        """The check with so many paths at each point, even; those drawn before are among them."""
        if draws < 4 or draws % 2 or draws <= 2 * self._log_w.shape[2]:
            raise ValueError(f"paths come in pairs, at least two and ever more at a point: not {draws}")
        self._add(draws // 2 - self._log_w.shape[2], rng)
        points = len(self._log_w)
        w = NODE_WEIGHTS[:, None, None] * np.exp(self._log_w - np.max(self._log_w, axis=(1, 2, 3), keepdims=True))
        r, var = _jackknifed(np.einsum("inks,n->ik", w, NODES), np.einsum("inks->ik", w))
        each = np.sum(w, axis=1).reshape(points, draws) / np.sum(w, axis=(1, 2, 3))[:, None]
        ess = 1 / np.sum(np.square(each), axis=1)
        answers = ess >= LEAST_SHARE * draws
        used = answers if np.any(answers) else np.ones(points, dtype=bool)
        shift = (self._paths.mean @ self._direction + self._sd * r - self._centre) / self._posterior_sd
        error = np.sqrt(var) * self._sd / self._posterior_sd
        return EPCheck(
            shift=float(np.mean(shift[used])),
            shift_error=float(np.sqrt(np.sum(np.square(error[used]))) / np.sum(used)),
            tail_k=pareto_k(each[used].ravel()),
            ess=float(np.sum(ess[used])),
            answered=int(np.sum(answers)),
            points=points,
            draws=draws,
        )

    def _add(self, pairs: int, rng: np.random.Generator) -> None:
        some, seen = self._some, self._some.series.seen
        b, eta = deviations(some.series, some.hyper, some.sites, self._paths, pairs, rng)
        rest = eta - self._along[:, None] * ((b @ self._direction) / self._sd[:, None])[:, :, None]
        new = [
            log_weights(some, i, self._middle[i, seen], self._along[i, seen], rest[i][:, seen])
            for i in range(len(self._log_w))
        ]
        self._log_w = np.concatenate([self._log_w, np.stack(new)], axis=2)


def deviations(
    series: Series, hyper: Floats, sites: AnySites, paths: Paths, draws: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Joint draws of (b, eta) from prior times sites, less their mean: (N, draws, P), (N, draws, days).

    hyper : (4, N); sites, paths : of the same N points. b is drawn from its normal; given b, level + spell by
    Matheron's rule (Journel & Huijbregts 1978): with f from the prior and e ~ N(0, site_var),

        f + E[level + spell | outcomes -z'b - f - e]

    has their posterior covariance, and the compiled smoother gives that expectation for all draws at once.
    """
    n, days = sites.obs.shape
    normals = rng.standard_normal((n, draws, paths.cov.shape[2]))
    b = normals @ np.swapaxes(np.linalg.cholesky(paths.cov), 1, 2)
    columns = np.concatenate([np.broadcast_to(series.fixed, (n, *series.fixed.shape)), paths.lagged], axis=2)
    from_b = b @ np.swapaxes(columns, 1, 2)
    path = _prior_paths(hyper, draws, days, rng)
    noise = rng.standard_normal((n, draws, days))
    noise *= np.sqrt(sites.var)[:, None]
    seen = -from_b  # in place from here on: over ten years each array of all draws is 8 MB
    seen -= path
    seen -= noise
    del noise
    outcomes = Sites(seen.reshape(-1, days), np.repeat(sites.var, draws, axis=0))
    path += smoothed(series, np.repeat(hyper, draws, axis=1), outcomes).reshape(path.shape)
    from_b += path
    return b, from_b


def _prior_paths(hyper: Floats, draws: int, days: int, rng: np.random.Generator) -> Floats:
    """(N, draws, days) level + spell before any outcome; hyper : (4, N)."""
    n = hyper.shape[1]
    level_sd, ar_sd, phi = hyper[:3, :, None]
    spell = spells(ar_sd, phi, (days, n, draws), rng)
    level = rng.standard_normal((n, draws, days))
    level *= level_sd[:, :, None]
    np.cumsum(level, axis=2, out=level)
    level += np.moveaxis(spell, 0, 2)
    return level


def log_weights(posterior: Posterior, point: int, middle: Floats, along: Floats, rest: Floats) -> Floats:
    """(nodes, pairs, 2) log w of the paths middle + along u +- rest, u at every node.

    Over recorded days: middle, along : (days,); rest : (pairs, days).
    """
    series = posterior.series
    seen = series.seen
    eta = (middle + np.multiply.outer(NODES, along))[:, None, None] + np.stack([rest, -rest], axis=1)
    out = _inference.log_site_ratio(
        FAMILIES[series.family],
        series.y[seen],
        np.ascontiguousarray(posterior.cuts[point]),
        np.ascontiguousarray(series.noise_sd(posterior.hyper[3, [point]])[0, seen]),
        posterior.sites.obs[point, seen],
        posterior.sites.var[point, seen],
        eta.reshape(-1, eta.shape[-1]),
    )
    return np.asarray(out.reshape(eta.shape[:-1]))


def _jackknifed(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """(points,) r = sum A / sum B over pairs, and its variance by leaving out each pair; a, b : (points, pairs)."""
    total = np.sum(b, axis=1)
    without = (np.sum(a, axis=1)[:, None] - a) / np.maximum(total[:, None] - b, 1e-12 * total[:, None])
    return np.sum(a, axis=1) / total, (a.shape[1] - 1) * np.var(without, axis=1)
