"""Plain averages beside the answer, without any model: with and without, and stretch by stretch; and how the answer's
number stands in large type."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nightdose.arrays import Bools
from nightdose.language.catalogue import say
from nightdose.language.number import whole
from nightdose.question.runs import settled_runs
from nightdose.question.words import amount, comparator, span, taken_words, untaken_words
from nightdose.report.words.diary import day_words, shows_effect
from nightdose.verdict.analysis import Analysis

Average = tuple[str, str, str]  # which days, their mean, how many of them have an entry
MOST_STRETCHES = 26  # a year of fortnights; more are no table
FINE = 6  # an average is written to a sixth of what days differ by


def averages(analysis: Analysis) -> tuple[Average, ...]:
    """The recorded days with the treatment and without it; nothing where they are not to be compared."""
    if not shows_effect(analysis):
        return ()
    question = analysis.question
    other = say("with {treatment}", treatment=question.against) if question.against else say("without")
    sides = ((say("with {treatment}", treatment=question.treatment), analysis.dose > 0), (other, analysis.dose == 0))
    return tuple(_average(analysis, words, days) for words, days in sides if np.any(_recorded(analysis, days)))


def averages_in_turn(analysis: Analysis) -> tuple[Average, ...]:
    """The same for every block of the plan, or every settled time with or without it; nothing where they are too many
    to read."""
    if not shows_effect(analysis):
        return ()
    found = tuple(
        (begin, end, on)
        for begin, end, on in _stretches(analysis)
        if np.any(_recorded(analysis, _days(begin, end, analysis)))
    )
    if not 2 < len(found) <= MOST_STRETCHES:
        return ()
    return tuple(
        _average(
            analysis,
            say(
                "{first} to {last}, {taken}",
                first=day_words(analysis.diary, begin),
                last=day_words(analysis.diary, end - 1),
                taken=taken_words(analysis.question) if on else untaken_words(analysis.question),
            ),
            _days(begin, end, analysis),
        )
        for begin, end, on in found
    )


def large_number(analysis: Analysis) -> tuple[str, str]:
    """The settled effect and its range, for large type; empty where no number may stand."""
    settled, question = analysis.verdict.settled, analysis.question
    if settled is None or not shows_effect(analysis):
        return "", ""
    return amount(settled.mean, question, settled.sd, signed=True), span(settled.interval95, question, settled.sd)


def number_words(analysis: Analysis) -> str:
    """What the large number is."""
    return say(
        "once settled, compared with {comparator}; 95 % interval in brackets. Above 0 is better.",
        comparator=comparator(analysis.question),
    )


def _stretches(analysis: Analysis) -> Iterator[tuple[int, int, bool]]:
    """(first day, day after the last, with the treatment) of blocks, or of settled runs."""
    plan = analysis.case.plan
    draw = next(iter(plan.draws), None) if plan else None
    if draw is None or draw.block_days == 1:
        for run in settled_runs(analysis.dose > 0, np.isfinite(analysis.dose)):
            yield run.begin, run.end, run.on
        return
    levels = draw.levels
    for unit in range(draw.units):
        days = np.flatnonzero(draw.unit_of == unit)
        if len(days):
            yield int(days[0]), int(days[-1]) + 1, bool(levels[unit] > 0)


def _days(begin: int, end: int, analysis: Analysis) -> Bools:
    at = np.arange(len(analysis.outcome))
    return (at >= begin) & (at < end)


def _recorded(analysis: Analysis, days: Bools) -> Bools:
    """Those of the days that have an entry; of two medicines in turns, only the days of either."""
    return days & (analysis.case.usable if analysis.question.against else np.isfinite(analysis.outcome))


def _average(analysis: Analysis, words: str, days: Bools) -> Average:
    values = analysis.outcome[_recorded(analysis, days)]
    like = float(np.nanstd(analysis.outcome)) / FINE or None
    return words, amount(float(values.mean()), analysis.question, like), whole(len(values))
