"""Fitbit by Google Takeout (a zip, or one of its nights) and Fitbit's own CSV report; times on the person's clock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nightdose.diary.importers.garmin import each_record
from nightdose.diary.importers.imported import Choices, Collector, Imported
from nightdose.diary.importers.moment_column import MomentColumn
from nightdose.diary.importers.moments import read_instant, read_moment
from nightdose.diary.importers.reading import ZIP, Archive, head, open_member, open_text
from nightdose.diary.importers.text_table import after_first_line, member_table
from nightdose.diary.importers.wearables import Days, date_of_cell, minutes, plain_number, records_of
from nightdose.language.catalogue import say

NAME = "fitbit"
SLEEP = re.compile(r"(^|/)sleep-\d{4}-\d\d-\d\d\.json$")
RATE = re.compile(r"(^|/)resting_heart_rate-\d{4}-\d\d-\d\d\.json$")
VARIABILITY = re.compile(r"(^|/)Daily Heart Rate Variability Summary[^/]*\.csv$")
REPORT = b"Start Time,End Time,Minutes Asleep"


def recognises_archive(names: tuple[str, ...]) -> bool:
    """True when the zip holds Fitbit's nights."""
    return any(SLEEP.search(name) for name in names)


def recognises(start: bytes) -> bool:
    """True for a list of Fitbit's nights, or its report."""
    start = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    return (start.startswith(b"[") and b'"dateOfSleep"' in start) or (start.startswith(b"Sleep") and REPORT in start)


def read(path: Path, choices: Choices) -> Imported:
    """Nights, naps, resting heart rate and HRV."""
    out = Collector(NAME)
    days = Days(choices, out)
    start = head(path, 64).lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"Sleep"):
        _report(path, choices, days)
    elif not start.startswith(ZIP):
        with open_text(path) as text:
            for record in each_record(text, path.name):
                _night(record, days)
    else:
        archive = Archive(path)
        try:
            _takeout(archive, days, out)
        finally:
            archive.close()
    days.write()
    return out.done()


def _takeout(archive: Archive, days: Days, out: Collector) -> None:
    for name in archive.names:
        if SLEEP.search(name) or RATE.search(name):
            with open_member(archive, name) as text:
                for record in each_record(text, name.rsplit("/", 1)[-1]):
                    (_night if SLEEP.search(name) else _rate)(record, days)
        elif VARIABILITY.search(name):
            for _, row in member_table(archive, name).records():
                days.value(date_of_cell(row.get("timestamp")), "HRV (RMSSD)", plain_number(row.get("rmssd", "")), "ms")
        else:
            out.leave_out(say("other Fitbit file"))


def _night(record: Mapping[str, Any], days: Days) -> None:
    main = record.get("mainSleep", record.get("isMainSleep"))
    begin, end = read_instant(str(record.get("startTime", ""))), read_instant(str(record.get("endTime", "")))
    days.night(begin, end, minutes(record.get("minutesAsleep")), nap=False if main is True else None)


def _rate(record: Mapping[str, Any], days: Days) -> None:
    """Fitbit writes month/day/year here whatever the country, and 0 for a day without a value."""
    value = records_of(record.get("value"))
    written = read_moment(str(value.get("date") or ""), "mdy")
    rate = plain_number(value.get("value"))
    days.value(written.date if written else None, "resting heart rate", rate or None, "beats/min")


def _report(path: Path, choices: Choices, days: Days) -> None:
    table = after_first_line(path)
    table.need({"start time", "end time", "minutes asleep"})
    cells = (row["start time"] for _, row in table.records())
    moments = MomentColumn(cells, choices.day, choices.date_order, path.name)
    for _, row in table.records():
        ends = [moments.when(row[name]) for name in ("start time", "end time")]
        begin, end = (found.at if found else None for found in ends)
        days.night(begin, end, minutes(row["minutes asleep"]))
