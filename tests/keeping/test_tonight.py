"""The evening questions: what they ask, what they make of an answer, and what stands in the way of a capsule."""

from __future__ import annotations

import datetime

import pytest
from tests.keeping.people import TODAY, day, locked_trial, new_diary, scores, sealed_trial, titrated

from nightdose.diary.entry import Entry
from nightdose.errors import CallError
from nightdose.keeping import entries, safety, sealing, settings
from nightdose.keeping.tonight import evening, read_answer
from nightdose.knowledge.interactions import questions
from nightdose.protocol.titration import Step


@pytest.fixture
def store(tmp_path):
    with new_diary(tmp_path / "diary.db", answered=TODAY) as opened:
        settings.set_day(opened, zone="Europe/Oslo")
        yield opened


def asked(store, on=TODAY, today=None):
    return evening(store, on, today or on)


def ask(found, name):
    return next(each for each in found.asks if each.id == name)


def said(found, name, words):
    (entry,) = read_answer(found, ask(found, name), words)
    return entry


def test_a_dose_is_written_with_the_amount_of_the_plan_in_force(store):
    """Day 0 to 13 are 1.5 mg, day 14 on 3 mg."""
    titrated(store)
    early, later = said(asked(store), "dose", "22:30"), said(asked(store, day(14)), "dose", "yes")
    assert (early.item, early.value, early.unit, early.status) == ("naltrexone", 1.5, "mg", "taken")
    assert (later.value, later.at) == (3.0, None)


def test_without_a_plan_the_amount_is_asked_for_once_and_then_offered(store):
    """88 answered evenings once gave a diary without a dose column."""
    with pytest.raises(CallError, match="How many mg of naltrexone"):
        said(asked(store), "dose", "22:30")
    store.add(said(asked(store), "dose", "1.5 mg at 22:30"))
    tomorrow = asked(store, day(1))
    assert "1.5 mg, as last time" in ask(tomorrow, "dose").text
    assert said(tomorrow, "dose", "yes").value == 1.5


@pytest.mark.parametrize(
    ("words", "status", "value", "clock"),
    [
        ("2230", "taken", 1.5, "22:30"), ("22.30", "taken", 1.5, "22:30"), ("10:30 pm", "taken", 1.5, "22:30"),
        ("22:30", "taken", 1.5, "22:30"), ("at 22:30", "taken", 1.5, "22:30"), ("yes", "taken", 1.5, None),
        ("Taken", "taken", 1.5, None), ("yes 2245", "taken", 1.5, "22:45"), ("Missed", "missed", None, None),
        ("no", "missed", None, None), ("?", "unknown", None, None), ("late 00:40", "late", 1.5, "00:40"),
        ("late", "late", 1.5, None), ("0:45", "late", 1.5, "00:45"), ("3 mg at 22:30", "taken", 3.0, "22:30"),
        ("3000 mcg", "taken", 3.0, None), ("3mg 2230", "taken", 3.0, "22:30"),
    ],
)  # fmt: skip
def test_an_answer_about_the_dose_is_read_kindly(words, status, value, clock, store):
    """The plan says 1.5 mg at 22:30; more than two hours later is late."""
    titrated(store)
    entry = said(asked(store), "dose", words)
    assert (entry.status, entry.value) == (status, value)
    assert (f"{entry.at:%H:%M}" if entry.at else None) == clock
    assert entry.day == TODAY


@pytest.mark.parametrize(("clock", "status"), [("00:30", "taken"), ("00:31", "late")])
def test_late_is_more_than_two_hours_after_the_plans_hour(clock, status, store):
    titrated(store)
    assert said(asked(store), "dose", clock).status == status


@pytest.mark.parametrize("words", ["3", "22", "later", "25:00", "half", "99:99", "3 ml at 22:30", "9" * 40, "nan mg"])
def test_an_answer_that_cannot_be_read_is_a_sentence_about_its_field(words, store):
    titrated(store)
    with pytest.raises(CallError) as refused:
        said(asked(store), "dose", words)
    assert refused.value.field == "dose"


