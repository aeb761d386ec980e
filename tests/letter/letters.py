"""Analyses for letters: one of each answer, made once; sentences are said in the language of the moment."""

from __future__ import annotations

from functools import cache

import numpy as np
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.keeping.answer import Wanted, full_answer
from nightdose.verdict.analysis import Analysis

KINDS = ("helps", "not_yet_known", "cannot_be_known", "no_meaningful_difference", "yes/no", "short", "days")


@cache
def analysis(kind: str) -> Analysis:
    """One of each answer, in English."""
    return made(kind)


def made(kind: str) -> Analysis:
    """helps: 336 days in drawn blocks, 3 points better; days: drawn one by one; the others as their names say."""
    days = 336
    dose = blocks(days, 28)
    more, question = {"naltrexone_assigned_mg": dose}, ask(randomised="blocks", blinded=True)
    outcome = wobbling(days, 1)
    match kind:
        case "helps":
            outcome = outcome - 3.0 * (dose > 0)
        case "not_yet_known":
            outcome = outcome - 0.85 * (dose > 0)
        case "no_meaningful_difference":
            question = ask(randomised="blocks", blinded=True, meaningful=3.0)
        case "cannot_be_known":
            dose, more, question = np.full(days, 4.5), {}, ask()
        case "yes/no":
            outcome = (outcome > 5.3) * 1.0
            question = ask(scale="binary", randomised="blocks", blinded=True, meaningful=0.1)
        case "days":
            rng = np.random.default_rng(5)
            dose = 4.5 * rng.integers(0, 2, days)
            outcome, more = outcome - 1.5 * (dose > 0), {"naltrexone_assigned_mg": dose}
            question = ask(randomised="days", blinded=True)
        case "short":
            outcome, dose, more = outcome[:3], dose[:3], {}
            question = ask()
    beside = {"rescue_sumatriptan": (outcome > 6) * 1.0, "vivid_dreams": (np.arange(len(outcome)) % 9 == 0) * 2.0}
    return full_answer(diary(outcome, naltrexone_mg=dose, **more, **beside), question, Wanted(looked=1))
