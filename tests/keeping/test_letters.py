"""What a kept diary's letter says of safety: what is open, what was taken back and why, what a prescriber cleared."""

import re

import pytest
from tests.keeping.people import TODAY, new_diary
from tests.letter.letters import analysis

from nightdose.keeping import letters, safety
from nightdose.knowledge.interactions import questions
from nightdose.letter.appendix import appendix_of
from nightdose.letter.background import Background
from nightdose.letter.letter import letter_of
from nightdose.protocol.interview import Instruction


@pytest.fixture
def store(tmp_path):
    with new_diary(tmp_path / "d.db") as opened:
        yield opened


def answered(store):
    """Pregnant and not any more, a steroid that the doctor cleared, and an opioid that stands in the way."""
    said = {question.id: False for question in questions()}
    safety.answer(store, said | {"pregnancy_or_breastfeeding": True}, TODAY, complete=True)
    safety.answer(store, said, TODAY, reason="the test was negative on Monday")
    for name in ("prednisone", "codeine"):
        safety.name_medicine(store, name, TODAY)
    safety.instruct(store, Instruction("steroid:prednisone", "Dr Lind", "May be taken together.", TODAY), TODAY)
    return letters.background(store, TODAY)


def test_open_points_come_first_then_what_was_taken_back_then_what_was_cleared(store):
    found = answered(store).safety
    assert len(found) == 3
    assert "codeine is an opioid" in found[0]
    assert "the test was negative on Monday" in found[1]
    assert found[2] == f"Cleared by Dr Lind on {TODAY}: 'May be taken together.' (prednisone)"


def test_the_letter_prints_the_reasons_and_the_prescribers_words(store):
    background = answered(store)
    assert "codeine" in letter_of(analysis("short"), background).safety[1]
    (part,) = [each for each in appendix_of(analysis("short"), background) if each.heading.startswith("Safety")]
    assert part.paragraphs == background.safety


def test_questions_that_wait_are_one_point(store):
    safety.answer(store, {"thyroid_disease": False}, TODAY)
    assert letters.background(store, TODAY).safety == ("12 safety questions have no fresh answer.",)


def test_whoever_was_never_asked_has_no_points(store):
    assert letters.background(store, TODAY).safety is None


def test_without_dates_no_date_is_in_a_safety_point():
    points = ("taken back on 2026-11-27", "am 27.11.2026")
    assert not re.search(r"2026", " ".join(Background(safety=points, dates=False).safety))
    assert Background(safety=points).safety == points
