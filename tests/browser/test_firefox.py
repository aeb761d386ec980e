"""The app in Firefox ESR: first run, an evening, the answer, the letter. NIGHTDOSE_TEST_BROWSER=firefox runs all."""

import pytest
from tests.browser.test_app import entries, first_run

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def page(firefox):
    context = firefox.new_context(viewport=PHONE)
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def test_the_first_run_and_an_evening_within_one_screen(page, served):
    assert first_run(page, served) == 5
    assert page.evaluate("document.documentElement.scrollHeight") <= PHONE["height"]
    for key in ("4", "7", "-"):
        page.keyboard.press(key)
    page.get_by_role("button", name="Save").click()
    assert page.get_by_role("status").inner_text().startswith("Kept.")
    assert [e["value"] for e in entries(served)] == [4.0, 7.0, 10.0]


def test_the_answer_and_the_letter_of_the_example(page, example):
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.goto(example.address)
    for path, words in (("/answer", "Does it help me"), ("/letter", "Letter"), ("/letter/page", "EXAMPLE"),
                        ("/timeline", "Timeline"), ("/dose", "dose")):  # fmt: skip
        page.goto(example.home + path)
        assert words.casefold() in page.locator("body").inner_text().casefold(), path
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
    assert said == []