def test_an_empty_answer_is_not_recorded(store):
    assert read_answer(asked(store), ask(asked(store), "score:pain"), "   ") == ()


def test_in_a_box_the_capsule_has_no_amount_and_the_guess_is_asked(store):
    """Run-in days 0 to 13, box 1 from day 14."""
    sealed_trial(store)
    assert [each.id for each in asked(store).asks] == ["score:pain", "note"]
    first = asked(store, day(14), day(14))
    assert "capsule of box 1, the first evening of it" in ask(first, "dose").text
    dose, guess = said(first, "dose", "22:30"), said(first, "guess", "70")
    assert (dose.item, dose.value, dose.status) == ("capsule", None, "taken")
    assert (guess.item, guess.value) == ("naltrexone", 0.7)


def test_a_guess_is_not_asked_about_a_box_that_is_open(store):
    sealed_trial(store)
    sealing.unblind(store, [1], "hospital asked", day(15))
    assert "guess" in [each.id for each in asked(store, day(14), day(16)).asks]
    for open_day in (16, 14 + 28):  # box 1, and box 2 which it tells
        assert "guess" not in [each.id for each in asked(store, day(open_day), day(open_day)).asks]
    assert "guess" in [each.id for each in asked(store, day(14 + 56), day(14 + 56)).asks]


def test_side_effects_are_asked_in_the_first_four_weeks_of_a_step(store):
    titrated(store)
    found = asked(store, day(13))
    assert said(found, "side_effects", "vivid dreams 6").value == 6
    assert read_answer(found, ask(found, "side_effects"), "none") == ()
    two = read_answer(found, ask(found, "side_effects"), "vivid dreams 6, insomnia")
    assert [(entry.item, entry.value) for entry in two] == [("vivid dreams", 6.0), ("insomnia", None)]


def test_rescue_medicines_are_asked_about_where_one_is_used(store):
    assert "rescue" not in [each.id for each in asked(store).asks]
    safety.name_medicine(store, "sumatriptan", TODAY)
    found = asked(store)
    none = said(found, "rescue", "no")
    assert (none.kind, none.status) == ("rescue", "none")
    taken = read_answer(found, ask(found, "rescue"), "ibuprofen 400 mg at 15:00, sumatriptan")
    assert [(entry.item, entry.value, entry.status) for entry in taken] == [
        ("ibuprofen", 400.0, "taken"), ("sumatriptan", None, "taken"),
    ]  # fmt: skip
    assert f"{taken[0].at:%H:%M}" == "15:00"
    with pytest.raises(CallError, match="Which one"):
        said(found, "rescue", "yes")


def test_evenings_without_a_word_are_named(store):
    scores(store, day(-5), day(-2))
    assert asked(store).unwritten == (day(-1), day(-3), day(-4))


def test_a_day_to_come_is_refused(store):
    with pytest.raises(CallError, match="has not come yet"):
        evening(store, day(1), TODAY)


def test_what_is_written_already_is_shown(store):
    titrated(store)
    store.add(Entry(TODAY, "score", "pain", 3), Entry(TODAY, "dose", "LDN", 1.5, "mg", "taken"))
    found = asked(store)
    assert ask(found, "score:pain").now == "3"
    assert ask(found, "dose").now == "taken 1.5 mg"


def test_on_the_first_evening_of_a_step_the_gates_are_asked_anew(store):
    """Answers of day 0 are too old on the first evening of a step on day 61, fresh enough the evening before."""
    from nightdose.protocol.titration import Step

    titrated(store, TODAY, Step(1.5, 61), Step(3.0, 14))
    assert asked(store, day(60)).refusing is None
    found = asked(store, day(61))
    assert found.refusing is not None
    assert "3 mg" not in ask(found, "dose").text
    safety.answer(store, dict.fromkeys(safety.answers(store, day(61)).conditions, False), day(61), complete=True)
    assert "3 mg" in ask(asked(store, day(61)), "dose").text


