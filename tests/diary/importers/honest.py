"""An honest file of every kind that is read, small, for spoiling: format -> samples."""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.diary.importers import (
    test_apple_health,
    test_bearable,
    test_daylio,
    test_health_auto_export,
    test_health_connect,
    test_loop_habit,
    test_migraine_buddy,
    test_wearables,
)
from tests.diary.importers.conftest import HEALTH_CONNECT_TABLES

from nightdose.diary.importers import health_connect


@dataclass(frozen=True)
class Sample:
    """name : of the file. content : its bytes, or for a zip its members."""

    name: str
    content: bytes | Mapping[str, bytes]

    def packed(self) -> bytes:
        """The bytes of the file."""
        return self.content if isinstance(self.content, bytes) else zipped(self.content)


def zipped(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return out.getvalue()


def text(name: str, content: str) -> Sample:
    return Sample(name, content.encode())


def archive(name: str, **members: str) -> Sample:
    return Sample(name, {member: content.encode() for member, content in members.items()})


def database() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.db"
        connection = sqlite3.connect(path)
        connection.executescript(HEALTH_CONNECT_TABLES + test_health_connect.ROWS)
        connection.close()
        return path.read_bytes()


def workbook() -> dict[str, bytes]:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["date", "pain", "ldn_mg", "note"], ["2026-11-20", 4, 1.5, "x"], ["2026-11-21", 5, 0, None]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


FORMS = """Timestamp,"Pain today (0-10)","LDN mg taken",Notes
1/2/2026 22:30:15,6,1.5,ok
1/13/2026 10:31:02 PM,5,1.5,"a, b"
11/20/2026 0:20:00,4,,
"""
ROWS = "date,item,value,unit,status\n2026-11-20,LDN,1.5,mg,taken\n2026-11-21,LDN,,,skipped\n21/11/2026,pain,5,,\n"
GARMIN, FITBIT, W = "DI_CONNECT/DI-Connect-Wellness/1_sleepData.json", "Takeout/Fitbit/", test_wearables


def honest() -> dict[str, tuple[Sample, ...]]:
    """format -> files of it that are read without a word."""
    doses = {"data": {"medications": [test_health_auto_export.record(s) for s in test_health_auto_export.STATUSES]}}
    table = b"date,pain,ldn_mg\n2026-11-20,4,1.5\n21/11/2026,5,0\n"
    return {
        "bearable": (text("b.csv", test_bearable.OLD), text("b2.csv", test_bearable.NEW)),
        "daylio": (text("d.csv", test_daylio.TEXT),),
        "migraine-buddy": (text("m.html", test_migraine_buddy.PAGE.format(date="22/12/18", gap="")),),
        "health-auto-export": (text("h.json", json.dumps(doses)),),
        "apple-health": (
            archive("a.zip", **{"apple_health_export/export.xml": test_apple_health.xml(*test_apple_health.NIGHT)}),
        ),
        "health-connect": (Sample("hc.zip", {health_connect.DATABASE: database()}),),
        "loop": (
            archive("l.zip", **{"Habits.csv": test_loop_habit.HABITS, "Checkmarks.csv": "Date,LDN,\n2026-11-20,2,\n",
                                "001 LDN/Checkmarks.csv": test_loop_habit.OWN,
                                "002 Pain/Checkmarks.csv": test_loop_habit.PAIN}),
        ),
        "oura": (
            archive("o.zip", **{"App Data/sleepmodel.csv": W.OURA,
                                "App Data/dailysleep.csv": "day,score\n2026-03-02,81\n2026-03-03,\n"}),
            text("sleepmodel.csv", W.OURA),
        ),
        "garmin": (archive("g.zip", **{GARMIN: json.dumps(W.GARMIN)}), text("g.json", json.dumps(W.GARMIN))),
        "fitbit": (
            archive("f.zip", **{FITBIT + "Global Export Data/sleep-2026-03-01.json": json.dumps(W.FITBIT)}),
            text("sleep-2026-03-01.json", json.dumps(W.FITBIT)),
        ),
        "samsung": (
            text("s.csv", W.SAMSUNG + "start_time,end_time,datauuid,time_offset\n"
                          "1772402400000,1772431200000,a,UTC+0100,\n"),
        ),
        "whoop": (archive("w.zip", **{"sleeps.csv": W.WHOOP, "physiological_cycles.csv": W.CYCLES}),
                  text("sleeps.csv", W.WHOOP)),
        "table": (Sample("t.csv", table), text("forms.csv", FORMS), text("rows.csv", ROWS)),
        "spreadsheet": (Sample("t.xlsx", workbook()),),
    }  # fmt: skip
