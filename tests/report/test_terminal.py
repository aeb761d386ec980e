"""The answer in a terminal: short, plain, the same facts."""

import pytest
from tests.report.fake_answers import cannot_be_known, helps, odd_analyses

from nightdose.report.terminal import terminal_summary
from nightdose.verdict.words import sentence_after_word, verdict_word


def test_the_summary_is_short_and_fits(analysis):
    lines = terminal_summary(analysis, width=80, ascii_only=False).splitlines()
    assert len(lines) <= 38
    assert max(map(len, lines)) <= 80


def test_word_sentence_and_first_reason_are_there(analysis):
    said = " ".join(terminal_summary(analysis, width=80, ascii_only=False).split())
    assert verdict_word(analysis.verdict).upper() in said
    assert sentence_after_word(analysis.verdict) in said
    assert analysis.verdict.reasons[0].sentence in said
    assert "Not medical advice" in said


def test_a_plain_terminal_gets_plain_characters(analysis):
    assert terminal_summary(analysis, width=80, ascii_only=True).isascii()


@pytest.mark.parametrize("width", [20, 40, 72, 300])
def test_odd_diaries_fit_odd_terminals(odd, width):
    said = terminal_summary(odd, width=width, ascii_only=False)
    assert max(map(len, said.splitlines())) <= max(40, min(100, width))
    assert "\x1b" not in said
    assert "nan" not in said.replace("naltrexone", "")


def test_what_cannot_be_known_has_no_effect_line():
    assert "improvement" not in terminal_summary(cannot_be_known(), width=80)
    assert "improvement +1.4 (0.6 to 2.2) points" in terminal_summary(helps(), width=80, ascii_only=False)


def test_the_label_is_the_first_line():
    assert terminal_summary(helps(), width=80, label="SYNTHETIC DIARY").startswith("SYNTHETIC DIARY\n")
    assert terminal_summary(cannot_be_known(), width=80).startswith("SYNTHETIC DIARY")


def test_steering_characters_in_names_are_replaced():
    assert "\x1b" not in terminal_summary(odd_analyses()["hostile"], width=80)