def test_whoever_skips_the_first_evening_of_a_step_is_asked_on_the_next(store):
    """Answers of day 0 are 60 days old on day 60 and too old on day 61, when the next step begins."""
    titrated(store, TODAY, Step(1.5, 61), Step(3.0, 14))
    assert asked(store, day(60), day(60)).refusing is None
    for late in (61, 62, 70):
        found = asked(store, day(late), day(late))
        assert found.refusing is not None
        assert found.plan.dose_mg is None
    safety.answer(store, {question.id: False for question in questions()}, day(63), complete=True)
    assert asked(store, day(64), day(64)).plan.dose_mg == 3.0


def test_an_answer_that_grows_old_in_the_middle_of_a_step_stops_no_capsule(store):
    titrated(store, TODAY, Step(1.5, 90))
    assert asked(store, day(80), day(80)).plan.dose_mg == 1.5


def test_the_last_amount_is_not_offered_again_while_a_gate_is_in_the_way(store):
    store.add(Entry(day(-1), "dose", "naltrexone", 1.5, "mg", "taken"))
    assert asked(store).plan.dose_mg == 1.5
    store.add(Entry(TODAY, "rescue", "codeine", 30, "mg", "taken"))
    found = asked(store)
    assert found.plan.dose_mg is None
    assert [gate.key for gate in found.refusing.refusing] == ["opioid:codeine"]


def test_an_opioid_that_was_logged_stands_in_the_way_of_the_next_capsule(store):
    titrated(store)
    store.add(Entry(day(3), "rescue", "tramadol", 50, "mg", "taken"))
    found = asked(store, day(3))
    assert found.refusing is not None
    with pytest.raises(CallError, match="How many mg"):
        said(found, "dose", "yes")  # nothing of the plan is offered; what was taken can be written with its amount
    assert said(found, "dose", "1.5 mg").value == 1.5


def test_off_blocks_of_a_known_order_ask_for_nothing(store):
    """Alternating: off first. A yes without an amount is asked back, a no is a night without."""
    locked_trial(store, blinded=False, kind="alternating")
    off = asked(store, day(14))
    assert "tonight your plan has none" in ask(off, "dose").text
    assert said(off, "dose", "no").status == "missed"
    assert said(asked(store, day(14 + 28)), "dose", "yes").value == 4.5


def test_after_an_early_reveal_the_plan_has_a_dose_in_the_active_boxes_alone(store):
    content, identity = sealed_trial(store)
    sealing.reveal(store, sealing.open_sealed(content, identity).to_bytes(), day(20), early="it stops here")
    arms = sealing.revealed_order(store).arms
    planned = [asked(store, day(14 + 28 * i)).plan.dose_mg for i in range(2)]
    assert planned == [4.5 if arm == "on" else 0.0 for arm in arms[:2]]
    assert sorted(planned) == [0.0, 4.5]


def test_no_outcome_is_a_sentence(tmp_path):
    from nightdose.diary.kept.store import Store

    with Store(tmp_path / "empty.db", None, create=True) as empty, pytest.raises(CallError) as refused:
        evening(empty, TODAY, TODAY)
    assert refused.value.code == "no_outcome"


def test_a_capsule_after_midnight_is_of_the_evening_before(store):
    titrated(store)
    entry = said(asked(store), "dose", "00:20")
    assert entry.day == TODAY
    assert entry.at is not None
    assert entry.at.date() == TODAY + datetime.timedelta(days=1)


def test_what_was_taken_is_kept_while_a_gate_is_in_the_way(store):
    """It is a fact, whatever the gates say of the next one."""
    titrated(store)
    store.add(Entry(TODAY, "rescue", "tramadol", 50, "mg", "taken"))
    found = asked(store)
    assert found.refusing is not None
    entries.write(store, read_answer(found, ask(found, "dose"), "1.5 mg at 22:30"), TODAY)
    assert [row.entry.value for row in store.entries(kind="dose")] == [1.5]
