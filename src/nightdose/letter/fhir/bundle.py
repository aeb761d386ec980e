"""The two bundles: the letter as a document, the days as a collection. The same analysis gives the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from nightdose.language.catalogue import say
from nightdose.letter.background import Background
from nightdose.letter.fhir.answer import answer, counted, settled
from nightdose.letter.fhir.days import evening, evening_columns, questionnaire
from nightdose.letter.fhir.document import (
    composition,
    first_parts,
    harms,
    last_parts,
    report,
    rescues,
    section,
    small,
)
from nightdose.letter.fhir.medicines import capsules, statements, tried_before
from nightdose.letter.fhir.parts import Entry, Resource, identified, own, paragraph, tabled
from nightdose.letter.fhir.scene import Scene, day_made, instant, provenance, scene_of
from nightdose.letter.letter import Letter
from nightdose.verdict.analysis import Analysis

NAME = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
RFC_3986 = "urn:ietf:rfc:3986"


def document_bundle(analysis: Analysis, letter: Letter, background: Background, page: bytes = b"") -> Resource:
    """The letter as a FHIR document, its Composition first.

    page : the printed page, PDF or HTML, carried in the report; b"" = none. A FHIR document has to have a date: where
    the person keeps dates back, or none was given, the same entries are a collection.
    """
    scene = scene_of(analysis, background)
    taken, before = list(statements(scene)), [tried_before(scene, each) for each in background.tried]
    said, size, others = answer(scene), settled(scene), list(counted(scene))
    (events, event_days), rescue_days = harms(scene), list(rescues(scene))
    results = [said, size, *others]
    shown = report(scene, letter, results, page)
    numbers = [(each.name, each.value, each.note) for each in letter.numbers]
    sections = [
        *first_parts(letter, taken, [said, shown]),
        section(say("Five numbers"), [tabled(numbers)], [size, *others]),
        section(letter.side_effects.heads[0], [small(letter.side_effects)], [*events, *event_days]),
        section(letter.rescue.heads[0], [small(letter.rescue)], rescue_days),
        section(
            say("Tried before, and why it was stopped"),
            [tabled(letter.before) or paragraph(say("Not written down."))],
            before,
        ),
        *last_parts(letter),
    ]
    head = composition(scene, letter, sections)
    people = [scene.patient, scene.device]
    entries = [head, *people, *taken, *results, shown, *events, *event_days, *rescue_days, *before]
    kind = "document" if day_made(background) else "collection"
    return bundle(scene, kind, unlike(entries), provenance(scene, head.reference), labelled=bool(letter.label))


def days_bundle(analysis: Analysis, background: Background, *, labelled: bool = False) -> Resource:
    """Every day as it was written down: answers, values, capsules; nothing that a blinded person does not know yet.

    labelled : the diary is synthetic, and every program that reads the bundle is told.
    """
    scene = scene_of(analysis, background)
    columns = evening_columns(scene)
    questions = questionnaire(scene, columns)
    days = range(scene.analysis.diary.days)
    told = chain.from_iterable(chain(evening(scene, questions, columns, day), capsules(scene, day)) for day in days)
    entries = [scene.patient, scene.device, questions, *told]
    name = bundle_name(scene, "collection", entries)
    target = {"type": "Bundle", "identifier": {"system": RFC_3986, "value": name.url}}
    return bundle(scene, "collection", entries, provenance(scene, target), labelled=labelled)


def bundle(scene: Scene, kind: str, entries: Sequence[Entry], made: Entry, *, labelled: bool) -> Resource:
    """The bundle of these entries with its identity. made : the Provenance, which may name the bundle."""
    name = bundle_name(scene, kind, entries)
    time = instant(scene.background, "timestamp") if day_made(scene.background) else {}
    return {
        "resourceType": "Bundle",
        "id": name.resource["id"],
        **({"meta": {"tag": own("synthetic")["coding"]}} if labelled else {}),
        "identifier": {"system": RFC_3986, "value": name.url},
        "type": kind,
        **time,
        "entry": [{"fullUrl": each.url, "resource": each.resource} for each in (*entries, made)],
    }


def bundle_name(scene: Scene, kind: str, entries: Sequence[Entry]) -> Entry:
    """The identity of a bundle: that of its entries."""
    return identified({"resourceType": "Bundle", "type": kind, "entry": [each.url for each in entries]}, scene.data)


def unlike(entries: Sequence[Entry]) -> list[Entry]:
    """The entries without repeats: the same treatment named twice is one resource."""
    return list({each.url: each for each in entries}.values())


def fhir_bytes(made: Resource) -> bytes:
    """A bundle as it is written to a file."""
    return (json.dumps(made, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode("utf-8")


def nameless(made: Mapping[str, Any]) -> Any:
    """A bundle with its resources numbered instead of named: a last digit that differs would change every name."""
    text = json.dumps(made)
    names = dict.fromkeys(NAME.findall(text))
    numbers = {name: str(at) for at, name in enumerate(names)}
    return json.loads(NAME.sub(lambda found: numbers[found[0]], text))
