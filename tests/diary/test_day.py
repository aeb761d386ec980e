"""The day starts when the person says it does; clock changes and journeys move nothing."""

import datetime

import numpy as np
import pytest

from nightdose.diary.day import DayRule, clock_time, hours_of, since_midnight
from nightdose.errors import CallError

OSLO = DayRule(zone="Europe/Oslo")


def moment(text):
    return datetime.datetime.fromisoformat(text)


def test_a_capsule_after_midnight_belongs_to_the_evening_before():
    assert OSLO.day_of(moment("2026-11-21T00:40+01:00")) == datetime.date(2026, 11, 20)
    assert OSLO.day_of(moment("2026-11-21T04:00+01:00")) == datetime.date(2026, 11, 21)


def test_the_person_may_start_the_day_at_another_hour():
    night_worker = DayRule(start=datetime.time(14, 0), zone="Europe/Oslo")
    assert night_worker.day_of(moment("2026-11-21T13:59+01:00")) == datetime.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        ("2026-03-29T00:30+00:00", "2026-03-28"),  # 01:30, half an hour before the clock jumps to 03:00
        ("2026-03-29T01:30+00:00", "2026-03-28"),  # 03:30 on the new clock
        ("2026-03-29T02:00+00:00", "2026-03-29"),  # 04:00: the new day
        ("2026-10-25T00:30+00:00", "2026-10-24"),  # 02:30 for the first time
        ("2026-10-25T01:30+00:00", "2026-10-24"),  # 02:30 for the second time
        ("2026-10-25T03:00+00:00", "2026-10-25"),  # 04:00 winter time
    ],
)
def test_clock_changes_do_not_move_entries(utc, day):
    assert OSLO.day_of(OSLO.localise(moment(utc))).isoformat() == day


def test_a_journey_does_not_move_what_was_recorded_at_home():
    evening_in_oslo = moment("2026-11-20T22:30+01:00")
    assert OSLO.day_of(evening_in_oslo) == DayRule(zone="Asia/Tokyo").day_of(evening_in_oslo)


def test_a_clock_time_and_its_day_find_each_other_again():
    for clock in ("22:30", "00:40", "03:59", "04:00"):
        written = OSLO.moment(datetime.date(2026, 11, 20), clock_time(clock))
        assert OSLO.day_of(written) == datetime.date(2026, 11, 20)


@pytest.mark.parametrize("text", ["25:00", "late", "12:61", ""])
def test_what_is_no_time_of_day_is_said_to_be_none(text):
    with pytest.raises(CallError, match="not a time of day"):
        clock_time(text)


def test_an_unknown_zone_is_said_to_be_unknown():
    with pytest.raises(CallError, match="not a time zone"):
        DayRule(zone="Mars/Olympus").localise(moment("2026-11-20T22:30+00:00"))


@pytest.mark.parametrize(("clock", "hours"), [(22.5, 22.5), (0.5, 24.5), (3.75, 27.75), (4.0, 4.0)])
def test_a_clock_before_the_days_start_is_on_the_next_date(clock, hours):
    assert since_midnight(clock) == hours
    assert since_midnight(np.array([clock, np.nan]))[0] == hours


def test_a_table_a_diary_and_the_simulator_agree_on_the_hour():
    """A capsule at 00:40 of the evening of the 20th."""
    written = OSLO.moment(datetime.date(2026, 11, 20), clock_time("00:40"))
    hours = (written.replace(tzinfo=None) - datetime.datetime(2026, 11, 20)).total_seconds() / 3600
    assert since_midnight(hours_of(clock_time("00:40"))) == pytest.approx(hours, abs=1e-9)


def test_the_last_day_of_the_calendar_is_a_sentence():
    with pytest.raises(CallError, match="too far away"):
        OSLO.moment(datetime.date.max, clock_time("02:00"))
