"""The same diary under another prior: the points of a fit are reweighted, or refitted where too few carry weight.

Every point carries an exact normal for the coefficients b, so a change of a coefficient's prior is conjugate, and a
change of a hyper-parameter's prior only moves weight between points. Nothing is evaluated again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from nightdose.arrays import Floats
from nightdose.inference.components import Series
from nightdose.inference.diagnostics import effective_sample_size
from nightdose.inference.normal import normal_cdf, normal_quantile
from nightdose.inference.posterior import Posterior, fit

ENOUGH_POINTS = 50.0  # effective points below which the weights cannot be trusted and a new fit is made
FARTHEST_Z = 8.0  # the quantile of the normal where doubles end


@dataclass(frozen=True, slots=True)
class NormalPrior:
    """Coefficient `name` ~ N(mean, sd^2), in sd of the outcome."""

    name: str
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class PriorChange:
    """What is changed of the priors of a series.

    drift : factor on the scale of the slow drift; onset : names of lagged columns and the factor on the prior median of
    their time constants; coefficients : new normal priors.
    """

    drift: float = 1.0
    onset: tuple[tuple[str, ...], float] | None = None
    coefficients: tuple[NormalPrior, ...] = ()


def changed(series: Series, change: PriorChange) -> Series:
    """The series with its priors changed; raises ValueError for a coefficient it does not have."""
    mean, sd = series.border_mean.copy(), series.border_sd.copy()
    for new in change.coefficients:
        mean[series.names.index(new.name)], sd[series.names.index(new.name)] = new.mean, new.sd
    lagged = tuple(
        replace(column, tau_median=column.tau_median * change.onset[1])
        if change.onset is not None and column.name in change.onset[0]
        else column
        for column in series.lagged
    )
    prior = replace(series.prior, level_scale=series.prior.level_scale * change.drift)
    return replace(series, border_mean=mean, border_sd=sd, lagged=lagged, prior=prior)


def under(posterior: Posterior, change: PriorChange, *, threads: int = 1) -> Posterior:
    """The posterior had the priors been changed: old points with new weights, or a new fit where too few carry them.

    w_i' ~ w_i p'(z_i) / p(z_i) prod_k C_ik, with for each changed coefficient, at each point b_k ~ N(m, v),

        C = int N(b; m, v) N(b; m1, s1^2) / N(b; m0, s0^2) db,    precision 1 / v + 1 / s1^2 - 1 / s0^2

    Exact for a Gaussian outcome up to the number of points; for the others the sites of expectation propagation stay as
    they were. Held against new fits in tests/inference/test_reprior.py.
    """
    series, new = posterior.series, changed(posterior.series, change)
    log_w, z = np.zeros(len(posterior.weights)), posterior.z.copy()
    if change.drift != 1:
        level = posterior.hyper[0] / new.prior.level_scale
        log_w += 0.5 * np.square(level) * (np.square(change.drift) - 1) - np.log(change.drift)
        z[:, 0] = np.clip(-normal_quantile(2 * normal_cdf(-level)), -FARTHEST_Z, FARTHEST_Z)
    if change.onset is not None:
        names, factor = change.onset
        slow = [column for column in series.lagged if column.name in names and column.tau_median > 0]
        if any(not column.tau_like and column.tau_sdlog == 0 for column in slow):
            return fit(new, threads=threads)  # a known time constant: every exposure is another one
        for column in slow:
            if column.has_unknown_tau:
                at = series.hyper_names.index(f"tau_{column.name}")
                z[:, at] -= np.log(factor) / column.tau_sdlog
                log_w += 0.5 * (np.square(posterior.z[:, at]) - np.square(z[:, at]))
    mean, cov = posterior.mean, posterior.cov
    for prior in change.coefficients:
        k = series.names.index(prior.name)
        mean, cov, log_c = _conjugate(mean, cov, k, (series.border_mean[k], series.border_sd[k]), prior)
        log_w += log_c
    top = float(np.max(log_w))
    weights = posterior.weights * np.exp(log_w - top)
    total = float(np.sum(weights))
    ess = effective_sample_size(weights)
    if not (np.all(np.isfinite(weights)) and ess >= min(ENOUGH_POINTS, posterior.ess)):
        return fit(new, threads=threads)
    return replace(
        posterior,
        series=new,
        weights=weights / total,
        z=z,
        mean=mean,
        cov=cov,
        ess=ess,
        log_evidence=posterior.log_evidence + top + float(np.log(total)),
    )


def _conjugate(
    mean: Floats, cov: Floats, k: int, old: tuple[float, float], new: NormalPrior
) -> tuple[Floats, Floats, Floats]:
    """(N, P) means, (N, P, P) covariances and (N,) log C after the normal prior of coefficient k was exchanged."""
    precision = 1 / new.sd**2 - 1 / old[1] ** 2
    pull = new.mean / new.sd**2 - old[0] / old[1] ** 2
    m, v = mean[:, k], cov[:, k, k]
    grown = 1 + precision * v
    gain = cov[:, :, k] / grown[:, None]
    moved = mean + gain * (pull - precision * m)[:, None]
    shrunk = cov - precision * gain[:, :, None] * cov[:, None, :, k]
    constant = np.log(old[1] / new.sd) - 0.5 * (new.mean**2 / new.sd**2 - old[0] ** 2 / old[1] ** 2)
    # int N(b; m, v) exp(-precision b^2 / 2 + pull b) db
    log_c = constant - 0.5 * np.log(grown) + 0.5 * (2 * pull * m + pull**2 * v - precision * np.square(m)) / grown
    return moved, shrunk, log_c
