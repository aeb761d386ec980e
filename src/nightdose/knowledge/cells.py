"""Reading one row of a table of published numbers: every complaint names the file, the row and the column."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeVar, get_args

from nightdose.errors import KnowledgeError

Status = Literal["seen", "derived", "recalled"]  # read in the source, by arithmetic from it, from memory; in this order
STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True, slots=True)
class Cells:
    """One row of a CSV file. file : its name in sentences."""

    file: str
    row: Mapping[str, str]

    def complain(self, column: str, what: str) -> KnowledgeError:
        return KnowledgeError(f"{self.file}: row '{self.row.get('id') or '?'}', column '{column}': {what}.")

    def text(self, column: str, *, needed: bool = False) -> str:
        """The words of a column; raises KnowledgeError where it is not there, or empty although it is needed."""
        value = self.row.get(column)
        if value is None:
            raise self.complain(column, "the file has no such column")
        if needed and not value:
            raise self.complain(column, "is empty")
        return value

    def one_of(self, column: str, allowed: Any) -> Any:
        """The word of a column, one of the words of a Literal type."""
        words, value = get_args(allowed), self.text(column)
        if value not in words:
            raise self.complain(column, f"'{value}' is not one of {', '.join(w or '(empty)' for w in words)}")
        return value

    def numbers(self, columns: Collection[str], counts: Collection[str]) -> Mapping[str, float]:
        """Column -> value of those that are filled in; counts are whole and 0 or more."""
        found = {}
        for column in columns:
            text = self.text(column)
            if not text:
                continue
            try:
                value = float(text)
            except ValueError:
                raise self.complain(column, f"'{text}' is not a number") from None
            if not math.isfinite(value) or (column in counts and not (value >= 0 and value.is_integer())):
                raise self.complain(column, f"'{text}' is not a number of that kind")
            found[column] = value
        return MappingProxyType(found)

    def statuses(self) -> Mapping[str, Status]:
        """Column -> status; "": of every column without a mark of its own (`marks`: "pmid:recalled p:derived")."""
        found: dict[str, Status] = {"": self.one_of("status", Status)}
        for mark in self.text("marks").split():
            column, _, status = mark.partition(":")
            if column not in self.row:
                raise self.complain("marks", f"there is no column '{column}'")
            if status not in STATUSES:
                raise self.complain("marks", f"'{status}' is not one of {', '.join(STATUSES)}")
            found[column] = status
        return MappingProxyType(found)


def weakest(statuses: Mapping[str, Status], columns: Collection[str]) -> Status:
    """The weakest status among these columns."""
    return max((statuses.get(column, statuses[""]) for column in columns), key=STATUSES.index)


T = TypeVar("T")


def by_id(file: str, found: list[T], name: Callable[[T], str]) -> Mapping[str, T]:
    """Id -> row; raises KnowledgeError where an id stands there twice."""
    kept: dict[str, T] = {}
    for each in found:
        if name(each) in kept:
            raise KnowledgeError(f"{file}: row '{name(each)}', column 'id': stands there twice.")
        kept[name(each)] = each
    return MappingProxyType(kept)
