"""What an importer gives: entries, and what could not be read, as values. Nothing is written here."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from nightdose.diary.day import DayRule
from nightdose.diary.entry import Entry
from nightdose.diary.records import Problem
from nightdose.errors import CallError, InputError

MOST_ENTRIES = 500_000
MOST_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class Choices:
    """What only the person can say about a file.

    day         : when their day starts, and their time zone.
    mg_per_unit : medicine name -> mg in one tablet or capsule, where the file counts pieces.
    rescue      : names of medicines that are taken against attacks, kept apart from preventive doses.
    moods       : mood label -> number, for apps whose moods are words the user may rename.
    no_means_no : a 'no' in a habit app was really answered, not just the default of an empty day.
    date_order  : 'dmy' or 'mdy' where the file's dates can be read both ways.
    """

    day: DayRule = field(default_factory=DayRule)
    mg_per_unit: Mapping[str, float] = field(default_factory=dict)
    rescue: frozenset[str] = frozenset()
    moods: Mapping[str, float] = field(default_factory=dict)
    no_means_no: bool = False
    date_order: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """One file, read: its entries, the problems, and what was left out on purpose and why."""

    format: str
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    left_out: Mapping[str, int]


class Collector:
    """Gathers entries and problems of one file, within bounds; gives each entry the key that a second import finds."""

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

    def leave_out(self, what: str) -> None:
        """Count something that was not imported on purpose."""
        self._left_out[what] += 1

    def key(self, *raw: object) -> str:
        """Key of one record from what stood in the file, not from what was made of it.

        Two equal records of one file get different keys, the same ones at every import.
        """
        base = "\x1f".join([self._format, *(str(part) for part in raw)])
        self._seen[base] += 1
        return hashlib.sha256(f"{base}\x1f{self._seen[base]}".encode()).hexdigest()[:40]

    def add(self, line: int | None, **fields: object) -> None:
        """Add an entry; one that is no honest entry becomes a problem."""
        if len(self._entries) >= MOST_ENTRIES:
            raise InputError(
                f"The file holds more than {MOST_ENTRIES:,} entries. Export a shorter time and import it in parts."
            )
        try:
            self._entries.append(Entry(source=self._format, **fields))  # type: ignore[arg-type]
        except CallError as error:
            self.problem(line, str(error), "The rest was read.")

    def done(self) -> Imported:
        """What was gathered."""
        problems = list(self._problems)
        if self._more:
            problems.append(Problem(None, f"{self._more} more problems of the same kinds.", "Fix the first ones."))
        return Imported(self._format, tuple(self._entries), tuple(problems), dict(self._left_out))


def moment_of(day: datetime.date, clock: datetime.time | None, rule: DayRule) -> datetime.datetime | None:
    """The aware moment of a calendar day and a clock time; None without a clock time."""
    if clock is None:
        return None
    return rule.localise(datetime.datetime.combine(day, clock))


def diary_day(day: datetime.date, at: datetime.datetime | None, rule: DayRule) -> datetime.date:
    """The diary day: by the clock time where there is one, else the calendar day as written."""
    return rule.day_of(at) if at is not None else day
