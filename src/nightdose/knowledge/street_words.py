"""Names of the street that are everyday words ('lean', 'brown', 'subs'): read where they stand as what was taken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from nightdose.knowledge import load
from nightdose.knowledge.listed_names import SoughtNames, parts_of, words_around
from nightdose.knowledge.medicines import Recognised
from nightdose.knowledge.spelling import plain

MOST_BETWEEN = 4  # words between "took" and the name
CLAUSE_END = "|"


def street_words_in(text: str, wanted: SoughtNames) -> Iterator[Recognised]:
    """Each street name with the words that make it one: 'sipped lean', 'subs 8mg'."""
    words = _unless().sub(f" {CLAUSE_END} ", _clauses(text))
    for pattern, substance, group in _patterns():
        if group in wanted.groups and (found := pattern.search(words)):
            yield Recognised(found[0].strip(), substance, group, "known")


def is_a_street_word(text: str) -> bool:
    """Is the whole of it such a name, but for a strength or a form? Nothing says there what was done with it."""
    table = load.table("street_words")
    entries = (*table["word"], *table["beside_mg"])
    bare = " ".join(word for word in parts_of(text) if word.isalpha() and word not in words_around())
    return bare in {name for entry in entries for name in entry["names"]}


def _clauses(text: str) -> str:
    """Plain words with single blanks between them, and a bar where a clause ends."""
    found = re.findall(r"[^\W_]+|[.,;:!?()\n]", plain(text))
    return " ".join(word if word[0].isalnum() else CLAUSE_END for word in found)


@cache
def _unless() -> re.Pattern[str]:
    return re.compile(rf"\b{_any_of(load.table('street_words')['unless'])}\b")


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    """(pattern, substance, class) of every entry."""
    table = load.table("street_words")
    between = rf"(?: {_any_of(table['between'])}){{0,{MOST_BETWEEN}}}"
    end = rf"(?= (?:{_any_of(table['ends'])}\b|{re.escape(CLAUSE_END)})|$)"
    found = [
        (rf"\b{_any_of(entry['after'])}{between} {_any_of(entry['names'])}{end}", entry) for entry in table["word"]
    ]
    for entry in table["beside_mg"]:
        names = _any_of(entry["names"])
        found.append((rf"\b\d+ ?mg(?: of)? {names}\b|\b{names} \d+ ?mg\b", entry))
    return tuple((re.compile(pattern), entry["substance"], entry["class"]) for pattern, entry in found)


def _any_of(words: Sequence[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, words))})"
