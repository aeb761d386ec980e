"""An age is a band: on the page, in FHIR, in what is verified; nobody has to give one."""

import json

import pytest
from tests.letter.fhir_rules import problems
from tests.letter.letters import KINDS, analysis

from nightdose.errors import CallError
from nightdose.keeping.letters import checked
from nightdose.letter.background import AGE_BANDS, Background
from nightdose.letter.fhir.bundle import document_bundle
from nightdose.letter.letter import letter_of
from nightdose.letter.package import Making, papers_of
from nightdose.letter.said_before import read_background


def patient(age):
    background = Background(age=age)
    found = analysis(KINDS[0])
    bundle = document_bundle(found, letter_of(found, background), background)
    assert problems(bundle) == []
    return next(e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Patient")


def test_the_bands_follow_each_other_without_a_gap():
    ends = list(AGE_BANDS.values())
    assert ends[0][0] == 0
    assert ends[-1][1] is None
    assert [last + 1 for _, last in ends[:-1]] == [first for first, _ in ends[1:]]


def test_the_page_names_the_band_or_says_that_it_was_left_out():
    found = analysis(KINDS[0])
    told = letter_of(found, Background(age="40-49", name="Kim K.", condition="migraine"))
    assert told.who == "Kim K., 40 to 49 years, migraine"
    assert "age" not in told.left_out
    assert letter_of(found, Background(age="80+")).who == "80 years or older"
    silent = letter_of(found, Background())
    assert silent.who == ""
    assert "age" in silent.left_out


def test_fhir_has_the_band_as_a_range_and_never_a_day_of_birth():
    (band,) = patient("40-49")["extension"]
    assert (band["valueRange"]["low"]["value"], band["valueRange"]["high"]["value"]) == (40, 49)
    assert band["valueRange"]["low"]["code"] == "a"
    assert "high" not in patient("80+")["extension"][0]["valueRange"]
    assert "birthDate" not in patient("40-49")
    assert "extension" not in patient("")


@pytest.mark.parametrize("words", ["44", "40-50", "forty", "1981-05-03"])
def test_anything_but_a_band_is_refused_with_the_bands(words):
    with pytest.raises(CallError, match="40-49"):
        checked(Background(age=words))


def test_a_package_tells_the_band_again_and_an_older_one_has_none():
    told = json.loads(papers_of(analysis(KINDS[0]), Background(age="60-69"), Making()).files["letter.json"])
    assert read_background(told)[0].age == "60-69"
    del told["background"]["age"]
    assert read_background(told)[0].age == ""


@pytest.mark.parametrize("line", [float("inf"), float("nan")])
def test_a_bad_day_begins_at_a_number(line):
    with pytest.raises(CallError, match="begins at a number"):
        checked(Background(bad_line=line))
