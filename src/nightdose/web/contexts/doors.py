"""Pages beside the way: help, refusals, a locked diary."""

from __future__ import annotations

from dataclasses import dataclass

from nightdose.web.contexts.parts import KeptField


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """Something could not be done: one sentence, and where to go from here."""

    sentence: str
    path: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class UnlockPage:
    """The diary is locked. path : where the person was going; kept : what they had already written there."""

    path: str
    kept: tuple[KeptField, ...] = ()
    error: str = ""
    recovery: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A question that many ask. open : what nobody knows; sources : (words, address) of each."""

    ask: str
    known: str
    open: str
    place: str
    here: str
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HelpPage:
    """Questions and answers, words, keys."""

    answers: tuple[Answer, ...]
    words: tuple[tuple[str, str], ...]
    keys: tuple[tuple[str, str], ...]
