"""A kind of outcome is one row: every list of kinds is the same list, and what a row says is what happens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from tests.diaries import ask

from nightdose.errors import CallError
from nightdose.inference.observation import OBSERVED
from nightdose.question.kind import KINDS, Scale

ROOT = Path(__file__).parents[2]


def test_every_kind_is_a_row_a_series_a_word_of_the_schema_and_stands_in_the_page():
    schema = json.loads((ROOT / "docs" / "schema" / "analysis.json").read_text(encoding="utf-8"))["properties"]
    page = (ROOT / "docs" / "analyse.md").read_text(encoding="utf-8")
    assert set(KINDS) == set(get_args(Scale)) == set(OBSERVED)
    assert set(schema["scale"]["enum"]) == set(KINDS)
    assert set(schema["exploratory"]["items"]["properties"]["scale"]["enum"]) == set(KINDS)
    assert all(f"`{name}`" in page for name in KINDS)


@pytest.mark.parametrize(
    ("scale", "effect", "read"),
    [("binary", 1 / 28, (1.0, "days in 28")), ("count", 1 / 28, (1.0, "in 28 days")), ("rating", 1, (1, "points"))],
)
def test_a_probability_or_rate_a_day_is_read_as_days_or_events_in_four_weeks(scale, effect, read):
    factor, unit = ask(scale=scale).reading
    assert (pytest.approx(factor * effect), unit) == read


@pytest.mark.parametrize("scale", ["binary", "count"])
def test_two_days_or_events_in_four_weeks_are_worth_having_unless_said_otherwise(scale):
    assert KINDS[scale].meaningful == pytest.approx(2 / 28)


@pytest.mark.parametrize(
    ("scale", "values", "fits"),
    [
        ("binary", [0, 1], True),
        ("binary", [0, 1, 2], False),
        ("count", [0, 3, 17], True),
        ("count", [0, 0.5], False),
        ("continuous", [-3.2, 1e6], True),
        ("ordinal", [1, 2, 4, 8], True),
    ],
)
def test_values_that_cannot_be_of_a_kind_are_named_with_what_to_do(scale, values, fits):
    why = KINDS[scale].why_not(np.array(values, dtype=float))
    assert (why == "") is fits
    assert fits or "hoose the scale" in why


def test_ends_are_the_question_s_own_or_its_kind_s():
    assert ask(scale="rating").ends == (0, 10)
    assert ask(scale="rating", limits=(1, 5)).ends == (1, 5)
    assert ask(scale="count").ends == (0, np.inf)
    assert ask(scale="continuous").ends is None


@pytest.mark.parametrize("scale", ["rating", "continuous", "ordinal"])
def test_a_difference_as_wide_as_the_scale_is_not_asked_for(scale):
    """A whole scale of 0 to 10 would have to be crossed: every face refuses it, and 9 of it are a question."""
    with pytest.raises(CallError, match="the whole scale is 10 wide") as refused:
        ask(scale=scale, limits=(0, 10), meaningful=10)
    assert refused.value.field == "meaningful"
    assert ask(scale=scale, limits=(0, 10), meaningful=9).meaningful == 9
    assert ask(scale="binary").meaningful == 1  # days of 28 are what its difference is counted in
