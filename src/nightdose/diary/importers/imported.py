"""What an importer gives: entries, and what could not be read, as values. Nothing is written here."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType

from nightdose.diary.day import DayRule
from nightdose.diary.entry import Entry
from nightdose.diary.importers.moment_column import When
from nightdose.diary.records import Problem
from nightdose.errors import CallError, InputError
from nightdose.language.catalogue import say
from nightdose.language.number import whole

MOST_ENTRIES = 150_000  # twenty a day for twenty years; looked over beside as many kept ones they take 280 MB
MOST_PROBLEMS = 100
LONGEST_NAME = 200
NOTHING: Mapping[str, str | float] = MappingProxyType({})


def _nothing(text: str) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Choices:
    """What only the person can say about a file.

    day         : when their day starts, and their time zone.
    mg_per_unit : medicine name -> mg in one tablet or capsule, where the file counts pieces.
    rescue      : names of medicines that are taken against attacks, kept apart from preventive doses.
    moods       : mood label -> number, for apps whose moods are words the user may rename.
    no_means_no : a 'no' in a habit app was really answered, not just the default of an empty day.
    date_order  : 'dmy' or 'mdy' where the file's dates can be read both ways.
    sheet       : name of the sheet to read, where a spreadsheet has several.
    named       : finds names in words that are left out otherwise (tags, activities, columns that are not read);
                  each is kept as an event of its day, without the words around it.
    headed      : the same in the head of a column, which is a name and not words among others.
    """

    day: DayRule = field(default_factory=DayRule)
    mg_per_unit: Mapping[str, float] = field(default_factory=dict)
    rescue: frozenset[str] = frozenset()
    moods: Mapping[str, float] = field(default_factory=dict)
    no_means_no: bool = False
    date_order: str | None = None
    sheet: str | None = None
    named: Callable[[str], Iterable[str]] = _nothing
    headed: Callable[[str], Iterable[str]] = _nothing


@dataclass(frozen=True, slots=True)
class Imported:
    """One file, read: its entries from the oldest to the newest, the problems, what was left out and why."""

    format: str
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    left_out: Mapping[str, int]


class Collector:
    """Gathers entries and problems of one file, within bounds; gives each entry its identity."""

    def __init__(self, format: str) -> None:
        self._format = format
        self._entries: list[Entry] = []
        self._problems: list[Problem] = []
        self._more = 0
        self._seen: Counter[str] = Counter()
        self._left_out: Counter[str] = Counter()

    def problem(self, line: int | None, what: str, remedy: str, field: str = "") -> None:
        """Note one thing that could not be used."""
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(Problem(line, what, remedy, field))
        else:
            self._more += 1

    def leave_out(self, what: str, count: int = 1) -> None:
        """Count something that was not imported on purpose."""
        self._left_out[what] += count

    def add(self, line: int | None, when: When, thing: str, *, place: str = "", **fields: object) -> None:
        """Add an entry; one that is not a honest entry becomes a problem.

        thing : what the file calls the thing (a column, a habit, a medicine). With the moment it is the identity of
        the record: a number that was corrected, another form of the date or another zone make it no other record.
        place : the moment that identifies the record where it is not the one it is kept under (the planned one of a
        dose, the day of a whole day's value).
        """
        if len(self._entries) >= MOST_ENTRIES:
            raise InputError(
                say(
                    "The file holds more than {most_entries} entries. Export a shorter time and import it in parts.",
                    most_entries=whole(MOST_ENTRIES),
                )
            )
        fields.setdefault("extra", NOTHING)
        fields["item"] = _as_name(str(fields.get("item", thing)))
        fields["text"] = str(fields.get("text", "")).encode("utf-8", "replace").decode()
        try:
            entry = Entry(
                day=when.day, at=when.at, source=self._format, source_key=self._key(thing, place or when.place),
                **fields,  # type: ignore[arg-type]
            )  # fmt: skip
        except CallError as error:
            self.problem(line, str(error), say("The rest was read."))
        else:
            self._entries.append(entry)

    def unread(self, line: int, when: When, text: str, choices: Choices) -> None:
        """Look through words that are not imported for the names that have to be known all the same."""
        self.mentioned(line, when, choices.named(text))

    def mentioned(self, line: int, when: When, names: Iterable[str]) -> None:
        """Keep names that have to be known as events of their day, without the words around them."""
        for name in names:
            self.add(line, when, f"words {name}", kind="event", item=name, text=name)

    def _key(self, thing: str, place: str) -> str:
        """Identity of a record; the second of the same minute and name has the next number."""
        words = "\x1f".join((self._format, " ".join(thing.casefold().split()), place))
        base = "@" + hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:24]
        self._seen[base] += 1
        return f"{base}.{self._seen[base]}"

    def done(self) -> Imported:
        """What was gathered, from the oldest day to the newest: many apps write the newest first."""
        problems = list(self._problems)
        if self._more:
            problems.append(
                Problem(
                    None, say("{more} more problems of the same kinds.", more=self._more), say("Mend the first ones.")
                )
            )
        return Imported(self._format, tuple(oldest_first(self._entries)), tuple(problems), dict(self._left_out))


def _as_name(text: str) -> str:
    """A name that the diary can keep: letters that print, blanks between them, not longer than a line."""
    visible = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(visible.split())[:LONGEST_NAME].strip()


def oldest_first(entries: list[Entry]) -> list[Entry]:
    """Entries by day, those of one day in the order of happening.

    Where the file goes back in time, what it says first happened last, also within a day without clock times.
    """
    forward = 0
    for before, after in pairwise(entries):
        if before.at is not None and after.at is not None:
            forward += (after.at > before.at) - (after.at < before.at)
        else:
            forward += (after.day > before.day) - (after.day < before.day)
    backwards = forward < 0
    return sorted(reversed(entries) if backwards else entries, key=lambda entry: entry.day)


def identity(source_key: str | None) -> str | None:
    """The part of a key that says which moment and thing it is; None for an entry without one or from before 0.2."""
    return source_key.rpartition(".")[0] if source_key and source_key.startswith("@") else None
