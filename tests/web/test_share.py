"""Share: all that the file would say is shown first; the file is one that a pool accepts."""

import datetime
import json

import pytest

from nightdose.pooling.contribution import Answered
from nightdose.pooling.reading import Received, read_line
from nightdose.web.example import fill

SAID = {"condition": "fibromyalgia", "age": "40", "sex": ""}


@pytest.fixture
def kept(store, clock):
    fill(store, clock().date() - datetime.timedelta(days=1))
    return store


def test_everything_is_shown_before_there_is_a_file(browser, kept):
    answer = browser.post("/share", SAID)
    assert answer.status == 200
    for words in (
        "All that this file would say",
        "fibromyalgia",
        "40 to below 50",
        "Sd of your own days",
        "Save this file",
    ):
        assert words in answer.text


def test_the_file_is_a_contribution_that_a_pool_accepts(browser, kept):
    saved = browser.file_of(browser.post("/share", {**SAID, "act": "save"}))
    assert "attachment" in saved.headers["content-disposition"]
    found = read_line("", saved.body.decode().strip())
    assert isinstance(found, Received)
    assert isinstance(found.content, Answered)
    assert (found.content.asked.condition, found.content.sex) == ("fibromyalgia", None)
    assert json.loads(saved.body)["age"] == [40.0, 50.0]


def test_an_empty_diary_has_nothing_to_share(browser, store):
    assert "Nothing is recorded yet" in browser.post("/share", SAID).text


def test_a_locked_trial_can_be_registered_and_a_diary_without_one_offers_nothing_of_it(browser, kept):
    assert "Only register" in browser.get("/share").text
    saved = browser.file_of(browser.post("/share", {**SAID, "act": "save_plan"}))
    assert json.loads(saved.body)["kind"] == "registration"


def test_without_a_trial_there_is_nothing_to_register(browser, store):
    assert "Only register" not in browser.get("/share").text
    assert browser.post("/share", {**SAID, "act": "register"}).status == 422


def test_the_evidence_leads_to_it(browser):
    assert 'href="/share"' in browser.get("/evidence").text
