"""Simulated people from the shell: `nightdose simulate --out` beside libRoadRunner, diffrax and LSODA at one error."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.judging_peers import NIGHTDOSE
from benchmarks.patients.tools import ONE_THREAD, RIVALS
from benchmarks.spent import spent

ERRORS = (1e-4, 1e-6)  # at which the tools are compared
PEOPLE, DAYS = 2000, 365  # of our command
ASKED = (1e-3, 1e-4, 1e-5, 1e-6)


@dataclass(frozen=True, slots=True)
class Rival:
    """name : of benchmarks/rivals/solvers.py. people, days : as many as end within a minute."""

    name: str
    title: str
    environment: str
    people: int
    days: int
    tolerances: tuple[float, ...]


RIVALS_HERE = (
    Rival("roadrunner", "libRoadRunner (CVODE, compiled)", "roadrunner", 8, 365, (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)),
    Rival("diffrax", "diffrax (Kvaerno5, JAX)", "diffrax", 2, 60, (1e-3, 1e-4, 1e-5, 1e-6, 1e-7)),
    Rival("lsoda", "SciPy LSODA (flat Python equations)", "series", 2, 60, (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)),
)


def solving(folder: Path) -> list[str]:
    """The section."""
    print("simulating: truth", flush=True)
    spent([sys.executable, "-m", "benchmarks.solver_task", "write", str(folder)])
    mine, whole, peak = _ours(folder)
    lines = [
        f"**People simulated** for {DAYS} days of nightly doses, every state once a day. nightdose is timed from the "
        f"shell: `nightdose simulate ldn --people {PEOPLE} --days {DAYS} --out people.parquet --error E`, all of it "
        "(start, people, solving, table, the words of its summary, its own check). Another program's time is that of "
        "solving alone, once started, loaded and compiled; how long that takes stands before it. It solves a part of "
        "these people or days. CPU ms a person-year, interpolated to equal worst error against the kernel at 1e-11. A "
        "Parquet table holds single precision, some 6e-8.",
        "",
        "| tool | start, load, compile, CPU s | peak MB | at error 1e-4 | x nightdose | at error 1e-6 | x nightdose |",
        "|---|---|---|---|---|---|---|",
        f"| **nightdose**, whole command | all in all {whole:.1f} at `--error 1e-4` | {peak:.0f} | {_ms(mine, 1e-4)} "
        f"| 1 | {_ms(mine, 1e-6)} | 1 |",
    ]
    said = [_points("nightdose", mine)]
    for rival in RIVALS_HERE:
        print(f"simulating: {rival.name}", flush=True)
        python = RIVALS / rival.environment / "bin" / "python"
        if not python.exists():
            lines.append(f"| {rival.title} | not run: no environment `{rival.environment}` | | | | | |")
            continue
        words = [str(python), "-m", "benchmarks.rivals.solvers", rival.name, str(folder), "--people", str(rival.people)]
        words += ["--days", str(rival.days), "--tolerances", *(f"{t:g}" for t in rival.tolerances)]
        cost = spent(words, env=ONE_THREAD)
        runs = [json.loads(line) for line in cost.out.splitlines() if line.startswith("{")]
        years = rival.people * rival.days / 365
        off = _off(folder, [run["file"] for run in runs])
        points = [(error, 1000 * run["cpu_s"] / years) for error, run in zip(off, runs, strict=True)]
        before = cost.cpu_s - sum(run["cpu_s"] for run in runs)
        cells = " | ".join(f"{_ms(points, e)} | {_times(points, mine, e)}" for e in ERRORS)
        lines.append(f"| {rival.title} | {before:.1f} | {cost.peak_mb:.0f} | {cells} |")
        said.append(_points(rival.title, points))
    return [*lines, "", "Worst error reached and CPU ms a person-year: " + "; ".join(said) + "."]


def _ours(folder: Path) -> tuple[list[tuple[float, float]], float, float]:
    """(worst error, CPU ms a person-year) at each error asked; CPU s and peak MB of the command at 1e-4."""
    states = ",".join(json.loads((folder / "task.json").read_text())["states"])
    costs, files = [], []
    for error in ASKED:
        out = folder / f"people-{error:g}.parquet"
        words = [
            "simulate",
            "ldn",
            "--people",
            str(PEOPLE),
            "--days",
            str(DAYS),
            "--out",
            str(out),
            "--error",
            f"{error:g}",
        ]
        costs.append(spent([NIGHTDOSE, *words, "--columns", states]))
        files.append(str(out))
    off = _off(folder, files)
    for name in files:
        Path(name).unlink()
    points = [(error, 1000 * cost.cpu_s / PEOPLE) for error, cost in zip(off, costs, strict=True)]
    usual = costs[ASKED.index(1e-4)]
    return points, usual.cpu_s, usual.peak_mb


def _off(folder: Path, files: Sequence[str]) -> list[float]:
    found = spent([sys.executable, "-m", "benchmarks.solver_task", "off", str(folder), *files])
    return [json.loads(line)["off"] for line in found.out.splitlines()]


def cost_at(points: Sequence[tuple[float, float]], error: float) -> float | None:
    """Cost at an error, log-log between the two measured points around it; None outside them."""
    for (e0, c0), (e1, c1) in pairwise(sorted(points)):
        if e0 <= error <= e1:
            share = math.log(error / e0) / math.log(e1 / e0)
            return math.exp(math.log(c0) + share * math.log(c1 / c0))
    return None


def _ms(points: Sequence[tuple[float, float]], error: float) -> str:
    found = cost_at(points, error)
    return "not reached" if found is None else f"{found:,.1f}" if found < 100 else f"{found:,.0f}"


def _times(points: Sequence[tuple[float, float]], mine: Sequence[tuple[float, float]], error: float) -> str:
    theirs, ours = cost_at(points, error), cost_at(mine, error)
    return "-" if theirs is None or ours is None else f"{theirs / ours:,.0f}"


def _points(title: str, points: Sequence[tuple[float, float]]) -> str:
    return f"{title} " + ", ".join(f"{error:.0e} at {cost:,.1f}" for error, cost in points)
