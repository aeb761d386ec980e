"""The same diary under other priors: what is looked for again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.fit import other_priors
from nightdose.fit.case import open_case
from nightdose.fit.fitting import fit_case
from nightdose.inference.reprior import NormalPrior, PriorChange


@pytest.mark.parametrize(("share", "again"), [(0.00099, False), (0.00101, True)])
def test_a_cause_that_the_diary_has_all_but_excluded_is_not_looked_for_again(monkeypatch, share, again):
    dose = blocks(168)
    case = open_case(diary(wobbling(168) - 0.5 * dose / 4.5, naltrexone_mg=dose), ask(onset="same-day"))
    fitted = fit_case(case, case.outcome)
    causes = tuple(replace(c, share=share) if c.family == "cycle" else c for c in fitted.causes)
    asked = []
    usual = other_priors.Averaging
    monkeypatch.setattr(other_priors, "Averaging", lambda *a, **k: asked.append(a[3]) or usual(*a, **k))
    found = other_priors.under_other_priors(case, replace(fitted, causes=causes), lambda part: PriorChange(drift=2.0))
    assert np.isfinite(found.estimate.mean)
    assert ("cycle" in {c.family for c in asked[0].candidates}) is again
    assert "weekday" in {c.family for c in asked[0].candidates}


def test_of_a_cause_the_members_that_the_diary_left_are_looked_for_again_and_the_answer_is_that_of_all(monkeypatch):
    """A cycle of 29 days that is half sure: few periods are left, and no effect under another drift moves."""
    days = np.arange(400)
    dose = blocks(400)
    pain = wobbling(400) - 0.5 * dose / 4.5 + 0.45 * np.cos(2 * np.pi * days / 29)
    case = open_case(diary(pain, naltrexone_mg=dose), ask(onset="same-day"))
    fitted = fit_case(case, case.outcome)
    cycle = next(cause for cause in fitted.causes if cause.family == "cycle")
    every = {c.at for c in other_priors.competitors(case, fitted.observation).candidates if c.family == "cycle"}
    assert 0 < len(cycle.members) < len(every)
    asked = []
    usual = other_priors.Averaging
    monkeypatch.setattr(other_priors, "Averaging", lambda *a, **k: asked.append(a[3]) or usual(*a, **k))
    whole = replace(fitted, causes=tuple(replace(c, members=every if c is cycle else c.members) for c in fitted.causes))
    few, all_of_them = (
        other_priors.under_other_priors(case, f, lambda part: PriorChange(drift=2.0)) for f in (fitted, whole)
    )
    assert {c.at for c in asked[0].candidates if c.family == "cycle"} == cycle.members
    assert few.estimate.mean == pytest.approx(all_of_them.estimate.mean, abs=1e-3 * all_of_them.estimate.sd)
    assert few.estimate.sd == pytest.approx(all_of_them.estimate.sd, rel=1e-3)


@pytest.mark.parametrize(
    "change", [PriorChange(drift=2.0), PriorChange(coefficients=(NormalPrior("trend", 0.0, 1e-3),))]
)
def test_how_a_scale_bends_an_effect_is_measured_once_for_the_same_points(monkeypatch, change):
    """A rating near its floor under another drift and without a trend: as if it had been measured anew."""
    dose = blocks(168)
    pain = np.clip(np.round(wobbling(168, 5) - 3 - 1.0 * dose / 4.5), 0, 10)
    case = open_case(diary(pain, naltrexone_mg=dose), ask(scale="rating", onset="same-day"))
    fitted = fit_case(case, case.outcome)
    again = other_priors.under_other_priors(case, fitted, lambda part: change)
    monkeypatch.setattr(other_priors, "measured_under", lambda *a: None)
    anew = other_priors.under_other_priors(case, fitted, lambda part: change)
    assert again.parts[0].measured.paths is fitted.parts[0].measured.paths
    assert anew.parts[0].measured.paths is not fitted.parts[0].measured.paths
    assert again.estimate.mean == pytest.approx(anew.estimate.mean, abs=0.01 * anew.estimate.sd)
    assert again.estimate.sd == pytest.approx(anew.estimate.sd, rel=0.01)
