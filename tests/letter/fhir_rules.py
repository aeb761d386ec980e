"""FHIR R4 as far as a letter uses it: elements, cardinalities, bindings and targets from HL7's own definitions
(`tests/authorities/fhir/r4.json`), and the invariants that tables cannot say, by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

TABLE = Path(__file__).parents[1] / "authorities/fhir/r4.json"
XHTML = "{http://www.w3.org/1999/xhtml}"
TAGS = {f"{XHTML}{tag}" for tag in ("div", "p", "ul", "li", "table", "thead", "tbody", "tr", "th", "td")}
DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
DATE = rf"\d{{4}}(-(0[1-9]|1[0-2]))?|{DAY}"
TIME = r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-](0\d|1[0-4]):[0-5]\d)"
PRIMITIVES = {
    "string": r"[\s\S]*\S[\s\S]*",
    "markdown": r"[\s\S]*\S[\s\S]*",
    "code": r"\S+( \S+)*",
    "id": r"[A-Za-z0-9.-]{1,64}",
    "uri": r"\S+",
    "url": r"\S+",
    "canonical": r"\S+",
    "base64Binary": r"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
    "date": DATE,
    "dateTime": f"{DATE}|{DAY}{TIME}",
    "instant": f"{DAY}{TIME}",
    "time": r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d",
}
NUMBERS = {"integer": int, "positiveInt": int, "unsignedInt": int, "decimal": (int, float)}


@cache
def table() -> dict:
    return json.loads(TABLE.read_text(encoding="utf-8"))


def problems(bundle: dict) -> list[str]:
    """Every breach of R4 that these rules know, each with its place; [] = none."""
    return [*of_type(bundle, "Bundle", "Bundle"), *of_bundle(bundle)]


def of_type(value: object, kind: str, at: str) -> Iterator[str]:
    """A value against its type."""
    if kind == "Resource":
        kind = value.get("resourceType", "nothing") if isinstance(value, dict) else "nothing"
        value = {name: v for name, v in value.items() if name != "resourceType"}
        at = f"{at}({kind})"
    elif kind == "Bundle":
        value = {name: v for name, v in value.items() if name != "resourceType"}
    if kind == "Extension":
        yield from of_extension(value, at)
    elif kind == "xhtml":
        yield from of_narrative(value, at)
    elif kind == "boolean":
        if not isinstance(value, bool):
            yield f"{at}: {value!r} is not a boolean"
    elif kind in NUMBERS:
        if isinstance(value, bool) or not isinstance(value, NUMBERS[kind]):
            yield f"{at}: {value!r} is not a number of type {kind}"
    elif kind in PRIMITIVES:
        if not isinstance(value, str) or not re.fullmatch(PRIMITIVES[kind], value):
            yield f"{at}: {value!r} is not a {kind}"
    elif kind not in table():
        yield f"{at}: {kind} is not in the table"
    else:
        yield from of_parts(value, table()[kind], at)
        yield from INVARIANTS.get(kind, lambda value, at: ())(value, at)


def of_parts(value: object, parts: dict, at: str) -> Iterator[str]:
    """An object against its elements: none unknown, none missing, none twice, no empty one."""
    if not isinstance(value, dict) or not value:
        yield f"{at}: an object with nothing in it"
        return
    for name, found in value.items():
        if name.startswith("_") and parts.get(name[1:], {}).get("type") in (*PRIMITIVES, *NUMBERS, "boolean"):
            yield from of_parts(found, {"extension": {"type": "Extension", "min": 0, "max": "*"}}, f"{at}.{name}")
        elif name not in parts:
            yield f"{at}: {name} is unknown"
        else:
            yield from of_element(found, parts[name], f"{at}.{name}")
    for name, rule in parts.items():
        if rule["min"] and "choice" not in rule and not {name, f"_{name}"} & value.keys():
            yield f"{at}: {name} is missing"
    for group in {rule["choice"] for rule in parts.values() if "choice" in rule}:
        members = [name for name, rule in parts.items() if rule.get("choice") == group]
        there = [name for name in members if name in value]
        if len(there) > 1:
            yield f"{at}: {group}[x] is there as {there}"
        if not there and any(parts[name]["min"] for name in members):
            yield f"{at}: {group}[x] is missing"


def of_element(found: object, rule: dict, at: str) -> Iterator[str]:
    """One element: as many as may be, each of its type, its code from the binding."""
    if (rule["max"] == "*") != isinstance(found, list) or found == []:
        yield f"{at}: at most {rule['max']}, found {found!r:.60}"
        return
    for value in found if isinstance(found, list) else [found]:
        if "codes" in rule and value not in rule["codes"]:
            yield f"{at}: {value!r} is not one of {rule['codes']}"
        yield from of_parts(value, rule["parts"], at) if "parts" in rule else of_type(value, rule["type"], at)


def of_extension(value: dict, at: str) -> Iterator[str]:
    values = [name for name in value if name.startswith("value")]
    if "url" not in value or len(values) != 1 or set(value) != {"url", *values}:
        yield f"{at}: an extension has a url and one value"


def of_narrative(div: str, at: str) -> Iterator[str]:
    """txt-1, txt-2: well formed, only plain tags, and something to read."""
    try:
        root = ElementTree.fromstring(div)
    except ElementTree.ParseError as error:
        yield f"{at}: {error}"
        return
    odd = {node.tag for node in root.iter()} - TAGS
    if root.tag != f"{XHTML}div" or odd or any(node.attrib for node in root.iter()):
        yield f"{at}: {root.tag} with {odd}"
    if not "".join(root.itertext()).strip():
        yield f"{at}: nothing to read"


def observation(value: dict, at: str) -> Iterator[str]:
    """obs-6, obs-7, obs-3 of components."""
    has_value = any(name.startswith("value") for name in value)
    if has_value and "dataAbsentReason" in value:
        yield f"{at}: a value and a reason for having none"
    if not has_value and not {"dataAbsentReason", "component"} & value.keys():
        yield f"{at}: says nothing"
    for part in value.get("component", ()):
        if any(name.startswith("value") for name in part) == ("dataAbsentReason" in part):
            yield f"{at}.component: a value or a reason, one of them"


def dose(value: dict, at: str) -> Iterator[str]:
    """mad-1."""
    if "dosage" in value and not {"dose", "rateRatio", "rateQuantity"} & value["dosage"].keys():
        yield f"{at}.dosage: neither dose nor rate"


def section(value: dict, at: str) -> Iterator[str]:
    """cmp-1."""
    for part in value.get("section", ()):
        if not {"text", "entry", "section"} & part.keys():
            yield f"{at}.section: empty"


def ends(value: dict, at: str) -> Iterator[str]:
    """per-1."""
    if "start" in value and "end" in value and value["start"] > value["end"]:
        yield f"{at}: ends before it starts"


def span(value: dict, at: str) -> Iterator[str]:
    """rng-2."""
    if value["low"]["value"] > value["high"]["value"]:
        yield f"{at}: low is above high"


def amount(value: dict, at: str) -> Iterator[str]:
    """qty-3."""
    if "code" in value and "system" not in value:
        yield f"{at}: a code without its system"


def link_ids(value: dict, at: str) -> Iterator[str]:
    """que-2."""
    ids = [item["linkId"] for item in value.get("item", ())]
    if len(ids) != len(set(ids)):
        yield f"{at}: a linkId twice"


INVARIANTS = {
    "Observation": observation,
    "MedicationAdministration": dose,
    "Composition": section,
    "Period": ends,
    "Range": span,
    "Quantity": amount,
    "Questionnaire": link_ids,
}


def references(value: object) -> Iterator[str]:
    """Every literal reference inside."""
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def of_bundle(bundle: dict) -> Iterator[str]:
    """bdl-7, -9, -10, -11; every reference resolves; a document holds nothing that its Composition does not reach."""
    entries = {entry["fullUrl"]: entry["resource"] for entry in bundle["entry"]}
    if len(entries) != len(bundle["entry"]):
        yield "a fullUrl twice"
    for url, resource in entries.items():
        if url != f"urn:uuid:{resource['id']}":
            yield f"{url} is not the identity of its resource"
        yield from (f"{url} refers to {to}, which is not here" for to in references(resource) if to not in entries)
        yield from wrong_targets(resource, table()[resource["resourceType"]], entries)
    if bundle["type"] == "document":
        first = bundle["entry"][0]["resource"]
        if first["resourceType"] != "Composition" or not {"identifier", "timestamp"} <= bundle.keys():
            yield "a document begins with its Composition, and has an identifier and a timestamp"
        left = entries.keys() - reached(bundle["entry"][0]["fullUrl"], entries)
        yield from (f"{url} is not part of the document" for url in left if not is_provenance(entries[url]))


def wrong_targets(value: dict, parts: dict, entries: dict) -> Iterator[str]:
    """References to a resource of a type that may not stand there."""
    for name, rule in parts.items():
        found = value.get(name, [])
        for each in found if isinstance(found, list) else [found]:
            if "parts" in rule:
                yield from wrong_targets(each, rule["parts"], entries)
            elif "targets" in rule and each.get("reference") in entries:
                kind = entries[each["reference"]]["resourceType"]
                if not {kind, "Resource"} & set(rule["targets"]):
                    yield f"{name} refers to a {kind}"


def reached(url: str, entries: dict) -> set[str]:
    """Everything that a resource refers to, directly or not, and itself."""
    found, ahead = set(), [url]
    while ahead:
        here = ahead.pop()
        if here not in found and here in entries:
            found.add(here)
            ahead += references(entries[here])
    return found


def is_provenance(resource: dict) -> bool:
    return resource["resourceType"] == "Provenance"
