"""The diary of a report: its label, how long it is, whether a number may stand, a naive reading of it."""

from __future__ import annotations

import datetime

import numpy as np

from nightdose.diary.records import Diary
from nightdose.knowledge.drugs import drug
from nightdose.language.catalogue import mark, say
from nightdose.language.number import date, days, plain, whole
from nightdose.question.question import Question
from nightdose.question.words import amount
from nightdose.verdict.analysis import Analysis

SYNTHETIC = mark("SYNTHETIC DIARY - not a person's data")
LDN = "naltrexone"  # its name in the drug files
DATA_DECIDE = 0.2  # of the share that is too small to matter, what the prior may have added or taken


def shown_label(analysis: Analysis, label: str = "") -> str:
    """The label that has to be visible: the caller's, or that a diary calls itself synthetic."""
    return plain(label) or (say(SYNTHETIC) if "synthetic" in analysis.diary.name.lower() else "")


def is_about_ldn(question: Question) -> bool:
    """Is this about naltrexone, under any of its names?"""
    known = drug(question.treatment)
    return known is not None and known.name == LDN


def shows_effect(analysis: Analysis) -> bool:
    """True where the estimate may stand as part of the answer."""
    return analysis.verdict.answered


def data_decide(analysis: Analysis) -> bool:
    """Do the shares of an effect that matters and of one that does not come from the diary?

    Dots that show a prior would be read as a finding. With one start, what is believed of drift and of other causes
    decides how far an effect may lie; elsewhere the prior of the effect may, which a flat one tells.
    """
    fitted, verdict = analysis.fitted, analysis.verdict
    settled = verdict.settled
    if fitted is None or settled is None or verdict.ceiling == "low":
        return False
    return abs(settled.no_meaningful_difference - fitted.small_by_data) <= DATA_DECIDE


def day_words(diary: Diary, day: int) -> str:
    """The date of a day, or its number."""
    ordinal = diary.first_day + day
    return date(datetime.date.fromordinal(ordinal)) if diary.dated else say("day {n}", n=ordinal)


def diary_span(analysis: Analysis) -> str:
    """`364 days, 2025-01-06 to 2026-01-04`."""
    diary = analysis.diary
    if not diary.days:
        return say("no days")
    if not diary.dated:
        return days(diary.days)
    return say(
        "{days}, {first} to {last}",
        days=days(diary.days),
        first=day_words(diary, 0),
        last=day_words(diary, diary.days - 1),
    )


def naive_reading(analysis: Analysis) -> str:
    """Plain averages of days with and without a dose; only where they are not an answer."""
    if analysis.verdict.answer != "cannot_be_known":
        return ""
    seen = np.isfinite(analysis.outcome)
    on, off = seen & (analysis.dose > 0), seen & (analysis.dose == 0)
    if not on.any() or not off.any():
        return ""
    like = float(np.nanstd(analysis.outcome)) / 2 or None
    return say(
        "Averages: {without} on {days_off} recorded days without a dose, {with_dose} on {days_on} with one. The "
        "difference mixes everything that changed between those days, for the reasons named above.",
        without=amount(float(analysis.outcome[off].mean()), analysis.question, like),
        with_dose=amount(float(analysis.outcome[on].mean()), analysis.question, like),
        days_off=whole(int(off.sum())),
        days_on=whole(int(on.sum())),
    )
