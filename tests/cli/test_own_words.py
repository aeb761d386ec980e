"""What a person reads at the command line is in words: no names of fields or questions, in no language."""

import re

import pytest
from tests.keeping.people import TODAY, locked_trial, new_diary

from nightdose.cli.main import main
from nightdose.keeping.protocol import amend_protocol
from nightdose.knowledge.interactions import about_question, questions
from nightdose.protocol.locked import Amendment

FIELD = re.compile(r"\b[a-z]+_[a-z_]+\b")


@pytest.fixture
def diary(tmp_path):
    path = tmp_path / "d.db"
    with new_diary(path, answered=TODAY) as store:
        locked_trial(store)
        amend_protocol(store, Amendment(note="a later note"), "the pharmacy asked for it", TODAY)
    return str(path)


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_protocol_is_shown_in_the_words_of_its_page(language, diary, capsys):
    assert main(["--language", language, "plan", "--diary", diary, "show"]) == 0
    said = capsys.readouterr().out
    assert not FIELD.search(said)
    assert "{" not in said
    assert "a later note" in said
    assert ("Worth having: 1 point or more" in said) == (language == "en")


def test_a_refusal_in_german_names_its_questions_in_german(tmp_path, capsys):
    with new_diary(tmp_path / "d.db"):
        pass
    assert main(["--language", "de", "safety", "--diary", str(tmp_path / "d.db")]) == 3
    said = capsys.readouterr().out
    assert "Schwangerschaft oder Stillzeit" in said
    assert not re.search(r"\b(pregnancy|opioid use|planned operation|under 18|complete list)\b", said)


def test_every_question_of_ours_has_words_of_its_own():
    assert all(each.short and about_question(each.id) == each.short for each in questions())
