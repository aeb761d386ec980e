"""Medicines in free words, such as a note, an event or the head of a column: words that mostly name none.

There a word counts when it is a listed name, when it is a slip of one letter from a long name, or when a listed name
is a part of it ('Tramadoltropfen'); a word of everyday language never does. Nothing is unknown here.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from nightdose.knowledge import load
from nightdose.knowledge.chosen import chosen
from nightdose.knowledge.listed_names import (
    Name,
    SoughtNames,
    medicine_parts,
    names_one_slip_from,
    other_script_names,
    parts_of,
    phrases,
    spans_of,
    words_around,
)
from nightdose.knowledge.medicines import FAMILIES_WITH_CODEINE, Recognised, depot_of
from nightdose.knowledge.spelling import other_script, plain, squashed
from nightdose.knowledge.street_words import street_words_in

if TYPE_CHECKING:
    from nightdose.knowledge.drug_file import DrugFile

SHORTEST_LISTED = (
    5  # letters of a name that counts as its words stand; a shorter one only where it is written as listed
)
SHORTEST_SLIP = 6  # letters of a name that is found with a slip of one letter in it, or with a form's name joined to it
SHORTEST_SPLIT = 6  # letters of a name that is found in pieces
SHORTEST_PHRASE = 10  # letters of a name of two words that is found with a slip in it
MOST_PIECES = 6  # 'bu pre nor phine'
CODEINE = Recognised("", "codeine", "opioid", "similar")
# the member of a family that holds codeine: 'Fiorinal #3', 'T#3', 'Nurofen+', 'Tylenol with c'
MEMBER_OF = re.compile(r"#\s*[1-4]\b|(?<=[^\W\d_])\+(?=\s|$)|\b(?:with|w/) ?c\b", re.IGNORECASE)
CODEINE_BESIDE = re.compile(r"(?<![\d/.,])(?:(?:8|15|30)/500|500/(?:8|15|30))(?![\d/])")  # mg of co-codamol
INSIDE = re.compile(r"(?<=[^\W\d_])(?:[^\w\s]|_)(?=[^\W_])")  # of a word: 'oxy-codone', 'c*deine', 'tra.ma.dol', 'm-30'
SPELLED_OUT = re.compile(r"(?<![^\W_])[^\W_](?:[ ._*-]{1,2}[^\W_]){2,}(?![^\W_])")  # 't r a m a d o l', 'o.x.y'
MIXED = re.compile(r"[0134578@$]*[^\W\d_][^\W_@$]*[0134578@$]*[^\W_]*")  # letters with digits among them: '0xy'
LOOKS_LIKE = tuple(
    {ord(sign): letter for sign, letter in zip("0134578@$", letters, strict=True)}
    for letters in ("oieastbas", "oleastbas")
)
TOKEN = re.compile(r"[a-z0-9]+")
ENDINGS = frozenset({"s", "es", "n", "en", "e"})  # of a name in a sentence: 'two Percocets'


@cache
def everyday_words() -> frozenset[str]:
    """Words and phrases of everyday language that are a listed name or one slip from one, as `plain` writes them."""
    lines = load.data_text("everyday_words.txt").splitlines()
    return frozenset(" ".join(words) for line in lines if (words := line.partition("#")[0].split()))


def named_in(text: str, wanted: SoughtNames) -> tuple[Recognised, ...]:
    """Medicines that are wanted in a text of any length, in the order of certainty."""
    return _named_in(text, wanted, chosen())


@lru_cache(maxsize=16384)
def _named_in(text: str, wanted: SoughtNames, file: DrugFile | None) -> tuple[Recognised, ...]:
    found = [
        Recognised(spelled, name.substance, name.group, "known")
        for spelled, name in (other_script_names() if other_script(text) else ())
        if wanted.has(name) and spelled in plain(text)
    ]
    as_letters = [_with_letters(text, table) for table in LOOKS_LIKE]
    for form in dict.fromkeys((text, INSIDE.sub("", text), SPELLED_OUT.sub(_drawn_together, text), *as_letters)):
        there = {each.substance for each in found}
        readings = (_listed, _short, _split, _numbered, _resembling, street_words_in)
        new = [each for reading in readings for each in reading(form, wanted)]
        found += [each for each in new if form == text or each.substance not in there]
    exact = {each.written for each in found if each.certainty == "known"}
    return tuple(dict.fromkeys(each for each in found if each.certainty == "known" or each.written not in exact))


def _with_letters(text: str, table: Mapping[int, str]) -> str:
    """The text with the digits and signs of mixed words as the letters that they look like."""
    return MIXED.sub(lambda word: word[0].translate(table), text)


def _drawn_together(spelled: re.Match[str]) -> str:
    """Letters that stand one by one as a word; the longest listed name among them apart ('I o x y' is 'I oxy')."""
    letters = plain(re.sub(r"[ ._*-]", "", spelled[0]))
    for length in range(len(letters), 2, -1):
        for start in range(len(letters) - length + 1):
            end = start + length
            if (letters[start:end],) in phrases():
                return f"{letters[:start]} {letters[start:end]} {letters[end:]}"
    return letters


def _listed(text: str, wanted: SoughtNames) -> Iterator[Recognised]:
    """Listed names of five letters or more, however their words are joined."""
    parts = parts_of(text)
    for first, end, name in spans_of(parts):
        written = " ".join(parts[first:end])
        if wanted.has(name) and _letters(written) >= SHORTEST_LISTED and written not in everyday_words():
            yield depot_of(Recognised(written, name.substance, name.group, "known"), parts)


@cache
def _short_names(file: DrugFile | None) -> dict[str, Name]:
    """Shorter names as they are written; numbers and single letters ('222', 'a & c') are words like any other."""
    found = {}
    for phrase, name in phrases().items():
        written = plain(name.name)
        joined = any(len(token) > 1 and not token.isdigit() for token in TOKEN.findall(written))
        if joined and len(written) > 2 and _letters(squashed(phrase)) < SHORTEST_LISTED:
            tokens = TOKEN.findall(written)
            found[" ".join(tokens)] = name
            found |= dict.fromkeys(_other_spacing(" ".join(tokens)), name)
    return found


def _other_spacing(written: str) -> list[str]:
    """'oc40' of 'oc 40', '7oh' of '7 oh', and the other way round.

    A single letter beside a number is too often a unit ('5 m 30 s').
    """
    apart = re.fullmatch(r"([a-z]{2,}) ?(\d+)", written) or re.fullmatch(r"(\d+) ?([a-z]{2,})", written)
    return [f"{apart[1]}{apart[2]}", f"{apart[1]} {apart[2]}"] if apart else []


def _short(text: str, wanted: SoughtNames) -> Iterator[Recognised]:
    tokens, short = TOKEN.findall(plain(text)), _short_names(chosen())
    for length in (1, 2, 3):
        for start in range(len(tokens) - length + 1):
            written = " ".join(tokens[start : start + length])
            name = short.get(written) or short.get(written.removesuffix("s"))  # 'MSTs'
            if name is not None and wanted.has(name) and written not in everyday_words():
                yield depot_of(Recognised(written, name.substance, name.group, "known"), parts_of(text))


def _split(text: str, wanted: SoughtNames) -> Iterator[Recognised]:
    """Names of one word in pieces: 'tram adol', 'per.co.cet', 'bu pre nor phine'."""
    tokens = TOKEN.findall(plain(text))
    for length in range(2, MOST_PIECES + 1):
        for start in range(len(tokens) - length + 1):
            pieces = tokens[start : start + length]
            written, name = " ".join(pieces), phrases().get(("".join(pieces),))
            long_enough = sum(map(len, pieces)) >= SHORTEST_SPLIT
            if name is not None and wanted.has(name) and long_enough and written not in everyday_words():
                yield depot_of(Recognised(written, name.substance, name.group, "known"), parts_of(text))


def _numbered(text: str, wanted: SoughtNames) -> Iterator[Recognised]:
    """A painkiller's or cold remedy's name with '#3' or the like: the member of its family that holds codeine."""
    if (strengths := CODEINE_BESIDE.search(text)) and CODEINE.group in wanted.groups:
        yield Recognised(strengths[0], CODEINE.substance, CODEINE.group, "similar")
    for number in MEMBER_OF.finditer(text):
        before = parts_of(text[: number.start()])
        spans = spans_of(before)
        first = spans[-1][0] if spans and spans[-1][1] == len(before) else len(before)
        in_family = first < len(before) and spans[-1][2].group in FAMILIES_WITH_CODEINE
        if before[-1:] == ("t",) and number[0].startswith("#"):
            first, in_family = len(before) - 1, True  # T#3
        if in_family and CODEINE.group in wanted.groups:
            space = "" if number[0] == "+" else " "
            written = " ".join(before[first:]) + space + number[0]
            yield Recognised(written, CODEINE.substance, CODEINE.group, "similar")


def _resembling(text: str, wanted: SoughtNames) -> Iterator[Recognised]:
    tokens = TOKEN.findall(plain(text))
    for before, after in itertools.pairwise(tokens):  # 'neurofen plus'
        if len(before + after) >= SHORTEST_PHRASE and f"{before} {after}" not in everyday_words():
            near = (name for name in names_one_slip_from(before + after) if wanted.has(name))
            if name := next((name for name in near if len(parts_of(name.name)) == 2), None):
                yield Recognised(f"{before} {after}", name.substance, name.group, "similar")
    for token in dict.fromkeys(tokens):
        if len(token) >= SHORTEST_LISTED and not token.isdigit():
            name = _resembled(token, wanted, chosen())
            if name is not None:
                yield depot_of(Recognised(token, name.substance, name.group, "similar"), parts_of(text))


@lru_cache(maxsize=65536)
def _resembled(word: str, wanted: SoughtNames, file: DrugFile | None) -> Name | None:
    """The name of these classes that an unlisted word holds, or is one slip from."""
    if word in everyday_words() or (word,) in phrases():
        return None
    for length in range(len(word) - 1, SHORTEST_SLIP - 1, -1):
        name = phrases().get((word[:length],)) if word[:length] not in everyday_words() else None
        rest = word[length:]
        if name is not None and wanted.has(name) and (rest in ENDINGS or rest in words_around()):
            return name
    near = (name for name in names_one_slip_from(word) if wanted.has(name))
    if (
        slip := next((name for name in near if _letters(squashed(parts_of(name.name))) >= _least(name)), None)
    ) is not None:
        return slip
    return next((part for part in medicine_parts() if wanted.has(part) and part.name in word), None)


def _least(name: Name) -> int:
    """Letters from which a slip in a name counts: one of several words ('go-pain') is a phrase of its own."""
    one_word = (squashed(parts_of(name.name)),) in phrases()
    return SHORTEST_SLIP if one_word else SHORTEST_SLIP + 2


def _letters(text: str) -> int:
    return sum(letter.isalpha() for letter in text)
