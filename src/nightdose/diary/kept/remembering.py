"""The kept diary with its rows in memory: a window that stays open asks for the same ten years at every page.

Rows are only ever added, so what came new is read and the rest stays. Where another program wrote to the file,
everything is read again. One evening on the command line has no use for this and reads the few rows that it needs.
"""

from __future__ import annotations

import datetime
from pathlib import Path

from nightdose.diary.entry import Stored
from nightdose.diary.kept.store import Clock, Document, Store, utc_now


class RememberingStore(Store):
    """As `Store`, and the same answers; of a file that did not change they come from memory."""

    def __init__(self, path: Path, key: bytes | None, *, create: bool = False, clock: Clock = utc_now) -> None:
        super().__init__(path, key, create=create, clock=clock)
        self._version: object = None
        self._state: tuple[int, int] = (-1, -1)
        self._rows: list[Stored] = []
        self._current: tuple[Stored, ...] = ()
        self._by_kind: dict[str, tuple[Stored, ...]] = {}
        self._by_day: dict[datetime.date, tuple[Stored, ...]] = {}
        self._pages: tuple[Document, ...] = ()

    def entries(
        self, *, kind: str | None = None, item: str | None = None, day: datetime.date | None = None
    ) -> tuple[Stored, ...]:
        """Current entries in the order of their days."""
        self._refresh()
        if day is not None:
            found = self._by_day.get(day, ())
        elif kind is not None:
            found = self._by_kind.get(kind, ())
        else:
            found = self._current
        if (day is None or kind is None) and item is None:
            return found
        return tuple(
            row
            for row in found
            if (kind is None or row.entry.kind == kind) and (item is None or row.entry.item == item)
        )

    def history(self) -> tuple[Stored, ...]:
        """Every row ever written, in the order of writing."""
        self._refresh()
        return tuple(self._rows)

    def source_keys(self) -> set[str]:
        """Keys of everything that was ever imported, withdrawn entries included."""
        self._refresh()
        return {row.entry.source_key for row in self._rows if row.entry.source_key is not None}

    def documents(self, kind: str | None = None, name: str | None = None) -> tuple[Document, ...]:
        """Documents in the order of writing."""
        self._refresh()
        return tuple(page for page in self._pages if kind in (None, page.kind) and name in (None, page.name))

    def _refresh(self) -> None:
        version, state = self._read("PRAGMA data_version")[0][0], self.mark()
        if version == self._version and state == self._state:
            return
        if version != self._version or state < self._state:
            self._rows = []
        known = self._rows[-1].number if self._rows else 0
        fresh = self._entries("number > ? ORDER BY number", [known])
        if fresh or not known:
            self._rows.extend(fresh)
            self._arrange()
        self._pages = super().documents()
        self._version, self._state = version, state

    def _arrange(self) -> None:
        said_anew = {row.corrects for row in self._rows if row.corrects is not None}
        rows = [row for row in self._rows if row.number not in said_anew and not row.withdrawn]
        rows.sort(key=lambda row: (row.entry.day, row.number))
        kinds: dict[str, list[Stored]] = {}
        days: dict[datetime.date, list[Stored]] = {}
        for row in rows:
            kinds.setdefault(row.entry.kind, []).append(row)
            days.setdefault(row.entry.day, []).append(row)
        self._current = tuple(rows)
        self._by_kind = {kind: tuple(found) for kind, found in kinds.items()}
        self._by_day = {day: tuple(found) for day, found in days.items()}
