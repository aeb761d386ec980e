"""Every link and form of every page leads to an address that there is."""

import re

import pytest
from tests.web.browser import Browser

from nightdose.web.app import GET, POST, create_app
from nightdose.web.example import example_desk
from nightdose.web.security import Doors, Place

FILES = (".zip", ".csv", ".ics")


@pytest.fixture(scope="module")
def pages():
    """Address -> the page of the example, for every address that gives one."""
    doors = Doors()
    browser = Browser(create_app(example_desk(), Place.loopback(8765), doors), doors.new_token())
    found = {}
    for path in GET:
        if not path.endswith(FILES) and not path.startswith(("/letter/", "/evidence/")):
            answer = browser.get(path)
            if answer.status == 200 and "text/html" in answer.headers.get("content-type", ""):
                found[path] = answer.text
    return found


def test_every_link_and_form_leads_to_an_address_that_there_is(pages):
    assert len(pages) > 12
    lost = {}
    for path, page in pages.items():
        links = {url.split("?")[0].split("#")[0] for url in re.findall(r'<a [^>]*href="(/[^"]*)"', page)}
        forms = {url.split("?")[0] for url in re.findall(r'<form method="post" action="(/[^"]*)"', page)}
        gone = {url for url in links if url and url not in GET} | {url for url in forms if url not in POST}
        if gone:
            lost[path] = sorted(gone)
    assert lost == {}


def test_no_page_shows_a_piece_of_program(pages):
    """A word that was wrapped wrongly shows its wrapping."""
    shown = {path: found for path, page in pages.items() if (found := re.findall(r"(?:mark|say|say_count)\(", page))}
    assert shown == {}
