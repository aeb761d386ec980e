"""A dose as an app names it: the unit out of the name, rescue apart from preventive, pieces turned into mg."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from nightdose.diary.importers.calendar_words import words
from nightdose.diary.importers.imported import Choices, Collector
from nightdose.diary.importers.moment_column import When
from nightdose.language.catalogue import say

MASSES = {"mg", "g", "mcg", "ug", "µg", "μg"}
TAKEN, MISSED, LATE, UNKNOWN = "taken", "missed", "late", "unknown"
# what apps and people write for it -> what became of the dose; every other word is asked about
STATUS_WORDS: Mapping[str, str] = {
    **dict.fromkeys(
        words("taken yes y done completed complete confirmed ja genommen oui pris si tomado tatt true x ✓ ✔ ✅"), TAKEN
    ),
    **dict.fromkeys(
        words("missed skipped skip no n refused declined forgotten nein non vergessen ausgelassen false ✗ ✘ ❌"), MISSED
    ),
    "not taken": MISSED, "nicht genommen": MISSED, "late": LATE, "taken late": LATE, "delayed": LATE,
    "unknown": UNKNOWN, "unsure": UNKNOWN, "?": UNKNOWN,
}  # fmt: skip
_UNIT_IN_NAME = re.compile(r"\s*[(\[]([^()\[\]]{1,20})[)\]]\s*$")
_AMOUNT_IN_NAME = re.compile(r"^(.*\S)\s+(\d{1,4}(?:[.,]\d{1,3})?)\s?(mg|g|mcg|µg|ug)$", re.IGNORECASE)


def split_unit(name: str) -> tuple[str, str]:
    """'Hydroxyzine (mg)' -> ('Hydroxyzine', 'mg')."""
    found = _UNIT_IN_NAME.search(name)
    return (name[: found.start()].strip(), found[1].strip()) if found else (name.strip(), "")


def split_strength(name: str) -> tuple[str, float | None, str]:
    """'Naltrexone 4.5 mg' -> ('Naltrexone', 4.5, 'mg')."""
    found = _AMOUNT_IN_NAME.match(name.strip())
    if not found:
        return name.strip(), None, ""
    return found[1], float(found[2].replace(",", ".")), found[3].lower()


def lookup(names: Mapping[str, float], name: str) -> float | None:
    """The value for a name, whatever its capitals."""
    return next((value for known, value in names.items() if known.casefold() == name.casefold()), None)


@dataclass(frozen=True, slots=True)
class Dose:
    """A medicine and how much of it, as the file has it: value None = not said; status = what became of it."""

    name: str
    value: float | None
    unit: str = ""
    status: str = TAKEN


def add_dose(out: Collector, line: int | None, when: When, dose: Dose, choices: Choices, place: str = "") -> str:
    """Add an intake and give its unit; a count of pieces becomes mg only where the person said how many.

    An amount of 0 was not taken.
    """
    name, value, unit = dose.name, dose.value, dose.unit.strip()
    unit = unit.casefold() if unit.casefold() in MASSES else unit
    rescue = any(name.casefold() == known.casefold() for known in choices.rescue)
    per_piece = lookup(choices.mg_per_unit, name)
    if per_piece is not None and unit not in MASSES:
        value, unit = (None if value is None else round(value * per_piece, 9)), "mg"
    if value == 0 and not rescue:
        out.add(line, when, name, place=place, kind="dose", status=MISSED)
    elif value == 0:
        out.leave_out(say("rescue medicine written as 0 ({name}): none was taken", name=name[:60]))
    else:
        status = TAKEN if rescue else dose.status
        kind = "rescue" if rescue else "dose"
        out.add(line, when, name, place=place, kind=kind, value=value, unit=unit, status=status)
    return unit
