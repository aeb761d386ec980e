"""What a table names beside the treatment that can injure together with it: said whatever the answer is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from nightdose.diary.records import ASSIGNED_SUFFIX, DOSE_SUFFIX
from nightdose.language.catalogue import say
from nightdose.report.words.diary import is_about_ldn
from nightdose.verdict.analysis import Analysis

if TYPE_CHECKING:
    from nightdose.knowledge.interactions import Rule

RESCUE_PREFIX = "rescue_"


def hazard_words(analysis: Analysis) -> list[str]:
    """Sentences about columns that name an opioid, or another medicine that blocks, and hold more than nothing.

    Looked for in a table about naltrexone; a kept diary asks its gates besides.
    """
    return [
        say(
            "The diary has a column '{column}'. {words} {call}",
            column=column,
            words=say(rule.wording, name=label),
            call=say(rule.call, name=label),
        )
        for column, label, rule in _hazards(analysis)
    ]


def hazard_line(analysis: Analysis) -> str:
    """The same for one line of a letter; "" where nothing of the kind is named."""
    names = ", ".join(dict.fromkeys(label for _, label, _ in _hazards(analysis)))
    if not names:
        return ""
    return say("Named in the diary: {names}. Not together with naltrexone without a prescriber's word.", names=names)


def _hazards(analysis: Analysis) -> list[tuple[str, str, Rule]]:
    """(column, the medicine as it is named to people, the rule that blocks it)"""
    names = list(_beside(analysis)) if is_about_ldn(analysis.question) else []
    if not names:
        return []  # the list of medicines is read only where there is something to look up
    from nightdose.knowledge.in_words import named_in
    from nightdose.knowledge.interactions import rules
    from nightdose.knowledge.listed_names import what_counts_in_words

    found = {
        (column, named.label, rule.id): (column, named.label, rule)
        for column in names
        for named in named_in(column, what_counts_in_words())
        for rule in rules()
        if rule.action == "stop" and rule.names(named.written, named.substance, named.group)
    }
    return list(found.values())


def _beside(analysis: Analysis) -> Iterator[str]:
    """Names of the columns that are neither outcome nor treatment and hold a number above 0, or no number at all."""
    diary, question = analysis.diary, analysis.question
    own = {question.outcome, *(also.question.outcome for also in analysis.exploratory)}
    for column, values in diary.columns.items():
        if column in own or column.startswith(question.treatment + "_") or column.endswith(ASSIGNED_SUFFIX):
            continue
        if np.any(values > 0):
            yield column.removesuffix(DOSE_SUFFIX).removeprefix(RESCUE_PREFIX)
    yield from diary.without_numbers
