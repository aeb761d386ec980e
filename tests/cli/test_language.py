"""The language is chosen before the command, or for good by the environment."""

from __future__ import annotations

import pytest
from tests.diaries import blocks, diary, wobbling

from nightdose.cli.main import language_of, main
from nightdose.diary.table.table import write_table


@pytest.fixture
def asked(tmp_path):
    path = tmp_path / "diary.csv"
    dose = blocks(120, dose=4.5)
    path.write_text(write_table(diary(wobbling(120, 1) - dose / 4.5, naltrexone_mg=dose)), encoding="utf-8")
    return ["analyse", str(path), "--outcome", "pain", "--treatment", "naltrexone", "--meaningful", "1", "--no-report"]


def test_an_answer_is_read_in_german_by_the_option_or_by_the_environment(asked, capsys, monkeypatch):
    assert main(["--language", "de", *asked]) == 0
    by_option = capsys.readouterr().out
    monkeypatch.setenv("NIGHTDOSE_LANGUAGE", "de")
    assert main(asked) == 0
    assert capsys.readouterr().out.splitlines()[0] == by_option.splitlines()[0]
    assert main(["--language=en", *asked]) == 0
    assert capsys.readouterr().out.splitlines()[0] != by_option.splitlines()[0]


def test_a_language_that_is_not_carried_is_a_sentence(asked, capsys):
    assert main(["--language", "xx", *asked]) == 2
    assert "--language: 'xx' is not a language that nightdose speaks" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["log", "--language", "de"], ["--version"], []])
def test_only_the_option_before_the_command_chooses(words, monkeypatch):
    monkeypatch.delenv("NIGHTDOSE_LANGUAGE", raising=False)
    assert language_of(words) == "en"


def test_the_evening_and_the_greeting_speak_german(tmp_path, monkeypatch, capsys):
    """Asked in German, answered in German: a dose that was left out, and nothing more."""
    monkeypatch.setenv("NIGHTDOSE_DIARY", str(tmp_path / "d.db"))
    monkeypatch.setenv("NIGHTDOSE_LANGUAGE", "de")
    main(["log", "--start", "--plain", "--outcome", "Schmerz:0-10", "--diary", str(tmp_path / "d.db")])
    capsys.readouterr()
    main(["log", "Schmerz=4", "--diary", str(tmp_path / "d.db")])
    out = capsys.readouterr().out
    assert "Als Nächstes: " in out
    assert main([]) == 0
    assert "Ihr Tagebuch ist" in capsys.readouterr().out
