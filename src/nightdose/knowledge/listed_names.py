"""The names that medicines are known by: `medicines.csv`, and what the drug file of this run adds to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from nightdose.knowledge import load
from nightdose.knowledge.chosen import chosen
from nightdose.knowledge.interactions import rules, shipped_rules
from nightdose.knowledge.spelling import is_one_slip, one_slip, other_script, plain, squashed, words

if TYPE_CHECKING:
    from nightdose.knowledge.drug_file import DrugFile

SHORTEST_SIMILAR = 5  # shorter words resemble too much
LONG_NAME = 6  # letters of a name for which a slip in it is looked for in other words too
SHORTEST_GUESS = 3  # letters of a name that is found with one slip in it
LONGEST_PHRASE = 6  # words of a name
NAMED_BY_FILE = "named_by_file"  # class of a name that only the drug file of this run knows
IN_DOUBT = "name_in_doubt"  # class of a painkiller's or cold remedy's name with something left over


@dataclass(frozen=True, slots=True)
class Name:
    """One line of `medicines.csv`: a name, the substance it stands for, its class, and where it was seen.

    kind    : substance | brand | misspelling | street | language | ambiguous | stem (ending) | part (of a word).
    country : ISO code of a brand's country, '' = several or not noted.
    source  : key of a register in references.bib, or 'recalled'.
    """

    name: str
    substance: str
    group: str
    kind: str
    country: str
    source: str


@dataclass(frozen=True, slots=True)
class SoughtNames:
    """What words are searched for: names of these classes, and single medicines by name or substance."""

    groups: frozenset[str]
    medicines: frozenset[str] = frozenset()

    def has(self, name: Name) -> bool:
        """Is it one of those?"""
        return name.group in self.groups or bool(self.medicines & {name.name.casefold(), name.substance.casefold()})


@cache
def names() -> tuple[Name, ...]:
    """Every name we know."""
    return tuple(
        Name(row["name"], row["substance"], row["class"], row["kind"], row["country"], row["source"])
        for row in load.rows("medicines")
    )


BESIDE_OPIOIDS = "opioid_blocker"  # other blockers: whoever takes one mostly takes an opioid as well


@cache
def closing_classes() -> frozenset[str]:
    """Classes that close a gate; only these may be guessed at."""
    return frozenset(group for rule in shipped_rules() if rule.action != "remind" for group in rule.classes) - {
        "unknown"
    }


@cache
def blocking_classes() -> frozenset[str]:
    """Classes that block by themselves: opioids of every kind, and naltrexone in full dose or as a depot."""
    return frozenset(group for rule in shipped_rules() if rule.action == "stop" for group in rule.classes)


def what_closes() -> SoughtNames:
    """Everything that closes a gate of the medicine that this run is about."""
    return _what_closes(chosen())


def what_counts_in_words() -> SoughtNames:
    """What free words are searched for: what blocks by itself, and what is given beside an opioid (methylnaltrexone);
    where a drug file says the gates, all that closes."""
    return SoughtNames(blocking_classes() | {BESIDE_OPIOIDS}) if chosen() is None else what_closes()


@cache
def _what_closes(file: DrugFile | None) -> SoughtNames:
    closing = [rule for rule in rules() if rule.action != "remind"]
    groups = frozenset(group for rule in closing for group in rule.classes) - {"unknown"}
    return SoughtNames(groups, frozenset(medicine for rule in closing for medicine in rule.medicines))


@cache
def around() -> Mapping[str, frozenset[str]]:
    """Words around a medicine's name, by what they do (`around_names.toml`)."""
    found = load.table("around_names")
    return MappingProxyType({key: frozenset(text.split()) for key, text in found.items()})


def phrases() -> Mapping[tuple[str, ...], Name]:
    """Every listed name under its words; names that the drug file of this run gives are among them."""
    file = chosen()
    return _listed() if file is None else _with_names_of(file)


@cache
def _listed() -> Mapping[tuple[str, ...], Name]:
    listed = [name for name in names() if name.kind not in ("stem", "part")]
    return MappingProxyType({parts_of(name.name): name for name in reversed(listed) if parts_of(name.name)})


