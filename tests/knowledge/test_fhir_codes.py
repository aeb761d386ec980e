"""Codes for FHIR: only what somebody looked up can be read."""

from nightdose.knowledge.fhir_codes import checked, medicine_codes, outcome_code, unit_code
from nightdose.knowledge.load import table


def test_every_code_is_checked_at_a_place_or_open_for_a_reason():
    for entries in table("fhir").values():
        for entry in entries:
            assert entry["status"] in ("checked", "open")
            assert entry.get("where" if entry["status"] == "checked" else "why")


def test_an_open_code_is_never_read():
    said = {entry["code"] for kind in ("outcome", "medicine", "unit") for entry in checked(kind)}
    still_open = {entry["code"] for entries in table("fhir").values() for entry in entries if entry["status"] == "open"}
    assert still_open
    assert not said & still_open
    assert outcome_code("free T4") is None


def test_pain_from_0_to_10_has_a_code_and_pain_on_another_scale_has_none():
    found = outcome_code("Pain", "rating", (0.0, 10.0))
    assert found is not None
    assert found.code == "72514-3"
    assert outcome_code("pain", "ordinal", (0.0, 3.0)) is None
    assert outcome_code("pain") is None
    assert outcome_code("back pain", "rating", (0.0, 10.0)) is None


def test_naltrexone_has_its_codes_under_every_name_and_an_unknown_medicine_none():
    assert [code.code for code in medicine_codes("LDN")] == ["N07BB04", "7243"]
    assert medicine_codes("topiramate") == ()


def test_a_unit_that_was_not_checked_has_no_code():
    assert unit_code("mg") == "mg"
    assert unit_code("drops") == ""
