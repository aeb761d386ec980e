"""Codes of LOINC, ATC, RxNorm and UCUM that a FHIR bundle may carry: those that somebody checked, and no others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from nightdose.knowledge.drugs import drug
from nightdose.knowledge.load import table

CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class Code:
    """A code in a public system, and what it means there; unit : of the values that it speaks of, "" = not said."""

    system: str
    code: str
    display: str
    unit: str = ""


@cache
def checked(kind: str) -> tuple[Mapping[str, Any], ...]:
    """The checked entries of `outcome`, `medicine` or `unit`, as the file has them."""
    return tuple(entry for entry in table("fhir")[kind] if entry["status"] == CHECKED)


def outcome_code(name: str, scale: str = "", limits: tuple[float, float] | None = None) -> Code | None:
    """The code of a daily value of that name; None where none was checked or its scale is another one."""
    wanted = " ".join(name.replace("_", " ").split()).casefold()
    for entry in checked("outcome"):
        fits = entry.get("scale", scale) == scale and list(limits or ()) == entry.get("limits", list(limits or ()))
        if wanted in entry["names"] and fits:
            return Code(entry["system"], entry["code"], entry["display"], entry.get("unit", ""))
    return None


def medicine_codes(name: str) -> tuple[Code, ...]:
    """The codes of a medicine, under any of its names; () where none was checked."""
    known = drug(name)
    if known is None:
        return ()
    return tuple(
        Code(entry["system"], entry["code"], entry["display"])
        for entry in checked("medicine")
        if entry["drug"] == known.name
    )


def unit_code(unit: str) -> str:
    """What UCUM calls the unit; "" where none was checked."""
    return next((str(entry["code"]) for entry in checked("unit") if entry["unit"] == unit), "")
