"""How long does one answer take, for each kind of outcome, and from a cold shell; beside the rivals on the same diary.

    python -m benchmarks.speed [--diaries 9] [--page docs/accuracy.md]

CPU seconds of one thread, median over diaries of 365 days (the bench's patients, randomised blocks). A rival's time is
that of its fit alone, after imports and compilation, and counts what it computes: a point estimate or posterior draws.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.patients.cells import EFFECT, OUTCOMES, Cell
from benchmarks.patients.files import Entry, read_set, write_set
from benchmarks.patients.tools import TOOLS, ask
from nightdose.analyse import analyse
from nightdose.diary.records import Diary
from nightdose.diary.table.table import read_table
from nightdose.fit.case import open_case
from nightdose.fit.fitting import fit_case
from nightdose.inference.components import Series
from nightdose.inference.posterior import fit
from nightdose.question.question import Question

HEADING, BEGIN, END = "## Judging: speed", "<!-- speed: begin, written by `make bench` -->", "<!-- speed: end -->"
REACH_MS = {"continuous": 25, "binary": 60, "ordinal": 60, "rating": 60, "count": 150}  # whole answer
RIVALS = ("ar1", "structural", "causalimpact", "stan", "numpyro")
BATCH = 60


def main() -> None:
    """Measure, print, and write the section."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed")
    parser.add_argument("--diaries", type=int, default=9)
    parser.add_argument("--rivals", nargs="*", default=list(RIVALS), choices=RIVALS)
    parser.add_argument("--page", type=Path, default=Path("docs/accuracy.md"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_set(Path(folder), [Cell(kind, "blocks", "responder", EFFECT) for kind in OUTCOMES], arguments.diaries)
        write_set(Path(folder), [Cell("continuous", "switch", "responder", EFFECT)], 3)
        entries = list(read_set(Path(folder)))
        lines = [*kinds(entries), *cold(entries), *batch(entries), *rivals(entries, arguments.rivals)]
    print("\n".join(lines))
    write(arguments.page, lines)


def of(entries: Sequence[Entry], kind: str, design: str = "blocks") -> list[Entry]:
    """The diaries of one kind of outcome."""
    return [e for e in entries if e.truth["cell"]["outcome"] == kind and e.truth["cell"]["design"] == design]


def case(entry: Entry) -> tuple[Diary, Question]:
    """A diary and its question, read."""
    import json

    from benchmarks.patients.nightdose import question_from

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


def ranged(times: Sequence[float]) -> str:
    """Median and range in words."""
    return f"{statistics.median(times):.1f} ({min(times):.1f} to {max(times):.1f})"


def cold(entries: Sequence[Entry]) -> list[str]:
    """`nightdose analyse` from the shell, five times."""
    entry = of(entries, "continuous")[0]
    command = [
        str(Path(sys.executable).parent / "nightdose"), "analyse", str(entry.diary), "--outcome", "pain",
        "--treatment", "naltrexone", "--scale", "continuous", "--randomised", "blocks", "--blinded", "--json",
    ]  # fmt: skip
    cpu, wall = [], []
    for _ in range(5):
        used, began = children_s(), time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        cpu.append(children_s() - used)
        wall.append(time.perf_counter() - began)
    return [
        "",
        f"From a cold shell, `nightdose analyse DIARY --json`: {min(cpu):.2f} CPU s, {min(wall):.2f} s on the clock "
        f"(best of 5; median {statistics.median(cpu):.2f} and {statistics.median(wall):.2f}); 1 s is asked for.",
    ]


def children_s() -> float:
    """CPU seconds of finished child processes."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def batch(entries: Sequence[Entry]) -> list[str]:
    """Continuous fits and answers a second with two processes."""
    chosen = of(entries, "continuous")
    paths, series = [entry.diary for entry in chosen], [series_in(entry) for entry in chosen]
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(answered, paths))  # imports
        answers, answers_cpu = a_second(pool, answered, (paths * BATCH)[:BATCH])
        fits, fits_cpu = a_second(pool, fitted, (series * BATCH)[: 5 * BATCH])
    return [
        "",
        f"Two processes, continuous: {fits:.0f} full posteriors a second on a shared machine's clock, {fits_cpu:.0f} "
        f"by CPU time of two cores (100 are asked for); whole answers with reading the file {answers:.0f} and "
        f"{answers_cpu:.0f}.",
    ]


def a_second(pool: Executor, work: Callable[[Any], float], given: Sequence[Any]) -> tuple[float, float]:
    """Pieces of work a second on the clock, and by the CPU time of two cores."""
    began = time.perf_counter()
    cpu = sum(pool.map(work, given, chunksize=4))
    return len(given) / (time.perf_counter() - began), 2 * len(given) / cpu


def fitted(series: Series) -> float:
    """CPU seconds of one full posterior."""
    before = time.process_time()
    fit(series)
    return time.process_time() - before


def answered(path: Path) -> float:
    """CPU seconds of reading and answering one file."""
    from benchmarks.patients.nightdose import answer

    before = time.process_time()
    answer(path)
    return time.process_time() - before


def rivals(entries: Sequence[Entry], chosen: Sequence[str]) -> list[str]:
    """Each rival that is installed, on the same continuous diaries."""
    lines = [
        "",
        "| on the same diaries | CPU ms a fit | x nightdose's whole answer | first answer, CPU s | gives |",
        "|---|---|---|---|---|",
    ]
    for name in chosen:
        tool = TOOLS[name]
        if tool.missing:
            lines.append(f"| {tool.title} | not run: {tool.missing} | - | - | - |")
            continue
        given = of(entries, "continuous", "switch" if tool.designs and "switch" in tool.designs else "blocks")[:3]
        used = children_s()
        answers = list(ask(tool.command, given))
        total = children_s() - used
        times = [1000 * a["cpu_s"] for a in answers if "cpu_s" in a and not a.get("error")]
        if not times:
            lines.append(f"| {tool.title} | failed | - | - | - |")
            continue
        theirs, ours = statistics.median(times), statistics.median(cpu_of(entry) for entry in given)
        first = total - sum(times[1:]) / 1000
        ess = [a["ess"] for a in answers if a.get("ess")]
        gives = f"draws worth {statistics.median(ess):.0f}" if ess else "estimate and interval"
        lines.append(f"| {tool.title} | {theirs:,.0f} | {theirs / ours:,.0f} | {first:.1f} | {gives} |")
    return lines


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
