"""If days are missing because they were bad: which days these are, and whether it matters."""

from __future__ import annotations

from nightdose.language.catalogue import say
from nightdose.language.number import days, percent
from nightdose.question.question import Question
from nightdose.question.words import amount
from nightdose.report.words.estimate import estimate_words
from nightdose.verdict.analysis import Analysis
from nightdose.verdict.answer import Shifted
from nightdose.verdict.words import answer_words


def shift_words(shift: Shifted, question: Question) -> str:
    """`as expected`, `worse by 0.4 points`."""
    if not shift.shift:
        return say("as expected")
    return say("worse by {shift}", shift=amount(shift.shift, question, shift.shift))


def missing_rows(analysis: Analysis) -> list[tuple[str, str, str, str]]:
    """(how bad the missing days were, improvement, probability of better, answer)."""
    missing, question = analysis.missing_bad, analysis.question
    if missing is None:
        return []
    return [
        (
            shift_words(s, question),
            estimate_words(s.estimate, question),
            percent(s.estimate.better),
            answer_words(s.answer),
        )
        for s in missing.shifts
    ]


def missing_words(analysis: Analysis) -> str:
    """Which days these are, and whether it matters."""
    missing = analysis.missing_bad
    if missing is None:
        return ""
    changed = missing.first_change(analysis.verdict.answer)
    matters = (
        say("The answer stays the same throughout.")
        if changed is None
        else say("From {shift} on, the answer changes.", shift=shift_words(changed, analysis.question))
    )
    return say(
        "{on} with a dose and {off} without have no entry. The answer takes them to be like the days around them. On a "
        "bad day a diary is easily left empty: here is the same answer had every one of them been worse than expected. "
        "{matters}",
        on=days(missing.days_on),
        off=days(missing.days_off),
        matters=matters,
    )
