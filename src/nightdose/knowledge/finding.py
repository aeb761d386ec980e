"""Claims and common questions that speak of what a person asks, by the words that they share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from nightdose.knowledge.claims import Claim, claims
from nightdose.knowledge.common_questions import CommonQuestion, common_questions

ALONE = {"dose": "dose", "doses": "dose", "dosage": "dose", "much": "dose", "long": "long"}  # asked with nothing else
T = TypeVar("T")
MOST = 6
SHORTEST = 3  # letters of a word that counts
EVERYDAY = frozenset(
    (
        "and", "are", "but", "can", "does", "for", "from", "has", "have", "how", "into", "its", "ldn", "low", "dose",
        "naltrexone", "not", "off", "out", "that", "them", "then", "there", "the", "they", "this", "was", "were",
        "what", "when", "which", "who", "why", "will", "with", "you", "your", "take", "taken", "taking", "should",
        "would", "could", "much", "long",
    )
)  # fmt: skip


def questions_about(words: str) -> list[CommonQuestion]:
    """The common questions that share most words with these; [] where none does.

    Of words that stand in nearly every question (`dose`, `how much`, `how long`) those that ask for just that.
    """
    asked = _best(words, common_questions(), lambda q: (q.ask, q.known + " " + q.open), 2)
    if asked or _stems(words) - set(ALONE):
        return asked
    meant = {ALONE[word] for word in re.findall(r"[a-z]+", words.casefold()) if word in ALONE}
    return [q for q in common_questions() if meant & set(re.findall(r"[a-z]+", q.ask.casefold()))][:2]


def claims_about(words: str) -> list[Claim]:
    """The claims that share most words with these; [] where none does."""
    return _best(words, claims().values(), lambda c: (c.quote + " " + c.context, c.evidence + " " + c.diary), MOST)


def _best(words: str, all_: Iterable[T], texts: Callable[[T], tuple[str, str]], most: int) -> list[T]:
    """The best matches: a word in the first text counts three times, one in the second once; ties keep their order."""
    wanted = _stems(words)
    scored = []
    for each in all_:
        first, second = map(_stems, texts(each))
        score = 3 * len(wanted & first) + len(wanted & second)
        if score >= min(3, len(wanted) + 1) and wanted:
            scored.append((score, each))
    top = max((score for score, _ in scored), default=0)
    scored = [pair for pair in scored if 2 * pair[0] > top]
    return [each for _, each in sorted(scored, key=lambda pair: -pair[0])][:most]


def _stems(text: str) -> frozenset[str]:
    """Words without their English endings, so that `dreams` finds `dream`."""
    found = re.findall(r"[^\W\d_]+", text.casefold())
    return frozenset(
        re.sub(r"(?:ing|ed|es|s)$", "", word) for word in found if len(word) >= SHORTEST and word not in EVERYDAY
    )
