"""Every sentence that the report shows passes through the catalogue: in a language that brackets what it is given,
nothing stands outside brackets but names, units and sources.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling
from tests.language.pseudo import PSEUDO, Shown, never_said

import nightdose
from nightdose.knowledge.evidence_file import shipped_evidence
from nightdose.language.catalogue import reading_in
from nightdose.language.number import typeset
from nightdose.outcomes import with_exploratory
from nightdose.report.page import report_page
from nightdose.report.terminal import terminal_summary

NAMES = ("nightdose", "naltrexone", "pain", "fatigue", "topiramate", "mg", "test.csv")


def trial():
    """A year of blocks with guesses, holes, two doses and another outcome: every part of the page is there."""
    rng = np.random.default_rng(3)
    dose = blocks(336) * np.where(np.arange(336) < 168, 1, 2 / 3)
    pain = np.clip(np.round(wobbling(336, 2) - 0.4 * dose), 0, 10)
    pain[rng.random(336) < 0.1] = np.nan
    days = diary(
        pain,
        naltrexone_mg=dose,
        naltrexone_guess=np.where(rng.random(336) < 0.6, dose > 0, dose == 0) * 1.0,
        topiramate_mg=blocks(336, 42, 100.0),
        fatigue=wobbling(336, 5),
    )
    question = ask(scale="rating", limits=(0, 10), randomised="blocks", blinded=True, adjust=("topiramate",))
    analysis = nightdose.analyse(days, question, certificate=2)
    analysis = with_exploratory(analysis, [ask(outcome="fatigue")])
    analysis = nightdose.with_evidence(analysis, shipped_evidence("fibromyalgia-pain"))
    return nightdose.with_sensitivity(analysis)


def before_after():
    """One switch, another medicine stopped in the same week, values out of range: nothing can be known."""
    dose, other = np.where(np.arange(90) > 45, 1.5, 0.0), np.where(np.arange(90) > 45, 0.0, 50.0)
    pain = wobbling(90, 4)
    pain[3] = 99
    return nightdose.analyse(diary(pain, naltrexone_mg=dose, topiramate_mg=other), ask(limits=(0, 10)))


@pytest.mark.parametrize("make", [trial, before_after])
def test_nothing_on_the_page_or_in_the_terminal_is_said_past_the_catalogue(make):
    with reading_in(PSEUDO):
        analysis = make()
        html = nightdose.report_html(analysis)
        names = (*NAMES, *(typeset(source.words) for source in report_page(analysis).sources))
        pieces = Shown(html).pieces
        said = terminal_summary(analysis, width=100)
    past = [piece for piece in pieces if never_said(piece, names)]
    assert not past, "\n".join(past)
    assert never_said(" ".join(said.split()), names) == []


def test_a_sentence_past_the_catalogue_is_found():
    assert never_said("⟦The answer: ⟦4.5 mg⟧⟧") == []
    assert never_said("⟦The answer⟧, or so") == ["or", "so"]
