"""The compiled kernel: right, of its order, and the same bits however it is called."""

import signal
from pathlib import Path

import numpy as np
import pytest
from generation.kernel import header
from scipy.integrate import solve_ivp
from tests.mechanism.people_for_tests import CLAIMED, few_people

from nightdose.errors import CallError
from nightdose.knowledge.hypotheses import strengths
from nightdose.mechanism import _model
from nightdose.mechanism.expressions import Graph
from nightdose.mechanism.intake import Event, Intake
from nightdose.mechanism.people import Body, parameter_matrix, sampled_person, typical_person
from nightdose.mechanism.reference import evaluate_initial, quantities, rates
from nightdose.mechanism.simulate import relative_errors, simulate
from nightdose.mechanism.system import OUTPUT_NAMES, QUANTITIES, RATES, STATE_INDEX, STATE_NAMES, STATES

ROOT = Path(__file__).parents[2]
MEASURED = [name for name in OUTPUT_NAMES if name != "clock_angle"]  # the angle is the clock, not the body


def by_scipy(p, log, time_h):
    """(time, output) from LSODA on the Python equations, restarted at every event, values before the event."""
    y, now, rows = evaluate_initial(p), 0.0, []
    marks = sorted({*time_h.tolist(), *(event.time_h for event in log.events)})
    for mark in marks:
        if mark > now:
            found = solve_ivp(rates(p), (now, mark), y, method="LSODA", rtol=1e-10, atol=1e-12)
            y, now = found.y[:, -1], mark
        if mark in time_h:
            rows.append([quantities(mark, y, p)[name] for name in MEASURED])
        for event in log.events:
            if event.time_h == mark:
                y = y.copy()
                y[STATE_INDEX[event.state]] += event.amount
    return np.array(rows)


@pytest.mark.parametrize("error", [1e-4, 1e-6])
def test_kernel_reaches_the_error_asked_for_against_an_independent_solver(error):
    people, logs = few_people(3, 3)
    time_h = np.arange(0, 72.1, 6.0)
    found = simulate(people, logs, time_h, MEASURED, error=error)
    truth = np.array([by_scipy(p, log, time_h) for p, log in zip(people, logs, strict=True)])
    assert relative_errors(found, type(found)(time_h, found.names, truth, found.outcome, found.steps)).max() <= error


@pytest.mark.parametrize("error", [1e-4, 1e-6])
def test_kernel_reaches_the_error_asked_for_over_two_months_of_missed_and_double_doses(error):
    people, logs = few_people(12, 60)
    time_h = np.arange(0, 60 * 24 + 0.1, 24.0)
    found = simulate(people, logs, time_h, MEASURED, error=error)
    truth = simulate(people, logs, time_h, MEASURED, error=1e-9)
    assert not found.failures
    assert relative_errors(found, truth).max() <= error


def fixed_steps(step_h, hours=48.0):
    """States at the end when every step is `step_h`: nothing is ever rejected and each step lands on an output."""
    p = dict(typical_person(CLAIMED))
    # a dose long swallowed: smooth curves, no jump
    y = evaluate_initial(p)
    y[STATE_INDEX["retained"]], y[STATE_INDEX["peripheral"]], y[STATE_INDEX["effector"]] = 20.0, 500.0, 2.0
    times = np.arange(0, hours + step_h / 2, step_h)
    out = np.empty((1, times.size, len(STATES)))
    _model.integrate(
        y[None], parameter_matrix([p]), np.ones((1, len(STATES))), np.array([0, 0]), np.empty(0),
        np.empty(0, np.int32), np.empty(0), times, np.arange(len(STATES), dtype=np.int32), 1e9, False, out,
        np.zeros(1, np.int32), np.zeros(1, np.int64), np.zeros(1, np.uint8),
    )  # fmt: skip
    return out[0, -1]


def test_order_is_four_also_for_what_depends_on_the_clock():
    # a wrong sign in df/dt leaves answers right and lowers exactly this number
    truth = fixed_steps(0.05)
    for name in ("endorphin", "peripheral", "retained", "metabolite", "relief", "signal_hours"):
        i = STATE_INDEX[name]
        coarse, fine = abs(fixed_steps(1.0)[i] - truth[i]), abs(fixed_steps(0.5)[i] - truth[i])
        assert np.log2(coarse / fine) > 3.7, name


def test_slopes_agree_with_finite_differences():
    p = dict(typical_person(CLAIMED))
    graph, known = Graph(), {}
    for quantity in QUANTITIES:
        known[quantity.name] = graph.parse(quantity.equation, known)
    rng = np.random.default_rng(3)
    y = evaluate_initial(p) + rng.uniform(0.1, 2.0, len(STATES))
    names = {**p, **dict(zip(STATE_NAMES, y, strict=True)), "t": 7.3}
    f = rates(p)
    for j, state in enumerate(STATE_NAMES):
        up, down = y.copy(), y.copy()
        up[j] += 1e-5
        down[j] -= 1e-5
        numeric = (f(7.3, up) - f(7.3, down)) / 2e-5
        exact = [value_of(graph, graph.slope(graph.parse(RATES[s], known), state), names) for s in STATE_NAMES]
        assert np.allclose(exact, numeric, rtol=1e-5, atol=1e-5), state


