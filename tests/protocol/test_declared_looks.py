"""A protocol declares its looks: ends of pairs, not before three sure switches, and the end of the trial."""

import datetime
from dataclasses import replace

import pytest

from nightdose.protocol.declared_looks import declared_days, looks_of
from nightdose.protocol.trial import TrialDesign, blocks
from nightdose.question.looks import bar

MONDAY = datetime.date(2026, 11, 23)
YEAR = TrialDesign("randomised_blocks", MONDAY, run_in_days=14, pairs=6, block_days=28)


@pytest.mark.parametrize(("kind", "first_pair", "looks"), [("randomised_blocks", 3, 4), ("alternating", 2, 5)])
def test_looks_are_ends_of_pairs_from_three_sure_switches_on(kind, first_pair, looks):
    days = declared_days(replace(YEAR, kind=kind))
    assert days[0] == MONDAY + datetime.timedelta(days=14 + first_pair * 56 - 1)
    assert len(days) == looks
    assert days[-1] == blocks(YEAR)[-1].last_day


def test_a_short_trial_and_a_titration_are_read_at_their_end():
    assert len(declared_days(replace(YEAR, pairs=3))) == len(declared_days(replace(YEAR, kind="open_titration"))) == 1
    assert len(declared_days(replace(YEAR, pairs=2))) == 1


def test_the_usual_certainty_is_asked_for_at_the_declared_end():
    """168 days on, 182 off with the run-in: 349.4 balanced days."""
    looks = looks_of(YEAR, counted=5)
    assert looks.horizon_days == pytest.approx(4 * 168 * 182 / 350)
    assert bar(looks, looks.horizon_days) < bar(looks, 0.9 * looks.horizon_days)
    assert looks_of(replace(YEAR, pairs=3), 1).once
    assert not looks.once
