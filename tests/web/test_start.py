"""The first run: under ten acts from nothing to the first evening, encrypted unless the person says otherwise."""

import pytest
from tests.web.browser import Browser

from nightdose.diary.kept.files import key_file
from nightdose.keeping import settings
from nightdose.web.app import create_app
from nightdose.web.desk import Desk
from nightdose.web.security import Place

WORDS = "correct horse battery"
PAIN = {"name-0": "Pain", "scale-0": "0-10", "better-0": "lower", "worth-0": "1.5", "chosen-0": "yes"}


@pytest.fixture
def fresh(tmp_path, clock):
    """No diary yet, in a folder that is not there yet."""
    return Desk(tmp_path / "new" / "diary.db", clock=clock)


@pytest.fixture
def newcomer(fresh, doors):
    return Browser(create_app(fresh, Place.loopback(8765), doors), doors.new_token())


def test_a_newcomer_is_welcomed_and_leaves_with_an_encrypted_diary(newcomer, fresh):
    assert "Does this medicine help" in newcomer.get("/").text
    made = newcomer.post("/start/key", {"words": WORDS, "again": WORDS})
    assert "Write this down now" in made.text
    assert newcomer.post("/start/outcomes", PAIN).status == 200
    assert "Pain" in newcomer.get("/").text
    assert not fresh.path.read_bytes().startswith(b"SQLite format 3")
    assert settings.outcomes(fresh.store())["Pain"].worth == 1.5


def test_the_recovery_key_is_shown_once_and_opens_the_diary(newcomer, fresh):
    made = newcomer.post("/start/key", {"words": WORDS, "again": WORDS})
    key = made.text.split('id="recovery-key">')[1].split("<")[0]
    assert key not in newcomer.get("/start/key").text
    newcomer.post("/lock")
    opened = newcomer.post("/unlock", {"path": "/", "unlock_words": key, "unlock_by": "recovery"}, follow=False)
    assert opened.status == 303
    assert fresh.state == "open"


@pytest.mark.parametrize(("words", "again"), [(WORDS, WORDS + "x"), ("short", "short"), ("", "")])
def test_a_passphrase_that_does_not_do_makes_nothing(newcomer, fresh, words, again):
    assert newcomer.post("/start/key", {"words": words, "again": again}).status == 422
    assert fresh.state == "absent"


def test_a_wrong_passphrase_keeps_what_was_written_and_the_right_one_saves_it(newcomer, fresh):
    newcomer.post("/start/key", {"words": WORDS, "again": WORDS})
    newcomer.post("/start/outcomes", PAIN)
    newcomer.post("/lock")
    evening = {"once": "form-number-1", "day": "2026-11-27", "score:Pain": "7"}
    assert "not lost" in newcomer.post("/", evening).text
    wrong = newcomer.post("/unlock", {**evening, "path": "/", "unlock_words": "no", "unlock_by": "passphrase"})
    assert wrong.status == 422
    assert 'name="score:Pain" value="7"' in wrong.text
    assert (
        "Kept."
        in newcomer.post("/unlock", {**evening, "path": "/", "unlock_words": WORDS, "unlock_by": "passphrase"}).text
    )
    assert [row.entry.value for row in fresh.store().entries()] == [7.0]


def test_an_encrypted_diary_locks_itself_when_nobody_looks(newcomer, fresh, clock):
    newcomer.post("/start/key", {"words": WORDS, "again": WORDS})
    clock.now += fresh.idle * 1.01
    assert "Your diary is locked" in newcomer.get("/").text


@pytest.mark.parametrize("by", ["passphrase", "recovery"])
def test_a_new_passphrase_opens_the_diary_and_the_old_one_does_not(newcomer, fresh, by):
    """Changed with the passphrase of today, or by somebody who forgot it, with the recovery key."""
    made = newcomer.post("/start/key", {"words": WORDS, "again": WORDS})
    newcomer.post("/start/outcomes", PAIN)
    old = WORDS if by == "passphrase" else made.text.split('id="recovery-key">')[1].split("<")[0]
    new = "four other words here"
    assert (
        "The passphrase is changed" in newcomer.post("/data/passphrase", {"old": old, "words": new, "again": new}).text
    )
    newcomer.post("/lock")
    opening = {"path": "/", "unlock_by": "passphrase"}
    assert newcomer.post("/unlock", {**opening, "unlock_words": WORDS}).status == 422
    assert "Pain" in newcomer.post("/unlock", {**opening, "unlock_words": new}).text


