"""Dummy diaries are what they say: no effect, the planted one, or a world, on the days that the person has."""

from __future__ import annotations

import numpy as np
import pytest
from tests.checks.dummies import TRIAL, dummies
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.checks.certificate import dummies_of
from nightdose.checks.worlds import WORLDS, Dummy
from nightdose.fit.case import open_case
from nightdose.fit.fitting import fit_case


@pytest.mark.parametrize(
    ("scale", "planted"), [("continuous", -0.5), ("rating", -0.8), ("binary", -0.2), ("count", -0.7)]
)
def test_the_planted_effect_is_the_one_asked_for_on_the_outcome_s_own_scale(scale, planted):
    """Mean over 400 diaries of each kind on the days with a dose, of a medicine without onset: settled at once."""
    case, r = dummies(planted, scale=scale, onset="same-day")
    pairs = [(r.null(i), r.effect(i)) for i in range(400)]
    gained = gains(case, pairs)
    assert np.mean(gained) == pytest.approx(planted, abs=4 * np.std(gained) / 20)
    assert all(np.array_equal(np.isnan(y), ~case.usable) for y in pairs[0])


@pytest.mark.parametrize(("scale", "planted"), [("continuous", -0.5), ("rating", -0.8)])
def test_of_a_medicine_that_takes_weeks_the_planted_effect_is_what_it_comes_to(scale, planted):
    """Blocks of four weeks, a prior of weeks: over all days on it a half to nine tenths of what it is once settled."""
    case, r = dummies(planted, scale=scale)
    gained = np.mean(gains(case, [(r.null(i), r.effect(i)) for i in range(400)])) / planted
    assert 0.5 < gained < 0.9


def test_where_doses_differ_the_planted_effect_is_the_mean_over_all_days_on_it():
    """None, mostly, or 1.5 mg, seldom 4.5: not the effect of the largest dose, which would be half as much over all."""
    dose = np.random.default_rng(2).choice([0.0, 1.5, 4.5], 168, p=[0.5, 0.4, 0.1])
    case = open_case(diary(wobbling(168, 1, 1.3), naltrexone_mg=dose), ask(onset="same-day", meaningful=0.5))
    r = dummies_of(case, fit_case(case, case.outcome), seed=3)
    gained = gains(case, [(r.null(i), r.effect(i)) for i in range(400)])
    assert np.mean(gained) == pytest.approx(-0.5, abs=4 * np.std(gained) / 20)
    assert 4 * np.std(gained) / 20 < 0.15


@pytest.mark.parametrize(("blinded", "there"), [(False, True), (True, False)])
def test_doses_by_score_are_a_world_of_days_drawn_by_word_alone(blinded, there):
    """Taken on the worse evenings of two months. Nobody who cannot tell the capsules apart takes them so."""
    score = wobbling(60)
    asked = ask(onset="same-day", meaningful=0.5, randomised="days", blinded=blinded)
    case = open_case(diary(score, naltrexone_mg=4.5 * (score > np.median(score))), asked)
    drawn = dummies_of(case, fit_case(case, case.outcome), seed=3).in_world("by_score", 0)
    assert (drawn is not None) is there


def gains(case, pairs):
    """(pairs,) mean of a diary with the effect minus that of one without, on the days with a dose."""
    return np.array([np.nanmean(effect[case.on]) - np.nanmean(null[case.on]) for null, effect in pairs])


@pytest.mark.parametrize(("scale", "effect"), [("continuous", -4.0), ("rating", -4.0)])
def test_diaries_without_an_effect_have_none_though_the_medicine_works(scale, effect):
    """Pain falls by four points on the medicine; 200 null diaries differ between on and off by nothing but noise."""
    dose = blocks(168)
    pain = wobbling(168, 1, 1.3) + effect * dose / 4.5
    pain = np.clip(np.round(pain), 0, 10) if scale == "rating" else pain
    case = open_case(diary(pain, naltrexone_mg=dose), ask(scale=scale, onset="same-day", **TRIAL))
    r = dummies_of(case, fit_case(case, case.outcome), seed=3)
    for drawn in (r.null, lambda i: r.in_world("jump", i)):
        nulls = [drawn(i) for i in range(200)]
        gained = np.array([np.mean(y[dose > 0]) - np.mean(y[dose == 0]) for y in nulls])
        assert np.mean(gained) == pytest.approx(0.0, abs=4 * np.std(gained) / np.sqrt(200))
        assert abs(np.mean(gained)) < 0.5


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize("scale", ["rating", "binary"])
def test_every_world_writes_the_outcome_s_own_values_and_loses_as_many_days(name, scale):
    case, r = dummies(scale=scale)
    y = r.in_world(name, 5)
    if name == "by_score":
        assert y is None  # lots decided
        return
    assert np.sum(np.isnan(y)) == np.sum(~case.usable)
    assert set(np.unique(y[~np.isnan(y)])) <= (set(range(11)) if scale == "rating" else {0, 1})


FLAT = Dummy(np.zeros(364), np.arange(364) % 5 > 0, (np.arange(364) // 30 % 2).astype(float), 1.0, drawn=False)


def moved(name, seed=0, dummy=FLAT):
    return WORLDS[name](dummy, np.random.default_rng(seed))


def test_a_weekday_world_repeats_every_seven_days_and_a_cycle_every_three_to_six_weeks():
    week = moved("weekday").eta
    assert np.array_equal(week[:-7], week[7:])
    assert np.sum(week != 0) == 104
    for seed in range(20):
        power = np.abs(np.fft.rfft(moved("cycle", seed).eta))
        assert 364 / 42 < np.argmax(power) < 364 / 19


def test_a_jump_happens_once_and_stays_and_practice_only_gets_better():
    for seed in range(10):
        eta = moved("jump", seed).eta
        assert np.sum(np.diff(eta) != 0) == 1
        assert eta[0] == 0
        better = moved("practice", seed).eta
        assert np.all(np.diff(better) < 0)
        assert better[0] > 0.9


def test_doses_by_score_begin_in_a_bad_spell_and_end_in_a_good_one():
    eta = moved("by_score").eta
    assert eta[29] > 0.4  # the evening before the first start
    assert eta[59] < -0.4  # before the first stop
    assert eta[15] == eta[45] == 0


def test_flares_are_bad_and_wild_days_few_and_far():
    flares = np.concatenate([moved("flares", seed).eta for seed in range(20)])
    assert np.min(flares) == 0
    assert 0.15 < np.mean(flares > 0) < 0.5
    wild = np.concatenate([moved("wild_days", seed).eta for seed in range(20)])
    assert 0.03 < np.mean(wild != 0) < 0.05
    assert np.std(wild[wild != 0]) > 2.5


def test_bad_days_are_the_ones_that_get_lost():
    """Half of the days are bad; as many days are lost as before, mostly bad ones; without a missing day nothing is."""
    bad = Dummy(np.tile([1.0, -1.0], 182), FLAT.seen, FLAT.dose, 1.0, drawn=True)
    found = moved("bad_days_lost", 1, bad)
    assert np.sum(found.seen) == np.sum(FLAT.seen)
    assert np.mean(bad.eta[~found.seen] > 0) > 0.8
    assert moved("bad_days_lost", 1, Dummy(bad.eta, np.ones(364, dtype=bool), bad.dose, 1.0, drawn=True)) is None
