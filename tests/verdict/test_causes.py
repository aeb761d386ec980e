"""Ordinary causes in a verdict: named where they would explain a change as well, silent where they would not."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diaries import FIRST_DAY, ask, blocks, diary, wobbling

from nightdose.analyse import analyse
from nightdose.diary.records import day_label
from nightdose.export.record import analysis_record
from nightdose.fit.causes import Cause
from nightdose.verdict import causes

DAYS = 240
SWITCH = np.where(np.arange(DAYS) >= 120, 4.5, 0.0)


def said(analysis, code):
    return [reason for reason in analysis.verdict.reasons if reason.code == code]


def switched(effect, seed=3):
    """Nothing for 120 days, then every day."""
    pain = wobbling(DAYS, seed) - effect * SWITCH / 4.5
    return analyse(diary(pain, naltrexone_mg=SWITCH), ask(onset="same-day"), curves=False)


def test_after_one_switch_a_change_of_life_explains_it_as_well_and_the_day_is_named():
    found = switched(2.0)
    (reason,) = [r for r in said(found, "cause_explains_as_well") if r.numbers["cause"] == "jump"]
    days = [day_label(FIRST_DAY + day, True) for day in range(118, 123)]
    assert any(f"A change of life around {day} would explain this as well." == reason.sentence for day in days)


def test_where_nothing_changed_nothing_explains_it():
    assert not said(switched(0.0), "cause_explains_as_well")


def test_no_single_change_explains_blocks_that_come_and_go():
    """Eight fortnights on and eight off by plan."""
    dose = blocks(224, 14)
    pain = wobbling(224, 3) - 2 * dose / 4.5
    found = analyse(
        diary(pain, naltrexone_mg=dose, naltrexone_assigned_mg=dose), ask(onset="same-day", randomised="blocks")
    )
    assert found.verdict.answer == "helps"
    assert {r.numbers["cause"] for r in said(found, "cause_explains_as_well")} <= {"cycle"}
    assert all(cause.family != "jump" for cause in found.fitted.causes if cause.as_well)


def test_a_week_that_differs_is_taken_into_account_and_said():
    pain = wobbling(DAYS, 3) + 1.5 * (np.arange(DAYS) % 7 < 2)
    found = analyse(diary(pain, naltrexone_mg=SWITCH), ask(), curves=False)
    (reason,) = said(found, "cause_taken_into_account")
    assert reason.sentence == "Days of the week differ in this diary. That is taken into account."
    assert reason.numbers["share"] > 0.99


def test_every_cause_is_in_the_record_with_its_share():
    record = analysis_record(switched(2.0))["causes"]
    assert {cause["cause"] for cause in record} == {"weekday", "cycle", "jump", "practice", "season"}
    assert [cause["share"] for cause in record] == sorted((cause["share"] for cause in record), reverse=True)
    (jump,) = [cause for cause in record if cause["cause"] == "jump"]
    assert jump["as_well"]
    assert "would explain this as well" in jump["sentence"]
    assert jump["at"].startswith("20")


@pytest.mark.parametrize("family", ["weekday", "cycle", "jump", "practice", "season"])
@pytest.mark.parametrize("instead", [None, 41.0])
def test_every_sentence_is_whole(family, instead):
    cause = Cause(family, 28.2, 0.734, adopted=True, instead=instead)
    sentence = causes.sentence(diary(wobbling(60)), cause)
    assert "probability 73 %" in sentence
    assert sentence.count("would explain this as well.") == (instead is not None)
    assert "taken into account." in sentence
    assert "{" not in sentence
