"""A locked protocol declares its looks; without one nobody did."""

import datetime

import pytest

from nightdose.keeping.answer import looks_for
from nightdose.protocol.locked import lock
from nightdose.protocol.trial import TrialDesign
from nightdose.question.looks import YEAR_D, Looks

DESIGN = TrialDesign("randomised_blocks", datetime.date(2026, 11, 23), run_in_days=14, pairs=4, block_days=14)


def test_the_looks_of_a_protocol_are_those_of_its_design():
    body = {"question": {"outcome": "pain"}, "design": DESIGN.record, "stopping_rules": ["a rash"]}
    found = looks_for((lock(body, datetime.date(2026, 11, 20)),), 7)
    assert found.counted == 7
    assert [day.isoformat() for day in found.planned] == ["2027-02-28", "2027-03-28"]
    assert found.horizon_days == pytest.approx(4 * 56 * 70 / 126)


def test_without_a_protocol_the_horizon_is_a_year():
    assert looks_for((), None) == Looks(None, (), YEAR_D)
    assert not looks_for((), 2).once
    assert looks_for((), 1).once  # a table of which somebody says so
