"""What a note or an event says of oneself that the safety questions ask about: pregnancy, liver failure, despair."""

from __future__ import annotations

import re
from functools import cache

from nightdose.knowledge import load
from nightdose.knowledge.procedures import any_of, spaced


def conditions_in(text: str) -> tuple[str, ...]:
    """Ids of the rules whose condition the words tell; a hint to be said at once, which closes nothing."""
    words = spaced(text)
    return tuple(rule for rule, unless, told in _patterns() if told.search(unless.sub(" ", words)))


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """(rule, words to take out first, words that tell)"""
    return tuple(
        (each["rule"], re.compile(rf"\b{any_of(each['unless'])}\b"), re.compile(rf"\b{any_of(each['words'])}\b"))
        for each in load.table("conditions_in_words")["condition"]
    )
