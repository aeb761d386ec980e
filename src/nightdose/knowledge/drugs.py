"""What the drug's file says: how fast an effect may come, which doses trials have used."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from nightdose.errors import KnowledgeError
from nightdose.knowledge.load import data_text, parameters, reference_keys


@dataclass(frozen=True, slots=True)
class StudiedDose:
    """Range of daily doses that placebo-controlled trials used."""

    low_mg: float
    high_mg: float
    where: str
    source: str


@dataclass(frozen=True, slots=True)
class Drug:
    """One drug as data; another drug is another table in drugs.toml."""

    name: str
    onset: str  # name of an onset prior in onset.toml
    onset_why: str
    studied_dose: StudiedDose | None


@cache
def drug(name: str) -> Drug | None:
    """The drug of that name or one of its other names, or None when no file is carried for it."""
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
        return Drug(key, onset["prior"], onset["why"], dose)
    return None


def drug_notes(name: str) -> tuple[str, ...]:
    """What the drug's file adds to a report: which doses trials have used; nothing where none is carried."""
    known = drug(name)
    if known is None or known.studied_dose is None:
        return ()
    return (f"{known.name}: {known.studied_dose.where}.",)
