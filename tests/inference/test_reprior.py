"""Another prior by new weights is what a new fit under that prior gives."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.analyse import analyse
from nightdose.inference.posterior import fit
from nightdose.inference.reprior import NormalPrior, PriorChange, changed, under

CHANGES = {
    "less drift": PriorChange(drift=0.4),
    "more drift": PriorChange(drift=2.0),
    "faster": PriorChange(onset=(("naltrexone",), 0.5)),
    "slower": PriorChange(onset=(("naltrexone",), 2.0)),
    "smaller effects": PriorChange(coefficients=(NormalPrior("naltrexone", 0.0, 0.5),)),
    "larger effects": PriorChange(coefficients=(NormalPrior("naltrexone", 0.0, 2.0),)),
    "evidence": PriorChange(coefficients=(NormalPrior("naltrexone", 0.3, 0.4),)),
    "no trend": PriorChange(coefficients=(NormalPrior("trend", 0.0, 1e-3),)),
}


def fitted(scale="continuous", days=224):
    """Blocks of four weeks, one point less pain, some drift."""
    dose = blocks(days)
    pain = wobbling(days, 7, 1.2) - 0.2 * dose + np.linspace(0, 1, days)
    if scale == "rating":
        pain = np.clip(np.round(pain), 0, 10)
    limits = (0, 10) if scale == "rating" else None
    return analyse(
        diary(pain, naltrexone_mg=dose), ask(scale=scale, limits=limits), curves=False
    ).fitted.leading.posterior


def moments(posterior, name="naltrexone"):
    """Mean and sd of the reached effect, exposure times coefficient."""
    k = posterior.coefficient(name)
    x = posterior.exposure[:, 0]
    mean = posterior.weights @ (x * posterior.mean[:, k])
    second = posterior.weights @ (x**2 * (posterior.cov[:, k, k] + posterior.mean[:, k] ** 2))
    return mean, np.sqrt(second - mean**2)


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize(("scale", "of_an_sd", "ratio"), [("continuous", 0.04, 0.03), ("rating", 0.08, 0.06)])
def test_new_weights_agree_with_a_new_fit(name, scale, of_an_sd, ratio):
    old = fitted(scale)
    fast, slow = moments(under(old, CHANGES[name])), moments(fit(changed(old.series, CHANGES[name])))
    assert abs(fast[0] - slow[0]) < of_an_sd * slow[1]
    assert fast[1] == pytest.approx(slow[1], rel=ratio)


@pytest.mark.parametrize("name", CHANGES)
def test_the_evidence_for_the_changed_model_is_that_of_a_new_fit(name):
    old = fitted()
    assert under(old, CHANGES[name]).log_evidence == pytest.approx(
        fit(changed(old.series, CHANGES[name])).log_evidence, abs=0.1
    )


def test_no_change_changes_nothing():
    old = fitted()
    new = under(old, PriorChange())
    assert np.allclose(new.weights, old.weights, rtol=1e-12)
    assert new.log_evidence == pytest.approx(old.log_evidence)


def test_there_and_back_again():
    old = fitted()
    there = under(old, CHANGES["evidence"])
    back = under(there, PriorChange(coefficients=(NormalPrior("naltrexone", 0.0, 1.0),)))
    assert np.allclose(back.mean, old.mean, atol=1e-9)
    assert np.allclose(back.cov, old.cov, atol=1e-9)
    assert np.allclose(back.weights, old.weights, atol=1e-9)


def test_points_keep_their_meaning_in_the_new_coordinates():
    old = fitted()
    for name in ("less drift", "slower"):
        new = under(old, CHANGES[name])
        hyper, tau = new.series.hyper(new.z)[:2]
        assert np.allclose(hyper[0], old.hyper[0], rtol=0.03)  # beyond z = 8 a quantile of doubles ends
        assert np.allclose(tau, old.tau, rtol=1e-9)


def test_a_prior_far_from_the_points_makes_a_new_fit():
    """Twenty times the drift: the old points are where the new posterior is not."""
    old = fitted()
    new = under(old, PriorChange(drift=0.01))
    assert new.ess >= 50
    assert moments(new)[0] == pytest.approx(
        moments(fit(changed(old.series, PriorChange(drift=0.01))))[0], abs=0.05 * moments(new)[1]
    )
