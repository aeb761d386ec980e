"""What a dose does: two regimens over the same hours, one missed night, one's own doses before an operation."""

import datetime

import numpy as np
import pytest
from tests.web.conftest import NOW

from nightdose.diary.entry import Entry
from nightdose.keeping.own_doses import BEFORE_D, SHOWN_D, own_doses
from nightdose.mechanism.overview import SHOWN, overview
from nightdose.mechanism.people import Body
from nightdose.mechanism.population import Study
from nightdose.mechanism.regimen import parse_regimen
from nightdose.mechanism.stopping import missed_night
from nightdose.web.example import fill
from nightdose.web.views.dose_curves import beside_each_other

TODAY = NOW.date()


def study(words, people=6):
    return Study(parse_regimen(words), 14, people, Body(), SHOWN)


def dose(back, mg=3.0, clock=None, status="taken"):
    day = TODAY - datetime.timedelta(days=back)
    at = None if clock is None else datetime.datetime.combine(day, clock, datetime.UTC)
    return Entry(day, "dose", "naltrexone", mg if status == "taken" else None, "mg" if mg else "", status, at=at)


def test_two_regimens_lie_over_the_same_hours_of_the_clock():
    night, morning = overview(study("4.5mg@22:00")), overview(study("4.5mg@08:00"))
    panel = beside_each_other(night, morning)[0]
    for curve in panel.curves:
        np.testing.assert_array_equal(curve.x, panel.curves[0].x)
    own, moved = morning.panels[0].curves[0], panel.curves[2]
    at_noon = float(np.interp(12.0, own.x % 24, own.middle, period=24))
    assert float(moved.middle[list(moved.x % 24).index(12.0)]) == pytest.approx(at_noon, abs=1e-9)


def test_a_missed_night_leaves_less_block_and_it_comes_back():
    panel, taken, missed = missed_night(study("4.5mg@22:00"), 10)
    every, one = panel.curves
    assert missed[1] < taken[1]
    np.testing.assert_allclose(every.middle[every.x < 0], one.middle[one.x < 0], atol=1e-6)
    gap = every.middle - one.middle
    assert gap[-1] < gap[list(every.x).index(23.0)]


def test_own_doses_are_those_of_the_diary_with_their_hours(store):
    store.add(dose(27), dose(3, clock=datetime.time(21, 30)), dose(2, status="missed"), dose(1), dose(40, mg=9.0))
    found = own_doses(store, TODAY)
    assert (found.taken, found.without, found.not_known, found.guessed_clock) == (2, 1, SHOWN_D - 3, 1)
    hours = [event.time_h for event in found.intake.events]
    assert hours == [22.0, 24.0 * (SHOWN_D + BEFORE_D - 4) + 21.5, 24.0 * (SHOWN_D + BEFORE_D - 2) + 22.0]


def test_without_a_dose_there_is_nothing_of_ones_own_to_show(browser, store):
    assert own_doses(store, TODAY) is None
    assert "My own doses" not in browser.get("/dose?own=yes").text


def test_before_an_operation_own_doses_stand_beside_what_is_known(browser, desk):
    fill(desk.store(), TODAY - datetime.timedelta(days=1))
    page = browser.get("/dose?own=yes").text
    assert "My own doses: " in page
    assert "after 72 hours" in page
    assert "neither says that it is safe" in page
    assert "they decide when to hold it" in page


def test_a_box_that_is_still_closed_shows_no_doses(browser, store, monkeypatch):
    """What is in the box would stand in the curve."""
    from nightdose.keeping import own_doses as module

    store.add(dose(1))
    monkeypatch.setattr(module, "box_on", lambda *_: object())
    assert module.own_doses(store, TODAY) is None


@pytest.mark.parametrize(
    "query", ["mg=3&clock=08:00", "regimen=1.5mg x14d, 3mg", "other=50mg@08:00", "mg=x", "mg=9999"]
)
def test_any_regimen_is_drawn_or_said_no_to(browser, store, query):
    answer = browser.get("/dose", query=query.replace(" ", "%20"))
    assert answer.status == (422 if query in ("mg=x", "mg=9999") else 200)
    assert "What one missed night changes" in answer.text or "x14d" in query


def test_a_dose_above_the_label_can_be_confirmed_and_every_refusal_is_in_the_readers_language(browser):
    refused = browser.get("/dose?regimen=4500mg")
    assert refused.status == 422
    assert 'name="confirm"' in refused.text
    assert browser.get("/dose?regimen=4500mg&confirm=yes").status == 200
    browser.post("/language", {"language": "de", "path": "/dose"})
    said = browser.get("/dose?regimen=4500mg").text
    assert "To simulate it all the same" not in said
