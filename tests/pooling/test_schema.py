"""The schema in docs/ is the one that readers hold lines to; both read it alike."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pooling.people import ANSWER, PAIN, Signer, lines, register

from nightdose.evidence.profile import GRID, Profile
from nightdose.pooling.contribution import Withdrawal
from nightdose.pooling.schema import kind_schema, misfit, schema
from nightdose.pooling.signed import signed_line

FILE = Path(__file__).parents[2] / "docs" / "schema" / "contribution.json"
HEAVY = replace(ANSWER, effect=Profile(0.2, 0.3, -0.4 * GRID**2))
LINES = [
    json.loads(line)
    for line in (
        *lines([ANSWER, HEAVY, replace(ANSWER, effect=None, answer="cannot_be_known"), register(ANSWER, "a" * 64)]),
        signed_line(Withdrawal("b" * 64), Signer(3)),
    )
]


def test_the_schema_in_the_docs_is_the_one_in_use():
    assert json.loads(FILE.read_text(encoding="utf-8")) == json.loads(json.dumps(schema()))


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["kind"])
def test_what_is_written_fits_its_schema(line):
    jsonschema.validate(line, schema())
    assert misfit(kind_schema(line["kind"]), line) == ""


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-10, 10**7), st.floats(allow_nan=False), st.text(max_size=80),
    st.lists(st.floats(0, 10), max_size=18), st.just({"mean": 1.0, "sd": -1.0, "log_likelihood": None}),
    st.sampled_from([1e300, 1, 0.3, "0.1.0", "other", [4.0, 5.0], "a" * 64, "<script>"]),
)  # fmt: skip


@settings(deadline=None)
@given(st.sampled_from(LINES), st.data())
def test_our_reader_of_schemas_and_the_usual_one_agree_on_spoiled_lines(line, data):
    name = data.draw(st.sampled_from(sorted(line)))
    spoiled = (
        line | {name: data.draw(VALUES)} if data.draw(st.booleans()) else {k: v for k, v in line.items() if k != name}
    )
    kind = kind_schema(line["kind"])
    usual = jsonschema.Draft202012Validator(kind).is_valid(spoiled)
    assert (misfit(kind, spoiled) == "") == usual


def test_there_is_no_place_for_words():
    """Every text of an answer is a code, a hash, a key, a version or a medicine of the list."""
    texts = {name for name, each in kind_schema("answer")["properties"].items() if each.get("type") == "string"}
    assert texts == {"engine", "drug", "trial", "key", "signature"}
    assert misfit(kind_schema("answer"), LINES[0] | {"note": "hello"}) == "note"
    assert PAIN.drug == "naltrexone"
