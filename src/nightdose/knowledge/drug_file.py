"""A drug as a file of its user: onset, doses, kinetics, gates and card (docs/drug-file.md).

Each number has its passport.

What is wrong in it is said with the file, the line where it can be told, the field, and what to write instead.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, get_args

from nightdose.errors import InputError, KnowledgeError
from nightdose.knowledge import load
from nightdose.knowledge.interactions import Action, Rule, SafetyQuestion, Strength, rule_from, shipped_rules
from nightdose.knowledge.medicines import recognise
from nightdose.knowledge.parameter import Parameter
from nightdose.language.catalogue import say

SCHEMA = "nightdose.drug/1"
NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
SPEEDS = ("same-day", "days", "weeks")
BOUNDS = ("asked_below", "asked_above", "refused_above")
# kinetics: field -> its unit; one compartment after a dose by mouth
KINETICS = {"absorption": "1/h", "elimination": "1/h", "apparent_volume": "L"}
TABLES = frozenset(
    {"schema", "name", "names", "title", "onset", "studied_dose", *BOUNDS, "kinetics", "gate", "question", "card",
     "source"}
)  # fmt: skip
PASSPORT = frozenset({"source", "where", "why", "kind"})
NUMBER = PASSPORT | {"value", "unit", "spread", "symbol"}
FIELDS = {  # of each table; what stands elsewhere would be overlooked, so it is refused
    "onset": PASSPORT | {"prior"}, "studied_dose": PASSPORT | {"low", "high", "unit"}, "card": {"title", "lines"},
    "question": {"id", "text"}, **dict.fromkeys(BOUNDS, NUMBER),
}  # fmt: skip
SOURCE_FIELDS = frozenset({"key", "author", "year", "title", "url", "status", "note"})
STATUSES = ("seen", "recalled")
MOST_TEXT, MOST_ITEMS, MOST_SDLOG = 1_000, 100, 3.0
PLACES = re.compile(r"\{(?!name\})|(?<!\{name)\}")  # braces that are not those of the one place to fill


@dataclass(frozen=True, slots=True)
class Kinetics:
    """First-order absorption and elimination after a dose by mouth, with how people differ (sd of the logarithm)."""

    absorption: Parameter
    elimination: Parameter
    apparent_volume: Parameter

    @property
    def parts(self) -> tuple[Parameter, ...]:
        return (self.absorption, self.elimination, self.apparent_volume)


@dataclass(frozen=True, slots=True)
class DrugCard:
    """What the wallet card says of the medicine: a title and the sentences for who helps."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrugFile:
    """One medicine as its file says it.

    onset : name of an onset prior, with its passport in words. studied, bounds : doses in mg, () = none given.
    rules, questions : its gates. sources : key -> fields of a reference. text : the file; sha256 : its fingerprint.
    """

    name: str
    names: tuple[str, ...]
    title: str
    onset: str
    onset_why: str
    studied: Mapping[str, Any]
    bounds: tuple[float, ...]
    kinetics: Kinetics | None
    rules: tuple[Rule, ...]
    questions: tuple[SafetyQuestion, ...]
    card: DrugCard | None
    sources: Mapping[str, Mapping[str, str]]
    text: str = field(repr=False)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    def is_named(self, written: str) -> bool:
        """Does that name stand for this medicine?"""
        return written.strip().casefold() in (self.name, *self.names)

    def __hash__(self) -> int:
        return hash(self.text)

    def __reduce__(self) -> tuple[Any, ...]:
        return read_drug_file, (self.text, self.name)  # to another process as what it was read from


