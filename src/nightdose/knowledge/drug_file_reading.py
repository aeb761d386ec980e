"""A drug file read: every field that it may have, and what a file of one's own cannot be (docs/drug-file.md)."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, get_args

from nightdose.errors import InputError, KnowledgeError
from nightdose.knowledge.chosen import about
from nightdose.knowledge.dose_advice import advice_in
from nightdose.knowledge.drug_file import DoseBounds, DrugCard, DrugFile, Kinetics, StudiedDose
from nightdose.knowledge.drug_file_reader import BOUNDS, Reader
from nightdose.knowledge.in_words import named_in
from nightdose.knowledge.interactions import Action, Rule, SafetyQuestion, Strength, ids_in_use, rule_from
from nightdose.knowledge.listed_names import SoughtNames, blocking_classes, is_one_slip_from
from nightdose.knowledge.load import MOST_CHARACTERS
from nightdose.knowledge.medicines import COLLECTIVE, recognise
from nightdose.knowledge.street_words import is_a_street_word
from nightdose.language.catalogue import say

SCHEMA = "nightdose.drug/1"
NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
SPEEDS = ("same-day", "days", "weeks")
# kinetics, one compartment after a dose by mouth: field -> its unit, and the least and the most that it can be
KINETICS = {
    "absorption": ("1/h", (1e-4, 1e3)),
    "elimination": ("1/h", (1e-6, 1e3)),
    "apparent_volume": ("L", (0.1, 1e6)),
}
A_DOSE_MG = (1e-6, 1e6)
TABLES = frozenset(
    {"schema", "name", "names", "title", "onset", "studied_dose", *BOUNDS, "kinetics", "gate", "question", "card",
     "source"}
)  # fmt: skip
SOURCE_FIELDS = frozenset({"key", "author", "year", "title", "url", "status", "note"})
STATUSES = ("seen", "recalled")
FIRST_YEAR = 2000  # of a day on which a source was read
CARRIED = SoughtNames(frozenset({"this_drug", "opioid_blocker"}))  # besides all that blocks


def read_drug_file(text: str, where: str, today: datetime.date | None = None, *, kept: bool = False) -> DrugFile:
    """The drug of a file's text. Raises InputError with one sentence: file, line if known, field, remedy.

    today : nothing in it is dated later; None = not looked at. kept : it was read before, and lies in a diary or a
    package: only what cannot be used is refused, so that it opens under rules that came later.
    """
    text = text.removeprefix("\ufeff")  # some editors begin a file with it
    if len(text) > MOST_CHARACTERS:
        words = say("{file} is too large to be a drug file: it has more than {n} characters.", file=where,
                    n=f"{MOST_CHARACTERS:,}")  # fmt: skip
        raise InputError(words, field="drug")
    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise InputError(say("{file} is not TOML: {error}.", file=where, error=str(error)), field="drug") from None
    reader = Reader(text, where, kept=kept)
    if found.get("schema") != SCHEMA:
        raise reader.wrong("schema", say('is not there as "{schema}". Write it as the first line.', schema=SCHEMA))
    if unknown := sorted(set(found) - TABLES):
        raise reader.wrong(
            unknown[0], say("is not a field of a drug file. Fields: {known}.", known=", ".join(sorted(TABLES)))
        )
    sources = _sources(reader, found)
    keys = frozenset(sources)
    name = reader.words(found, "name")
    if not NAME.fullmatch(name):
        raise reader.wrong("name", say("is small letters, digits and _, as in the column {name}_mg.", name="melatonin"))
    if name.endswith("_mg") and not kept:
        raise reader.wrong("name", say("is the medicine alone: its column is called {name}.", name=name))
    names = tuple(each.casefold() for each in reader.listed(found, "names"))
    title = reader.words(found, "title")
    titles = (title,) if not kept or _is_wholly_carried(title) else ()
    _refuse_what_is_carried(reader, {"name": (name,), "names": names, "title": titles})
    onset, onset_why = _onset(reader, found, keys)
    return DrugFile(
        name, names, title, onset, onset_why, _studied(reader, found, keys), _bounds(reader, found, keys),
        _kinetics(reader, found, keys), *_gates(reader, found, keys, (name, *names), today),
        _card(reader, found), sources, text,
    )  # fmt: skip


def read_again(text: str, name: str) -> DrugFile:
    """The drug of a text that was read before; name : what its sentences call it."""
    return read_drug_file(text, name, kept=True)


def _sources(reader: Reader, found: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    out: dict[str, Mapping[str, str]] = {}
    for i, entry in enumerate(reader.tables(found, "source")):
        if unknown := sorted(set(entry) - SOURCE_FIELDS):
            raise reader.wrong(unknown[0], say("is not a field of a source."), "source", i)
        key = reader.words(entry, "key", "source", i)
        if key in out:
            raise reader.wrong("key", say("'{key}' stands twice.", key=key), "source", i)
        if entry.get("status") not in STATUSES:
            raise reader.wrong("status", say("is seen (you read it) or recalled (you know it)."), "source", i)
        texts = {name: str(value) for name, value in entry.items() if name != "key"}
        fields = {each: reader.words(texts, each, "source", i, needed=False) for each in texts}
        reader.words(fields, "title", "source", i)
        note = "; ".join(filter(None, (fields.get("status", ""), fields.get("note", ""))))
        out[key] = MappingProxyType({**fields, "note": note})
    return MappingProxyType(out)


def _refuse_what_is_carried(reader: Reader, said: Mapping[str, Iterable[str]]) -> None:
    """Naltrexone and opioids have gates that a file of one's own must not take the place of, however it is spelled."""
    for field, names in said.items():
        for each in names:
            if _stands_for_what_is_carried(each):
                words = say(
                    "'{name}' stands for an opioid, or for naltrexone, which is carried by nightdose itself: the gates "
                    "of a file cannot take the place of theirs. Write the name of the medicine that is tried.",
                    name=each[:60],
                )
                raise reader.wrong(field, words)


