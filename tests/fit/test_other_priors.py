"""The same diary under other priors: what is looked for again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.fit import other_priors
from nightdose.fit.case import open_case
from nightdose.fit.fitting import fit_case
from nightdose.inference.reprior import PriorChange


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
