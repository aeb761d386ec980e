"""A cleared person and the design that the tests plan for."""

import datetime

import pytest

from nightdose.knowledge.interactions import questions
from nightdose.protocol.gates import Cleared, SafetyRecord
from nightdose.protocol.interview import Answers
from nightdose.protocol.trial import TrialDesign

MONDAY = datetime.date(2026, 11, 23)


@pytest.fixture
def cleared():
    no_to_all = {question.id: False for question in questions()}
    return Cleared(SafetyRecord(Answers(MONDAY, (), no_to_all, complete=True)), MONDAY, MONDAY)


@pytest.fixture
def design():
    return TrialDesign("randomised_blocks", MONDAY, run_in_days=14, pairs=3, block_days=28, blinded=True)
