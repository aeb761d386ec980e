"""Oura's export from the Membership Hub: a zip with `sleepmodel.csv` and others, that table, or the older trends CSV.

Durations are in seconds; `day` is the date of waking. Oura's heart rate variability is the RMSSD.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from nightdose.diary.importers.imported import Choices, Collector, Imported
from nightdose.diary.importers.moment_column import When
from nightdose.diary.importers.moments import read_instant
from nightdose.diary.importers.reading import ZIP, Archive, first_names, head
from nightdose.diary.importers.text_table import TextTable, member_table, table_of
from nightdose.diary.importers.wearables import Days, date_of_cell, plain_number, seconds
from nightdose.language.catalogue import say

NAME = "oura"
SLEEP, SCORES, TAGS = (
    "sleepmodel.csv",
    {"dailysleep.csv": "sleep", "dailyreadiness.csv": "readiness"},
    "enhancedtag.csv",
)
NIGHT = {"bedtime_start", "bedtime_end", "total_sleep_duration"}
NOT_ASLEEP = ("deleted", "rest")
NAP = "late_nap"


def recognises_archive(names: tuple[str, ...]) -> bool:
    """True when the zip holds Oura's tables."""
    ends = {name.rsplit("/", 1)[-1].lower() for name in names}
    return bool(ends & {SLEEP, *SCORES})


def recognises(start: bytes) -> bool:
    """True for the header of the nights, in Oura's new or old spelling."""
    names = {name.replace(" ", "_") for part in first_names(start) for name in part.split(";")}
    return names >= NIGHT


def read(path: Path, choices: Choices) -> Imported:
    """Nights, naps, lowest heart rate, HRV, and Oura's own scores."""
    out = Collector(NAME)
    days = Days(choices, out)
    if not head(path, 4).startswith(ZIP):
        _nights(table_of(path), days)
    else:
        archive = Archive(path)
        try:
            for name in archive.names:
                _member(archive, name, days, out, choices)
        finally:
            archive.close()
    days.write()
    return out.done()


def _member(archive: Archive, name: str, days: Days, out: Collector, choices: Choices) -> None:
    end = name.rsplit("/", 1)[-1].lower()
    if end == SLEEP:
        _nights(member_table(archive, name), days)
    elif end in SCORES:
        for _, row in _rows(member_table(archive, name)):
            days.value(
                date_of_cell(row.get("day")),
                f"Oura {SCORES[end]} score",
                plain_number(row.get("score", "")),
                "",
            )
    elif end == TAGS:
        count = 0
        for line, row in _rows(member_table(archive, name)):
            count += 1
            moment = date_of_cell(row.get("day") or row.get("start_time", "")[:10])
            if moment is not None:
                out.unread(line, When(moment), " ".join(row.values()), choices)
        out.leave_out(say("tags you wrote in Oura (a dose among them has to be typed or imported as a table)"), count)
    elif end.endswith(".csv"):
        out.leave_out(f"table {end[:40]}")


def _rows(table: TextTable) -> list[tuple[int, Mapping[str, str]]]:
    return [(line, {name.replace(" ", "_"): cell for name, cell in row.items()}) for line, row in table.records()]


def _nights(table: TextTable, days: Days) -> None:
    for _, row in _rows(table):
        kind = row.get("type", "")
        if kind in NOT_ASLEEP or not row.get("total_sleep_duration"):
            continue
        begin, end = read_instant(row.get("bedtime_start", "")), read_instant(row.get("bedtime_end", ""))
        nap = {NAP: True, "long_sleep": False}.get(kind)
        days.night(begin, end, seconds(row["total_sleep_duration"]), nap=nap)
        if nap is not True:
            day = date_of_cell(row.get("day") or row.get("date") or row.get("bedtime_end"))
            lowest = row.get("lowest_heart_rate") or row.get("lowest_resting_heart_rate") or ""
            days.value(day, "lowest heart rate", plain_number(lowest), "beats/min")
            days.value(day, "HRV (RMSSD)", plain_number(row.get("average_hrv", "")), "ms")
