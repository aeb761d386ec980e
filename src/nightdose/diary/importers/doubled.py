"""What the diary has already, typed or from another file, so that no dose of a file is added beside it."""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass

from nightdose.diary.entry import Entry, Stored
from nightdose.diary.importers.imported import Imported, identity
from nightdose.diary.records import Problem
from nightdose.language.catalogue import say


@dataclass(frozen=True, slots=True)
class StoodFor:
    """A row of a file that was not added: a dose of the diary, typed or of another file, stands for it.

    place : identity of the row. day, item : of the dose that stands for it, under the name that the row had.
    """

    place: str
    day: datetime.date
    item: str


Naming = Callable[[str], str]


@dataclass(slots=True)
class Elsewhere:
    """Records that the diary holds from another source: how many say the same, and sentences on the others."""

    known: int
    problems: list[Problem]
    stood_for: list[StoodFor]


def not_doubled(
    fresh: Sequence[Entry], history: Sequence[Stored], format: str, naming: Naming
) -> tuple[list[Entry], Elsewhere]:
    """Records that are new to the diary; one that was typed, or came from another app, is not added once more.

    Doses of a day would add up, and of two values without a clock time the later written one would win unseen.
    """
    corrected = {row.corrects for row in history}
    standing: dict[Hashable, list[Entry]] = defaultdict(list)
    roots: dict[int, str] = {}
    for row in history:
        roots[row.number] = roots[row.corrects] if row.corrects else row.entry.source
        if row.number not in corrected and not row.withdrawn and roots[row.number] != format:
            standing[day_and_thing(row.entry, naming)].append(row.entry)
    new, known, stood = [], 0, list[StoodFor]()
    differs: dict[tuple[str, str], list[tuple[Entry, Entry]]] = defaultdict(list)
    for entry in fresh:
        there = standing.get(day_and_thing(entry, naming), [])
        doubles = [other for other in there if _would_double(entry, other)]
        if not doubles:
            new.append(entry)
            continue
        if entry.kind in ("dose", "rescue") and (place := identity(entry.source_key)):
            stood.append(StoodFor(place, entry.day, entry.item))
        if any(_says_as_much(entry, other) for other in doubles):
            known += 1
        else:
            differs[entry.item, doubles[0].source].append((entry, doubles[0]))
    return new, Elsewhere(known, [_differ(item, source, found) for (item, source), found in differs.items()], stood)


def _would_double(entry: Entry, other: Entry) -> bool:
    if entry.kind in ("dose", "rescue"):
        return True
    if entry.kind in ("note", "event"):
        return entry.text == other.text
    return entry.at is None or other.at is None or entry.at == other.at


def _says_as_much(entry: Entry, other: Entry) -> bool:
    """Whether both say the same amount; the other may know more of it, such as its clock time."""
    if entry.kind in ("dose", "rescue") and entry.status == "missed" != other.status:
        return False
    if entry.value is None or other.value is None:
        return entry.value is other.value or entry.kind in ("note", "event")
    return entry.unit == other.unit and math.isclose(entry.value, other.value, rel_tol=1e-9)


def _differ(item: str, source: str, found: Sequence[tuple[Entry, Entry]]) -> Problem:
    entry, other = found[0]
    who = say("you typed") if source == "typed" else say("the import of {source} says", source=source)
    more = say(", and {n} more days like it", n=len(found) - 1) if len(found) > 1 else ""
    what = say(
        "{day} {item}: {who} {said}, the file {said_2}{more}.",
        day=entry.day,
        item=item,
        who=who,
        said=said(other),
        said_2=said(entry),
        more=more,
    )
    return Problem(
        None, what, say("The diary's own was kept and the file's was not added. Correct the entry if it is wrong.")
    )


def not_moved(
    new: Sequence[Entry],
    imported: Imported,
    history: Sequence[Stored],
    naming: Naming,
    stood_for: Collection[StoodFor],
) -> tuple[list[Entry], list[Problem]]:
    """New doses without those that an earlier version of the file had where the diary's own dose stands for them."""
    corrected = {row.corrects for row in history}
    standing = {
        day_and_thing(row.entry, naming)
        for row in history
        if row.number not in corrected and not row.withdrawn and row.entry.kind in ("dose", "rescue")
    }
    there = {identity(entry.source_key) for entry in imported.entries}
    waiting = [each for each in stood_for if (each.day, "dose", naming(each.item)) in standing]
    kept, problems = list[Entry](), list[Problem]()
    for entry in new:
        earlier = [
            each
            for each in waiting
            if entry.kind in ("dose", "rescue")
            and (each.place == identity(entry.source_key) or each.place not in there)
            and (naming(each.item) == naming(entry.item) or each.place == identity(entry.source_key))
        ]
        if not earlier:
            kept.append(entry)
            continue
        nearest = min(earlier, key=lambda each: abs((each.day - entry.day).days))
        waiting.remove(nearest)
        what = say(
            "{day} {item}: an earlier version of this row stood on {before}, where your own dose stands for it.",
            day=entry.day,
            item=entry.item,
            before=nearest.day,
        )
        problems.append(
            Problem(None, what, say("It was not added a second time. Correct your own dose if it is wrong."))
        )
    return kept, problems


def day_and_item(entry: Entry) -> Hashable:
    """An intake is one whether it counts as preventive or against an attack."""
    kind = "dose" if entry.kind == "rescue" else entry.kind
    return entry.day, kind, entry.item.casefold()


def day_and_thing(entry: Entry, naming: Naming) -> Hashable:
    """The same, with the medicine's name as what it stands for."""
    if entry.kind in ("dose", "rescue", "medicine"):
        return entry.day, "medicine" if entry.kind == "medicine" else "dose", naming(entry.item)
    return day_and_item(entry)


def said(entry: Entry) -> str:
    """What an entry says, in a few words."""
    if entry.kind in ("note", "event"):
        return f"'{entry.text[:40]}'"
    amount = "" if entry.value is None else f"{entry.value:g} {entry.unit}".strip()
    clock = say("at {at}", at=f"{entry.at:%H:%M}") if entry.at else ""
    return " ".join(part for part in (amount, entry.status if not amount else "", clock) if part) or say("no amount")
