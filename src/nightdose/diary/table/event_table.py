"""Dose logs in NONMEM form: ID TIME AMT EVID CMT II ADDL SS, read into doses and written from them.

TIME is hours since midnight of day 0, AMT labelled mg of naltrexone (CMT 1) or infusions of the comparator (CMT 2).
An observation at the time of a dose is the value just before the dose, whatever the order of the rows.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nightdose.diary.table.csv_text import harmless
from nightdose.diary.table.problems import quoted
from nightdose.errors import InputError

NALTREXONE, COMPARATOR = 1, 2
MOST_DOSES = 1_000_000
MOST_LINE = 100_000
FARTHEST_H = 24 * 36_525.0
DOSE_EVENTS, OBSERVATION = (1,), 0
READ = ("ID", "TIME", "AMT", "EVID", "CMT", "II", "ADDL", "SS", "RATE", "DUR")


@dataclass(frozen=True, slots=True, order=True)
class Taken:
    """One dose that was taken. dose : labelled mg of naltrexone, or number of infusions of the comparator."""

    time_h: float
    dose: float
    compartment: int = NALTREXONE


@dataclass(frozen=True, slots=True)
class EventTable:
    """Doses and observation times of each person, persons in file order."""

    doses: Mapping[str, tuple[Taken, ...]]
    observations: Mapping[str, tuple[float, ...]]


def is_event_table(path: Path) -> bool:
    """True where the first line names at least TIME and AMT."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        first = file.readline(MOST_LINE)
    return {"TIME", "AMT"} <= {word.strip().strip('"').upper() for word in first.split(_delimiter(first))}


def _delimiter(first: str) -> str:
    return max(",;\t", key=first.count)


