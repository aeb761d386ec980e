"""The Letter page: the person's choices are kept, shown, and at once on the letter."""

import datetime

import pytest

from nightdose.letter.verify import verify
from nightdose.web.example import fill

CHOSEN = {"name": "Kim K.", "condition": "migraine", "tried": "topiramate, 100 mg, 6 months, word finding\npropranolol",
          "bad_line": "6,5", "notes": "Mornings are worst.", "dates": "no", "others": "yes"}  # fmt: skip


@pytest.fixture
def kept(store, clock):
    fill(store, clock().date() - datetime.timedelta(days=1))
    return store


def test_what_is_chosen_is_kept_and_stands_on_the_letter(browser, kept):
    browser.post("/letter", CHOSEN)
    again = browser.get("/letter?done=kept")
    assert 'value="Kim K."' in again.text
    assert "topiramate, 100 mg, 6 months, word finding\npropranolol" in again.text
    letter = browser.get("/letter/page").text
    for words in (
        "Kim K., migraine",
        "word finding",
        "propranolol",
        "6.5 or more",
        "Mornings are worst.",
        "calendar dates",
    ):
        assert words in letter
    assert "2026-" not in letter.split("</style>")[1].split('class="appendix"')[0]


def test_a_letter_of_an_empty_diary_is_a_sentence(browser, store):
    answer = browser.get("/letter/page")
    assert "Nothing is recorded yet" in answer.text
    assert answer.status == 200


@pytest.mark.parametrize(
    ("field", "words"), [("bad_line", "often"), ("bad_line", "99"), ("tried", ", 100 mg"), ("notes", "x" * 401)]
)
def test_what_cannot_be_read_is_asked_again_and_nothing_typed_is_lost(browser, kept, field, words):
    answer = browser.post("/letter", {**CHOSEN, field: words})
    assert answer.status == 422
    assert 'role="alert"' in answer.text
    assert "Mornings are worst." in answer.text or field == "notes"


def test_reading_the_letter_counts_as_a_look(browser, kept):
    browser.get("/letter/page")
    from nightdose.keeping.documents import LOOK, every

    assert len(every(kept, LOOK)) == 1


def test_a_letter_brings_its_own_policy_and_is_saved_as_a_file(browser, kept):
    saved = browser.get("/letter/save")
    assert "attachment" in saved.headers["content-disposition"]
    assert "script-src" not in saved.headers["content-security-policy"]


def test_the_letter_is_saved_as_a_pdf_that_carries_its_own_proof(browser, kept):
    assert "/letter/pdf" in browser.get("/letter").text
    saved = browser.get("/letter/pdf")
    assert saved.headers["content-type"] == "application/pdf"
    assert verify(saved.body).agrees