@pytest.mark.parametrize(
    ("old", "words", "again", "sentence"),
    [
        (WORDS, "four other words", "four other word", "not the same"),
        ("wrong words", "four other words", "four other words", "passphrase"),
        (WORDS, "short", "short", "8"),
    ],
)
def test_a_passphrase_is_changed_by_its_owner_to_one_that_does(newcomer, fresh, old, words, again, sentence):
    newcomer.post("/start/key", {"words": WORDS, "again": WORDS})
    key = key_file(fresh.path).read_bytes()
    refused = newcomer.post("/data/passphrase", {"old": old, "words": words, "again": again})
    assert refused.status == 422
    assert sentence in refused.text.split('id="key-error">')[1].split("<")[0]
    assert key_file(fresh.path).read_bytes() == key


def test_a_plain_diary_has_no_passphrase_to_change(browser):
    assert "/data/passphrase" not in browser.get("/data").text
    assert browser.post("/data/passphrase", {"old": "", "words": WORDS, "again": WORDS}).status == 422


def test_at_least_one_outcome_is_asked_for_and_a_worth_above_zero(newcomer):
    newcomer.post("/start/key", {"words": WORDS, "again": WORDS})
    assert newcomer.post("/start/outcomes", {"name-0": "Pain"}).status == 422
    assert "Give a number above 0" in newcomer.post("/start/outcomes", {**PAIN, "worth-0": "0"}).text


def test_the_example_is_labelled_and_ones_own_diary_comes_back(newcomer, fresh):
    assert "EXAMPLE" in newcomer.post("/start/example").text
    assert "EXAMPLE" in newcomer.get("/help").text
    assert "Does this medicine help" in newcomer.post("/start/leave").text
    assert fresh.state == "absent"


def test_a_medicine_that_does_not_go_together_is_blocked_and_said(browser, store):
    page = browser.post("/plan/gates", {"act": "medicine", "name": "tramadol"})
    assert "Blocked" in page.text
    assert "tramadol" in page.text
    assert browser.post("/plan/gates", {"act": "forget", "name": "tramadol"}).status == 422
    browser.post("/plan/gates", {"act": "forget", "name": "tramadol", "reason": "it was my husband's"})
    shown = browser.get("/plan/gates").text.split("<h2>")[0]
    assert "tramadol counts as an opioid" not in shown
    assert "it was my husband" in browser.get("/plan/gates").text


def test_answers_to_the_questions_are_kept(browser, store):
    from nightdose.knowledge.interactions import questions

    said = {f"q:{q.id}": "no" for q in questions()}
    page = browser.post("/plan/gates", {"act": "answer", "complete": "yes", **said})
    assert "Nothing is in the way" in page.text


@pytest.mark.parametrize(
    ("scale", "worth", "refused"),
    [("0-10", "20", True), ("0-10", "10", True), ("0-10", "9", False), ("0-3", "3", True), ("yes/no", "28", True),
     ("yes/no", "27", False), ("number", "500", False)],
)  # fmt: skip
def test_what_is_worth_having_is_smaller_than_its_scale(newcomer, fresh, scale, worth, refused):
    newcomer.post("/start/key", {"words": WORDS, "again": WORDS})
    answer = newcomer.post("/start/outcomes", {**PAIN, "scale-0": scale, "worth-0": worth})
    assert ("cannot be" in answer.text) is refused
    assert bool(settings.outcomes(fresh.store())) is not refused


def test_the_recovery_key_is_shown_again_for_the_passphrase_alone(newcomer, fresh):
    made = newcomer.post("/start/key", {"words": WORDS, "again": WORDS})
    key = made.text.split('id="recovery-key">')[1].split("<")[0]
    assert key in newcomer.post("/data/recovery", {"words": WORDS}).text
    refused = newcomer.post("/data/recovery", {"words": "other words than these"})
    assert refused.status == 422
    assert key not in refused.text


def test_an_outcome_without_its_tick_is_put_down(browser, store):
    """Pain is scored; sleep is added, then pain is put down."""
    page = {"name-1": "Sleep", "scale-1": "0-10", "better-1": "higher", "worth-1": "1", "chosen-1": "yes"}
    browser.post("/start/outcomes", {**PAIN, **page})
    assert 'name="score:Sleep"' in browser.get("/").text
    without = {key: value for key, value in PAIN.items() if key != "chosen-0"} | {"was-0": "Pain"}
    browser.post("/start/outcomes", {**without, **page})
    shown = browser.get("/").text
    assert 'name="score:Sleep"' in shown
    assert 'name="score:Fatigue"' in shown  # it stood in no row of the form
    assert 'name="score:Pain"' not in shown
    assert 'name="was-0" value="Pain"' in browser.get("/start/outcomes").text
    assert "Put down: Pain" in browser.get("/start/outcomes?done=yes").text
    assert list(settings.outcomes(store)) == ["Pain", "Fatigue", "Sleep"]
    assert "/start/outcomes" in browser.get("/more").text
    assert "/start/outcomes" in browser.get("/data").text
