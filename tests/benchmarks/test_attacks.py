"""Simulated attacks are what they say: lengths, beginnings, and a truth that is nothing without an effect."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.attacks import course, lived, starts

from nightdose.question.attacks import attacks_of


def test_attacks_last_one_to_three_days_and_begin_after_a_free_one():
    severity = lived(np.random.default_rng(1), np.full(400, np.log(0.1)), 5)
    assert np.all((severity == 0) | ((severity >= 3) & (severity <= 10)))
    assert starts(np.array([[0.0, 5, 6, 0, 4, 4]])).tolist() == [[0, 1, 0, 0, 1, 0]]
    assert 1.2 < severity.astype(bool).sum() / starts(severity).sum() < 2.6


def test_without_an_effect_the_truth_is_nothing_and_with_one_there_are_fewer():
    null, real = course(3, "blocks28", 0.0), course(3, "blocks28", 0.5)
    assert null.truth == {"rating": 0.0, "binary": 0.0, "count": 0.0}
    assert all(effect < 0 for effect in real.truth.values())
    assert real.truth["count"] == pytest.approx(real.truth["binary"] / 1.85, rel=0.35)
    assert attacks_of(null.diary.column("severity")) is not None