def value_of(graph, node, names):
    """Number of a node, by walking the graph."""
    done = {}
    for n in graph.reachable([node]):
        operator, *rest = graph.operations[n]
        a = [done[k] for k in graph.arguments(n)]
        done[n] = {
            "constant": lambda r=rest: r[0], "symbol": lambda r=rest: names[r[0]], "add": lambda a=a: a[0] + a[1],
            "subtract": lambda a=a: a[0] - a[1], "multiply": lambda a=a: a[0] * a[1],
            "negative": lambda a=a: -a[0], "reciprocal": lambda a=a: 1 / a[0],
            "cos": lambda a=a: np.cos(a[0]), "sin": lambda a=a: np.sin(a[0]),
        }[operator]()  # fmt: skip
    return done[node]


def test_same_bits_whatever_the_workers_the_company_and_the_lane():
    people, logs = few_people(9, 10)
    time_h = np.arange(0, 240.1, 12.0)
    together = simulate(people, logs, time_h).values
    assert np.array_equal(simulate(people, logs, time_h, workers=2).values, together)
    for i in (0, 3, 8):
        assert np.array_equal(simulate([people[i]], [logs[i]], time_h).values[0], together[i])
    turned = simulate(people[::-1], logs[::-1], time_h).values[::-1]
    assert np.array_equal(turned, together)


def test_narrow_and_wide_lanes_agree():
    people, logs = few_people(4, 5)
    time_h = np.arange(0, 120.1, 12.0)
    wide = simulate(people, logs, time_h, error=1e-8)
    out, outcome, steps = np.empty_like(wide.values), np.zeros(4, np.int32), np.zeros(4, np.int64)
    events = [event for log in logs for event in log.events]
    _model.integrate(
        np.array([evaluate_initial(p) for p in people]), parameter_matrix(people), np.ones((4, len(STATES))) * 1e-2,
        np.concatenate([[0], np.cumsum([len(log.events) for log in logs])]), np.array([e.time_h for e in events]),
        np.array([STATE_INDEX[e.state] for e in events], np.int32), np.array([e.amount for e in events]), time_h,
        np.arange(len(OUTPUT_NAMES), dtype=np.int32), 1e-8, True, out, outcome, steps, np.zeros(1, np.uint8),
    )  # fmt: skip
    assert relative_errors(type(wide)(wide.time_h, wide.names, out, wide.outcome, steps), wide).max() < 1e-6


def test_an_exploding_person_is_reported_and_the_others_finish():
    people = [dict(typical_person(Body())) for _ in range(5)]
    people[2]["onset_time"] = 0.0
    found = simulate(people, [Intake()] * 5, np.array([0.0, 2400.0]))
    assert found.outcome.tolist() == [0, 0, 2, 0, 0]
    assert "person 2" in found.failures[0]
    assert np.isfinite(found.values[[0, 1, 3, 4]]).all()


def test_a_value_at_the_time_of_a_dose_is_the_one_before_it():
    p = typical_person(Body())
    found = simulate([p], [Intake.of([Event(1.0, "gut", 100.0)])], np.array([1.0, 1.0 + 1e-9]), ["gut"])
    assert found.of("gut")[0, 0] == 0.0
    assert found.of("gut")[0, 1] == pytest.approx(100.0, rel=1e-6)


def test_wrong_calls_get_a_sentence():
    p = typical_person(Body())
    with pytest.raises(CallError, match="ascending"):
        simulate([p], [Intake()], np.array([2.0, 1.0]))
    with pytest.raises(CallError, match="the model has no 'gutt'"):
        simulate([p], [Intake()], np.array([1.0]), ["gutt"])
    with pytest.raises(CallError, match="2 dose logs"):
        simulate([p], [Intake()] * 2, np.array([1.0]))


def test_generated_header_is_up_to_date():
    written = (ROOT / "cpp/model/equations.hpp").read_text(encoding="utf-8")
    assert written == header(), "run: python -m generation"


def test_people_are_a_pure_function_of_seed_and_number():
    body = Body(hypotheses=strengths(start="off"))
    assert sampled_person(body, 4, 17) == sampled_person(body, 4, 17)
    assert sampled_person(body, 4, 17) != sampled_person(body, 4, 18)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="an alarm as on Unix")
@pytest.mark.parametrize("workers", [1, 2])
def test_whoever_stops_a_long_run_does_not_wait_for_its_end(monkeypatch, workers):
    integrate, recorded = _model.integrate, []

    def watched(*given):
        out = given[11]
        out[:] = np.nan
        recorded.append(out)
        integrate(*given)

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(_model, "integrate", watched)
    people, logs = few_people(4, 3650)
    before = signal.signal(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(KeyboardInterrupt):
            simulate(people, logs, np.array([0.0, 3650 * 24.0]), error=1e-9, workers=workers)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert recorded
    assert all(np.isnan(out[:, -1]).any() for out in recorded), "none of it was at its end"
