"""What was locked cannot be changed unseen; changes are appended with their reason."""

import datetime
import json

import pytest

from nightdose.errors import CallError, InputError
from nightdose.protocol.locked import Amendment, Locked, _hash, amend, dose_on, in_force, lock, read_history

DAY = datetime.date(2026, 11, 22)
BODY = {
    "question": {"outcome": "pain", "meaningful": 1.0},
    "design": {"pairs": 3},
    "stopping_rules": ["harm"],
}


def stored(*locked):
    return json.loads(json.dumps([item.record for item in locked]))


def test_the_hash_is_of_the_words_not_of_their_order():
    assert lock(BODY, DAY).sha256 == lock(dict(reversed(BODY.items())), DAY).sha256


def test_protocol_and_amendments_come_back_from_the_diary():
    first = lock(BODY, DAY)
    second = amend([first], Amendment(stopping_rule="supply"), "capsules came late", DAY)
    history = read_history(stored(first, second))
    assert history == (first, second)
    assert in_force(history)["stopping_rules"] == ["harm", "supply"]
    assert in_force(history)["question"] == BODY["question"]


@pytest.mark.parametrize("change", [("body", {"question": 1}), ("day", "2026-01-01"), ("reason", "x"), ("before", "y")])
def test_a_changed_word_is_noticed(change):
    records = stored(lock(BODY, DAY))
    records[0][change[0]] = change[1]
    with pytest.raises(InputError, match="is not what was locked"):
        read_history(records)


def test_a_missing_amendment_is_noticed():
    first = lock(BODY, DAY)
    second = amend([first], Amendment(note="one"), "a reason in words", DAY)
    third = amend([first, second], Amendment(note="two"), "another reason in words", DAY)
    with pytest.raises(InputError):
        read_history(stored(first, third))


def test_an_amendment_needs_a_reason_and_a_protocol_its_parts():
    with pytest.raises(CallError, match="reason"):
        amend([lock(BODY, DAY)], Amendment(note="x"), "", DAY)
    with pytest.raises(CallError, match="stopping_rules"):
        lock({**BODY, "stopping_rules": []}, DAY)


def test_a_changed_dose_holds_from_its_day_and_not_before():
    """4.5 mg locked on day 0; 3 mg from day 10 on."""
    first = lock({**BODY, "dose_mg": 4.5}, DAY)
    change = Amendment(dose_mg=3.0, dose_from=DAY + datetime.timedelta(days=10))
    history = [first, amend([first], change, "the prescriber lowered it", DAY)]
    assert [dose_on(history, DAY + datetime.timedelta(days=d)) for d in (0, 9, 10, 99)] == [4.5, 4.5, 3.0, 3.0]
    assert in_force(history)["dose_mg"] == 3.0


def test_a_changed_dose_cannot_reach_into_the_past():
    change = Amendment(dose_mg=3.0, dose_from=DAY - datetime.timedelta(days=1))
    with pytest.raises(CallError, match="stay as they were"):
        amend([lock(BODY, DAY)], change, "the prescriber lowered it", DAY)


@pytest.mark.parametrize(
    "wrong", [{}, {"dose_mg": 3.0}, {"dose_mg": 0.0, "dose_from": DAY}, {"dose_mg": float("nan"), "dose_from": DAY}]
)
def test_an_amendment_that_changes_nothing_or_names_no_dose_is_refused(wrong):
    with pytest.raises(CallError):
        Amendment(**wrong)


def by_an_older_program(first, body):
    """An amendment of any name, as programs before typed amendments took it, with a hash that fits."""
    day, reason = DAY.isoformat(), "a reason in words"
    return Locked(body, day, first.sha256, reason, _hash(body, day, first.sha256, reason))


@pytest.mark.parametrize(
    "body", [{"opened_by": "nobody"}, {"question": {"outcome": "sleep"}}, {"design": 5}, {"dose_mg": "a lot"}]
)
def test_what_an_older_program_let_amend_is_read_and_changes_nothing(body):
    first = lock({**BODY, "dose_mg": 4.5}, DAY)
    history = read_history(stored(first, by_an_older_program(first, body)))
    assert in_force(history) == first.body
    assert dose_on(history, DAY + datetime.timedelta(days=1)) == 4.5


def test_a_dose_in_words_of_an_older_program_holds_from_its_day():
    first = lock({**BODY, "dose_mg": 4.5}, DAY)
    history = read_history(stored(first, by_an_older_program(first, {"dose_mg": "3"})))
    assert [dose_on(history, DAY + datetime.timedelta(days=d)) for d in (-1, 0)] == [4.5, 3.0]
