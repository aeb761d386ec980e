"""Whatever stands in a table: an answer or one sentence, never a traceback, a warning, or a number that is not one."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.diaries import ask, diary

from nightdose.analyse import analyse
from nightdose.diary.records import Diary
from nightdose.errors import CallError
from nightdose.export.record import analysis_record
from nightdose.question.question import Question

SCALES = ("continuous", "rating", "ordinal", "binary", "count")
FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))

odd = st.sampled_from([0.0, -0.0, 1e300, -1e300, 1e-300, 1e9, 1e-9, -1.0, 0.5, 10.0, 650.0, 3.0, 1e15, 5e-324])
ordinary = st.integers(0, 10).map(float)
scores = st.one_of(ordinary, ordinary, st.floats(-20, 20), odd, st.just(math.nan))
doses = st.one_of(st.sampled_from([0.0, 4.5, 1.5]), st.sampled_from([0.0, 4.5]), odd, st.just(math.nan))


@st.composite
def tables(draw):
    """A column of scores and one of doses: drawn day by day, or one habit with a few days spoilt."""
    days = draw(st.integers(1, 120))
    kind = draw(st.sampled_from(["any", "habit", "one value", "two values", "spikes"]))
    rng = np.random.default_rng(draw(st.integers(0, 999)))
    if kind == "any":
        score = np.array(draw(st.lists(scores, min_size=days, max_size=days)))
        dose = np.array(draw(st.lists(doses, min_size=days, max_size=days)))
    else:
        length = draw(st.integers(1, 30))
        dose = 4.5 * ((np.arange(days) // length) % 2)
        size = draw(st.sampled_from([0.0, 1e-12, 1.0, 1e6, 1e200]))
        score = {
            "habit": 5 + size * rng.standard_normal(days),
            "one value": np.full(days, size),
            "two values": np.where(dose > 0, size, 3.0),
            "spikes": np.where(rng.random(days) < 0.05, size, 0.0),
        }[kind]
        for at, value in draw(st.lists(st.tuples(st.integers(0, days - 1), scores), max_size=5)):
            score[at] = value
        for at, value in draw(st.lists(st.tuples(st.integers(0, days - 1), doses), max_size=5)):
            dose[at] = value
    return score, dose


@st.composite
def questions(draw):
    scale = draw(st.sampled_from(SCALES))
    return Question(
        "pain",
        "naltrexone",
        scale=scale,
        better=draw(st.sampled_from(["lower", "higher"])),
        onset=draw(st.sampled_from(["same-day", "days", "weeks"])),
        limits=(0.0, 10.0) if scale == "rating" else None,
        randomised=draw(st.sampled_from(["none", "days", "blocks"])),
        weekday=draw(st.booleans()),
    )


def answered(table, question):
    score, dose = table
    diary = Diary("hostile", 738000, True, {"pain": score, "naltrexone_mg": dose}, len(score))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = analyse(diary, question)
        except CallError:
            return
    assert found.verdict.sentence
    for estimate in (found.verdict.estimate, found.verdict.settled):
        if estimate is not None:
            numbers = (estimate.mean, estimate.sd, *estimate.interval95, estimate.better)
            assert all(math.isfinite(x) for x in numbers)
    assert analysis_record(found)["schema"]


@FEW
@given(tables(), questions())
def test_every_table_ends_in_an_answer_or_a_sentence(table, question):
    answered(table, question)


@pytest.mark.slow
@MANY
@given(tables(), questions())
def test_thousands_of_tables_end_in_an_answer_or_a_sentence(table, question):
    answered(table, question)


@pytest.mark.parametrize(("high", "low"), [(6.0, 3.0), (10.0, 0.0)])
def test_a_rating_that_is_one_value_with_and_another_without_is_answered_as_numbers(high, low):
    """Drawn blocks of 28 days for 280: nothing but the medicine moves it."""
    dose = np.concatenate([np.random.default_rng(k).permutation([0, 4.5]).repeat(28) for k in range(5)])
    there = diary(np.where(dose > 0, low, high), naltrexone_mg=dose)
    found = analyse(there, ask(scale="rating", limits=(0, 10), onset="same-day", randomised="blocks"), curves=False)
    assert found.verdict.answer == "helps"
    assert found.verdict.estimate.mean == pytest.approx(high - low, abs=0.1)
    assert "read_as_numbers" in {reason.code for reason in found.verdict.reasons}
