"""WHOOP's data export: `sleeps.csv`, `physiological_cycles.csv`, or both in a zip. Times are in 'Cycle timezone'."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

from nightdose.diary.importers.imported import Choices, Collector, Imported
from nightdose.diary.importers.moments import read_instant
from nightdose.diary.importers.reading import ZIP, Archive, first_names, head
from nightdose.diary.importers.text_table import TextTable, member_table, table_of
from nightdose.diary.importers.wearables import Days, minutes, offset, plain_number

NAME = "whoop"
SLEEPS, CYCLES = "sleeps.csv", "physiological_cycles.csv"
NIGHT = {"sleep onset", "wake onset", "asleep duration (min)"}
VALUES = {
    "resting heart rate (bpm)": ("resting heart rate", "beats/min"),
    "heart rate variability (ms)": ("HRV (RMSSD)", "ms"),
    "recovery score %": ("WHOOP recovery score", "%"),
}


def recognises_archive(names: tuple[str, ...]) -> bool:
    """True when the zip holds WHOOP's tables."""
    return bool({name.rsplit("/", 1)[-1] for name in names} & {SLEEPS, CYCLES})


def recognises(start: bytes) -> bool:
    """True for the header of WHOOP's nights or cycles."""
    return set(first_names(start)) >= NIGHT


def read(path: Path, choices: Choices) -> Imported:
    """Nights, naps, resting heart rate, HRV and WHOOP's recovery score."""
    out = Collector(NAME)
    days = Days(choices, out)
    if not head(path, 4).startswith(ZIP):
        _table(table_of(path), days, choices, nights=True)
    else:
        archive = Archive(path)
        try:
            ends = {name.rsplit("/", 1)[-1]: name for name in archive.names}
            for end in (SLEEPS, CYCLES):
                if end in ends:  # a cycle repeats its night, so nights are taken from one table only
                    _table(member_table(archive, ends[end]), days, choices, nights=end == SLEEPS or SLEEPS not in ends)
        finally:
            archive.close()
    days.write()
    return out.done()


def _table(table: TextTable, days: Days, choices: Choices, *, nights: bool) -> None:
    table.need(NIGHT)
    for _, row in table.records():
        begin, end = _moment(row, "sleep onset"), _moment(row, "wake onset")
        if nights and row["asleep duration (min)"]:
            days.night(begin, end, minutes(row["asleep duration (min)"]), nap=row.get("nap", "").casefold() == "true")
        day = choices.day.localise(end).date() if end else None
        for name, (item, unit) in VALUES.items():
            days.value(day, item, plain_number(row.get(name, "")), unit)


def _moment(row: Mapping[str, str], name: str) -> datetime.datetime | None:
    found = read_instant(row[name])
    zone = offset(row.get("cycle timezone", ""))
    return found.replace(tzinfo=zone) if found and found.tzinfo is None and zone else found
