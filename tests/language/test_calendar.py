"""A day in words, in the reader's language."""

import datetime

from nightdose.language.calendar import brief_dated, brief_weekday, dated, month_year, weekday_day
from nightdose.language.catalogue import reading_in

DAY = datetime.date(2026, 11, 27)


def test_a_day_in_english():
    assert weekday_day(DAY) == "Friday 27 November"
    assert dated(DAY) == "27 November 2026"
    assert (brief_weekday(DAY), brief_dated(DAY), month_year(DAY)) == ("Fri 27 Nov", "27 Nov 2026", "November 2026")


def test_a_day_in_german():
    with reading_in("de"):
        assert weekday_day(DAY) == "Freitag, 27. November"
        assert dated(datetime.date(2026, 3, 5)) == "5. März 2026"
        assert brief_weekday(datetime.date(2026, 12, 1)) == "Di, 1. Dez."
