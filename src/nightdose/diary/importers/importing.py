"""From what a file says to what the diary takes in: what is new, what was corrected in the file, what is gone from it.

A record is known by its moment and its thing, not by its text. After an import the diary says of the file's days what
the file says, once: nothing is doubled, and what the person typed, corrected or withdrew by hand stays theirs.
"""

from __future__ import annotations

import datetime
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from nightdose.diary.entry import Entry, Stored
from nightdose.diary.importers.doubled import (
    Naming,
    StoodFor,
    day_and_item,
    day_and_thing,
    not_doubled,
    not_moved,
    said,
)
from nightdose.diary.importers.imported import Imported, identity
from nightdose.diary.kept.store import Store
from nightdose.diary.records import Problem
from nightdose.language.catalogue import say

NEWER, GONE = "newer import", "no longer in the file"  # reasons of rows that an import wrote, told from the person's


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of the diary that the file now says differently."""

    number: int
    before: Entry
    after: Entry


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do; nothing has been written.

    known   : how many records the diary has already.
    changed : entries that the file corrects.
    gone    : entries of an earlier import that this newer file of the same days no longer has.
    last    : number of the diary's last entry at that moment.
    stood_for : rows that were not added because a dose of the diary stands for them, to be remembered.
    """

    imported: Imported
    new: tuple[Entry, ...]
    known: int
    changed: tuple[Change, ...]
    gone: tuple[Stored, ...] = ()
    last: int | None = None
    stood_for: tuple[StoodFor, ...] = ()

    @property
    def items(self) -> Mapping[tuple[str, str], int]:
        """(kind, item) -> number of new entries."""
        return Counter((entry.kind, entry.item) for entry in self.new)

    @property
    def taken(self) -> tuple[Entry, ...]:
        """Every entry that would be written: new ones, and changed ones as they are now."""
        return (*self.new, *(change.after for change in self.changed))

    @property
    def first_day(self) -> datetime.date | None:
        return min((entry.day for entry in self.new), default=None)

    @property
    def last_day(self) -> datetime.date | None:
        return max((entry.day for entry in self.new), default=None)


@dataclass(slots=True)
class _Kept:
    """A record that an earlier import brought, with what became of it.

    said : what the file said when it was last read; head : the newest row; hand : the person changed it themselves.
    """

    place: str | None
    said: Entry
    head: Stored
    hand: bool = False

    @property
    def withdrawn(self) -> bool:
        return self.head.withdrawn


def preview(
    store: Store, imported: Imported, naming: Naming = str.casefold, stood_for: Collection[StoodFor] = ()
) -> Preview:
    """Compare a file with the diary: by moment and thing, and where a moment was corrected by day and item.

    naming : what a medicine's written name stands for, so that a brand and its substance are one.
    stood_for : rows of earlier versions of the file that were not added, for a dose of the diary stood for them.
    """
    last = store.mark()[0]
    history = store.history()
    kept = [row for row in _kept(history, imported.format) if not (row.withdrawn and not row.hand)]
    pairs, fresh, left = _paired(imported.entries, kept, naming)
    problems: list[Problem] = []
    changed, known = [], 0
    for entry, row in ((_with_what_was_known(entry, row), row) for entry, row in pairs):
        if _same(entry, row.said) or row.withdrawn or _same(entry, row.head.entry):
            known += 1
        elif row.hand:
            known += 1
            problems.append(_yours_stays(entry, row))
        else:
            changed.append(Change(row.head.number, row.head.entry, replace(entry, source_key=None)))
    new, elsewhere = not_doubled(fresh, history, imported.format, naming)
    new, moved = not_moved(new, imported, history, naming, stood_for)
    problems += [*elsewhere.problems, *moved]
    gone, others = _gone(left, imported.entries, len(pairs))
    problems += others
    whole = replace(imported, problems=(*imported.problems, *problems))
    return Preview(
        whole,
        tuple(_with_free_keys(new, history)),
        known + elsewhere.known,
        tuple(changed),
        tuple(gone),
        last,
        tuple(elsewhere.stood_for),
    )


def write(store: Store, found: Preview) -> int:
    """Write what was previewed, all or nothing; the number of entries added, corrected and withdrawn.

    Raises Overtaken where the diary was written to since: what is new and what is doubled has to be looked at again.
    """
    store.write_all(
        found.new,
        [(change.number, change.after, NEWER) for change in found.changed],
        [(row.number, GONE) for row in found.gone],
        after=found.last,
    )
    return len(found.new) + len(found.changed) + len(found.gone)


def _kept(history: Sequence[Stored], format: str) -> list[_Kept]:
    """The records of one format, each with its corrections followed to the newest row."""
    by_number: dict[int, _Kept] = {}
    for row in history:
        if row.corrects is None:
            if row.entry.source == format:
                by_number[row.number] = _Kept(identity(row.entry.source_key), row.entry, row)
            continue
        record = by_number.pop(row.corrects, None)
        if record is None:
            continue
        record.head = row
        if row.reason == NEWER:
            record.said, record.hand = row.entry, False
        elif row.reason != GONE:
            record.hand = True
        by_number[row.number] = record
    return list(by_number.values())


Pairs = list[tuple[Entry, _Kept]]


