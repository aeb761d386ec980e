"""Apple Health's export.zip, streamed: nights asleep, resting heart rate, HRV, headache, weight, one value a day.

The file begins with a DTD that declares elements; entities in it, inside or outside, are refused. Expat holds one
start tag in memory at a time, and a tag that does not end within 1 MB is refused too.
"""

from __future__ import annotations

import datetime
import xml.parsers.expat
from collections import defaultdict
from pathlib import Path
from typing import IO

from nightdose.diary.importers.imported import Choices, Collector, Imported
from nightdose.diary.importers.moment_column import When, moment_at
from nightdose.diary.importers.moments import read_instant
from nightdose.diary.importers.nights import Asleep, add_measure, add_sleep
from nightdose.diary.importers.numbers import number
from nightdose.diary.importers.reading import Archive
from nightdose.errors import InputError
from nightdose.language.catalogue import say

NAME = "apple-health"
EXPORT = "export.xml"
CHUNK = 1 << 16
LONGEST_TAG = 1 << 20
MOST_KEPT = 200_000

# type -> item; the day's mean is kept, in the unit that the file gives
DAILY = {
    "HKQuantityTypeIdentifierRestingHeartRate": "resting heart rate",
    "HKQuantityTypeIdentifierHeartRateVariabilitySDNN": "HRV (SDNN)",
    "HKQuantityTypeIdentifierBodyMass": "weight",
}
HEADACHE = "HKCategoryTypeIdentifierHeadache"
SEVERITY = {"NotPresent": 0.0, "Mild": 1.0, "Moderate": 2.0, "Severe": 3.0}
SLEEP = "HKCategoryTypeIdentifierSleepAnalysis"
ASLEEP = "HKCategoryValueSleepAnalysisAsleep"


def recognises_archive(names: tuple[str, ...]) -> bool:
    """True when the zip holds Apple's export.xml."""
    return any(name.rsplit("/", 1)[-1] == EXPORT for name in names)


class _Records:
    """Takes what is wanted from each Record tag; everything else only goes by."""

    def __init__(self, choices: Choices, out: Collector) -> None:
        self.choices, self.out = choices, out
        self.asleep = Asleep()
        self.daily: dict[tuple[datetime.date, str], dict[str, list[float]]] = defaultdict(dict)
        self.headaches: dict[datetime.date, tuple[float, When]] = {}
        self.root = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self.root:
            self.root = tag
        if tag != "Record":
            return
        kind = attributes.get("type", "")
        if kind == SLEEP:
            if attributes.get("value", "").startswith(ASLEEP):  # not in bed, not awake
                self.asleep.add(*(read_instant(attributes.get(name, "")) for name in ("startDate", "endDate")))
        elif kind in DAILY:
            self._quantity(DAILY[kind], attributes)
        elif kind == HEADACHE:
            self._headache(attributes)

    def _quantity(self, item: str, attributes: dict[str, str]) -> None:
        at = read_instant(attributes.get("startDate", ""))
        value = number(attributes.get("value", ""), ",")  # phones of many countries write a decimal comma, none groups
        if at is None or value is None:
            self.out.problem(
                None, say("A record of {item} has no date or no number.", item=item), say("It was left out.")
            )
            return
        units = self.daily[moment_at(at, self.choices.day).day, item]
        total = units.setdefault(attributes.get("unit", "")[:40], [0.0, 0.0])
        total[0] += value
        total[1] += 1
        _bounded(len(self.daily) + len(units))

    def _headache(self, attributes: dict[str, str]) -> None:
        at = read_instant(attributes.get("startDate", ""))
        level = attributes.get("value", "").removeprefix("HKCategoryValueSeverity")
        if at is None or level not in SEVERITY:
            self.out.leave_out(say("headaches without a severity"))
            return
        when = moment_at(at, self.choices.day)
        if when.day not in self.headaches or self.headaches[when.day][0] < SEVERITY[level]:
            self.headaches[when.day] = (SEVERITY[level], when)
            _bounded(len(self.headaches))


def _bounded(count: int) -> None:
    if count > MOST_KEPT:
        raise InputError(say("This export holds more records than a life. Export a shorter time."))


def read(path: Path, choices: Choices) -> Imported:
    """One value a day and item; a night counts for the date on which it ended."""
    out = Collector(NAME)
    records = _Records(choices, out)
    archive = Archive(path)
    try:
        name = archive.find(EXPORT)
        if name is None:
            raise InputError(
                say(
                    "{name} holds no {export}. Share 'Export All Health Data' from the Health app.",
                    name=path.name,
                    export=EXPORT,
                )
            )
        with archive.open(name) as stream:
            parse(stream, records)
    finally:
        archive.close()
    if records.root != "HealthData":
        raise InputError(say("{name} holds an {export} that is not Apple's.", name=path.name, export=EXPORT))
    _write(records, choices, out)
    return out.done()


def parse(stream: IO[bytes], records: _Records) -> None:
    """Feed the XML in pieces; refuses entities, foreign files and tags without an end."""
    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler = records.start
    parser.EntityDeclHandler = _refuse_entity
    parser.UnparsedEntityDeclHandler = _refuse_entity
    parser.ExternalEntityRefHandler = _refuse_entity
    parser.SetParamEntityParsing(xml.parsers.expat.XML_PARAM_ENTITY_PARSING_NEVER)
    fed = 0
    try:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > LONGEST_TAG:
                raise InputError(say("The export holds a tag that does not end. It was not read further."))
        parser.Parse(b"", True)
    except LookupError:
        raise InputError(
            say("The export names an encoding that nobody knows. Make it again in the Health app.")
        ) from None
    except xml.parsers.expat.ExpatError as error:
        raise InputError(
            say(
                "The export is cut short or damaged (line {lineno}). Make it again in the Health app.",
                lineno=error.lineno,
            )
        ) from None


def _refuse_entity(*_: object) -> int:
    raise InputError(say("The export declares entities, which Apple's never does. It was not read further."))


def _write(records: _Records, choices: Choices, out: Collector) -> None:
    for (day, item), units in sorted(records.daily.items()):
        for unit, (total, count) in units.items():
            add_measure(out, day, item, total / count, unit)
    add_sleep(records.asleep, choices, out)
    for day, (value, when) in sorted(records.headaches.items()):
        add_measure(out, day, "headache severity", value, "0-3", when.at)
