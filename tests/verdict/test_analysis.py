"""Every value of an analysis is in its record, or on the list of what is left out on purpose."""

from __future__ import annotations

from dataclasses import fields

from tests.report.fake_answers import helps

from nightdose.export.record import analysis_record
from nightdose.verdict.analysis import Analysis, Beside
from nightdose.verdict.answer import Checks

# field -> where it stands in the record
IN_THE_RECORD = {
    "verdict": "verdict",
    "seconds": "seconds",
    "health": "health",
    "doses": "doses",
    "guess": "design",
    "randomisation_test": "randomisation_test",
    "e_value": "looks",
    "missing_bad": "sensitivity",
    "nuisance": "nuisance",
    "day_fit": "day_fit",
    "certificate": "certificate",
    "evidence": "with_evidence",
    "prior_variants": "sensitivity",
    "exploratory": "exploratory",
}
LEFT_OUT = {
    "case": "the person's days; what was asked and the design are in the record, the days never",
    "fitted": "the posterior: `improvement_draws` and `to_datatree` give it",
    "checks": "each of its fields is listed here",
    "beside": "each of its fields is listed here",
    "rhythm": "its sentence stands in the verdict",
    "curves": "a value a day: `day_rows` gives them",
    "protocol": "a file of its own, with its hash",
    "opened": "envelopes opened before the end; the report says them beside the protocol",
}


def test_every_field_is_in_the_record_or_left_out_on_purpose():
    names = {field.name for value in (Analysis, Checks, Beside) for field in fields(value)}
    assert names == IN_THE_RECORD.keys() | LEFT_OUT.keys()
    assert set(IN_THE_RECORD.values()) <= analysis_record(helps()).keys()
