"""Growth with days and people, and the figures that were wanted of each command, measured from the shell."""

from __future__ import annotations

import math
import os
import random
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.judging_peers import NIGHTDOSE
from benchmarks.spent import Spent, spent

CORES = os.cpu_count() or 1
DAYS = (90, 365, 1825, 3650)
PEOPLE = (100, 1_000, 10_000, 100_000)
BLOCK, DOSE_MG, EFFECT, PHI = 28, 4.5, 0.8, 0.6
ASKED = ("--outcome", "pain", "--treatment", "naltrexone")


def diary(folder: Path, days: int, kind: str, *, titration: bool = False) -> str:
    """A simulated diary: AR(1) ups and downs, 10 % of days missing, 0.8 better on treatment; blocks or rising doses."""
    rng = random.Random(days)
    path = folder / f"{'titration' if titration else 'blocks'}-{kind}-{days}.csv"
    guessed = ",naltrexone_guess" if titration else ""
    lines, spell = [f"day,pain,naltrexone_mg{guessed}"], 0.0
    for day in range(days):
        step = day // BLOCK
        dose = min(DOSE_MG, 1.5 * step) if titration else DOSE_MG * (step % 2)
        spell = PHI * spell + rng.gauss(0, 0.8)
        score = 5 + spell + rng.gauss(0, 0.8) - EFFECT * dose / DOSE_MG
        score = min(10, max(0, round(score))) if kind == "rating" else round(score, 3)
        guess = f",{min(0.99, max(0.01, rng.gauss(0.5, 0.2))):.2f}" if titration else ""
        lines.append(f"{day + 1},{'' if rng.random() < 0.1 else score},{dose:g}{guess}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def analyse(path: str, kind: str, *more: str) -> Spent:
    """`nightdose analyse` of one diary."""
    drawn = ["--randomised", "none" if "titration" in path else "blocks"]
    return spent([NIGHTDOSE, "analyse", path, *ASKED, "--scale", kind, *drawn, *more])


def growth(folder: Path) -> list[str]:
    """Two tables."""
    lines = [
        "**Growth with the days of a diary**: `nightdose analyse FILE --outcome pain --treatment naltrexone "
        "--randomised blocks --scale KIND`, with `--json` and with `--report FILE.html`.",
        "",
        "| outcome | days | CPU s | wall s | peak MB | with report: CPU s | wall s | peak MB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for kind in ("continuous", "rating"):
        for days in DAYS:
            print(f"growth: {kind}, {days} days", flush=True)
            path = diary(folder, days, kind)
            plain = analyse(path, kind, "--json")
            report = analyse(path, kind, "--report", str(folder / "report.html"))
            lines.append(f"| {kind} | {days:,} | {plain.cells()} | {report.cells()} |")
    lines += [
        "",
        "**Growth with the people of a simulation**: `nightdose simulate ldn --people N --out people.parquet`, 28 "
        "days.",
        "",
        "| people | CPU s | wall s | peak MB | file, MB |",
        "|---|---|---|---|---|",
    ]
    for people in PEOPLE:
        print(f"growth: {people:,} people", flush=True)
        out = folder / "people.parquet"
        cost = spent([NIGHTDOSE, "simulate", "ldn", "--people", str(people), "--out", str(out)])
        lines.append(f"| {people:,} | {cost.cells()} | {out.stat().st_size / 1e6:.0f} |")
        out.unlink()
    return lines


@dataclass(frozen=True, slots=True)
class Figure:
    """One command and what was wanted of it: at most so many seconds on the clock and MB.

    cores : how many it uses; its CPU time shared among them is the clock of a machine that does nothing else.
    """

    command: str
    most_s: float
    cost: Spent
    cores: int = 1
    most_mb: float = math.inf
    words: str = ""

    def row(self) -> str:
        """A row of the page."""
        free = self.cost.cpu_s / self.cores
        reached = "yes" if self.cost.wall_s <= self.most_s else f"**no**; {free:.1f} s on free cores"
        if free <= self.most_s < self.cost.wall_s:
            reached = f"on free cores ({free:.1f} s), not on this clock"
        if self.cost.peak_mb > self.most_mb:
            reached = "**no**, memory"
        memory = "" if self.most_mb == math.inf else f", {self.most_mb:g} MB"
        return f"| {self.command} | {self.words or f'{self.most_s:g} s{memory}'} | {self.cost.cells()} | {reached} |"


def wanted(folder: Path) -> list[str]:
    """The table of figures that were asked for."""
    lines = [
        "**Figures wanted**, each by its command, start and imports included. FILE is a diary of 365 days in blocks "
        "unless said. CPU s of all processes of a command, time on the clock, memory of the largest process. Where the "
        "machine did other work the clock is too long, and CPU time by up to a half, as threads share a core.",
        "",
        "| command | wanted | CPU s | wall s | peak MB | reached |",
        "|---|---|---|---|---|---|",
    ]
    for make in (_answers, _reports, _certificates, _simulated, _power, _cohorts):
        print(f"wanted: {make.__name__.strip('_')}", flush=True)
        lines += [figure.row() for figure in make(folder)]
    return lines


def _answers(folder: Path) -> list[Figure]:
    found = analyse(diary(folder, 365, "continuous"), "continuous", "--json")
    return [Figure("`analyse FILE --json`, continuous", 1, found)]


def _reports(folder: Path) -> list[Figure]:
    page = str(folder / "report.html")
    found = analyse(diary(folder, 168, "rating", titration=True), "rating", "--report", page)
    words = "`analyse FILE --report R`, a titration of 168 days on a rating, with guesses"
    figures = [Figure(words, 1.5, found, most_mb=200)]
    for kind, most in (("continuous", 1.0), ("rating", 2.0)):
        found = analyse(diary(folder, 3650, kind), kind, "--report", page)
        figures.append(Figure(f"`analyse FILE --report R`, ten years, {kind}", most, found, most_mb=200))
    return figures


def _certificates(folder: Path) -> list[Figure]:
    figures = []
    fresh = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}  # nothing is remembered of an earlier run
    for kind, most in (("continuous", 20), ("rating", 30)):
        words = ["analyse", diary(folder, 365, kind), *ASKED, "--scale", kind, "--randomised", "blocks"]
        found = spent([NIGHTDOSE, *words, "--certificate", "1000", "--json"], env=fresh)
        figures.append(Figure(f"`analyse FILE --certificate 1000`, {kind}", most, found, CORES))
    return figures


def _simulated(folder: Path) -> list[Figure]:
    out = folder / "people.parquet"
    found = spent([NIGHTDOSE, "simulate", "ldn", "--people", "10000", "--days", "365", "--out", str(out)])
    out.unlink()
    return [Figure("`simulate ldn --people 10000 --days 365 --out people.parquet`", 40, found, CORES, 300)]


def _power(folder: Path) -> list[Figure]:
    found = spent([NIGHTDOSE, "plan", "--power", "--outcome", "pain", "--meaningful", "1"])
    return [Figure("`plan --power --outcome pain --meaningful 1`", 34, found, CORES)]


def _cohorts(folder: Path) -> list[Figure]:
    """Simulated people of 180 days, as in docs/cohort.md."""
    figures = []
    for kind, people, rate in (("continuous", 1000, 200), ("rating", 500, 60)):
        table, out = folder / f"{kind}.csv", folder / "rows.csv"
        spent([sys.executable, "-c", f"from pathlib import Path; from benchmarks.cohort import write_people; "
               f"write_people(Path({str(table)!r}), {people}, {kind!r})"])  # fmt: skip
        words = ["cohort", str(table), *ASKED, "--randomised", "blocks", "--scale", kind, "--out", str(out), "--json"]
        found = spent([NIGHTDOSE, *words])
        out.unlink()
        told = f"{people / found.wall_s:.0f} answers a second, {CORES * people / found.cpu_s:.0f} on free cores"
        figures.append(Figure(f"`cohort FILE --out ROWS`, {people:,} people of 180 days, {kind}: {told}",
                              people / rate, found, CORES, words=f"{rate} a second"))  # fmt: skip
    return figures
