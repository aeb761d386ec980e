"""The answer as Observations: the posterior, the settled effect, bad days, adherence, guesses, the own error rate."""

from __future__ import annotations

from collections.abc import Iterator

from nightdose.letter.counts import Share, adherence, bad_days
from nightdose.letter.fhir.parts import (
    HL7,
    Entry,
    Resource,
    absent,
    measured,
    over_all,
    own,
    quantity,
    spread,
    unknown,
    written,
)
from nightdose.letter.fhir.scene import Scene
from nightdose.question.question import Question
from nightdose.report.words.diary import shows_effect

SURVEY = [{"coding": [{"system": HL7 + "observation-category", "code": "survey", "display": "Survey"}]}]
# code of ours -> name in the record
PROBABILITIES = {
    "better": "better",
    "meaningfully_better": "meaningfully_better",
    "meaningfully_worse": "meaningfully_worse",
    "no_difference": "no_meaningful_difference",
}


def observation(scene: Scene, code: Resource, value: Resource, components: list[Resource] | None = None) -> Entry:
    """An Observation about the whole diary, made by the program. value : `value[x]`, or why there is none."""
    return scene.entry(
        {
            "resourceType": "Observation",
            "status": "final",
            "category": SURVEY,
            "code": code,
            "subject": scene.patient.reference,
            "device": scene.device.reference,
            **over_all(scene.analysis.diary),
            **value,
            **({"component": components} if components else {}),
        }
    )


def outcome_unit(question: Question) -> str:
    """The unit of differences in the outcome: points of a score, a probability, or nothing that is known."""
    return "score" if question.kind.steps else "1" if question.kind.two else ""


def answer(scene: Scene) -> Entry:
    """The verdict, with the improvement over the days on treatment where it may be read as part of an answer."""
    record, question = scene.record, scene.analysis.question
    shown, unit = shows_effect(scene.analysis), outcome_unit(question)
    improvement, chances = record["improvement"], record["probability"]
    if shown and improvement and chances:
        numbers = [
            measured("mean", improvement["mean"], unit),
            measured("sd", improvement["sd"], unit),
            spread("interval95", improvement["interval95"], unit),
            *(measured(code, chances[name], "1") for code, name in PROBABILITIES.items()),
        ]
    else:
        numbers = [absent(code) for code in ("mean", "sd", "interval95", *PROBABILITIES)]
    ceiling = {"code": own("ceiling"), "valueCodeableConcept": own(record["verdict"]["ceiling"])}
    asked = measured("meaningful", question.meaningful, unit)
    value = {"valueCodeableConcept": own(record["verdict"]["answer"])}
    return observation(scene, about(question, "answer"), value, [*numbers, ceiling, asked])


def settled(scene: Scene) -> Entry:
    """The size once each dose has settled."""
    question, found = scene.analysis.question, scene.record["settled"]
    code, unit = about(question, "settled"), outcome_unit(scene.analysis.question)
    if found is None or found["mean"] is None or not shows_effect(scene.analysis):
        return observation(scene, code, {"dataAbsentReason": unknown()})
    chances = [measured(name, found[PROBABILITIES[name]], "1") for name in ("meaningfully_better", "no_difference")]
    numbers = [measured("sd", found["sd"], unit), spread("interval95", found["interval95"], unit), *chances]
    return observation(scene, code, {"valueQuantity": quantity(found["mean"], unit)}, numbers)


def about(question: Question, code: str) -> Resource:
    """A local concept, and in words what of which outcome and treatment it speaks."""
    return own(code) | {
        "text": written(f"{own(code)['coding'][0]['display']}: {question.outcome}, {question.treatment}")
    }


def counted(scene: Scene) -> Iterator[Entry]:
    """Bad days in 28, adherence, guesses and the analysis' own error rate, each where there is something to count."""
    analysis, question = scene.analysis, scene.analysis.question
    if (bad := bad_days(analysis.outcome, analysis.dose, question, scene.background.bad_line)) is not None:
        line = measured("bad_line", bad.line, outcome_unit(question) if not question.kind.two else "")
        yield observation(scene, about(question, "bad_days"), {}, [line, *in_28(bad.on, bad.off)])
    if (kept := adherence(analysis.diary, question.treatment)) is not None:
        yield observation(scene, about(question, "adherence"), ratio(*kept))
    guess = scene.record["design"]["guess"]
    if analysis.design.blinded and guess and guess["rate"] is not None:
        ends = spread("interval95", guess["interval95"], "1")
        yield observation(scene, about(question, "guesses"), ratio(guess["correct"], guess["counted"]), [ends])
    if (found := scene.record["certificate"]) is not None:
        ends = spread("interval95", found["false_alarm_interval95"], "1")
        rate = {"valueQuantity": quantity(found["false_alarm"], "1")}
        yield observation(scene, about(question, "false_alarm"), rate, [ends])


def in_28(on: Share, off: Share) -> list[Resource]:
    """Days in 28 with and without a dose."""
    return [measured(code, each.in_28, "days in 28") for code, each in (("with", on), ("without", off))]


def ratio(part: int, whole: int) -> Resource:
    """`part` of `whole` as a value."""
    return {"valueRatio": {"numerator": quantity(part), "denominator": quantity(whole)}}
