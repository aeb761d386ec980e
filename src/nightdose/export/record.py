"""The answer as one JSON-safe object, `nightdose.analysis/1`; described in docs/schema/analysis.json."""

from __future__ import annotations

from importlib.metadata import version

from nightdose.export.checks_record import (
    causes_record,
    certificate_record,
    day_fit_record,
    evidence_record,
    exploratory_record,
    guess_record,
    looks_record,
    nuisance_record,
    randomisation_record,
    sensitivity_record,
)
from nightdose.export.json_numbers import Record, finite, finite_number, improvement, probability, settled_record
from nightdose.question.reason import Reason
from nightdose.verdict.analysis import Analysis

SCHEMA = "nightdose.analysis/1"


def verdict_record(analysis: Analysis) -> Record:
    """The answer, its ceiling, its words and its reasons."""
    verdict = analysis.verdict
    return {
        "answer": verdict.answer,
        "ceiling": verdict.ceiling,
        "sentence": verdict.sentence,
        "what_would_change": verdict.what_would_change,
        "reasons": [
            {
                "code": reason.code,
                "sentence": reason.sentence,
                "numbers": numbers_record(reason),
                "decisive": reason.decisive,
                "imitates": reason.imitates,
            }
            for reason in verdict.reasons
        ],
    }


def numbers_record(reason: Reason) -> Record:
    """The numbers behind a reason, and where they come from."""
    numbers: Record = {k: v if isinstance(v, str) else finite_number(v) for k, v in reason.numbers.items()}
    return numbers | ({"source": reason.source} if reason.source else {})


def design_record(analysis: Analysis) -> Record:
    """What was recorded and how it was done."""
    design = analysis.design
    return {
        "kind": design.kind,
        "planned": design.planned,
        "days": design.days,
        "days_on": design.days_on,
        "days_off": design.days_off,
        "dose_unknown": design.dose_unknown,
        "recorded": design.recorded,
        "recorded_on": design.recorded_on,
        "recorded_off": design.recorded_off,
        "missing": design.missing,
        "left_out": analysis.diary.why_left_out(),
        "switches": design.switches,
        "first_on": None if design.first_on is None else analysis.diary.day_label(design.first_on),
        "dose_levels": [finite(level) for level in design.dose_levels],
        "randomised": design.randomised,
        "blinded": design.blinded,
        "guess": guess_record(analysis),
    }


def analysis_record(analysis: Analysis) -> Record:
    """One analysis as plain JSON values (docs/schema/analysis.json)."""
    question, estimate = analysis.question, analysis.verdict.estimate
    return {
        "schema": SCHEMA,
        "engine": version("nightdose"),
        "outcome": question.outcome,
        "treatment": question.treatment,
        "against": question.against or None,
        "scale": question.scale,
        "better": question.better,
        "meaningful": finite(question.meaningful),
        "verdict": verdict_record(analysis),
        "improvement": improvement(estimate),
        "probability": probability(estimate),
        "settled": settled_record(analysis.verdict.settled),
        "looks": looks_record(analysis),
        "with_evidence": evidence_record(analysis),
        "exploratory": exploratory_record(analysis),
        "sensitivity": sensitivity_record(analysis),
        "doses": [
            {
                "dose_mg": finite(d.dose),
                "days": d.days,
                "improvement": improvement(d.improvement),
                "probability": probability(d.improvement),
                "p_best": finite(d.p_best),
                "p_better_than_lower": finite(d.p_better_than_lower),
                "regret": finite(d.regret),
            }
            for d in analysis.doses
        ],
        "causes": causes_record(analysis),
        "nuisance": nuisance_record(analysis),
        "day_fit": day_fit_record(analysis),
        "onset_prior": analysis.onset_prior,
        "design": design_record(analysis),
        "randomisation_test": randomisation_record(analysis),
        "certificate": certificate_record(analysis),
        "health": {
            "ok": not analysis.refused,
            "checks": [
                {
                    "name": c.name,
                    "value": finite(c.value),
                    "bound": finite(c.bound),
                    "ok": bool(c.ok),
                    "sentence": c.sentence,
                }
                for c in analysis.health
            ],
        },
        "problems": [{"line": p.line, "what": p.what, "remedy": p.remedy} for p in analysis.diary.problems],
        "seconds": finite(analysis.seconds),
    }
