"""A design that cannot answer is refused with its reason; a sound one passes."""

import datetime
from dataclasses import replace

import pytest

from nightdose.protocol.design_check import Circumstances, PlannedEvent, check_design
from nightdose.protocol.trial import TrialDesign

MONDAY = datetime.date(2026, 11, 23)
GOOD = TrialDesign("randomised_blocks", MONDAY, run_in_days=14, pairs=3, block_days=28)
ABOUT = Circumstances(tau_d=10.0, outcome="pain", meaningful=1.0, supplied_days=168)


def refusals(design=GOOD, about=ABOUT):
    return [reason.code for reason in check_design(design, about) if reason.decisive]


def test_a_sound_design_passes():
    assert check_design(GOOD, ABOUT) == ()


@pytest.mark.parametrize(
    ("design", "code"),
    [
        (replace(GOOD, pairs=2), "too_few_switches"),
        (replace(GOOD, kind="open_titration"), "too_few_switches"),
        (replace(GOOD, kind="alternating", pairs=1), "too_few_switches"),
        (replace(GOOD, block_days=21), "blocks_too_short"),
    ],
)
def test_a_design_that_cannot_answer_is_refused(design, code):
    assert refusals(design) == [code]


def event(day_of_trial, **words):
    return PlannedEvent(MONDAY + datetime.timedelta(days=day_of_trial), "A dental operation", **words)


@pytest.mark.parametrize(
    ("about", "code"),
    [
        (replace(ABOUT, outcome=None), "no_primary_outcome"),
        (replace(ABOUT, meaningful=None), "no_meaningful_difference"),
        (replace(ABOUT, supplied_days=167), "supply_ends_early"),
        (replace(ABOUT, events=(event(43),)), "event_at_a_switch"),
        (replace(ABOUT, events=(event(30, other_treatment=True),)), "two_things_at_once"),
    ],
)
def test_circumstances_that_spoil_the_answer_are_refused(about, code):
    assert refusals(about=about) == [code]


def test_an_operation_inside_a_block_or_after_the_end_is_no_refusal():
    assert refusals(about=replace(ABOUT, events=(event(30), event(400)))) == []


def test_a_fast_effect_allows_short_blocks():
    assert refusals(replace(GOOD, block_days=10), replace(ABOUT, tau_d=2.5)) == []


def test_doubts_are_said_and_do_not_refuse():
    found = check_design(replace(GOOD, kind="alternating", run_in_days=0), replace(ABOUT, supplied_days=None))
    assert {reason.code for reason in found} == {"supply_not_said", "short_run_in", "predictable_order"}
    assert not any(reason.decisive for reason in found)
