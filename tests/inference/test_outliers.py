"""Days far out: they lose their pull, ordinary days keep theirs, and the mixture is what sampling says it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling
from tests.inference.sampling import metropolis_with_outliers
from tests.inference.series import small_series

from nightdose.analyse import analyse
from nightdose.fit.case import open_case
from nightdose.fit.fitting import fit_case
from nightdose.inference.hyper import find_mode
from nightdose.inference.marginal import Kernel
from nightdose.inference.outliers import FACTORS, SHARES, asks_for_heavy_tails, spread_at
from nightdose.inference.posterior import fit

DAYS = 196
TRIAL = {"randomised": "blocks"}


def estimate(pain, **question):
    case = open_case(diary(pain, naltrexone_mg=blocks(DAYS)), ask(**TRIAL, **question))
    return fit_case(case, case.outcome).estimate


@pytest.mark.parametrize("size", [-12.0, 5.0, 8.0, 30.0, 300.0])
@pytest.mark.parametrize("day", [40, 130])
def test_one_slip_of_any_size_leaves_the_answer_where_it_is_without_that_day(size, day):
    """A day with treatment and one without; small slips stay in the diary, large ones are left out by the table."""
    pain = wobbling(DAYS, 3, 1.0) - 0.8 * blocks(DAYS) / 4.5
    without, slip = pain.copy(), pain.copy()
    without[day], slip[day] = np.nan, pain[day] + size
    plain, found = estimate(without), estimate(slip)
    assert abs(found.mean - plain.mean) < 0.1 * plain.sd
    assert 0.93 < found.sd / plain.sd < 1.07


@pytest.mark.parametrize("slip", [0.0, 10.0])
def test_a_rating_pulls_no_more_than_its_neighbours_when_it_is_the_other_end_of_the_scale(slip):
    """Ratings of 4 to 6, one day written 0 or 10."""
    pain = np.clip(np.round(wobbling(DAYS, 4, 0.7) - 0.5 * blocks(DAYS) / 4.5), 0, 10)
    without, written = pain.copy(), pain.copy()
    without[130], written[130] = np.nan, slip
    plain, found = (estimate(x, scale="rating", limits=(0, 10)) for x in (without, written))
    assert abs(found.mean - plain.mean) < 0.1 * plain.sd


def test_ordinary_noise_asks_for_nothing_and_stays_exact():
    asked = []
    for seed in range(30):
        case = open_case(diary(wobbling(DAYS, seed), naltrexone_mg=blocks(DAYS)), ask(**TRIAL))
        asked.append(fit_case(case, case.outcome).leading.posterior.series.spread is not None)
    assert sum(asked) <= 3  # by luck one diary in 45 of a year


def test_a_day_just_far_enough_out_is_asked_about():
    """4 sd, no less: with noise of known size and hardly any spells."""
    series = replace(small_series(0, days=60), y=np.zeros(60), lagged=(), border_mean=np.zeros(2), border_sd=np.ones(2))
    z = np.array([[-5.0, 0.0, 0.0, -4.0]])
    noise = series.hyper(z)[0][3, 0]
    day = int(np.flatnonzero(series.seen)[30])
    mean, var = (x[0, day] for x in Kernel(series).left_out(z))
    for score, asks in ((3.95, False), (4.08, True)):
        y = series.y.copy()
        y[day] = mean + score * np.sqrt(var + noise**2)
        assert asks_for_heavy_tails(replace(series, y=y), z) is asks


def test_an_ordinary_day_keeps_its_weight_and_a_far_one_loses_it():
    series = small_series(1, days=60)
    day = int(np.flatnonzero(series.seen)[20])
    y = series.y.copy()
    y[day] += 12.0
    z = find_mode(Kernel(replace(series, y=np.where(np.arange(60) == day, 0.0, y))).log_posterior, 5).z[None]
    spread = spread_at(replace(series, y=y), z)
    assert spread[day] > 50
    assert np.median(spread) < 1.03


def test_the_posterior_is_that_of_sampling_the_mixture():
    """Coefficients of the dose: mean within 0.1 sd, sd within a tenth, with two days far out and one in doubt."""
    series = small_series(2, days=60)
    y = series.y.copy()
    days = np.flatnonzero(series.seen)
    y[days[[10, 30, 42]]] += np.array([7.0, -9.0, 3.5])
    series = replace(series, y=y)
    p = fit(series)
    assert p.series.spread is not None
    chain = metropolis_with_outliers(series, 12_000, 1, FACTORS, SHARES)
    for k in (2, 3):
        mean = p.weights @ p.mean[:, k]
        sd = np.sqrt(p.weights @ (p.cov[:, k, k] + np.square(p.mean[:, k] - mean)))
        assert mean == pytest.approx(chain.b[:, k].mean(), abs=0.12 * sd)
        assert sd == pytest.approx(chain.b[:, k].std(), rel=0.1)


def test_a_perfect_effect_is_answered():
    """3 on every day with, 6 on every day without: no noise at all but that of writing whole numbers."""
    pain = 6.0 - 3.0 * (blocks(DAYS) > 0)
    found = analyse(diary(pain, naltrexone_mg=blocks(DAYS)), ask(**TRIAL, onset="same-day"))
    assert found.verdict.answer == "helps"
    assert found.verdict.estimate.mean == pytest.approx(3.0, abs=0.02)
    assert not found.refused