def _stands_for_what_is_carried(written: str) -> bool:
    """Read as a name, as free words are, and with one slip in the whole of it or in one word."""
    with about(None):
        wanted = SoughtNames(blocking_classes() | CARRIED.groups)
        spaced = written.replace("_", " ")
        known = any(each.certainty == "known" and each.group in wanted.groups for each in recognise(spaced))
        known = known or is_a_street_word(spaced)
        return known or bool(named_in(written, wanted) or named_in(spaced, wanted)) or is_one_slip_from(spaced, wanted)


def _is_wholly_carried(title: str) -> bool:
    """Does a title name nothing but what is carried? One that was kept may mention it ('not with tramadol')."""
    with about(None):
        groups = blocking_classes() | CARRIED.groups
        return all(each.group in groups for each in recognise(title) if each.certainty != "unknown")


def _onset(reader: Reader, found: Mapping[str, Any], keys: frozenset[str]) -> tuple[str, str]:
    entry = reader.table(found, "onset")
    if entry is None:
        raise reader.wrong("onset", say("is missing. Write [onset] with prior, and source or why."))
    if entry.get("prior") not in SPEEDS:
        raise reader.wrong("prior", say("is one of {choices}.", choices=", ".join(SPEEDS)), "onset")
    reader.cites(entry, "onset", keys)
    return entry["prior"], str(entry.get("why") or entry.get("where", ""))


def _studied(reader: Reader, found: Mapping[str, Any], keys: frozenset[str]) -> StudiedDose | None:
    entry = reader.table(found, "studied_dose")
    if entry is None:
        return None
    low, high = (reader.plain_number(entry, name, "studied_dose", "mg", A_DOSE_MG) for name in ("low", "high"))
    if low > high:
        raise reader.wrong("low", say("and high are doses in mg, the lower one first."), "studied_dose")
    if entry.get("source") not in keys:
        raise reader.wrong("source", say("names one of the [[source]] keys."), "studied_dose")
    return StudiedDose(low, high, reader.words(entry, "where", "studied_dose"), entry["source"])


def _bounds(reader: Reader, found: Mapping[str, Any], keys: frozenset[str]) -> DoseBounds | None:
    if not any(name in found for name in BOUNDS):
        return None
    below, above, refused = (
        reader.number(reader.table(found, name), name, "mg", A_DOSE_MG, keys).value for name in BOUNDS
    )
    if not below < above < refused:
        raise reader.wrong("asked_above", say("lies between asked_below and refused_above."))
    return DoseBounds(below, above, refused)


def _kinetics(reader: Reader, found: Mapping[str, Any], keys: frozenset[str]) -> Kinetics | None:
    entry = reader.table(found, "kinetics")
    if entry is None:
        return None
    if unknown := sorted(set(entry) - set(KINETICS)):
        raise reader.wrong(
            "kinetics", say("has {unknown}; it holds {known}.", unknown=unknown[0], known=", ".join(KINETICS))
        )
    parts = {
        name: reader.number(reader.table(entry, name, "kinetics"), f"kinetics.{name}", unit, between, keys)
        for name, (unit, between) in KINETICS.items()
    }
    if abs(parts["absorption"].value / parts["elimination"].value - 1) < 1e-3:
        raise reader.wrong("kinetics", say("has equal absorption and elimination; let them differ by a thousandth."))
    return Kinetics(**parts)


