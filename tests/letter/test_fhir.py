"""The letter as FHIR R4: valid by HL7's own tables, the same numbers, nothing that the person keeps back."""

import base64
import datetime
import hashlib
import json
import re
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling
from tests.keeping.people import TODAY, day, new_diary, sealed_trial
from tests.letter.fhir_rules import problems
from tests.letter.letters import KINDS, analysis
from tests.letter.test_letter import FORBIDDEN
from tests.report.fake_answers import cannot_be_known

from nightdose.diary.entry import Entry
from nightdose.export.record import analysis_record
from nightdose.keeping import sealing
from nightdose.keeping.answer import Wanted, full_answer
from nightdose.keeping.kept_answer import kept_case
from nightdose.letter.background import Background, Tried
from nightdose.letter.fhir.answer import PROBABILITIES
from nightdose.letter.fhir.bundle import days_bundle, document_bundle, fhir_bytes
from nightdose.letter.fhir.terms import LOCAL, TERMS
from nightdose.letter.letter import letter_of
from nightdose.question.question import Schedule

MADE = datetime.date(2026, 5, 3)
OPEN = Background(
    name="Kim K.", made=MADE, condition="migraine", tried=(Tried("topiramate", "100 mg", "a year", "rash"),)
)
CLOSED = replace(OPEN, name="", dates=False, others=False)


def document(found, background=OPEN, page=b""):
    return document_bundle(found, letter_of(found, background), background, page)


def of_kind(bundle, kind):
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def local(concept):
    """The local code of a concept, or None."""
    return next((c["code"] for c in concept.get("coding", ()) if c["system"] == LOCAL), None)


def about(bundle, code):
    """The one Observation of that local code."""
    (found,) = [each for each in of_kind(bundle, "Observation") if local(each["code"]) == code]
    return found


def components(observation):
    return {local(part["code"]): part for part in observation["component"]}


