"""The evening's one screen: kept once, taken back, filled in later, never lost."""

import datetime

import pytest
from tests.keeping.people import new_diary, sealed_trial
from tests.web.browser import Browser

from nightdose.diary.entry import Entry
from nightdose.keeping import settings
from nightdose.knowledge.interactions import questions
from nightdose.web.app import create_app
from nightdose.web.desk import Desk
from nightdose.web.security import Place

EVENING = {"once": "form-number-1", "day": "2026-11-27", "score:Pain": "4", "score:Fatigue": "6", "note": "rain"}


def kept(store):
    return [(row.entry.kind, row.entry.item, row.entry.value) for row in store.entries()]


def test_an_evening_is_kept_and_shown(browser, store):
    answer = browser.post("/", EVENING)
    assert answer.status == 200
    assert "Kept." in answer.text
    assert "Pain 4" in answer.text
    assert kept(store) == [("score", "Pain", 4.0), ("score", "Fatigue", 6.0), ("note", "note", None)]


def test_the_same_form_twice_is_kept_once(browser, store):
    browser.post("/", EVENING)
    browser.post("/", EVENING)
    assert len(store.history()) == 3


def test_undo_takes_it_back_and_a_changed_score_gets_its_old_value_again(browser, store):
    store.add(Entry(datetime.date(2026, 11, 27), "score", "Pain", 9.0))
    browser.post("/", EVENING)
    numbers = [row.number for row in store.entries() if row.entry.value != 9.0 or row.corrects]
    assert ("score", "Pain", 4.0) in kept(store)
    assert "taken out again" in browser.post("/undo", [("number", str(n)) for n in numbers]).text
    assert kept(store) == [("score", "Pain", 9.0)]


def test_a_wrong_answer_keeps_what_was_typed_and_writes_nothing(browser, store):
    answer = browser.post("/", {**EVENING, "score:Fatigue": "11"})
    assert answer.status == 422
    assert "outside the scale" in answer.text
    assert 'value="4" aria-label="Pain 4 of 10" checked' in answer.text
    assert ">rain</textarea>" in answer.text
    assert kept(store) == []


def test_a_second_dose_is_asked_about(browser, store):
    for n in range(1, 4):
        store.add(Entry(datetime.date(2026, 11, 27 - n), "dose", "naltrexone", 4.5, "mg", "taken"))
    store.add(Entry(datetime.date(2026, 11, 27), "dose", "naltrexone", 4.5, "mg", "taken"))
    evening = {"once": "form-number-2", "day": "2026-11-27", "dose": "taken", "dose:mg": "3"}
    answer = browser.post("/", evening)
    assert answer.status == 422
    assert "instead of it, or a second one?" in answer.text
    browser.post("/", {**evening, "repeat": "instead"})
    doses = [v for kind, _, v in kept(store) if kind == "dose"]
    assert sorted(doses) == [3.0, 4.5, 4.5, 4.5]


def test_an_evening_that_was_missed_is_named_and_written_as_later(browser, store):
    store.add(Entry(datetime.date(2026, 11, 24), "score", "Pain", 5.0))
    page = browser.get("/").text
    assert "Yesterday" in page
    later = browser.get("/?day=2026-11-25").text
    assert "written down later" in later


@pytest.mark.parametrize("day", ["2026-11-28", "tomorrow", "0001-01-01", "x" * 300, "<script>"])
def test_a_day_that_cannot_be_is_a_sentence(browser, store, day):
    answer = browser.get("/", query=f"day={day}")
    assert answer.status == 422
    assert "<script>" not in answer.text.replace('<script src="/static/app.js" defer>', "")


def test_after_midnight_it_is_still_the_evening_before(browser, store, clock):
    clock.now = datetime.datetime(2026, 11, 28, 0, 40, tzinfo=datetime.UTC)
    assert "Friday 27 November" in browser.get("/").text


def test_a_logged_opioid_is_answered_at_once(browser, store):
    store.add(Entry(datetime.date(2026, 11, 20), "rescue", "ibuprofen", 400.0, "mg", "taken"))
    answer = browser.post("/", {**EVENING, "rescue": "tramadol 50 mg"})
    assert "tramadol" in answer.text.lower()
    assert 'class="stop"' in answer.text


def test_earlier_evenings_can_be_hidden_and_shown_again(browser, store):
    """For whom the list of empty evenings is one more thing that was not done."""
    store.add(Entry(datetime.date(2026, 11, 24), "score", "Pain", 5.0))
    assert "Yesterday" in browser.get("/").text
    hidden = browser.post("/tonight", {"hidden": "yes"}).text
    assert "Yesterday" not in hidden
    assert "The answer so far" not in browser.post("/", EVENING).text
    assert "Yesterday" in browser.post("/tonight", {"hidden": ""}).text


def test_the_same_evening_saved_again_keeps_what_is_new_and_warns_of_it(browser, store):
    """No plan and no earlier dose: 'Taken' stands chosen with an empty amount, and says nothing that is new."""
    browser.post("/", {**EVENING, "dose": "taken", "dose:mg": "1.5"})
    again = browser.post("/", {**EVENING, "once": "form-number-2", "dose": "taken", "note": "cough syrup with codeine"})
    assert again.status == 200
    assert "codeine" in again.text.split('role="alert"')[1].split("</div>")[0]
    doses = [row.entry.value for row in store.entries(kind="dose")]
    assert doses == [1.5]


