"""What does it change that ordinary causes compete with the medicine? False verdicts and power, with and without.

    python -m benchmarks.causes [--n 100] [--first 0] [--workers 2] [--rows FILE]

Years of one person (`benchmarks/lives.py`) in which something ordinary happens, for every design, with no effect and
with one of 0.8 within-person sd; the same diary is judged as if nothing but the medicine could have changed anything,
and with causes that compete, both read only once. Writes the section `causes` of docs/calibration.md after
every row; with --rows a stopped run goes on behind the rows of that file.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np

from benchmarks.lives import WORLDS, Cell, World, cycle, diary, question
from benchmarks.validate import keep
from nightdose.fit.case import open_case
from nightdose.fit.fitting import fit_case
from nightdose.question.looks import ONE_LOOK
from nightdose.question.question import Scale
from nightdose.verdict.rule import answer_of

# design -> share of --n: a titration is fitted under five dose-response forms, a rating costs ten times as much
DESIGNS: Mapping[Scale, Mapping[str, float]] = {
    "continuous": {"blocks28": 1.0, "blocks14": 1.0, "blocks7": 1.0, "switch": 1.0, "titration": 0.2},
    "rating": {"blocks28": 0.3, "switch": 0.3},
}
EFFECT = 0.8  # within-person sd
AMONG_DRIFT = WORLDS["S1"]


def ordinary(name: str) -> World:
    """What happens besides the slow drift and the trend of world S1."""

    def world(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
        return AMONG_DRIFT(rng, t) + HAPPENINGS[name](rng, t)

    return world


HAPPENINGS: Mapping[str, World] = {
    "nothing": lambda rng, t: np.zeros(len(t)),
    "weekend 0.6": lambda rng, t: 0.6 * ((t + rng.integers(7)) % 7 < 2),
    "cycle 0.4": cycle(24, 35, 0.4),
    "cycle 0.8": cycle(24, 35, 0.8),
    "jump 1.0": lambda rng, t: rng.choice([-1.0, 1.0]) * (t >= rng.integers(30, len(t) - 30)),
    "practice 1.5": lambda rng, t: 1.5 * np.exp(-t / rng.uniform(5, 20)),
    "season 0.5": lambda rng, t: 0.5 * np.cos(2 * np.pi * (t / 365.25 + rng.random())),
}
FAMILY = {"weekend": "weekday"}  # the family that a happening belongs to, where it has another name


def judged(seed: int, cell: Cell, happening: str) -> tuple[str, str, bool, bool]:
    """The answers without and with causes; did the right cause get columns, was it said to explain as well?"""
    case = open_case(diary(seed, cell, world=ordinary(happening)), question(cell), ONE_LOOK)
    if not case.can_be_fitted:
        return "cannot_be_known", "cannot_be_known", False, False
    answers, named = [], (False, False)
    for causes in (False, True):
        fitted = fit_case(case, case.outcome, causes=causes)
        assert fitted is not None, "these diaries vary"
        answers.append(answer_of(fitted.estimate, fitted.settled, fitted.small_by_data, case.sure))
        kind = happening.split()[0]
        for cause in fitted.causes:
            if cause.family == FAMILY.get(kind, kind):
                named = cause.adopted, cause.as_well
    return answers[0], answers[1], *named


def percent(found: Sequence[bool]) -> str:
    return f"{100 * np.mean(found):.1f}"


def row(seeds: range, pool: ProcessPoolExecutor, cell: Cell, happening: str) -> str:
    """One line of the table: without an effect, then with one."""
    cells = []
    for effect in (0.0, EFFECT):
        there = Cell(cell.scale, cell.design, cell.world, effect)
        found = list(pool.map(partial(judged, cell=there, happening=happening), seeds, chunksize=4))
        wanted = ("helps",) if effect else ("helps", "harms")
        cells += [percent([answers[k] in wanted for answers in found]) for k in (0, 1)]
        if not effect:
            cells += [percent([answers[k] for answers in found]) for k in (2, 3)]
    return f"{title(cell, happening)} {len(seeds)} | {' | '.join(cells)} |"


def title(cell: Cell, happening: str) -> str:
    """How a row begins."""
    return f"| {cell.scale} | {cell.design} | {happening} |"


def written(rows: Sequence[str], first: int, seconds: float) -> None:
    """The section of the page with the rows so far."""
    lines = [
        f"### Ordinary causes compete: a year, n diaries a row, seeds from {first}",
        "",
        "Read once (98 % asked of what was planned, 98.7 of what was not). *Called*: `helps` or `harms` without an "
        "effect, %, without and with causes competing; how often the right cause got columns of its own, and how often "
        "it was said to explain the change as well; "
        f"*found*: `helps` where the settled effect is {EFFECT} within-person sd, %, without and with. One Monte Carlo "
        "standard error is 2 to 5 points for 100 diaries, twice that for 30.",
        "",
        "| scale | design | what happens | n | called, without | called, with | cause in the model | "
        "explains as well | found, without | found, with |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *rows,
    ]
    made = f"nightdose {version('nightdose')}, NumPy {np.__version__}; {seconds:.0f} s."
    keep("causes", [*lines, "", made, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=100)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rows", type=Path, help="rows that are done already; new ones are added")
    arguments = parser.parse_args()
    started, kept, first = time.time(), arguments.rows, arguments.first
    rows = kept.read_text(encoding="utf-8").splitlines() if kept and kept.is_file() else []
    with ProcessPoolExecutor(arguments.workers) as pool:
        for scale, designs in DESIGNS.items():
            for design, part in designs.items():
                for happening in HAPPENINGS:
                    cell = Cell(scale, design, "S1")
                    if any(done.startswith(title(cell, happening)) for done in rows):
                        continue
                    seeds = range(first, first + round(part * arguments.n))
                    rows.append(row(seeds, pool, cell, happening))
                    written(rows, first, time.time() - started)
                    if kept:
                        kept.write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