def texts(value):
    """Every string that a person may read."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in ("div", "text", "display", "title", "conclusion") and isinstance(inner, str):
                yield re.sub(r"<[^>]+>", " ", inner)
            else:
                yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


@pytest.mark.parametrize("background", [OPEN, CLOSED], ids=["open", "closed"])
@pytest.mark.parametrize("kind", KINDS)
def test_both_bundles_are_valid_by_hl7s_tables(kind, background):
    found = analysis(kind)
    assert problems(document(found, background, b"%PDF-1.7 page")) == []
    assert problems(days_bundle(found, background)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_analysis_gives_the_same_bytes_and_no_identity_twice(kind):
    found = analysis(kind)
    assert fhir_bytes(document(found)) == fhir_bytes(document(found))
    assert fhir_bytes(days_bundle(found, OPEN)) == fhir_bytes(days_bundle(found, OPEN))


def test_the_letter_is_a_document_that_begins_with_its_composition():
    bundle = document(analysis("helps"))
    assert bundle["type"] == "document"
    assert bundle["timestamp"] == "2026-05-03T00:00:00Z"
    sections = [section["title"] for section in bundle["entry"][0]["resource"]["section"]]
    assert sections[:3] == ["Tried", "How", "What can be said"]
    assert {"Patient", "Device", "MedicationStatement", "Observation", "DiagnosticReport", "AdverseEvent",
            "Provenance"} == {entry["resource"]["resourceType"] for entry in bundle["entry"][1:]}  # fmt: skip


@pytest.mark.parametrize("background", [CLOSED, Background()], ids=["kept back", "not said"])
def test_without_a_day_it_is_no_document_because_fhir_knows_none_without_a_date(background):
    bundle = document(analysis("helps"), background)
    assert bundle["type"] == "collection"
    assert "timestamp" not in bundle


@pytest.mark.parametrize("kind", ["helps", "not_yet_known", "no_meaningful_difference", "yes/no"])
def test_the_numbers_are_those_of_the_record(kind):
    found = analysis(kind)
    record, bundle = analysis_record(found), document(found)
    answer = about(bundle, "answer")
    assert local(answer["valueCodeableConcept"]) == record["verdict"]["answer"]
    parts = components(answer)
    assert local(parts["ceiling"]["valueCodeableConcept"]) == record["verdict"]["ceiling"]
    assert parts["mean"]["valueQuantity"]["value"] == record["improvement"]["mean"]
    assert parts["sd"]["valueQuantity"]["value"] == record["improvement"]["sd"]
    ends = parts["interval95"]["valueRange"]
    assert [ends["low"]["value"], ends["high"]["value"]] == record["improvement"]["interval95"]
    for code, name in PROBABILITIES.items():
        assert parts[code]["valueQuantity"]["value"] == record["probability"][name]
    settled = about(bundle, "settled")
    assert settled["valueQuantity"]["value"] == record["settled"]["mean"]
    chance = components(settled)["meaningfully_better"]["valueQuantity"]["value"]
    assert chance == record["settled"]["meaningfully_better"]


@pytest.mark.parametrize(
    "made", [partial(analysis, "cannot_be_known"), cannot_be_known], ids=["no fit", "a size kept back"]
)
def test_where_nothing_can_be_known_no_number_stands_in_any_observation_of_the_effect(made):
    """Nor where the record keeps a size that something else would imitate."""
    bundle = document(made())
    parts = components(about(bundle, "answer"))
    assert all("dataAbsentReason" in parts[code] for code in ("mean", "sd", "interval95", *PROBABILITIES))
    assert "dataAbsentReason" in about(bundle, "settled")
    assert "component" not in about(bundle, "settled")


def test_bad_days_and_adherence_are_counted_as_on_the_page():
    """28 days off with 14 bad ones, 28 days on with 7 of them bad and 4 capsules forgotten."""
    pain = np.concatenate([np.tile([8.0, 2.0], 14), np.tile([8.0, 2.0, 2.0, 2.0], 7)])
    planned = np.repeat([0.0, 4.5], 28)
    taken = np.where(np.arange(56) < 52, planned, 0.0)
    made = diary(pain, naltrexone_mg=taken, naltrexone_assigned_mg=planned)
    bundle = document(full_answer(made, ask()), replace(OPEN, bad_line=7.0))
    bad = components(about(bundle, "bad_days"))
    assert bad["bad_line"]["valueQuantity"]["value"] == 7
    assert bad["with"]["valueQuantity"]["value"] == pytest.approx(28 * 6 / 24)
    assert bad["without"]["valueQuantity"]["value"] == pytest.approx(28 * 15 / 32)
    assert about(bundle, "adherence")["valueRatio"] == {"numerator": {"value": 52}, "denominator": {"value": 56}}


def test_the_printed_page_is_in_the_report_whole():
    page = b"%PDF-1.7 the page"
    (report,) = of_kind(document(analysis("helps"), OPEN, page), "DiagnosticReport")
    (form,) = report["presentedForm"]
    assert base64.b64decode(form["data"]) == page
    assert form["contentType"] == "application/pdf"
    assert form["size"] == len(page)
    assert base64.b64decode(form["hash"]) == hashlib.sha1(page).digest()
    (html,) = of_kind(document(analysis("helps"), OPEN, b"<!doctype html>"), "DiagnosticReport")[0]["presentedForm"]
    assert html["contentType"] == "text/html"


def test_a_side_effect_is_an_event_without_a_cause_and_its_days_by_dose():
    bundle = document(analysis("helps"))
    (event,) = of_kind(bundle, "AdverseEvent")
    assert event["event"]["text"] == "vivid dreams"
    assert "suspectEntity" not in event
    days = about(bundle, "side_effect_days")["component"]
    assert [part["valueRatio"]["denominator"]["value"] for part in days] == [168, 168]


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_of_a_bundle_promises_or_orders(kind):
    found = [FORBIDDEN.findall(words) for words in texts(document(analysis(kind)))]
    assert not [words for words in found if words]


def test_a_diary_reads_back_from_its_days():
    found = analysis("helps").diary
    bundle = days_bundle(analysis("helps"), OPEN)
    first = found.first_day
    read = {name: np.full(found.days, np.nan) for name in found.columns}
    for response in of_kind(bundle, "QuestionnaireResponse"):
        at = datetime.date.fromisoformat(response["authored"]).toordinal() - first
        for item in response["item"]:
            read[item["linkId"]][at] = item["answer"][0]["valueDecimal"]
    for taken in of_kind(bundle, "MedicationAdministration"):
        at = datetime.date.fromisoformat(taken["effectiveDateTime"]).toordinal() - first
        name = taken["medicationCodeableConcept"]["text"]
        dose = {"completed": taken.get("dosage", {}).get("dose", {}).get("value"), "not-done": 0.0}
        read[f"{name}_mg"][at] = dose.get(taken["status"], np.nan)
        read[f"{name}_assigned_mg"][at] = taken["extension"][0]["valueQuantity"]["value"]
    for name, values in found.columns.items():
        np.testing.assert_array_equal(read[name], values)


def test_an_unknown_dose_is_unknown_and_a_forgotten_one_is_not_done():
    """Day 1 as planned, day 2 forgotten, day 3 none planned, day 4 not written down."""
    made = diary([5.0, 6, 5, 6], naltrexone_mg=[4.5, 0, 0, np.nan], naltrexone_assigned_mg=[4.5, 4.5, 0, np.nan])
    taken = of_kind(days_bundle(full_answer(made, ask()), OPEN), "MedicationAdministration")
    assert [each["status"] for each in taken] == ["completed", "not-done", "not-done", "unknown"]
    reasons = [local(each["statusReason"][0]) if "statusReason" in each else None for each in taken]
    assert reasons == [None, "not_taken", "none_planned", None]


def test_a_medicine_that_it_is_compared_with_has_its_statement_too():
    """28 days on topiramate, 28 on naltrexone, and so on."""
    dose = blocks(112)
    made = diary(wobbling(112), naltrexone_mg=dose, topiramate_mg=np.where(dose > 0, 0.0, 50.0))
    bundle = document(full_answer(made, ask(against="topiramate")), replace(CLOSED, tried=()))
    said = {each["medicationCodeableConcept"]["text"]: each for each in of_kind(bundle, "MedicationStatement")}
    assert said["naltrexone"]["status"] == "active"
    assert said["naltrexone"]["reasonCode"] == [{"text": "migraine"}]
    assert said["topiramate"]["status"] == "completed"
    assert "reasonCode" not in said["topiramate"]
    assert said["topiramate"]["dosage"][0]["doseAndRate"][0]["doseQuantity"] == {
        "value": 50, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg",
    }  # fmt: skip
    assert problems(bundle) == []


def test_a_day_that_is_not_judged_says_so_and_why_only_where_other_medicines_may_be_named():
    made = replace(diary([5.0, 6], naltrexone_mg=[4.5, 0]), left_out=np.array([0, 1]), reasons=("steroids",))
    found = full_answer(made, ask())
    notes = [each.get("note") for each in of_kind(days_bundle(found, OPEN), "Observation")]
    assert notes == [None, [{"text": "Not judged: steroids."}]]
    assert "steroids" not in json.dumps(days_bundle(found, CLOSED))


def moved(first_day):
    """The same 56 days, from another first day."""
    dose = blocks(56, 14)
    made = diary(wobbling(56, 3), first_day=first_day, naltrexone_mg=dose, naltrexone_assigned_mg=dose)
    plan = Schedule(first_day, tuple(range(first_day, first_day + 56, 14)), 14, drawn=True, locked_day=first_day - 3)
    return full_answer(made, ask(randomised="blocks", schedule=plan), Wanted(looked=1))


def test_with_dates_kept_back_the_same_days_of_another_year_give_the_same_bytes():
    """So no date is in them anywhere, not even in an identity or a fingerprint."""
    here, there = moved(738000), moved(738000 + 371)
    assert fhir_bytes(document(here, CLOSED)) == fhir_bytes(document(there, CLOSED))
    assert fhir_bytes(days_bundle(here, CLOSED)) == fhir_bytes(days_bundle(there, CLOSED))
    assert fhir_bytes(days_bundle(here, OPEN)) != fhir_bytes(days_bundle(there, OPEN))


def test_with_dates_kept_back_no_date_can_be_read():
    for bundle in (document(analysis("helps"), CLOSED), days_bundle(analysis("helps"), CLOSED)):
        assert not re.search(r"(?<![\w-])\d{4}-\d\d-\d\d(?![\w-])", fhir_bytes(bundle).decode())
    (first, *_) = of_kind(days_bundle(analysis("helps"), CLOSED), "MedicationAdministration")
    assert first["effectivePeriod"]["extension"][0]["valueInteger"] == 1


def test_a_name_and_other_medicines_are_there_only_where_the_person_lets_them():
    dose = blocks(28, 7)
    more = {"rescue_sumatriptan": dose, "ibuprofen": dose, "naltrexone_guess": dose / 9}
    made = diary(wobbling(28), naltrexone_mg=dose, topiramate_mg=np.full(28, 50.0), **more)
    found = full_answer(made, ask())
    quiet = replace(CLOSED, tried=())
    both = [fhir_bytes(bundle(found, OPEN)).decode() for bundle in (document, days_bundle)]
    none = "".join(fhir_bytes(bundle(found, quiet)).decode() for bundle in (document, days_bundle))
    assert all("Kim K." in text for text in both)
    for word in ("Kim", "topiramate", "sumatriptan", "ibuprofen"):
        assert word not in none
        assert word in "".join(both)
    assert "naltrexone_guess" in none


def test_two_people_with_nothing_said_of_them_are_two_patients():
    one, other = (days_bundle(analysis(kind), Background())["entry"][0] for kind in ("helps", "not_yet_known"))
    assert one["resource"]["resourceType"] == other["resource"]["resourceType"] == "Patient"
    assert one["fullUrl"] != other["fullUrl"]
    assert one == document(analysis("helps"), Background())["entry"][1]


@pytest.mark.parametrize("odd", ["\uffff", "\ufffe", "\x00", "\u202e", "<b>&amp;</p>", "\U0001f600"])
def test_whatever_the_person_writes_stays_words_in_a_readable_part(odd):
    bundle = document(analysis("short"), replace(OPEN, name=f"Kim {odd}", notes=f"a {odd} b"))
    assert problems(bundle) == []


def test_a_simulated_diary_is_labelled_for_programs_and_people():
    found = analysis("helps")
    letter = letter_of(found, OPEN, label="SYNTHETIC")
    bundle = document_bundle(found, letter, OPEN)
    assert bundle["meta"]["tag"][0]["code"] == "synthetic"
    assert "SYNTHETIC" in bundle["entry"][0]["resource"]["text"]["div"]
    assert days_bundle(found, OPEN, labelled=True)["meta"]["tag"][0]["code"] == "synthetic"


def test_every_local_code_is_in_the_code_system_with_a_meaning():
    codes = {code for kind in KINDS for code in re.findall(rf'"{LOCAL}",\s+"code": "(\w+)"', written(kind))}
    assert codes <= TERMS.keys()
    assert all(term.display and term.definition.endswith(".") for term in TERMS.values())


def written(kind):
    return (fhir_bytes(document(analysis(kind))) + fhir_bytes(days_bundle(analysis(kind), OPEN))).decode()


@pytest.fixture
def store(tmp_path):
    with new_diary(tmp_path / "diary.db", answered=TODAY) as opened:
        yield opened


def test_what_a_sealed_capsule_was_is_in_no_bundle_before_the_reveal(store):
    """Some open nights in the two weeks before, then capsules out of sealed boxes, with a guess every evening."""
    content, identity = sealed_trial(store)
    store.add(*(Entry(day(n), "dose", "naltrexone", 4.5, "mg", "taken") for n in range(-20, -10)))
    for n in range(-20, 98):
        store.add(Entry(day(n), "score", "pain", 4 + n % 3))
    store.add(*(Entry(day(n), "dose", "capsule", None, "", "taken") for n in range(14, 98)))
    before = bundles_of(store, day(98))
    in_boxes = [taken for taken in before if taken["effectiveDateTime"] >= day(14).isoformat()]
    assert {taken["status"] for taken in in_boxes} == {"unknown"}
    assert not [taken for taken in in_boxes if taken.keys() & {"dosage", "statusReason", "extension"}]
    sealing.reveal(store, sealing.open_sealed(content, identity).to_bytes(), day(200))
    after = [taken for taken in bundles_of(store, day(200)) if taken["effectiveDateTime"] >= day(14).isoformat()]
    assert {"completed", "not-done"} <= {taken["status"] for taken in after}
    assert all("extension" in taken for taken in after if taken["status"] != "unknown")


def bundles_of(store, today):
    """The capsules in the days of a kept diary; whatever the diary's faces refuse, no arm may be in there."""
    case = kept_case(store, today)
    found = full_answer(case.diary, case.question, Wanted(protocol=case.protocol))
    bundle = days_bundle(found, OPEN)
    assert problems(bundle) == []
    return of_kind(bundle, "MedicationAdministration")
