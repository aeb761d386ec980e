"""Hyper-parameters integrated out: find the mode, lay importance points around it, learn their shape, lay more.

Points of every stage count, each weighted against the mixture of all proposals so far (adaptive multiple importance
sampling, Cornuet et al. 2012; balance heuristic, Owen & Zhou 2000):

    w_i = p(y | z_i) p(z_i) / sum_s (n_s / n) q_s(z_i)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from nightdose.arrays import Floats, frozen
from nightdose.inference import _inference
from nightdose.inference.diagnostics import effective_sample_size
from nightdose.inference.normal import normal_quantile
from nightdose.statistics import spread_evenly

LogPosterior = Callable[[Floats], Floats]  # (N, dim) -> (N,)

START_POINTS, START_SCALE = 24, 0.5  # save more than one iteration in four, and cost half of one
NEWTON_STEPS = np.array([1.0, 0.5, 0.25, 0.1, 1.5, 2.5, 0.03, 0.01])
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


@dataclass(frozen=True, slots=True)
class Mixture:
    """A mixture of K normals, each with a narrow and a wide copy, from which points are laid in strata.

    shares : (K,) sum 1; centres : (K, dim); roots : (K, dim, dim) Cholesky factors of the covariances.
    """

    shares: Floats
    centres: Floats
    roots: Floats

    def points(self, n: int, skip: int = 0) -> Floats:
        """(n, dim) points of a fixed low-discrepancy sequence, its first `skip` left out."""
        which = np.searchsorted(np.cumsum(self.shares), (np.arange(n) + 0.5) / n)
        which = np.minimum(which, len(self.shares) - 1)
        scale = np.where(np.arange(n) % WIDE_EVERY == 0, WIDE_SCALE, NARROW_SCALE)[:, None]
        unit = scale * _unit_normals(n, self.centres.shape[1], skip)
        return np.asarray(self.centres[which] + (self.roots[which] @ unit[:, :, None])[:, :, 0])

    def log_density(self, z: Floats) -> Floats:
        """(N,) log density at z, (N, dim), up to (2 pi)^(-dim / 2), which the prior lacks as well."""
        dim = z.shape[1]
        constant = np.log(self.shares) - np.sum(np.log(np.diagonal(self.roots, axis1=1, axis2=2)), axis=1)
        copies = [constant + np.log(share) - dim * np.log(scale) for share, scale in SCALES]
        return _inference.log_density(
            np.ascontiguousarray(z),
            centres=self.centres,
            unroots=np.ascontiguousarray(np.linalg.inv(self.roots), dtype=np.float64),
            constants=np.stack(copies, axis=1),
            widths=np.array([scale for _, scale in SCALES]),
        )


@lru_cache(maxsize=8)  # the stages of one fit are those of the next
def _unit_normals(n: int, dim: int, skip: int) -> Floats:
    """(n, dim) standard normals of the fixed low-discrepancy sequence."""
    return frozen(normal_quantile(spread_evenly(n, dim, skip)))


def find_mode(log_posterior: LogPosterior, dim: int, *, max_iterations: int = 25) -> Mode:
    """Newton's method on finite differences; each iteration is two batches of points.

    The prior is standard normal in every coordinate, so the search starts at the highest of a few points around 0
    and curvature is never far from 1.
    """
    begin = np.vstack([np.zeros(dim), START_SCALE * _unit_normals(START_POINTS, dim, 0)])
    z, step = begin[int(np.argmax(log_posterior(begin)))], np.full(dim, 0.05)
    used, before = len(begin), np.inf
    for _ in range(max_iterations):
        value, gradient, hessian, count = _derivatives(log_posterior, z, step)
        values, vectors = np.linalg.eigh(-hessian)
        saddle = bool(np.any(values < 0))
        values = np.maximum(np.abs(values), 0.2)  # uphill also along directions of the wrong curvature
        direction = vectors @ ((vectors.T @ gradient) / values)
        direction *= min(1.0, 2.5 / max(float(np.linalg.norm(direction)), 1e-300))
        sd = np.sqrt(np.einsum("ik,k,ik->i", vectors, 1 / values, vectors))
        candidates = z + NEWTON_STEPS[:, None] * direction
        heights = log_posterior(candidates)
        used += count + len(candidates)
        best = int(np.argmax(heights))
        gain = heights[best] - value
        if gain > 0:
            z = candidates[best]
        settled = np.all(np.abs(np.log(step / np.clip(0.5 * sd, 0.01, 0.4))) < 0.7)
        if gain < 0.01 and (before < 0.05 or (settled and not saddle)):
            break
        before = gain
        step = np.clip(0.5 * sd, 0.01, 0.4)
    return Mode(z=z, cov=(vectors / values) @ vectors.T, evaluations=used)


def _derivatives(log_posterior: LogPosterior, z: Floats, step: Floats) -> tuple[float, Floats, Floats, int]:
    """Value, gradient (dim,), Hessian (dim, dim) by central differences, and how many points that took."""
    dim = len(z)
    shift = np.diag(step)
    i, j = np.triu_indices(dim, 1)
    pairs = shift[i] + shift[j]
    f = log_posterior(np.vstack([z[None], z + shift, z - shift, z + pairs, z - pairs]))
    f0, up, down = f[0], f[1 : 1 + dim], f[1 + dim : 1 + 2 * dim]
    both_up, both_down = np.split(f[1 + 2 * dim :], 2)
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
    off = z - weights @ z
    common = 0.7 * (off.T * weights) @ off + 0.02 * mode.cov
    order = np.argsort(z[:, bent], kind="stable")
    order = order[weights[order] > 0]
    edges = np.searchsorted(np.cumsum(weights[order]), np.arange(SLICES) / SLICES)
    edges[0] = 0
    begins = edges[np.append(np.diff(edges) > 0, edges[-1] < len(order))]  # of slices that hold any points
    z, w = z[order], weights[order]
    shares, squares = np.add.reduceat(w, begins), np.add.reduceat(np.square(w), begins)
    centres = np.add.reduceat(w[:, None] * z, begins) / shares[:, None]
    off = z - np.repeat(centres, np.diff(np.append(begins, len(z))), axis=0)
    own = np.add.reduceat(w[:, None, None] * off[:, :, None] * off[:, None, :], begins) / shares[:, None, None]
    ess = (np.square(shares) / squares)[:, None, None]
    roots = np.linalg.cholesky((ess * own + SHARED * common) / (ess + SHARED))
    return Mixture(np.asarray(shares / np.sum(shares)), np.asarray(centres), np.asarray(roots))


def flattened(weights: Floats) -> Floats:
    """Weights, (N,), to sum 1, raised to a power below 1 where too few of them carry the sum."""
    power = 1.0
    while True:
        flat = np.power(weights, power)
        flat /= np.sum(flat)
        if effective_sample_size(flat) >= min(FEWEST_TO_LEARN, 0.5 * len(weights)) or power < 0.05:
            return np.asarray(flat)
        power *= 0.7
