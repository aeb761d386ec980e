"""What goes with a letter: it gives the same analysis again, and nothing that the person left out."""

import datetime
import io
import json
import zipfile
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.diaries import ask, blocks, diary, wobbling
from tests.letter.letters import KINDS, analysis

from nightdose.keeping.answer import Wanted, full_answer
from nightdose.letter.asked import read_certificate, read_request, recompute, request_of, request_record
from nightdose.letter.background import Background
from nightdose.letter.days import changed_rows, days_csv, diary_record, read_days, row_prints
from nightdose.letter.fingerprint import fingerprint
from nightdose.letter.package import (
    Making,
    papers_html,
    papers_of,
    timeless_record,
    with_package,
    without_package,
)
from nightdose.letter.signing import own_key
from nightdose.protocol.locked import lock
from nightdose.question.looks import Looks
from nightdose.question.question import Question, Schedule

MADE = datetime.date(2026, 11, 27)
BACKGROUND = Background(name="Kim", made=MADE)


def through_json(record):
    return json.loads(json.dumps(record, allow_nan=False))


def again(papers):
    asked = json.loads(papers.files["question.json"])
    was = json.loads(papers.files["analysis.json"])
    days = read_days(papers.files["days.csv"], asked["diary"])
    return recompute(days, read_request(asked, (), ()), read_certificate(was["certificate"])), was


@pytest.mark.parametrize("kind", KINDS)
def test_days_and_question_give_the_same_analysis_again(kind):
    found, was = again(papers_of(analysis(kind), BACKGROUND))
    assert through_json(timeless_record(found)) == was
    assert fingerprint(found) == fingerprint(analysis(kind))


def test_certificate_seed_other_outcomes_and_evidence_are_asked_again():
    """120 days, 7 on and 7 off, with a second outcome."""
    days = diary(wobbling(120), naltrexone_mg=blocks(120, 7), sleep=wobbling(120, 3, mean=7))
    wanted = Wanted(certificate=5, seed=3, also=(ask(outcome="sleep", better="higher"),), sensitivity=True, looked=2)
    first = full_answer(days, ask(), wanted)
    request = request_of(first, 3)
    assert (request.certificate, request.seed, request.looks.counted) == (
        first.certificate.n if first.certificate else 0,
        3,
        2,
    )
    assert [each.outcome for each in request.also] == ["sleep"]
    found, was = again(papers_of(first, BACKGROUND, Making(seed=3)))
    assert through_json(timeless_record(found)) == was


def test_a_certificate_comes_back_from_its_record():
    found = full_answer(analysis("helps").diary, analysis("helps").question, Wanted(certificate=3, looked=4))
    assert read_certificate(through_json(timeless_record(found))["certificate"]) == found.certificate


def test_every_field_of_a_question_comes_back():
    asked = Question(
        outcome="a", treatment="b", scale="rating", better="higher", meaningful=2, limits=(0, 10), onset="days",
        adjust=("c",), randomised="blocks", blinded=True, unit="", weekday=True, yearly=True, covariates=("d",),
        against="e", schedule=Schedule(5, (5, 9), 4, True, 3),
    )  # fmt: skip
    plain = Question(outcome="a", treatment="b")
    same = [each.name for each in fields(Question) if getattr(asked, each.name) == getattr(plain, each.name)]
    assert same == ["outcome", "treatment"], "a field that this test leaves at its default could be forgotten"
    request = replace(request_of(analysis("helps")), question=asked, looks=Looks(3, (MADE,), 100.0, True))
    assert read_request(through_json(request_record(request)), (), ()) == request


TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=8)
VALUES = st.lists(
    st.one_of(st.just(float("nan")), st.floats(allow_nan=False, allow_infinity=False)), min_size=3, max_size=3
)


@given(
    columns=st.dictionaries(TEXTS.filter(lambda name: not name.endswith("_time")), VALUES, min_size=1, max_size=4),
    reasons=st.lists(TEXTS, max_size=2, unique_by=lambda text: text.lstrip("'")),
    dated=st.booleans(),
)
def test_a_table_of_days_reads_back_to_the_very_same_numbers(columns, reasons, dated):
    left = np.arange(3) % (len(reasons) + 1) if reasons else np.zeros(0, dtype=np.int64)
    first = replace(
        diary([1.0, 2.0, 3.0]),
        columns={name: np.array(values) for name, values in columns.items()},
        left_out=left, reasons=tuple(reasons), dated=dated, first_day=700_000 if dated else 4,
    )  # fmt: skip
    found = read_days(days_csv(first), through_json(diary_record(first)))
    assert list(found.columns) == list(first.columns)
    for name, values in first.columns.items():
        assert np.array_equal(found.column(name), values, equal_nan=True)
    assert found.left_out.tolist() == left.tolist()
    assert (found.first_day, found.dated, found.reasons) == (first.first_day, dated, tuple(reasons))


