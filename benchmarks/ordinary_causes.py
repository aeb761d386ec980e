"""How often and how large are ordinary causes in people who took nothing? The priors of `ordinary_causes.toml`.

    python -m benchmarks.ordinary_causes [--workers 2]

25 untreated people, 33 daily ratings each. Each series is fitted without any medicine; every family of causes is judged
beside it at several sizes (sd of its coefficients, in sd of the outcome). For each family and size: the share of series
that have it, by maximum likelihood, and how much better that explains all series than no such cause does. Writes the
section `ordinary-causes` of docs/calibration.md.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version

import numpy as np

from benchmarks.validate import UNTREATED, keep
from nightdose.arrays import Floats
from nightdose.diary.table.table import read_cohort
from nightdose.fit import ordinary
from nightdose.inference.causes import Screen, log_mean
from nightdose.inference.components import Series
from nightdose.inference.observation import continuous
from nightdose.inference.posterior import fit

SIZES = (0.1, 0.2, 0.3, 0.5, 0.8, 1.2)
FEWEST, LEAST_SD = 60, 1.0  # days with a value; sd of a rating that moves at all
FAMILIES = ("weekday", "cycle", "jump", "practice")  # 60 to 90 days say nothing of a season


def gains(values: Floats) -> Mapping[tuple[str, float], float]:
    """(family, size) -> log Bayes factor of the family, averaged over its members, against the fit without."""
    seen, days = ~np.isnan(values), len(values)
    observation = continuous(values, seen)
    posterior = fit(
        Series(
            family="gaussian",
            y=observation.y,
            seen=seen,
            fixed=np.column_stack([np.ones(days), np.arange(days) / days - 0.5]),
            fixed_names=("intercept", "trend"),
            lagged=(),
            border_mean=np.zeros(2),
            border_sd=np.array([5.0, 1.0]),
            day_weight=seen / np.sum(seen),
            rounding_var=observation.rounding_var,
        )
    )
    found = {}
    for size in SIZES:
        candidates = (
            ordinary.weekday(days, 0, size),
            *ordinary.cycles(days, size),
            *ordinary.practice(days, size),
        )
        screen = Screen(posterior, candidates, ordinary.jumps(days, size), ())
        each = log_mean(screen.log_ratio) + np.log(screen.shares)
        for family in FAMILIES:
            found[family, size] = float(np.logaddexp.reduce(each[np.array(screen.families) == family]))
    return found


def likeliest_share(log_factors: Floats) -> tuple[float, float]:
    """The share that makes all series likeliest, by expectation maximisation, and its log gain over a share of 0."""
    factors = np.exp(np.minimum(log_factors, 600.0))
    share = 0.1
    for _ in range(500):
        share = float(np.mean(share * factors / (1 - share + share * factors)))
    return share, float(np.sum(np.log(1 - share + share * factors)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    workers, started = parser.parse_args().workers, time.time()
    people = read_cohort(UNTREATED)
    series = [
        values
        for diary in people.values()
        for name, values in diary.columns.items()
        if name != "group" and np.sum(~np.isnan(values)) >= FEWEST and np.nanstd(values) >= LEAST_SD
    ]
    with ProcessPoolExecutor(workers) as pool:
        found = list(pool.map(gains, series, chunksize=16))
    lines = [
        f"### Ordinary causes in {len(people)} untreated people, {len(series)} series",
        "",
        "Share of series that have the cause at this size, and in brackets the log likelihood that it gains over none.",
        "",
        "| cause | " + " | ".join(f"size {size}" for size in SIZES) + " |",
        "|---|" + "---|" * len(SIZES),
    ]
    for family in FAMILIES:
        cells = (likeliest_share(np.array([f[family, size] for f in found])) for size in SIZES)
        lines.append(f"| {family} | " + " | ".join(f"{share:.2f} ({gain:.0f})" for share, gain in cells) + " |")
        print(lines[-1], flush=True)
    note = "Ratings of one person move together, so that the gains are of far fewer than so many independent series."
    made = f"nightdose {version('nightdose')}, NumPy {np.__version__}; {time.time() - started:.0f} s."
    keep("ordinary-causes", [*lines, "", note, "", made, ""])


if __name__ == "__main__":
    main()
