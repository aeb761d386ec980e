"""What was written down each evening: the questions, a response a day, and each value as an Observation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict

import numpy as np

from nightdose.arrays import Floats
from nightdose.diary.records import (
    ASSIGNED_SUFFIX,
    DAY_START_COLUMN,
    DOSE_SUFFIX,
    GUESS_SUFFIX,
    RESCUE_PREFIX,
    TIME_SUFFIX,
    day_label,
)
from nightdose.knowledge.fhir_codes import outcome_code
from nightdose.knowledge.medicines import recognise
from nightdose.language.catalogue import say
from nightdose.letter.fhir.answer import SURVEY, outcome_unit
from nightdose.letter.fhir.parts import Entry, concept, day_number, decimal, on_day, own, quantity, written
from nightdose.letter.fhir.scene import Scene

NOT_ASKED = (DOSE_SUFFIX, ASSIGNED_SUFFIX, TIME_SUFFIX)  # of a capsule, not of the person


def evening_columns(scene: Scene) -> Mapping[str, Floats]:
    """Column -> (days,) of everything that the person was asked and that may leave the house."""
    question = scene.analysis.question
    asked = (question.outcome, question.treatment + GUESS_SUFFIX)
    return {
        name: values
        for name, values in scene.analysis.diary.columns.items()
        if not name.endswith(NOT_ASKED) and name != DAY_START_COLUMN and np.isfinite(values).any()
        if scene.background.others or name in asked or not names_medicine(name)
    }


def names_medicine(column: str) -> bool:
    """True for a rescue medicine, and for a column in whose name any listed medicine is found."""
    found = recognise(column.replace("_", " "))
    return column.startswith(RESCUE_PREFIX) or any(each.certainty == "known" for each in found)


def questionnaire(scene: Scene, columns: Mapping[str, Floats]) -> Entry:
    """The evening's questions: the columns of the diary, in its own words."""
    items = [{"linkId": name, "text": written(name.replace("_", " ")), "type": "decimal"} for name in columns]
    return scene.entry(
        {
            "resourceType": "Questionnaire",
            "name": "EveningQuestions",
            "status": "active",
            "subjectType": ["Patient"],
            "title": own("evening")["coding"][0]["display"],
            **({"item": items} if items else {}),
        }
    )


def evening(scene: Scene, questions: Entry, columns: Mapping[str, Floats], index: int) -> Iterator[Entry]:
    """The response of one evening and its values; nothing where nothing was written down."""
    diary = scene.analysis.diary
    answered = {name: float(values[index]) for name, values in columns.items() if np.isfinite(values[index])}
    if not answered:
        return
    day = diary.first_day + index
    response = scene.entry(
        {
            "resourceType": "QuestionnaireResponse",
            "questionnaire": questions.url,
            "status": "completed",
            "subject": scene.patient.reference,
            "source": scene.patient.reference,
            **({"authored": day_label(day, dated=True)} if diary.dated else {"extension": [day_number(day)]}),
            "item": [{"linkId": name, "answer": [{"valueDecimal": decimal(v)}]} for name, v in answered.items()],
        }
    )
    yield response
    for name, value in answered.items():
        if not name.endswith(GUESS_SUFFIX):
            yield daily_value(scene, response, (name, value), index)


def daily_value(scene: Scene, response: Entry, named: tuple[str, float], index: int) -> Entry:
    """One value of one day, reported by the person; a day that is not judged says so."""
    name, value = named
    diary, question = scene.analysis.diary, scene.analysis.question
    is_outcome = name == question.outcome
    code = outcome_code(name, *((question.scale, question.limits) if is_outcome else ()))
    public = [{key: v for key, v in asdict(code).items() if key != "unit"}] if code else []
    unit = code.unit if code and code.unit else outcome_unit(question) if is_outcome else ""
    reason = int(diary.left_out[index]) if diary.left_out.size else 0
    return scene.entry(
        {
            "resourceType": "Observation",
            "status": "final",
            "category": SURVEY,
            "code": concept(name.replace("_", " "), public),
            "subject": scene.patient.reference,
            "performer": [scene.patient.reference],
            "derivedFrom": [response.reference],
            **on_day(diary, index),
            "valueQuantity": quantity(value, unit if unit != "1" else ""),
            **({"note": [{"text": not_judged(scene, reason)}]} if reason else {}),
        }
    )


def not_judged(scene: Scene, reason: int) -> str:
    """That a day is left out of the judgement; why only where other medicines may be named, as a steroid is one."""
    if not scene.background.others:
        return say("Not judged.")
    return say("Not judged: {reason}.", reason=written(say(scene.analysis.diary.reasons[reason - 1])))
