"""Everything that was recorded, with gaps as gaps; corrected where it stands."""

import datetime

import pytest

from nightdose.diary.entry import Entry


@pytest.fixture
def filled(store):
    for n in range(20):
        if n % 5:
            store.add(Entry(datetime.date(2026, 11, 7) + datetime.timedelta(n), "score", "Pain", float(n % 8)))
    store.add(Entry(datetime.date(2026, 11, 9), "dose", "naltrexone", 4.5, "mg", "taken"))
    store.add(Entry(datetime.date(2026, 11, 12), "event", "infection", text="a cold <b>"))
    return store


def test_the_picture_counts_what_was_recorded_and_leaves_gaps(browser, filled):
    page = browser.get("/timeline").text
    assert "Pain on 16" in page
    assert "Empty days stay empty" in page
    assert "a cold &lt;b&gt;" in page


def test_an_entry_is_corrected_where_it_stands_and_keeps_its_history(browser, filled):
    number = filled.entries(kind="score")[0].number
    assert browser.post("/entry", {"number": number, "act": "correct", "value": "9", "reason": "typo"}).status == 200
    row = filled.entries(kind="score")[0]
    assert (row.entry.value, row.entry.day, row.reason) == (9.0, datetime.date(2026, 11, 8), "typo")
    assert "Pain 1" in browser.get(f"/entry?number={row.number}").text


def test_a_day_can_be_corrected_but_not_into_the_future(browser, filled):
    number = filled.entries(kind="dose")[0].number
    assert "has not come yet" in browser.post("/entry", {"number": number, "act": "correct", "day": "2026-12-24"}).text
    browser.post("/entry", {"number": number, "act": "correct", "day": "2026-11-10"})
    assert filled.entries(kind="dose")[0].entry.day == datetime.date(2026, 11, 10)


def test_a_withdrawn_entry_is_gone_from_the_page_and_stays_in_the_history(browser, filled):
    row = filled.entries(kind="event")[0]
    assert "Taken out" in browser.post("/entry", {"number": row.number, "act": "withdraw"}).text
    assert filled.entries(kind="event") == ()
    assert any(r.number == row.number for r in filled.history())


def test_a_score_outside_its_scale_changes_nothing(browser, filled):
    number = filled.entries(kind="score")[0].number
    assert browser.post("/entry", {"number": number, "act": "correct", "value": "33"}).status == 422
    assert filled.entries(kind="score")[0].number == number


@pytest.mark.parametrize("query", ["number=", "number=99999", "number=-1", "number=%3Cscript%3E", "number=1e9"])
def test_an_entry_that_is_not_there_is_a_sentence(browser, filled, query):
    assert browser.get("/entry", query=query).status == 422


@pytest.mark.parametrize("query", ["days=30", "days=0", "days=abc", "days=3653", "to=2026-11-10", "to=0001-01-01"])
def test_any_stretch_of_days_is_drawn_or_said_no_to(browser, filled, query):
    assert browser.get("/timeline", query=query).status in (200, 422)


def test_an_empty_diary_says_how_to_begin(browser, store):
    assert "Begin with tonight" in browser.get("/timeline").text


def test_after_a_correction_the_page_stands_where_the_entry_is(browser, filled):
    number = filled.entries(kind="score")[0].number
    answer = browser.post("/entry", {"number": number, "act": "correct", "value": "9"}, follow=False)
    assert answer.headers["location"].endswith("#day-2026-11-08")
    page = browser.get(answer.headers["location"]).text
    assert '<details id="day-2026-11-08" open>' in page
    assert "Corrected" in page


def test_a_corrected_dose_is_asked_about_as_a_new_one_is_and_keeps_what_was_typed(browser, store):
    day = datetime.date(2026, 11, 26)
    store.add(Entry(day, "dose", "naltrexone", status="missed"), Entry(day, "dose", "LDN", 1.5, "mg", "taken"))
    form = {"number": "1", "act": "correct", "value": "45", "reason": "read the box again"}
    asked = browser.post("/entry", form)
    assert asked.status == 422
    assert "Is 4.5 mg meant" in asked.text
    assert 'value="45"' in asked.text
    second = browser.post("/entry", {**form, "said_again_mg": "45"})
    assert "instead of it, or a second one?" in second.text
    assert browser.post("/entry", {**form, "said_again_mg": "45", "repeat": "again"}).status == 200
    assert [(row.entry.value, row.entry.status) for row in store.entries(day=day)] == [(1.5, "taken"), (45.0, "taken")]
