"""Fields of a drug file, each checked where it stands: what is wrong is said with file, line, field and remedy."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from nightdose.errors import InputError, KnowledgeError
from nightdose.knowledge import load
from nightdose.knowledge.parameter import Parameter
from nightdose.language.catalogue import say
from nightdose.language.number import number

BOUNDS = ("asked_below", "asked_above", "refused_above")
PASSPORT = frozenset({"source", "where", "why", "kind"})
NUMBER = PASSPORT | {"value", "unit", "spread", "symbol"}
FIELDS = {  # of each table; what stands elsewhere would be overlooked, so it is refused
    "onset": PASSPORT | {"prior"}, "studied_dose": PASSPORT | {"low", "high", "unit"}, "card": {"title", "lines"},
    "question": {"id", "text"},
    "gate": PASSPORT | {"id", "action", "medicines", "conditions", "within_days", "wording", "call", "strength",
                        "date"},
    **dict.fromkeys(BOUNDS, NUMBER),
}  # fmt: skip
MOST_TEXT, MOST_ITEMS, MOST_SDLOG = 1_000, 100, 3.0
NAME_PLACE = "{name}"


class Reader:
    """One file while it is read; remembers where it is, for the sentences. kept : it was read before."""

    def __init__(self, text: str, where: str, *, kept: bool = False) -> None:
        self.where, self.kept = where, kept
        self.lines = text.splitlines()

    def wrong(self, field: str, what: str, table: str = "", number: int = 0) -> InputError:
        """The sentence for a field that is not right. field : "" = the table itself."""
        line = self._line(field, table, number)
        named = ".".join(filter(None, (table, field)))
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
            if name and re.match(rf"\s*{re.escape(name)}\s*=", self.lines[i]):
                return i + 1
        return start

    def words(
        self, found: Mapping[str, Any], name: str, table: str = "", number: int = 0, *, needed: bool = True
    ) -> str:
        """A text on one line, without braces. needed : it has to be there."""
        value = found.get(name, "")
        if not isinstance(value, str) or (needed and not value.strip()):
            raise self.wrong(name, say("is missing. Write it as text in quotes."), table, number)
        self._can_be_said(value, name, table, number)
        return " ".join(value.split())

    def listed(self, found: Mapping[str, Any], name: str, table: str = "", number: int = 0) -> tuple[str, ...]:
        """A list of such texts; none is an empty one."""
        value = found.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            raise self.wrong(name, say('is a list of texts, like ["one", "two"].'), table, number)
        if len(value) > MOST_ITEMS:
            raise self.wrong(name, say("has more than {n} parts.", n=MOST_ITEMS), table, number)
        for each in value:
            self._can_be_said(each, name, table, number)
        return tuple(" ".join(each.split()) for each in value)

    def _can_be_said(self, value: str, name: str, table: str, number: int) -> None:
        if len(value) > MOST_TEXT:
            raise self.wrong(name, say("is longer than {n} characters.", n=MOST_TEXT), table, number)
        filled_in = table == "gate" and name in ("wording", "call")
        if self.kept and not filled_in:
            return
        if not self.kept and any(
            unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co") and sign not in "\n\t" for sign in value
        ):
            raise self.wrong(name, say("has a sign that cannot be seen. Type the text anew."), table, number)
        if filled_in:
            value = value.replace(NAME_PLACE, "")
        if "{" in value or "}" in value:
            raise self.wrong(
                name,
                say("has braces. Only a gate's wording and call may have some, as the place of the medicine's name."),
                table,
                number,
            )

    def table(self, found: Mapping[str, Any], name: str, within: str = "") -> Mapping[str, Any] | None:
        """A table, or None where it is not there. within : the table that it stands in."""
        value, path = found.get(name), f"{within}.{name}" if within else name
        if value is not None and not isinstance(value, Mapping):
            raise self.wrong(path, say("is a table: write [{name}] on a line of its own.", name=path))
        if value is not None:
            self.fields(value, path)
        return value

    def fields(self, entry: Mapping[str, Any], table: str, number: int = 0) -> None:
        """Refuse what is not a field of that table, and texts that are none."""
        known = NUMBER if table.startswith("kinetics.") else FIELDS.get(table)
        if self.kept and (table == "gate" or table.startswith("kinetics.")):
            known = None
        if known is not None and (unknown := sorted(set(entry) - known)):
            listed = ", ".join(sorted(known))
            raise self.wrong(unknown[0], say("is not a field of it. Fields: {known}.", known=listed), table, number)
        for name in PASSPORT & set(entry):
            self.words(entry, name, table, number, needed=False)

    def tables(self, found: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
        """The tables of a list; none is an empty one."""
        value = found.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            raise self.wrong(name, say("is a list of tables: write [[{name}]] above each.", name=name))
        if len(value) > MOST_ITEMS:
            raise self.wrong(name, say("has more than {n} parts.", n=MOST_ITEMS))
        return value

    def number(
        self, entry: Mapping[str, Any] | None, table: str, unit: str, between: tuple[float, float],
        sources: frozenset[str],
    ) -> Parameter:  # fmt: skip
        """A number with its passport. between : what such a number can be, in that unit."""
        if entry is None:
            words = say("is missing. Write [{name}] with value, unit, kind, and source or why.", name=table)
            raise self.wrong("", words, table)
        self.plain_number(entry, "value", table, unit, between)
        if entry.get("unit") != unit:
            raise self.wrong("unit", say('is "{unit}" here.', unit=unit), table)
        self.cites(entry, table, sources)
        self.spread(entry, table)
        try:
            return load.parameter(table.rpartition(".")[2], entry, sources)
        except (KnowledgeError, AttributeError, TypeError) as error:
            raise self.wrong("value", say("cannot be used: {error}.", error=str(error)), table) from None

    def plain_number(
        self, entry: Mapping[str, Any], name: str, table: str, unit: str, between: tuple[float, float]
    ) -> float:
        """A number above 0 that such a thing can be."""
        value, (low, high) = entry.get(name), between
        if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
            raise self.wrong(name, say("is a number above 0."), table)
        if not low <= value <= high and not self.kept:
            words = say(
                "is {value} {unit}; such a number lies between {low} and {high} {unit}. Look at its unit.",
                value=number(float(value)) if math.isfinite(value) else value, low=number(low), high=number(high),
                unit=unit,
            )  # fmt: skip
            raise self.wrong(name, words, table)
        return float(value)

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
