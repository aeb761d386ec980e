"""Two plans of one medicine never hold the same evening: that would be a double dose."""

from __future__ import annotations

import pytest
from tests.keeping.people import TODAY, day, locked_trial, new_diary, sealed_trial, titrated, trial_plan

from nightdose.errors import CallError
from nightdose.keeping import documents, protocol
from nightdose.keeping.plan_tonight import plan_tonight
from nightdose.keeping.plans_in_force import (
    end_titration,
    must_not_meet_the_trial,
    steps_in_force,
    titration_in_force,
    two_plans_on,
)
from nightdose.keeping.what_next import what_next
from nightdose.protocol.titration import Step

LAST = 14 + 6 * 28 - 1  # number of the trial's last day
WHY = "the nights were too bad"


@pytest.fixture
def store(tmp_path):
    with new_diary(tmp_path / "diary.db", answered=TODAY) as opened:
        yield opened


@pytest.mark.parametrize("first", [0, 5, 17, 40])
def test_a_titration_with_an_evening_in_a_sealed_trial_is_refused(first, store):
    """A trial from today on, its two weeks of diary included; a titration of 14 days from `first` on."""
    sealed_trial(store)
    with pytest.raises(CallError, match=r"two doses in one evening.*Stop the trial first") as error:
        titrated(store, day(first), Step(3.0, 14))
    assert error.value.code == "two_plans"
    assert titration_in_force(store, day(first)) is None


@pytest.mark.parametrize(
    ("first", "last", "meets"), [(-5, -1, False), (-5, 0, True), (LAST, LAST, True), (LAST + 1, 300, False)]
)
def test_the_days_of_a_trial_are_its_first_to_its_last(first, last, meets, store):
    locked_trial(store)
    asked = (store, protocol.history(store), "LDN", day(first), day(last))
    if not meets:
        must_not_meet_the_trial(*asked)
        return
    with pytest.raises(CallError, match="Stop the trial first"):
        must_not_meet_the_trial(*asked)


def test_a_titration_that_ends_before_the_trial_is_planned(store):
    locked_trial(store, start=day(14))
    titrated(store, TODAY, Step(1.5, 14))
    assert [plan_tonight(store, day(n)).source for n in (13, 14)] == ["titration", "run_in"]


@pytest.mark.parametrize(("start", "refused"), [(13, True), (14, False)])
def test_a_trial_is_not_begun_over_evenings_of_a_titration(start, refused, store):
    """14 evenings of 1.5 mg from today on."""
    titrated(store, TODAY, Step(1.5, 14))
    if not refused:
        assert locked_trial(store, start=day(start))
        return
    with pytest.raises(CallError, match="End the titration first"):
        protocol.check_trial(store, trial_plan(day(start)), TODAY)


def test_a_titration_that_was_planned_after_the_check_refuses_the_lock(store):
    checked = protocol.check_trial(store, trial_plan(day(3)), TODAY)
    titrated(store)
    with pytest.raises(CallError, match="End the titration first"):
        protocol.lock_trial(store, checked, TODAY)


def test_an_ended_titration_asks_for_nothing_and_makes_room_for_a_trial(store):
    titrated(store)
    end_titration(store, day(2))
    assert plan_tonight(store, day(1)).dose_mg == 1.5
    assert plan_tonight(store, day(2)).source == "none"
    assert locked_trial(store, start=day(2), today=day(2))
    end_titration(store, day(2))  # the same form sent twice
    with pytest.raises(CallError, match="nothing to end"):
        end_titration(store, day(3))


def test_a_titration_after_an_ended_one_holds(store):
    titrated(store)
    end_titration(store, TODAY)
    titrated(store, TODAY, Step(3.0, 5))
    assert plan_tonight(store, TODAY).dose_mg == 3.0
    assert titration_in_force(store, day(5)) is None


def test_a_stopped_trial_asks_for_no_box_and_makes_room_for_a_titration(store):
    sealed_trial(store)
    protocol.stop_trial(store, WHY, day(20))
    assert plan_tonight(store, day(19)).source == "box"
    assert plan_tonight(store, day(20)).source == "none"
    titrated(store, day(20), today=day(20))
    assert plan_tonight(store, day(20)).source == "titration"
    with pytest.raises(CallError, match="nothing to stop"):
        protocol.stop_trial(store, WHY, day(21))


def test_a_stopped_trial_is_not_sealed_packed_or_waited_for_any_more(store):
    sealed_trial(store)
    assert "kit" in [each.code for each in what_next(store, day(5), day(5))]
    protocol.stop_trial(store, WHY, day(5))
    codes = [each.code for each in what_next(store, day(5), day(5))]
    assert "reveal" in codes
    assert "kit" not in codes


def test_a_trial_is_stopped_with_its_reason(store):
    locked_trial(store)
    with pytest.raises(CallError, match="why the trial is stopped"):
        protocol.stop_trial(store, "no", TODAY)


def test_the_newer_of_two_titrations_holds_from_its_start_on_and_the_older_does_not_return(store):
    """4 weeks planned; from day 7 on a shorter plan of 3 evenings takes its place."""
    titrated(store)
    titrated(store, day(7), Step(3.0, 3))
    found = [titration_in_force(store, day(n)) for n in (6, 7, 9, 10, 20)]
    assert [plan.steps[0].dose_mg if plan else None for plan in found] == [1.5, 3.0, 3.0, None, None]


def test_a_titration_that_was_planned_first_and_begins_later_holds_too(store):
    titrated(store, day(14), Step(3.0, 14))
    titrated(store, TODAY, Step(1.5, 14))
    assert [plan_tonight(store, day(n)).dose_mg for n in (13, 14)] == [1.5, 3.0]


def test_a_diary_that_has_both_from_before_says_so_on_every_day_of_both(store):
    """The titration of another store was kept beside the trial, as an older program did."""
    made = titrated(store, day(3), Step(3.0, 5)).kept
    end_titration(store, TODAY)
    locked_trial(store, run_in=3)
    documents.keep(store, documents.TITRATION, made)
    said = [two_plans_on(store, protocol.history(store), day(n)) for n in (2, 3, 7, 8)]
    assert [bool(words) for words in said] == [False, True, True, False]
    assert "never meant together" in said[1]
    end_titration(store, TODAY)
    assert two_plans_on(store, protocol.history(store), day(3)) == ""


def test_the_steps_that_are_shown_are_those_that_hold(store):
    """1.5 mg for 14 days, then 3 mg; on day 5 the prescriber says 4.5 mg from day 8 on, for ten days."""
    titrated(store)
    titrated(store, day(8), Step(4.5, 10), today=day(5))
    shown = [(each.dose_mg, each.first_day, each.last_day) for each in steps_in_force(store, day(5))]
    assert shown == [(1.5, TODAY, day(7)), (4.5, day(8), day(17))]
    assert all(plan_tonight(store, day(n)).dose_mg == mg for mg, first, last in shown
               for n in range((first - TODAY).days, (last - TODAY).days + 1))  # fmt: skip
    assert plan_tonight(store, day(18)).source == "none"
    end_titration(store, day(6))
    assert steps_in_force(store, day(6)) == ()
