"""Looking every week for a year: how often is a drug that does nothing ever called, and what does the bar cost?

    python -m benchmarks.looks [--n 100] [--first 0] [--rows 19] [--workers 2] [--keep FOLDER]
    python -m benchmarks.looks --again days/S1 blocks28/jump --n 120 --first 11000

Every diary is analysed every seven days from day 56 on, cut to the days there were, by the rule that holds at that look
(`question/looks.py`). Beside it, from the same fits: what the rule of a single look would have said each time. Writes
the section `looks` of docs/calibration.md, row by row. --keep : what was found at every look, a file a row. --again :
only these continuous rows, n diaries each, in a section of their own: where a row of the table is near the promise.
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
Row = tuple[Scale, str, str, float]  # outcome, design, world, how many diaries as a part of n
ROWS: tuple[Row, ...] = (
    ("continuous", "blocks28", "S1", 1.0), ("continuous", "switch", "S1", 1.0),
    ("continuous", "blocks28", "drift", 0.4), ("continuous", "switch", "practice", 0.4),
    ("continuous", "blocks14", "S1", 0.4), ("continuous", "days", "S1", 0.4),
    ("continuous", "alternating28", "S1", 0.4), ("continuous", "blocks14", "cycle", 0.4),
    ("continuous", "blocks28", "jump", 0.4), ("continuous", "switch", "jump", 0.4),
    ("continuous", "switch", "drift", 0.4), ("continuous", "blocks7", "drift", 0.4),
    ("continuous", "titration", "S1", 0.3), ("continuous", "blocks28", "S2", 0.3),
    ("rating", "blocks28", "S1", 0.3), ("binary", "blocks28", "S1", 0.3), ("rating", "switch", "S1", 0.2),
    ("ordinal", "blocks28", "S1", 0.2), ("count", "blocks28", "S1", 0.2),
)  # fmt: skip
WITH_EFFECT = ("blocks28",)  # designs of which power is counted, continuous, world S1
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
HEAD = (
    "| outcome | design | world | n | null: ever called in 52 weeks, % | of that `harms`, % | ever in 26 weeks, % "
    "| at the year's end, % | *at 98 % each time: ever, %* | effect 0.8: `helps` at the end, % | ever, % | "
    "*at 98 %: at the end, %* |",
    "|---|---|---|---|---|---|---|---|---|---|---|---|",
)


@dataclass(frozen=True)
class Results:
    """Where what was found at every look is kept, so that a stopped table goes on; None = nowhere.

    first : the first seed; n : diaries of a whole row.
    """

    folder: Path | None
    first: int
    n: int

    def of(self, cell: Cell, part: float, run: Run) -> list[list[Look]]:
        """Every look at every diary of a cell, read where it was kept, else made."""
        m = max(12, round(part * self.n))
        name = f"{cell.scale}-{cell.design}-{cell.world}-{cell.effect:g}-{self.first}-{m}.pickle"
        path = self.folder / name if self.folder is not None else None
        if path is not None and path.is_file():
            return pickle.loads(path.read_bytes())  # written by the line below
        found = list(run(partial(looked, cell=cell), range(self.first, self.first + m)))
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(pickle.dumps(found))
        return found


def row(asked: Row, results: Results, run: Run) -> str:
    """One line of the table."""
    scale, design, world, part = asked
    null = results.of(Cell(scale, design, world), part, run)
    m, power = len(null), "| | | "
    if scale == "continuous" and world == "S1" and design in WITH_EFFECT:
        real = results.of(Cell(scale, design, world, EFFECT), part / 2, run)
        power = (
            f"| {share(sum(r[-1].answer == 'helps' for r in real), len(real))} | "
            f"{share(sum(ever(r, ('helps',)) for r in real), len(real))} | "
            f"{share(sum(r[-1].once == 'helps' for r in real), len(real))} "
        )
    return (
        f"| {scale} | {design} | {world} | {m} | {share(sum(ever(r) for r in null), m)} | "
        f"{share(sum(ever(r, ('harms',)) for r in null), m)} | {share(sum(ever(r[:HALF]) for r in null), m)} | "
        f"{share(sum(r[-1].answer in CALLED for r in null), m)} | "
        f"{share(sum(ever(r, rule='once') for r in null), m)} "
        f"{power}|"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=100)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--rows", type=int, default=len(ROWS), help="only so many rows, the weightiest first")
    parser.add_argument("--again", nargs="+", metavar="DESIGN/WORLD", help="only these rows, in their own section")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--keep", type=Path, help="a folder for what was found at every look; what is there is not made"
    )
    arguments = parser.parse_args()
    results = Results(arguments.keep, arguments.first, arguments.n)
    rows, section = ROWS[: arguments.rows], "looks"
    title = f"every week of a year, the whole verdict each time; seeds from {arguments.first}"
    lines = [f"### Looks: {title}, power from half as many diaries", "", *HEAD]
    if arguments.again:
        chosen = (name.split("/") for name in arguments.again)
        rows, section = tuple(("continuous", design, world, 1.0) for design, world in chosen), "looks-again"
        lines[0] = f"### Looks again, where the table above was near the promise: {title}"
    started = time.time()
    with ProcessPoolExecutor(arguments.workers) as pool:
        for asked in rows:
            lines.append(row(asked, results, partial(pool.map, chunksize=2)))
            print(lines[-1], flush=True)
            made = f"nightdose {version('nightdose')}, NumPy {np.__version__}; {time.time() - started:.0f} s."
            keep(section, [*lines, "", made, ""])


if __name__ == "__main__":
    main()
