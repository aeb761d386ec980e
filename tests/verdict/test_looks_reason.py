"""The reasons of looking: both certainties with a decimal, and the number of days on which the answer was read."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from tests.report.fake_answers import helps
from tests.report.fake_parts import normal_estimate

from nightdose.question.looks import ONE_LOOK, UNCOUNTED, Looks
from nightdose.report.words.answer import rules
from nightdose.report.words.design import design_rows
from nightdose.verdict.reasons import how_often, looks

SURE, UNSURE = normal_estimate(1.0, 0.25), normal_estimate(1.0, 0.48)  # 99.99 % and 98.1 % better


@pytest.mark.parametrize(("estimate", "code"), [(SURE, "looks"), (UNSURE, "early_look")])
def test_a_direction_that_one_look_would_have_called_is_told_what_many_ask(estimate, code):
    (reason,) = looks(Looks(12), 0.9974, 0.98, estimate, estimate)
    assert reason.code == code
    assert "The answer was read on 12 days." in reason.sentence
    assert "99.7 % certainty" in reason.sentence
    assert ("98.1 %" if code == "early_look" else "99.9 %") in reason.sentence
    assert ("would have been enough" in reason.sentence) == (code == "early_look")


def test_who_looks_once_or_has_nothing_to_be_called_is_told_nothing():
    assert looks(ONE_LOOK, 0.98, 0.98, SURE, SURE) == ()
    assert looks(ONE_LOOK, 0.98, 0.98, normal_estimate(1.0, 0.503), normal_estimate(1.0, 0.503)) == ()  # 97.7 %
    assert looks(UNCOUNTED, 0.99, 0.98, normal_estimate(1.0, 0.6), normal_estimate(1.0, 0.6)) == ()


def test_a_single_look_at_what_nobody_planned_is_told_what_it_asks():
    assert looks(ONE_LOOK, 0.988, 0.988, SURE, SURE) == ()
    (reason,) = looks(ONE_LOOK, 0.988, 0.988, UNSURE, UNSURE)
    assert reason.code == "unplanned_look"
    assert "98.8 % certainty of the direction is asked for also at a single look; there is 98.1 %" in reason.sentence
    less = normal_estimate(1.0, 0.503)  # 97.7 % better: a planned single look would not have called it either
    assert looks(ONE_LOOK, 0.988, 0.988, less, less) == ()
    assert looks(UNCOUNTED, 0.9974, 0.988, UNSURE, UNSURE) == ()  # a single look would not have called it either


def test_a_report_says_on_how_many_days_the_answer_was_read():
    said = [dict(design_rows(helps_read(looked)))["Answer read so far"] for looked in (UNCOUNTED, Looks(1), Looks(30))]
    assert said == ["not counted", "on 1 day", "on 30 days"]


def helps_read(looked):
    found = helps()
    return replace(found, case=replace(found.case, looks=looked))


def test_the_printed_rule_is_the_one_of_this_look():
    often = dict(rules(0.98214, 0.98))
    assert "at least 98.2 %" in often["Helps"]
    assert "98.0 % where a single look was declared and made" in often["Harms"]
    assert "only once" not in dict(rules(0.98, 0.98))["Harms"]
    assert "98.7 % where a single look was declared and made" in dict(rules(0.9987, 0.9878))["Harms"]


def test_several_declared_looks_are_said_beside_the_days_on_which_the_answer_was_read():
    """A revealed trial with three declared looks, read for the first time."""
    declared = tuple(datetime.date(2026, 1, 1) + datetime.timedelta(days=d) for d in (42, 84, 126))
    (reason,) = looks(Looks(1, declared), 0.9878, 0.98, SURE, SURE)
    assert reason.sentence.startswith("3 looks were declared beforehand. The answer was read on 1 day.")
    assert "declared" not in how_often(Looks(1, declared[-1:]))
