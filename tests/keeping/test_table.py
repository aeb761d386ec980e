"""What was written reaches the table: rescue medicines, days not judged, events, labs, side effects, guesses."""

from __future__ import annotations

import numpy as np
import pytest
from tests.keeping.people import TODAY, day, new_diary, scores

from nightdose.diary.entry import Entry
from nightdose.keeping.kept_answer import kept_diary
from nightdose.keeping.not_judged import lasting, not_judged
from nightdose.keeping.table import table_of


@pytest.fixture
def store(tmp_path):
    with new_diary(tmp_path / "diary.db") as opened:
        yield opened


def cells(store):
    """Day after today -> its cells."""
    return {(when - TODAY).days: dict(row) for when, row in table_of(store).table.rows}


def steroid(number, kind="dose", status="taken"):
    return Entry(day(number), kind, "prednisone", 40, "mg", status)


def test_rescue_medicines_are_counted_by_the_day(store):
    """Two ibuprofen on day 0, none said on day 1, nothing said on day 2."""
    scores(store, day(0), day(1), day(2))
    tablet = Entry(day(0), "rescue", "ibuprofen", 400, "mg", "taken")
    store.add(tablet, tablet, Entry(day(1), "rescue", "any", status="none"))
    assert [row.get("rescue_ibuprofen") for row in cells(store).values()] == [2.0, 0.0, None]


def test_none_said_and_none_ever_taken_is_a_column_of_zeros(store):
    scores(store, day(0))
    store.add(Entry(day(0), "rescue", "any", status="none"))
    assert cells(store)[0]["rescue_any"] == 0


def test_a_rescue_tablet_after_a_none_counts(store):
    store.add(Entry(day(0), "rescue", "any", status="none"), Entry(day(0), "rescue", "ibuprofen", status="taken"))
    assert cells(store)[0]["rescue_ibuprofen"] == 1


def test_events_labs_side_effects_and_guesses_leave_with_the_table(store):
    scores(store, day(0))
    store.add(
        Entry(day(0), "event", "journey", text="journey to Rome"), Entry(day(0), "note", "note", text="warm"),
        Entry(day(0), "lab", "TSH", 2.1, "mU/L"), Entry(day(0), "side_effect", "vivid dreams", 6),
        Entry(day(0), "side_effect", "insomnia"), Entry(day(0), "guess", "naltrexone", 0.7),
    )  # fmt: skip
    row = cells(store)[0]
    assert {"journey to Rome", "warm"} == set(row["note"].split(" / "))
    assert (row["TSH"], row["vivid dreams"], row["insomnia"], row["naltrexone_guess"]) == (2.1, 6, 1, 0.7)


def test_a_side_effect_whose_strength_is_known_elsewhere_stays_unknown_without_one(store):
    scores(store, day(0), day(1))
    store.add(Entry(day(0), "side_effect", "insomnia", 4), Entry(day(1), "side_effect", "insomnia"))
    assert [row.get("insomnia") for row in cells(store).values()] == [4, None]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("infection", "infection"), ("Steroid burst", "steroids"), ("prednisolone 40 mg for a relapse", "steroids"),
        ("operation on the knee", "operation"), ("dental surgery", "operation"), ("fever, 39 degrees", "infection"),
        ("COVID", "infection"), ("a cold", "infection"), ("cold weather", None), ("journey", None),
        ("no fever", None), ("flu vaccination", None), ("fluent", None), ("operation planned in May", None),
        ("covid test negative", None),
    ],
)  # fmt: skip
def test_an_event_is_read_for_what_keeps_its_day_from_being_judged(words, why):
    found = not_judged([Entry(TODAY, "event", words, text=words)])
    assert found == ({} if why is None else {TODAY: why})


def test_an_event_lasts_until_the_day_that_was_said():
    event = Entry(day(0), "event", "infection", text="infection", extra=lasting(day(0), day(3)))
    assert sorted(not_judged([event])) == [day(n) for n in range(4)]


@pytest.mark.parametrize(("days", "burst"), [(28, True), (29, False)])
def test_steroids_are_a_burst_for_four_weeks_and_then_a_standing_treatment(days, burst):
    assert bool(not_judged([steroid(n) for n in range(days)])) is burst


def test_a_course_counts_from_its_start_to_the_day_before_its_stop():
    course = [steroid(0, "medicine", "start"), steroid(5, "medicine", "stop")]
    assert sorted(not_judged(course)) == [day(n) for n in range(5)]


def test_a_course_that_goes_on_is_a_standing_treatment():
    assert not_judged([steroid(0, "medicine", "start")]) == {}


def test_a_day_that_is_not_judged_keeps_its_dose_and_gives_up_its_score(store):
    """Steroids on days 3 and 4 of ten."""
    scores(store, *(day(n) for n in range(10)))
    store.add(*(Entry(day(n), "dose", "naltrexone", 1.5, "mg", "taken") for n in range(10)), steroid(3), steroid(4))
    diary = kept_diary(store)
    assert np.flatnonzero(~diary.judged).tolist() == [3, 4]
    assert diary.why_left_out() == {"steroids": 2}
    assert diary.dose("naltrexone").tolist() == [1.5] * 10
    assert diary.column("pain")[3] == 4  # it stays in the diary


def test_the_diary_says_what_was_written_down_as_a_side_effect(store):
    """Headache stands as a score and as a side effect: the second has a column of its own, and only that is one."""
    scores(store, day(0), day(1))
    store.add(Entry(day(0), "score", "headache", 3), Entry(day(0), "side_effect", "headache", 1))
    store.add(Entry(day(1), "side_effect", "odd dreams"))
    found = kept_diary(store)
    assert set(found.side_effects) == {"headache_side_effect", "odd dreams"}
    assert set(found.side_effects) < set(found.columns)
