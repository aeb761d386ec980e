"""What opened boxes leave of a blinded trial."""

import datetime

import pytest

from nightdose.protocol.opened import open_days, stays_blinded
from nightdose.protocol.sealing import Unblinding
from nightdose.protocol.trial import TrialDesign

START = datetime.date(2026, 1, 1)
DESIGN = TrialDesign("randomised_blocks", START, 10, 4, 5, 0, True)  # eight boxes of five days from day 10 on


def opening(day, *boxes):
    return Unblinding(START + datetime.timedelta(days=day), "an accident", True, boxes, boxes)


def numbers(*openings):
    return sorted((day - START).days for day in open_days(DESIGN, openings))


def test_a_pair_is_open_from_the_opening_to_its_last_day():
    assert numbers(opening(12, 1, 2)) == list(range(12, 20))


def test_a_pair_opened_ahead_of_time_is_open_throughout():
    assert numbers(opening(12, 5, 6)) == list(range(30, 40))


def test_one_box_told_opens_its_pair_also_where_only_one_was_written_down():
    assert numbers(opening(0, 2)) == list(range(10, 20))


@pytest.mark.parametrize(("pairs", "blinded"), [(0, True), (1, True), (2, True), (3, False), (4, False)])
def test_a_trial_stays_blinded_while_half_of_its_pairs_are_closed(pairs, blinded):
    openings = [opening(12, 2 * pair + 1, 2 * pair + 2) for pair in range(pairs)]
    assert stays_blinded(DESIGN, openings) is blinded
    assert (numbers(*openings) != []) is (blinded and pairs > 0)


def test_an_open_trial_is_never_blinded():
    assert not stays_blinded(TrialDesign("alternating", START, 10, 4, 5, 0, False), [])
