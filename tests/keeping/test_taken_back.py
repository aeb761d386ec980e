"""A gate that refuses does not go by deleting what raised it: a reason is told, kept, and printed with the gates."""

import datetime

import pytest
from tests.keeping.people import TODAY, day, new_diary

from nightdose.diary.entry import Entry
from nightdose.diary.importers.imported import Choices
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import corrections, entries, imports, safety
from nightdose.keeping.corrections import Meant
from nightdose.keeping.what_next import what_next
from nightdose.knowledge.interactions import questions

REASON = "it was my husband's, not mine"


def clock():
    return datetime.datetime.combine(TODAY, datetime.time(12), datetime.UTC)


@pytest.fixture
def store(tmp_path):
    new_diary(tmp_path / "d.db").close()
    with Store(tmp_path / "d.db", None, clock=clock) as opened:
        safety.answer(opened, {question.id: False for question in questions()}, TODAY, complete=True)
        yield opened


def tramadol(when=TODAY):
    return Entry(when, "rescue", "tramadol", 50, "mg", "taken")


def keys(store):
    return {gate.key for gate in safety.judgement(store, TODAY).refusing}


def lines(store):
    return " ".join(gate.sentence for gate in safety.judgement(store, TODAY).notes)


def withdrawn(store, number, reason):
    corrections.withdraw(store, number, reason)


def moved_back(store, number, reason):
    corrections.correct(store, number, tramadol(), reason, Meant(day(-20)))


def made_a_day_earlier(store, number, reason):
    corrections.correct(store, number, tramadol(), reason, Meant(day(-1)))


NOTE, EVENT = Entry(TODAY, "note", "note", text="two percs"), Entry(TODAY, "event", "surgery", text="surgery")


@pytest.mark.parametrize(
    ("act", "entry"),
    [
        (withdrawn, tramadol()),
        (moved_back, tramadol()),
        (made_a_day_earlier, tramadol()),
        (withdrawn, NOTE),
        (withdrawn, EVENT),
    ],
)
def test_what_stands_in_the_way_is_taken_back_only_with_a_reason_that_stays(act, entry, store):
    (number,) = store.add(entry)
    before = keys(store)
    assert before
    for reason in ("", "typo", "         ."):
        with pytest.raises(CallError, match="the reason is kept") as refused:
            act(store, number, reason)
        assert refused.value.field == "reason"
    assert keys(store) == before
    act(store, number, REASON)
    assert REASON in lines(store)
    assert before <= {key for record in safety.safety_record(store, TODAY).taken_back for key in record.gates}


def test_what_stands_in_nobodys_way_needs_no_reason(store):
    numbers = store.add(Entry(TODAY, "score", "pain", 4), tramadol(day(-40)), Entry(TODAY, "note", "note", text="rain"))
    for number in numbers:
        corrections.withdraw(store, number, "")
    assert lines(store) == ""


def test_one_of_two_reasons_for_a_gate_may_go(store):
    first, _ = store.add(tramadol(), tramadol())
    corrections.withdraw(store, first, "")
    assert keys(store) == {"tramadol:tramadol"}


def test_a_dose_in_the_place_of_what_stands_in_the_way_is_refused(store):
    store.add(Entry(TODAY, "dose", "tramadol", 50, "mg", "taken"))
    with pytest.raises(CallError, match="the reason is kept"):
        entries.write(store, [Entry(TODAY, "dose", "tramadol", status="missed")], TODAY, repeat="instead")
    assert keys(store) == {"tramadol:tramadol"}


def test_a_medicine_is_forgotten_only_with_a_reason_where_it_stands_in_the_way(store):
    safety.name_medicine(store, "codeine", TODAY)
    safety.name_medicine(store, "magnesium", TODAY)
    safety.forget_medicine(store, "magnesium", TODAY)
    with pytest.raises(CallError, match="the reason is kept"):
        safety.forget_medicine(store, "codeine", TODAY)
    safety.forget_medicine(store, "codeine", TODAY, REASON)
    assert keys(store) == set()
    assert REASON in lines(store)


@pytest.mark.parametrize("later", [False, None], ids=["no", "I do not know"])
def test_a_yes_that_stands_in_the_way_is_changed_only_with_a_reason(later, store):
    safety.answer(store, {"pregnancy_or_breastfeeding": True, "thyroid_disease": True}, TODAY)
    before = keys(store)
    with pytest.raises(CallError, match="the reason is kept") as refused:
        safety.answer(store, {"pregnancy_or_breastfeeding": later, "under_18": False}, TODAY)
    assert refused.value.field == "reason"
    assert keys(store) == before
    safety.answer(store, {"pregnancy_or_breastfeeding": later}, TODAY, reason="the test was negative on Monday")
    assert "the test was negative on Monday" in lines(store)
    safety.answer(store, {"pregnancy_or_breastfeeding": False}, TODAY)
    assert keys(store) == set()


def test_an_answer_that_stands_in_nobodys_way_changes_without_a_reason(store):
    for word in (True, False, None, False):
        safety.answer(store, {"thyroid_disease": word}, TODAY)
    safety.answer(store, {"pregnancy_or_breastfeeding": None}, TODAY)
    safety.answer(store, {"pregnancy_or_breastfeeding": False}, TODAY)


def test_a_last_day_before_what_was_told_needs_a_reason_and_one_after_it_needs_none(store):
    safety.name_medicine(store, "codeine", TODAY)
    with pytest.raises(CallError, match="the reason is kept"):
        safety.name_medicine(store, "codeine", TODAY, last_taken=day(-30))
    safety.name_medicine(store, "codeine", TODAY, last_taken=TODAY)
    with pytest.raises(CallError, match="the reason is kept"):
        safety.name_medicine(store, "codeine", TODAY, last_taken=day(-1))
    safety.name_medicine(store, "codeine", TODAY, last_taken=day(-30), reason=REASON)
    assert keys(store) == set()
    assert REASON in lines(store)


def test_a_file_takes_nothing_back_that_stands_in_the_way(store, tmp_path):
    path = tmp_path / "t.csv"
    for cell in ("50", "0"):
        path.write_text(f"date,pain,tramadol_mg\n2026-11-26,4,{cell}\n2026-11-25,3,0\n", encoding="utf-8")
        seen = imports.look(store, path, Choices())
        imports.take_in(store, seen)
    assert keys(store) == {"tramadol:tramadol"}
    assert any("stand in the way" in problem.what for problem in seen.preview.imported.problems)


def test_a_clock_that_was_ahead_leaves_a_diary_that_works_and_says_what_to_correct(store):
    (number,) = store.add(tramadol(day(300)))
    (said,) = what_next(store, TODAY, TODAY)
    assert "Tramadol is dated" in said.sentence
    with pytest.raises(CallError, match="nothing can be said of the safety gates"):
        safety.cleared(store, TODAY)
    with pytest.raises(CallError, match="the reason is kept"):
        corrections.withdraw(store, number, "")
    corrections.withdraw(store, number, REASON)
    assert keys(store) == set()


def test_a_name_longer_than_a_line_is_refused(store):
    with pytest.raises(CallError, match="at most 200 letters"):
        safety.name_medicine(store, "co" * 101, TODAY)