class _Reader:
    """One file while it is read; remembers where it is, for the sentences."""

    def __init__(self, text: str, where: str) -> None:
        self.text, self.where = text, where
        self.lines = text.splitlines()

    def wrong(self, field: str, what: str, table: str = "", number: int = 0) -> InputError:
        """The sentence for a field that is not right."""
        line = self._line(field, table, number)
        named = f"{table}.{field}" if table else field
        place = say("{file}, line {line}", file=self.where, line=line) if line else self.where
        return InputError(say("{place}: {field} {what}", place=place, field=named, what=what), field="drug")

    def _line(self, name: str, table: str, number: int) -> int:
        """Line of the field, or of its table; 0 where it cannot be told."""
        start = 0
        if table:
            heads = [i for i, line in enumerate(self.lines) if re.match(rf"\s*\[\[?\s*{re.escape(table)}\s*\]", line)]
            if len(heads) <= number:
                return 0
            start = heads[number] + 1
        for i in range(start, len(self.lines)):
            if re.match(r"\s*\[", self.lines[i]) and (table or name):
                if re.match(rf"\s*\[\[?\s*{re.escape(name)}\s*\]", self.lines[i]) and not table:
                    return i + 1
                if table:
                    break
            if re.match(rf"\s*{re.escape(name)}\s*=", self.lines[i]):
                return i + 1
        return start

    def words(
        self, found: Mapping[str, Any], name: str, table: str = "", number: int = 0, *, needed: bool = True
    ) -> str:
        value = found.get(name, "")
        if not isinstance(value, str) or (needed and not value.strip()):
            raise self.wrong(name, say("is missing. Write it as text in quotes."), table, number)
        if len(value) > MOST_TEXT:
            raise self.wrong(name, say("is longer than {n} characters.", n=MOST_TEXT), table, number)
        return value.strip()

    def listed(self, found: Mapping[str, Any], name: str, table: str = "", number: int = 0) -> tuple[str, ...]:
        value = found.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            raise self.wrong(name, say('is a list of texts, like ["one", "two"].'), table, number)
        if len(value) > MOST_ITEMS:
            raise self.wrong(name, say("has more than {n} parts.", n=MOST_ITEMS), table, number)
        return tuple(each.strip() for each in value)

    def table(self, found: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
        value = found.get(name)
        if value is not None and not isinstance(value, Mapping):
            raise self.wrong(name, say("is a table: write [{name}] on a line of its own.", name=name))
        if value is not None:
            self.fields(value, name)
        return value

    def fields(self, entry: Mapping[str, Any], table: str, number: int = 0) -> None:
        """Refuse what is not a field of that table, and texts that are none."""
        known = FIELDS.get(table)
        if known is not None and (unknown := sorted(set(entry) - known)):
            listed = ", ".join(sorted(known))
            raise self.wrong(unknown[0], say("is not a field of it. Fields: {known}.", known=listed), table, number)
        for name in PASSPORT & set(entry):
            self.words(entry, name, table, number, needed=False)

    def tables(self, found: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
        value = found.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            raise self.wrong(name, say("is a list of tables: write [[{name}]] above each.", name=name))
        if len(value) > MOST_ITEMS:
            raise self.wrong(name, say("has more than {n} parts.", n=MOST_ITEMS))
        return value

    def number(self, found: Mapping[str, Any], name: str, unit: str, sources: frozenset[str]) -> Parameter:
        """A number with its passport."""
        entry = self.table(found, name)
        if entry is None:
            raise self.wrong(
                name, say("is missing. Write [{name}] with value, unit, kind, and source or why.", name=name)
            )
        value = entry.get("value")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e9:
            raise self.wrong("value", say("is a number above 0."), name)
        if entry.get("unit") != unit:
            raise self.wrong("unit", say('is "{unit}" here.', unit=unit), name)
        self.cites(entry, name, sources)
        self.spread(entry, name)
        try:
            return load.parameter(name, entry, sources)
        except (KnowledgeError, AttributeError, TypeError) as error:
            raise self.wrong("value", say("cannot be used: {error}.", error=str(error)), name) from None

    def spread(self, entry: Mapping[str, Any], table: str) -> None:
        """How people differ: log-normal, with an sd of the logarithm that a body can have."""
        spread = entry.get("spread", {"family": "none"})
        if spread == {"family": "none"}:
            return
        sdlog = spread.get("sdlog") if isinstance(spread, Mapping) and spread.get("family") == "lognormal" else None
        if isinstance(sdlog, bool) or not isinstance(sdlog, int | float) or not 0 < sdlog <= MOST_SDLOG:
            raise self.wrong("spread", say("is of the family lognormal, with an sdlog above 0 and at most 3."), table)

    def cites(self, entry: Mapping[str, Any], table: str, sources: frozenset[str], number: int = 0) -> None:
        """A source that stands in the file, or a reason."""
        source = entry.get("source", "")
        if source and source not in sources:
            raise self.wrong(
                "source", say("names '{key}', which is none of the [[source]] keys.", key=source), table, number
            )
        if not source and not entry.get("why"):
            raise self.wrong(
                "source", say("is missing, and so is why: each number and gate has one of them."), table, number
            )


def read_drug_file(text: str, where: str) -> DrugFile:
    """The drug of a file's text. Raises InputError with one sentence: file, line if known, field, remedy."""
    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(say("{file} is not TOML: {error}.", file=where, error=str(error)), field="drug") from None
    reader = _Reader(text, where)
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
    names = tuple(each.casefold() for each in reader.listed(found, "names"))
    _refuse_naltrexone(reader, name, names)
    onset, onset_why = _onset(reader, found, keys)
    return DrugFile(
        name, names, reader.words(found, "title"), onset, onset_why, _studied(reader, found, keys),
        _bounds(reader, found, keys), _kinetics(reader, found, keys), *_gates(reader, found, keys),
        _card(reader, found), sources, text,
    )  # fmt: skip


def _sources(reader: _Reader, found: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    out: dict[str, Mapping[str, str]] = {}
    for i, entry in enumerate(reader.tables(found, "source")):
        if unknown := sorted(set(entry) - SOURCE_FIELDS):
            raise reader.wrong(unknown[0], say("is not a field of a source."), "source", i)
        key = reader.words(entry, "key", "source", i)
        if key in out:
            raise reader.wrong("key", say("'{key}' stands twice.", key=key), "source", i)
        if entry.get("status") not in STATUSES:
            raise reader.wrong("status", say("is seen (you read it) or recalled (you know it)."), "source", i)
        fields = {name: str(value) for name, value in entry.items() if name != "key"}
        reader.words(fields, "title", "source", i)
        note = "; ".join(filter(None, (fields.get("status", ""), fields.get("note", ""))))
        out[key] = MappingProxyType({**fields, "note": note})
    return MappingProxyType(out)


def _refuse_naltrexone(reader: _Reader, name: str, names: tuple[str, ...]) -> None:
    """Naltrexone and opioids have gates that a file of one's own must not take the place of."""
    closing = {group for rule in shipped_rules() if rule.action == "stop" for group in rule.classes}
    for each in (name, *names):
        for known in recognise(each.replace("_", " ")):
            if known.certainty == "known" and known.group in closing | {"this_drug", "opioid_blocker"}:
                raise reader.wrong(
                    "name" if each == name else "names",
                    say("'{name}' is carried by nightdose itself, with gates that a file cannot replace.", name=each),
                )


def _onset(reader: _Reader, found: Mapping[str, Any], keys: frozenset[str]) -> tuple[str, str]:
    entry = reader.table(found, "onset")
    if entry is None:
        raise reader.wrong("onset", say("is missing. Write [onset] with prior, and source or why."))
    if entry.get("prior") not in SPEEDS:
        raise reader.wrong("prior", say("is one of {choices}.", choices=", ".join(SPEEDS)), "onset")
    reader.cites(entry, "onset", keys)
    return entry["prior"], str(entry.get("why") or entry.get("where", ""))


def _studied(reader: _Reader, found: Mapping[str, Any], keys: frozenset[str]) -> Mapping[str, Any]:
    entry = reader.table(found, "studied_dose")
    if entry is None:
        return MappingProxyType({})
    low, high = entry.get("low"), entry.get("high")
    if low is True or not (isinstance(low, int | float) and isinstance(high, int | float) and 0 < low <= high < 1e9):
        raise reader.wrong("low", say("and high are doses in mg, the lower one first."), "studied_dose")
    if entry.get("source") not in keys:
        raise reader.wrong("source", say("names one of the [[source]] keys."), "studied_dose")
    where = reader.words(entry, "where", "studied_dose")
    return MappingProxyType({"low": float(low), "high": float(high), "where": where, "source": entry["source"]})


def _bounds(reader: _Reader, found: Mapping[str, Any], keys: frozenset[str]) -> tuple[float, ...]:
    given = [name for name in BOUNDS if name in found]
    if not given:
        return ()
    values = tuple(reader.number(found, name, "mg", keys).value for name in BOUNDS)
    if not values[0] < values[1] < values[2]:
        raise reader.wrong("asked_above", say("lies between asked_below and refused_above."))
    return values


def _kinetics(reader: _Reader, found: Mapping[str, Any], keys: frozenset[str]) -> Kinetics | None:
    entry = reader.table(found, "kinetics")
    if entry is None:
        return None
    if unknown := sorted(set(entry) - set(KINETICS)):
        raise reader.wrong(
            "kinetics", say("has {unknown}; it holds {known}.", unknown=unknown[0], known=", ".join(KINETICS))
        )
    parts = {}
    for name, unit in KINETICS.items():
        inner = _Nested(reader, f"kinetics.{name}")
        parts[name] = inner.number(entry, name, unit, keys)
    if abs(parts["absorption"].value / parts["elimination"].value - 1) < 1e-3:
        raise reader.wrong("kinetics", say("has equal absorption and elimination; let them differ by a thousandth."))
    return Kinetics(**parts)


class _Nested(_Reader):
    """The same file inside a table of a table."""

    def __init__(self, outer: _Reader, path: str) -> None:
        super().__init__(outer.text, outer.where)
        self.path = path

    def wrong(self, field: str, what: str, table: str = "", number: int = 0) -> InputError:
        return super().wrong("" if table == "" else field, what, self.path, number)


def _gates(
    reader: _Reader, found: Mapping[str, Any], keys: frozenset[str]
) -> tuple[tuple[Rule, ...], tuple[SafetyQuestion, ...]]:
    questions = []
    for i, entry in enumerate(reader.tables(found, "question")):
        reader.fields(entry, "question", i)
        questions.append(
            SafetyQuestion(reader.words(entry, "id", "question", i), reader.words(entry, "text", "question", i))
        )
    asked = {question.id for question in questions}
    rules = []
    for i, entry in enumerate(reader.tables(found, "gate")):
        reader.cites(entry, "gate", keys, i)
        medicines = tuple(each.casefold() for each in reader.listed(entry, "medicines", "gate", i))
        conditions = reader.listed(entry, "conditions", "gate", i)
        if unknown := [each for each in conditions if each not in asked]:
            raise reader.wrong(
                "conditions", say("names '{id}', which is none of the [[question]] ids.", id=unknown[0]), "gate", i
            )
        if type(entry.get("date")) is not datetime.date:
            raise reader.wrong("date", say("is the day on which the source was read, like 2026-11-27."), "gate", i)
        for name in ("id", "wording", "call"):
            if PLACES.search(reader.words(entry, name, "gate", i)):
                raise reader.wrong(name, say("has braces other than those of the medicine's name."), "gate", i)
        for name, choices in (("action", get_args(Action)), ("strength", get_args(Strength))):
            if entry.get(name) not in choices:
                raise reader.wrong(name, say("is one of {choices}.", choices=", ".join(choices)), "gate", i)
        within = entry.get("within_days")
        if within is not None and (isinstance(within, bool) or not isinstance(within, int) or not 0 < within <= 400):
            raise reader.wrong("within_days", say("is a whole number of days, 1 to 400."), "gate", i)
        try:
            rules.append(rule_from({**entry, "medicines": medicines, "conditions": conditions}, keys))
        except (KnowledgeError, TypeError, ValueError) as error:
            raise reader.wrong("id", say("cannot be used: {error}.", error=str(error)), "gate", i) from None
    ids = [rule.id for rule in rules] + [question.id for question in questions]
    taken = {rule.id for rule in shipped_rules()}
    if twice := next((id for id in ids if ids.count(id) > 1 or id in taken), None):
        raise reader.wrong(
            "id", say("'{id}' is there already. Give each gate and question a name of its own.", id=twice)
        )
    if idle := next((q.id for q in questions if not any(q.id in rule.conditions for rule in rules)), None):
        raise reader.wrong("question", say("'{id}' closes no gate. Name it in the conditions of one.", id=idle))
    return tuple(rules), tuple(questions)


def _card(reader: _Reader, found: Mapping[str, Any]) -> DrugCard | None:
    entry = reader.table(found, "card")
    if entry is None:
        return None
    return DrugCard(reader.words(entry, "title", "card"), reader.listed(entry, "lines", "card"))
