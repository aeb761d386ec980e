"""What the columns of a person's own table mean, as it is asked once and kept for the next time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from nightdose.errors import CallError
from nightdose.language.catalogue import say

ColumnKind = Literal[
    "score", "dose", "rescue", "measure", "lab", "side_effect", "guess", "note",  # one thing a column
    "medicine",  # which medicine the row is about: one row a dose
    "symptom",  # which thing the row is about: one row a score
    "amount", "unit", "status", "taken",  # of the row's medicine or symptom; taken = when it really was
    "clock",  # time of day of the row
    "skip",
]  # fmt: skip
COLUMN_KINDS: tuple[str, ...] = get_args(ColumnKind)
OF_THE_ROW = ("medicine", "symptom", "amount", "unit", "status", "taken", "clock", "skip")


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """What one column means: the kind of entry, the item's name, its unit, and the column of its clock time.

    item : the name in the diary; '' where the column describes the row (its medicine, its amount).
    """

    kind: ColumnKind
    item: str = ""
    unit: str = ""
    time_column: str = ""

    def __post_init__(self) -> None:
        if self.kind not in COLUMN_KINDS:
            raise CallError(
                say(
                    "'{kind}' is not a kind of column. Known: {column_kinds}.",
                    kind=self.kind,
                    column_kinds=", ".join(COLUMN_KINDS),
                ),
                field="column",
            )
        if not self.item and self.kind not in (*OF_THE_ROW, "note"):
            raise CallError(say("A column of kind {kind} needs a name for the diary.", kind=self.kind), field="column")


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping: which column is the date, what the others mean; columns not named are left out."""

    date_column: str
    columns: Mapping[str, ColumnMeaning] = field(default_factory=dict)

    def of_kind(self, kind: str) -> str | None:
        """The first column of that kind."""
        return next((name for name, column in self.columns.items() if column.kind == kind), None)

    @property
    def record(self) -> dict[str, Any]:
        """As the diary keeps it."""
        parts = {
            name: {"kind": c.kind, "item": c.item, "unit": c.unit, "time_column": c.time_column}
            for name, c in self.columns.items()
        }
        return {"date_column": self.date_column, "columns": parts}


def mapping_from(record: Mapping[str, Any]) -> Mapped:
    """The mapping of a saved record."""
    try:
        columns = {str(name): ColumnMeaning(**part) for name, part in record["columns"].items()}
        return Mapped(str(record["date_column"]), columns)
    except (KeyError, TypeError, AttributeError):
        raise CallError(say("This is not a column mapping. A preview of the table shows how one looks.")) from None
