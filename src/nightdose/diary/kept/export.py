"""Everything the diary holds, in files that any program reads: one JSON, and CSV tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from nightdose.diary.entry import Stored
from nightdose.diary.kept.daily import DailyTable
from nightdose.diary.kept.store import Store
from nightdose.diary.table.csv_text import csv_text

FORMAT = "nightdose.export/1"
HISTORY_COLUMNS = (
    "number", "written_utc", "day", "kind", "item", "value", "unit", "status", "text", "at", "extra",
    "source", "corrects", "withdrawn", "reason",
)  # fmt: skip


def as_json(store: Store) -> Iterator[str]:
    """The whole diary as one JSON text, in pieces: every row ever written, corrections and documents included."""
    yield f'{{\n "schema": {json.dumps(FORMAT)},\n "entries": ['
    yield from _items(stored_object(stored) for stored in store.history())
    yield '],\n "documents": ['
    yield from _items(
        {
            "number": document.number,
            "written_utc": document.written.isoformat(),
            "kind": document.kind,
            "name": document.name,
            "body": document.body,
        }
        for document in store.documents()
    )
    yield "]\n}"


def _items(objects: Iterable[dict[str, Any]]) -> Iterator[str]:
    """What stands between the brackets of a list."""
    before, after = "\n  ", ""
    for each in objects:
        yield before + json.dumps(each, ensure_ascii=False, indent=1).replace("\n", "\n  ")
        before, after = ",\n  ", "\n "
    yield after


def stored_object(stored: Stored) -> dict[str, Any]:
    """One stored entry as plain JSON values."""
    entry = stored.entry
    return {
        "number": stored.number,
        "written_utc": stored.written.isoformat(),
        "day": entry.day.isoformat(),
        "kind": entry.kind,
        "item": entry.item,
        "value": entry.value,
        "unit": entry.unit,
        "status": entry.status,
        "text": entry.text,
        "at": entry.at.isoformat() if entry.at else None,
        "extra": dict(entry.extra),
        "source": entry.source,
        "corrects": stored.corrects,
        "withdrawn": stored.withdrawn,
        "reason": stored.reason,
    }


def as_csv(history: Iterable[Stored]) -> str:
    """Every row ever written as CSV, one row each."""
    rows = []
    for stored in history:
        row = stored_object(stored)
        row["extra"] = json.dumps(row["extra"], ensure_ascii=False) if row["extra"] else ""
        rows.append([row[column] for column in HISTORY_COLUMNS])
    return csv_text(HISTORY_COLUMNS, rows)


def daily_csv(table: DailyTable) -> str:
    """The diary table: one row a day, empty where nothing was recorded."""
    return csv_text(
        ("date", *table.columns),
        [[day.isoformat(), *(cells.get(name) for name in table.columns)] for day, cells in table.rows],
    )
