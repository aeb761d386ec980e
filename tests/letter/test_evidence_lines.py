"""The letter's lines about trials: of the person's condition, short enough for the page, marked where remembered."""

import pytest
from tests.diaries import ask

from nightdose.knowledge.comparisons import conditions
from nightdose.letter.evidence import evidence_lines

LONGEST = 112  # characters of a line on the page
WRITTEN = [
    "",
    "a condition with a very long name that nobody has ever heard of before",
    *(c.words for c in conditions().values()),
]


def said(condition):
    return [words for words, _ in evidence_lines(ask(treatment="naltrexone"), condition)]


@pytest.mark.parametrize("condition", WRITTEN)
def test_the_lines_are_three_at_most_and_fit_the_page(condition):
    lines = said(condition)
    assert 1 <= len(lines) <= 3
    assert max(map(len, lines)) <= LONGEST, max(lines, key=len)


def test_without_a_condition_the_two_largest_trials_stand_there():
    assert [line.split(",")[0] for line in said("")[:2]] == ["FINAL 2024", "INNOVA 2026"]


def test_the_persons_own_condition_comes_first():
    first, last = said("MS")[0], said("MS")[-1]
    assert first.startswith("Cree 2010, 60 people, against placebo: +3.3 points of mental health")
    assert "multiple sclerosis: very low" in last


@pytest.mark.parametrize("condition", ["lupus", "long covid", "gout"])
def test_a_condition_without_a_trial_says_so_and_names_fibromyalgia_as_another(condition):
    lines = said(condition)
    assert lines[0].startswith("No randomised trial in ")
    assert lines[1].startswith("Another condition, fibromyalgia: 2 trials, 197 people, against placebo: +0.01 points")


def test_a_remembered_number_keeps_its_mark_in_the_letter():
    assert "from memory" in said("Crohn's disease")[0]
    assert "from memory" not in said("fibromyalgia")[0]


def test_every_trial_has_its_address():
    for condition in ("", "ms", "migraine"):
        assert evidence_lines(ask(treatment="naltrexone"), condition)[0][1].startswith("https://")


def test_another_medicine_has_no_trial_here():
    assert [words for words, _ in evidence_lines(ask(treatment="caffeine"), "ms")] == [
        "No trial of this medicine is carried by the program."
    ]
