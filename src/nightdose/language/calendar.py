"""Days and months in words, as the reader's language names them and in its order."""

from __future__ import annotations

import datetime

from nightdose.language.catalogue import mark, say

WEEKDAYS = (
    mark("Monday"),
    mark("Tuesday"),
    mark("Wednesday"),
    mark("Thursday"),
    mark("Friday"),
    mark("Saturday"),
    mark("Sunday"),
)
SHORT_WEEKDAYS = (mark("Mon"), mark("Tue"), mark("Wed"), mark("Thu"), mark("Fri"), mark("Sat"), mark("Sun"))
MONTHS = (
    mark("January"),
    mark("February"),
    mark("March"),
    mark("April"),
    mark("May"),
    mark("June"),
    mark("July"),
    mark("August"),
    mark("September"),
    mark("October"),
    mark("November"),
    mark("December"),
)
SHORT_MONTHS = (
    mark("Jan"),
    mark("Feb"),
    mark("Mar"),
    mark("Apr"),
    mark("May"),
    mark("Jun"),
    mark("Jul"),
    mark("Aug"),
    mark("Sep"),
    mark("Oct"),
    mark("Nov"),
    mark("Dec"),
)


def weekday(day: datetime.date) -> str:
    """`Friday`."""
    return say(WEEKDAYS[day.weekday()])


def month_short(day: datetime.date) -> str:
    """`Nov`."""
    return say(SHORT_MONTHS[day.month - 1])


def month_year(day: datetime.date) -> str:
    """`November 2026`."""
    return f"{say(MONTHS[day.month - 1])} {day.year}"


def day_month(day: datetime.date) -> str:
    """`27 November`."""
    return say("{day} {month}", day=day.day, month=say(MONTHS[day.month - 1]))


def dated(day: datetime.date) -> str:
    """`27 November 2026`."""
    return f"{day_month(day)} {day.year}"


def weekday_day(day: datetime.date) -> str:
    """`Friday 27 November`."""
    return say("{weekday} {day}", weekday=weekday(day), day=day_month(day))


def brief(day: datetime.date) -> str:
    """`27 Nov`."""
    return say("{day} {month}", day=day.day, month=month_short(day))


def brief_dated(day: datetime.date) -> str:
    """`27 Nov 2026`."""
    return f"{brief(day)} {day.year}"


def brief_weekday(day: datetime.date) -> str:
    """`Fri 27 Nov`."""
    return say("{weekday} {day}", weekday=say(SHORT_WEEKDAYS[day.weekday()]), day=brief(day))
