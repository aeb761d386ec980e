"""How long does one answer take, for each kind of outcome, once Python and the modules are there?

    python -m benchmarks.speed [--diaries 6] [--page docs/accuracy.md]

CPU ms of one thread, median over diaries of 365 days (the bench's patients, randomised blocks). What a whole command
costs from the shell, and what other programs need: `python -m benchmarks.commands`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.growth import diary as titration_of
from benchmarks.patients.cells import EFFECT, OUTCOMES, Cell
from benchmarks.patients.files import Entry, read_set, write_set
from benchmarks.patients.nightdose import question_from
from nightdose.analyse import analyse
from nightdose.diary.records import Diary
from nightdose.diary.table.table import read_table
from nightdose.fit.case import open_case
from nightdose.fit.fitting import fit_case
from nightdose.inference.components import Series
from nightdose.inference.marginal import Kernel
from nightdose.inference.posterior import fit
from nightdose.question.question import Question

HEADING, BEGIN, END = "## Judging: speed", "<!-- speed: begin, written by `make bench` -->", "<!-- speed: end -->"
REACH_MS = {"continuous": 25, "binary": 60, "ordinal": 60, "rating": 60, "count": 150}  # whole answer
TITRATION_MS = 400


def main() -> None:
    """Measure, print, and write the section."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed")
    parser.add_argument("--diaries", type=int, default=6)
    parser.add_argument("--page", type=Path, default=Path("docs/accuracy.md"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_set(Path(folder), [Cell(kind, "blocks", "responder", EFFECT) for kind in OUTCOMES], arguments.diaries)
        entries = list(read_set(Path(folder)))
        lines = [*kinds(entries), titration(Path(folder)), *distance(entries)]
    print("\n".join(lines))
    write(arguments.page, lines)


def of(entries: Sequence[Entry], kind: str) -> list[Entry]:
    """The diaries of one kind of outcome."""
    return [entry for entry in entries if entry.truth["cell"]["outcome"] == kind]


def case(entry: Entry) -> tuple[Diary, Question]:
    """A diary and its question, read."""
    return read_table(entry.diary), question_from(json.loads(entry.question.read_text()))


def best_ms(work: Callable[[], object]) -> float:
    """CPU ms, best of three: the machine is shared, the work is always the same."""
    times = []
    for _ in range(3):
        before = time.process_time()
        work()
        times.append(1000 * (time.process_time() - before))
    return min(times)


def cpu_of(entry: Entry) -> float:
    """CPU ms of one answer."""
    diary, question = case(entry)
    return best_ms(lambda: analyse(diary, question))


def series_in(entry: Entry) -> Series:
    """The model of one diary, ready to be fitted."""
    fitted = fit_case(opened := open_case(*case(entry)), opened.outcome)
    assert fitted is not None
    return fitted.leading.posterior.series


def kinds(entries: Sequence[Entry]) -> list[str]:
    """One line for each kind of outcome."""
    lines = [
        "CPU ms of one thread, median (range). The whole answer is `nightdose.analyse(diary, question)`: the estimand, "
        "every dose, ordinary causes, missing days, the checks, and where lots were cast the re-randomisation test; "
        "without the curves of the report, which are computed when they are looked at.",
        "",
        "| outcome, 365 days | full posterior | whole answer | asked for |",
        "|---|---|---|---|",
    ]
    for kind in OUTCOMES:
        fits = [best_ms(partial(fit, series_in(entry))) for entry in of(entries, kind)]
        answers = [cpu_of(entry) for entry in of(entries, kind)]
        asked = f"{REACH_MS[kind]}" if kind in REACH_MS else "-"
        lines.append(f"| {kind} | {ranged(fits)} | {ranged(answers)} | {asked} |")
    return lines


def operations(columns: int, exposures: int) -> int:
    """Of one recorded day at one point in cpp/inference/filter.hpp, of K columns with the outcome among them.

    7 K + K (K + 1) of the columns and their products, K of what fades, 18 of the states, 3 an exposure.
    """
    return columns * (columns + 9) + 18 + 3 * exposures


def distance(entries: Sequence[Entry]) -> list[str]:
    """How far a continuous posterior is from what the processor could do at most."""
    rate, rows = matrix_rate(), []
    for entry in of(entries, "continuous"):
        series = series_in(entry)
        found, kernel = fit(series), Kernel(series)
        at = np.random.default_rng(0).standard_normal((found.evaluations, len(series.hyper_names)))
        needed = found.evaluations * int(np.sum(series.seen)) * operations(1 + len(series.names), len(series.lagged))
        inside = best_ms(partial(kernel.evaluate, at))
        rows.append((1000 * needed / rate, inside, best_ms(partial(fit, series)), cpu_of(entry)))
    least, inside, fitted, answer = np.median(rows, axis=0).tolist()
    return [
        "",
        f"How far from the machine: the arithmetic of one continuous posterior would take {least:.2f} ms at the "
        f"{rate / 1e9:.0f} billion operations a second that a large matrix product reaches on one core here. All its "
        f"points in one call of the compiled filter take {inside:.1f} ms ({inside / least:.1f}x), the posterior "
        f"{fitted:.1f} ms ({fitted / least:.0f}x), the whole answer {answer:.1f} ms ({answer / least:.0f}x).",
    ]


def matrix_rate() -> float:
    """Operations a second of a matrix product, the best of five; of one core where OPENBLAS_NUM_THREADS=1 is set."""
    a = np.random.default_rng(0).standard_normal((1000, 1000))
    return max(2e9 / (best_ms(lambda: a @ a) / 1000) for _ in range(5))


def ranged(times: Sequence[float]) -> str:
    """Median and range in words."""
    return f"{statistics.median(times):.1f} ({min(times):.1f} to {max(times):.1f})"


def titration(folder: Path) -> str:
    """A titration of half a year on a rating, with guesses: seven dose-response forms, each fitted with and without."""
    diary = read_table(Path(titration_of(folder, 168, "rating", titration=True)))
    question = Question("pain", "naltrexone", scale="rating")
    return (
        f"| rating, a titration of 168 days with guesses | - | {best_ms(lambda: analyse(diary, question)):.0f} "
        f"| {TITRATION_MS} |"
    )


def write(path: Path, lines: Sequence[str]) -> None:
    """The section between its markers; the rest of the page stays as it is."""
    body = "\n".join([BEGIN, "", *lines, "", END])
    old = path.read_text() if path.exists() else "# Accuracy\n"
    if BEGIN in old and END in old:
        path.write_text(old[: old.index(BEGIN)] + body + old[old.index(END) + len(END) :])
    else:
        path.write_text(f"{old.rstrip()}\n\n{HEADING}\n\n{body}\n")


if __name__ == "__main__":
    main()
