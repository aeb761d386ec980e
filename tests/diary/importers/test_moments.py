"""Date, clock and zone are read together from the whole cell; what has two readings is not read."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nightdose.diary.day import DayRule
from nightdose.diary.importers.calendar_words import MONTHS, WEEKDAYS, month_named
from nightdose.diary.importers.moment_column import MomentColumn
from nightdose.diary.importers.moments import read_clock, read_instant, read_moment
from nightdose.errors import InputError

OSLO, NEW_YORK = DayRule(zone="Europe/Oslo"), DayRule(zone="America/New_York")


def shown(written):
    if written is None:
        return None
    clock = f" {written.clock:%H:%M}" if written.clock else ""
    zone = f" {written.zone.utcoffset(datetime.datetime(2026, 11, 20))}" if written.zone else ""
    return f"{written.date}{clock}{zone}"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("2026-11-20", "2026-11-20"),
        ("20261120", "2026-11-20"),
        ("2026/11/20 10:30 PM", "2026-11-20 22:30"),
        ("2026. 11. 20. 22:30", "2026-11-20 22:30"),
        ("2026-11-20T22:30:15.123", "2026-11-20 22:30"),
        ("2026-11-20T22:30:15Z", "2026-11-20 22:30 0:00:00"),
        ("20261120T223015Z", "2026-11-20 22:30 0:00:00"),
        ("2026-11-20 22:10:00 +0100", "2026-11-20 22:10 1:00:00"),
        ("2026-11-20T22:30+01:00[Europe/Oslo]", "2026-11-20 22:30 1:00:00"),
        ("2026-11-20 22:30 PST", "2026-11-20 22:30 -1 day, 16:00:00"),
        ("2026-11-20 22:30 GMT+2", "2026-11-20 22:30 2:00:00"),
        ("Thu Nov 20 2026 22:30:00 GMT+0100 (Central European Standard Time)", "2026-11-20 22:30 1:00:00"),
        ("Fri, 20 Nov 2026 22:30:00 +0100", "2026-11-20 22:30 1:00:00"),
        ("22nd Sep 2020", "2020-09-22"),
        ("Sep 22, 2020", "2020-09-22"),
        ("Friday, November 20, 2026 at 10:30 PM", "2026-11-20 22:30"),
        ("22-Sep-20", "2020-09-22"),
        ("18 May 2018, 11:54 pm", "2018-05-18 23:54"),
        ("22. März 2026", "2026-03-22"),
        ("mar. 3 mars 2026", "2026-03-03"),
        ("20 de noviembre de 2026", "2026-11-20"),
        ("1. mars 2026 kl. 22.30", "2026-03-01 22:30"),
        ("13/2/2026 22:30:15", "2026-02-13 22:30"),
        ("1/13/2026 10:30:15 PM", "2026-01-13 22:30"),
        ("11/21/2026 12:20:00 AM", "2026-11-21 00:20"),
        ("11/21/26, 12:20 PM", "2026-11-21 12:20"),
        ("11/20/2026 10:30\u202fPM", "2026-11-20 22:30"),  # the narrow blank of iOS 17 and Java 20
        ("2026-11-20 10:30 p.\u00a0m.", "2026-11-20 22:30"),
        ("10:30 PM, Nov 20, 2026", "2026-11-20 22:30"),
        ("2026-03-01 Sunday", "2026-03-01"),
        ("02/02/2026", "2026-02-02"),
    ],
)
def test_whole_cells_are_read(cell, said):
    assert shown(read_moment(cell)) == said


@pytest.mark.parametrize(
    "cell",
    [
        "3/4/2026", "3/4/2026 23:30", "26-11-20", "2026-02-30", "2026-11-20 evening", "circa 2026-11-20", "22:30", "",
        "2026-11-20 25:00", "2026-11-20 22:30 am", "2026-11-20 22:30 IST", "11/2026", "2026", "9999-12-31", "4.5",
        "2026-11-20 or 21", "0026-11-20", "20.11.", "31/02/2026",
    ],
)  # fmt: skip
def test_what_is_not_certain_is_not_read(cell):
    assert read_moment(cell) is None


@given(st.datetimes(datetime.datetime(1971, 1, 1), datetime.datetime(2199, 12, 31)), st.sampled_from(["dmy", "mdy"]))
@settings(deadline=None)
def test_every_way_of_writing_one_moment_reads_the_same(moment, order):
    """ISO, slashed, dotted, with a month's name, and AM/PM."""
    moment = moment.replace(second=0, microsecond=0)
    slashed = "%d/%m/%Y" if order == "dmy" else "%m/%d/%Y"
    forms = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", f"{slashed} %H:%M", f"{slashed} %I:%M:%S %p"]
    for form in (*forms, "%d %b %Y, %I:%M %p", "%B %d, %Y at %I:%M %p", "%A, %d %B %Y %H:%M"):
        found = read_moment(moment.strftime(form), order)
        assert found is not None, form
        assert datetime.datetime.combine(found.date, found.clock) == moment