def _paired(entries: Sequence[Entry], kept: Sequence[_Kept], naming: Naming) -> tuple[Pairs, list[Entry], list[_Kept]]:
    """(pairs of what is one record, entries without one, kept records without one)."""
    pairs: Pairs = []
    found, rest, left = _match(entries, kept, lambda e: identity(e.source_key), lambda k: k.place)
    pairs += found
    found, rest, left = _match(rest, left, lambda e: day_and_thing(e, naming), lambda k: day_and_thing(k.said, naming))
    return pairs + found, rest, left


def _match(
    entries: Iterable[Entry],
    kept: Iterable[_Kept],
    of_entry: Callable[[Entry], Hashable],
    of_kept: Callable[[_Kept], Hashable],
) -> tuple[Pairs, list[Entry], list[_Kept]]:
    """Entries and records of one key, equal ones first, the others in their order of happening."""
    groups: dict[Hashable, list[_Kept]] = defaultdict(list)
    left_over: list[_Kept] = []
    for record in kept:
        key = of_kept(record)
        (left_over if key is None else groups[key]).append(record)
    pairs, waiting = Pairs(), list[Entry]()
    for entry in entries:
        group = groups.get(of_entry(entry), [])
        equal = next((record for record in group if _same(entry, record.said)), None)
        if equal is None:
            waiting.append(entry)
        else:
            group.remove(equal)
            pairs.append((entry, equal))
    rest = []
    for entry in waiting:
        group = groups.get(of_entry(entry), [])
        if group:
            pairs.append((entry, group.pop(0)))
        else:
            rest.append(entry)
    return pairs, rest, [*left_over, *(record for group in groups.values() for record in group)]


def _same(one: Entry, other: Entry) -> bool:
    """Whether two entries say the same; the same clock time in another zone is the same."""
    if (one.kind, one.unit, one.status) != (other.kind, other.unit, other.status):
        return False
    if one.item.casefold() != other.item.casefold():
        return False
    if one.text != other.text or dict(one.extra) != dict(other.extra):
        return False
    if one.value is None or other.value is None:
        return one.value is other.value and _same_moment(one, other)
    return math.isclose(one.value, other.value, rel_tol=1e-9, abs_tol=1e-12) and _same_moment(one, other)


def _same_moment(one: Entry, other: Entry) -> bool:
    if one.at is None or other.at is None:
        return one.at is other.at and one.day == other.day
    here, there = one.at.replace(second=0, microsecond=0), other.at.replace(second=0, microsecond=0)
    return here == there or here.replace(tzinfo=None) == there.replace(tzinfo=None)


def _with_what_was_known(entry: Entry, row: _Kept) -> Entry:
    """What a file does not say takes nothing away: a clock time or an amount that is known of the same dose stays."""
    before = row.head.entry
    if entry.day != before.day or entry.status != before.status or row.hand or row.withdrawn:
        return entry
    if entry.at is None and before.at is not None:
        entry = replace(entry, at=before.at)
    if entry.kind in ("dose", "rescue") and entry.value is None and before.value is not None:
        entry = replace(entry, value=before.value, unit=before.unit)
    return entry


def _yours_stays(entry: Entry, row: _Kept) -> Problem:
    yours = row.head.entry
    what = say(
        "{day} {item}: the file now says {said}; you corrected it to {said_2}.",
        day=entry.day,
        item=entry.item,
        said=said(entry),
        said_2=said(yours),
    )
    return Problem(None, what, say("Yours was kept."))


def _gone(left: Sequence[_Kept], entries: Sequence[Entry], matched: int) -> tuple[list[Stored], list[Problem]]:
    """Records of earlier imports that lie within the days and items of this file and are not in it.

    They are gone only from a file that holds most of what an earlier one held: another file of the same kind (another
    sheet, another year) takes nothing away.
    """
    if not entries:
        return [], []
    first, last = min(entry.day for entry in entries), max(entry.day for entry in entries)
    items = {day_and_item(entry)[1:] for entry in entries}  # type: ignore[index]
    ours = [row for row in left if day_and_item(row.said)[1:] in items and not (row.hand or row.withdrawn)]  # type: ignore[index]
    within = [row.head for row in ours if first <= row.said.day <= last]
    if len(within) > matched:
        what = say("The diary has {n} entries of these days and items that are not in this file.", n=len(within))
        return [], [Problem(None, what, say("It seems to be another file than the one imported before, so they stay."))]
    after = sum(row.said.day > last for row in ours)
    problems = []
    if after and matched:
        what = say(
            "{after} entries of an earlier import lie after the last day of this file ({last}).", after=after, last=last
        )
        problems.append(Problem(None, what, say("They stay; withdraw them if they were a mistake.")))
    return within, problems


def _with_free_keys(new: Iterable[Entry], history: Iterable[Stored]) -> Iterable[Entry]:
    """The entries with keys that no row has yet: one that was withdrawn and is in the file again is a new row."""
    taken = {row.entry.source_key for row in history}
    for entry in new:
        base, key = identity(entry.source_key), entry.source_key
        number = 1
        while base and key in taken:
            number += 1
            key = f"{base}.{number}"
        taken.add(key)
        yield entry if key == entry.source_key else replace(entry, source_key=key)
