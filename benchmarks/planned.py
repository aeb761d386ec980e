"""Planned trials: how often is a drug that does nothing called, an effect found, a plan refused that could answer?

    python -m benchmarks.planned [--n 300] [--first 0] [--workers 2]

A year of a planned design (`benchmarks/lives.py`, worlds S0, S1 and S2 in turn), written down as asked for, without an
effect and with one of 0.8 within-person sd once settled; judged as somebody does who looks once, at the end, and as
somebody does who looked often. Writes the section `planned` of docs/calibration.md.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.metadata import version

import numpy as np

from benchmarks.lives import Cell, diary, question
from benchmarks.looks import CALLED, EFFECT, Look, at_look
from benchmarks.validate import keep, share
from nightdose.question.kind import Scale

WORLDS = ("S0", "S1", "S2")
ROWS: tuple[tuple[Scale, str, float], ...] = (  # outcome, design, diaries as a part of n
    ("continuous", "blocks28", 1.0), ("rating", "blocks28", 0.5), ("binary", "blocks28", 1 / 3),
    ("ordinal", "blocks28", 1 / 3), ("count", "blocks28", 0.2), ("continuous", "blocks14", 0.5),
    ("continuous", "blocks7", 0.5), ("continuous", "days", 0.5), ("continuous", "alternating28", 0.5),
    ("continuous", "alternating14", 0.5),
)  # fmt: skip
HEAD = (
    "| outcome | design | n | null, one look: called, % | null, looked often: called, % | effect 0.8, one look: "
    "`helps`, % | looked often: `helps`, % | cannot be known, % (both) |",
    "|---|---|---|---|---|---|---|---|",
)
Run = Callable[..., Iterable[Look]]


def judged(seed: int, scale: Scale, design: str, effect: float) -> Look:
    """The verdict at the end of one diary's year."""
    cell = Cell(scale, design, WORLDS[seed % len(WORLDS)], effect)
    return at_look(diary(seed, cell), question(cell))


def row(scale: Scale, design: str, seeds: Sequence[int], run: Run) -> str:
    """One line of the table."""
    null, real = (list(run(partial(judged, scale=scale, design=design, effect=e), seeds)) for e in (0.0, EFFECT))
    n = len(seeds)
    counts = (
        sum(look.once in CALLED for look in null),
        sum(look.answer in CALLED for look in null),
        sum(look.once == "helps" for look in real),
        sum(look.answer == "helps" for look in real),
    )
    refused = share(sum(look.answer == "cannot_be_known" for look in (*null, *real)), 2 * n)
    return f"| {scale} | {design} | {n} | {' | '.join(share(k, n) for k in counts)} | {refused} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=300)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    started = time.time()
    lines = [f"### Planned trials of a year, worlds {', '.join(WORLDS)} in turn, seeds {arguments.first} on", "", *HEAD]
    with ProcessPoolExecutor(arguments.workers) as pool:
        for scale, design, part in ROWS:
            seeds = range(arguments.first, arguments.first + round(part * arguments.n))
            lines.append(row(scale, design, seeds, partial(pool.map, chunksize=4)))
            print(lines[-1], flush=True)
            made = f"nightdose {version('nightdose')}, NumPy {np.__version__}; {time.time() - started:.0f} s."
            keep("planned", [*lines, "", made, ""])


if __name__ == "__main__":
    main()
