"""The page is a documented value: each field is explained, and each is printed."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import nightdose.report.page
from nightdose.report.page import ReportPage

TEMPLATE = Path(nightdose.report.page.__file__).parent / "templates" / "report.html"
NAMES = [field.name for field in fields(ReportPage)]


def test_every_field_is_explained_in_the_docstring():
    explained = re.findall(r"(\w+)(?=[\w, ]* :\s)", ReportPage.__doc__)
    assert sorted(set(NAMES) - set(explained)) == []


def test_every_field_is_printed_and_nothing_else():
    printed = set(re.findall(r"\bpage\.(\w+)", TEMPLATE.read_text(encoding="utf-8")))
    assert printed == set(NAMES)
