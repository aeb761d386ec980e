"""The scorer's arithmetic, on answers whose score is plain to see."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest
from benchmarks.patients.answer import problem_with
from benchmarks.patients.cells import Cell
from benchmarks.patients.files import read_set, write_set
from benchmarks.patients.score import match, mean, root_mean_square, score, share
from benchmarks.patients.tools import ask_each


def truth(improvement: float, *, can_answer: bool = True) -> dict:
    return {"improvement": improvement, "can_answer": can_answer, "outcome_sd": 2.0, "best_dose_mg": 3.0}


def line(name: str, verdict: str, centre: float | None = None, half: float = 1.0) -> dict:
    improvement = centre if centre is None else {"mean": centre, "interval95": [centre - half, centre + half]}
    return {"id": name, "verdict": verdict, "improvement": improvement}


TRUTHS = {
    "null1": truth(0.0),
    "null2": truth(0.0),
    "treated": truth(1.0),
    "hopeless": truth(0.0, can_answer=False),
    "hopeless2": truth(0.5, can_answer=False),
}


def test_every_figure_counts_its_own_diaries_only():
    s = score(
        match(
            TRUTHS,
            [
                line("null1", "helps", 2.0),
                line("null2", "not_yet_known", 0.0),
                line("treated", "helps", 1.5),
                line("hopeless", "harms", -2.0),
                line("hopeless2", "cannot_be_known"),
            ],
        )
    )
    assert (s.false_helps.value, s.false_helps.n) == (0.5, 2)
    assert s.false_harms.value == 0
    assert s.interval_alarm.value == 0.5
    assert (s.fooled.value, s.fooled.n) == (1.0, 1)
    assert (s.power.value, s.interval_power.value, s.power.n) == (1.0, 1.0, 1)
    assert (s.honest.value, s.honest.n) == (0.5, 2)
    assert s.overcautious.value == 0
    assert s.coverage.value == 0.5  # null2 and treated of four intervals
    assert s.bias.value == pytest.approx((2.0 + 0.0 + 0.5 - 2.0) / 4 / 2)
    assert s.rmse.value == pytest.approx(math.sqrt((4 + 0 + 0.25 + 4) / 4) / 2)


def test_a_line_that_cannot_be_scored_counts_as_failed_and_as_no_power():
    s = score(match(TRUTHS, [{"id": "treated", "verdict": "maybe"}, {"id": "null1", "error": "no"}]))
    assert s.failed.value == 1
    assert s.power.value == 0
    assert s.false_helps.value == 0


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"verdict": "works"},
        {"verdict": "helps", "improvement": {"mean": math.nan}},
        {"verdict": "helps", "improvement": {"mean": 1, "interval95": [2, 1]}},
        {"verdict": "helps", "improvement": 1.0},
    ],
)
def test_what_is_wrong_with_a_line_is_said(answer):
    assert problem_with(answer)


def test_shares_and_means_carry_their_errors():
    assert share([True] * 30 + [False] * 70).value == 0.3
    assert share([False] * 50).error > 0
    assert share([]).n == 0
    found = mean(np.array([1.0, 3.0]))
    assert (found.value, found.error) == (2.0, pytest.approx(1.0))
    assert root_mean_square(np.array([3.0, -4.0])).value == pytest.approx(math.sqrt(12.5))


def test_ones_own_tool_is_started_once_a_diary_and_its_last_line_is_read(tmp_path):
    write_set(tmp_path, [Cell("rating", "switch", "null", 0.0)], 2)
    entries = list(read_set(tmp_path))
    script = tmp_path / "mytool.py"
    script.write_text("import sys, json\nprint('hello')\nprint(json.dumps({'verdict': 'helps', 'improvement': None}))")
    lines = list(ask_each(f"{sys.executable} {script} {{diary}} {{question}}", entries))
    assert [a["id"] for a in lines] == [entry.name for entry in entries]
    s = score(match({entry.name: entry.truth for entry in entries}, lines))
    assert s.false_helps.value == 1


def test_looks_at_one_diary_are_one_person_ever_called_or_not():
    """Three people with two looks each, one of them called once; no other figure counts them."""
    truths = {f"{who}{look}": {**truth(0), "look_of": who} for who in "abc" for look in (1, 2)}
    lines = [line(name, "helps" if name == "b1" else "not_yet_known") for name in truths]
    found = score(match(truths, lines))
    assert (found.ever.value, found.ever.n) == (pytest.approx(1 / 3), 3)
    assert found.false_helps.n == 0
