"""The letter itself: the Composition with its sections, the report with its page, side effects and rescue days."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence

from nightdose.language.catalogue import say
from nightdose.language.number import dose_amount
from nightdose.letter.counts import rescue_counts, side_effects
from nightdose.letter.fhir.answer import in_28, observation, ratio
from nightdose.letter.fhir.parts import (
    Entry,
    Resource,
    concept,
    listed,
    masked,
    measured,
    narrative,
    over_all,
    own,
    paragraph,
    tabled,
    written,
)
from nightdose.letter.fhir.scene import Scene, day_made
from nightdose.letter.letter import Letter
from nightdose.letter.words import Table

PDF = b"%PDF"


def report(scene: Scene, letter: Letter, results: Sequence[Entry], page: bytes) -> Entry:
    """The DiagnosticReport: the answer in words, what it rests on, and the page as it is printed where there is one."""
    return scene.entry(
        {
            "resourceType": "DiagnosticReport",
            "status": "final",
            "code": own("letter") | {"text": written(letter.question)},
            "subject": scene.patient.reference,
            **over_all(scene.analysis.diary),
            "result": [result.reference for result in results],
            "conclusion": written(f"{letter.word}. {letter.sentence} {ceiling(letter)}"),
            "conclusionCode": [own(scene.record["verdict"]["answer"])],
            **({"presentedForm": [attachment(letter, page)]} if page else {}),
        }
    )


def attachment(letter: Letter, page: bytes) -> Resource:
    """The page as it is printed. The hash is SHA-1, as FHIR 4.0.1 asks for; it finds a slip, not a forger."""
    return {
        "contentType": "application/pdf" if page.startswith(PDF) else "text/html",
        "language": letter.language,
        "data": base64.b64encode(page).decode("ascii"),
        "size": len(page),
        "hash": base64.b64encode(hashlib.sha1(page, usedforsecurity=False).digest()).decode("ascii"),
        "title": written(letter.question),
    }


def harms(scene: Scene) -> tuple[list[Entry], list[Entry]]:
    """(side effects as events, their days by dose); an event says that it was written down, not what caused it."""
    question = scene.analysis.question
    events, days = [], []
    for each in side_effects(scene.analysis.diary, question):
        events.append(
            scene.entry(
                {
                    "resourceType": "AdverseEvent",
                    "actuality": "actual",
                    "event": concept(each.name),
                    "subject": scene.patient.reference,
                    "recorder": scene.patient.reference,
                }
            )
        )
        doses = [
            {"code": own("dose") | {"text": dose_amount(level, question.unit)}, **ratio(*found)}
            for level, found in each.by_dose.items()
        ]
        code = own("side_effect_days") | {"text": written(each.name)}
        if doses:
            days.append(observation(scene, code, {}, doses))
    return events, days


def rescues(scene: Scene) -> Iterator[Entry]:
    """Rescue days in 28, with and without a dose, where other medicines may be named."""
    if not scene.background.others:
        return
    for each in rescue_counts(scene.analysis.diary, scene.analysis.question.treatment):
        line = [measured("overuse_line", each.line, "days a month")] if each.line is not None else []
        code = own("rescue_days") | {"text": written(each.name.replace("_", " "))}
        yield observation(scene, code, {}, [*in_28(each.on, each.off), *line])


def composition(scene: Scene, letter: Letter, sections: Sequence[Resource]) -> Entry:
    """The page, part by part, in the order in which it is printed."""
    day = day_made(scene.background)
    label = {"meta": {"tag": own("synthetic")["coding"]}} if letter.label else {}
    program = f"{letter.layout}, nightdose {letter.engine}"
    return scene.entry(
        {
            "resourceType": "Composition",
            **label,
            "language": letter.language,
            "text": narrative(map(paragraph, (letter.label, letter.who, letter.made, program))),
            "status": "final",
            "type": own("letter"),
            "subject": scene.patient.reference,
            **({"date": day} if day else {"_date": masked()}),
            "author": [scene.device.reference],
            "title": written(letter.question),
            "section": list(sections),
        }
    )


def section(title: str, blocks: Sequence[str], entries: Sequence[Entry] = ()) -> Resource:
    """One part of the page with the resources that it speaks of."""
    found: Resource = {"title": written(title), "text": narrative(blocks)}
    return found | ({"entry": [each.reference for each in entries]} if entries else {})


def small(table: Table) -> str:
    """A small table of the page, whose first head is the title of its part, or what it says where it has no rows."""
    return tabled(table.rows, ("", *table.heads[1:])) + paragraph(table.note) if table.rows else paragraph(table.empty)


def first_parts(letter: Letter, taken: Sequence[Entry], said: Sequence[Entry]) -> list[Resource]:
    """What was tried, how, what can be said, and what the pictures show."""
    label = paragraph(letter.label)
    pictures = [
        letter.days.sentence,
        letter.since.sentence if letter.since else letter.since_words,
        letter.fifty.sentence if letter.fifty else letter.fifty_words,
    ]
    said_words = [paragraph(f"{letter.word}. {letter.sentence}"), paragraph(ceiling(letter))]
    return [
        section(say("Tried"), [label, paragraph(letter.tried)], taken),
        section(say("How"), [paragraph(letter.how)]),
        section(say("What can be said"), said_words, said),
        section(say("The days"), [paragraph(words) for words in pictures]),
    ]


def ceiling(letter: Letter) -> str:
    """What a diary of such a design can show at most, as a sentence."""
    return f"{say('How much such a design can show')}: {letter.ceiling}."


def last_parts(letter: Letter) -> list[Resource]:
    """Safety, evidence, what to discuss, the person's words, and what the page is not."""
    evidence = [f"{line} {address}".strip() for line, address in letter.evidence]
    aid = say(
        "Self-recorded by one person; a diary and analysis aid for a decision made together, not a device for "
        "diagnosis or dosing."
    )
    own_words = [section(say("In the person’s own words:"), [paragraph(letter.notes)])] if letter.notes else []
    return [
        section(say("Safety, open points"), [listed(letter.safety)]),
        section(say("Published evidence"), [listed(evidence)]),
        section(say("To discuss"), [listed(letter.discuss)]),
        *own_words,
        section(say("About this page"), [paragraph(words) for words in (aid, letter.call, letter.left_out)]),
    ]
