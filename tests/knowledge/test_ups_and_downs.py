"""How a score moves by itself: planned trials and virtual people move alike."""

from dataclasses import replace

import numpy as np
import pytest

from nightdose.knowledge.ups_and_downs import of_somebody, published

RNG = np.random.default_rng


def test_a_course_has_the_sd_the_memory_and_the_drift_of_its_passport():
    usual = published("usual")
    still = replace(usual, drift_sd_90d=0.0).course((91, 4000), RNG(1))
    assert np.std(still, axis=1) == pytest.approx(np.full(91, usual.daily_sd), rel=0.06)
    assert np.corrcoef(still[20], still[21])[0, 1] == pytest.approx(0.5 * 0.7, abs=0.04)
    drift = replace(usual, spell_sd=0.0, noise_sd=0.0).course((91, 4000), RNG(2))
    assert np.std(drift[90] - drift[0]) == pytest.approx(usual.drift_sd_90d, rel=0.05)


def test_virtual_people_move_as_the_calm_the_usual_and_the_stormy_do_and_none_beyond_what_was_published():
    sds = np.array([of_somebody(RNG(seed)).daily_sd for seed in range(2000)])
    calm, usual, stormy = (published(level).daily_sd for level in ("calm", "usual", "stormy"))
    assert np.quantile(sds, [0.16, 0.5, 0.84]) == pytest.approx([calm, usual, stormy], abs=0.06)
    assert np.min(sds) == pytest.approx(0.27)
    assert np.max(sds) <= 4.05
