"""Claims about low-dose naltrexone: each with a verdict, sources that exist, and nothing called seen that was not."""

import re

import pytest

from nightdose.errors import KnowledgeError
from nightdose.knowledge.claims import FIELDS, claim, claims
from nightdose.knowledge.load import table

GOOD = table("claims")["claim"][0]
SOURCES = table("claims")["source"]


def test_every_claim_of_the_text_is_judged_and_todays_claims_too():
    ids = list(claims())
    assert ids[:68] == [f"C{n}" for n in range(1, 69)]
    assert len([i for i in ids if i.startswith("A")]) >= 10


@pytest.mark.parametrize("field", FIELDS)
def test_a_claim_without_a_field_is_named(field):
    with pytest.raises(KnowledgeError, match=f"claim '.+', field '{field}': is missing"):
        claim({k: v for k, v in GOOD.items() if k != field}, SOURCES)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("verdict", "true"), ("strength", "strong"), ("status", "heard"), ("trials", ["NOBODY"]), ("sources", ["S0"]),
        ("link", "magic"),
    ],
)  # fmt: skip
def test_a_claim_with_a_wrong_entry_is_named(field, value):
    with pytest.raises(KnowledgeError, match=f"claim 'C1', field '{field}'"):
        claim(GOOD | {field: value}, SOURCES)


def test_nothing_is_called_seen_without_a_source():
    with pytest.raises(KnowledgeError, match="status"):
        claim(GOOD | {"status": "seen", "trials": [], "sources": []}, SOURCES)


def test_a_quote_is_no_longer_than_fifteen_words():
    for found in claims().values():
        if found.id.startswith("C"):
            assert len(re.findall(r"[\w$.'-]*\w", found.quote)) <= 16, found.quote


def test_the_claim_of_an_endorphin_rebound_names_the_study_against_it():
    found = claims()["C11"]
    assert "Metz 2021" in [s.name for s in found.studies]
    assert found.link.against == "metz2021"


def test_every_source_has_an_address():
    for found in claims().values():
        assert all(address.startswith("http") for _, address in found.sources)
