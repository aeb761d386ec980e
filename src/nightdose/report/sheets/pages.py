"""Pages to print: one look, filled from a template, one self-contained file each, no script and no outside request."""

from __future__ import annotations

import datetime
from typing import Any

import jinja2

from nightdose.knowledge.four_words import four_words
from nightdose.language.catalogue import language, mark, say
from nightdose.language.number import date, on_page

WEEKDAYS = (mark("Mon"), mark("Tue"), mark("Wed"), mark("Thu"), mark("Fri"), mark("Sat"), mark("Sun"))


def fill(template: str, **values: Any) -> str:
    """The page of that template in the reader's language; every value is escaped, and steers nothing."""
    return _ENVIRONMENT.get_template(template).render(**values)


def weekday_date(day: datetime.date) -> str:
    """`Mon 2027-01-04`, or as the reader's language writes it."""
    return f"{say(WEEKDAYS[day.weekday()])} {date(day)}"


_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.PackageLoader("nightdose.report", "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    finalize=lambda value: on_page(value) if type(value) is str else value,
)
_ENVIRONMENT.globals |= {
    "say": say, "four_words": four_words, "weekday_date": weekday_date, "language": lambda: language().code,
}  # fmt: skip
