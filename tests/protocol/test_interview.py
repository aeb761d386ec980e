"""Each answer carries its own day, only known questions have answers, and what was said cannot be changed unseen."""

import datetime

import pytest

from nightdose.errors import CallError
from nightdose.knowledge.interactions import questions
from nightdose.protocol.interview import LIST_COMPLETE, Answers, Instruction, Medicine, answers_from_record

TODAY = datetime.date(2026, 11, 22)
LONG_AGO = TODAY - datetime.timedelta(days=200)
NO_TO_ALL = {question.id: False for question in questions()}


def test_one_fresh_answer_renews_no_other():
    said = Answers(LONG_AGO, (), NO_TO_ALL, complete=True).with_answer("transplant", False, TODAY)
    assert said.last_given("transplant") == TODAY
    assert {said.last_given(name) for name in NO_TO_ALL if name != "transplant"} == {LONG_AGO}
    assert said.last_given(LIST_COMPLETE) == LONG_AGO


def test_calling_the_list_complete_renews_no_answer():
    said = Answers(LONG_AGO, (), NO_TO_ALL, complete=True).with_complete_list(True, TODAY)
    assert said.last_given(LIST_COMPLETE) == TODAY
    assert {said.last_given(name) for name in NO_TO_ALL} == {LONG_AGO}


def test_the_same_answer_again_is_renewed_and_keeps_its_first_day():
    said = Answers(LONG_AGO, (), {"liver_disease": True}).with_answer("liver_disease", True, TODAY)
    assert (said.first_given("liver_disease"), said.last_given("liver_disease")) == (LONG_AGO, TODAY)


def test_another_answer_starts_anew():
    said = Answers(LONG_AGO, (), {"liver_disease": False}).with_answer("liver_disease", True, TODAY)
    assert (said.first_given("liver_disease"), said.last_given("liver_disease")) == (TODAY, TODAY)


def test_naming_a_medicine_renews_nothing():
    said = Answers(LONG_AGO, (), NO_TO_ALL, complete=True).with_medicine(Medicine("magnesium", named=TODAY))
    assert {said.last_given(name) for name in NO_TO_ALL} == {LONG_AGO}


@pytest.mark.parametrize(
    "wrong",
    [
        {"conditions": {"pregnancy": True}},
        {"conditions": {"transplant": 0}},
        {"conditions": {"transplant": "no"}},
        {"since": {"transplant": "2026-11-22"}},
        {"since": {"transplants": TODAY}},
        {"complete": 1},
        {"medicines": ("codeine",)},
        {"day": datetime.datetime(2026, 11, 22)},
    ],
)
def test_only_known_questions_and_true_types_are_answers(wrong):
    with pytest.raises(CallError):
        Answers(**{"day": TODAY, **wrong})


def test_what_was_said_cannot_be_changed_afterwards():
    conditions, medicines = dict(NO_TO_ALL), [Medicine("magnesium")]
    said = Answers(TODAY, medicines, conditions, complete=True)
    conditions["transplant"] = True
    medicines.append(Medicine("codeine"))
    assert said.conditions["transplant"] is False
    assert len(said.medicines) == 1
    with pytest.raises(TypeError):
        said.conditions["transplant"] = True


def test_the_diary_gives_back_what_was_said():
    said = Answers(LONG_AGO, (Medicine("codeine", False, TODAY, TODAY),), NO_TO_ALL, complete=True)
    said = said.with_answer("transplant", True, TODAY).with_complete_list(True, TODAY)
    assert answers_from_record(said.record) == said


def test_a_diary_from_before_answers_were_renewed_is_read():
    record = Answers(TODAY, (Medicine("codeine"),), NO_TO_ALL, complete=True).record
    del record["renewed"]
    record["conditions"]["a_question_of_long_ago"] = True
    assert answers_from_record(record).conditions == NO_TO_ALL


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"current": "no"}, {"last_taken": TODAY}, {"current": False, "last_taken": "2026-11-01"}],
)
def test_a_medicine_has_a_name_and_days(wrong):
    with pytest.raises(CallError):
        Medicine(**{"name": "codeine", **wrong})


@pytest.mark.parametrize(("who", "words"), [("", "May be taken together."), ("Dr Lind", "ok")])
def test_an_instruction_needs_a_name_and_a_sentence(who, words):
    with pytest.raises(CallError, match=r"prescriber"):
        Instruction("opioid:codeine", who, words, TODAY)
