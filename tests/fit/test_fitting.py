"""The fit's own checks: which are made, what they say, and that a spoilt fit is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.analyse import analyse
from nightdose.fit.case import open_case
from nightdose.fit.fitting import fit_case
from nightdose.fit.health import expectation_health
from nightdose.inference.marginal import Sites


def rated(scale="rating", limits=(0, 10)):
    dose = blocks(168)
    pain = np.clip(np.round(wobbling(168, 3, 1.5) - dose / 4.5), 0, 10)
    case = open_case(diary(pain, naltrexone_mg=dose), ask(scale=scale, limits=limits))
    return case, fit_case(case, case.outcome)


def test_every_answer_on_a_bent_scale_checks_expectation_propagation():
    case, _ = rated()
    found = analyse(case.diary, case.question).health
    assert [check.name for check in found] == ["effective_points", "unsettled_share", "expectation_shift"]
    assert all(check.ok for check in found)
    assert found == analyse(case.diary, case.question).health  # the same seed, the same check


def test_a_continuous_outcome_is_exact_and_has_nothing_to_check():
    _, fitted = rated("continuous", None)
    assert expectation_health(fitted, np.random.default_rng(0)) == ()


@pytest.mark.parametrize("step", [0.0, 0.4])
def test_sites_moved_on_treatment_are_found(step):
    """Every site on a day with a dose is moved by `step` latent units, which moves the effect by about half a sd."""
    case, fitted = rated()
    p = fitted.leading.posterior
    moved = Sites(p.sites.obs + step * (case.log.dose > 0), p.sites.var)
    posterior = replace(p, sites=moved)
    paths = posterior.paths()
    posterior = replace(posterior, mean=paths.mean, cov=paths.cov)
    spoilt = replace(fitted, parts=(replace(fitted.leading, posterior=posterior),))
    (check,) = expectation_health(spoilt, np.random.default_rng(0))
    assert check.ok is (step == 0)
    assert "0.1 are allowed" in check.sentence