def read_event_table(path: Path, end_h: float = math.inf) -> EventTable:
    """The table of one file; raises InputError with the line that cannot be used.

    end_h : where the simulation ends; a dose behind it would be left out without a word, so it is refused.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as text: {error}") from error
    return parse_event_table(text, path.name, end_h)


def parse_event_table(text: str, name: str, end_h: float = math.inf) -> EventTable:
    """The table of one text."""
    delimiter = _delimiter(text.split("\n", 1)[0])
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        heads = _heads(next(reader, []), name)
        doses: dict[str, list[Taken]] = {}
        observations: dict[str, list[float]] = {}
        for cells in reader:
            if any(cell.strip() for cell in cells):
                row = _Row(f"{name}, line {reader.line_num}", heads, cells)
                taken, times = doses.setdefault(row.person, []), observations.setdefault(row.person, [])
                if row.is_observation:
                    times.append(row.time_h)
                else:
                    taken += row.doses(end_h)
                if sum(map(len, doses.values())) > MOST_DOSES:
                    raise InputError(f"{name} has more than {MOST_DOSES:,} doses. Simulate a shorter time.")
    except csv.Error as error:
        raise InputError(f"{name}, line {reader.line_num}: this is not a row of a table ({error}).") from None
    if not doses:
        raise InputError(f"{name} has no rows.")
    return EventTable(
        {person: tuple(sorted(taken)) for person, taken in doses.items()},
        {person: tuple(sorted(times)) for person, times in observations.items()},
    )


def _heads(written: Sequence[str], name: str) -> list[str]:
    """The column names in capitals; two of one name, or a day beside TIME, could mean two things."""
    heads = [head.strip().upper() for head in written]
    if missing := {"TIME", "AMT"} - set(heads):
        raise InputError(f"{name} is not an event table: it has no column {' and no '.join(sorted(missing))}.")
    for head in READ:
        if heads.count(head) > 1:
            raise InputError(f"{name}, line 1: there are {heads.count(head)} columns {head}. Keep the right one.")
    if days := [head for head in heads if head in ("DAY", "DATE", "DAT1", "DAT2", "DAT3")]:
        raise InputError(
            f"{name}, line 1: beside {days[0]} TIME would be a time of day. Give TIME in hours since midnight of day 0 "
            f"and leave out {days[0]}."
        )
    return heads


class _Row:
    """One row of an event table, refused with its line where it says something that is not understood."""

    def __init__(self, where: str, heads: Sequence[str], cells: Sequence[str]) -> None:
        self.where = where
        if len(cells) > len(heads) and any(cell.strip() for cell in cells[len(heads) :]):
            raise InputError(f"{where}: {len(cells)} cells for {len(heads)} columns. Write 4.5, not 4,5.")
        self._cells = {head: cell.strip() for head, cell in zip(heads, cells, strict=False)}
        self.person = self._cells.get("ID", "") or "1"
        self.time_h, self.amount = self._number("TIME", math.nan), self._number("AMT", 0.0)
        if not 0 <= self.time_h < FARTHEST_H:
            raise InputError(f"{where}: TIME is missing or before 0 or absurd. Give hours since midnight of day 0.")
        self.event = self._whole("EVID", 1 if self.amount else 0)
        if self.event not in (*DOSE_EVENTS, OBSERVATION):
            raise InputError(f"{where}: EVID {self.event} is not simulated. Use 0 (observation) or 1 (dose).")
        if self._number("SS", 0.0):
            raise InputError(
                f"{where}: SS asks for a steady state, which the immune and myelin parts do not have. "
                "Write the doses that lead up to it, for example with ADDL and II."
            )
        if self._number("RATE", 0.0) or self._number("DUR", 0.0):
            raise InputError(f"{where}: RATE and DUR are not simulated; naltrexone is swallowed. Leave them empty.")

    @property
    def is_observation(self) -> bool:
        """EVID 0; an amount or a series of doses on such a row would be left out, so it is refused."""
        if self.event != OBSERVATION:
            return False
        if self.amount or self._number("ADDL", 0.0) or self._number("II", 0.0):
            raise InputError(
                f"{self.where}: an observation (EVID 0) has an amount or a series of doses. "
                "Write EVID 1 if it was a dose, else leave AMT, ADDL and II empty."
            )
        return True

    def doses(self, end_h: float) -> list[Taken]:
        """The dose of the row and those that follow it by ADDL and II."""
        if self.amount <= 0:
            raise InputError(f"{self.where}: AMT is {self.amount:g}. A dose is above 0.")
        compartment = self._whole("CMT", NALTREXONE)
        if compartment not in (NALTREXONE, COMPARATOR):
            raise InputError(f"{self.where}: CMT {compartment} is unknown. 1 is naltrexone by mouth, 2 the comparator.")
        more, gap = self._whole("ADDL", 0), self._number("II", 0.0)
        if more < 0 or gap < 0 or more > MOST_DOSES or (more > 0) != (gap > 0):
            raise InputError(
                f"{self.where}: ADDL {more} with II {gap:g} is not a series. Give both (II in hours above 0) or none."
            )
        last_h = self.time_h + more * gap
        if last_h >= end_h:
            raise InputError(
                f"{self.where}: a dose at {last_h:g} h lies behind the end of the simulation ({end_h:g} h). "
                f"Simulate at least {math.floor(last_h / 24) + 1} days, or leave it out.",
                field="days",
            )
        return [Taken(self.time_h + k * gap, self.amount, compartment) for k in range(more + 1)]

    def _number(self, head: str, default: float) -> float:
        written = self._cells.get(head, "")
        if written in ("", "."):
            return default
        try:
            found = float(written)
        except ValueError:
            found = math.nan
        if not math.isfinite(found):
            raise InputError(f"{self.where}: {head} is {quoted(written)}, which is not a number.")
        return found

    def _whole(self, head: str, default: int) -> int:
        found = self._number(head, default)
        if found != int(found):
            raise InputError(f"{self.where}: {head} is {found:g}. Give a whole number.")
        return int(found)


def write_event_table(doses: Mapping[str, Sequence[Taken]]) -> str:
    """The table as CSV text that `parse_event_table` reads back to the same doses."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["ID", "TIME", "AMT", "EVID", "CMT", "II", "ADDL", "SS"])
    for person, taken in doses.items():
        writer.writerows(
            [harmless(person), repr(d.time_h), repr(d.dose), 1, d.compartment, 0, 0, 0] for d in sorted(taken)
        )
    return out.getvalue()
