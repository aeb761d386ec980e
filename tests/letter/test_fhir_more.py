"""The golden files, the laws that hold of any diary, and what `nightdose verify` says of a changed bundle."""

from __future__ import annotations

import datetime
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.letter import fhir_golden
from tests.letter.fhir_rules import problems
from tests.letter.letters import analysis
from tests.letter.test_fhir import texts
from tests.letter.test_letter import FORBIDDEN
from tests.report.fake_answers import MAKERS, make, normal_estimate, odd_analyses

from nightdose.cli import main
from nightdose.errors import InputError
from nightdose.language.catalogue import reading_in
from nightdose.letter.background import Background, Tried
from nightdose.letter.fhir.bundle import days_bundle, document_bundle, fhir_bytes
from nightdose.letter.letter import letter_of
from nightdose.letter.package import as_json, papers_of, sha256, zipped
from nightdose.letter.verify import verify
from nightdose.question.question import Question
from nightdose.question.reason import Reason
from nightdose.verdict.answer import Verdict


@pytest.mark.parametrize("name", ["letter.fhir.json", "days.fhir.json"])
def test_the_small_diary_is_written_as_it_was(name):
    """If the change is meant: python -m tests.letter.fhir_golden, and read the difference."""
    kept = (fhir_golden.FOLDER / name).read_bytes()
    assert fhir_golden.files()[name] == kept
    assert problems(json.loads(kept)) == []


SCALES = {"rating": (0, 10), "ordinal": (0, 3), "binary": (0, 1), "count": (0, 30), "continuous": (-50, 50)}
NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "L"]) | st.sampled_from("abcxyz"), min_size=1, max_size=12
)
UNKNOWN = st.just(float("nan"))


def column(days, *values):
    """(days,) of these strategies, or unknown."""
    return st.lists(st.one_of(UNKNOWN, *values), min_size=days, max_size=days).map(np.array)


@st.composite
def analyses(draw):
    """Any days, any answer that may come with them; the days have nothing to do with the answer."""
    scale = draw(st.sampled_from(sorted(SCALES)))
    low, high = SCALES[scale]
    days, unit = draw(st.integers(1, 9)), draw(st.sampled_from(["mg", "", "µg"]))
    value = st.floats(low, high, allow_subnormal=False) if scale == "continuous" else st.integers(low, high).map(float)
    dose = st.sampled_from([0.0, 1.5, 4.5])
    name = draw(NAMES.filter(str.strip).map(lambda word: f"q {word}"))
    answer = draw(st.sampled_from(sorted(MAKERS)))
    estimate = draw(st.none() | st.floats(-3, 3).map(lambda mean: normal_estimate(mean, 0.5)))
    if estimate is None and answer in ("helps", "harms", "no_meaningful_difference"):
        answer = "cannot_be_known"
    verdict = Verdict(answer, draw(st.sampled_from(["high", "moderate", "low"])), "A sentence.",
                      (Reason("r", "A reason.", {}),), "More days.", estimate, estimate)  # fmt: skip
    more = {f"naltrexone_{end}": draw(column(days, dose)) for end in ("assigned_mg",) if draw(st.booleans())}
    more |= {
        f"{each}": draw(column(days, st.integers(0, 3).map(float))) for each in ("nausea", "rescue_sumatriptan", "mood")
    }
    question = Question(name, "naltrexone", scale, limits=SCALES[scale] if scale in ("rating", "ordinal") else None,
                        better=draw(st.sampled_from(["lower", "higher"])), meaningful=0.5, unit=unit)  # fmt: skip
    return make(question, draw(column(days, value)), draw(column(days, dose)), verdict, columns=more,
                dated=draw(st.booleans()))  # fmt: skip


@st.composite
def backgrounds(draw):
    words, yes_or_no = st.just("") | NAMES, st.booleans()
    return Background(
        name=draw(words), condition=draw(words), notes=draw(words), dates=draw(yes_or_no), others=draw(yes_or_no),
        made=draw(st.none() | st.just(datetime.date(2026, 5, 3))), bad_line=draw(st.none() | st.just(5.0)),
        tried=draw(st.just(()) | st.tuples(st.builds(Tried, NAMES, words, words, words))),
    )  # fmt: skip