def test_no_name_of_a_month_stands_for_two():
    names = [name for month in MONTHS for name in month.split()]
    assert len(names) == len(set(names))
    assert [month_named(word) for word in ("Août", "MÄRZ", "sept", "Mo")] == [8, 3, 9, None]
    assert {name for name in names if name in WEEKDAYS} == {"mar"}  # a French Tuesday is told by what stands behind it


@pytest.mark.parametrize(
    ("cell", "said"),
    [("22:30", "22:30"), ("3:04", "03:04"), ("10:00 pm", "22:00"), ("12:05 am", "00:05"), ("22h30", "22:30"),
     ("22.30", "22:30"), ("0.9375", "22:30"), ("10 PM", "22:00")],
)  # fmt: skip
def test_clock_times(cell, said):
    assert f"{read_clock(cell):%H:%M}" == said


@pytest.mark.parametrize("cell", ["mid", "all day", "24:00", "22", "13:00 am", "7:61", "1.5", ""])
def test_what_is_not_a_clock_time(cell):
    assert read_clock(cell) is None


def column(*cells, rule=OSLO, order=None):
    return MomentColumn(cells, rule, order, "t.csv")


def test_one_certain_date_settles_the_order_of_a_file():
    """14/4 can only be day/month, so 3/4 is the third of April."""
    assert column("3/4/2026 23:30", "14/4/2026").when("3/4/2026 23:30").day == datetime.date(2026, 4, 3)


@pytest.mark.parametrize(("cells", "words"), [(["3/4/2026"], "Say which"), (["13/1/2026", "1/14/2026"], "both orders")])
def test_an_order_that_nothing_settles_is_asked(cells, words):
    with pytest.raises(InputError, match=words) as asked:
        column(*cells)
    assert asked.value.field == "dates"


@pytest.mark.parametrize("tail", ["00:00:00", "00:00", "12:00:00 AM"])
def test_midnight_is_that_date(tail):
    cells = [f"2026-03-0{day} {tail}" for day in (1, 2, 3)]
    found = [column(*cells).when(cell) for cell in cells]
    assert [(when.day.day, when.at) for when in found] == [(1, None), (2, None), (3, None)]


def test_midnight_is_that_date_also_in_another_zone():
    """A script writes the day as midnight UTC, or its own midnight in UTC; both mean the date at home."""
    assert column("2026-03-01T00:00:00.000Z", rule=NEW_YORK).when("2026-03-01T00:00:00.000Z").day.day == 1
    at_home = ["2026-03-27T23:00:00Z", "2026-03-30T22:00:00Z"]  # before and after the clocks go forward in Oslo
    assert [column(*at_home).when(cell).day.isoformat() for cell in at_home] == ["2026-03-28", "2026-03-31"]


def test_midnight_among_times_of_day_is_a_time_of_day():
    cells = ["2026-03-01 22:30", "2026-03-03 00:00", "2026-03-03 23:10"]
    found = column(*cells).when("2026-03-03 00:00")
    assert (found.day.day, found.at.hour) == (2, 0)


@pytest.mark.parametrize(
    ("cell", "day", "clock"),
    [("2026-11-21T04:30:00Z", 20, "23:30"), ("2026-11-21T23:30:00+00:00", 21, "18:30"),
     ("2026-11-22T12:00:00-08:00", 22, "15:00"), ("11/21/2026 12:20:00 AM", 20, "00:20"),
     ("11/20/2026 11:05:11 PM", 20, "23:05")],
)  # fmt: skip
def test_an_offset_is_brought_to_the_persons_own_zone(cell, day, clock):
    found = column(cell, "11/20/2026", rule=NEW_YORK).when(cell)
    assert (found.day.day, f"{found.at:%H:%M}") == (day, clock)


def test_day_counts_of_a_spreadsheet_are_dates_where_the_whole_column_is():
    cells = ["46082", "46083.9375"]
    found = [column(*cells).when(cell) for cell in cells]
    assert [(when.day.isoformat(), when.at and when.at.hour) for when in found] == [
        ("2026-03-01", None),
        ("2026-03-02", 22),
    ]
    assert column("46082", "2026-03-02").when("46082") is None


@pytest.mark.parametrize("cell", ["1772404200", "1772404200000"])
def test_seconds_and_milliseconds_since_1970(cell):
    assert column(cell).when(cell).at.isoformat() == "2026-03-01T23:30:00+01:00"


def test_a_clock_column_is_on_the_date_of_its_row():
    found = column("2026-03-05").when("2026-03-05", "00:40")
    assert (found.day.day, found.at.isoformat()) == (4, "2026-03-05T00:40:00+01:00")


def test_a_program_writes_its_moments_in_one_form():
    assert read_instant("2026-11-20 22:10:00 +0100").isoformat() == "2026-11-20T22:10:00+01:00"
    assert read_instant("2026-11-20T22:10:00Z").utcoffset() == datetime.timedelta(0)
    assert read_instant("2026-11-20") is None
