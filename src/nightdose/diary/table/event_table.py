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

from nightdose.errors import InputError

NALTREXONE, COMPARATOR = 1, 2
MOST_DOSES = 1_000_000
DOSE_EVENTS, OBSERVATION = (1,), 0


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
        names = {word.strip().strip('"').upper() for word in file.readline().replace(";", ",").split(",")}
    return {"TIME", "AMT"} <= names


def read_event_table(path: Path) -> EventTable:
    """The table of one file; raises InputError with the line that cannot be used."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as text: {error}") from error
    return parse_event_table(text, path.name)


def parse_event_table(text: str, name: str) -> EventTable:
    """The table of one text."""
    rows = csv.DictReader(io.StringIO(text))
    heads = {head.strip().upper(): head for head in rows.fieldnames or []}
    if missing := {"TIME", "AMT"} - set(heads):
        raise InputError(f"{name} is no event table: it has no column {' and no '.join(sorted(missing))}.")
    doses: dict[str, list[Taken]] = {}
    observations: dict[str, list[float]] = {}
    for number, row in enumerate(rows, start=2):

        def value(head: str, default: float, row: Mapping[str, str] = row, number: int = number) -> float:
            written = (row.get(heads.get(head, ""), "") or "").strip()
            if written in ("", "."):
                return default
            try:
                found = float(written)
            except ValueError:
                found = math.nan
            if not math.isfinite(found):
                raise InputError(f"{name}, line {number}: {head} is '{written}', which is no number.")
            return found

        person = (row.get(heads.get("ID", ""), "") or "1").strip()
        time_h, amount = value("TIME", math.nan), value("AMT", 0.0)
        event = int(value("EVID", 1.0 if amount else 0.0))
        where = f"{name}, line {number}"
        if not time_h >= 0:
            raise InputError(f"{where}: TIME is missing or before 0. Give hours since midnight of day 0.")
        doses.setdefault(person, [])
        observations.setdefault(person, [])
        if event == OBSERVATION:
            observations[person].append(time_h)
            continue
        if event not in DOSE_EVENTS:
            raise InputError(f"{where}: EVID {event} is not simulated. Use 0 (observation) or 1 (dose).")
        if value("SS", 0.0):
            raise InputError(
                f"{where}: SS asks for a steady state, which the immune and myelin parts do not have. "
                "Write the doses that lead up to it, for example with ADDL and II."
            )
        if value("RATE", 0.0) or value("DUR", 0.0):
            raise InputError(f"{where}: RATE and DUR are not simulated; naltrexone is swallowed. Leave them empty.")
        if amount <= 0:
            raise InputError(f"{where}: AMT is {amount:g}. A dose is above 0.")
        compartment = int(value("CMT", NALTREXONE))
        if compartment not in (NALTREXONE, COMPARATOR):
            raise InputError(f"{where}: CMT {compartment} is unknown. 1 is naltrexone by mouth, 2 the comparator.")
        more, gap = int(value("ADDL", 0.0)), value("II", 0.0)
        if more < 0 or (more > 0 and gap <= 0) or more > MOST_DOSES:
            raise InputError(f"{where}: ADDL {more} with II {gap:g} is no series. Give II in hours above 0.")
        doses[person] += [Taken(time_h + k * gap, amount, compartment) for k in range(more + 1)]
    if not doses:
        raise InputError(f"{name} has no rows.")
    return EventTable(
        {person: tuple(sorted(taken)) for person, taken in doses.items()},
        {person: tuple(sorted(times)) for person, times in observations.items()},
    )


def write_event_table(doses: Mapping[str, Sequence[Taken]]) -> str:
    """The table as CSV text that `parse_event_table` reads back to the same doses."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["ID", "TIME", "AMT", "EVID", "CMT", "II", "ADDL", "SS"])
    for person, taken in doses.items():
        writer.writerows([person, repr(d.time_h), repr(d.dose), 1, d.compartment, 0, 0, 0] for d in sorted(taken))
    return out.getvalue()
