"""What does a simulated person-year cost, against libRoadRunner and SciPy's LSODA at the same error?

    python -m benchmarks.simulation            # ratios at relative errors 1e-4 and 1e-6
    python -m benchmarks.simulation --errors   # error reached for the error asked, with missed and double doses
    python -m benchmarks.simulation --large N  # N people x 1 year, streamed to Parquet: time, memory, error achieved

Every tool gets the same people, the same nightly doses and daily output. Error: |y - ref| / max(|ref|, 5 % of the
largest value of that state), worst person, time and state; reference: the kernel at 1e-10, checked here against
libRoadRunner at 1e-10. Times are CPU seconds of one thread, interleaved, median of several runs, without building
or loading a model. Rivals get their friendliest form: libRoadRunner one recurring dose event (compiled by LLVM),
LSODA the equations as one flat Python function and a restart at every dose.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from tests.mechanism.people_for_tests import few_people

from nightdose.arrays import Floats
from nightdose.export.tidy import write_tidy
from nightdose.knowledge.hypotheses import strengths
from nightdose.mechanism import simulate as simulator
from nightdose.mechanism.intake import Intake
from nightdose.mechanism.interchange import antimony
from nightdose.mechanism.people import Body, sampled_person
from nightdose.mechanism.population import Study, achieved_error, chunks
from nightdose.mechanism.reference import evaluate_initial
from nightdose.mechanism.regimen import PRESETS
from nightdose.mechanism.simulate import Trajectory, relative_errors, simulate
from nightdose.mechanism.system import OUTPUT_NAMES, QUANTITIES, RATES, STATE_INDEX, STATE_NAMES

DAYS, PEOPLE, RUNS = 365, 8, 5
LSODA_DAYS = 8  # Python equations are slow: one person, this many days, scaled to a year
TIME_H = np.arange(0, DAYS + 1) * 24.0
BODY = Body(hypotheses=strengths(start="claimed"))

Solve = Callable[[float], Floats]


def people() -> tuple[list[Mapping[str, float]], list[Intake]]:
    found = [sampled_person(BODY, 2, i) for i in range(PEOPLE)]
    return found, [PRESETS["ldn"].log(DAYS, p["salt_fraction"], p["molar_mass"]) for p in found]


def ours(found: list[Mapping[str, float]], logs: list[Intake], time_h: Floats) -> Solve:
    return lambda error: simulate(found, logs, time_h, STATE_NAMES, error=error).values


def roadrunner_models(found: list[Mapping[str, float]], logs: list[Intake]) -> list[Any]:
    """One compiled model a person, dosed by one recurring event."""
    import antimony as translator
    import roadrunner

    models = []
    for p, log in zip(found, logs, strict=True):
        text = antimony(p, Intake()).removesuffix("end\n")
        amount, first = log.events[0].amount, log.events[0].time_h
        dose = f"gut = gut + {amount!r}, next_dose = next_dose + 24"
        text += f"  next_dose = {first}\n  at (time >= next_dose), t0=false: {dose}\nend\n"
        translator.clearPreviousLoads()
        if translator.loadAntimonyString(text) < 0:
            raise RuntimeError(translator.getLastError())
        model = roadrunner.RoadRunner(translator.getSBMLString("nightdose"))
        model.timeCourseSelections = list(STATE_NAMES)
        models.append(model)
    return models


def by_roadrunner(models: list[Any], time_h: Floats) -> Solve:
    def solve(error: float) -> Floats:
        out = []
        for model in models:
            model.resetAll()
            model.integrator.relative_tolerance = error
            model.integrator.absolute_tolerance = error / 100
            model.integrator.maximum_num_steps = 10**7
            out.append(np.array(model.simulate(float(time_h[0]), float(time_h[-1]), time_h.size)))
        return np.array(out)

    return solve


def flat_rates(p: Mapping[str, float]) -> Callable[[float, Floats], list[float]]:
    """The equations as one Python function without look-ups."""
    lines = ["def f(t, y):", f"    {', '.join(STATE_NAMES)} = y.tolist()"]
    lines += [f"    {q.name} = {q.equation}" for q in QUANTITIES]
    lines.append(f"    return [{', '.join(RATES[name] for name in STATE_NAMES)}]")
    import math

    scope: dict[str, Any] = {**p, "cos": math.cos, "sin": math.sin}
    exec("\n".join(lines), scope)
    return scope["f"]


def by_lsoda(p: Mapping[str, float], log: Intake, time_h: Floats) -> Solve:
    from scipy.integrate import solve_ivp

    f = flat_rates(p)

    def solve(error: float) -> Floats:
        y, now, rows = evaluate_initial(p), 0.0, []
        for mark in sorted({*time_h.tolist(), *(e.time_h for e in log.events if e.time_h <= time_h[-1])}):
            if mark > now:
                y, now = solve_ivp(f, (now, mark), y, method="LSODA", rtol=error, atol=error / 100).y[:, -1], mark
            if mark in time_h:
                rows.append(y)
            for event in log.events:
                if event.time_h == mark:
                    y = y.copy()
                    y[STATE_INDEX[event.state]] += event.amount
        return np.array([rows])

    return solve


@dataclass(frozen=True, slots=True)
class Tool:
    """One solver, its truth on the same people, and how often it is timed."""

    solve: Solve
    truth: Trajectory
    tolerances: tuple[float, ...]
    person_years: float
    runs: int = RUNS


def measured(tools: Mapping[str, Tool]) -> dict[str, list[tuple[float, float]]]:
    """tool -> (worst relative error, median CPU ms a person-year) at each tolerance; the tools take turns."""
    spent: dict[tuple[str, float], list[float]] = {}
    worst: dict[tuple[str, float], float] = {}
    for run in range(max(tool.runs for tool in tools.values())):
        for tolerance in sorted({t for tool in tools.values() for t in tool.tolerances}):
            for name, tool in tools.items():
                if run >= tool.runs or tolerance not in tool.tolerances:
                    continue
                start = time.process_time()
                values = tool.solve(tolerance)
                spent.setdefault((name, tolerance), []).append(time.process_time() - start)
                found = Trajectory(tool.truth.time_h, tool.truth.names, values, tool.truth.outcome, tool.truth.steps)
                worst[name, tolerance] = float(relative_errors(found, tool.truth).max())
    return {
        name: [(worst[name, t], 1e3 * median(spent[name, t]) / tool.person_years) for t in tool.tolerances]
        for name, tool in tools.items()
    }


def cost_at(points: list[tuple[float, float]], error: float) -> float | None:
    """ms a person-year at an error, log-log between the two measured points around it; None outside them."""
    points = sorted(points)
    for (e0, c0), (e1, c1) in pairwise(points):
        if e0 <= error <= e1:
            share = (np.log(error) - np.log(e0)) / (np.log(e1) - np.log(e0))
            return float(np.exp(np.log(c0) + share * (np.log(c1) - np.log(c0))))
    return None


def compare() -> None:
    simulator.tolerance_for = lambda error: error  # the raw tolerance, so that every tool is asked the same way
    found, logs = people()
    truth = simulate(found, logs, TIME_H, STATE_NAMES, error=1e-10)
    models = roadrunner_models(found, logs)
    check = relative_errors(
        Trajectory(TIME_H, truth.names, by_roadrunner(models, TIME_H)(1e-10), truth.outcome, truth.steps), truth
    )
    print(f"reference against libRoadRunner at 1e-10: {check.max():.1e}")
    short = np.arange(0, LSODA_DAYS + 1) * 24.0
    short_truth = simulate(found[:1], logs[:1], short, STATE_NAMES, error=1e-10)
    grid = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
    tools = measured(
        {
            "nightdose": Tool(ours(found, logs, TIME_H), truth, grid, PEOPLE),
            "libRoadRunner": Tool(by_roadrunner(models, TIME_H), truth, grid, PEOPLE),
            "SciPy LSODA (Python equations)": Tool(
                by_lsoda(found[0], logs[0], short), short_truth, grid[1:], LSODA_DAYS / DAYS, 1
            ),
        }
    )
    print(f"{'tool':32} " + " ".join(f"{'error':>9} {'ms/PY':>8}" for _ in grid))
    for name, points in tools.items():
        print(f"{name:32} " + " ".join(f"{e:9.1e} {c:8.1f}" for e, c in points))
    for error in (1e-4, 1e-6):
        mine = cost_at(tools["nightdose"], error)
        for name, points in tools.items():
            theirs = cost_at(points, error)
            if mine and theirs and name != "nightdose":
                print(
                    f"at {error:.0e}: {name} {theirs:.1f} ms, nightdose {mine:.2f} ms a person-year: "
                    f"{theirs / mine:.0f}x"
                )
    print("mrgsolve, rxode2: not run (they need R; a cross-check for a developer's machine)")


def errors() -> None:
    """Worst error reached for the error asked, on real dose logs (missed, late, double) in relapsing people."""
    days, count = 365, 24
    found, logs = few_people(count, days)
    names = [name for name in OUTPUT_NAMES if name != "clock_angle"]
    for label, time_h in (
        ("daily, a year", np.arange(0, days + 1) * 24.0),
        ("hourly, 60 days", np.arange(0, 60 * 24 + 1.0)),
    ):
        truth = simulate(found, logs, time_h, names, error=1e-9)
        for error in (1e-3, 1e-4, 1e-5, 1e-6, 1e-7):
            start = time.process_time()
            got = simulate(found, logs, time_h, names, error=error)
            spent = 1e3 * (time.process_time() - start) / count
            off = relative_errors(got, truth)
            print(
                f"{label}: asked {error:.0e}, worst {off.max():.1e}, 99 % below {np.quantile(off, 0.99):.1e}, "
                f"{got.steps.mean() / (time_h[-1] / 24):.0f} steps a day, {spent:.2f} ms a person"
            )


def large(count: int, workers: int) -> None:
    study = Study(PRESETS["ldn"], DAYS, count, Body(), ("occupancy_mu", "endorphin", "symptom_score"), relapsing=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.parquet"
        wall, cpu = time.perf_counter(), time.process_time()
        failed = write_tidy(path, chunks(study, workers=workers), {"seed": "1"})
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        size = path.stat().st_size / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:,} people x {DAYS} days, {workers} threads: {wall:.1f} s wall, {cpu:.1f} s CPU "
        f"({1e3 * cpu / count:.2f} ms a person-year), peak {peak:.0f} MB, file {size:.0f} MB, {failed} failed"
    )
    error = achieved_error(study)
    print(f"relative error achieved on a sample of these people: {error:.1e} (asked {study.error:.0e})")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", type=int)
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.errors:
        errors()
    elif arguments.large:
        large(arguments.large, arguments.workers)
    else:
        compare()
