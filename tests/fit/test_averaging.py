"""Dose-response forms are averaged by evidence and prior: families vote alike, however many curves they have."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.fit.averaging import Averaging, Fit
from nightdose.fit.case import open_case
from nightdose.fit.causes import NO_CAUSE
from nightdose.fit.fitting import fit_case, fits_of
from nightdose.inference import posterior
from nightdose.inference.posterior import STAGES

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


@pytest.mark.parametrize("limits", [(0, 10), (4, 10)])
def test_the_sign_of_one_column_needs_no_look_at_the_scale_and_is_that_of_the_whole_answer(limits, monkeypatch):
    """A rating in fortnights, in the middle of its scale and at its floor; better is lower."""
    dose = blocks(112, 14)
    pain = np.clip(np.round(wobbling(112) - 0.6 * dose / 4.5), *limits)
    case = open_case(diary(pain, naltrexone_mg=dose), ask(scale="rating", limits=limits, randomised="blocks"))
    with monkeypatch.context() as m:
        m.setattr("nightdose.fit.averaging.measure", None)
        averaging = fits_of(case, case.outcome).averaging
        better = averaging.taken.better
    found = averaging.fitted()
    assert better == found.estimate.better
    asked = ("meaningfully_better", "meaningfully_worse", "no_meaningful_difference")
    for lazy, whole in ((averaging.taken, found.estimate), (averaging.once_settled, found.settled)):
        assert [getattr(lazy, name) for name in asked] == [getattr(whole, name) for name in asked]


@pytest.mark.parametrize(("share", "kept"), [(0.00199, 1), (0.00201, 2)])
def test_a_form_less_likely_than_two_in_a_thousand_is_dropped(share, kept):
    """The same posterior twice, once with an evidence that leaves it that share."""
    case, fitted = three_doses()
    part = fitted.leading
    unlikely = replace(part.posterior, log_evidence=part.posterior.log_evidence + np.log(share / (1 - share)))
    found = Averaging(
        case,
        fitted.observation,
        [Fit(part.form, part.form.prior, part.posterior), Fit(part.form, part.form.prior, unlikely)],
        NO_CAUSE,
    ).fitted()
    assert len(found.parts) == kept
    assert sum(p.share for p in found.parts) == pytest.approx(1.0)


def test_the_form_that_carries_the_answer_has_all_points_and_the_others_half():
    """The middle dose helps and the others do not: only one effect per dose can say so."""
    dose = blocks(252, 14, 1.0) * np.array(THREE)[(np.arange(252) // 28) % 3]
    case = open_case(
        diary(wobbling(252) - 2.5 * (dose == 3.0), naltrexone_mg=dose), ask(randomised="blocks", onset="same-day")
    )
    top, *others = sorted(fit_case(case, case.outcome, causes=False).parts, key=lambda part: -part.share)
    assert top.form.family != "proportional"
    assert top.share > 0.5
    assert top.posterior.evaluations > sum(STAGES["gaussian"])
    assert all(part.posterior.evaluations < sum(STAGES["gaussian"]) for part in others if part.form != case.forms[0])


@pytest.mark.long
def test_half_of_the_points_are_enough_for_forms_that_share_an_answer_and_a_tenth_are_not(monkeypatch):
    """A rating on three doses: within 0.02 of the sd of what all points everywhere give, with 768 points a form."""
    dose = blocks(252, 14, 1.0) * np.array(THREE)[(np.arange(252) // 28) % 3]
    pain = np.clip(np.round(wobbling(252, 3, 1.2) - 0.8 * dose / 4.5), 0, 10)
    case = open_case(
        diary(pain, naltrexone_mg=dose), ask(scale="rating", limits=(0, 10), randomised="blocks", onset="weeks")
    )

    def answered(share):
        monkeypatch.setattr(posterior, "SHARE", {**posterior.SHARE, "half": share})
        e = fit_case(case, case.outcome, causes=False).settled
        return np.array([e.mean, *e.interval95]), e.sd

    whole, sd = answered(1.0)
    off = {share: np.abs(answered(share)[0] - whole) / sd for share in (0.5, 0.06)}
    assert off[0.5][0] < 0.02
    assert np.max(off[0.5]) < 0.05 < np.max(off[0.06])
