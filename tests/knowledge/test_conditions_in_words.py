"""Pregnancy, liver failure and despair in a note are answered at once; they close nothing by themselves."""

from __future__ import annotations

import datetime

import pytest
from tests.keeping.people import TODAY, new_diary
from tests.knowledge.harmless_notes import ENGLISH, GERMAN, notes

from nightdose.diary.entry import Entry
from nightdose.keeping import safety
from nightdose.knowledge.conditions_in_words import conditions_in

TOLD = {
    "pregnancy": [
        "I'm pregnant!",
        "pregnancy test positive this morning",
        "6 weeks pregnant",
        "Positive pregnancy-test",
        "we are trying to conceive",
        "Bin schwanger",
        "Schwangerschaftstest positiv",
        "stille noch",
        "je suis enceinte",
        "estoy embarazada",
        "sono incinta",
    ],
    "liver": [
        "my eyes are yellow",
        "jaundice?",
        "in hospital with acute hepatitis",
        "Leberversagen",
        "die Augen sind gelb",
        "yeux jaunes",
    ],
    "suicidal_thoughts": [
        "I want to die",
        "thought of killing myself",
        "suicidal again",
        "better off dead",
        "I don't want to live like this",
        "will sterben",
        "denke an Suizid",
        "envie de mourir",
        "quiero morir",
    ],
}
HARMLESS = [
    "not pregnant, thank god",
    "pregnancy test negative",
    "my sister is pregnant",
    "hepatitis B vaccination today",
    "yellow leaves everywhere",
    "watched Suicide Squad",
    "no suicidal thoughts",
    "the battery died",
    "dying for a coffee",
    "liver for dinner",
    "Leberkäse gegessen",
    "nicht schwanger",
    "sterbensmüde Handy",
    "slept like a baby",
    "tired of this weather",
    "Stille Nacht gesungen",
    "keine Suizidgedanken",
    "killed it at work",
    "yellow card for the team",
    "endlich Ende der Woche",
]


@pytest.mark.parametrize(("rule", "words"), [(rule, words) for rule, each in TOLD.items() for words in each])
def test_a_condition_in_words_is_heard(rule, words):
    assert rule in conditions_in(words)


@pytest.mark.parametrize("words", HARMLESS)
def test_what_tells_none_is_left_alone(words):
    assert conditions_in(words) == ()


def test_no_harmless_note_is_taken_for_one():
    assert [words for text in (ENGLISH, GERMAN) for words in notes(text) if conditions_in(words)] == []


def test_despair_in_a_note_is_answered_with_whom_to_call_and_changes_no_answer(tmp_path):
    with new_diary(tmp_path / "d.db", answered=TODAY) as store:
        note = Entry(TODAY, "note", "i want to die")
        store.add(note)
        (said,) = safety.hazards([note])
        assert "988" in said
        assert safety.judgement(store, TODAY).cleared
        (pregnant,) = safety.hazards([Entry(TODAY, "event", "pregnancy test positive")])
        assert "Your midwife or doctor" in pregnant
        assert safety.judgement(store, TODAY + datetime.timedelta(days=1)).cleared
