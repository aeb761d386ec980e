"""Health Auto Export: only Taken is an intake, and pieces are not milligrams."""

import json

import pytest

from nightdose.diary.importers import detect
from nightdose.diary.importers.health_auto_export import read
from nightdose.diary.importers.imported import Choices
from nightdose.errors import InputError


def record(status, **words):
    return {
        "displayText": " LDN  capsule ", "start": "2026-11-20 22:10:00 +0100", "status": status, "dosage": 1,
        "isArchived": False, "codings": [], **words,
    }  # fmt: skip


STATUSES = ["Not Interacted", "Notification Not Sent", "Snoozed", "Taken", "Skipped", "Not Logged"]


@pytest.fixture
def path(file):
    return file("export.json", json.dumps({"data": {"medications": [record(status) for status in STATUSES]}}))


def test_only_taken_is_an_intake(path, choices):
    assert detect(path) == "health-auto-export"
    imported = read(path, choices)
    assert [(e.item, e.status, e.value, e.unit) for e in imported.entries] == [
        ("LDN capsule", "taken", 1, "piece"),
        ("LDN capsule", "missed", None, ""),
    ]
    assert any("how many mg one piece has" in what for what in imported.left_out)


def test_the_person_says_how_many_mg_a_piece_has(path):
    taken = read(path, Choices(mg_per_unit={"ldn capsule": 1.5})).entries[0]
    assert (taken.value, taken.unit) == (1.5, "mg")


def test_a_status_nobody_knows_is_not_counted_as_taken(file, choices):
    path = file("e.json", json.dumps({"data": {"medications": [record("Maybe"), 3, record("Taken", start=None)]}}))
    imported = read(path, choices)
    assert imported.entries == ()
    assert len(imported.problems) == 3


@pytest.mark.parametrize("text", ["[" * 100_000, "{}", '{"data": 3}', '{"data": {"medications": 1}}', "9" * 5000, ""])
def test_json_that_is_something_else_is_a_sentence(file, choices, text):
    with pytest.raises(InputError):
        read(file("e.json", text), choices)