def lawful(found, background):
    """Valid, whole, the same twice, nothing promised or ordered, and JSON that holds no NaN."""
    letter = letter_of(found, background)
    for make_it in (lambda: document_bundle(found, letter, background), lambda: days_bundle(found, background)):
        bundle = make_it()
        assert problems(bundle) == []
        assert fhir_bytes(bundle) == fhir_bytes(make_it())
        assert not [words for words in texts(bundle) if FORBIDDEN.search(words)]


@pytest.mark.long
@settings(max_examples=60)
@given(analyses(), backgrounds())
def test_any_days_and_any_words_give_valid_bundles(found, background):
    lawful(found, background)


@pytest.mark.parametrize("name", [name for name in odd_analyses() if name not in ("ten years", "no days")])
def test_odd_diaries_give_valid_bundles(name):
    lawful(odd_analyses()[name], Background(made=datetime.date(2026, 5, 3)))


def test_a_letter_in_another_language_is_a_valid_bundle_that_says_its_language():
    found = MAKERS["helps"]()
    with reading_in("en-GB"):
        bundle = document_bundle(found, letter_of(found), Background())
    assert bundle["entry"][0]["resource"]["language"] == "en-GB"
    assert problems(bundle) == []


@pytest.mark.long
def test_ten_years_are_a_bundle_of_some_megabytes():
    found = odd_analyses()["ten years"]
    size = len(fhir_bytes(days_bundle(found, Background())))
    assert size < 15_000_000


@pytest.mark.parametrize(("name", "kind"), [("a.fhir.json", "document"), ("a.days.fhir.json", "collection")])
def test_the_command_writes_both_by_the_ending_of_the_file(name, kind, tmp_path, capsys):
    rows = "".join(f"2026-01-{day:02d},{day % 7},{4.5 * (day % 2)}\n" for day in range(1, 32))
    table, out = tmp_path / "table.csv", tmp_path / name
    table.write_text("date,pain,naltrexone_mg\n" + rows, encoding="utf-8")
    assert main(["report", str(table), "--outcome", "pain", "--treatment", "naltrexone", "-o", str(out)]) == 0
    bundle = json.loads(out.read_bytes())
    assert bundle["type"] == kind
    assert problems(bundle) == []
    assert str(out) in capsys.readouterr().out


BACKGROUND = Background(made=datetime.date(2026, 5, 3))


def package(change=lambda bundle: None):
    """The package of a letter whose FHIR bundle was changed and whose hashes were made to fit."""
    papers = papers_of(analysis("short"), BACKGROUND)
    bundle = json.loads(papers.files["fhir.json"])
    change(bundle)
    changed = dict(papers.files) | {"fhir.json": fhir_bytes(bundle)}
    manifest = json.loads(changed["manifest.json"])
    manifest["files"]["fhir.json"] = sha256(changed["fhir.json"])
    return zipped(changed | {"manifest.json": as_json(manifest)})


def differing(content):
    return [check.sentence for check in verify(content).checks if check.state == "differs"]


def sentences(content):
    """What differs, or why nothing can be said."""
    try:
        return differing(content)
    except InputError as error:
        return [str(error)]


def test_a_letter_carries_its_bundle_and_verify_makes_it_anew():
    checks = verify(package()).checks
    assert [check.state for check in checks if check.what == "fhir"] == ["agrees"]


def test_a_number_or_an_answer_changed_in_the_bundle_is_named():
    def change(bundle):
        answer = next(e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Observation")
        answer["valueCodeableConcept"]["coding"][0]["code"] = "helps"

    (said, *_) = differing(package(change))
    assert "fhir.entry" in said
    assert "“helps” in the letter; the days give “cannot_be_known”" in said


@pytest.mark.parametrize("content", [b"{}", b"[1]", b"{" * 5000, b'{"a":' * 900 + b"1" + b"}" * 900, b"\xff"])
def test_a_bundle_that_is_none_ends_in_a_sentence(content):
    papers = papers_of(analysis("short"), BACKGROUND)
    files = dict(papers.files) | {"fhir.json": content}
    assert any("fhir.json" in sentence for sentence in sentences(zipped(files)))
