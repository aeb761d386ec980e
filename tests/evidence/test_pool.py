"""Pooling: published arithmetic, limits, and the shipped prior."""

from __future__ import annotations

import numpy as np
import pytest

from nightdose.errors import CallError
from nightdose.evidence.body import body
from nightdose.evidence.pool import leave_one_out, pool
from nightdose.knowledge.evidence_file import evidence_names, shipped_evidence


def test_trials_that_agree_are_pooled_by_precision():
    pooled = pool(np.array([1.0, 1.0]), np.square([0.3, 0.4]), method="DL", width="normal")
    assert pooled.mean == pytest.approx(1.0)
    assert pooled.between == 0
    assert pooled.sd == pytest.approx((1 / 0.09 + 1 / 0.16) ** -0.5)


def test_one_trial_is_itself():
    assert pool(np.array([0.7]), np.array([0.04])).sd == pytest.approx(0.2)


def test_bcg_vaccine_trials_give_the_published_pool():
    """Colditz 1994, 13 trials, log risk ratio: metafor's DL fit is -0.7141 (se 0.1787), tau2 0.3088."""
    y = [
        -0.8893,
        -1.5854,
        -1.3481,
        -1.4416,
        -0.2175,
        -0.7861,
        -1.6209,
        0.0120,
        -0.4694,
        -1.3713,
        -0.3394,
        0.4459,
        -0.0173,
    ]
    v = [0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124, 0.5325, 0.0714]
    pooled = pool(np.array(y), np.array(v), method="DL", width="normal")
    assert pooled.mean == pytest.approx(-0.7141, abs=0.002)
    assert pooled.sd == pytest.approx(0.1787, abs=0.002)
    assert pooled.between == pytest.approx(0.3088, abs=0.003)


@pytest.mark.parametrize("name", evidence_names())
def test_a_shipped_prior_is_the_pool_of_the_comparison_of_its_name(name):
    prior, pooled = shipped_evidence(name), body(name).pooled
    assert prior.mean.value == pytest.approx(pooled.bayes.middle, abs=0.006)
    assert prior.sd_of_mean == pytest.approx(pooled.bayes.spread, abs=0.006)
    assert len(pooled.trials) >= 2


@pytest.mark.parametrize("name", evidence_names())
def test_the_trials_of_a_shipped_prior_are_those_of_the_data_set(name):
    ours = {t.use.bias.name: (t.effect.value, *t.interval95) for t in body(name).trials}
    assert set(ours) == {t.name for t in shipped_evidence(name).trials}
    for trial in shipped_evidence(name).trials:
        assert (trial.effect, trial.low, trial.high) == pytest.approx(ours[trial.name], abs=0.006)


def test_the_modified_width_is_never_below_the_plain_one():
    y, v = np.array([1.0, 1.01, 0.99]), np.full(3, 0.04)
    plain, modified = (pool(y, v, width=w) for w in ("normal", "modified knapp-hartung"))
    assert pool(y, v, width="knapp-hartung").sd < plain.sd <= modified.sd


def test_leaving_one_out_pools_the_others():
    y, v = np.array([1.0, 2.0, 4.0]), np.array([0.1, 0.2, 0.3])
    assert leave_one_out(y, v)[1].mean == pytest.approx(pool(y[[0, 2]], v[[0, 2]]).mean)


def test_a_further_trial_is_predicted_from_three_trials_on():
    y, v = np.array([1.0, 2.0, 4.0]), np.full(3, 0.1)
    assert pool(y[:2], v[:2]).predicted95 is None
    assert pool(y, v).predicted95[0] < pool(y, v).interval95[0]


def test_a_pool_needs_trials_with_variances():
    for y, v in (([], []), ([1.0], [0.0]), ([1.0, 2.0], [1.0]), ([np.nan], [1.0])):
        with pytest.raises(CallError):
            pool(np.array(y), np.array(v))
