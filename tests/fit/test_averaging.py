"""Dose-response forms are averaged by evidence and prior: families vote alike, however many curves they have."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.fit.case import open_case
from nightdose.fit.causes import NO_CAUSE
from nightdose.fit.fitting import Fit, averaged, fit_case

THREE = (1.5, 3.0, 4.5)


@cache
def three_doses():
    """Fortnights on one of three doses and off, pain falling with the dose."""
    dose = blocks(252, 14, 1.0) * np.array(THREE)[(np.arange(252) // 28) % 3]
    d = diary(wobbling(252) - dose / 4.5, naltrexone_mg=dose)
    case = open_case(d, ask(randomised="blocks", onset="same-day"))
    return case, fit_case(case, case.outcome)


def test_every_family_of_curves_has_the_same_share_before_the_diary_speaks():
    case, _ = three_doses()
    priors: dict[str, float] = {}
    for form in case.forms:
        priors[form.family] = priors.get(form.family, 0.0) + form.prior
    assert len(case.forms) > len(priors) == 4
    assert list(priors.values()) == pytest.approx([0.25] * 4)


def test_shares_after_the_diary_are_evidence_times_prior():
    """Pairwise, so that forms dropped for a tiny share do not matter; the prior differs by a factor of three."""
    _, fitted = three_doses()
    first, *others = fitted.parts
    assert len({part.form.prior for part in fitted.parts}) > 1
    for part in others:
        bayes_factor = np.exp(part.posterior.log_evidence - first.posterior.log_evidence)
        odds = bayes_factor * part.form.prior / first.form.prior
        assert part.share / first.share == pytest.approx(odds, rel=1e-9)
    assert sum(part.share for part in fitted.parts) == pytest.approx(1.0)


@pytest.mark.parametrize(("share", "kept"), [(0.00199, 1), (0.00201, 2)])
def test_a_form_less_likely_than_two_in_a_thousand_is_dropped(share, kept):
    """The same posterior twice, once with an evidence that leaves it that share."""
    case, fitted = three_doses()
    part = fitted.leading
    unlikely = replace(part.posterior, log_evidence=part.posterior.log_evidence + np.log(share / (1 - share)))
    found = averaged(
        case,
        fitted.observation,
        [Fit(part.form, part.form.prior, part.posterior), Fit(part.form, part.form.prior, unlikely)],
        NO_CAUSE,
    )
    assert len(found.parts) == kept
    assert sum(p.share for p in found.parts) == pytest.approx(1.0)
