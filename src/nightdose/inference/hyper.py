"""Hyper-parameters integrated out: find the mode, lay importance points around it, refine until they suffice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from nightdose.arrays import Floats
from nightdose.inference.normal import normal_quantile

LogPosterior = Callable[[Floats], Floats]  # (N, dim) -> (N,)

NEWTON_STEPS = np.array([1.0, 0.5, 0.25, 0.1, 1.5, 2.5, 0.03, 0.01])
KERNELS, BANDWIDTH = 64, 0.6
WIDE_EVERY, WIDE_SCALE, NARROW_SCALE = 6, 2.2, 1.1  # every 6th point comes from the wide component


@dataclass(frozen=True, slots=True)
class Mode:
    """Highest point of the posterior and the covariance of its curvature there."""

    z: Floats  # (dim,)
    cov: Floats  # (dim, dim)
    evaluations: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A split-normal mixture around a centre, stretched by its own amount on each side of each principal axis.

    axes : (dim, dim) columns; up, down : (dim,) scale on the two sides.
    """

    centre: Floats
    axes: Floats
    up: Floats
    down: Floats

    def points(self, n: int) -> tuple[Floats, Floats]:
        """n points on a fixed low-discrepancy set, (n, dim), and their log density up to a constant, (n,)."""
        unit = normal_quantile(_kronecker(n, len(self.centre)))
        wide = np.arange(n) % WIDE_EVERY == 0
        x = unit * np.where(wide, WIDE_SCALE, NARROW_SCALE)[:, None]
        scale = np.where(x > 0, self.up, self.down)
        share = np.mean(wide)
        half = -0.5 * np.sum(np.square(x), axis=1)
        log_q = np.logaddexp(
            np.log(share) + half / WIDE_SCALE**2 - x.shape[1] * np.log(WIDE_SCALE),
            np.log1p(-share) + half / NARROW_SCALE**2 - x.shape[1] * np.log(NARROW_SCALE),
        )
        return self.centre + (x * scale) @ self.axes.T, log_q - np.sum(np.log(scale), axis=1)


def _kronecker(n: int, dim: int) -> Floats:
    """(n, dim) points of the R sequence, frac(1/2 + k alpha); any n, any dim, no table (Roberts 2018)."""
    root = 2.0
    for _ in range(40):
        root = (1 + root) ** (1 / (dim + 1))
    alpha = root ** -np.arange(1.0, dim + 1)
    u = np.modf(0.5 + np.arange(1.0, n + 1)[:, None] * alpha)[0]
    return np.clip(u, 1e-12, 1 - 1e-12)


class PointSet(Protocol):
    """Anything that lays importance points."""

    def points(self, n: int) -> tuple[Floats, Floats]: ...


def find_mode(log_posterior: LogPosterior, dim: int, *, max_iterations: int = 25) -> Mode:
    """Newton's method on finite differences; each iteration is two batches of points.

    The prior is standard normal in every coordinate, so the search starts at 0 and curvature is never far from 1.
    """
    z, step = np.zeros(dim), np.full(dim, 0.05)
    used = 0
    for iteration in range(max_iterations):
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
        finished = (gain < 0.01 and not saddle) or iteration == max_iterations - 1
        if finished and np.all(np.abs(np.log(step / np.clip(0.5 * sd, 0.01, 0.4))) < 0.7):
            break
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


def around(mode: Mode, log_posterior: LogPosterior) -> Proposal:
    """A proposal that follows the skewness: each side of each axis is stretched to the drop found two sd out."""
    values, axes = np.linalg.eigh(mode.cov)
    sd = np.sqrt(np.maximum(values, 1e-10))
    reach = 2 * (axes * sd).T
    heights = log_posterior(np.vstack([mode.z[None], mode.z + reach, mode.z - reach]))
    drop = np.maximum(heights[0] - heights[1:], 1e-3)
    stretch = np.clip(2 / np.sqrt(2 * drop), 0.4, 2.5)
    return Proposal(centre=mode.z, axes=axes, up=sd * stretch[: len(sd)], down=sd * stretch[len(sd) :])


@dataclass(frozen=True, slots=True)
class KernelProposal:
    """A mixture of equal normals around weighted points, for posteriors that bend (West 1993).

    centres : (K, dim); root : (dim, dim) Cholesky factor of every kernel's covariance.
    """

    centres: Floats
    root: Floats

    def points(self, n: int) -> tuple[Floats, Floats]:
        """n points, (n, dim), and their log density up to a constant, (n,)."""
        dim = self.centres.shape[1]
        wide = np.arange(n) % WIDE_EVERY == 0
        unit = normal_quantile(_kronecker(n, dim)) * np.where(wide, WIDE_SCALE, 1.0)[:, None]
        z = self.centres[(np.arange(n) * len(self.centres)) // n] + unit @ self.root.T
        back = np.linalg.inv(self.root).T
        off = (z @ back)[:, None, :] - (self.centres @ back)[None, :, :]
        half = -0.5 * np.sum(np.square(off), axis=2)
        top = np.max(half, axis=1, keepdims=True)
        near = np.mean(np.exp(half - top), axis=1)
        far = np.mean(np.exp(half / WIDE_SCALE**2 - top), axis=1) / WIDE_SCALE**dim
        share = np.mean(wide)
        volume = float(np.sum(np.log(np.diag(self.root))))
        return z, np.log((1 - share) * near + share * far) + top[:, 0] - volume


def refitted(z: Floats, weights: Floats, mode: Mode) -> KernelProposal:
    """The proposal that follows weighted points, (N, dim) and (N,) sum 1, for when the first one missed the shape."""
    positions = (np.arange(KERNELS) + 0.5) / KERNELS
    picks = np.minimum(np.searchsorted(np.cumsum(weights), positions), len(weights) - 1)
    off = z - weights @ z
    spread = (off.T * weights) @ off + 0.02 * mode.cov
    return KernelProposal(z[picks], np.asarray(BANDWIDTH * np.linalg.cholesky(spread), dtype=np.float64))
