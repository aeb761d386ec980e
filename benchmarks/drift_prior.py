"""How much slow drift do untreated people's ratings have? Evidence of prior scales on 25 people's real diaries.

    python -m benchmarks.drift_prior

Prints the sum of log evidence over all series for each scale of the half-normal prior of level_sd (per day, in sd of
the outcome), and for other trend priors, relative to the ones in use. Needs ../shared/data/untreated_daily_diaries.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np

from benchmarks.validate import UNTREATED
from nightdose.diary.table.table import read_cohort
from nightdose.inference.components import HyperPrior, Series
from nightdose.inference.observation import continuous
from nightdose.inference.posterior import fit

SCALES = (0.002, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12)
TRENDS = (0.25, 0.5, 2.0)
FEWEST_DAYS = 60


def evidence(values: np.ndarray) -> list[float]:
    """Log evidence of one series under each drift scale, then under each trend prior at scale 0.05."""
    seen = ~np.isnan(values)
    days = len(values)
    o = continuous(values, seen)
    series = Series(
        family="gaussian",
        y=o.y,
        seen=seen,
        fixed=np.column_stack([np.ones(days), np.arange(days) / days - 0.5]),
        fixed_names=("intercept", "trend"),
        lagged=(),
        border_mean=np.zeros(2),
        border_sd=np.array([5.0, 1.0]),
        day_weight=seen / seen.sum(),
    )
    scaled = [replace(series, prior=HyperPrior(level_scale=scale)) for scale in SCALES]
    trended = [replace(series, border_sd=np.array([5.0, sd])) for sd in TRENDS]
    return [fit(s).log_evidence for s in (*scaled, *trended)]


def main() -> None:
    people = read_cohort(UNTREATED)
    series = [
        values
        for diary in people.values()
        for name, values in diary.columns.items()
        if name != "group" and np.sum(~np.isnan(values)) >= FEWEST_DAYS and np.nanstd(values) >= 1
    ]
    with ProcessPoolExecutor(2) as pool:
        total = np.sum(list(pool.map(evidence, series, chunksize=16)), axis=0)
    reference = total[SCALES.index(0.05)]
    print(f"{len(series)} series of at least {FEWEST_DAYS} days, {len(people)} people")
    for name, value in zip(
        (*(f"level_scale {s}" for s in SCALES), *(f"trend sd {t}" for t in TRENDS)), total, strict=True
    ):
        print(f"{name:18s} {value - reference:+8.1f}")


if __name__ == "__main__":
    main()
