"""What was taken: the statement of each medicine, and every capsule of every day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import numpy as np

from nightdose.arrays import Floats
from nightdose.diary.records import ASSIGNED_SUFFIX, TIME_SUFFIX
from nightdose.knowledge.fhir_codes import medicine_codes
from nightdose.language.number import dose_amount
from nightdose.letter.background import Tried
from nightdose.letter.fhir.parts import Entry, Resource, concept, on_day, over_all, own, quantity, written
from nightdose.letter.fhir.scene import Scene

PLANNED = "urn:nightdose:fhir:planned-dose"


def medicine(name: str) -> Resource:
    """A medicine as the diary names it, with its public codes."""
    codes = ({key: value for key, value in asdict(code).items() if key != "unit"} for code in medicine_codes(name))
    return {"medicationCodeableConcept": concept(name.replace("_", " "), codes)}


def statements(scene: Scene) -> Iterator[Entry]:
    """The treatment, and the medicine that it was compared with where there is one."""
    analysis, question = scene.analysis, scene.analysis.question
    yield statement(scene, question.treatment, analysis.design.dose_levels if question.unit else ())
    if question.against:
        dose = analysis.diary.dose(question.against)
        yield statement(scene, question.against, tuple(map(float, np.unique(dose[dose > 0]))))


def statement(scene: Scene, name: str, levels: tuple[float, ...]) -> Entry:
    """A medicine over the whole diary, every dose that was taken; its status is that of the last known day."""
    analysis, unit = scene.analysis, unit_of(scene, name)
    why = scene.background.condition if name == analysis.question.treatment else ""
    doses = [
        {"sequence": at, "text": dose_amount(level, unit), "doseAndRate": [{"doseQuantity": quantity(level, unit)}]}
        for at, level in enumerate(levels, start=1)
    ]
    return scene.entry(
        {
            "resourceType": "MedicationStatement",
            "status": last_status(analysis.diary.dose(name)),
            **medicine(name),
            "subject": scene.patient.reference,
            **over_all(analysis.diary),
            "informationSource": scene.patient.reference,
            **({"reasonCode": [concept(why)]} if why else {}),
            **({"dosage": doses} if doses else {}),
        }
    )


def unit_of(scene: Scene, name: str) -> str:
    """The unit of a medicine's doses: the question says that of the treatment, the others are in mg."""
    question = scene.analysis.question
    return question.unit if name == question.treatment else "mg"


def last_status(dose: Floats) -> str:
    """FHIR's word for a medicine by its last known day. dose : (days,) NaN = unknown, as in a sealed trial."""
    known = dose[np.isfinite(dose)]
    if not known.size:
        return "unknown"
    if not np.any(known > 0):
        return "not-taken"
    return "active" if known[-1] > 0 else "completed"


def tried_before(scene: Scene, tried: Tried) -> Entry:
    """A treatment tried before the diary: how long it was taken and why it was stopped, as the person says."""
    return scene.entry(
        {
            "resourceType": "MedicationStatement",
            "status": "stopped",
            **({"statusReason": [concept(tried.stopped)]} if tried.stopped else {}),
            **medicine(tried.medicine),
            "subject": scene.patient.reference,
            "informationSource": scene.patient.reference,
            **({"note": [{"text": written(tried.how_long)}]} if tried.how_long else {}),
            **({"dosage": [{"text": written(tried.dose)}]} if tried.dose else {}),
        }
    )


def medicines_of(scene: Scene) -> tuple[str, ...]:
    """The medicines whose doses may leave the house: all, or only those that the question is about."""
    question = scene.analysis.question
    asked = {question.treatment, question.against}
    return tuple(name for name in scene.analysis.diary.medicines if scene.background.others or name in asked)


def capsules(scene: Scene, index: int) -> Iterator[Entry]:
    """What was taken of each medicine on one day; before the order of a trial is revealed the diary has no doses."""
    diary = scene.analysis.diary
    for name in medicines_of(scene):
        unit = unit_of(scene, name)
        dose = float(diary.dose(name)[index])
        planned = float(diary.column(name + ASSIGNED_SUFFIX)[index])
        resource: Resource = {
            "resourceType": "MedicationAdministration",
            "status": "unknown" if np.isnan(dose) else "completed" if dose > 0 else "not-done",
            **medicine(name),
            "subject": scene.patient.reference,
            **on_day(diary, index),
        }
        if dose == 0 and np.isfinite(planned):
            resource["statusReason"] = [own("not_taken" if planned > 0 else "none_planned")]
        if dose > 0:
            clock = clock_words(float(diary.column(name + TIME_SUFFIX)[index]))
            resource["dosage"] = ({"text": clock} if clock else {}) | {"dose": quantity(dose, unit)}
        if np.isfinite(planned):
            resource["extension"] = [{"url": PLANNED, "valueQuantity": quantity(planned, unit)}]
        yield scene.entry(resource)


def clock_words(hours: float) -> str:
    """`22:30` of 22.5 h; "" where the time is unknown. A diary has no time zone, so no date can carry it."""
    if np.isnan(hours):
        return ""
    minutes = round(60 * hours)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
