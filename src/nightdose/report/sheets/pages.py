"""Pages to print: filled from a template, one self-contained file each, no script and no outside request."""

from __future__ import annotations

from typing import Any

import jinja2

_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.PackageLoader("nightdose.report", "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
)


def fill(template: str, **values: Any) -> str:
    """The page of that template; every value is escaped."""
    return _ENVIRONMENT.get_template(template).render(**values)
