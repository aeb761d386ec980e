"""The answer page: how much first, one sentence, fifty dots; looks counted, a running trial closed."""

import datetime

import pytest
from tests.keeping.people import locked_trial, new_diary
from tests.web.browser import Browser
from tests.web.conftest import NOW

from nightdose.diary.entry import Entry, Outcome
from nightdose.keeping import documents, kept_answer, settings
from nightdose.keeping.documents import LOOK
from nightdose.keeping.kept_answer import kept_diary
from nightdose.web.app import GET, create_app
from nightdose.web.desk import Desk
from nightdose.web.example import LABEL, fill
from nightdose.web.security import Place

TODAY = NOW.date()


@pytest.fixture
def example(desk):
    """The example's diary: a blinded trial of 182 days that ended last night."""
    fill(desk.store(), TODAY - datetime.timedelta(days=1))
    return desk.store()


def test_how_much_was_recorded_comes_before_the_answer(browser, example):
    page = browser.get("/answer").text
    assert page.index("days recorded") < page.index('class="word"')
    assert "Fifty equally likely truths" in page


def test_the_json_twin_and_the_page_say_the_same(browser, example):
    page, twin = browser.get("/answer").text, browser.get("/answer?format=json").json
    assert twin["word"] in page
    assert twin["sufficiency"] in page
    assert twin["outcome"] == "Pain"
    assert twin["deciding"]


def test_another_outcome_is_answered_and_marked_as_not_deciding(browser, example):
    assert "more one looks at" in browser.get("/answer?outcome=Fatigue").text


def test_a_look_is_counted_once_a_day(browser, example, clock):
    browser.get("/answer")
    browser.get("/answer")
    assert "first time" in browser.get("/answer").text
    clock.now += datetime.timedelta(days=7)
    assert "on 2 different days" in browser.get("/answer").text
    assert len(documents.every(example, LOOK)) == 2


def test_the_diary_is_read_once_for_the_answer_of_a_day(browser, example, monkeypatch):
    """That it was looked at is written down meanwhile, and counted already; an evening more is read anew."""
    read = []
    monkeypatch.setattr(kept_answer, "kept_diary", lambda store: read.append(1) or kept_diary(store))
    for _ in range(2):
        browser.get("/answer")
    browser.get("/answer/report")
    assert len(read) == 1
    example.add(Entry(TODAY, "score", "Pain", 3.0))
    browser.get("/answer")
    assert len(read) == 2


def test_the_report_is_one_page_with_its_own_policy(browser, example):
    report = browser.get("/answer/report")
    assert report.headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert report.text.startswith("<!doctype html>")


def test_before_anything_is_recorded_the_page_says_what_to_do(browser, store):
    page = browser.get("/answer").text
    assert "Does it help me?" in page
    assert "Tonight" in page


def test_scores_without_a_dose_have_nothing_to_compare(browser, store):
    store.add(Entry(TODAY, "score", "Pain", 4.0))
    assert "nothing to compare" in browser.get("/answer").text


@pytest.mark.parametrize("outcome", ["nothing", "<script>alert(1)</script>", "%00", "a" * 3000])
def test_an_outcome_that_is_not_there_is_a_sentence(browser, example, outcome):
    answer = browser.get("/answer", query=f"outcome={outcome}")
    assert answer.status in (200, 422)
    assert "<script>alert" not in answer.text


def test_what_is_worth_having_is_what_the_person_said(browser, example):
    settings.choose_outcome(example, Outcome("Fatigue", "0-10", "lower", worth=2.5))
    assert "2.5 points" in browser.get("/answer?outcome=Fatigue").text


def test_the_certificate_is_a_piece_of_work_that_can_be_stopped(browser, example, desk):
    browser.get("/answer")
    assert "Stop it" in browser.post("/answer/certify", {"outcome": "Pain"}).text
    assert "Ask for the certificate" in browser.post("/answer/stop", {"outcome": "Pain"}).text


def test_a_slow_machine_counts_fewer_dummy_diaries(browser, example, desk):
    desk.dummies = 2
    browser.post("/answer/certify", {"outcome": "Pain"})
    assert desk.jobs.wait(1, 120).result.n == 2


def test_the_example_says_that_it_is_simulated():
    assert "simulated" in LABEL


def test_the_example_is_a_blinded_trial_so_that_its_ceiling_is_high(browser, example):
    assert browser.get("/answer?format=json").json["ceiling"].startswith("high")
    assert "Revealed" not in browser.get("/plan").text
    assert "revealed" in browser.get("/plan").text


def test_the_questions_stand_in_the_order_in_which_people_ask(browser, example):
    page = browser.get("/answer").text
    places = [
        page.index(words)
        for words in (
            "days recorded", 'class="word"', "Fifty equally likely truths", 'class="big"', "How long until I know?",
            "Did something else do it?", "The most that this design can show:</strong>",
            "Can I tell hope from effect?", "What now?", "has been read", "Day by day",
        )
    ]  # fmt: skip
    assert places == sorted(places)


def test_a_diary_that_can_never_tell_says_so_under_how_long(browser, store):
    for back in range(60, 0, -1):
        day = TODAY - datetime.timedelta(days=back)
        store.add(Entry(day, "score", "Pain", float(back % 6)), Entry(day, "dose", "naltrexone", 4.5, "mg", "taken"))
    twin = browser.get("/answer?format=json").json
    assert twin["how_long"][0].startswith("Never from days like these")


@pytest.fixture
def waiting(tmp_path, clock, doors):
    """An open trial of three pairs, 40 evenings in: its answer is planned for later."""
    first = TODAY - datetime.timedelta(days=40)
    store = new_diary(tmp_path / "waiting.db", answered=first)
    locked_trial(store, start=first, today=first, blinded=False, run_in=0)
    for i in range(40):
        day = first + datetime.timedelta(days=i)
        store.add(Entry(day, "score", "pain", 8.0 - 4 * (i >= 28)))
        store.add(Entry(day, "dose", "naltrexone", 4.5 * (i >= 28), unit="mg", status="taken" if i >= 28 else "missed"))
    store.close()
    desk = Desk(tmp_path / "waiting.db", clock=clock)
    yield Browser(create_app(desk, Place.loopback(8765), doors), doors.new_token()), desk
    desk.close()


def test_what_a_running_trial_says_is_read_nowhere_before_a_look_is_recorded(waiting):
    """Report, certificate, letter, share and every other page: the improvement stands in none of them."""
    browser, desk = waiting
    assert "still running" in browser.get("/answer").text
    for path in GET:
        page = browser.get(path)
        assert b"would have been without" not in page.body, path
        assert b"Plain averages" not in page.body, path
    browser.post("/answer/certify", {"outcome": "pain"})
    assert not documents.every(desk.store(), LOOK)
    assert "still running" in browser.get("/answer").text


def test_a_report_that_may_be_read_counts_as_a_look(waiting):
    browser, desk = waiting
    browser.post("/answer/look")
    assert b"Plain averages" in browser.get("/answer/report").body
    assert len(documents.every(desk.store(), LOOK)) == 1


def test_a_report_read_on_another_day_is_another_look(browser, example, clock):
    browser.get("/answer/report")
    clock.now += datetime.timedelta(days=7)
    browser.get("/answer/report")
    assert len(documents.every(example, LOOK)) == 2
