"""A drug as a file of its user: onset, doses, kinetics, gates and card (docs/drug-file.md).

Each number has its passport. `drug_file_reading` makes it of a text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nightdose.knowledge.interactions import Rule, SafetyQuestion
from nightdose.knowledge.parameter import Parameter


@dataclass(frozen=True, slots=True)
class StudiedDose:
    """Range of daily doses that placebo-controlled trials used."""

    low_mg: float
    high_mg: float
    where: str
    source: str


@dataclass(frozen=True, slots=True)
class DoseBounds:
    """Daily doses in mg that are asked about (outside asked_below..asked_above) and refused (above refused_above)."""

    asked_below_mg: float
    asked_above_mg: float
    refused_above_mg: float


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

    onset : name of an onset prior, with its passport in words. rules, questions : its gates.
    sources : key -> fields of a reference. text : the file; sha256 : its fingerprint.
    """

    name: str
    names: tuple[str, ...]
    title: str
    onset: str
    onset_why: str
    studied: StudiedDose | None
    bounds: DoseBounds | None
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
        from nightdose.knowledge.drug_file_reading import read_again  # it makes these

        return read_again, (self.text, self.name)  # to another process as what it was read from
