"""Looking every week for a year: how often is a drug that does nothing ever called, and what does the bar cost?

    python -m benchmarks.looks [--n 120] [--workers 2] [--keep FOLDER]

Every diary is analysed every seven days from day 56 on, cut to the days there were, by the rule that holds at that look
(`question/looks.py`). Beside it, from the same fits: what the rule of a single look would have said each time. Writes
the section `looks` of docs/calibration.md. --keep : what was found at every look, a file a row.
"""

from __future__ import annotations

import argparse
import pickle
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np

from benchmarks.lives import YEAR, Cell, diary, question
from benchmarks.validate import keep, share
from nightdose.analyse import analyse
from nightdose.diary.records import Diary
from nightdose.question.kind import Scale
from nightdose.question.looks import ONE_LOOK, balanced_days
from nightdose.question.question import Question
from nightdose.verdict.decide import decide

FIRST_LOOK, EVERY = 56, 7
LOOKS = tuple(range(YEAR - (YEAR - FIRST_LOOK) // EVERY * EVERY, YEAR + 1, EVERY))
HALF = sum(day <= YEAR // 2 for day in LOOKS)  # looks of the first half-year, which is 26 weeks
SHARE: dict[Scale, float] = {"continuous": 1.0, "rating": 0.4, "ordinal": 0.3, "binary": 0.3, "count": 0.2}
ROWS = (
    *(("continuous", design, world) for design, world in (
        ("blocks28", "S0"), ("blocks28", "S1"), ("blocks28", "S2"), ("blocks28", "drift"), ("blocks28", "jump"),
        ("blocks14", "S1"), ("blocks14", "drift"), ("days", "S1"), ("alternating28", "S1"), ("switch", "S1"),
        ("switch", "S2"), ("switch", "drift"), ("switch", "practice"), ("switch", "jump"), ("titration", "S1"),
    )),
    *((scale, design, "S1") for scale in ("rating", "ordinal", "binary", "count") for design in ("blocks28", "switch")),
)  # fmt: skip
WITH_EFFECT = ("blocks28", "blocks14", "days", "switch")  # designs of which power is counted, in world S1
EFFECT = 0.8


@dataclass(frozen=True)
class Look:
    """One look: the answer by the rule of that look and by that of a single one, and what they rest on.

    better, matters : P(improvement > 0), P(settled improvement >= meaningful); balanced : days. 0.5, 0, 0 = no fit.
    """

    answer: str
    once: str
    better: float
    matters: float
    balanced: float


def looked(seed: int, cell: Cell, days: Sequence[int] = LOOKS) -> list[Look]:
    """Every look at one diary."""
    whole, asked = diary(seed, cell), question(cell)
    return [at_look(first(whole, n), asked) for n in days]


def first(whole: Diary, days: int) -> Diary:
    """The diary as it was on that day."""
    return replace(whole, columns={name: values[:days].copy() for name, values in whole.columns.items()}, days=days)


def at_look(there: Diary, asked: Question) -> Look:
    """The whole verdict at this look, and what it would be had this been the only one."""
    found = analyse(there, asked, curves=False)
    case, verdict = found.case, found.verdict
    balanced = balanced_days(case.design.days_on, case.design.days_off)
    if found.fitted is None:
        return Look(verdict.answer, verdict.answer, 0.5, 0.0, balanced)
    once = decide(replace(case, looks=ONE_LOOK), found.fitted, found.checks).answer
    e, settled = found.fitted.estimate, found.fitted.settled
    return Look(verdict.answer, once, e.better, settled.meaningfully_better, balanced)


CALLED = ("helps", "harms")


def ever(looks: Sequence[Look], words: Sequence[str] = CALLED, rule: str = "answer") -> bool:
    """Was it ever told one of these words?"""
    return any(getattr(look, rule) in words for look in looks)


Run = Callable[..., Iterable[list[Look]]]


def looks_table(n: int, run: Run, kept: Callable[[Cell, list[list[Look]]], None]) -> list[str]:
    lines = [
        f"### Looks: every week of a year, n = {n} diaries a row (continuous; rating {SHARE['rating']:g}, ordinal and "
        f"binary {SHARE['ordinal']:g}, counts {SHARE['count']:g} of that), seeds from 0",
        "",
        "| outcome | design | world | n | null: ever called in 52 weeks, % | of that `harms`, % | ever in 26 weeks, % "
        "| at the year's end, % | *at 97.5 % each time: ever, %* | effect 0.8: `helps` at the end, % | ever, % | "
        "*at 97.5 %: at the end, %* |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for scale, design, world in ROWS:
        m = max(12, round(SHARE[scale] * n))
        null = list(run(partial(looked, cell=Cell(scale, design, world)), range(m)))
        kept(Cell(scale, design, world), null)
        power = "| | | "
        if world == "S1" and design in WITH_EFFECT:
            real = list(run(partial(looked, cell=Cell(scale, design, world, EFFECT)), range(m)))
            kept(Cell(scale, design, world, EFFECT), real)
            power = (
                f"| {share(sum(r[-1].answer == 'helps' for r in real), m)} | "
                f"{share(sum(ever(r, ('helps',)) for r in real), m)} | "
                f"{share(sum(r[-1].once == 'helps' for r in real), m)} "
            )
        lines.append(
            f"| {scale} | {design} | {world} | {m} | {share(sum(ever(r) for r in null), m)} | "
            f"{share(sum(ever(r, ('harms',)) for r in null), m)} | {share(sum(ever(r[:HALF]) for r in null), m)} | "
            f"{share(sum(r[-1].answer in CALLED for r in null), m)} | "
            f"{share(sum(ever(r, rule='once') for r in null), m)} "
            f"{power}|"
        )
        print(lines[-1], flush=True)
    return [*lines, ""]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=120)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="a folder for what was found at every look")
    arguments = parser.parse_args()

    def kept(cell: Cell, found: list[list[Look]]) -> None:
        if arguments.keep is not None:
            arguments.keep.mkdir(parents=True, exist_ok=True)
            name = f"{cell.scale}-{cell.design}-{cell.world}-{cell.effect:g}.pickle"
            (arguments.keep / name).write_bytes(pickle.dumps((cell, LOOKS, found)))

    started = time.time()
    with ProcessPoolExecutor(arguments.workers) as pool:
        lines = looks_table(arguments.n, partial(pool.map, chunksize=2), kept)
    keep(
        "looks",
        [*lines, f"nightdose {version('nightdose')}, NumPy {np.__version__}; {time.time() - started:.0f} s.", ""],
    )


if __name__ == "__main__":
    main()
