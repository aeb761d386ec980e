"""Pages to print: one look, filled from a template, one self-contained file each, no script and no outside request."""

from __future__ import annotations

import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from nightdose.knowledge.four_words import four_words
from nightdose.language.catalogue import language, mark, say
from nightdose.language.number import date, on_page

if TYPE_CHECKING:
    from jinja2 import Environment

WEEKDAYS = (mark("Mon"), mark("Tue"), mark("Wed"), mark("Thu"), mark("Fri"), mark("Sat"), mark("Sun"))


def fill(template: str, **values: Any) -> str:
    """The page of that template in the reader's language; every value is escaped, and steers nothing."""
    return _environment().get_template(template).render(**values)


def weekday_date(day: datetime.date) -> str:
    """`Mon 2027-01-04`, or as the reader's language writes it."""
    return f"{say(WEEKDAYS[day.weekday()])} {date(day)}"


@cache
def _environment() -> Environment:
    """The templates; imported only for a page, since an answer is wanted without waiting."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("nightdose.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=lambda value: on_page(value) if type(value) is str else value,
    )
    made.globals |= {
        "say": say, "four_words": four_words, "weekday_date": weekday_date, "language": lambda: language().code,
    }  # fmt: skip
    return made
