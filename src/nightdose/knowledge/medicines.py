"""Which medicine a person meant: found by substance, brand or misspelling, or not known at all.

Only a name that is listed as harmless, with nothing left over beside it, passes. Whatever else was written is either
close to a name that closes a gate, or unknown, or one of a family of products of which some hold codeine.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from nightdose.knowledge.chosen import chosen
from nightdose.knowledge.interactions import rules
from nightdose.knowledge.listed_names import (
    IN_DOUBT,
    LONGEST_PHRASE,
    SHORTEST_GUESS,
    SHORTEST_SIMILAR,
    around,
    closes,
    closing_classes,
    closing_words,
    names_one_slip_from,
    other_script_names,
    parts_of,
    phrases,
    spans_of,
    word_parts,
)
from nightdose.knowledge.spelling import other_script, plain, squashed, words

if TYPE_CHECKING:
    from nightdose.knowledge.drug_file import DrugFile

Certainty = Literal["known", "similar", "unknown"]

SIMILAR = 0.82  # difflib ratio from which a misspelling is taken for a name that closes
LONGEST_TEXT = 300
LEAST_PLAIN_STRENGTH = 75  # mg, of paracetamol, aspirin and ibuprofen: a smaller number is codeine's, or a code

# plain members of families whose other members hold codeine, hydrocodone or dihydrocodeine
FAMILIES_WITH_CODEINE = frozenset(
    {"simple_analgesic", "combination_analgesic", "dextromethorphan", "often_with_codeine"}
)
# what codeine is mixed with: beside these a small number is a codeine strength ('500/30', '#3')
MIXED_WITH_CODEINE = frozenset({"paracetamol", "ibuprofen", "aspirin", "paracetamol aspirin caffeine", "butalbital"})
MASSES = frozenset({"mg", "g", "mcg", "ug"})
# what the table says of products that are not one substance: two of them are not one medicine
COLLECTIVE = frozenset(
    {
        "ordinary medicine", "cold remedy", "muscle relaxant", "cough medicine", "painkiller", "diarrhoea medicine",
        "steroid", "steroid injection", "opioid", "nitazene", "codeine cough syrup", "hydrocodone cough syrup",
        "dihydrocodeine cough drops", "oral contraceptive", "probiotic", "tylenol with codeine or thyroid hormone",
        "codral, some with codeine",
    }
)  # fmt: skip
DEPOT_CLASS = {"buprenorphine": "opioid_depot", "naltrexone": "naltrexone_depot", "steroid": "steroid_depot"}


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
        if self.group == IN_DOUBT:
            return self.written
        resembles = "looks like " if self.certainty == "similar" else ""
        return f"{self.written} ({resembles}{self.substance})"


def recognise(text: str) -> tuple[Recognised, ...]:
    """Every medicine in what a person wrote; what could not be accounted for is `unknown`, never left out."""
    return _recognised(text, chosen())


@lru_cache(maxsize=4096)
def _recognised(text: str, file: DrugFile | None) -> tuple[Recognised, ...]:
    found: list[Recognised] = []
    for segment in re.split(r"[;\n\r\t|]|(?<!\d),|,(?!\d)", text[:LONGEST_TEXT]):
        found += _recognise_segment(segment)
    if len(text) > LONGEST_TEXT:
        found.append(Recognised(text.strip()[:LONGEST_TEXT], "", "unknown", "unknown"))
    if not found:
        written = text.strip()[:LONGEST_TEXT] if re.search(r"\w", text) else "(nothing written)"
        found = [Recognised(written, "", "unknown", "unknown")]
    return tuple(dict.fromkeys(found))


def _recognise_segment(segment: str) -> list[Recognised]:
    found, segment = _found_in_other_scripts(segment)
    parts = parts_of(segment)
    exact, taken = _exact(parts)
    found += exact
    found += _one_slip_off(parts)
    rest = _left_over(parts, taken, found, _numbered(segment))
    found += [_guess(word) for word in rest if _is_a_word(word)]
    doubtful = [word for word in rest if not _is_a_word(word)]
    plain_member = next((each for each in found if each.group in FAMILIES_WITH_CODEINE), None)
    if doubtful and plain_member is not None:
        written = " ".join([plain_member.written, *doubtful])
        found.append(Recognised(written, plain_member.substance, IN_DOUBT, "similar"))
    elif doubtful and (letters := [word for word in doubtful if word[0].isalpha() and word not in _harmless(found)]):
        found.append(Recognised(" ".join(letters), "", "unknown", "unknown"))
    if left := other_script(segment):
        found.append(Recognised(left, "", "unknown", "unknown"))
    if not found and re.search(r"\w", segment):
        found = [Recognised(segment.strip(), "", "unknown", "unknown")]
    return [depot_of(each, parts) for each in found]


def _found_in_other_scripts(segment: str) -> tuple[list[Recognised], str]:
    """Names in scripts that have no spaces, looked for anywhere; they are taken out of the segment."""
    text, found = plain(segment), []
    if not other_script(segment):
        return [], segment
    for spelled, name in other_script_names():
        if spelled in text:
            text = text.replace(spelled, " ")
            found.append(Recognised(spelled, name.substance, name.group, "known"))
    return found, text


def _exact(parts: tuple[str, ...]) -> tuple[list[Recognised], set[int]]:
    """Listed names, longest first ('nurofen plus' holds codeine, 'nurofen' does not), and the places they take."""
    spans = spans_of(parts)
    found = [Recognised(" ".join(parts[first:end]), name.substance, name.group, "known") for first, end, name in spans]
    return found, {place for first, end, _ in spans for place in range(first, end)}


def _one_slip_off(parts: tuple[str, ...]) -> list[Recognised]:
    """Names that close, written with one slip, in other words than listed ('cocodamol', 'c o d e i n e') or both.

    The longest windows first; a harmless name that is one slip from one that closes is in doubt.
    """
    found: list[Recognised] = []
    covered: set[tuple[int, str]] = set()
    spans = spans_of(parts)
    for length in range(len(parts), 0, -1):
        for start in range(len(parts) - length + 1):
            window = parts[start : start + length]
            spelled_out = all(len(part) == 1 for part in window)
            letters = sum(letter.isalpha() for letter in squashed(window))
            if (length > LONGEST_PHRASE and not spelled_out) or letters < SHORTEST_GUESS:
                continue
            if length == 1 and window[0] in around()["neutral"]:
                continue  # 'hcl' is a salt, not a slip
            listed = phrases().get(window)
            for name in names_one_slip_from(squashed(window)):
                other_words = len(parts_of(name.name)) != length
                if listed is not None and (closes(listed) or other_words):
                    continue
                if listed is None and any(first <= start and start + length <= end for first, end, _ in spans):
                    continue  # part of a longer listed name: the mane of 'lion's mane'
                if other_words and any(first < start + length and start < end for first, end, _ in spans):
                    continue  # 'cbd ol' is not 'codol': one of its words is a name already
                group = name.group if listed is None else IN_DOUBT
                places = {(place, group) for place in range(start, start + length)}
                if not places <= covered:
                    covered |= places
                    found.append(Recognised(" ".join(window), name.substance, group, "similar"))
    return found


def _numbered(segment: str) -> frozenset[str]:
    """Numbers written as '#3' or 'no. 3': the member of a family, not a strength."""
    found = words(segment)
    signs = ("#", "no", "nr", "number", "num")
    return frozenset(after for sign, after in itertools.pairwise(found) if sign in signs)


def _left_over(
    parts: tuple[str, ...], taken: set[int], found: Sequence[Recognised], numbered: frozenset[str]
) -> list[str]:
    """Words that belong to no name and say nothing by themselves are dropped; all others are left over."""
    words_near = around()
    family = [each for each in found if each.group in FAMILIES_WITH_CODEINE]
    similar = {word for each in found if each.certainty == "similar" for word in each.written.split()}
    rest, strengths = [], 0
    for place, word in enumerate(parts):
        if place in taken or word in similar:
            continue
        before, after = (parts[place - 1] if place else ""), (parts[place + 1] if place + 1 < len(parts) else "")
        if word[0].isdigit():
            strengths += after in MASSES
            if family and (strengths > 1 or word in numbered or not _plain_number(word, before, after, family)):
                rest.append(word)
            continue
        joins = place > 0 and ((place - 1 in taken and place + 1 in taken) or (after and _is_a_word(after)))
        if not (word == "x" or word in words_near["neutral"] or (word in words_near["joining"] and joins)):
            rest.append(word)
    return rest


def _plain_number(word: str, before: str, after: str, family: Sequence[Recognised]) -> bool:
    """True for a number that is a count of tablets or a usual strength of the plain painkiller or cold remedy."""
    enough = _number(word) >= LEAST_PLAIN_STRENGTH
    if any(each.substance in MIXED_WITH_CODEINE for each in family):
        counted = after in around()["units"] - MASSES or before == "x"
        return enough or counted or (after in ("g", "iu", "ie") and _number(word) <= 4)
    remedy = any(each.group in ("often_with_codeine", "dextromethorphan") for each in family)
    return not remedy or enough or after in around()["units"] or before == "x"


def _number(word: str) -> float:
    try:
        return float(word.replace(",", "."))
    except ValueError:
        return 0.0


def _harmless(found: Sequence[Recognised]) -> frozenset[str]:
    """Words such as 'forte' and 'plus' say nothing beside a name of no painkiller or cold remedy."""
    return around()["qualifiers"] if any(each.certainty == "known" for each in found) else frozenset()


def _is_a_word(word: str) -> bool:
    """True for what may be a name of its own; short words, numbers and signs only qualify another name."""
    return word[0].isalpha() and len(word) >= 3 and word not in around()["qualifiers"]


def _guess(word: str) -> Recognised:
    """What an unlisted word may stand for: a name that closes, by its likeness, part or ending; or unknown."""
    for part in word_parts():
        held = part.name in word if part.kind == "part" else word.endswith(part.name)
        if held and len(word) > len(part.name) and part.group in closing_classes():
            return Recognised(word, "", part.group, "similar")
    alike = [listed for listed in closing_words() if abs(len(listed) - len(word)) <= 2]
    if len(word) >= SHORTEST_SIMILAR and (close := difflib.get_close_matches(word, alike, 1, SIMILAR)):
        name = closing_words()[close[0]]
        return Recognised(word, name.substance, name.group, "similar")
    return Recognised(word, "", "unknown", "unknown")


def depot_of(found: Recognised, parts: tuple[str, ...]) -> Recognised:
    """Buprenorphine, naltrexone and steroids given as an injection or implant stay for weeks: their own classes."""
    if not around()["depot"] & set(parts):
        return found
    family = "steroid" if found.group == "steroid" else found.substance.split(" ")[0]
    if found.group in ("opioid_long", "this_drug", "naltrexone_full", "steroid") and family in DEPOT_CLASS:
        return Recognised(found.written, found.substance, DEPOT_CLASS[family], found.certainty)
    return found


def meaning(found: Recognised) -> str:
    """What a finding does, in the words of the gates: blocked, ask your prescriber, noted, or no rule."""
    actions = {rule.action for rule in rules() if rule.names(found.written, found.substance, found.group)}
    said = (("stop", "blocked"), ("confirm", "ask your prescriber"), ("remind", "noted, closes nothing"))
    for action, meant in said:
        if action in actions:
            return meant
    return "no rule in our table, which is not a promise"


def suggestion(word: str) -> str | None:
    """The known name that an unknown word resembles most, to ask 'did you mean ...?'; never acted upon."""
    single = [phrase[0] for phrase in phrases() if len(phrase) == 1 and len(phrase[0]) >= SHORTEST_SIMILAR]
    close = difflib.get_close_matches(word.lower(), single, n=1, cutoff=SIMILAR)
    return close[0] if close else None
