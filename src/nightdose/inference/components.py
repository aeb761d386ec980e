"""The model of one time series, as values: what is observed, which columns drive it, and every prior.

    continuous   y_t = eta_t + e_t,                      e_t ~ N(0, spread_t noise_sd^2 + rounding_var)
    category     y_t = k  where  cut_(k-1) < eta_t + e_t <= cut_k     (ratings, ordinal, yes/no)
    count        y_t ~ Poisson(exp(eta_t + e_t))                      (noise = overdispersion)
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
from nightdose.inference import _inference
from nightdose.inference.normal import normal_cdf

Family = Literal["gaussian", "category", "count"]


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
    tau_like: str = ""  # name of an earlier column whose time constant this one shares

    @property
    def has_unknown_tau(self) -> bool:
        return self.tau_median > 0 and self.tau_sdlog > 0 and not self.tau_like


@dataclass(frozen=True, slots=True)
class HyperPrior:
    """Priors of the four variance parameters, in units of the outcome's latent scale (reasons: docs/inference.md).

    level_sd ~ half-normal(level_scale) a day, ar_sd ~ half-normal(ar_scale), phi ~ Beta(2, 2),
    noise_sd ~ half-normal(noise_scale); noise_fixed : the noise sd itself where the scale has to be fixed (yes/no).
    """

    level_scale: float = 0.05
    ar_scale: float = 1.0
    noise_scale: float = 1.0
    noise_fixed: float | None = None


@dataclass(frozen=True, slots=True)
class Cuts:
    """Cutpoints between categories on the latent scale.

    values : (C,) rising. free : the inner ones, all but the first and last, are unknown: uniform order statistics
    between them. The outer two fix place and scale, which intercept and noise sd then carry.
    """

    values: Floats
    free: bool = False

    @property
    def unknown(self) -> int:
        """How many cutpoints are integrated."""
        return max(len(self.values) - 2, 0) if self.free else 0

    def at(self, z: Floats) -> Floats:
        """(points, C) cutpoints at prior-normal coordinates z, (points, unknown)."""
        out = np.empty((len(z), len(self.values)))
        out[:] = self.values
        if self.unknown == 0:
            return out
        low, high, n = self.values[:1], self.values[-1:], self.unknown
        below = np.broadcast_to(low, (len(z),)).copy()
        for i in range(n):
            # the smallest of n - i uniforms above the last one: Beta(1, n - i)
            share = 1 - normal_cdf(-z[:, i]) ** (1 / (n - i))
            below = below + (high - below) * np.clip(share, 1e-9, 1 - 1e-9)
            out[:, i + 1] = below
        return out


NO_CUTS = Cuts(np.zeros(0))


@dataclass(frozen=True, slots=True)
class Series:
    """One standardised time series with its model; arrays run over the daily grid.

    y     : (days,) outcome, the number of its category from 0, or a count; seen : (days,) an outcome was recorded.
    fixed : (days, F) columns without delay; lagged : J columns with one.
    border_mean, border_sd : (F + J,) normal priors of the coefficients, fixed columns first.
    day_weight : (days,) weights over which the mean exposure is reported, sum 1.
    rounding_var : variance of writing a continuous outcome down, beside the noise. spread : (days,) factor on the noise
    variance of each day, above 1 where it lies far from all others (`outliers.py`); None = 1.
    """

    family: Family
    y: Floats
    seen: Bools
    fixed: Floats
    fixed_names: tuple[str, ...]
    lagged: tuple[LaggedColumn, ...]
    border_mean: Floats
    border_sd: Floats
    day_weight: Floats
    prior: HyperPrior = field(default_factory=HyperPrior)
    cuts: Cuts = NO_CUTS
    rounding_var: float = 0.0
    spread: Floats | None = None

    def noise_sd(self, noise_sd: Floats) -> Floats:
        """(N, days) noise sd of each day where it is (N,) on an ordinary one."""
        spread = np.ones(len(self.y)) if self.spread is None else np.sqrt(self.spread)
        return np.multiply.outer(noise_sd, spread)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the border coefficients in order."""
        return (*self.fixed_names, *(column.name for column in self.lagged))

    @property
    def hyper_names(self) -> tuple[str, ...]:
        """Names of the coordinates that are integrated numerically."""
        spread = ("radius", "ar_phi", "angle") if self.prior.noise_fixed is None else ("ar_sd", "ar_phi")
        taus = (f"tau_{column.name}" for column in self.lagged if column.has_unknown_tau)
        return ("level_sd", *spread, *taus, *(f"cut_{i + 2}" for i in range(self.cuts.unknown)))

    @property
    def bent(self) -> int:
        """The coordinate along which the posterior bends: how spells and noise share what comes and goes quickly."""
        return self.hyper_names.index("angle" if self.prior.noise_fixed is None else "ar_phi")

    def hyper(self, z: Floats) -> tuple[Floats, Floats, Floats]:
        """Hyper-parameters at prior-normal coordinates z, (points, dim).

        Returns (4, points), tau (points, J), cuts (points, C).

        Every coordinate has a standard normal prior: parameter = prior quantile of Phi(z). A direction about which
        the diary says nothing is then exactly normal, which is what the importance points need. The two half-normal
        sds of spells and noise are taken in polar form (radius Rayleigh, angle uniform: the same prior), because a
        diary tells their sum well and their shares badly. With H the quantile function of the half-normal(1):

            level_sd = level_scale H(Phi(z_0)),   phi = 1/2 - sin(asin(1 - 2 Phi(z_2)) / 3), quantile of Beta(2, 2)
            radius = sqrt(-2 log Phi(-z_1)),   angle = pi/2 Phi(z_3)
            ar_sd = ar_scale radius sin(angle),   noise_sd = noise_scale radius cos(angle)

        where the noise is unknown; where it is fixed ar_sd = ar_scale H(Phi(z_1)). Compiled (cpp/inference/points.hpp).
        """
        prior, at = self.prior, 3 if self.prior.noise_fixed is not None else 4
        points = _inference.hyper(
            np.ascontiguousarray(z),
            level_scale=prior.level_scale,
            ar_scale=prior.ar_scale,
            noise_scale=prior.noise_scale,
            noise_fixed=prior.noise_fixed,
        )
        tau = np.empty((len(z), len(self.lagged)))
        for j, column in enumerate(self.lagged):
            tau[:, j] = column.tau_median
            if column.tau_like:
                tau[:, j] = tau[:, [c.name for c in self.lagged].index(column.tau_like)]
            elif column.has_unknown_tau:
                tau[:, j] *= np.exp(column.tau_sdlog * z[:, at])
                at += 1
        return points, tau, self.cuts.at(z[:, at:])
