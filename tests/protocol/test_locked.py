"""What was locked cannot be changed unseen; changes are appended with their reason."""

import datetime
import json

import pytest

from nightdose.errors import CallError, InputError
from nightdose.protocol.locked import amend, in_force, lock, read_history

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
    second = amend([first], {"stopping_rules": ["harm", "supply"]}, "capsules came late", DAY)
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
    second = amend([first], {"a": 1}, "a reason in words", DAY)
    third = amend([first, second], {"b": 1}, "another reason in words", DAY)
    with pytest.raises(InputError):
        read_history(stored(first, third))


def test_an_amendment_needs_a_reason_and_a_protocol_its_parts():
    with pytest.raises(CallError, match="reason"):
        amend([lock(BODY, DAY)], {}, "", DAY)
    with pytest.raises(CallError, match="stopping_rules"):
        lock({**BODY, "stopping_rules": []}, DAY)
