"""The simulated body in other solvers: libRoadRunner (CVODE), diffrax (Kvaerno5 in JAX), SciPy's LSODA.

    python -m benchmarks.rivals.solvers TOOL FOLDER --people N --days D --tolerances 1e-3 1e-4 ...

FOLDER/task.json says equations, people and doses (benchmarks/solver_task.py). One line of JSON for each tolerance: CPU
seconds of the solving alone, and the file of the daily states, (person, day, state). Each tool in its friendliest form:
libRoadRunner one model whose dose is one recurring event, diffrax one compiled function of parameters and tolerance,
LSODA the equations as one flat Python function and a restart at every dose.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Solve = Callable[[int, float], np.ndarray]  # number of a person, tolerance -> (day, state)


def flat(task: dict[str, Any], person: dict[str, float] | None, language: dict[str, Any], ending: str) -> Any:
    """The equations as one function f(t, y[, p]) without look-ups; ending : what is returned, of {rates}."""
    head = "def f(t, y):" if person is not None else "def f(t, y, p):"
    lines = [head] + ([f"    {', '.join(task['parameters'])} = p"] if person is None else [])
    lines.append(f"    {', '.join(task['states'])} = y")
    lines += [f"    {name} = {text}" for name, text in task["quantities"]]
    lines.append("    return " + ending.format(rates=", ".join(task["rates"])))
    scope: dict[str, Any] = {**language, **(person or {})}
    exec("\n".join(lines), scope)  # our own equations, as the description of the model writes them
    return scope["f"]


def lsoda(task: dict[str, Any], days: int) -> Solve:
    """SciPy's LSODA."""
    from scipy.integrate import solve_ivp

    def solve(number: int, tolerance: float) -> np.ndarray:
        f = flat(task, task["people"][number], {"cos": math.cos, "sin": math.sin}, "[{rates}]")
        y, rows = np.array(task["initial"][number]), []
        for day in range(days):
            rows.append(y)
            for begin, end in ((0.0, task["dose_h"]), (task["dose_h"], 24.0)):
                span = (24 * day + begin, 24 * day + end)
                y = solve_ivp(lambda t, y: f(t, y.tolist()), span, y, "LSODA", rtol=tolerance, atol=tolerance / 100).y[
                    :, -1
                ]
                if end < 24:
                    y[task["dose_state"]] += task["dose_nmol"]
        return np.array([*rows, y])

    return solve


def roadrunner(task: dict[str, Any], days: int) -> Solve:
    """libRoadRunner: the exported model, compiled once; a person is its parameters and first values."""
    import antimony as translator
    import roadrunner as library

    dose = f"{task['states'][task['dose_state']]} = {task['states'][task['dose_state']]} + {task['dose_nmol']!r}"
    text = task["antimony"].removesuffix("end\n")
    text += (
        f"  next_dose = {task['dose_h']}\n  at (time >= next_dose), t0=false: {dose}, next_dose = next_dose + 24\nend\n"
    )
    if translator.loadAntimonyString(text) < 0:
        raise RuntimeError(translator.getLastError())
    model = library.RoadRunner(translator.getSBMLString("nightdose"))
    model.timeCourseSelections = list(task["states"])
    model.integrator.maximum_num_steps = 10**7

    def solve(number: int, tolerance: float) -> np.ndarray:
        model.resetAll()
        for name, value in task["people"][number].items():
            model.setValue(name, value)
        for name, value in zip(task["states"], task["initial"][number], strict=True):
            model.setValue(name, value)
        model.integrator.relative_tolerance = tolerance
        model.integrator.absolute_tolerance = tolerance / 100
        return np.array(model.simulate(0.0, 24.0 * days, days + 1))

    return solve


def diffrax(task: dict[str, Any], days: int) -> Solve:
    """diffrax in double precision: Kvaerno5, an implicit method for stiff equations; compiled before it is timed."""
    import diffrax as dfx
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    f = flat(task, None, {"cos": jnp.cos, "sin": jnp.sin, "jnp": jnp}, "jnp.stack([{rates}])")
    term = dfx.ODETerm(lambda t, y, p: f(t, y, p))

    def part(y: Any, p: Any, begin: Any, end: Any, tolerance: Any) -> Any:
        control = dfx.PIDController(rtol=tolerance, atol=tolerance / 100)
        return dfx.diffeqsolve(
            term, dfx.Kvaerno5(), begin, end, None, y, args=p, stepsize_controller=control, max_steps=100_000,
            saveat=dfx.SaveAt(t1=True), adjoint=dfx.DirectAdjoint(),
        ).ys[0]  # fmt: skip

    @jax.jit
    def run(p: Any, first: Any, tolerance: Any) -> Any:
        def day(y: Any, number: Any) -> Any:
            midnight = 24.0 * number
            y = part(y, p, midnight, midnight + task["dose_h"], tolerance)
            y = y.at[task["dose_state"]].add(task["dose_nmol"])
            y = part(y, p, midnight + task["dose_h"], midnight + 24, tolerance)
            return y, y

        return jax.lax.scan(day, first, jnp.arange(days, dtype=float))[1]

    def solve(number: int, tolerance: float) -> np.ndarray:
        values = jnp.array([task["people"][number][name] for name in task["parameters"]])
        first = jnp.array(task["initial"][number])
        return np.vstack([first, run(values, first, tolerance).block_until_ready()])

    solve(0, 1e-3)
    return solve


TOOLS: dict[str, Callable[[dict[str, Any], int], Solve]] = {
    "roadrunner": roadrunner,
    "diffrax": diffrax,
    "lsoda": lsoda,
}


def main() -> None:
    """Each tolerance, everybody."""
    parser = argparse.ArgumentParser()
    parser.add_argument("tool", choices=list(TOOLS))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=1)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--tolerances", type=float, nargs="+", default=[1e-4])
    arguments = parser.parse_args()
    solve = TOOLS[arguments.tool](json.loads((arguments.folder / "task.json").read_text()), arguments.days)
    for tolerance in arguments.tolerances:
        before = time.process_time()
        values = [solve(number, tolerance) for number in range(arguments.people)]
        spent = time.process_time() - before
        path = arguments.folder / f"{arguments.tool}-{tolerance:g}.npy"
        np.save(path, np.array(values))
        print(json.dumps({"tolerance": tolerance, "cpu_s": spent, "file": str(path)}), flush=True)


if __name__ == "__main__":
    main()
