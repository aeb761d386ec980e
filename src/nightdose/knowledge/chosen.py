"""Which drug file a run is about: none means naltrexone, which is carried with its own rules.

A file that its user brings is chosen for a run, a diary or a page; what asks for gates, onset or a card finds it here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from nightdose.knowledge.drug_file import DrugFile

Given = TypeVar("Given")
Found = TypeVar("Found")
NALTREXONE = "naltrexone"
_CHOSEN: ContextVar[DrugFile | None] = ContextVar("drug_file", default=None)


def chosen() -> DrugFile | None:
    """The drug file that this run is about; None = naltrexone."""
    return _CHOSEN.get()


def choose(file: DrugFile | None) -> None:
    """From here on, in this context, the run is about that file."""
    _CHOSEN.set(file)


@contextmanager
def about(file: DrugFile | None) -> Iterator[None]:
    """A block of code that is about that file, and not afterwards."""
    token = _CHOSEN.set(file)
    try:
        yield
    finally:
        _CHOSEN.reset(token)


@dataclass(frozen=True, slots=True)
class _Carried(Generic[Given, Found]):
    """Work with the file that it is about; travels to another process as one value."""

    work: Callable[[Given], Found]
    file: DrugFile | None

    def __call__(self, given: Given) -> Found:
        with about(self.file):
            return self.work(given)


def carried(work: Callable[[Given], Found]) -> Callable[[Given], Found]:
    """The work, about the same file wherever it is done: a fresh process does not know what its parent chose."""
    return _Carried(work, chosen())


def mark_of_file() -> str:
    """What changes when the file of this run does, for whatever is kept between runs; empty = naltrexone."""
    file = chosen()
    return "" if file is None else file.sha256


def treatment() -> str:
    """The name of the medicine that this run is about."""
    file = chosen()
    return NALTREXONE if file is None else file.name
