"""Rescue days are counted by kind over thirty days."""

import datetime

from nightdose.diary.entry import Entry
from nightdose.protocol.rescue import rescue_days

TODAY = datetime.date(2026, 11, 30)


def taken(name, *days):
    return [Entry(datetime.date(2026, 11, day), "rescue", name, 1, "tablet", "taken") for day in days]


def test_triptan_days_are_counted_once_a_day_and_warn_at_ten():
    entries = taken("Maxalt", *range(1, 11)) + taken("sumatriptan", 1, 2)
    (found,) = rescue_days(entries, TODAY)
    assert (found.days, found.reached) == (10, True)
    assert "Your doctor" in found.sentence


def test_older_days_fall_out_of_the_count():
    (found,) = rescue_days(taken("ibuprofen", 1, 2), TODAY + datetime.timedelta(days=1))
    assert (found.days, found.limit, found.reached) == (1, 15, False)


def test_preventive_doses_are_not_rescue_days():
    dose = Entry(TODAY, "dose", "ibuprofen", 400, "mg", "taken")
    assert rescue_days([dose], TODAY) == ()
