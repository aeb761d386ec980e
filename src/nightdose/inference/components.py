"""The model of one time series, as values: what is observed, which columns drive it, and every prior.

    y_t     = eta_t + e_t,    e_t ~ N(0, noise_sd^2);  a rating sees only the interval that y_t falls in
    eta_t   = level_t + spell_t + sum_c fixed_tc b_c + sum_j x_j(t; tau_j) b_j
    level_t = level_(t-1) + N(0, level_sd^2)            slow drift
    spell_t = phi spell_(t-1) + N(0, ar_sd^2 (1 - phi^2))   good and bad spells
    x_j(t)  = x_j(t-1) + (1 - exp(-1 / tau_j)) (input_j(t) - x_j(t-1))   effect that builds and fades

The outcome is standardised by its own sd before it comes here, so that the priors mean the same for every diary.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from nightdose.arrays import Bools, Floats
from nightdose.inference.normal import normal_cdf, normal_quantile

Family = Literal["gaussian", "interval"]


@dataclass(frozen=True, slots=True)
class LaggedColumn:
    """An input whose effect builds and fades with an unknown time constant.

    values : (days,) the input before the filter; start : exposure before the first day.
    tau_median, tau_sdlog : log-normal prior of the time constant in days; tau_median 0 = no delay.
    """

    name: str
    values: Floats
    start: float
    tau_median: float
    tau_sdlog: float

    @property
    def has_unknown_tau(self) -> bool:
        return self.tau_median > 0 and self.tau_sdlog > 0


@dataclass(frozen=True, slots=True)
class HyperPrior:
    """Priors of the four variance parameters, in units of the outcome's sd (reasons: docs/inference.md).

    level_sd ~ half-normal(level_scale) a day, ar_sd ~ half-normal(ar_scale), phi ~ Beta(2, 2),
    noise_sd ~ half-normal(noise_scale).
    """

    level_scale: float = 0.05
    ar_scale: float = 1.0
    noise_scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Series:
    """One standardised time series with its model; arrays run over the daily grid.

    y     : (days,) outcome, for intervals a value inside; seen : (days,) an outcome was recorded.
    lower, upper : (days,) ends of the interval, -inf/inf at open ends; unused for `gaussian`.
    fixed : (days, F) columns without delay; lagged : J columns with one.
    border_mean, border_sd : (F + J,) normal priors of the coefficients, fixed columns first.
    day_weight : (days,) weights over which the mean exposure is reported, sum 1.
    """

    family: Family
    y: Floats
    seen: Bools
    lower: Floats
    upper: Floats
    fixed: Floats
    fixed_names: tuple[str, ...]
    lagged: tuple[LaggedColumn, ...]
    border_mean: Floats
    border_sd: Floats
    day_weight: Floats
    prior: HyperPrior = field(default_factory=HyperPrior)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the border coefficients in order."""
        return (*self.fixed_names, *(column.name for column in self.lagged))

    @property
    def hyper_names(self) -> tuple[str, ...]:
        """Names of the coordinates that are integrated numerically."""
        taus = (f"tau_{column.name}" for column in self.lagged if column.has_unknown_tau)
        return ("level_sd", "radius", "ar_phi", "angle", *taus)

    def hyper(self, z: Floats) -> tuple[Floats, Floats]:
        """Hyper-parameters at prior-normal coordinates z, (points, dim): -> (4, points) and tau (points, J).

        Every coordinate has a standard normal prior: parameter = prior quantile of Phi(z). A direction about which
        the diary says nothing is then exactly normal, which is what the importance points need. The two half-normal
        sds of spells and noise are taken in polar form (radius Rayleigh, angle uniform: the same prior), because a
        diary tells their sum well and their shares badly.
        """
        u = normal_cdf(z[:, :4])
        radius = np.sqrt(-2 * np.log(normal_cdf(-z[:, 1])))
        angle = 0.5 * np.pi * u[:, 3]
        points = np.empty((4, len(z)))
        points[0] = self.prior.level_scale * normal_quantile(0.5 + 0.5 * u[:, 0])
        points[1] = self.prior.ar_scale * radius * np.sin(angle)
        points[2] = 0.5 - np.sin(np.arcsin(1 - 2 * u[:, 2]) / 3)  # quantile of Beta(2, 2)
        points[3] = self.prior.noise_scale * radius * np.cos(angle)
        tau = np.zeros((len(z), len(self.lagged)))
        at = 4
        for j, column in enumerate(self.lagged):
            tau[:, j] = column.tau_median
            if column.has_unknown_tau:
                tau[:, j] *= np.exp(column.tau_sdlog * z[:, at])
                at += 1
        return points, tau
