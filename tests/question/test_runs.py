"""Settled runs: a forgotten or doubled capsule ends none, five evenings do."""

from __future__ import annotations

import numpy as np
import pytest

from nightdose.question.runs import settled_runs, shortest_run


def runs(state, known=None, shortest_d=5):
    state = np.array(state, dtype=bool)
    known = np.ones(len(state), dtype=bool) if known is None else known
    return [(run.begin, run.end, run.on) for run in settled_runs(state, known, shortest_d)]


def before_after(days=60, start=20):
    return np.arange(days) >= start


def test_a_before_after_diary_has_two_runs():
    assert runs(before_after()) == [(0, 20, False), (20, 60, True)]


@pytest.mark.parametrize(("forgotten", "more"), [(1, 0), (4, 0), (5, 2), (9, 2)])
def test_five_evenings_without_are_a_run_and_four_are_forgotten(forgotten, more):
    state = before_after()
    state[40 : 40 + forgotten] = False
    assert len(runs(state)) == 2 + more


def test_one_doubtful_evening_before_the_start_is_no_start():
    state = before_after()
    state[8] = True
    assert runs(state)[0] == (0, 20, False)


def test_evenings_left_out_at_random_end_no_run():
    """200 diaries of 60 days off and 240 on with one evening in seven forgotten: at most 2 in 100 gain a run."""
    rng = np.random.default_rng(0)
    more = 0
    for _ in range(200):
        state = np.r_[np.zeros(60), rng.random(240) > 1 / 7] > 0
        more += len(runs(state)) != 2
    assert more <= 4


def test_every_other_day_is_one_run_or_none():
    assert len(runs(np.arange(60) % 2 == 1)) == 1


def test_unknown_days_between_two_runs_belong_to_neither():
    state = before_after(40, 20)
    known = np.ones(40, dtype=bool)
    known[15:24] = False
    assert runs(state, known) == [(0, 15, False), (24, 40, True)]


def test_nothing_known_no_run():
    assert runs(np.zeros(10), np.zeros(10, dtype=bool)) == []


def test_it_is_the_cheapest_sequence_of_states():
    """Against every sequence of twelve days: mismatches and 2.4 a switch."""
    rng = np.random.default_rng(1)
    every = (np.arange(2**12)[:, None] >> np.arange(12)) & 1
    for _ in range(20):
        state = rng.random(12) < 0.5
        cost = np.sum(every != state, axis=1) + 2.4 * np.sum(np.diff(every, axis=1) != 0, axis=1)
        found = np.concatenate([np.full(end - begin, on) for begin, end, on in runs(state)])
        mine = np.sum(found != state) + 2.4 * np.sum(np.diff(found.astype(int)) != 0)
        assert mine == pytest.approx(np.min(cost))


@pytest.mark.parametrize(("tau", "days"), [(0.0, 5), (2.5, 5), (7.2, 5), (7.3, 6), (10.0, 7)])
def test_a_run_is_settled_when_half_of_an_effect_could_have_built(tau, days):
    assert shortest_run(tau) == days
