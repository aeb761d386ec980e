"""Doses and people become trajectories: the typed face of the compiled kernel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats, Integers
from nightdose.errors import CallError
from nightdose.mechanism import _model
from nightdose.mechanism.intake import Intake
from nightdose.mechanism.people import parameter_matrix
from nightdose.mechanism.reference import evaluate_initial
from nightdose.mechanism.system import OUTPUT_NAMES, STATE_INDEX, STATES, fingerprint

if getattr(_model, "INTERFACE", 0) != 2:  # an editable checkout whose sources moved on
    raise ImportError("The compiled kernels are of another version than the sources: install nightdose again.")
assert _model.fingerprint() == fingerprint(), "the kernel is stale: run python -m generation and build again"

OUTCOMES = (
    "finished",
    "the step became too small to go on; some parameter makes the equations explode",
    "a value became infinite or undefined",
    "too many steps were needed",
)
# relative error asked for -> tolerance of the step control that reached it (docs/accuracy.md has the measurement)
DEFAULT_ERROR = 1e-4
TIGHTEST, LOOSEST = 1e-11, 1e-2  # relative errors; rounding alone leaves some 3e-10
TYPICAL = {state.name: state.typical for state in STATES if not state.per_dose}
SMALLEST_DOSE = 1.0  # nmol; scale of the dose-proportional states of a person who takes nothing


@dataclass(frozen=True, slots=True)
class Trajectory:
    """Simulated values. A value at the time of a dose is the one just before it.

    values : (person, time, name); outcome : (person,) index into OUTCOMES; steps : (person,) steps tried.
    """

    time_h: Floats
    names: tuple[str, ...]
    values: Floats
    outcome: Integers
    steps: Integers

    def of(self, name: str) -> Floats:
        """(person, time) values of one state or quantity."""
        return np.asarray(self.values[:, :, self.names.index(name)])

    @property
    def failures(self) -> tuple[str, ...]:
        """One sentence for each person whose integration did not finish."""
        return self.failures_of(range(len(self.outcome)))

    def failures_of(self, numbers: Sequence[int]) -> tuple[str, ...]:
        """The same where the people have these numbers in their study."""
        return tuple(
            f"person {i}: {OUTCOMES[code]}" for i, code in zip(numbers, self.outcome.tolist(), strict=True) if code
        )


def tolerance_for(error: float) -> float:
    """Tolerance of the step control for a relative error asked for."""
    if not TIGHTEST <= error <= LOOSEST:
        raise CallError(
            f"a relative error of {error:g} cannot be asked for. Choose between {TIGHTEST:g} and {LOOSEST:g}."
        )
    return 0.8 * error


def simulate(
    people: Sequence[Mapping[str, float]],
    logs: Sequence[Intake],
    time_h: Floats,
    names: Sequence[str] = OUTPUT_NAMES,
    *,
    error: float = DEFAULT_ERROR,
    workers: int = 1,
) -> Trajectory:
    """Integrates every person through their own log and records `names` at `time_h`.

    people : parameter values by name, one mapping a person; logs : one a person.
    time_h : (time,) ascending hours since midnight of day 0.
    The numbers do not depend on `workers`, nor on who else is simulated in the same call.
    """
    times = np.ascontiguousarray(time_h, dtype=np.float64)
    if times.ndim != 1 or times.size == 0 or np.any(np.diff(times) < 0) or times[0] < 0:
        raise CallError("output times must be one ascending row of hours, none before 0.")
    if unknown := [name for name in names if name not in OUTPUT_NAMES]:
        raise CallError(f"the model has no '{unknown[0]}'. Choose from: {', '.join(OUTPUT_NAMES)}.")
    if len(people) != len(logs):
        raise CallError(f"{len(people)} people came with {len(logs)} dose logs. Give one log a person.")
    tolerance = tolerance_for(error)
    column = np.array([OUTPUT_NAMES.index(name) for name in names], dtype=np.int32)
    values = np.empty((len(people), times.size, column.size))
    outcome = np.zeros(len(people), dtype=np.int32)
    steps = np.zeros(len(people), dtype=np.int64)
    stop = np.zeros(1, dtype=np.uint8)

    def run(first: int, end: int) -> None:
        if first == end:
            return
        chosen, their_logs = people[first:end], logs[first:end]
        events = [event for log in their_logs for event in log.events]
        _model.integrate(
            np.array([evaluate_initial(values_) for values_ in chosen]),
            parameter_matrix(list(chosen)),
            np.array([_typical_sizes(log) for log in their_logs]),
            np.concatenate([[0], np.cumsum([len(log.events) for log in their_logs])]).astype(np.int64),
            np.array([event.time_h for event in events], dtype=np.float64),
            np.array([STATE_INDEX[event.state] for event in events], dtype=np.int32),
            np.array([event.amount for event in events], dtype=np.float64),
            times, column, tolerance, False, values[first:end], outcome[first:end], steps[first:end], stop,
        )  # fmt: skip

    if workers <= 1 or len(people) < 2 * workers:
        run(0, len(people))
    else:
        edges = np.linspace(0, len(people), workers + 1).astype(int).tolist()
        with ThreadPoolExecutor(workers) as pool:
            try:
                list(pool.map(run, edges[:-1], edges[1:]))
            except BaseException:
                stop[0] = 1  # the pool waits for its threads
                raise
    for array in (times, values):
        array.setflags(write=False)
    return Trajectory(times, tuple(names), values, outcome.astype(np.int64), steps)


def _typical_sizes(log: Intake) -> list[float]:
    largest = log.largest_gut_nmol or SMALLEST_DOSE
    return [state.typical * largest if state.per_dose else state.typical for state in STATES]


def relative_errors(found: Trajectory, truth: Trajectory, largest: Floats | None = None) -> Floats:
    """(person, time, name) |value - truth| / max(|truth|, 5 % of the largest value of that name).

    largest : (name,) largest values between the recorded times, where those miss them: a gut recorded only long after
    each dose looks as if it had never held one. A state that stays at zero is judged against its typical size.
    """
    top = np.nanmax(np.abs(truth.values), axis=(0, 1))
    top = top if largest is None else np.maximum(top, largest)
    typical = np.array([TYPICAL.get(name, 0.0) for name in truth.names])
    floor = np.where(top < 0.05 * typical, typical, 0.05 * top)
    scale = np.maximum(np.abs(truth.values), floor)
    return np.asarray(np.abs(found.values - truth.values) / np.where(scale > 0, scale, 1.0))
