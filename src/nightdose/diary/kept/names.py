"""What each thing of the diary is called in the table: two quantities never share a column, one never has two."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nightdose.diary.entry import Entry
from nightdose.diary.records import Problem
from nightdose.diary.table.headers import fold, role_of
from nightdose.diary.table.problems import quoted
from nightdose.language.catalogue import say

NUMBER_KINDS = ("score", "measure", "lab", "side_effect")  # who keeps the plain name, where several want it
SAME_UNIT = {
    "lbs": "lb",
    "pound": "lb",
    "pounds": "lb",
    "kgs": "kg",
    "hr": "h",
    "hrs": "h",
    "hours": "h",
    "stone": "st",
}
# (from, to) -> factor; international pound (exact) and what follows from the definitions
FACTORS = {
    ("lb", "kg"): 0.45359237, ("st", "kg"): 6.35029318, ("g", "kg"): 0.001, ("min", "h"): 1 / 60, ("s", "h"): 1 / 3600,
    ("s", "min"): 1 / 60, ("ms", "s"): 0.001,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ColumnNames:
    """How entries are called in the table, and what had to be said about it.

    spellings : (kind, folded item) -> the item as the person first wrote it, else as an import did.
    columns   : (kind, folded item, unit) -> column and the factor that brings a value to the column's unit.
    """

    spellings: Mapping[tuple[str, str], str]
    columns: Mapping[tuple[str, str, str], tuple[str, float]]
    problems: tuple[Problem, ...]

    def item(self, entry: Entry) -> str:
        """The item, in its first spelling."""
        return self.spellings[entry.kind, fold(entry.item)]

    def column(self, entry: Entry) -> str:
        """The column of a number."""
        return self.columns[entry.kind, fold(entry.item), _unit(entry)][0]

    def value(self, entry: Entry) -> float:
        """The number, in the unit of its column."""
        assert entry.value is not None, "asked only for entries with a number"
        factor = self.columns[entry.kind, fold(entry.item), _unit(entry)][1]
        return entry.value if factor == 1 else round(entry.value * factor, 9)


def column_names(entries: Iterable[Entry]) -> ColumnNames:
    """A column for each kind, item and unit: the score keeps the plain name, a device's value its unit behind it."""
    spellings: dict[tuple[str, str], str] = {}
    units: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for entry in sorted(entries, key=lambda entry: entry.source != "typed"):  # theirs before an app's
        key: tuple[str, str] = (entry.kind, fold(entry.item))
        spellings.setdefault(key, entry.item)
        if entry.kind in NUMBER_KINDS:
            units[key][_unit(entry)] += 1
    columns: dict[tuple[str, str, str], tuple[str, float]] = {}
    used = {fold(spelling) + suffix for (kind, _), spelling in spellings.items() for suffix in _SUFFIXES.get(kind, ())}
    problems: list[Problem] = []
    for key in sorted(units, key=lambda key: NUMBER_KINDS.index(key[0])):
        (kind, folded) = key
        main = next((unit for unit, _ in units[key].most_common() if unit), "")
        plain = _free(spellings[key], main or kind, used)
        for unit in units[key]:
            factor = 1.0 if unit in ("", main) else _factor(unit, main)
            if factor is None:
                other = _free(f"{spellings[key]}_{unit}", kind, used)
                columns[kind, folded, unit] = (other, 1.0)
                what = say(
                    "{quoted} was written in {quoted_2} and in {quoted_3}.",
                    quoted=quoted(spellings[key]),
                    quoted_2=quoted(main),
                    quoted_3=quoted(unit),
                )
                problems.append(
                    Problem(
                        None, what, say("The second stands in a column of its own, {quoted}.", quoted=quoted(other))
                    )
                )
            else:
                columns[kind, folded, unit] = (plain, factor)
    return ColumnNames(spellings, columns, tuple(problems))


_SUFFIXES = {"dose": ("_mg", "_time", "_assigned_mg"), "medicine": ("_mg",), "guess": ("_guess",), "note": ("",)}


def _unit(entry: Entry) -> str:
    unit = entry.unit.strip().casefold()
    return SAME_UNIT.get(unit, entry.unit.strip())


def _factor(unit: str, main: str) -> float | None:
    if (unit, main) in FACTORS:
        return FACTORS[unit, main]
    return 1 / FACTORS[main, unit] if (main, unit) in FACTORS else None


def _free(name: str, addition: str, used: set[str]) -> str:
    """The name, with an addition where another quantity has it or where the table means something else by it."""
    found, number = name, 1
    while fold(found) in used or role_of(fold(found)) != "number" or fold(found) in ("date", "day", "person"):
        number += 1
        found = f"{name}_{addition}" if number == 2 else f"{name}_{addition}_{number}"
    used.add(fold(found))
    return found
