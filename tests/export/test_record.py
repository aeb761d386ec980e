"""The record: what `analyse --json` prints fits its published form."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from tests.report.fake_answers import bare, helps
from tests.report.fake_parts import normal_estimate

from nightdose.export.record import analysis_record

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schema/analysis.json").read_text(encoding="utf-8"))
DESIGNED = [
    "schema",
    "engine",
    "outcome",
    "treatment",
    "scale",
    "better",
    "meaningful",
    "verdict",
    "improvement",
    "probability",
    "with_evidence",
    "doses",
    "nuisance",
    "design",
    "randomisation_test",
    "certificate",
    "health",
    "problems",
    "seconds",
]


def check(record):
    jsonschema.Draft202012Validator(SCHEMA).validate(record)
    json.dumps(record, allow_nan=False)


def test_the_schema_is_a_schema_and_describes_every_designed_key():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert set(DESIGNED) <= set(SCHEMA["properties"])
    assert set(DESIGNED) <= set(SCHEMA["required"])


def test_every_verdict_fits_the_schema(analysis):
    record = analysis_record(analysis)
    check(record)
    assert record["verdict"]["answer"] == analysis.verdict.answer
    assert set(record) == set(SCHEMA["properties"])


def test_odd_diaries_fit_the_schema(odd):
    check(analysis_record(odd))


def test_no_answer_has_no_numbers():
    record = analysis_record(bare([1.0], [0.0]))
    assert record["improvement"] is None
    assert record["probability"] is None
    assert record["nuisance"] is None


def test_numbers_arrive_unrounded():
    answer = helps()
    record = analysis_record(answer)
    assert record["improvement"]["mean"] == answer.verdict.estimate.mean
    assert record["improvement"]["interval95"] == list(answer.verdict.estimate.interval95)
    assert record["certificate"]["n"] == 1000
    assert record["problems"] == [
        {
            "line": 17,
            "what": "'1O' is not a number in column 'pain'.",
            "remedy": "Write 10 with a zero, or leave it empty.",
        }
    ]


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_what_is_no_number_is_null(bad):
    answer = helps()
    estimate = replace(normal_estimate(1.0, 1.0), sd=bad)
    record = analysis_record(replace(answer, verdict=replace(answer.verdict, estimate=estimate), seconds=bad))
    check(record)
    assert record["improvement"]["sd"] is None
    assert record["seconds"] is None
