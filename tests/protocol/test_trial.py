"""The trial on the calendar: dates, switches, orders that all have the same chance."""

import datetime
import itertools
from collections import Counter

import numpy as np
import pytest

from nightdose.protocol.trial import (
    TrialDesign,
    blocks,
    daily_on,
    draw_order,
    fewest_switches,
    settling_days,
    switches,
)

MONDAY = datetime.date(2026, 11, 23)


def test_blocks_follow_the_run_in_without_gaps(design):
    found = blocks(design)
    assert found[0].first_day == MONDAY + datetime.timedelta(days=14)
    assert all(b.first_day == a.last_day + datetime.timedelta(days=1) for a, b in itertools.pairwise(found))
    assert found[-1].last_day == MONDAY + datetime.timedelta(days=design.days - 1)


def test_a_washout_lies_between_blocks():
    design = TrialDesign("alternating", MONDAY, run_in_days=0, pairs=1, block_days=3, washout_days=2)
    assert daily_on(design, ("on", "off")) == (True,) * 3 + (False,) * 5


def test_every_order_has_enough_switches_and_the_same_chance(design):
    orders = Counter(draw_order(design, np.random.default_rng(seed)) for seed in range(4000))
    assert len(orders) == 2**design.pairs
    assert min(switches(order) for order in orders) == fewest_switches(design) == 3
    assert max(abs(count - 500) for count in orders.values()) < 4 * np.sqrt(500)  # 4 sd of a count of 500


def test_the_same_seed_draws_the_same_order(design):
    first, second = (draw_order(design, np.random.default_rng(7)) for _ in range(2))
    assert first == second


def test_settling_follows_the_onset():
    assert settling_days(10.0) == 17  # 10 ln 5 = 16.1
    assert settling_days(0.0) == 0


@pytest.mark.parametrize("words", [{"pairs": 0}, {"block_days": 0}, {"run_in_days": -1}, {"pairs": 100}])
def test_what_is_no_design_is_refused(words):
    good = {"run_in_days": 14, "pairs": 3, "block_days": 28}
    with pytest.raises(ValueError, match=r"[Dd]ays"):
        TrialDesign("randomised_blocks", MONDAY, **{**good, **words})


def test_an_alternating_order_cannot_be_blinded():
    with pytest.raises(ValueError, match="order that was drawn"):
        TrialDesign("alternating", MONDAY, 14, 3, 28, blinded=True)
