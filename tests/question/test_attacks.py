"""Attacks are events: seen in a column of severities, judged as days or beginnings, never as degrees of one thing."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary

from nightdose.analyse import analyse
from nightdose.errors import CallError
from nightdose.fit.case import open_case
from nightdose.keeping.answer import Asked, question_for
from nightdose.question.attacks import attacks_of, beginnings
from nightdose.question.looks import ONE_LOOK

U = np.nan


def migraine(days=224, every=9, lengths=(1, 2, 3), severities=(5, 7, 8), seed=1):
    """(days,) attacks about every so many days, each of one severity, nothing between."""
    rng, out, day = np.random.default_rng(seed), np.zeros(days), 2
    while day < days:
        length = rng.choice(lengths)
        out[day : day + length] = rng.choice(severities)
        day += int(length + 1 + rng.geometric(1 / (every - 2)))
    return out


def test_attacks_are_seen_with_their_number_length_and_severity():
    """Two attacks of two days, then three of one: seven days of twenty-five."""
    column = np.zeros(25)
    column[[2, 3, 8, 9, 14, 18, 22]] = [6, 6, 8, 8, 5, 6, 7]
    found = attacks_of(column)
    assert (found.days, found.starts, found.severity, found.free) == (7, 5, 6.0, 0.72)
    assert found.length_d == pytest.approx(1.4)


def test_attacks_on_a_third_of_the_days_are_attacks_and_on_half_of_them_not():
    assert attacks_of(np.tile([0.0, 0, 6], 40)) is not None
    assert attacks_of(np.tile([0.0, 6], 60)) is None


def test_a_low_score_above_a_floor_is_no_attack():
    """200 columns of a normal of which 65 of 100 days are at the floor: small values abound."""
    rng = np.random.default_rng(3)
    seen = [attacks_of(np.round(np.clip(rng.normal(-0.7, 3.5, 200), 0, 10))) for _ in range(200)]
    assert sum(found is not None for found in seen) <= 4


def test_attacks_of_different_severity_are_attacks():
    """Severities from 4 to 10: the middle one is three quarters of the worst."""
    assert attacks_of(migraine(severities=(4, 5, 6, 7, 8, 10))) is not None


@pytest.mark.parametrize("steps", [(1,), (1, 1, 1, 2)])
def test_yes_or_no_and_the_lowest_steps_are_no_severity(steps):
    assert attacks_of(migraine(severities=steps)) is None


def test_an_attack_begins_on_a_day_after_a_free_one():
    column = np.array([0, 5, 5, 0, U, 6, 0, U, U, 6, 6, 0, 4, U, 4])
    assert beginnings(column) == pytest.approx([0, 1, 0, 0, U, 1, 0, U, U, U, 0, 0, 1, U, U], nan_ok=True)


def test_what_began_before_the_diary_is_not_known_to_begin():
    assert beginnings(np.array([5.0, 0, 5])) == pytest.approx([U, 0, 1], nan_ok=True)


@pytest.mark.parametrize(("scale", "limits"), [("rating", (0, 10)), ("continuous", None)])
def test_as_degrees_of_one_thing_attacks_are_refused_and_both_ways_are_named(scale, limits):
    found = analyse(asked_of(), ask(scale=scale, limits=limits, randomised="blocks"), curves=False)
    assert found.verdict.answer == "cannot_be_known"
    assert "comes in attacks" in found.verdict.sentence
    assert "attack days, as yes or no" in found.verdict.sentence
    assert "as a count" in found.verdict.sentence
    assert "attack days" in found.verdict.what_would_change


def asked_of():
    dose = blocks(448, 28)
    return diary(np.where(dose > 0, migraine(448, every=30, seed=2), migraine(448, every=6)), naltrexone_mg=dose)


@pytest.mark.parametrize(("scale", "most"), [("binary", 1), ("count", 1)])
def test_as_yes_or_no_they_are_days_and_as_a_count_beginnings(scale, most):
    there = asked_of()
    found = analyse(there, ask(scale=scale, meaningful=0.03, randomised="blocks"), looks=ONE_LOOK, curves=False)
    total = {"binary": np.sum(there.column("pain") > 0), "count": np.nansum(beginnings(there.column("pain")))}[scale]
    assert np.nanmax(found.outcome) == most
    assert np.nansum(found.outcome) == total
    assert found.verdict.answer == "helps"
    assert "read_as_attacks" in {reason.code for reason in found.verdict.reasons}


def test_two_tablets_on_every_bad_day_stay_a_count():
    dose = blocks(224, 28)
    pills = diary(migraine(severities=(2, 2, 3)), naltrexone_mg=dose)
    found = analyse(pills, ask(scale="count", meaningful=0.1), curves=False)
    assert np.nanmax(found.outcome) == 3


@pytest.mark.parametrize(("meaningful", "scale"), [(None, "binary"), (1.0, "rating")])
def test_who_names_no_scale_and_no_size_is_answered_by_attack_days(meaningful, scale):
    asked = question_for(asked_of(), Asked("pain", "naltrexone", meaningful=meaningful))
    assert asked.scale == scale


def test_pain_of_every_day_that_a_medicine_takes_away_is_no_attack():
    """0 on all days with, 2 to 8 on all days without: zeros in plenty, and no attacks."""
    dose = blocks(224, 14)
    pain = np.where(dose > 0, 0.0, np.round(np.random.default_rng(1).uniform(2, 8, 224)))
    pain[::9] = 0.0
    assert attacks_of(pain, dose) is None
    assert attacks_of(migraine(), dose) is not None


@pytest.mark.parametrize(("free", "read"), [(0.45, True), (0.35, False)])
def test_who_asks_for_attack_days_has_them_on_up_to_six_days_of_ten(free, read):
    dose = blocks(224, 28)
    pain = np.where(np.arange(224) % 20 < 20 * free, 0.0, 6.0 + np.arange(224) % 3)
    there = diary(pain, naltrexone_mg=dose)
    if not read:
        with pytest.raises(CallError, match="yes or no"):
            open_case(there, ask(scale="binary", meaningful=0.1))
        return
    assert np.nanmax(open_case(there, ask(scale="binary", meaningful=0.1)).outcome) == 1
    assert "comes_in_attacks" not in {reason.code for reason in open_case(there, ask()).weaknesses}


def test_who_asks_for_attack_days_needs_no_attacks_before_the_medicine():
    """Two free weeks, then the medicine and attacks."""
    there = diary(np.r_[np.zeros(14), migraine(150)], naltrexone_mg=np.r_[np.zeros(14), np.full(150, 4.5)])
    case = open_case(there, ask(scale="binary", meaningful=0.1))
    assert np.nanmax(case.outcome) == 1
    assert "read_as_attacks" in {reason.code for reason in case.weaknesses}


def test_what_is_not_judged_is_counted():
    """Attack days with and without, beside the refusal of a mean severity."""
    severity, dose = migraine(), blocks(224)
    (refused,) = [
        r
        for r in open_case(diary(severity, naltrexone_mg=dose), ask(scale="rating", limits=(0, 10))).weaknesses
        if r.code == "comes_in_attacks"
    ]
    on, off = (int(np.sum(severity[side] > 0)) for side in (dose > 0, dose == 0))
    assert f"attacks on {on} of 112 recorded days with naltrexone and on {off} of 112 without" in refused.sentence
