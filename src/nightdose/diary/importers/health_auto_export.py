"""Health Auto Export's JSON of medication doses. Only `Taken` is an intake; `dosage` counts pieces, not mg."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nightdose.diary.importers.imported import Choices, Collector, Imported
from nightdose.diary.importers.json_stream import JsonStream
from nightdose.diary.importers.medicine_name import Dose, add_dose
from nightdose.diary.importers.moment_column import moment_at
from nightdose.diary.importers.moments import read_instant
from nightdose.diary.importers.numbers import number
from nightdose.diary.importers.reading import open_text
from nightdose.errors import InputError
from nightdose.language.catalogue import say

NAME = "health-auto-export"
# status -> what it says about the dose; everything but Taken and Skipped says nothing about an intake
NOT_AN_INTAKE = {"not interacted", "notification not sent", "snoozed", "not logged"}


def recognises(start: bytes) -> bool:
    """True when it looks like its JSON."""
    start = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"{") and b'"data"' in start[:2000] and (b'"medications"' in start or b'"metrics"' in start)


def read(path: Path, choices: Choices) -> Imported:
    """Doses taken and skipped."""
    out = Collector(NAME)
    found = False
    with open_text(path) as text:
        stream = JsonStream(text, path.name)
        for key in stream.members() if stream.kind() == "{" else ():
            if key == "data" and stream.kind() == "{":
                found = _data(stream, choices, out)
            else:
                stream.skip()
    if not found:
        raise InputError(
            say(
                "{name} is not JSON that Health Auto Export writes. Export 'Medications' again, format JSON.",
                name=path.name,
            )
        )
    return out.done()


def _data(stream: JsonStream, choices: Choices, out: Collector) -> bool:
    """Read the records; whether there was a list of them."""
    found = False
    for key in stream.members():
        if key == "medications" and stream.kind() == "[":
            found = True
            for position in stream.elements():
                record = stream.value()
                if isinstance(record, dict):
                    _record(position, record, choices, out)
                else:
                    out.problem(position, say("This record is not of a medication."), say("It was left out."))
        elif key == "metrics" and stream.kind() == "[":
            found = True
            for _ in stream.elements():
                stream.skip()
                out.leave_out(say("health metric (import Apple's export.zip for sleep and heart)"))
        else:
            stream.skip()
    return found


def _record(position: int, record: Mapping[str, Any], choices: Choices, out: Collector) -> None:
    name = " ".join(str(record.get("displayText") or record.get("nickname") or "").split())[:200]
    status = str(record.get("status", "")).strip()
    written = str(record.get("start") or record.get("scheduledDate") or "")
    at = read_instant(written)
    if not name or at is None:
        out.problem(
            position,
            say("A record without a name or a date ('{written}').", written=written[:40]),
            say("It was left out."),
        )
        return
    when = moment_at(at, choices.day)
    if status.casefold() == "taken":
        unit = add_dose(out, position, when, Dose(name, number(str(record.get("dosage", ""))), "piece"), choices)
        if unit != "mg":
            out.leave_out(say("mg of '{name}' (the file counts pieces; say how many mg one piece has)", name=name[:60]))
    elif status.casefold() == "skipped":
        out.add(position, when, name, kind="dose", status="missed")
    elif status.casefold() in NOT_AN_INTAKE:
        out.leave_out(say("'{status}': not known whether it was taken", status=status))
    else:
        out.problem(
            position,
            say("{name}: the status '{status}' is not known.", name=name[:40], status=status[:40]),
            say("It was not counted as taken."),
        )
