"""Which medicine a diary is about, and what its file says."""

from __future__ import annotations

from dataclasses import dataclass

from nightdose.web.contexts.parts import Choice, Picture


@dataclass(frozen=True, slots=True)
class MedicinePage:
    """The medicine of this diary, to choose while it may still be chosen. chosen : its name; facts : (what, words)."""

    chosen: str
    title: str
    offered: tuple[Choice, ...]
    facts: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str], ...]
    fingerprint: str
    folder: str
    error: str = ""
    asks_reason: bool = False  # another version of the file would take a gate away: why?


@dataclass(frozen=True, slots=True)
class DrugDosePage:
    """What is in the blood under a regimen of a medicine that comes as a file."""

    title: str
    regimen: str
    sentences: tuple[str, ...]
    pictures: tuple[Picture, ...]
    error: str = ""
