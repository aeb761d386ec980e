"""Which drug file a run is about: none means naltrexone, which is carried with its own rules.

A file that its user brings is chosen for a run, a diary or a page; what asks for gates, onset or a card finds it here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nightdose.knowledge.drug_file import DrugFile

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


def mark_of_file() -> str:
    """What changes when the file of this run does, for whatever is kept between runs; empty = naltrexone."""
    file = chosen()
    return "" if file is None else file.sha256


def treatment() -> str:
    """The name of the medicine that this run is about."""
    file = chosen()
    return NALTREXONE if file is None else file.name
