"""Missing because bad: the shift against refits of filled-in diaries, and what the band says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.analyse import analyse
from nightdose.checks.missing import effect_of_missing
from nightdose.fit.case import open_case
from nightdose.fit.fitting import fit_case, series_of
from nightdose.inference.marginal import Kernel
from nightdose.inference.observation import observe
from nightdose.inference.posterior import fit

TRIAL = {"randomised": "blocks", "meaningful": 0.5}


def gappy(seed=2, days=336, share_on=0.5, effect=-0.8):
    """Days on treatment go missing far more often than days off."""
    rng = np.random.default_rng(seed)
    dose = blocks(days)
    pain = wobbling(days, seed, 0.8) + effect * dose / 4.5
    pain[rng.random(days) < np.where(dose > 0, share_on, 0.05)] = np.nan
    return diary(pain, naltrexone_mg=dose)


def test_the_shift_is_what_filling_the_holes_one_unit_higher_moves():
    """The difference between two full fits of the kernel at the same points, holes filled with 0 and with 1."""
    case = open_case(gappy(), ask(**TRIAL))
    p = fit_case(case, case.outcome).leading.posterior
    holes, s = np.isnan(case.outcome), p.series
    means, settled = [], []
    for value in (0.0, 1.0):
        filled = replace(s, y=np.where(holes, value, s.y), seen=s.seen | holes)
        out = Kernel(filled).evaluate(p.z)
        means.append(float(p.weights @ (out.exposure[:, 0] * out.mean[:, p.coefficient("naltrexone")])))
        settled.append(0.7 * float(p.weights @ out.mean[:, p.coefficient("naltrexone")]))
    moved = effect_of_missing(p, "naltrexone", holes, 0.7)
    assert moved == pytest.approx((means[1] - means[0], settled[1] - settled[0]), rel=0.05)


def test_of_a_rating_the_shift_is_that_of_a_whole_fit_of_its_numbers_to_a_fiftieth():
    """Half the days on are missing. The fit of the numbers is a rough one: its mode alone would be too little."""
    case = open_case(gappy(), ask(**TRIAL))
    series = series_of(case, case.forms[0], observe("continuous", np.round(case.outcome), case.usable, None), extra={})
    holes = np.isnan(case.outcome)
    whole, rough = (
        effect_of_missing(fit(series, effort=effort), "naltrexone", holes, 0.7) for effort in ("whole", "rough")
    )
    assert rough == pytest.approx(whole, rel=0.02)


def test_holes_spread_alike_move_nothing_and_lopsided_holes_do():
    lopsided = analyse(gappy(), ask(**TRIAL)).missing_bad
    alike = analyse(gappy(share_on=0.05), ask(**TRIAL)).missing_bad
    assert lopsided.days_on > 4 * lopsided.days_off

    def moved(missing):
        return missing.shifts[0].estimate.mean - missing.shifts[-1].estimate.mean

    assert moved(lopsided) > 0.2 * lopsided.shifts[-1].shift
    assert abs(moved(alike)) < 0.1 * alike.shifts[-1].shift


def test_no_shift_is_the_answer_itself():
    analysis = analyse(gappy(), ask(**TRIAL))
    assert analysis.missing_bad.shifts[0].estimate == analysis.verdict.estimate
    assert analysis.missing_bad.shifts[0].answer == analysis.verdict.answer


def test_better_that_is_higher_moves_the_same_way():
    d = gappy()
    flipped = analyse(d.with_column("pain", 10 - d.column("pain")), ask(better="higher", **TRIAL)).missing_bad
    straight = analyse(d, ask(**TRIAL)).missing_bad
    assert flipped.shifts[-1].estimate.mean == pytest.approx(straight.shifts[-1].estimate.mean, abs=1e-6)


def test_an_answer_that_rests_on_the_holes_says_so():
    """Half the days on treatment are missing: had they been bad, little would be left."""
    verdict = analyse(gappy(effect=-0.6), ask(**(TRIAL | {"meaningful": 0.3}))).verdict
    assert verdict.answer == "helps"
    assert "missing_could_matter" in [reason.code for reason in verdict.reasons]


def test_a_full_diary_has_no_band():
    d = diary(wobbling(168), naltrexone_mg=blocks(168))
    assert analyse(d, ask(**TRIAL)).missing_bad is None
