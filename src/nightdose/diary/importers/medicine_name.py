"""A dose as an app names it: the unit out of the name, rescue apart from preventive, pieces turned into mg."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nightdose.diary.importers.imported import Choices

_UNIT_IN_NAME = re.compile(r"\s*\(([^()]{1,20})\)\s*$")


def split_unit(name: str) -> tuple[str, str]:
    """'Hydroxyzine (mg)' -> ('Hydroxyzine', 'mg')."""
    found = _UNIT_IN_NAME.search(name)
    return (name[: found.start()].strip(), found[1].strip()) if found else (name.strip(), "")


def lookup(names: Mapping[str, float], name: str) -> float | None:
    """The value for a name, whatever its capitals."""
    return next((value for known, value in names.items() if known.casefold() == name.casefold()), None)


def dose_fields(name: str, amount: float | None, unit: str, choices: Choices) -> dict[str, object]:
    """Kind, item, amount and unit of an intake; a count of pieces becomes mg only where the person said how many."""
    rescue = any(name.casefold() == known.casefold() for known in choices.rescue)
    per_piece = lookup(choices.mg_per_unit, name)
    if per_piece is not None and unit not in ("mg", "g", "mcg", "ug", "µg"):
        amount, unit = (None if amount is None else amount * per_piece), "mg"
    return {
        "kind": "rescue" if rescue else "dose",
        "item": name,
        "value": amount if amount != 0 else None,
        "unit": unit,
        "status": "taken",
    }