def _gates(
    reader: Reader, found: Mapping[str, Any], keys: frozenset[str], own: tuple[str, ...], today: datetime.date | None
) -> tuple[tuple[Rule, ...], tuple[SafetyQuestion, ...]]:
    questions = [_question(reader, entry, i) for i, entry in enumerate(reader.tables(found, "question"))]
    asked = frozenset(question.id for question in questions)
    rules = [_gate(reader, entry, i, keys, asked) for i, entry in enumerate(reader.tables(found, "gate"))]
    for i, rule in enumerate(rules):
        if (itself := sorted(rule.medicines & set(own))) and not reader.kept:
            words = say("names '{name}', the medicine itself: each of its own doses would close it.", name=itself[0])
            raise reader.wrong("medicines", words, "gate", i)
        if today is not None and rule.date > today:
            raise reader.wrong("date", say("has not come yet: it is the day on which the source was read."), "gate", i)
    ids = [rule.id for rule in rules] + [question.id for question in questions]
    if twice := next((id for id in ids if ids.count(id) > 1 or id in ids_in_use()), None):
        raise reader.wrong(
            "id", say("'{id}' is there already. Give each gate and question a name of its own.", id=twice)
        )
    if idle := next((q.id for q in questions if not any(q.id in rule.conditions for rule in rules)), None):
        raise reader.wrong("question", say("'{id}' closes no gate. Name it in the conditions of one.", id=idle))
    return tuple(rules), tuple(questions)


def _question(reader: Reader, entry: Mapping[str, Any], i: int) -> SafetyQuestion:
    reader.fields(entry, "question", i)
    text = reader.words(entry, "text", "question", i)
    _no_advice(reader, text, "text", "question", i)
    return SafetyQuestion(_id(reader, entry, "question", i), text)


def _id(reader: Reader, entry: Mapping[str, Any], table: str, i: int) -> str:
    id = reader.words(entry, "id", table, i)
    if not reader.kept and not ID.fullmatch(id):
        raise reader.wrong("id", say("is small letters, digits and _, as in liver_disease."), table, i)
    return id


def _gate(reader: Reader, entry: Mapping[str, Any], i: int, keys: frozenset[str], asked: frozenset[str]) -> Rule:
    reader.fields(entry, "gate", i)
    reader.cites(entry, "gate", keys, i)
    medicines = tuple(each.casefold() for each in reader.listed(entry, "medicines", "gate", i))
    conditions = reader.listed(entry, "conditions", "gate", i)
    if unknown := [each for each in conditions if each not in asked]:
        raise reader.wrong(
            "conditions", say("names '{id}', which is none of the [[question]] ids.", id=unknown[0]), "gate", i
        )
    if not medicines and not conditions:
        raise reader.wrong("medicines", say("is empty, and so is conditions: a gate is about one of them."), "gate", i)
    date = entry.get("date")
    if type(date) is not datetime.date or (date.year < FIRST_YEAR and not reader.kept):
        raise reader.wrong("date", say("is the day on which the source was read, like 2026-11-27."), "gate", i)
    _id(reader, entry, "gate", i)
    for name in ("wording", "call"):
        _no_advice(reader, reader.words(entry, name, "gate", i), name, "gate", i)
    for name, choices in (("action", get_args(Action)), ("strength", get_args(Strength))):
        if entry.get(name) not in choices:
            raise reader.wrong(name, say("is one of {choices}.", choices=", ".join(choices)), "gate", i)
    within = entry.get("within_days")
    if within is not None and (isinstance(within, bool) or not isinstance(within, int) or not 0 < within <= 400):
        raise reader.wrong("within_days", say("is a whole number of days, 1 to 400."), "gate", i)
    try:
        return rule_from({**entry, "medicines": _with_substances(medicines), "conditions": conditions}, keys)
    except (KnowledgeError, TypeError, ValueError) as error:
        raise reader.wrong("id", say("cannot be used: {error}.", error=str(error)), "gate", i) from None


def _with_substances(medicines: tuple[str, ...]) -> frozenset[str]:
    """The names with the substances that they stand for, by which every other brand is found."""
    with about(None):
        read = [recognise(each) for each in medicines]
    substances = {found[0].substance.casefold() for found in read if len(found) == 1 and found[0].certainty == "known"}
    return frozenset(medicines) | (substances - COLLECTIVE - {""})


def _no_advice(reader: Reader, text: str, field: str, table: str, i: int = 0) -> None:
    if not reader.kept and (advice := advice_in(text)):
        words = say(
            "says '{order}'. A gate says what its source says and whom to ask, never what to take, change or stop, nor "
            "that something is safe.",
            order=advice,
        )
        raise reader.wrong(field, words, table, i)


def _card(reader: Reader, found: Mapping[str, Any]) -> DrugCard | None:
    entry = reader.table(found, "card")
    if entry is None:
        return None
    card = DrugCard(reader.words(entry, "title", "card"), reader.listed(entry, "lines", "card"))
    for line in card.lines:
        _no_advice(reader, line, "lines", "card")
    return card
