"""What is known, for a program: the same values as on the page, with the numbers of every pool."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from nightdose.evidence.body import Body, Pair, body
from nightdose.evidence.derive import READS
from nightdose.knowledge.claims import Claim
from nightdose.knowledge.common_questions import CommonQuestion
from nightdose.knowledge.comparisons import Condition, comparisons_of, data_set
from nightdose.report.published import claim_part, condition_part

SCHEMA = "nightdose.evidence/1"


def record(chosen: Sequence[Condition], about: Sequence[Claim], asked: Sequence[CommonQuestion]) -> dict[str, Any]:
    """One object of plain values. Effects are treatment minus comparator, ratios as natural logarithms."""
    found = data_set()
    return {
        "schema": SCHEMA,
        "release": found.release,
        "searched": found.searched.isoformat(),
        "how": found.how,
        "would_change": list(found.would_change),
        "conditions": [_condition(condition) for condition in chosen],
        "claims": [dataclasses.asdict(claim_part(claim)) for claim in about],
        "questions": [dataclasses.asdict(question) for question in asked],
    }


def _condition(condition: Condition) -> dict[str, Any]:
    part = condition_part(condition)
    return {
        "id": part.id,
        "words": part.words,
        "summary": part.summary,
        "would_change": part.would_change,
        "registered": list(part.registered),
        "results": [dataclasses.asdict(row) for row in part.rows],
        "comparisons": [_comparison(body(c.name)) for c in comparisons_of(condition)],
    }


def _comparison(found: Body) -> dict[str, Any]:
    comparison = found.comparison
    return {
        "name": comparison.name,
        "title": comparison.title,
        "measure": comparison.measure,
        "unit": comparison.unit,
        "better": comparison.better,
        "against": comparison.against,
        "certainty": comparison.certainty,
        "trials": [
            {
                "id": t.use.result.id,
                "trial": t.use.bias.name,
                "effect": t.effect.value,
                "standard_error": t.effect.error,
                "interval95": list(t.interval95),
                "how": t.effect.derived,
                "made_from": {name: t.use.result.numbers[name] for name in READS[t.use.how]},
                "status": t.status,
                "source": t.use.result.study.address,
            }
            for t in found.trials
        ],
        "pooled": None if found.pooled is None else _pair(found.pooled, comparison.tau),
        "without_each": [_pair(pair, comparison.tau) for pair in found.without],
        "switches": [{"name": s.name, "drop": list(s.drop), **_pair(p, comparison.tau)} for s, p in found.switched],
        "reasons": [dataclasses.asdict(reason) for reason in comparison.reasons],
    }


def _pair(pair: Pair, tau: float) -> dict[str, Any]:
    bayes, reml = pair.bayes, pair.reml
    return {
        "mean": bayes.middle,
        "sd": bayes.spread,
        "interval95": list(bayes.interval95()),
        "further_trial95": list(bayes.interval95(of_next=True)),
        "below_zero": bayes.below(0.0),
        "prior_of_tau": {"family": "half-normal", "scale": tau},
        "reml": {
            "mean": reml.mean,
            "sd": reml.sd,
            "interval95": list(reml.interval95),
            "predicted95": None if reml.predicted95 is None else list(reml.predicted95),
            "tau2": reml.between,
            "i2": reml.i2,
            "width": reml.width,
        },
    }
