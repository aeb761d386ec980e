"""Smoothed power never falls with more weeks, and lies as near to what was counted as that allows."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.plan_power import monotone


@pytest.mark.parametrize(
    ("counted", "smooth"),
    [
        ([0.4, 0.6, 0.8], [0.4, 0.6, 0.8]),
        ([0.6, 0.4, 0.8], [0.5, 0.5, 0.8]),
        ([0.9, 0.6, 0.3, 0.7], [0.6, 0.6, 0.6, 0.7]),
    ],
)
def test_shares_that_fall_become_their_mean(counted, smooth):
    assert monotone(counted) == pytest.approx(smooth)


def test_no_rising_shares_are_nearer():
    """Against 2,000 random rising ones."""
    rng = np.random.default_rng(0)
    for _ in range(20):
        counted = rng.random(5)
        found = np.array(monotone(counted))
        others = np.sort(rng.random((2000, 5)), axis=1)
        assert np.all(np.diff(found) >= 0)
        assert np.sum((found - counted) ** 2) <= np.min(np.sum((others - counted) ** 2, axis=1)) + 1e-12
