"""From what an importer read to what the diary takes in: new entries, known ones, and days whose value changed."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from nightdose.diary.entry import Entry
from nightdose.diary.importers.imported import Imported
from nightdose.diary.kept.store import Store


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do; nothing has been written.

    changed : (number of the entry, its newer version): a device's day that has grown since the last import.
    """

    imported: Imported
    new: tuple[Entry, ...]
    known: int
    changed: tuple[tuple[int, Entry], ...]

    @property
    def items(self) -> Mapping[tuple[str, str], int]:
        """(kind, item) -> number of new entries."""
        return Counter((entry.kind, entry.item) for entry in self.new)

    @property
    def first_day(self) -> datetime.date | None:
        return min((entry.day for entry in self.new), default=None)

    @property
    def last_day(self) -> datetime.date | None:
        return max((entry.day for entry in self.new), default=None)


def preview(store: Store, imported: Imported) -> Preview:
    """Compare a file with the diary.

    An entry with a source key is known by it. One without is a device's value of a day: known by format, day and
    item; a changed value becomes a correction, and one the person withdrew stays withdrawn.
    """
    keys = store.source_keys()
    kept: dict[tuple[str, datetime.date, str], tuple[int, float | None]] = {}
    withdrawn = set()
    for row in store.history():
        place = (row.entry.source, row.entry.day, row.entry.item)
        if row.withdrawn:
            withdrawn.add(place)
    for row in store.entries(kind="measure"):
        kept[row.entry.source, row.entry.day, row.entry.item] = (row.number, row.entry.value)
    new, changed, known = [], [], 0
    for entry in imported.entries:
        place = (entry.source, entry.day, entry.item)
        if entry.source_key is not None:
            if entry.source_key in keys:
                known += 1
            else:
                keys.add(entry.source_key)
                new.append(entry)
        elif place not in kept and place not in withdrawn:
            new.append(entry)
            kept[place] = (0, entry.value)
        elif place in kept and kept[place][0] and kept[place][1] != entry.value:
            changed.append((kept[place][0], entry))
        else:
            known += 1
    return Preview(imported, tuple(new), known, tuple(changed))


def write(store: Store, found: Preview) -> int:
    """Write what was previewed; the number of entries added or corrected."""
    store.add(*found.new)
    for number, entry in found.changed:
        store.correct(number, entry, "newer import")
    return len(found.new) + len(found.changed)
