"""The moments of one column, read in one way: one order of day and month, midnight a date or a time of day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from nightdose.diary.day import DayRule
from nightdose.diary.importers.moments import (
    Order,
    Written,
    orders,
    read_clock,
    read_count,
    read_moment,
)
from nightdose.errors import InputError
from nightdose.language.catalogue import say

MIDNIGHT = datetime.time(0, 0)
MOST_REMEMBERED = 20_000  # cells whose reading is kept: a table of days repeats each a few times


@dataclass(frozen=True, slots=True)
class When:
    """When something happened, for the diary: its own day, and the moment on the person's clock where one was said."""

    day: datetime.date
    at: datetime.datetime | None = None

    @property
    def place(self) -> str:
        """What a second export of the same record says too, whatever its form and zone: the minute, or the date."""
        return self.at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%MZ") if self.at else self.day.isoformat()


def moment_at(moment: datetime.datetime, rule: DayRule) -> When:
    """A moment that a program wrote; one without a zone is on the person's own clock."""
    at = rule.localise(moment)
    return When(rule.day_of(at), at)


def moment_on(date: datetime.date, clock: datetime.time | None, rule: DayRule) -> When:
    """A calendar date and a time of day on the person's own clock; their day may be the one before."""
    if clock is None:
        return When(date)
    return moment_at(datetime.datetime.combine(date, clock), rule)


def moment_in(written: Written, rule: DayRule) -> When:
    """A written moment; one with a zone is brought to the person's own clock, so that it is one moment everywhere."""
    if written.zone is None or written.clock is None:
        return moment_on(written.date, written.clock, rule)
    return moment_at(datetime.datetime.combine(written.date, written.clock, written.zone), rule)


class MomentColumn:
    """Reads the cells of one column, after a look at all of them.

    Raises InputError where day and month cannot be told apart and the person has not said which comes first.
    """

    def __init__(self, cells: Iterable[str], rule: DayRule, order: str | None, file: str) -> None:
        self._rule, self._file = rule, file
        self._known: dict[str, Written | None] = {}
        self._order: Order | None = "dmy" if order == "dmy" else "mdy" if order == "mdy" else None
        self._counts = False
        self._midnight_is_a_time = False
        self._look(cells)

    def _look(self, cells: Iterable[str]) -> None:
        filled = counts = clocked = midnights = at_home = 0
        only: dict[Order, str] = {}
        either = ""
        for cell in cells:
            if not cell.strip():
                continue
            filled += 1
            counts += read_count(cell) is not None
            found = orders(cell)
            if len(set(found.values())) == 1 and len(found) == 1:
                only.setdefault(next(iter(found)), cell)
            elif len(set(found.values())) == 2:
                either = either or cell
            written = read_moment(cell, self._order or "dmy") or read_moment(cell, "mdy")
            if written is not None and written.clock is not None:
                clocked += 1
                midnights += written.clock == MIDNIGHT
                here = moment_in(written, self._rule).at
                at_home += here is not None and here.time() == MIDNIGHT
        self._counts = filled > 0 and counts == filled
        self._midnight_at_home = clocked > 0 and at_home == clocked and midnights < clocked
        self._midnight_is_a_time = not self._midnight_at_home and clocked > 2 * midnights
        self._settle(only, either)

    def _settle(self, only: dict[Order, str], either: str) -> None:
        if self._order is not None:
            return
        if len(only) == 2:
            raise InputError(
                say(
                    "{file} has dates in both orders: '{only}' can only be day/month, '{only_2}' "
                    "only month/day. Write them in one order.",
                    file=self._file,
                    only=only["dmy"][:30],
                    only_2=only["mdy"][:30],
                ),
                field="dates",
            )
        if not only and either:
            raise InputError(
                say(
                    "The dates in {file} can be read as day/month or month/day, for example "
                    "'{either}'. Say which: dmy or mdy.",
                    file=self._file,
                    either=either[:30],
                ),
                field="dates",
            )
        self._order = next(iter(only), None)

    def written(self, cell: str) -> Written | None:
        """What the cell says, None where it is not a moment."""
        if cell not in self._known:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[cell] = read_count(cell) if self._counts else read_moment(cell, self._order)
        return self._known[cell]

    def when(self, cell: str, clock: str = "") -> When | None:
        """The diary's moment of a cell, None where it is not one.

        clock : the time of day from a column of its own, used where the cell has none.
        """
        written = self.written(cell)
        if written is None:
            return None
        here = moment_in(written, self._rule).at if self._midnight_at_home else None
        if here is not None:
            written = Written(here.date())
        elif written.clock == MIDNIGHT and not self._midnight_is_a_time:
            written = Written(written.date)
        if written.clock is None and clock:
            return moment_on(written.date, read_clock(clock), self._rule)
        return moment_in(written, self._rule)
