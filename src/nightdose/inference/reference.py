"""The slow, obvious twin of the compiled kernels: dense matrices, one hyper-parameter point, no recursion.

For tests and for readers. Everything here is a line of the model in `components.py` written out as a matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, exp, inf, lgamma, log, pi, sqrt

import numpy as np

from nightdose.arrays import Floats
from nightdose.inference.components import Series

NODES, NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(41)
NODE_WEIGHTS = NODE_WEIGHTS / np.sum(NODE_WEIGHTS)


@dataclass(frozen=True, slots=True)
class DenseFit:
    """log p(y | hyper-parameters) and the normal posterior of the coefficients; path mean and var for all days."""

    loglik: float
    mean: Floats
    cov: Floats
    eta_mean: Floats
    eta_var: Floats


@dataclass(frozen=True, slots=True)
class Hyper:
    """One hyper-parameter point; tau in days, one per lagged column; cutpoints of a category outcome."""

    level_sd: float
    ar_sd: float
    ar_phi: float
    noise_sd: float
    tau: tuple[float, ...]
    cuts: tuple[float, ...] = ()


def covariance(days: int, hyper: Hyper) -> Floats:
    """(days, days) prior covariance of level + spell: s^2 (min(i, j) + 1) + a^2 phi^|i - j|."""
    t = np.arange(days)
    level = hyper.level_sd**2 * (np.minimum.outer(t, t) + 1)
    return np.asarray(level + hyper.ar_sd**2 * hyper.ar_phi ** np.abs(np.subtract.outer(t, t)))


def design(series: Series, hyper: Hyper) -> Floats:
    """(days, P) columns: the fixed ones, then each input convolved with its own decaying kernel."""
    columns = [series.fixed]
    for column, tau in zip(series.lagged, hyper.tau, strict=True):
        keep = exp(-1 / tau) if tau > 0 else 0.0
        exposure = [
            keep ** (t + 1) * column.start + (1 - keep) * sum(keep ** (t - s) * column.values[s] for s in range(t + 1))
            for t in range(len(series.y))
        ]
        columns.append(np.array(exposure)[:, None])
    return np.hstack(columns)


def gaussian(series: Series, hyper: Hyper, y: Floats, noise_var: Floats) -> DenseFit:
    """Exact fit to outcomes y (days,) with noise variance (days,): one multivariate normal, coefficients included."""
    seen, z = series.seen, design(series, hyper)
    prior = covariance(len(y), hyper)
    border = np.diag(np.square(series.border_sd))
    full = prior + z @ border @ z.T
    joint = full[np.ix_(seen, seen)] + np.diag(noise_var[seen])
    off = (y - z @ series.border_mean)[seen]
    solve = np.linalg.inv(joint)
    loglik = -0.5 * (off @ solve @ off + np.linalg.slogdet(joint)[1] + len(off) * log(2 * pi))
    to_b, to_eta = border @ z[seen].T, full[:, seen]
    return DenseFit(
        loglik=float(loglik),
        mean=series.border_mean + to_b @ solve @ off,
        cov=border - to_b @ solve @ to_b.T,
        eta_mean=z @ series.border_mean + to_eta @ solve @ off,
        eta_var=np.diag(full) - np.einsum("ij,jk,ik->i", to_eta, solve, to_eta),
    )


def expectation_propagation(series: Series, hyper: Hyper, sweeps: int = 200) -> DenseFit:
    """Sequential expectation propagation, one site at a time, moments by brute quadrature."""
    days = len(series.y)
    precision, shift = np.full(days, 1e-3), np.zeros(days)
    fit = gaussian(series, hyper, shift / precision, 1 / precision)
    for _ in range(sweeps):
        before = precision.copy()
        for t in np.flatnonzero(series.seen).tolist():
            m, v = _cavity(fit, t, precision[t], shift[t])
            _, mean, var = _tilted(series, hyper, t, m, v)
            precision[t], shift[t] = 1 / var - 1 / v, mean / var - m / v
            fit = gaussian(series, hyper, shift / precision, 1 / precision)
        if np.max(np.abs(precision - before)[series.seen]) < 1e-9:
            break
    loglik = fit.loglik
    for t in np.flatnonzero(series.seen).tolist():
        m, v = _cavity(fit, t, precision[t], shift[t])
        total, off = v + 1 / precision[t], shift[t] / precision[t] - m
        loglik += log(_tilted(series, hyper, t, m, v)[0])
        loglik += 0.5 * (log(2 * pi * total) + off * off / total)
    return DenseFit(loglik, fit.mean, fit.cov, fit.eta_mean, fit.eta_var)


def _cavity(fit: DenseFit, t: int, precision: float, shift: float) -> tuple[float, float]:
    left = 1 / fit.eta_var[t] - precision
    return (fit.eta_mean[t] / fit.eta_var[t] - shift) / left, 1 / left


def _tilted(series: Series, hyper: Hyper, t: int, m: float, v: float) -> tuple[float, float, float]:
    """Normaliser, mean and variance of N(eta; m, v) p(y_t | eta), on a fine grid."""
    eta = m + np.sqrt(v) * np.linspace(-9, 9, 601)
    p = np.array([likelihood(series, hyper, t, x) for x in eta])
    w = p * np.exp(-0.5 * np.square(eta - m) / v)
    mass = float(np.sum(w)) * (eta[1] - eta[0]) / sqrt(2 * pi * v)
    mean = float(np.sum(w * eta) / np.sum(w))
    return mass, mean, float(np.sum(w * np.square(eta - mean)) / np.sum(w))


def likelihood(series: Series, hyper: Hyper, t: int, eta: float) -> float:
    """p(y_t | eta_t) of a category or a count, the day's own noise integrated out."""
    noise = max(hyper.noise_sd, 1e-6)
    if series.family == "category":
        cuts, k = (-inf, *hyper.cuts, inf), int(series.y[t])
        return _phi((cuts[k + 1] - eta) / noise) - _phi((cuts[k] - eta) / noise)
    log_rate = eta + noise * NODES
    log_p = series.y[t] * log_rate - np.exp(log_rate) - lgamma(series.y[t] + 1)
    return float(NODE_WEIGHTS @ np.exp(log_p))


def _phi(x: float) -> float:
    return 1.0 if x == inf else 0.0 if x == -inf else 0.5 * (1 + erf(x / sqrt(2)))