@cache
def _with_names_of(file: DrugFile) -> Mapping[tuple[str, ...], Name]:
    """With the file's own name and those in its gates; what we list keeps its class, for other rules hold by it."""
    found = dict(_listed())
    own = [(each, file.name) for each in (file.name, *file.names)]
    for written, substance in [*own, *((each, each) for rule in file.rules for each in sorted(rule.medicines))]:
        parts = parts_of(written)
        known = found.get(parts)
        if parts and known is None:
            found[parts] = Name(written, substance, NAMED_BY_FILE, "substance", "", "")
        elif known is not None and written not in (known.substance, " ".join(parts)):
            found[parts] = replace(known, substance=substance)  # written with signs: "st. john's wort"
    return MappingProxyType(found)


@cache
def other_script_names() -> tuple[tuple[str, Name], ...]:
    """Names in scripts that have no spaces, the longest first."""
    found = [(plain(name.name), name) for name in names() if other_script(name.name)]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


@cache
def _one_slip_away(file: DrugFile | None) -> Mapping[str, tuple[tuple[str, Name], ...]]:
    """Each name that closes, squashed, under itself and under itself without one letter."""
    found: dict[str, list[tuple[str, Name]]] = defaultdict(list)
    for phrase, name in phrases().items():
        text = squashed(phrase)
        if closes(name) and name.group != IN_DOUBT and len(text) >= SHORTEST_GUESS:
            for key in set(one_slip(text)):
                found[key].append((text, name))
    return MappingProxyType({key: tuple(pairs) for key, pairs in found.items()})


def closes(name: Name) -> bool:
    """Does it close a gate, of naltrexone or of the drug file that this run is about?"""
    return name.group in closing_classes() or (chosen() is not None and what_closes().has(name))


def closing_words() -> Mapping[str, Name]:
    """Names of one word that close, by that word; the short ones left out."""
    return _closing_words(chosen())


@cache
def _closing_words(file: DrugFile | None) -> Mapping[str, Name]:
    single = {phrase[0]: name for phrase, name in phrases().items() if len(phrase) == 1}
    return MappingProxyType(
        {word: name for word, name in single.items() if closes(name) and len(word) >= SHORTEST_SIMILAR}
    )


@cache
def word_parts() -> tuple[Name, ...]:
    """Parts and endings of words that names of one class have."""
    return tuple(name for name in names() if name.kind in ("part", "stem"))


@cache
def medicine_parts() -> tuple[Name, ...]:
    """Parts of words that give a substance away wherever they stand: the 'codein' of 'paracodeine'."""
    return tuple(name for name in names() if name.kind == "part")


def words_around() -> frozenset[str]:
    """Words that name no medicine and stand around one: forms, salts, makers."""
    return around()["neutral"]


def parts_of(text: str) -> tuple[str, ...]:
    """Words of a name; the sign for 'number' is dropped where a number follows it: 'no. 3' and '#3' are '3'."""
    found = list(words(text))
    kept = []
    for place, word in enumerate(found):
        before_number = place + 1 < len(found) and found[place + 1][0].isdigit()
        if not (word in ("#", "no", "nr", "number", "num") and before_number):
            kept.append(word)
    return tuple(kept)


def spans_of(parts: tuple[str, ...]) -> list[tuple[int, int, Name]]:
    """(first word, word after the last, name) of every listed name, from left to right."""
    spans, place = [], 0
    while place < len(parts):
        phrase, name = _longest(parts, place)
        if name is not None:
            spans.append((place, place + len(phrase), name))
        place += max(1, len(phrase))
    return spans


def _longest(parts: Sequence[str], place: int) -> tuple[tuple[str, ...], Name | None]:
    for length in range(min(LONGEST_PHRASE, len(parts) - place), 0, -1):
        phrase = tuple(parts[place : place + length])
        if (name := phrases().get(phrase)) is not None:
            return phrase, name
    return (), None


def is_one_slip_from(text: str, wanted: SoughtNames) -> bool:
    """Is the whole text, or one word of it, a long name that is wanted, or one slip from it?"""
    parts = parts_of(text)
    squeezed = {squashed(parts), *parts}
    listed = _squashed_names(wanted)
    return any(
        is_one_slip(one, other)
        for one in squeezed
        for other in listed
        if len(other) >= LONG_NAME and len(one) >= LONG_NAME
    )


@cache
def _squashed_names(wanted: SoughtNames) -> frozenset[str]:
    return frozenset(squashed(phrase) for phrase, name in _listed().items() if wanted.has(name))


def names_one_slip_from(text: str) -> Iterator[Name]:
    """Names that close and are the text, or one slip from it; both squashed."""
    seen = set()
    for key in one_slip(text):
        for spelled, name in _one_slip_away(chosen()).get(key, ()):
            if spelled not in seen and is_one_slip(text, spelled):
                seen.add(spelled)
                yield name
