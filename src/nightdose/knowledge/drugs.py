"""What the drug's file says: how fast an effect may come, which doses trials have used."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from nightdose.errors import KnowledgeError
from nightdose.knowledge.chosen import chosen
from nightdose.knowledge.drug_file import DoseBounds, DrugFile, StudiedDose
from nightdose.knowledge.load import data_text, parameter, parameters, reference_keys
from nightdose.language.catalogue import say


@dataclass(frozen=True, slots=True)
class Drug:
    """One drug as data; another drug is another table in drugs.toml."""

    name: str
    onset: str  # name of an onset prior in onset.toml
    studied_dose: StudiedDose | None
    dose_bounds: DoseBounds | None = None


def drug(name: str) -> Drug | None:
    """The drug of that name or one of its other names: the file that this run is about, or one that is carried.

    None when there is no file for it.
    """
    file = chosen()
    return drug_of(file) if file is not None and file.is_named(name) else _carried(name)


def drug_of(file: DrugFile) -> Drug:
    """The drug that a file of its user describes."""
    return Drug(file.name, file.onset, file.studied, file.bounds)


@cache
def _carried(name: str) -> Drug | None:
    wanted = name.casefold()
    for key, entry in tomllib.loads(data_text("drugs.toml")).items():
        if wanted != key and wanted not in entry.get("names", ()):
            continue
        onset, studied = entry["onset"], entry.get("studied_dose")
        if onset["prior"] not in parameters("onset"):
            raise KnowledgeError(f"drug '{key}': onset prior '{onset['prior']}' is not in onset.toml")
        if studied and studied["source"] not in reference_keys():
            raise KnowledgeError(f"drug '{key}': source '{studied['source']}' is not in references.bib")
        dose = StudiedDose(studied["low"], studied["high"], studied["where"], studied["source"]) if studied else None
        return Drug(key, onset["prior"], dose, _bounds(key, entry))
    return None


def _bounds(key: str, entry: Mapping[str, Any]) -> DoseBounds | None:
    names = ("asked_below", "asked_above", "refused_above")
    given = [name for name in names if name in entry]
    if not given:
        return None
    if len(given) < len(names):
        raise KnowledgeError(f"drug '{key}': bounds of a dose need all of {', '.join(names)}")
    low, high, most = (parameter(f"{key}.{name}", entry[name], reference_keys()) for name in names)
    if {each.unit for each in (low, high, most)} != {"mg"} or not 0 < low.value < high.value < most.value:
        raise KnowledgeError(f"drug '{key}': the bounds of a dose are in mg and rise")
    return DoseBounds(low.value, high.value, most.value)


def drug_notes(name: str) -> tuple[str, ...]:
    """What the drug's file adds to a report: which doses trials have used; nothing where none is carried."""
    known = drug(name)
    if known is None or known.studied_dose is None:
        return ()
    return (say("{drug}: {where}.", drug=known.name, where=say(known.studied_dose.where)),)
