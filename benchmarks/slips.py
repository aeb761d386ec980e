"""A slip of the pen: one wrong figure in a year's diary. How far does the answer move?

    python -m benchmarks.slips [--n 60] [--first 0] [--workers 2]

A planned year of blocks of 28 days (`benchmarks/lives.py`, world S1, an effect of 0.8 within-person sd), judged as it
is and with one figure of it spoilt on a random recorded day. Writes the section `slips` of docs/calibration.md.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version

import numpy as np

from benchmarks.lives import Cell, diary, question
from benchmarks.validate import keep, share
from nightdose.analyse import analyse
from nightdose.diary.records import Diary
from nightdose.question.kind import Scale

EFFECT = 0.8
MOVED = 0.1  # posterior sd that an answer may move
Slip = Callable[[np.ndarray, np.ndarray, int], None]  # scores, doses, the day: spoilt in place


def _score(by: Callable[[float], float]) -> Slip:
    def slip(scores: np.ndarray, doses: np.ndarray, day: int) -> None:
        scores[day] = by(scores[day])

    return slip


def _dose(scores: np.ndarray, doses: np.ndarray, day: int) -> None:
    doses[day] = 45.0


def _dose_lost(scores: np.ndarray, doses: np.ndarray, day: int) -> None:
    doses[day] = 0.0 if doses[day] > 0 else 4.5


SLIPS: Mapping[str, Slip] = {
    "a dose of 45 instead of 4.5 or none": _dose,
    "a dose that was not taken, or was": _dose_lost,
    "a score times ten": _score(lambda value: 10 * value + 30),
    "a score times a hundred": _score(lambda value: 100 * value + 300),
    "1e300": _score(lambda value: 1e300),
    "a minus before it": _score(lambda value: -abs(value) - 1),
}
ROWS: tuple[Scale, ...] = ("continuous", "rating", "count")


@dataclass(frozen=True)
class Moved:
    """How far the mean moved, in posterior sd of the diary as it was; None = no number. changed : another answer."""

    sd: float | None
    changed: bool


def moved(seed: int, scale: Scale, slip: str) -> Moved:
    """One diary with and without the slip."""
    cell = Cell(scale, "blocks28", "S1", EFFECT)
    there, asked = diary(seed, cell), question(cell)
    columns = {name: values.copy() for name, values in there.columns.items()}
    rng = np.random.default_rng([seed, 53])
    seen = np.flatnonzero(~np.isnan(columns["pain"]))
    SLIPS[slip](columns["pain"], columns["naltrexone_mg"], int(rng.choice(seen)))
    before = analyse(there, asked, curves=False).verdict
    after = analyse(Diary(there.name, there.first_day, there.dated, columns, there.days), asked, curves=False).verdict
    if before.estimate is None or after.estimate is None:
        return Moved(None, before.answer != after.answer)
    return Moved(abs(after.estimate.mean - before.estimate.mean) / before.estimate.sd, before.answer != after.answer)


def row(scale: Scale, slip: str, seeds: range, run: Callable[..., Iterable[Moved]]) -> str:
    """One line of the table."""
    found = list(run(partial(moved, scale=scale, slip=slip), seeds))
    far = [f.sd for f in found if f.sd is not None]
    return (
        f"| {slip} | {scale} | {len(found)} | {np.median(far):.3f} | {np.max(far):.2f} | "
        f"{share(sum(sd > MOVED for sd in far), len(found))} | {share(sum(f.changed for f in found), len(found))} | "
        f"{len(found) - len(far)} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=60)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    started, first, n = time.time(), arguments.first, arguments.n
    lines = [
        f"### Slips of the pen: one wrong figure in a year, seeds {first} on",
        "",
        f"| slip | outcome | n | mean moves by, posterior sd: median | largest | by more than {MOVED}, % "
        "| another answer, % | no number |",
        "|---|---|---|---|---|---|---|---|",
    ]
    with ProcessPoolExecutor(arguments.workers) as pool:
        for scale in ROWS:
            for slip in SLIPS:
                m = n if scale == "continuous" else max(4, n // 5)
                lines.append(row(scale, slip, range(first, first + m), partial(pool.map, chunksize=2)))
                print(lines[-1], flush=True)
    made = f"nightdose {version('nightdose')}, NumPy {np.__version__}; {time.time() - started:.0f} s."
    keep("slips", [*lines, "", made, ""])


if __name__ == "__main__":
    main()
