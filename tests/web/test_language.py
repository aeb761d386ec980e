"""Every page in the reader's language: chosen here, else what the browser asks for; no word past the catalogue."""

import re

import pytest
from tests.language.pseudo import OPEN, PSEUDO, Shown, never_said
from tests.web.browser import Browser

from nightdose.language.catalogue import reading_in
from nightdose.web.app import GET, create_app
from nightdose.web.contexts.frame import KEYS
from nightdose.web.desk import Desk
from nightdose.web.example import example_desk
from nightdose.web.language import wanted
from nightdose.web.security import Doors, Place

# no page, or a document whose own words are held elsewhere (tests/report, tests/letter); what is claimed of the drug
# and others' trials are data in English
ELSEWHERE = (
    "/data/everything.zip", "/data/days.csv", "/plan/calendar.ics", "/plan/protocol", "/plan/sealed-order.age",
    "/letter/pdf", "/letter/save", "/letter/page", "/letter/package", "/letter/fhir",
    "/evidence/save", "/evidence/page", "/evidence/claims", "/answer/report",
)  # fmt: skip
# the same in every language: names of programs, outcomes as they were chosen, medicines, languages, units
NAMES = (
    "nightdose", "naltrexone", "Naltrexone", "Pain", "Fatigue", "Sleep trouble", "ibuprofen",
    "vivid dreams", "vitamin D", "a cold", "capsule", "English", "Deutsch", "mg", "UTC", "vitamin_d_mg",
    # of the example's label, which is drawn on two lines
    "EXAMPLE: a simulated diary of nobody.", "Look around; nothing you change here is", "kept.",
)  # fmt: skip
# titles as they were published, and four words that stand for a hash
AS_THEY_ARE = re.compile(r'<p class="small soft">.*?</p>|<dt>[^<]*To compare[^<]*</dt><dd>.*?</dd>', re.DOTALL)


def test_a_page_is_in_the_language_that_the_browser_asks_for(browser, store):
    browser.languages = "fr-CH, de-CH;q=0.9, en;q=0.8"
    page = browser.get("/").text
    assert '<html lang="de">' in page
    assert "Noch nicht bekannt" in page or "Speichern" in page


def test_a_language_that_was_chosen_stays_chosen_and_goes_back_to_the_page(browser, store):
    browser.languages = "en"
    answer = browser.post("/language", {"language": "de", "path": "/plan"})
    assert '<html lang="de">' in answer.text
    assert "<h1>Plan</h1>" in answer.text
    assert '<html lang="de">' in browser.get("/timeline").text
    assert '<html lang="en">' in browser.post("/language", {"language": "en", "path": "//elsewhere.example"}).text


def test_a_language_that_is_not_there_is_refused_in_a_sentence(browser, store):
    answer = browser.post("/language", {"language": "tlh", "path": "/"})
    assert answer.status == 422
    assert "&#39;tlh&#39; is not a language of nightdose" in answer.text


def test_a_diary_that_is_locked_or_not_there_is_german_too(tmp_path, doors):
    newcomer = Browser(create_app(Desk(tmp_path / "none.db"), Place.loopback(8765), doors), doors.new_token())
    newcomer.languages = "de"
    assert "Mein eigenes Tagebuch beginnen" in newcomer.get("/").text
    assert "Dieses Fenster gehört noch nicht zu Ihrem Tagebuch" in Browser(newcomer.app).get_in("de").text


@pytest.mark.parametrize(
    ("header", "order"),
    [("", [""]), ("de", ["de"]), ("en;q=0.5, de-AT", ["de", "en"]), ("de;q=0, en", ["en"]), ("x;q=hot, en", ["en"])],
)
def test_languages_are_read_in_the_order_in_which_they_are_wanted(header, order):
    assert wanted(header) == order


@pytest.fixture(scope="module")
def example():
    desk, doors = example_desk(), Doors()
    yield Browser(create_app(desk, Place.loopback(8765), doors), doors.new_token())
    desk.close()


def unsaid(html):
    html = AS_THEY_ARE.sub("", html)
    keys = [key for pair in KEYS for key in pair if len(key) == 1]
    return [word for piece in Shown(html).pieces for word in never_said(piece, (*NAMES, *keys))]


@pytest.mark.parametrize("path", sorted(set(GET) - set(ELSEWHERE)))
def test_every_word_of_a_page_is_said_through_the_catalogue(example, path):
    """The example's pages in a language that only marks: what does not stand in brackets was never said."""
    with reading_in(PSEUDO):
        page = example.get(path, follow=False)
        while page.status in (302, 303):
            page = example.get(page.headers["location"], follow=False)
    assert OPEN in page.text
    assert unsaid(page.text) == []


def test_plain_averages_and_units_are_german(example):
    example.languages = "de"
    page = example.get("/answer").text
    example.languages = ""
    assert re.search(r"<th scope=\"row\">ohne</th><td>\d,\d Punkte</td>", page)
    assert "point" not in " ".join(Shown(page).pieces)
