"""What is not a honest entry is refused with a sentence."""

import datetime

import pytest

from nightdose.diary.entry import Entry, Outcome
from nightdose.errors import CallError

FRIDAY = datetime.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"kind": "score", "item": "pain"}, "number is missing"),
        ({"kind": "score", "item": "pain", "value": float("nan")}, "not a number to keep"),
        ({"kind": "score", "item": " ", "value": 1}, "needs a name"),
        (
            {"kind": "dose", "item": "naltrexone", "value": 1.5, "unit": "mg", "status": "missed"},
            "has no amount",
        ),
        ({"kind": "dose", "item": "naltrexone", "value": 0, "status": "taken"}, "missed one"),
        ({"kind": "dose", "item": "naltrexone", "value": 1.5}, "say one of taken"),
        ({"kind": "lab", "item": "TSH", "value": 2.1}, "needs its unit"),
        ({"kind": "guess", "item": "capsule", "value": 1.2}, "from 0 to 1"),
        ({"kind": "mood", "item": "x"}, "not a kind of entry"),
        ({"kind": "note", "item": "note", "at": datetime.datetime(2026, 11, 20)}, "time zone"),
    ],
)
def test_a_bad_entry_is_a_sentence(words, sentence):
    with pytest.raises(CallError, match=sentence):
        Entry(FRIDAY, **words)


def test_a_dose_of_unknown_amount_is_not_zero():
    assert Entry(FRIDAY, "dose", "naltrexone", status="taken").value is None


@pytest.mark.parametrize(
    ("scale", "text", "value"),
    [("0-10", "4", 4), ("0-10", "4,5", 4.5), ("0-3", "3", 3), ("yes/no", "Yes", 1), ("count", "7", 7)],
)
def test_a_score_is_read_on_its_scale(scale, text, value):
    assert Outcome("pain", scale).read(text) == value


@pytest.mark.parametrize(
    ("scale", "text"),
    [
        ("0-10", "11"),
        ("0-3", "1.5"),
        ("0-3", "4"),
        ("yes/no", "2"),
        ("count", "-1"),
        ("number", "inf"),
        ("number", "bad"),
        ("count", "nan"),
    ],
)
def test_a_score_outside_its_scale_is_refused(scale, text):
    with pytest.raises(CallError):
        Outcome("pain", scale).read(text)
