"""A person's rows on an unbroken daily grid; two rows of one day agree, complete each other or cancel out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats, Integers
from nightdose.diary.records import NOT_JUDGED, Diary, Problem, day_label
from nightdose.diary.table.days import MAX_DAYS, on_one_grid
from nightdose.diary.table.problems import ProblemLog, bounded, listed
from nightdose.diary.table.rows import Rows
from nightdose.language.catalogue import say
from nightdose.language.number import whole

MAX_SHARED = 20  # problems of rows whose person is not known, shown to every person of the file


@dataclass(frozen=True, slots=True)
class DayRows:
    """One person's rows by day: days, lines (rows,), values (columns, rows)."""

    days: Integers
    lines: Integers
    values: Floats

    def only(self, keep: Integers | np.ndarray) -> DayRows:
        """The rows at those positions."""
        return DayRows(self.days[keep], self.lines[keep], self.values[:, keep])


def diaries(rows: Rows, stem: str, persons: Iterable[int] | None = None) -> Iterator[Diary]:
    """The diaries of those persons (all that have a row, in file order).

    persons : positions in `rows.persons`; stem : the diary's name where the file has no persons.
    """
    order = np.lexsort((rows.days, rows.person_of))
    whose = rows.person_of[order]
    problems = by_person(rows)
    shared = problems.pop(-1, [])
    if rows.persons:
        shared = list(bounded(shared, room=MAX_SHARED))
    for person in persons if persons is not None else np.unique(rows.person_of).tolist():
        first, last = np.searchsorted(whose, (person, person + 1))
        mine = order[first:last]
        own = DayRows(rows.days[mine], rows.lines[mine], rows.values[:, mine])
        said = sorted((*shared, *problems.get(person, [])), key=lambda p: p.line or 0)
        name = rows.persons[person] if rows.persons else stem
        yield one_diary(name, rows, own, said)


def by_person(rows: Rows) -> dict[int, list[Problem]]:
    """Problems of rows under the person of the row; -1 for rows that are nobody's."""
    out: dict[int, list[Problem]] = {}
    for problem in rows.log.of_rows:
        at = int(np.searchsorted(rows.lines, problem.line or 0))
        known = at < rows.lines.size and rows.lines[at] == problem.line
        out.setdefault(int(rows.person_of[at]) if known else -1, []).append(problem)
    return out


def one_diary(name: str, rows: Rows, own: DayRows, said: list[Problem]) -> Diary:
    """The diary of one person's rows (sorted by day), with its own problems after those of the file."""
    log = ProblemLog()
    own = without_far_days(own, rows.dated, log)
    if np.any(np.diff(own.days) == 0):
        own = joined(own, rows, log)
    first_day, days = int(own.days[0]), int(own.days[-1] - own.days[0]) + 1
    at = own.days - first_day
    grid = np.full((len(rows.names), days), np.nan)
    grid[:, at] = own.values
    grid.setflags(write=False)
    columns = dict(zip(rows.names, grid, strict=True))
    reason = columns.pop(NOT_JUDGED, None)
    lines = np.zeros(days, dtype=np.int64)
    lines[at] = own.lines
    of_rows = sorted((*said, *log.of_rows), key=lambda p: p.line or 0)
    return Diary(
        name=name,
        first_day=first_day,
        dated=rows.dated,
        columns=columns,
        days=days,
        problems=bounded((*rows.log.of_file, *of_rows), more=rows.log.more + log.more),
        lines=lines,
        left_out=np.zeros(0, dtype=np.int64) if reason is None else np.nan_to_num(reason).astype(np.int64),
        reasons=rows.reasons,
        without_numbers=dict(rows.log.without_numbers),
    )


def without_far_days(own: DayRows, dated: bool, log: ProblemLog) -> DayRows:
    """Rows that lie within a hundred years of each other; a mistyped year becomes a problem."""
    near = on_one_grid(own.days)
    if near.all():
        return own

    def told(at: int) -> tuple[str, str]:
        what = say(
            "{day_label} is more than {max_days} days from the other rows.",
            day_label=day_label(int(own.days[at]), dated),
            max_days=whole(MAX_DAYS),
        )
        return what, say("Check the year.") if dated else say("Check the day number.")

    log.rows(own.lines, np.flatnonzero(~near), told)
    return own.only(near)


def joined(own: DayRows, rows: Rows, log: ProblemLog) -> DayRows:
    """One row a day: known values that agree are kept, values that differ are unknown; each case is said."""
    starts = np.flatnonzero(np.diff(own.days, prepend=own.days[0] - 1))
    low = np.fmin.reduceat(own.values, starts, axis=1)
    high = np.fmax.reduceat(own.values, starts, axis=1)
    differs = low < high
    if NOT_JUDGED in rows.names:
        differs[rows.names.index(NOT_JUDGED)] = False  # left out for two reasons is left out; the first is kept
    counts = np.diff(starts, append=own.days.size)

    def told(at: int) -> tuple[str, str]:
        group = int(np.searchsorted(starts, at, side="right")) - 1
        day = day_label(int(own.days[at]), rows.dated)
        first = int(own.lines[starts[group]])
        names = [rows.names[column] for column in np.flatnonzero(differs[:, group])]
        if not names:
            return (
                say("{day} has a row already at line {first}; they agree, and one is used.", day=day, first=first),
                say("Keep one row a day."),
            )
        return (
            say(
                "{day} has a row already at line {first}, with another value of {listed}, left unknown.",
                day=day,
                first=first,
                listed=listed(names),
            ),
            say("Keep one row a day, the right one."),
        )

    extra = np.setdiff1d(np.arange(own.days.size), starts, assume_unique=True)
    assert extra.size == int((counts - 1).sum()), "every row is the first of its day or an extra one"
    log.rows(own.lines, extra, told)
    return DayRows(own.days[starts], own.lines[starts], np.where(differs, np.nan, low))