def test_a_state_that_was_changed_is_kept(browser, store):
    browser.post("/", {**EVENING, "dose": "taken", "dose:mg": "1.5"})
    asked = browser.post("/", {**EVENING, "once": "form-number-2", "dose": "missed"})
    assert "instead of it" in asked.text
    browser.post("/", {**EVENING, "once": "form-number-2", "dose": "missed", "repeat": "instead"})
    assert [row.entry.status for row in store.entries(kind="dose")] == ["missed"]


def test_a_listed_opioid_stands_before_the_evening_and_answers_a_dose_taken_beside_it(browser, store):
    """Without any plan. Not taken is no reason for an alarm."""
    browser.post("/plan/gates", {"act": "medicine", "name": "Tilidin"})
    assert "tilidin" in browser.get("/").text.split("<form")[0].lower()
    missed = browser.post("/", {**EVENING, "dose": "missed"})
    assert 'role="alert"' not in missed.text
    taken = browser.post(
        "/", {**EVENING, "once": "form-number-2", "dose": "taken", "dose:mg": "4.5", "repeat": "instead"}
    )
    assert "tilidin" in taken.text.split('role="alert"')[1].split("</div>")[0].lower()


def test_the_capsule_of_a_closed_box_is_written_down_without_an_amount(tmp_path, clock, doors):
    """The first evening of the fourth box, answers twelve weeks old: one sentence for all questions, then the form."""
    first = clock.now.date()
    kept = new_diary(tmp_path / "trial.db", answered=first)
    sealed_trial(kept, today=first, start=first, run_in=0)
    kept.close()
    clock.now += datetime.timedelta(days=84)
    desk = Desk(tmp_path / "trial.db", clock=clock)
    browser = Browser(create_app(desk, Place.loopback(8765), doors), doors.new_token())
    page = browser.get("/").text
    assert page.split("<form")[0].count('class="stop') == 1
    assert "questions wait for an answer" in page
    saved = browser.post("/", {"once": "form-number-1", "score:pain": "4", "dose": "taken"})
    assert saved.status == 200
    (dose,) = (row.entry for row in desk.store().entries(kind="dose"))
    assert (dose.item, dose.value, dose.status) == ("capsule", None, "taken")
    desk.close()


def test_an_evening_that_was_left_empty_says_that_nothing_was_written(browser, store):
    assert "Nothing new was written" in browser.post("/", {"day": "", "once": "abcdefghijklmnopqrstuv"}).text


@pytest.mark.parametrize("language", ["en", "de"])
def test_who_begins_after_midnight_has_an_evening_to_write(browser, store, clock, language):
    """At 00:40 the evening is still that of yesterday, and the safety questions have today's date."""
    clock.now = datetime.datetime(2026, 11, 28, 0, 40, tzinfo=datetime.UTC)
    settings.set_day(store, zone="UTC")
    browser.languages = language
    browser.post("/plan/gates", {"act": "answer", "complete": "yes", **{f"q:{q.id}": "no" for q in questions()}})
    assert browser.get("/").status == 200
    assert 'name="day" value="2026-11-27"' in browser.get("/").text


def test_after_a_flight_to_the_west_the_evening_is_there(browser, store, clock):
    """Answered in Auckland, where it is tomorrow already; the diary then moves to Los Angeles."""
    settings.set_day(store, zone="Pacific/Auckland")
    browser.post("/plan/gates", {"act": "answer", "complete": "yes", **{f"q:{q.id}": "no" for q in questions()}})
    settings.set_day(store, zone="America/Los_Angeles")
    assert browser.get("/").status == 200
    assert browser.get("/plan").status == 200


def test_an_entry_of_a_day_to_come_is_said_and_the_evening_is_written_all_the_same(browser, store):
    """The computer's clock was a month ahead when a dose of codeine was written."""
    store.add(Entry(datetime.date(2026, 12, 27), "rescue", "codeine", 30, "mg", "taken"))
    page = browser.get("/")
    assert page.status == 200
    assert "which has not come yet" in page.text
    saved = browser.post("/", {**EVENING, "dose": "taken", "dose:mg": "4.5"})
    assert saved.status == 200
    assert "Kept." in saved.text


@pytest.mark.parametrize("typed", ["4.5", "4,5", "4,5 mg", "4.5mg", "4500 mcg", "4500 µg"])
def test_the_amount_of_a_dose_is_read_with_its_unit(browser, store, typed):
    saved = browser.post("/", {**EVENING, "dose": "taken", "dose:mg": typed})
    assert "naltrexone 4.5 mg taken" in saved.text or "naltrexone 4500" in saved.text


@pytest.mark.parametrize("typed", ["two capsules", "1,5 + 3", "-3", "4.5 ml"])
def test_an_amount_that_is_none_is_asked_about(browser, store, typed):
    assert browser.post("/", {**EVENING, "dose": "taken", "dose:mg": typed}).status == 422


def test_an_amount_that_was_written_is_said_as_it_was_written(browser, store):
    """4.25 and 12.75 have more digits than a measurement would be said with; a dose is not one."""
    for amount, said in (("4.25", "4.25 mg"), ("2.75", "2.75 mg")):
        once = f"form-number-{amount}"
        kept = browser.post("/", {**EVENING, "once": once, "dose": "taken", "dose:mg": amount, "repeat": "instead"})
        assert f"naltrexone {said} taken" in kept.text
    assert "2.75 mg" in browser.get("/timeline").text
    assert "2.75 mg" in browser.get("/").text
