"""Health Auto Export's JSON of medication doses. Only `Taken` is an intake; `dosage` counts pieces, not mg."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nightdose.diary.importers.dates import number
from nightdose.diary.importers.imported import Choices, Collector, Imported
from nightdose.diary.importers.medicine_name import dose_fields
from nightdose.diary.importers.reading import read_text
from nightdose.errors import InputError

NAME = "health-auto-export"
DEPTH_NOTE = "is no JSON that Health Auto Export writes. Export 'Medications' again, format JSON."
# status -> what it says about the dose; everything but Taken and Skipped says nothing about an intake
NOT_AN_INTAKE = {"not interacted", "notification not sent", "snoozed", "not logged"}


def recognises(start: bytes) -> bool:
    """True when it looks like its JSON."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"data"' in start


def read(path: Path, choices: Choices) -> Imported:
    """Doses taken and skipped."""
    try:
        content = json.loads(read_text(path)[0])
        records = content["data"].get("medications", [])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError(f"{path.name} {DEPTH_NOTE}") from None
    if not isinstance(records, list):
        raise InputError(f"{path.name} {DEPTH_NOTE}")
    out = Collector(NAME)
    for position, record in enumerate(records, start=1):
        if isinstance(record, dict):
            _record(position, record, choices, out)
        else:
            out.problem(position, "This record is no medication.", "It was left out.")
    if isinstance(content["data"].get("metrics"), list) and content["data"]["metrics"]:
        out.leave_out("health metrics (import Apple's export.zip for sleep and heart)")
    return out.done()


def _record(position: int, record: Mapping[str, Any], choices: Choices, out: Collector) -> None:
    name = " ".join(str(record.get("displayText") or record.get("nickname") or "").split())
    status = str(record.get("status", "")).strip()
    written = str(record.get("start") or record.get("scheduledDate") or "")
    at = moment(written)
    if not name or at is None:
        out.problem(position, f"A record without a name or a date ('{written[:40]}').", "It was left out.")
        return
    wall = choices.day.localise(at) if at.tzinfo is None else at
    day = choices.day.day_of(wall)
    key = out.key(name, written, record.get("scheduledDate"), status, record.get("dosage"))
    if status.lower() == "taken":
        pieces = number(str(record.get("dosage", "")))
        fields = dose_fields(name, pieces, "piece", choices)
        out.add(position, day=day, at=wall, source_key=key, **fields)
        if fields["unit"] != "mg":
            out.leave_out(f"mg of '{name[:60]}' (the file counts pieces; say how many mg one piece has)")
    elif status.lower() == "skipped":
        out.add(position, day=day, kind="dose", item=name, status="missed", source_key=key)
    elif status.lower() in NOT_AN_INTAKE:
        out.leave_out(f"'{status}': not known whether it was taken")
    else:
        out.problem(position, f"{name[:40]}: the status '{status[:40]}' is not known.", "It was not counted as taken.")


def moment(text: str) -> datetime.datetime | None:
    """'2026-11-20 22:10:00 +0100' as an aware moment (naive without an offset)."""
    for form in ("%Y-%m-%d %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"):
        try:
            found = datetime.datetime.strptime(text.strip(), form)
        except ValueError:
            continue
        return found if 1970 <= found.year <= 2200 else None
    return None
