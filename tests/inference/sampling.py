"""Two plain samplers of the same model, for comparison: random-walk Metropolis and Gibbs with latent ratings."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from nightdose.inference.components import NO_CUTS, Series
from nightdose.inference.marginal import Kernel


@dataclass(frozen=True)
class Chain:
    """z : (draws, dim) prior-normal coordinates, b : (draws, P) coefficients; the first fifth is dropped."""

    z: np.ndarray
    b: np.ndarray


def metropolis(series: Series, steps: int, seed: int) -> Chain:
    """Adaptive random walk over the hyper-parameters; coefficients drawn from their exact normal."""
    rng = np.random.default_rng(seed)
    kernel, dim = Kernel(series), len(series.hyper_names)
    z, zs, bs = np.zeros(dim), [], []
    here, root, out = -np.inf, 0.3 * np.eye(dim), None
    for step in range(steps):
        new = z + root @ rng.standard_normal(dim)
        e = kernel.evaluate(new[None])
        there = e.loglik[0] - 0.5 * new @ new
        if np.log(rng.random()) < there - here:
            z, here, out = new, there, e
        zs.append(z)
        bs.append(out.mean[0] + np.linalg.cholesky(out.cov[0]) @ rng.standard_normal(len(out.mean[0])))
        if step in (500, 1500, 4000):
            root = 2.4 / np.sqrt(dim) * np.linalg.cholesky(np.cov(np.array(zs[step // 2 :]).T) + 1e-4 * np.eye(dim))
    keep = steps // 5
    return Chain(np.array(zs)[keep:], np.array(bs)[keep:])


def gibbs(series: Series, steps: int, seed: int) -> Chain:
    """Latent rating | path by truncated normals; path, coefficients and hyper-parameters | latent rating as above.

    Given the latent ratings the model is Gaussian: hyper-parameters move by Metropolis on the exact marginal, then a
    joint draw of the path comes from the dense normal. For fixed cutpoints, seven categories of half a unit.
    """
    from tests.inference.test_marginal import hyper_at

    from nightdose.inference.reference import covariance, design

    rng = np.random.default_rng(seed)
    dim, seen = len(series.hyper_names), series.seen
    z, zs, bs = np.zeros(dim), [], []
    latent = np.clip((series.y - 3) / 2, -1.4, 1.4)
    root = 0.25 * np.eye(dim)
    for step in range(steps):
        kernel = Kernel(replace(series, family="gaussian", y=latent, cuts=NO_CUTS))
        here = kernel.log_posterior(z[None])[0]
        for _ in range(4):
            new = z + root @ rng.standard_normal(dim)
            there = kernel.log_posterior(new[None])[0]
            if np.log(rng.random()) < there - here:
                z, here = new, there
        hyper = hyper_at(series, z[None])
        x = design(series, hyper)[seen]
        prior = covariance(len(latent), hyper)[np.ix_(seen, seen)]
        e = kernel.evaluate(z[None])
        b = rng.multivariate_normal(e.mean[0], e.cov[0], method="cholesky")
        gain = np.linalg.solve(prior + hyper.noise_sd**2 * np.eye(len(x)), prior).T
        mean = gain @ (latent[seen] - x @ b)
        path = x @ b + rng.multivariate_normal(mean, prior - gain @ prior + 1e-10 * np.eye(len(x)), method="cholesky")
        edges = np.array([-np.inf, *hyper.cuts, np.inf])
        k = series.y[seen].astype(int)
        lower, upper = edges[k], edges[k + 1]
        low, high = (lower - path) / hyper.noise_sd, (upper - path) / hyper.noise_sd
        u = rng.random(len(path))
        p = stats.norm.cdf(low) + u * (stats.norm.cdf(high) - stats.norm.cdf(low))
        drawn = path + hyper.noise_sd * stats.norm.ppf(np.clip(p, 1e-14, 1 - 1e-14))
        latent = latent.copy()
        latent[seen] = np.clip(drawn, lower + 1e-12, upper)
        zs.append(z)
        bs.append(b)
        if step in (300, 1000):
            root = 1.2 / np.sqrt(dim) * np.linalg.cholesky(np.cov(np.array(zs[step // 2 :]).T) + 1e-3 * np.eye(dim))
    keep = steps // 5
    return Chain(np.array(zs)[keep:], np.array(bs)[keep:])


def metropolis_with_outliers(series: Series, steps: int, seed: int, factors: np.ndarray, shares: np.ndarray) -> Chain:
    """As `metropolis`, and the noise of every day is one of `factors` times as large, drawn with it."""
    rng = np.random.default_rng(seed)
    dim, days = len(series.hyper_names), np.flatnonzero(series.seen)
    z, zs, bs, root = np.zeros(dim), [], [], 0.35 * np.eye(dim)
    which = np.zeros(len(series.y), dtype=int)

    def at(z, which):
        e = Kernel(replace(series, spread=factors[which])).evaluate(z[None])
        return e.loglik[0] - 0.5 * z @ z, e

    here, out = at(z, which)
    for step in range(steps):
        new = z + root @ rng.standard_normal(dim)
        there, e = at(new, which)
        if np.log(rng.random()) < there - here:
            z, here, out = new, there, e
        for day in rng.choice(days, 4, replace=False):
            other = which.copy()
            other[day] = rng.choice(len(shares), p=shares)  # from its prior, so that only the likelihood decides
            if other[day] != which[day]:
                there, e = at(z, other)
                if np.log(rng.random()) < there - here:
                    which, here, out = other, there, e
        zs.append(z)
        bs.append(out.mean[0] + np.linalg.cholesky(out.cov[0]) @ rng.standard_normal(len(out.mean[0])))
        if step in (500, 1500):
            root = 2.4 / np.sqrt(dim) * np.linalg.cholesky(np.cov(np.array(zs[step // 2 :]).T) + 1e-4 * np.eye(dim))
    keep = steps // 5
    return Chain(np.array(zs)[keep:], np.array(bs)[keep:])
