"""A hash as four words that two people can compare aloud, over a telephone.

11 bits a word, 44 in all: chance or a slip never gives the same four, somebody with a computer and a night could. Where
that matters, compare the whole hash. The words are the English list of BIP-39 (MIT licence): no two begin with the same
four letters.
"""

from __future__ import annotations

from functools import cache

from nightdose.knowledge.load import data_text

WORDS, BITS = 4, 11


@cache
def word_list() -> tuple[str, ...]:
    """The 2048 words, in their order."""
    return tuple(data_text("four_words.txt").split())


def four_words(sha256: str) -> str:
    """The first 44 bits of a hash in hex, as words: 'letter advice cage absurd'."""
    bits = int(sha256[:16], 16) >> (64 - WORDS * BITS)
    places = [(bits >> (BITS * (WORDS - 1 - at))) & (2**BITS - 1) for at in range(WORDS)]
    return " ".join(word_list()[place] for place in places)
