"""From entries to the diary table: what is unknown stays empty."""

import datetime

import pytest

from nightdose.diary.entry import Entry
from nightdose.diary.kept.daily import daily_table
from nightdose.diary.kept.export import csv_text, daily_csv

FRIDAY = datetime.date(2026, 11, 20)


def dose(status, value=None, unit="mg", day=FRIDAY, at=None):
    return Entry(day, "dose", "naltrexone", value, unit, status, at=at)


def cells(*entries, **how):
    table = daily_table(entries, **how)
    return table.rows[0][1] if table.rows else {}


def test_doses_of_a_day_add_up_and_keep_the_last_clock_time():
    late = datetime.datetime.fromisoformat("2026-11-20T23:10+01:00")
    assert cells(dose("taken", 1.5), dose("late", 3, at=late)) == {
        "naltrexone_mg": 4.5,
        "naltrexone_time": "23:10",
    }


def test_missed_is_zero_and_unknown_is_empty():
    assert cells(dose("missed")) == {"naltrexone_mg": 0}
    assert cells(dose("unknown")) == {}
    assert cells(dose("taken")) == {}
    assert cells(dose("taken", 1.5), dose("unknown")) == {}


def test_micrograms_become_milligrams_and_capsules_do_not():
    for micrograms in ("µg", "μg", "ug", "mcg"):
        assert cells(dose("taken", 500, micrograms)) == {"naltrexone_mg": 0.5}
    assert cells(dose("taken", 0.0015, "g")) == {"naltrexone_mg": 1.5}
    assert "no amount in mg" in daily_table([dose("taken", 1, "capsule")]).problems[0].what


def test_several_scores_of_a_day_are_combined_as_asked():
    scores = [Entry(FRIDAY, "score", "pain", value) for value in (2, 6, 4)]
    asked = {how: cells(*scores, combine=how)["pain"] for how in ("last", "mean", "highest")}
    assert asked == {"last": 4, "mean": 4, "highest": 6}


def test_a_day_without_an_entry_has_no_row():
    sunday = FRIDAY + datetime.timedelta(days=2)
    table = daily_table([Entry(FRIDAY, "score", "pain", 4), Entry(sunday, "score", "pain", 5)])
    assert daily_csv(table) == "date,pain\n2026-11-20,4\n2026-11-22,5\n"


def test_a_spreadsheet_finds_no_formula_and_numbers_stay_numbers():
    assert csv_text(["note", "change"], [["=HYPERLINK(1)", -1.4]]) == "note,change\n'=HYPERLINK(1),-1.4\n"


def course(number, status, value=None):
    return Entry(
        FRIDAY + datetime.timedelta(days=number), "medicine", "topiramate", value, "mg" if value else "", status
    )


def scored(*numbers):
    return [Entry(FRIDAY + datetime.timedelta(days=number), "score", "pain", 4) for number in numbers]


def test_another_medicine_is_carried_from_start_over_taper_to_stop():
    entries = [*scored(0, 1, 2, 3, 4), course(1, "start", 50), course(3, "taper", 25), course(4, "stop")]
    assert [day["topiramate_mg"] for _, day in daily_table(entries).rows] == [0, 50, 50, 25, 0]


def test_what_was_taken_before_a_taper_is_not_known():
    rows = daily_table([*scored(0, 1), course(1, "taper", 25)]).rows
    assert [day.get("topiramate_mg") for _, day in rows] == [None, 25]


def test_a_course_of_unknown_amount_stays_unknown():
    assert all("topiramate_mg" not in day for _, day in daily_table([*scored(0, 1), course(0, "start")]).rows)


def measured(item, value, unit, day=FRIDAY):
    return Entry(day, "measure", item, value, unit)


def test_a_rating_and_a_devices_hours_never_share_a_column():
    """The person rates 'sleep' 0 to 10; the watch brings hours asleep under the same name."""
    table = daily_table([Entry(FRIDAY, "score", "Sleep", 3.0), measured("sleep", 8.0, "h")])
    assert table.rows[0][1] == {"Sleep": 3, "sleep_h": 8}


def test_a_side_effect_does_not_replace_a_score():
    table = daily_table([Entry(FRIDAY, "score", "pain", 2.0), Entry(FRIDAY, "side_effect", "pain", 7.0)])
    assert table.rows[0][1] == {"pain": 2, "pain_side_effect": 7}


@pytest.mark.parametrize("item", ["note", "date", "naltrexone_mg", "x_time", "y_guess", "person"])
def test_a_score_cannot_take_a_name_that_the_table_has_its_own_use_for(item):
    table = daily_table([Entry(FRIDAY, "score", item, 2.0), Entry(FRIDAY, "note", "note", text="slept")])
    assert table.rows[0][1] == {f"{item}_score": 2, "note": "slept"}


def test_one_thing_in_two_spellings_is_one_column():
    monday = FRIDAY + datetime.timedelta(days=3)
    rows = daily_table([Entry(FRIDAY, "score", "Pain", 2.0, source="table"), Entry(monday, "score", "pain", 3.0)]).rows
    assert [cells for _, cells in rows] == [{"pain": 2}, {"pain": 3}]


def test_pounds_among_kilograms_are_converted_and_other_units_stand_apart():
    monday = FRIDAY + datetime.timedelta(days=3)
    entries = [
        measured("weight", 80.0, "kg"),
        measured("weight", 180.0, "lb", monday),
        measured("weight", 1.0, "BMI", monday),
    ]
    table = daily_table([entries[0], entries[0], *entries])
    assert table.rows[1][1] == {"weight": 81.6466266, "weight_BMI": 1}
    assert "'kg' and in 'BMI'" in table.problems[0].what


def test_the_last_of_a_day_is_the_last_to_happen():
    """An afternoon that was written down before the morning."""
    later, earlier = (datetime.datetime(2026, 11, 20, hour, tzinfo=datetime.UTC) for hour in (20, 8))
    entries = [Entry(FRIDAY, "score", "mood", 1.0, at=later), Entry(FRIDAY, "score", "mood", 5.0, at=earlier)]
    assert daily_table(entries).rows[0][1]["mood"] == 1


def test_the_start_of_the_day_travels_with_the_table_where_it_is_not_four():
    late = datetime.datetime(2026, 11, 21, 5, tzinfo=datetime.UTC)
    entry = Entry(FRIDAY, "dose", "naltrexone", 4.5, "mg", "taken", at=late)
    assert "day_start_time" not in daily_table([entry]).columns
    assert daily_table([entry], day_start=datetime.time(6)).rows[0][1]["day_start_time"] == "06:00"
