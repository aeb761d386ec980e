"""Small series for the inference tests."""

from __future__ import annotations

import numpy as np

from nightdose.inference.components import NO_CUTS, Cuts, LaggedColumn, Series
from nightdose.inference.reference import Hyper

HYPER = Hyper(level_sd=0.04, ar_sd=0.7, ar_phi=0.6, noise_sd=0.8, tau=(6.0, 0.0))


def small_series(
    seed: int, days: int = 40, *, family: str = "gaussian", hyper: Hyper = HYPER, free: bool = False
) -> Series:
    """A short series with missing days, a lagged dose that starts half-way and a same-day one."""
    rng = np.random.default_rng(seed)
    doses = ((np.arange(days) > days // 2).astype(float), rng.integers(0, 2, days).astype(float))
    spell = np.zeros(days)
    for t in range(1, days):
        spell[t] = hyper.ar_phi * spell[t - 1] + hyper.ar_sd * 0.8 * rng.standard_normal()
    y = spell - 0.6 * doses[0] + hyper.noise_sd * rng.standard_normal(days)
    step = np.clip(np.round(2 * y), -3, 3)
    outcome = {"gaussian": y, "category": step + 3, "count": rng.poisson(np.exp(0.5 * y)).astype(float)}[family]
    cuts = Cuts(np.arange(-2.5, 3) / 2, free=free) if family == "category" else NO_CUTS
    return Series(
        family=family,
        y=outcome,
        seen=rng.random(days) > 0.2,
        fixed=np.column_stack([np.ones(days), np.linspace(-0.5, 0.5, days)]),
        fixed_names=("intercept", "trend"),
        lagged=(LaggedColumn("slow", doses[0], 0.3, 8.0, 0.7), LaggedColumn("fast", doses[1], 0.0, 0.0, 0.0)),
        border_mean=np.array([0.1, 0.0, -0.2, 0.3]),
        border_sd=np.array([5.0, 1.0, 1.0, 1.0]),
        day_weight=np.full(days, 1 / days),
        cuts=cuts,
    )
