"""With others' evidence beside it, an answer moves as far as the evidence is worth, and the verdict not at all."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.analyse import analyse
from nightdose.checks.evidence import with_evidence
from nightdose.errors import CallError
from nightdose.knowledge.evidence_file import shipped_evidence

FIBROMYALGIA = shipped_evidence("fibromyalgia-pain")
POINTS = {"limits": (0, 10), "randomised": "blocks"}


def believing(mean, sd, **changes):
    """The shipped prior with another mean, its sd given whole."""
    spread = {"family": "normal", "sd": sd}
    return replace(
        FIBROMYALGIA,
        mean=replace(FIBROMYALGIA.mean, value=mean, spread=spread),
        heterogeneity=replace(FIBROMYALGIA.heterogeneity, value=0.0),
        **changes,
    )


def a_year(effect=-1.0, days=336, seed=1, dose=4.5, sd=1.0):
    taken = blocks(days, dose=dose)
    return diary(wobbling(days, seed, sd) + effect * taken / dose, naltrexone_mg=taken)


def test_the_verdict_and_the_diarys_own_estimate_stay():
    alone = analyse(a_year(), ask(**POINTS))
    both = with_evidence(alone, FIBROMYALGIA)
    assert both.verdict == alone.verdict
    assert both.with_evidence.estimate is not None


def test_it_is_the_product_of_two_normals():
    """Diary alone N(a, s^2) under the weak prior; taking that out and the evidence in is arithmetic on precisions."""
    alone = analyse(a_year(), ask(onset="same-day", **POINTS))
    both = with_evidence(alone, FIBROMYALGIA).with_evidence
    e, unit = alone.verdict.estimate, alone.fitted.observation.unit
    mean, sd = both.prior_improvement
    assert (mean, sd) == pytest.approx((-0.01, FIBROMYALGIA.sd), rel=1e-9)  # same day, studied dose: all of it
    precision = 1 / e.sd**2 - 1 / unit**2 + 1 / sd**2
    assert both.estimate.sd == pytest.approx(precision**-0.5, rel=0.02)
    expected = (e.mean / e.sd**2 + mean / sd**2) / precision
    assert both.estimate.mean == pytest.approx(expected, abs=0.02 * e.sd)
    assert both.prior_share == pytest.approx((both.estimate.sd / sd) ** 2)


def test_strong_evidence_wins_and_weak_evidence_leaves_the_diary_alone():
    alone = analyse(a_year(days=112), ask(onset="same-day", **POINTS))
    strong = with_evidence(alone, believing(0.5, 1e-3)).with_evidence
    weak = with_evidence(alone, believing(0.5, 50.0)).with_evidence
    assert strong.estimate.mean == pytest.approx(-0.5, abs=0.01)
    assert strong.prior_share == pytest.approx(1, abs=0.01)
    assert abs(weak.shift) < 0.3
    assert weak.prior_share < 0.01


def test_less_diary_means_more_evidence():
    shares = [
        with_evidence(analyse(a_year(days=days), ask(**POINTS)), FIBROMYALGIA).with_evidence.prior_share
        for days in (56, 168, 672)
    ]
    assert shares[0] > shares[1] > shares[2]


def test_the_evidence_holds_at_the_studied_dose():
    """A person on 9 mg: by proportion twice the effect of the 4.5 mg of the trials is expected, and twice its doubt."""
    alone = analyse(a_year(dose=9.0), ask(onset="same-day", **POINTS))
    mean, sd = with_evidence(alone, FIBROMYALGIA).with_evidence.prior_improvement
    assert (mean, sd) == pytest.approx((-0.02, 2 * FIBROMYALGIA.sd), rel=1e-9)


@pytest.mark.parametrize("onset", ["same-day", "weeks"])
def test_a_rating_takes_evidence_in_points(onset):
    days = a_year(-1.0, days=168, sd=1.5)
    rated = days.with_column("pain", np.clip(np.round(days.column("pain")), 0, 10))
    alone = analyse(rated, ask(scale="rating", onset=onset, **POINTS))
    both = with_evidence(alone, believing(0.0, 0.4)).with_evidence
    assert 0 < both.estimate.mean < alone.verdict.estimate.mean
    assert both.shift < -0.1
    assert both.estimate.sd < alone.verdict.estimate.sd


def test_where_the_diary_gives_no_number_there_is_none_with_evidence():
    """Every day on 4.5 mg: never only the second posterior."""
    alone = analyse(diary(wobbling(200), naltrexone_mg=np.full(200, 4.5)), ask(limits=(0, 10)))
    both = with_evidence(alone, FIBROMYALGIA)
    assert both.verdict.answer == "cannot_be_known"
    assert both.with_evidence.estimate is None


def test_the_same_call_gives_the_same_numbers_bit_for_bit():
    one, two = (with_evidence(analyse(a_year(), ask(**POINTS)), FIBROMYALGIA, threads=n) for n in (1, 2))
    assert one.with_evidence == two.with_evidence


@pytest.mark.parametrize(
    ("question", "complaint"),
    [
        (ask(), "it goes from 0 to 10"),
        (ask(limits=(0, 100)), "0 to 100"),
        (ask(better="higher", limits=(0, 10)), "better"),
        (ask(treatment="zinc", limits=(0, 10)), "zinc"),
        (ask(unit="drops", limits=(0, 10)), "drops"),
    ],
)
def test_evidence_about_something_else_is_refused(question, complaint):
    analysis = analyse(a_year().with_column("zinc_mg", blocks(336, 21)), question, curves=False)
    with pytest.raises(CallError, match=complaint):
        with_evidence(analysis, FIBROMYALGIA)


def test_a_treatment_coded_yes_or_no_counts_as_the_studied_dose():
    days = a_year(dose=1.0)
    both = with_evidence(analyse(days, ask(unit="", onset="same-day", **POINTS)), FIBROMYALGIA).with_evidence
    assert math.isclose(both.prior_improvement[1], FIBROMYALGIA.sd, rel_tol=1e-9)
