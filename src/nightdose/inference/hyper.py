"""Hyper-parameters integrated out: find the mode, lay importance points around it, learn their shape, lay more.

Points of every stage count, each weighted against the mixture of all proposals so far (adaptive multiple importance
sampling, Cornuet et al. 2012; balance heuristic, Owen & Zhou 2000):

    w_i = p(y | z_i) p(z_i) / sum_s (n_s / n) q_s(z_i)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np

from nightdose.arrays import Floats, Integers, frozen
from nightdose.inference import _inference
from nightdose.inference.diagnostics import effective_sample_size
from nightdose.inference.normal import normal_quantile
from nightdose.statistics import spread_evenly

LogPosterior = Callable[[Floats], Floats]  # (N, dim) -> (N,)

START_POINTS, START_SCALE = 24, 0.5  # save more than one iteration in four, and cost half of one
NEWTON_STEPS = np.array([1.0, 0.5, 0.25, 0.1, 1.5, 2.5, 0.03, 0.01])[:, None]
SMALLEST_STEP, LARGEST_STEP = 0.01, 0.4  # of the finite differences, of which half an sd is the best
SLICES = 5
WIDE_EVERY, WIDE_SCALE, NARROW_SCALE = 5, 2.2, 1.1  # every 5th point comes from the wide component
SCALES = ((1 - 1 / WIDE_EVERY, NARROW_SCALE), (1 / WIDE_EVERY, WIDE_SCALE))  # share and scale of both copies
FIRST_SCALE, UNBENT_SCALE = 1.2, 1.3  # of the mode's covariance in the first proposal
SHARED = 8.0  # effective points in a slice at which its own covariance counts as much as the common one
FEWEST_TO_LEARN = 30.0  # effective points below which weights are flattened before a shape is learnt from them


@dataclass(frozen=True, slots=True)
class Mode:
    """Highest point of the posterior and the covariance of its curvature there."""

    z: Floats  # (dim,)
    cov: Floats  # (dim, dim)
    evaluations: int


@dataclass(frozen=True)
class Mixture:
    """A mixture of K normals, each with a narrow and a wide copy, from which points are laid in strata.

    shares : (K,) sum 1; centres : (K, dim); roots : (K, dim, dim) Cholesky factors of the covariances.
    """

    shares: Floats
    centres: Floats
    roots: Floats

    def points(self, n: int, skip: int = 0) -> Floats:
        """(n, dim) points of a fixed low-discrepancy sequence, its first `skip` left out."""
        unit = _unit_normals(n, self.centres.shape[1], skip)
        ends = np.floor(n * self.shares.cumsum()[:-1] + 0.5).astype(np.int64).tolist()
        out = np.empty_like(unit)
        for k, (begin, end) in enumerate(pairwise([0, *ends, n])):
            out[begin:end] = self.centres[k] + unit[begin:end] @ self.roots[k].T
        return out

    def log_density(self, z: Floats) -> Floats:
        """(N,) log density at z, (N, dim), up to (2 pi)^(-dim / 2), which the prior lacks as well."""
        return _inference.log_density(np.ascontiguousarray(z), centres=self.centres, **self._laid)

    @cached_property
    def _laid(self) -> dict[str, Floats]:
        """What the compiled density wants: it is asked for at the points of every stage."""
        dim = self.centres.shape[1]
        constant = np.log(self.shares) - np.log(self.roots.diagonal(axis1=1, axis2=2)).sum(axis=1)
        return {
            "unroots": np.ascontiguousarray(np.linalg.inv(self.roots), dtype=np.float64),
            "constants": np.stack([constant + np.log(share) - dim * np.log(scale) for share, scale in SCALES], axis=1),
            "widths": np.array([scale for _, scale in SCALES]),
        }


@lru_cache(maxsize=8)  # the stages of one fit are those of the next
def _unit_normals(n: int, dim: int, skip: int) -> Floats:
    """(n, dim) standard normals of the fixed low-discrepancy sequence, scaled as the copy that each belongs to."""
    scale = np.where(np.arange(n) % WIDE_EVERY == 0, WIDE_SCALE, NARROW_SCALE)[:, None]
    return frozen(scale * normal_quantile(spread_evenly(n, dim, skip)))


@lru_cache(maxsize=8)
def _start(n: int, scale: float, dim: int) -> Floats:
    """(1 + n, dim) where the search for a mode looks first: 0, and points so far around it."""
    return frozen(np.vstack([np.zeros(dim), scale * normal_quantile(spread_evenly(n, dim, 0))]))


@lru_cache(maxsize=8)
def _star(dim: int) -> tuple[Floats, Integers, Integers]:
    """(1 + 2 dim + dim (dim - 1), dim) steps of central differences: none, each up, each down, each pair of i and j
    up, each down."""
    i, j = np.triu_indices(dim, 1)
    one = np.eye(dim)
    pairs = one[i] + one[j]
    return frozen(np.vstack([np.zeros((1, dim)), one, -one, pairs, -pairs])), i, j


def find_mode(log_posterior: LogPosterior, dim: int, *, max_iterations: int = 25) -> Mode:
    """Newton's method on finite differences; each iteration is two batches of points.

    The prior is standard normal in every coordinate, so the search starts at the highest of a few points around 0
    and curvature is never far from 1.
    """
    begin = _start(START_POINTS, START_SCALE, dim)
    z, step = begin[int(log_posterior(begin).argmax())], np.full(dim, 0.05)
    used, before = len(begin), np.inf
    for _ in range(max_iterations):
        value, gradient, hessian, count = _derivatives(log_posterior, z, step)
        values, vectors = np.linalg.eigh(-hessian)
        saddle = bool(values[0] < 0)  # they rise
        values = np.maximum(np.abs(values), 0.2)  # uphill also along directions of the wrong curvature
        direction = vectors @ ((gradient @ vectors) / values)
        direction *= min(1.0, 2.5 / max(math.sqrt(float(direction @ direction)), 1e-300))
        wanted = np.sqrt(np.square(vectors) @ (0.25 / values))  # half an sd
        next_step = np.minimum(np.maximum(wanted, SMALLEST_STEP), LARGEST_STEP)
        candidates = z + NEWTON_STEPS * direction
        heights = log_posterior(candidates)
        used += count + len(candidates)
        best = int(heights.argmax())
        gain = heights[best] - value
        if gain > 0:
            z = candidates[best]
        settled = bool((np.abs(np.log(step / next_step)) < 0.7).all())
        if gain < 0.01 and (before < 0.05 or (settled and not saddle)):
            break
        before, step = gain, next_step
    return Mode(z=z, cov=(vectors / values) @ vectors.T, evaluations=used)


def _derivatives(log_posterior: LogPosterior, z: Floats, step: Floats) -> tuple[float, Floats, Floats, int]:
    """Value, gradient (dim,), Hessian (dim, dim) by central differences, and how many points that took."""
    dim = len(z)
    star, i, j = _star(dim)
    f = log_posterior(z + step * star)
    f0, up, down = f[0], f[1 : 1 + dim], f[1 + dim : 1 + 2 * dim]
    both_up, both_down = f[1 + 2 * dim :].reshape(2, -1)
    hessian = np.diag((up + down - 2 * f0) / step**2)
    mixed = (both_up + both_down - up[i] - down[i] - up[j] - down[j] + 2 * f0) / (2 * step[i] * step[j])
    hessian[i, j] = hessian[j, i] = mixed
    return float(f0), (up - down) / (2 * step), hessian, len(f)


def around(mode: Mode, bent: int) -> Mixture:
    """The first proposal: the mode's own normal, and one in which coordinate `bent` keeps its prior.

    A diary that cannot tell spells from noise lets that coordinate run out along its prior on one side or both, far
    beyond what the curvature at the mode says.
    """
    free = mode.cov.copy()
    free[bent] = free[:, bent] = 0.0
    free[bent, bent] = 1 / UNBENT_SCALE**2
    centre = mode.z.copy()
    centre[bent] = 0.0
    roots = np.stack([FIRST_SCALE * np.linalg.cholesky(mode.cov), UNBENT_SCALE * np.linalg.cholesky(free)])
    return Mixture(np.array([0.5, 0.5]), np.stack([mode.z, centre]), roots)


def sliced(z: Floats, weights: Floats, mode: Mode, bent: int) -> Mixture:
    """The proposal learnt from weighted points, (N, dim) and (N,): SLICES normals along coordinate `bent`.

    Each slice holds an equal share of the weight; its normal has the slice's own mean, and its covariance mixed with
    the common one as far as the slice has few points. A posterior that bends along this coordinate is followed.
    """
    weights = flattened(weights)
    middle = weights @ z
    order = np.argsort(z[:, bent], kind="stable")
    order = order[weights[order] > 0]
    w = weights[order]
    edges = np.append(w.cumsum().searchsorted(np.arange(1, SLICES) / SLICES), len(order)).tolist()
    held = [slice(*ends) for ends in pairwise([0, *edges]) if ends[0] < ends[1]]
    # sums of 1, z and z z' of every slice, from the common middle
    ones = np.empty((len(order), z.shape[1] + 1))
    ones[:, 0], ones[:, 1:] = 1.0, z[order] - middle
    sums = np.stack([(ones[here].T * w[here]) @ ones[here] for here in held])
    squares = np.array([w[here] @ w[here] for here in held])
    shares = sums[:, 0, 0]
    centres = sums[:, 0, 1:] / shares[:, None]
    own = sums[:, 1:, 1:] / shares[:, None, None] - centres[:, :, None] * centres[:, None, :]
    common = 0.7 * sums[:, 1:, 1:].sum(axis=0) + 0.02 * mode.cov
    ess = (np.square(shares) / squares)[:, None, None]
    roots = np.linalg.cholesky((ess * own + SHARED * common) / (ess + SHARED))
    return Mixture(shares / shares.sum(), middle + centres, roots)


def flattened(weights: Floats) -> Floats:
    """Weights, (N,), to sum 1, raised to a power below 1 where too few of them carry the sum."""
    power = 1.0
    while True:
        flat = np.power(weights, power)
        flat /= flat.sum()
        if effective_sample_size(flat) >= min(FEWEST_TO_LEARN, 0.5 * len(weights)) or power < 0.05:
            return np.asarray(flat)
        power *= 0.7
