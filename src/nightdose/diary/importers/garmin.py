"""Garmin's account export: a zip with DI_CONNECT folders, or one of its JSON files. Its times are in Greenwich time.

Stages that an older watch does not know are missing and count 0. A nap is in a list of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from nightdose.diary.importers.imported import Choices, Collector, Imported
from nightdose.diary.importers.json_stream import JsonStream
from nightdose.diary.importers.reading import ZIP, Archive, head, open_member, open_text
from nightdose.diary.importers.wearables import Days, date_of_cell, gmt, plain_number, records_of, seconds
from nightdose.language.catalogue import say

NAME = "garmin"
WANTED = re.compile(r"(_sleepData|_healthStatusData|UDSFile_[^/]*)\.json$")
ASLEEP = ("deepSleepSeconds", "lightSleepSeconds", "remSleepSeconds")


def recognises_archive(names: tuple[str, ...]) -> bool:
    """True when the zip holds one of Garmin's daily files."""
    return any(WANTED.search(name) for name in names)


def recognises(start: bytes) -> bool:
    """True for a list of Garmin's nights."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[") and b"sleepStartTimestampGMT" in start


def read(path: Path, choices: Choices) -> Imported:
    """Nights, naps, resting heart rate, HRV and Garmin's sleep score."""
    out = Collector(NAME)
    days = Days(choices, out)
    if not head(path, 4).startswith(ZIP):
        with open_text(path) as text:
            _records(text, path.name, days, out)
    else:
        archive = Archive(path)
        try:
            for name in filter(WANTED.search, archive.names):
                with open_member(archive, name) as text:
                    _records(text, name.rsplit("/", 1)[-1], days, out)
        finally:
            archive.close()
    days.write()
    return out.done()


def _records(text: IO[str], name: str, days: Days, out: Collector) -> None:
    for record in each_record(text, name):
        if "sleepStartTimestampGMT" in record or "sleepEndTimestampGMT" in record:
            _night(record, days)
        elif isinstance(record.get("metrics"), list):
            day = date_of_cell(record.get("calendarDate"))
            for metric in map(records_of, record["metrics"]):
                if metric.get("type") == "HRV":
                    days.value(day, "HRV (RMSSD)", plain_number(metric.get("value")), "ms")
        elif "restingHeartRate" in record:
            day = date_of_cell(records_of(record.get("calendarDate")).get("date") or record.get("calendarDate"))
            days.value(day, "resting heart rate", plain_number(record["restingHeartRate"]), "beats/min")
        else:
            out.leave_out(say("record of another kind"))


def each_record(text: IO[str], name: str) -> Iterator[Mapping[str, Any]]:
    """The objects of a JSON list, one at a time; a single object is a list of one."""
    stream = JsonStream(text, name)
    if stream.kind() != "[":
        yield records_of(stream.value())
        return
    for _ in stream.elements():
        yield records_of(stream.value())


def _night(record: Mapping[str, Any], days: Days) -> None:
    stages = [seconds(record.get(name)) for name in ASLEEP]
    if any(stage is not None for stage in stages):
        begin, end = gmt(record.get("sleepStartTimestampGMT")), gmt(record.get("sleepEndTimestampGMT"))
        days.night(begin, end, sum(stage or 0.0 for stage in stages), nap=False)
    score = records_of(record.get("sleepScores")).get("overallScore")
    days.value(date_of_cell(record.get("calendarDate")), "Garmin sleep score", plain_number(score), "")
    naps = record.get("napList")
    for nap in map(records_of, naps if isinstance(naps, list) else ()):
        begin, end = gmt(nap.get("napStartTimestampGMT")), gmt(nap.get("napEndTimestampGMT"))
        length = seconds(nap.get("napTimeSec"))
        if length is None and begin is not None and end is not None:
            length = (end - begin).total_seconds() / 3600
        days.night(begin, end, length, nap=True)
