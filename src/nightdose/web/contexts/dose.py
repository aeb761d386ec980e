"""What a dose does."""

from __future__ import annotations

from dataclasses import dataclass

from nightdose.web.contexts.parts import Blank, Picture


@dataclass(frozen=True, slots=True)
class Switch:
    """One claimed link of the mechanism: whether it is on, and what stands behind it.

    evidence : its sentence; against : what speaks against it, "" = nothing found; grade : kind of evidence in words.
    """

    key: str
    words: str
    says: str
    grade: str
    evidence: str
    on: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """One number in large type with the words under it."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class DosePart:
    """A part below the curves: a question, what the model says to it, pictures."""

    heading: str
    sentences: tuple[str, ...]
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class DosePage:
    """What a dose does: a regimen, the curves, what one changed night does, and every link with its evidence.

    mg, clock : the form; other : the regimen beside it as words, "" = none; own : the diary's last doses can be shown;
    from_diary : they are shown; facts : of the last day; parts : one missed night, or before an operation;
    limits : what the model cannot say.
    """

    mg: Blank
    clock: Blank
    regimen: Blank
    other: Blank
    from_diary: bool
    own: bool
    facts: tuple[Fact, ...]
    pictures: tuple[Picture, ...]
    parts: tuple[DosePart, ...]
    switches: tuple[Switch, ...]
    limits: str
    title: str
    error: str = ""
    confirm: bool = False
