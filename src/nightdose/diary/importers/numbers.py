"""Numbers as people write them in one file: point, comma and thousands told apart by the other numbers beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nightdose.diary.table.numbers import UNKNOWN_WORDS, DecimalSign
from nightdose.language.catalogue import say

_PLAIN = re.compile(r"[+-]?(?:\d{1,15}(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
_ONE_GROUP = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}", re.ASCII)  # 8.432: eight and a bit, or eight thousand
_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(?:([.,' \u00a0\u202f’])\d{3})(?:\1\d{3})*(?:([.,])\d+)?", re.ASCII)
_WITH_UNIT = re.compile(r"([+-]?[\d.,'’]*\d)\s*(%|[^\W\d_][^\W\d]{0,11}(?:/[^\W\d]{1,5})?)")


@dataclass(frozen=True, slots=True)
class Numbers:
    """How the numbers of one file are read.

    sign : the decimal sign that some number of the file can only have; None where both or neither were seen.
    thousands_unclear : a lone 8.432 or 8,432 is not read, because nothing in the file says which it is.
    """

    sign: DecimalSign | None = None
    thousands_unclear: bool = False

    def read(self, text: str) -> float | None:
        """The number in a cell, None where it is not one or could be two."""
        text = text.strip().replace("−", "-")
        one = _ONE_GROUP.fullmatch(text)
        if one and not self._is_decimal(one[1]):
            return float(text.replace(one[1], "")) if self.sign else None
        if _PLAIN.fullmatch(text):
            return float(text.replace(",", "."))
        groups = _GROUPS.fullmatch(text)
        if groups and groups[1] != groups[2] and groups[1] != self.sign:
            whole = text if not groups[2] else text.rpartition(groups[2])[0]
            rest = "" if not groups[2] else "." + text.rpartition(groups[2])[2]
            return float(re.sub(r"[^\d+-]", "", whole) + rest)
        return None

    def _is_decimal(self, sign: str) -> bool:
        """Whether the sign in 8.432 or 8,432 is the decimal one; a point is one unless the file speaks against it."""
        return self.sign == sign or (self.sign is None and sign == "." and not self.thousands_unclear)

    def measured(self, text: str) -> tuple[float, str] | None:
        """(number, unit) of a cell such as '4.5 mg'; the unit is '' where none stands there."""
        value = self.read(text)
        if value is not None:
            return value, ""
        found = _WITH_UNIT.fullmatch(text.strip())
        value = self.read(found[1]) if found else None
        return (value, found[2]) if found and value is not None else None

    def why_not(self, text: str) -> str:
        """What is wrong with a cell that is not a number."""
        found = _ONE_GROUP.fullmatch(text.strip())
        if found and not self._is_decimal(found[1]):
            whole, point = text.strip().replace(found[1], ""), text.strip().replace(",", ".")
            return say("can be {whole} or {point}", whole=whole, point=point)
        return say("is not a number")


def numbers_of(cells: Iterable[str], delimiter: str = ",") -> Numbers:
    """How to read the numbers of a file, from all of its cells.

    delimiter : of the file; where it is ';' the commas are decimal, so a lone 8.432 speaks of thousands as well.
    """
    seen: set[str] = set()
    lone_point = False
    for cell in cells:
        text = cell.strip()
        if "." not in text and "," not in text:
            continue
        one = _ONE_GROUP.fullmatch(text)
        if one:
            lone_point = lone_point or one[1] == "."
        elif (groups := _GROUPS.fullmatch(text)) and groups[1] in ".,":
            seen.add("," if groups[1] == "." else ".")
        elif _PLAIN.fullmatch(text) and (found := re.search(r"[.,]", text)):
            seen.add(found[0])
    if len(seen) == 1:
        return Numbers("," if seen == {","} else ".")
    return Numbers(None, thousands_unclear=lone_point and (delimiter == ";" or len(seen) == 2))


def is_unknown(text: str) -> bool:
    """Whether a cell says that nothing is known."""
    return not text.strip() or text.strip().casefold() in UNKNOWN_WORDS


def number(text: str, sign: DecimalSign = ".") -> float | None:
    """A number that a program wrote; a lone comma before three digits is decimal only where that is the sign."""
    return Numbers(sign if sign == "," else None).read(text)
