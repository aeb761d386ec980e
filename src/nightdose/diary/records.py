"""What a diary is: one value per day and column, unknown told apart from zero, and the file's problems."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from types import MappingProxyType

import numpy as np

from nightdose.arrays import Bools, Floats, Integers, frozen
from nightdose.language.catalogue import say

DOSE_SUFFIX, ASSIGNED_SUFFIX, GUESS_SUFFIX, TIME_SUFFIX = "_mg", "_assigned_mg", "_guess", "_time"
NOT_JUDGED, RESCUE_PREFIX = "not_judged", "rescue_"
DAY_START_COLUMN = "day_start_time"  # only in the table of a diary whose day does not start at 04:00


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing in a file that could not be used: where, what, and what to do about it."""

    line: int | None  # line in the file as an editor counts it (1 = header); None = the file as a whole
    what: str
    remedy: str
    field: str = ""  # what a face can ask for to mend it: "mood", "limits"

    def __str__(self) -> str:
        where = say("file") if self.line is None else say("line {line}", line=self.line)
        return f"{where}: {self.what} {self.remedy}"


def day_label(day: int, dated: bool) -> str:
    """A day as its owner writes it: an ISO date, or `day 12`; day : its ordinal, or its number."""
    return datetime.date.fromordinal(day).isoformat() if dated else say("day {day}", day=day)


@dataclass(frozen=True, slots=True)
class Diary:
    """One person's days on an unbroken daily grid; a day without a row is a day of unknown values.

    columns : name -> (days,) float, NaN = not recorded. Doses keep their suffix (`naltrexone_mg`).
    first_day : `date.toordinal()` of the first day when `dated`, else the file's own day number.
    lines : (days,) line of the file each day came from, 0 = no row; empty where the diary came from no file.
    left_out : (days,) 0 for a day that is judged, else the number of its reason in `reasons`, the first being 1; empty
    where every day is judged. What was taken on such a day counts, how it was does not.
    side_effects : columns written down as side effects; None = the diary does not say which are.
    without_numbers : columns of the file in which no single number stood, and what stands in the first cell instead;
    they are not among `columns`.
    """

    name: str
    first_day: int
    dated: bool
    columns: Mapping[str, Floats]
    days: int
    problems: tuple[Problem, ...] = ()
    lines: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    left_out: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    reasons: tuple[str, ...] = ()
    side_effects: tuple[str, ...] | None = None
    without_numbers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        closed = {name: frozen(v) if v.flags.writeable else v for name, v in self.columns.items()}
        object.__setattr__(self, "columns", MappingProxyType(closed))
        if self.lines.flags.writeable:
            object.__setattr__(self, "lines", self.lines.copy())
            self.lines.setflags(write=False)

    def __reduce__(self) -> tuple[object, ...]:
        """Diaries travel to worker processes; a read-only mapping does not by itself."""
        parts = (self.name, self.first_day, self.dated, dict(self.columns), self.days, self.problems, self.lines,
                 self.left_out, self.reasons, self.side_effects)  # fmt: skip
        return Diary, parts

    def __repr__(self) -> str:
        names = ", ".join(self.columns)
        wrong = f"; {len(self.problems)} problems" if self.problems else ""
        return f"<Diary {self.name!r}: {self.days} days from {self.day_label(0)}; {names}{wrong}>"

    def _repr_html_(self) -> str:
        """What a notebook shows: the columns with how much of each is known, and what could not be used."""
        rows = "".join(
            f"<tr><td>{escape(name)}</td><td>{np.sum(~np.isnan(v))} of {self.days}</td>"
            f"<td>{_least_and_most(v)}</td></tr>"
            for name, v in self.columns.items()
        )
        problems = "".join(f"<li>{escape(str(problem))}</li>" for problem in self.problems[:10])
        return (
            f"<p>{escape(self.name)}: {self.days} days from {self.day_label(0)}</p>"
            f"<table><tr><th>column</th><th>known</th><th>lowest to highest</th></tr>{rows}</table>"
            + (f"<ul>{problems}</ul>" if problems else "")
        )

    def line(self, index: int) -> int | None:
        """Line of the file that the day came from; None for a day without a row."""
        return int(self.lines[index]) or None if self.lines.size else None

    def column(self, name: str) -> Floats:
        """(days,) values of one column, NaN = not recorded; a column that is not there is all unknown."""
        found = self.columns.get(name)
        return np.full(self.days, np.nan) if found is None else found

    def dose(self, treatment: str) -> Floats:
        """(days,) mg taken that day; 0 = none taken, NaN = unknown."""
        return self.column(treatment + DOSE_SUFFIX)

    @property
    def judged(self) -> Bools:
        """(days,) True for the days whose outcome is judged."""
        return self.left_out == 0 if self.left_out.size else np.ones(self.days, dtype=bool)

    def why_left_out(self) -> Mapping[str, int]:
        """Reason -> number of days that are not judged because of it, in the file's order."""
        counts = {reason: int(np.sum(self.left_out == at)) for at, reason in enumerate(self.reasons, start=1)}
        return {reason: days for reason, days in counts.items() if days}

    @property
    def medicines(self) -> tuple[str, ...]:
        """Names with a dose column, in file order (`NAME_assigned_mg` is what was asked, not a dose)."""
        return tuple(
            name.removesuffix(DOSE_SUFFIX)
            for name in self.columns
            if name.endswith(DOSE_SUFFIX) and not name.endswith(ASSIGNED_SUFFIX)
        )

    def day_label(self, index: int) -> str:
        """The day as its owner wrote it: an ISO date, or `day 12`."""
        return day_label(self.first_day + index, self.dated)

    def with_column(self, name: str, values: Floats, *problems: Problem) -> Diary:
        """The same diary with one column replaced and problems added."""
        return replace(self, columns={**self.columns, name: values}, problems=(*self.problems, *problems))


def _least_and_most(values: Floats) -> str:
    known = values[~np.isnan(values)]
    return f"{known.min():g} to {known.max():g}" if known.size else ""
