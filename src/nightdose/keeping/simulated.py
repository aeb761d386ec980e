"""Doses out of a file, to be simulated: a NONMEM event table or a diary table."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nightdose.diary.day import DEFAULT_START, hours_of, since_midnight
from nightdose.diary.records import DAY_START_COLUMN
from nightdose.diary.table.event_table import is_event_table, read_event_table
from nightdose.diary.table.table import read_table
from nightdose.errors import CallError, InputError
from nightdose.language.catalogue import say
from nightdose.mechanism.compartments import dose_nmol
from nightdose.mechanism.intake import GUT, Event, Intake, intake_of
from nightdose.mechanism.people import typical_values
from nightdose.mechanism.regimen import NIGHT, check_dose

TABLES, USUAL_DAYS = (".csv", ".tsv", ".parquet", ".txt"), 28


def days_in(path: Path) -> int:
    """How many days a diary table has; 28 for a plan, and for an event table."""
    table = path.suffix.lower() in TABLES and path.exists()
    if not table or (path.suffix.lower() != ".parquet" and is_event_table(path)):
        return USUAL_DAYS
    return read_table(path).days


def doses_in(path: Path, end_h: float, *, confirmed: bool) -> Intake:
    """What a table says was taken; confirmed : a dose above the labelled range is meant.

    Raises InputError or CallError with a sentence where it is not one person's known doses within the time simulated.
    """
    if not path.exists():
        raise InputError(say("{path} is not there. Give the path of an event table or a diary table.", path=path))
    if path.suffix.lower() != ".parquet" and is_event_table(path):
        return _of_events(path, end_h, confirmed=confirmed)
    return _of_days(path, end_h, confirmed=confirmed)


def _of_events(path: Path, end_h: float, *, confirmed: bool) -> Intake:
    """Of a NONMEM event table of one person."""
    p = typical_values()
    table = read_event_table(path, end_h)
    if len(table.doses) > 1:
        raise InputError(
            say(
                "{name} holds {n} persons. Simulate one at a time: keep one ID in the file.",
                name=path.name,
                n=len(table.doses),
            )
        )
    taken = next(iter(table.doses.values()))
    for dose in taken:
        if dose.compartment == 1:
            check_dose(dose.dose, confirmed=confirmed)
    return intake_of(taken, p["salt_fraction"], p["molar_mass"])


def _of_days(path: Path, end_h: float, *, confirmed: bool) -> Intake:
    """Of a diary table with naltrexone_mg, and naltrexone_time where it has one."""
    p = typical_values()
    diary = read_table(path)
    if "naltrexone_mg" not in diary.columns:
        raise InputError(
            say("{name} has no column naltrexone_mg, and no TIME and AMT either: no doses to simulate.", name=path.name)
        )
    doses, clocks = diary.dose("naltrexone"), diary.column("naltrexone_time")
    starts = diary.column(DAY_START_COLUMN)
    start_h = float(starts[~np.isnan(starts)][0]) if not np.isnan(starts).all() else hours_of(DEFAULT_START)
    hours = np.where(np.isnan(clocks), NIGHT, since_midnight(clocks, start_h))
    if unknown := int(np.isnan(doses).sum()):
        raise InputError(
            say(
                "{name}: the dose is unknown on {unknown} of {days} days. A simulation needs "
                "every dose: write 0 for none taken.",
                name=path.name,
                unknown=unknown,
                days=diary.days,
            )
        )
    behind = np.flatnonzero((doses > 0) & (24.0 * np.arange(diary.days) >= end_h))
    if behind.size:
        raise CallError(
            say(
                "{name} has {days} days, and {size} of its doses come after the {end_h} days that "
                "are simulated; they would be left out. Simulate {days} days.",
                name=path.name,
                days=diary.days,
                size=behind.size,
                end_h=f"{end_h / 24:g}",
            ),
            field="days",
        )
    for mg in np.unique(doses[doses > 0]).tolist():
        check_dose(mg, confirmed=confirmed)
    return Intake.of(
        Event(24.0 * day + hour, GUT, dose_nmol(mg, p["salt_fraction"], p["molar_mass"]))
        for day, (mg, hour) in enumerate(zip(doses.tolist(), hours.tolist(), strict=True))
        if mg > 0
    )
