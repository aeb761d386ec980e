"""Samsung Health's "Download personal data": a zip of CSVs whose first line names the kind of data.

Times are in Greenwich time, as text or as milliseconds since 1970, with the offset beside them; column names may have
the kind of data in front.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from nightdose.diary.importers.imported import Choices, Collector, Imported
from nightdose.diary.importers.nights import Asleep, add_sleep
from nightdose.diary.importers.reading import ZIP, Archive, head
from nightdose.diary.importers.text_table import after_first_line, member_after_first_line
from nightdose.diary.importers.wearables import Days, gmt, plain_number
from nightdose.language.catalogue import say

NAME = "samsung-health"
KIND = re.compile(r"(?:^|/)com\.samsung\.s?health\.(sleep|sleep_stage|weight)(?:\.\d+)?\.csv$")
ASLEEP = {"40002", "40003", "40004"}  # light, deep, REM; 40001 is awake


def recognises_archive(names: tuple[str, ...]) -> bool:
    """True when the zip holds one of the tables that are read."""
    return any(KIND.search(name) for name in names)


def recognises(start: bytes) -> bool:
    """True for a single table of sleep."""
    return start.startswith((b"com.samsung.shealth.sleep,", b"com.samsung.health.sleep_stage,"))


Rows = Iterator[Mapping[str, str]]


def read(path: Path, choices: Choices) -> Imported:
    """Nights and naps, from the stages where there are any; weight."""
    out = Collector(NAME)
    days, night = Days(choices, out), _Sleep()
    start = head(path, 64)
    if not start.startswith(ZIP):
        night.take("sleep_stage" if b"sleep_stage" in start else "sleep", _plain(after_first_line(path).records()))
    else:
        archive = Archive(path)
        try:
            for name in archive.names:
                found = KIND.search(name)
                if found and found[1] == "weight":
                    _weight(_plain(member_after_first_line(archive, name).records()), choices, days)
                elif found:
                    night.take(found[1], _plain(member_after_first_line(archive, name).records()))
                elif name.endswith(".csv"):
                    out.leave_out(say("table of another kind"))
        finally:
            archive.close()
    add_sleep(night.asleep(out), choices, out)
    days.write()
    return out.done()


def _plain(rows: Iterator[tuple[int, dict[str, str]]]) -> Rows:
    """Rows with the kind of data taken off the names of their columns."""
    for _, row in rows:
        yield {name.rpartition(".")[2]: cell for name, cell in row.items()}


class _Sleep:
    """Sessions, and the stages asleep that lie in them."""

    def __init__(self) -> None:
        self._stages = Asleep()
        self._sessions: dict[str, tuple[datetime.datetime | None, datetime.datetime | None]] = {}
        self._staged: set[str] = set()

    def take(self, kind: str, rows: Rows) -> None:
        for number, row in enumerate(rows):
            begin, end = _moment(row.get("start_time", "")), _moment(row.get("end_time", ""))
            if kind == "sleep":
                self._sessions[row.get("datauuid") or f"row {number}"] = (begin, end)
            else:
                self._staged.add(row.get("sleep_id", ""))
                if row.get("stage") in ASLEEP:
                    self._stages.add(begin, end)

    def asleep(self, out: Collector) -> Asleep:
        """All times asleep; a session without stages counts whole."""
        unstaged = [ends for key, ends in self._sessions.items() if key not in self._staged]
        for begin, end in unstaged:
            self._stages.add(begin, end)
        if unstaged:
            what = say("{n} nights have no sleep stages.", n=len(unstaged))
            out.problem(None, what, say("Their whole time in bed was counted as sleep."))
        return self._stages


def _moment(text: str) -> datetime.datetime | None:
    return gmt(int(text)) if text.isascii() and text.isdigit() and len(text) < 16 else gmt(text)


def _weight(rows: Rows, choices: Choices, days: Days) -> None:
    for row in rows:
        at = _moment(row.get("start_time", "") or row.get("create_time", ""))
        day = choices.day.day_of(choices.day.localise(at)) if at else None
        days.value(day, "weight", plain_number(row.get("weight", "")), "kg")
