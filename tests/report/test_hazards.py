"""An opioid in a table about naltrexone is said on the terminal, the report and the letter, whatever the answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.diaries import ask, diary, wobbling
from tests.letter.letters import analysis

from nightdose.keeping.answer import Wanted, full_answer
from nightdose.letter.background import Background
from nightdose.letter.letter import letter_of
from nightdose.report.page import report_html
from nightdose.report.terminal import terminal_summary
from nightdose.report.words.hazards import hazard_line, hazard_words

DOSE = np.tile(np.repeat([0.0, 4.5], 20), 3)


def answered(treatment="naltrexone", **columns):
    made = diary(wobbling(len(DOSE), 1), **{f"{treatment}_mg": DOSE}, **columns)
    return full_answer(made, ask(treatment=treatment), Wanted())


@pytest.mark.parametrize(
    "column",
    ["tramadol_mg", "rescue_codeine", "Tilidin Tropfen", "oxycontin", "Kratom", "methadon_mg", "rescue_T3 tylenol 3",
     "buprenorphine patch", "Imodium"],
)  # fmt: skip
def test_an_opioid_of_a_table_is_said(column):
    found = answered(**{column: np.where(np.arange(len(DOSE)) == 30, 50.0, 0.0)})
    (words,) = hazard_words(found)[:1]
    assert "! " in terminal_summary(found)
    assert words.split(".")[0] in report_html(found).replace("&#39;", "'")
    assert hazard_line(found) in letter_of(found, Background()).safety


@pytest.mark.parametrize("column", ["sleep", "ibuprofen_mg", "steps", "rescue_paracetamol", "stress", "topiramate_mg"])
def test_what_is_none_is_not_said(column):
    assert hazard_words(answered(**{column: np.ones(len(DOSE))})) == []


def test_an_opioid_that_was_never_taken_is_not_said():
    assert hazard_words(answered(tramadol_mg=np.zeros(len(DOSE)))) == []


def test_a_table_about_another_medicine_says_nothing_of_naltrexones_rules():
    assert hazard_words(answered("glycine", tramadol_mg=np.ones(len(DOSE)))) == []


def test_a_column_of_words_counts_by_its_name():
    found = analysis("helps")
    named = replace(found.diary, without_numbers={"Tramadol Tropfen": ""})
    assert hazard_words(replace(found, case=replace(found.case, diary=named)))
