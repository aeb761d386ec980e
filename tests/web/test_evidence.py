"""Evidence in the app: no diary is needed, every number leads to its row and its source, and a doctor's page prints."""

import re

import pytest

from nightdose.knowledge.comparisons import conditions


@pytest.mark.parametrize("condition", [c.id for c in conditions().values() if c.names])
def test_every_condition_has_its_page(browser, condition):
    shown = browser.get(f"/evidence?condition={condition}")
    assert shown.status == 200
    assert conditions()[condition].would_change[:20] in shown.text


def test_a_number_leads_to_its_row_and_the_row_to_its_source(browser):
    text = browser.get("/evidence?condition=fibromyalgia").text
    links = re.findall(r'<a href="#([\w.-]+)">', text)
    assert "FM-INNOVA2026.1" in links
    for link in links:
        row = re.search(rf'<li id="{re.escape(link)}">.*?</li>', text, re.DOTALL)
        assert 'href="https://' in row.group()


@pytest.mark.parametrize("condition", [c.id for c in conditions().values() if c.names])
def test_a_pooled_number_leads_to_its_trials_and_they_to_their_sources(browser, condition):
    """Two clicks: from the sentence or the heading of a comparison to its trials, from each of them to its source."""
    text = browser.get(f"/evidence?condition={condition}").text
    for part in re.findall(r'<section class="comparison" id="([\w-]+)">(.*?)</section>', text, re.DOTALL):
        name, body = part
        lead = re.search(r'<p class="lead">.*?</p>', body, re.DOTALL)[0]
        assert f'href="#{name}-trials"' in lead
        trials = re.search(rf'<details open id="{name}-trials">.*?</details>', body, re.DOTALL)[0]
        rows = re.findall(r"<li>.*?</li>", trials, re.DOTALL)
        assert rows
        assert all("Made from:" in row and 'href="http' in row for row in rows)
        others = re.findall(r"<dt>pool of others:.*?</dd>", body, re.DOTALL)
        assert all('href="http' in row for row in others)


def test_the_list_has_its_date_and_leads_on(browser):
    text = browser.get("/evidence").text
    assert "searched up to 2026-11-27" in text
    for path in ("/evidence?condition=ms", "/evidence/claims", "/evidence/page", "/evidence/save"):
        assert f'href="{path}"' in text
    assert "nothing here says which dose" in text


def test_a_question_is_looked_up(browser):
    text = browser.get("/evidence?question=morning+or+night").text
    assert "No study compared morning with night" in text
    assert "A1" in text
    assert "Ask with other words" in browser.get("/evidence?question=zebra").text
    assert "&lt;script&gt;" in browser.get("/evidence?question=%3Cscript%3E").text


def test_every_claim_can_be_read(browser):
    text = browser.get("/evidence/claims").text
    for id in ("C1", "C68", "A1"):
        assert f'id="{id}"' in text


def test_the_doctors_page_stands_alone(browser):
    page = browser.get("/evidence/page?condition=ms")
    assert "Cree 2010" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "attachment" in browser.get("/evidence/save?condition=ms").headers["content-disposition"]
    assert "C68" in browser.get("/evidence/page").text


def test_an_unknown_condition_is_a_sentence(browser):
    shown = browser.get("/evidence?condition=gout")
    assert shown.status == 422
    assert "no such condition" in shown.text


def test_a_program_gets_the_same(browser):
    found = browser.get("/evidence?condition=fibromyalgia&format=json").json
    assert found["part"]["sections"][0]["trials"][0]["name"] == "FINAL 2024"


def test_the_place_stands_behind_more(browser):
    assert 'href="/evidence"' in browser.get("/more").text


def test_an_answer_in_the_app_leads_to_its_source(browser):
    text = browser.get("/evidence?question=alcohol").text
    answer = re.search(r'<section class="condition question">.*?</section>', text, re.DOTALL)[0]
    assert "What about alcohol?" in answer
    assert 'href="https://' in answer
