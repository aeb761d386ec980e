"""Migraine-like diaries: attacks of some days with a severity, nothing between. Each way of asking, how often wrong?

    python -m benchmarks.attacks [--n 100] [--first 0] [--workers 2]

An attack begins with a hazard that good and bad spells move, lasts one to three days and has a severity of 4 to 9; the
medicine takes a share of the hazard away, or nothing. The truth is that of this person's own spells, from 400 courses
drawn anew. Writes the section `attacks` of docs/calibration.md.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version

import numpy as np
from tests.generators import _ar1, _first_order

from benchmarks.lives import doses
from benchmarks.validate import keep, share
from nightdose.analyse import analyse
from nightdose.diary.records import Diary
from nightdose.question.kind import Scale
from nightdose.question.looks import ONE_LOOK
from nightdose.question.question import Question

DAYS, COURSES, MISSING = 364, 400, 0.1
A_MONTH = (1.5, 6.0)  # attacks in 28 days, log-uniform
LENGTHS, LENGTH_P = np.array([1, 2, 3]), (0.4, 0.35, 0.25)
SPELL_SD = 0.5  # of the log hazard
PREVENTED = 0.5  # share of attacks that a medicine of the right-hand columns prevents once settled
WAYS: tuple[tuple[str, Scale, float], ...] = (
    ("severity as a rating", "rating", 0.5), ("attack days", "binary", 2 / 28), ("attack starts", "count", 1 / 28),
)  # fmt: skip
DESIGNS = ("blocks28", "switch", "days")


@dataclass(frozen=True)
class Course:
    """One person's year: severity (days,), doses, and the true effect on each way of asking, own sign."""

    diary: Diary
    truth: dict[Scale, float]


def course(seed: int, design: str, prevented: float) -> Course:
    """One diary; the untreated person is the same for every design and effect."""
    rng = np.random.default_rng([seed, 47])
    monthly = float(np.exp(rng.uniform(*np.log(A_MONTH))))
    log_hazard = np.log(monthly / 28) + _ar1(rng, DAYS, SPELL_SD, rng.uniform(0.8, 0.97))
    dose = doses(rng, design, log_hazard)
    exposure = _first_order(dose, float(np.exp(rng.uniform(*np.log((4.0, 25.0)))))) if design != "days" else dose
    left = np.log1p(-np.minimum(prevented * exposure, 0.99))
    severity = lived(np.random.default_rng([seed, 48]), log_hazard + left, 1)[0]
    with_it = lived(np.random.default_rng([seed, 49]), log_hazard + left, COURSES)
    without = lived(np.random.default_rng([seed, 49]), log_hazard, COURSES)
    recorded = rng.random(DAYS) >= MISSING
    used = recorded & (dose > 0)
    truth = {
        "rating": mean_of(with_it, used) - mean_of(without, used),
        "binary": mean_of(with_it > 0, used) - mean_of(without > 0, used),
        "count": mean_of(starts(with_it), used) - mean_of(starts(without), used),
    }
    columns = {"severity": np.where(recorded, severity, np.nan), "naltrexone_mg": 4.5 * dose}
    if design != "switch":
        columns["naltrexone_assigned_mg"] = 4.5 * dose
    return Course(Diary(f"attacks {seed}", 736000, True, columns, DAYS), truth)


def lived(rng: np.random.Generator, log_hazard: np.ndarray, courses: int) -> np.ndarray:
    """(courses, days) severity of each day, 0 between attacks."""
    out, left = np.zeros((courses, len(log_hazard))), np.zeros(courses, dtype=int)
    severity = np.zeros(courses)
    for day, hazard in enumerate(np.exp(log_hazard)):
        begins = (left == 0) & (rng.random(courses) < hazard)
        left = np.where(begins, rng.choice(LENGTHS, courses, p=LENGTH_P), left)
        severity = np.where(begins, rng.integers(4, 10, courses), severity)
        out[:, day] = np.where(left > 0, np.clip(severity + rng.integers(-1, 2, courses), 1, 10), 0)
        left = np.maximum(left - 1, 0)
    return out


def starts(severity: np.ndarray) -> np.ndarray:
    """(courses, days) 1 on the first day of an attack."""
    before = np.concatenate([np.zeros((len(severity), 1)), severity[:, :-1]], axis=1)
    return ((severity > 0) & (before == 0)).astype(float)


def mean_of(values: np.ndarray, used: np.ndarray) -> float:
    return float(values[:, used].mean())


@dataclass(frozen=True)
class Found:
    """What was told: the answer, whether its interval holds the truth, its distance in posterior sd; None = refused."""

    answer: str
    covers: bool
    off: float | None


def found(seed: int, way: Scale, meaningful: float, design: str, prevented: float) -> Found:
    there = course(seed, design, prevented)
    question = Question(
        "severity", "naltrexone", scale=way, meaningful=meaningful, limits=(0, 10) if way == "rating" else None,
        randomised={"switch": "none", "days": "days"}.get(design, "blocks"),
        onset="same-day" if design == "days" else None,
    )  # fmt: skip
    verdict = analyse(there.diary, question, curves=False, looks=ONE_LOOK).verdict
    e = verdict.estimate
    if e is None:
        return Found(verdict.answer, True, None)
    improvement = -there.truth[way]
    return Found(verdict.answer, e.interval95[0] <= improvement <= e.interval95[1], (e.mean - improvement) / e.sd)


Run = Callable[..., Iterable[Found]]


def row(way: tuple[str, Scale, float], design: str, n: int, first: int, run: Run) -> str:
    """One line of the table."""
    words, scale, meaningful = way
    null, real = (
        list(run(partial(found, way=scale, meaningful=meaningful, design=design, prevented=p), range(first, first + n)))
        for p in (0.0, PREVENTED)
    )
    both = [f for f in (*null, *real) if f.off is not None]
    covered = share(sum(f.covers for f in both), len(both)) if both else "-"
    off = f"{np.mean([f.off for f in both]):+.2f}" if both else "-"
    called = sum(f.answer in ("helps", "harms") for f in null)
    return (
        f"| {words} | {design} | {n} | {share(called, n)} | {share(sum(f.answer == 'helps' for f in real), n)} | "
        f"{covered} | {off} | {share(sum(f.answer == 'cannot_be_known' for f in null), n)} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=100)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    started, n, first = time.time(), arguments.n, arguments.first
    lines = [
        f"### Attacks: a year of migraine-like diaries, n = {n} a row, seeds {first} to {first + n - 1}",
        "",
        f"| asked as | design | n | null: called `helps` or `harms`, % | {100 * PREVENTED:.0f} of 100 attacks "
        "prevented: `helps`, % | 95 % interval covers, % (both) | bias, posterior sd | cannot be known, % |",
        "|---|---|---|---|---|---|---|---|",
    ]
    with ProcessPoolExecutor(arguments.workers) as pool:
        for way in WAYS:
            for design in DESIGNS:
                lines.append(row(way, design, n, first, partial(pool.map, chunksize=4)))
                print(lines[-1], flush=True)
    made = f"nightdose {version('nightdose')}, NumPy {np.__version__}; {time.time() - started:.0f} s."
    keep("attacks", [*lines, "", made, ""])


if __name__ == "__main__":
    main()
