"""The calendar file is what RFC 5545 asks for, read back by an independent library."""

import datetime

import icalendar

from nightdose.diary.day import DayRule
from nightdose.protocol.calendar_file import Reminder, calendar_text, evening_reminders
from nightdose.protocol.titration import Step, Strength, plan_titration

MONDAY = datetime.date(2026, 11, 23)
NOW = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)
CLOCK = datetime.time(22, 30)


def written(reminders):
    return icalendar.Calendar.from_ical(calendar_text(reminders, NOW)).walk("VEVENT")


def test_each_step_is_an_evening_event_with_an_alarm(cleared):
    plan = plan_titration([Step(1.5, 14), Step(3, 7)], [Strength(1.5)], MONDAY, cleared)
    first, second = written(evening_reminders(plan, CLOCK))
    assert first["DTSTART"].dt == datetime.datetime(2026, 11, 23, 22, 30)  # floating: local wherever one is
    assert first["RRULE"]["COUNT"] == [14]
    assert second["RRULE"]["COUNT"] == [7]
    assert len(first.walk("VALARM")) == 1


def test_a_lock_screen_does_not_name_the_medicine(cleared):
    plan = plan_titration([Step(1.5, 14)], [Strength(1.5)], MONDAY, cleared)
    text = calendar_text(evening_reminders(plan, CLOCK), NOW).lower()
    assert not any(word in text for word in ("naltrexone", "ldn", "1.5 mg"))
    named = calendar_text(evening_reminders(plan, CLOCK, discreet=False), NOW)
    assert "1 × 1.5 mg capsule" in icalendar.Calendar.from_ical(named).walk("VEVENT")[0]["SUMMARY"]


def test_long_lines_are_folded_and_commas_escaped():
    title = "Ørsted; a, b\\c\n" + "é" * 100
    text = calendar_text([Reminder(MONDAY, 1, CLOCK, title, "")], NOW)
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert written([Reminder(MONDAY, 1, CLOCK, title, "")])[0]["SUMMARY"] == title


def test_importing_the_same_plan_again_does_not_double_it():
    reminder = Reminder(MONDAY, 3, CLOCK, "Evening diary", "")
    assert [str(event["UID"]) for event in written([reminder])] == [str(event["UID"]) for event in written([reminder])]


def test_a_changed_hour_replaces_its_alarm(cleared):
    """The same UIDs, a higher SEQUENCE; dose, hour and first day may all have changed."""
    before = plan_titration([Step(1.5, 14), Step(3, 7)], [Strength(1.5)], MONDAY, cleared)
    after = plan_titration([Step(1.5, 10), Step(4.5, 7)], [Strength(1.5)], MONDAY, cleared)
    old = written(evening_reminders(before, CLOCK))
    later = calendar_text(
        evening_reminders(after, datetime.time(21, 0), discreet=False), NOW + datetime.timedelta(minutes=1)
    )
    new = icalendar.Calendar.from_ical(later).walk("VEVENT")
    assert [str(event["UID"]) for event in old] == [str(event["UID"]) for event in new]
    assert all(int(one["SEQUENCE"]) < int(other["SEQUENCE"]) for one, other in zip(old, new, strict=True))


def test_a_step_that_a_later_plan_has_no_more_is_cancelled():
    """An old dose must not go on ringing on the phone."""
    one, two = (Reminder(MONDAY, 14, CLOCK, "Evening diary", "", f"evening {number}") for number in (1, 2))
    before = written([one, two])
    text = calendar_text([one], NOW, gone=["evening 1", "evening 2"])
    after = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert [str(event.get("STATUS", "")) for event in after] == ["", "CANCELLED"]
    assert [str(event["UID"]) for event in after] == [str(event["UID"]) for event in before]
    assert after[1].walk("VALARM") == []


def test_two_peoples_plans_in_one_calendar_do_not_replace_each_other(cleared):
    plan = plan_titration([Step(1.5, 14)], [Strength(1.5)], MONDAY, cleared)
    texts = [calendar_text(evening_reminders(plan, CLOCK), NOW, owner=owner) for owner in ("one", "other")]
    assert len({str(icalendar.Calendar.from_ical(text).walk("VEVENT")[0]["UID"]) for text in texts}) == 2


def test_a_clock_after_midnight_rings_in_the_night_after_its_evening(cleared):
    """A day that starts at 04:00: the capsule at half past midnight belongs to the evening before."""
    plan = plan_titration([Step(1.5, 14)], [Strength(1.5)], MONDAY, cleared)
    (late,) = written(evening_reminders(plan, datetime.time(0, 30)))
    assert late["DTSTART"].dt == datetime.datetime(2026, 11, 24, 0, 30)
    midnight = DayRule(datetime.time(0, 0))
    text = calendar_text(evening_reminders(plan, datetime.time(0, 30)), NOW, midnight)
    assert "DTSTART:20261123T003000" in text
