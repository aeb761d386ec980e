"""A rhythm of the body against blocks: how often is a drug that does nothing called, by block length and period?

    python -m benchmarks.rhythms [--n 100] [--first 0] [--workers 2]

A year of blocks, drawn in pairs or alternating by plan, with a sine of amplitude 0.6 or 1.2 within-person sd, period 20
to 40 days or a whole number of blocks, random phase. Writes the section `rhythms` of docs/calibration.md.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.metadata import version

import numpy as np

from benchmarks.lives import Cell, cycle, diary, question
from benchmarks.validate import keep, share
from nightdose.analyse import analyse

LENGTHS = (7, 14, 21, 28)
RHYTHMS = {"20-40 days": (20.0, 40.0), "28 days": (28.0, 28.0), "twice the block": None}
AMPLITUDES = (0.6, 1.2)
WITHIN_SD = 1.06  # of spells and noise


def answered(seed: int, design: str, length: int, rhythm: str, amplitude: float) -> str:
    """The answer at the year's end, `low` before it where that is all it can count."""
    low, high = RHYTHMS[rhythm] or (2.0 * length, 2.0 * length)
    cell = Cell("continuous", f"{design}{length}", "cycle")
    there = diary(seed, cell, world=cycle(low, high, amplitude * WITHIN_SD))
    verdict = analyse(there, question(cell), curves=False).verdict
    return f"low {verdict.answer}" if verdict.ceiling == "low" else verdict.answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=100)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    n, begin, started = arguments.n, arguments.first, time.time()
    lines = [
        f"### Rhythms against block lengths: a year of blocks, continuous, n = {n} diaries a cell, seeds {begin} on",
        "",
        "Called `helps` or `harms` at the year's end, % / cannot be known, %; no effect.",
        "",
        "| order | rhythm | amplitude, sd | " + " | ".join(f"{length} days" for length in LENGTHS) + " |",
        "|---|---|---|" + "---|" * len(LENGTHS),
    ]
    with ProcessPoolExecutor(arguments.workers) as pool:
        for design in ("blocks", "alternating"):
            for rhythm in RHYTHMS:
                for amplitude in AMPLITUDES:
                    cells = []
                    for length in LENGTHS:
                        one = partial(answered, design=design, length=length, rhythm=rhythm, amplitude=amplitude)
                        found = Counter(pool.map(one, range(begin, begin + n), chunksize=4))
                        called = sum(found[word] for word in found if word.endswith(("helps", "harms")))
                        cells.append(f"{share(called, n)} / {100 * found['cannot_be_known'] / n:.0f}")
                    words = "drawn in pairs" if design == "blocks" else "alternating, planned"
                    lines.append(f"| {words} | {rhythm} | {amplitude:g} | {' | '.join(cells)} |")
                    print(lines[-1], flush=True)
    made = f"nightdose {version('nightdose')}, NumPy {np.__version__}; {time.time() - started:.0f} s."
    keep("rhythms", [*lines, "", made, ""])


if __name__ == "__main__":
    main()
