"""Who only says that lots chose is never told more than `low` about turns that a life may take as well."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diaries import ask, diary, wobbling

from nightdose.analyse import analyse
from nightdose.question.looks import ONE_LOOK

SCALES = ("continuous", "rating", "ordinal", "binary", "count")


def life(scale, worse, seed):
    """(days,) what is written of days that are worse by 1.5 sd, in the numbers of each scale."""
    score = wobbling(len(worse), seed, mean=0.0) + 1.5 * worse
    if scale == "continuous":
        return score
    if scale == "count":
        return np.random.default_rng(seed).poisson(np.exp(0.5 * score)).astype(float)
    cuts = {"rating": np.arange(-2.5, 4.5, 0.7), "ordinal": np.array([0.0, 1.0, 2.0]), "binary": np.array([0.8])}
    return np.searchsorted(cuts[scale], score).astype(float)


@pytest.mark.parametrize("onset", ["same-day", "days", "weeks"])
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize(("turn", "flipped"), [((0, 1, 1, 0), 0.0), ((0, 0, 1, 1), 0.1), ((1, 1, 0, 1, 0, 0, 0), 0.05)])
def test_a_life_of_a_few_days_is_not_taken_for_a_medicine_in_turns_of_as_many(turn, flipped, scale, onset):
    """240 days, taken on the better ones; on some evenings the other way round."""
    rng = np.random.default_rng(1)
    worse = np.tile(turn, 240)[:240]
    on = (worse == 0) ^ (rng.random(240) < flipped)
    asked = ask(
        scale=scale,
        limits=(0, 10) if scale == "rating" else None,
        meaningful=0.3 if scale != "binary" else 0.1,
        onset=onset,
        randomised="days",
    )
    found = analyse(diary(life(scale, worse, 2), naltrexone_mg=4.5 * on), asked, looks=ONE_LOOK, curves=False).verdict
    assert (found.ceiling, found.answer) == ("low", "cannot_be_known")


@pytest.mark.parametrize("randomised", ["days", "blocks"])
@pytest.mark.parametrize("length", [2, 3, 5, 7, 14, 20])
def test_blocks_in_turn_that_are_only_said_to_be_drawn_stay_at_low(length, randomised):
    """120 days, as long on as off: refused where lots hardly ever give it, else not more than said."""
    on = np.arange(120) // length % 2
    asked = ask(onset="same-day", meaningful=0.3, randomised=randomised)
    found = analyse(diary(wobbling(120) - 1.5 * on, naltrexone_mg=4.5 * on), asked, looks=ONE_LOOK, curves=False)
    assert found.verdict.ceiling == "low"


def test_why_the_ceiling_is_low_is_the_first_thing_said_after_the_numbers():
    """Four pairs of a fortnight in turn."""
    on = np.repeat([1, 0] * 4, 14)
    asked = ask(onset="same-day", meaningful=0.3, randomised="blocks")
    verdict = analyse(diary(wobbling(112) - 1.5 * on, naltrexone_mg=4.5 * on), asked, curves=False).verdict
    assert [reason.code for reason in verdict.reasons][:2] == ["posterior", "draw_only_said"]
    assert "their order said to be drawn at random" in verdict.sentence


@pytest.mark.parametrize("randomised", ["days", "none"])
def test_two_days_on_and_two_off_by_plan_stand_beside_a_life_of_as_many(randomised):
    """Written down beforehand: it is a plan, and what shifts of two days do as well is not the medicine's."""
    dose = 4.5 * (np.arange(240) // 2 % 2)
    there = diary(wobbling(240) - 0.3 * dose, naltrexone_mg=dose, naltrexone_assigned_mg=dose)
    asked = ask(onset="same-day", meaningful=0.3, randomised=randomised)
    found = analyse(there, asked, looks=ONE_LOOK, curves=False)
    assert (found.verdict.answer, found.design.kind) == ("not_yet_known", "alternating")
    assert found.checks.randomisation_test is None
    assert found.checks.rhythm.period_d == 4
