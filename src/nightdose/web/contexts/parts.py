"""What several pages show: questions of a form, gates, figures, steps."""

from __future__ import annotations

import re
from dataclasses import dataclass


def ident_of(key: str) -> str:
    """A field's name as an HTML id."""
    return re.sub(r"\W+", "-", key)


@dataclass(frozen=True, slots=True)
class Choice:
    """One target of a question. small : a second line under the words; name : read aloud instead of the words."""

    value: str
    words: str
    small: str = ""
    name: str = ""


LONGEST_IN_A_THIRD = 10  # letters of a word that is not broken in a third of 360 px


@dataclass(frozen=True, slots=True)
class Pick:
    """A question answered by one tap. key : the form's field; chosen : the value picked, "" = none yet.

    ends : words at both ends of a scale; keys : digits choose and go on.
    """

    key: str
    words: str
    choices: tuple[Choice, ...]
    chosen: str = ""
    hint: str = ""
    ends: tuple[str, str] = ("", "")
    error: str = ""
    keys: bool = False

    @property
    def ident(self) -> str:
        return ident_of(self.key)

    @property
    def in_thirds(self) -> bool:
        """True where three answers fit side by side on a phone."""
        words = (word for choice in self.choices for word in choice.words.split())
        return len(self.choices) == 3 and all(len(word) <= LONGEST_IN_A_THIRD for word in words)


@dataclass(frozen=True, slots=True)
class Blank:
    """A question answered by typing. kind : the input's type; options : words offered, never forced.

    half : two of them stand beside each other.
    """

    key: str
    words: str
    value: str = ""
    kind: str = "text"
    hint: str = ""
    error: str = ""
    options: tuple[str, ...] = ()
    mode: str = ""  # inputmode, for a phone's keyboard
    half: bool = False

    @property
    def ident(self) -> str:
        return ident_of(self.key)


@dataclass(frozen=True, slots=True)
class GateWords:
    """One safety gate: its state in words, what it says, whom to ask, what clears it."""

    state: str
    sentence: str
    call: str
    clears: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class KeptField:
    """A field of a form that waits behind a locked diary."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure twice, for a desk and for a phone, with its sentence; of a curve also its numbers as a table."""

    wide: str
    narrow: str
    sentence: str
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step of the first run; done : it or a later one is reached."""

    words: str
    done: bool
