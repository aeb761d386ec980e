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
    assert check_design(replace(GOOD, pairs=5), replace(ABOUT, supplied_days=280)) == ()


def codes(design, about):
    return [reason.code for reason in check_design(design, replace(about, supplied_days=1000))]


@pytest.mark.parametrize(("tau", "pairs", "told"), [(10.0, 4, True), (10.0, 5, False), (0.0, 5, True), (0.0, 6, False)])
def test_a_draw_of_too_few_orders_is_told_that_no_test_can_confirm_it(tau, pairs, told):
    """An effect of weeks: 1 / 2^5 = 0.031 passes 0.05; of the same day the opposite order counts too, 2 / 2^6."""
    about = replace(ABOUT, tau_d=tau)
    assert ("test_cannot_confirm" in codes(replace(GOOD, pairs=pairs), about)) == told
    assert "test_cannot_confirm" not in codes(replace(GOOD, pairs=pairs, kind="alternating"), about)


def test_three_pairs_are_told_their_smallest_p_and_how_many_would_do():
    reason = next(r for r in check_design(GOOD, ABOUT) if r.code == "test_cannot_confirm")
    assert reason.numbers == {"smallest_p": 0.125, "asked": 0.05, "pairs": 3, "pairs_needed": 5}
    assert "p is 0.125 at best" in reason.sentence
    assert not reason.decisive


@pytest.mark.parametrize(("power", "code"), [(0.49, "little_power"), (0.50, "power"), (None, None)])
def test_the_power_of_a_design_stands_beside_it_and_little_is_called_little(power, code):
    found = {"power", "little_power"} & set(codes(GOOD, replace(ABOUT, power=power, hoped=2.0)))
    assert found == ({code} if code else set())


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


@pytest.mark.parametrize(("days", "short"), [(6, True), (7, False)])
def test_a_run_in_below_a_week_says_little(days, short):
    found = [reason.code for reason in check_design(replace(GOOD, run_in_days=days), ABOUT)]
    assert ("short_run_in" in found) is short
