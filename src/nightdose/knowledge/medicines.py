"""Which medicine a person meant: found by substance, brand, slang or misspelling, or not known at all."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

from nightdose.knowledge import load

Certainty = Literal["known", "similar", "unknown"]

SIMILAR = 0.80  # difflib ratio from which a misspelling is taken for the name
SIMILAR_PHRASE = 0.87  # the same for names of several words
SHORTEST_SIMILAR = 5  # shorter words resemble too much
LONGEST_TEXT = 300

# words around a name that say nothing about the substance
AROUND = frozenset(
    re.findall(
        r"\w+",
        """
        mg mcg ug g ml iu ie percent tablet tablets tabs tab capsule capsules caps cap pill pills cream gel
        ointment spray nasal inhaler drops syrup linctus solution liquid suspension patch patches injection
        shot pen oral iv im sc er xr sr xl la cr mr retard depot forte plus extra strength strong mild junior
        max rapid fast release extended modified slow sustained immediate prolonged delayed enteric coated
        film hydrochloride hcl sodium potassium sulfate sulphate phosphate acetate citrate maleate tartrate
        succinate fumarate bromide base daily nightly night day days week weekly hours hour every once twice
        as needed prn when low dose high small generic brand otc with and or the a an of for in at per my old
        new half one two three teva sandoz mylan ratiopharm actavis accord stada aristo hexal zentiva krka
        orion pfizer novartis compounded pharmacy
        """,
    )
)


@dataclass(frozen=True, slots=True)
class Name:
    """One line of `medicines.csv`: a name, the substance it stands for, and the substance's class."""

    name: str
    substance: str
    group: str
    kind: str  # substance | brand | misspelling | street | stem


@dataclass(frozen=True, slots=True)
class Recognised:
    """One medicine found in what was written. `unknown` is a finding too, and never means safe.

    written : the words it was found in; `group` : class of the substance, 'unknown' when none was found.
    """

    written: str
    substance: str
    group: str
    certainty: Certainty

    @property
    def label(self) -> str:
        """How to name it to the person: their word, and ours where it differs."""
        if self.certainty == "unknown" or self.written == self.substance or not self.substance:
            return self.written
        resembles = "looks like " if self.certainty == "similar" else ""
        return f"{self.written} ({resembles}{self.substance})"


@cache
def names() -> tuple[Name, ...]:
    """Every name we know."""
    return tuple(Name(row["name"], row["substance"], row["class"], row["kind"]) for row in load.rows("medicines"))


@cache
def _phrases() -> Mapping[tuple[str, ...], Name]:
    found = {_words(name.name): name for name in reversed(names()) if name.kind != "stem"}
    return MappingProxyType(found)


@cache
def _single_words() -> tuple[str, ...]:
    return tuple(phrase[0] for phrase in _phrases() if len(phrase) == 1 and len(phrase[0]) >= SHORTEST_SIMILAR)


def _words(text: str) -> tuple[str, ...]:
    """Small letters without accents, in words; strengths stay, so that 'tylenol 3' is not 'tylenol'."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST_TEXT]).encode("ascii", "ignore").decode().lower()
    return tuple(re.findall(r"[a-z]+|\d+(?:[.,]\d+)?", plain))


def recognise(text: str) -> tuple[Recognised, ...]:
    """Every medicine in what a person wrote; what could not be read is `unknown`, never left out.

    Longest names first ('nurofen plus' holds codeine, 'nurofen' does not). A word that
    resembles a name closely is taken for it when that name has a rule; resembling a harmless one settles nothing.
    """
    words = list(_words(text))
    found: list[Recognised] = []
    rest: list[str] = []
    position = 0
    while position < len(words):
        phrase, name = _longest(words, position)
        if name is None:
            rest.append(words[position])
            position += 1
        else:
            found.append(Recognised(" ".join(phrase), name.substance, name.group, "known"))
            position += len(phrase)
    found += _similar_phrases(words)
    found += [_guess(word) for word in rest if _may_be_a_name(word)]
    if len(text) > LONGEST_TEXT or _foreign_letters(text):
        found.append(Recognised(text.strip()[:LONGEST_TEXT], "", "unknown", "unknown"))
    if not found:
        found = [Recognised(text.strip()[:LONGEST_TEXT] or "(nothing written)", "", "unknown", "unknown")]
    return tuple(dict.fromkeys(found))


def _foreign_letters(text: str) -> bool:
    """True when letters are left that our list cannot spell: they may hide another medicine."""
    return any(ord(letter) > 127 and letter.isalpha() for letter in unicodedata.normalize("NFKD", text))


def _longest(words: Sequence[str], position: int) -> tuple[tuple[str, ...], Name | None]:
    for length in range(min(6, len(words) - position), 0, -1):
        phrase = tuple(words[position : position + length])
        if (name := _phrases().get(phrase)) is not None:
            return phrase, name
    return (), None


@cache
def _ruled_phrases() -> tuple[tuple[int, str, Name], ...]:
    return tuple(
        (len(phrase), " ".join(phrase), name)
        for phrase, name in _phrases().items()
        if len(phrase) > 1 and name.group != "no_rule"
    )


def _similar_phrases(words: Sequence[str]) -> list[Recognised]:
    """Misspelled names of several words ('tylenoll 3'), which word by word would look harmless."""
    found = []
    for length in range(2, min(6, len(words)) + 1):
        for start in range(len(words) - length + 1):
            window = tuple(words[start : start + length])
            if window in _phrases():
                continue
            text = " ".join(window)
            matcher = difflib.SequenceMatcher(b=text, autojunk=False)
            for size, phrase, name in _ruled_phrases():
                matcher.set_seq1(phrase)
                if size == length and matcher.quick_ratio() >= SIMILAR_PHRASE <= matcher.ratio():
                    found.append(Recognised(text, name.substance, name.group, "similar"))
    return found


def _may_be_a_name(word: str) -> bool:
    return word.isalpha() and len(word) >= 3 and word not in AROUND


def _guess(word: str) -> Recognised:
    """What an unlisted word may stand for: a misspelling, a relative by its ending, or unknown."""
    if len(word) >= SHORTEST_SIMILAR:
        for close in difflib.get_close_matches(word, _single_words(), n=3, cutoff=SIMILAR):
            name = _phrases()[(close,)]
            if name.group != "no_rule":
                return Recognised(word, name.substance, name.group, "similar")
        for name in names():
            if name.kind == "stem" and word.endswith(name.name) and len(word) > len(name.name):
                return Recognised(word, "", name.group, "similar")
    return Recognised(word, "", "unknown", "unknown")


def suggestion(word: str) -> str | None:
    """The known name that an unknown word resembles most, to ask 'did you mean ...?'; never acted upon."""
    close = difflib.get_close_matches(word.lower(), _single_words(), n=1, cutoff=SIMILAR)
    return close[0] if close else None
