"""Power against false alarms: does another prior of effect or drift find more, once false alarms are the same?

    python -m benchmarks.frontier [--n 150] [--first 1000] [--workers 2]

Randomised blocks of 28 days over a year, weekly looks (`benchmarks/lives.py`, worlds S0, S1 and drift), the effect 0.8
within-person sd once settled; untreated people's real ratings with an invented start. For each prior: what the rule of
a single look and the rule of many looks say; and the power that is left when the bar is moved until 4.5 % of null
diaries are ever called. Writes the section `frontier` of docs/calibration.md.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.metadata import version

import numpy as np

from benchmarks.lives import Cell, diary, question
from benchmarks.looks import LOOKS, first
from benchmarks.validate import UNTREATED, keep, share, started
from nightdose.diary.records import Diary
from nightdose.diary.table.table import read_cohort
from nightdose.fit.case import Case, open_case
from nightdose.fit.fitted import Fitted, Part
from nightdose.fit.fitting import EFFECT_SD, fit_case
from nightdose.fit.health import health_checks
from nightdose.fit.other_priors import under_other_priors
from nightdose.inference.normal import normal_quantile
from nightdose.inference.reprior import NormalPrior, PriorChange
from nightdose.question.looks import OFTEN, ONCE, UNCOUNTED, balanced_days, bar
from nightdose.question.question import Question

# factors on the prior sd of the effect and on the scale of the drift; the first is the one in use
PRIORS = ((1.0, 1.0), (2.0, 1.0), (1.0, 0.4), (2.0, 0.4), (2.0, 0.2), (0.5, 1.0))
WORLDS = ("S0", "S1", "drift")
STARTS = ("worst", "blocks")
ASKED = 0.045  # share of null diaries ever called to which the bar is moved
EFFECT = 0.8

# at each look and prior: z of better, 1 where the size is likely enough, z that the rule asks
Found = np.ndarray


def probabilities(case: Case, fitted: Fitted) -> list[tuple[float, float]]:
    """(P(better), P(settled >= meaningful)) under each prior."""
    out = []
    for effect, drift in PRIORS:
        found: Fitted | None = fitted
        if (effect, drift) != (1.0, 1.0):

            def change(part: Part, effect: float = effect, drift: float = drift) -> PriorChange:
                sd = effect * EFFECT_SD * fitted.observation.effect_sd
                return PriorChange(drift, coefficients=tuple(NormalPrior(name, 0.0, sd) for name in part.form.names))

            found = under_other_priors(case, fitted, change)
        assert found is not None
        out.append((found.estimate.better, found.settled.meaningfully_better))
    return out


def at(there: Diary, asked: Question) -> list[tuple[float, float, float]]:
    """(P(better), P(size), z asked) under each prior at one look; (0.5, 0, inf) where nothing can be said."""
    case = open_case(there, asked)
    nothing = [(0.5, 0.0, np.inf)] * len(PRIORS)
    if not (case.can_be_fitted and case.can_answer):
        return nothing
    fitted = fit_case(case, case.outcome)
    if fitted is None or not all(check.ok for check in health_checks(fitted)):
        return nothing
    asks = bar(UNCOUNTED, balanced_days(case.design.days_on, case.design.days_off))
    return [(better, size, asks) for better, size in probabilities(case, fitted)]


def followed(seed: int, cell: Cell) -> list[list[tuple[float, float, float]]]:
    """Every look at one diary."""
    whole, asked = diary(seed, cell), question(cell)
    return [at(first(whole, days), asked) for days in LOOKS]


def of_person(person: Diary) -> list[list[tuple[float, float, float]]]:
    """One look at every rating of an untreated person: started after its worst week, and in drawn blocks."""
    return [at(dosed, asked) for start in STARTS for dosed, asked in started(person, start)]


def excess(found: Found, asked: np.ndarray | float) -> np.ndarray:
    """(diaries, looks) z over what is asked, as a ratio: from 1 on it is called. found : (diaries, looks, 3)."""
    z = normal_quantile(np.clip(np.ascontiguousarray(found[..., 0]), 1e-12, 1 - 1e-12))
    return np.maximum(np.where(found[..., 1] >= 0.5, z, -np.inf), -z) / asked


def helped(found: Found, asked: np.ndarray | float) -> np.ndarray:
    """The same for `helps` alone."""
    z = normal_quantile(np.clip(np.ascontiguousarray(found[..., 0]), 1e-12, 1 - 1e-12))
    return np.where(found[..., 1] >= 0.5, z, -np.inf) / asked


def row(k: int, nulls: Sequence[Found], real: Found, people: Found) -> str:
    """One prior. nulls, real : (diaries, looks, priors, 3); people : (series, priors, 3)."""
    null = np.concatenate(nulls)[:, :, k]
    n, m, p = len(null), len(real), len(people)
    over, once = excess(null, null[..., 2]), excess(null, ONCE)
    told, told_once = helped(real[:, :, k], real[:, :, k, 2]), helped(real[:, :, k], ONCE)
    moved = float(np.quantile(np.max(over, axis=1), 1 - ASKED))
    fooled, fooled_once = excess(people[:, k], people[:, k, 2]), excess(people[:, k], ONCE)
    effect, drift = PRIORS[k]
    return (
        f"| {effect * EFFECT_SD:g} | {0.05 * drift:.2g} | {share(int(np.sum(once[:, -1] >= 1)), n)} | "
        f"{share(int(np.sum(np.any(once >= 1, axis=1))), n)} | {share(int(np.sum(told_once[:, -1] >= 1)), m)} | "
        f"{share(int(np.sum(np.any(over >= 1, axis=1))), n)} | {share(int(np.sum(told[:, -1] >= 1)), m)} | "
        f"{OFTEN * moved:.2f} | {share(int(np.sum(told[:, -1] >= moved)), m)} | "
        f"{share(int(np.sum(np.any(told >= moved, axis=1))), m)} | "
        f"{share(int(np.sum(fooled_once >= 1)), p)} | {share(int(np.sum(fooled >= 1)), p)} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=150)
    parser.add_argument("--first", type=int, default=1000, help="the first seed")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    n, begin, begun = arguments.n, arguments.first, time.time()
    with ProcessPoolExecutor(arguments.workers) as pool:

        def every(world: str, effect: float) -> Found:
            one = partial(followed, cell=Cell("continuous", "blocks28", world, effect))
            return np.array(list(pool.map(one, range(begin, begin + n), chunksize=2)))

        nulls, real = [every(world, 0.0) for world in WORLDS], every("S1", EFFECT)
        ratings = [at for found in pool.map(of_person, read_cohort(UNTREATED).values()) for at in found]
    people = np.array(ratings)
    lines = [
        f"### Frontier: power against false alarms for other priors, n = {n} diaries a world, seeds {begin} on",
        "",
        f"Randomised blocks of 28 days, a year, continuous, worlds {', '.join(WORLDS)} together; effect 0.8 "
        "within-person sd once settled (world S1). Untreated: real ratings, a start after the worst week, or drawn "
        "blocks of 7 days.",
        "",
        "| prior sd of the effect | drift a day | one look at 98 %: null called at the end, % | the same asked every "
        "week: ever, % | power at the end, % | rule in use: null ever called, % | power at the end, % "
        "| z at a year for 4.5 % ever | power at the end then, % | ever in the year, % "
        "| untreated, one look at 98 %, % | rule in use, % |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
        *(row(k, nulls, real, people) for k in range(len(PRIORS))),
        "",
        f"nightdose {version('nightdose')}, NumPy {np.__version__}; {time.time() - begun:.0f} s.",
        "",
    ]
    print("\n".join(lines))
    keep("frontier", lines)


if __name__ == "__main__":
    main()
