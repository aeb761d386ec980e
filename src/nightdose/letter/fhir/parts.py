"""The small parts that FHIR resources are made of: concepts, quantities, days, narratives, and the identity of each."""

from __future__ import annotations

import json
import math
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from nightdose.diary.records import Diary, day_label
from nightdose.knowledge.fhir_codes import unit_code
from nightdose.language.number import plain
from nightdose.letter.fhir.terms import LOCAL, TERMS

Resource = dict[str, Any]  # its form is FHIR's; this is the edge where values become JSON

SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:nightdose:fhir:1")
UCUM = "http://unitsofmeasure.org"
HL7 = "http://terminology.hl7.org/CodeSystem/"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
NO_CHARACTER = re.compile("[\ufffe\uffff]")  # valid text in JSON, an error in XML
DAY, FIRST, LAST = (f"urn:nightdose:fhir:{name}" for name in ("day-number", "first-day-number", "last-day-number"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A resource in its bundle; url : `urn:uuid:...`, by which the others point at it."""

    url: str
    resource: Resource

    @property
    def reference(self) -> Resource:
        return {"reference": self.url}


def identified(resource: Resource, data: str) -> Entry:
    """The resource under the name that its content gives it. data : fingerprint, so that two people never share one."""
    content = json.dumps(resource, sort_keys=True, allow_nan=False)
    name = str(uuid.uuid5(uuid.uuid5(SPACE, data), content))
    return Entry(f"urn:uuid:{name}", {"resourceType": resource["resourceType"], "id": name} | resource)


def own(code: str) -> Resource:
    """A concept of the local code system (`terms.py`)."""
    return {"coding": [{"system": LOCAL, "code": code, "display": TERMS[code].display}]}


def concept(words: str, codings: Iterable[Mapping[str, str]] = ()) -> Resource:
    """A concept in somebody's own words, with public codes where there are any."""
    found = [dict(coding) for coding in codings]
    return ({"coding": found} if found else {}) | {"text": written(words)}


def written(words: str) -> str:
    """Text as FHIR takes it: one line, not empty, nothing that steers a reader."""
    return readable(words) or "–"


def readable(words: str) -> str:
    """The words on one line, without what XML has no place for."""
    return plain(" ".join(NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", words).split()))


def decimal(value: float) -> float | int:
    """A number as JSON writes it: a whole one without its point."""
    return int(value) if float(value).is_integer() and abs(value) < 1e15 else float(value)


def quantity(value: float, unit: str = "") -> Resource:
    """A value with its unit; a unit that UCUM was not checked for stands as a word."""
    found: Resource = {"value": decimal(value)}
    if unit:
        found["unit"] = unit
    if code := unit_code(unit):
        found |= {"system": UCUM, "code": code}
    return found


def measured(code: str, value: float | None, unit: str = "") -> Resource:
    """One component; what is not known says so instead of standing as a number."""
    if value is None or not math.isfinite(value):
        return absent(code)
    return {"code": own(code), "valueQuantity": quantity(value, unit)}


def spread(code: str, ends: Sequence[float | None], unit: str = "") -> Resource:
    """An interval as a component."""
    low, high = ends
    if low is None or high is None:
        return absent(code)
    return {"code": own(code), "valueRange": {"low": quantity(low, unit), "high": quantity(high, unit)}}


def absent(code: str) -> Resource:
    """A component that is asked for and not given."""
    return {"code": own(code), "dataAbsentReason": unknown()}


def unknown() -> Resource:
    """FHIR's word for a value that is expected and not known."""
    return {"coding": [{"system": HL7 + "data-absent-reason", "code": "unknown", "display": "Unknown"}]}


def masked() -> Resource:
    """In the place of a required date that the person keeps back, or that nobody said."""
    return {"extension": [{"url": ABSENT, "valueCode": "masked"}]}


def on_day(diary: Diary, index: int) -> Resource:
    """`effective[x]` of one day: its date, or its number where the diary has no dates."""
    day = diary.first_day + index
    if diary.dated:
        return {"effectiveDateTime": day_label(day, dated=True)}
    return {"effectivePeriod": {"extension": [day_number(day)]}}


def day_number(day: int) -> Resource:
    """The number of a day as an extension."""
    return {"url": DAY, "valueInteger": day}


def over_all(diary: Diary) -> Resource:
    """`effective[x]` of the whole diary; {} without a day."""
    if not diary.days:
        return {}
    first, last = diary.first_day, diary.first_day + diary.days - 1
    if diary.dated:
        return {"effectivePeriod": {"start": day_label(first, dated=True), "end": day_label(last, dated=True)}}
    ends = [{"url": FIRST, "valueInteger": first}, {"url": LAST, "valueInteger": last}]
    return {"effectivePeriod": {"extension": ends}}


def narrative(blocks: Iterable[str]) -> Resource:
    """What a person reads of a resource, from blocks of XHTML."""
    body = "".join(blocks) or paragraph("–")
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{body}</div>'}


def paragraph(words: str) -> str:
    """One paragraph; "" where there is nothing to say."""
    return f"<p>{escape(readable(words))}</p>" if words else ""


def listed(lines: Iterable[str]) -> str:
    """A list; "" where it would be empty."""
    items = "".join(f"<li>{escape(readable(line))}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def tabled(rows: Iterable[Sequence[str]], heads: Sequence[str] = ()) -> str:
    """A table; "" without rows."""
    body = "".join(f"<tr>{_cells(row, 'td')}</tr>" for row in rows)
    if not body:
        return ""
    head = f"<thead><tr>{_cells(heads, 'th')}</tr></thead>" if heads else ""
    return f"<table>{head}<tbody>{body}</tbody></table>"


def _cells(row: Sequence[str], tag: str) -> str:
    return "".join(f"<{tag}>{escape(readable(cell))}</{tag}>" for cell in row)