@pytest.mark.parametrize("said", [None, (), ("itching",)])
def test_what_was_written_down_as_a_side_effect_reads_back(said):
    first = replace(diary([1.0, 2.0], itching=[0.0, 1.0]), side_effects=said)
    assert read_days(days_csv(first), through_json(diary_record(first))).side_effects == said


def test_clock_times_read_back_to_the_minute():
    first = diary([1.0, 2.0, 3.0], naltrexone_time=[22.5, np.nan, 23 + 59 / 60])
    found = read_days(days_csv(first), through_json(diary_record(first)))
    assert np.array_equal(found.column("naltrexone_time"), first.column("naltrexone_time"), equal_nan=True)


def test_a_changed_day_is_named_by_its_date():
    content = days_csv(diary([1.0, 2.0, 3.0]))
    assert changed_rows(content, row_prints(content)) == []
    assert changed_rows(content.replace(b"2021-07-30,2", b"2021-07-30,7"), row_prints(content)) == ["2021-07-30"]
    assert changed_rows(b"\n".join(content.splitlines()[:-1]), row_prints(content)) == ["2 days instead of 3"]


def test_the_same_letter_has_the_same_package(tmp_path):
    key = own_key(tmp_path / "key.pem")
    one, other = (papers_of(analysis("helps"), BACKGROUND, Making(key=key)) for _ in range(2))
    assert one.content == other.content
    assert papers_html(one) == papers_html(other)


def test_the_package_is_a_zip_of_private_files_that_says_what_to_type(tmp_path):
    papers = papers_of(analysis("helps"), BACKGROUND, Making(key=own_key(tmp_path / "key.pem")))
    with zipfile.ZipFile(io.BytesIO(papers.content)) as archive:
        assert archive.namelist() == [
            "README.txt", "analysis.json", "days.csv", "fhir.json", "letter.json", "manifest.json", "manifest.pub",
            "manifest.sig", "question.json",
        ]  # fmt: skip
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o600}
    words = papers.files["README.txt"].decode()
    assert "nightdose verify" in words
    assert "openssl pkeyutl -verify" in words
    assert papers.letter.word in words


def everything(papers):
    return b"\n".join(papers.files.values()).decode("utf-8", "replace") + papers_html(papers)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_without_dates_no_date_is_anywhere_in_it(kind):
    """The diary begins on 2021-07-29."""
    papers = papers_of(analysis(kind), replace(BACKGROUND, dates=False))
    assert "2021-0" not in everything(papers)
    assert "2022-0" not in everything(papers)
    if not papers.missing:
        found, was = again(papers)
        assert through_json(timeless_record(found)) == was
        assert papers.files["days.csv"].startswith(b"day,")


@pytest.mark.parametrize("kind", KINDS)
def test_without_other_medicines_none_is_in_the_days(kind):
    papers = papers_of(analysis(kind), replace(BACKGROUND, others=False))
    assert "sumatriptan" not in everything(papers)
    if not papers.missing:
        found, was = again(papers)
        assert through_json(timeless_record(found)) == was


@pytest.mark.parametrize("kept_back", [{"dates": False}, {"others": False}])
def test_mostly_the_days_go_with_the_letter_although_something_was_left_out(kept_back):
    assert not papers_of(analysis("helps"), replace(BACKGROUND, **kept_back)).missing


def test_where_the_answer_rests_on_what_was_left_out_the_days_stay_at_home_and_it_is_said():
    """Topiramate is adjusted for, and the other medicines are left out."""
    days = diary(wobbling(120), naltrexone_mg=blocks(120, 14), topiramate_mg=np.full(120, 50.0))
    found = full_answer(days, ask(adjust=("topiramate",)), Wanted())
    papers = papers_of(found, replace(BACKGROUND, others=False))
    assert "Without the other medicines the answer cannot be recomputed" in papers.missing
    assert papers.missing in papers.files["README.txt"].decode()
    assert not {"days.csv", "analysis.json"} & set(papers.files)
    assert "topiramate" not in papers.files["question.json"].decode()


def test_weekdays_need_dates():
    found = full_answer(analysis("helps").diary, replace(analysis("helps").question, weekday=True), Wanted())
    assert "Without calendar dates" in papers_of(found, replace(BACKGROUND, dates=False)).missing


def test_a_locked_protocol_is_in_the_package_with_its_hashes():
    protocol = lock({"question": {"outcome": "pain"}, "design": {"kind": "open"}, "stopping_rules": ["none"]}, MADE)
    found = analysis("helps").with_beside(protocol=(protocol,))
    kept = json.loads(papers_of(found, BACKGROUND).files["protocol.json"])
    assert kept["history"][0]["sha256"] == protocol.sha256


def test_the_link_at_the_end_of_the_page_is_the_package():
    page = "<html><body><main><p>words</p></main></body></html>"
    linked = with_package(page, b"PK\x00\xff")
    assert without_package(linked) == (page, b"PK\x00\xff")
    assert without_package(page) == (page, None)
    assert "<script" not in linked
