"""Unplanned doses that follow something end in `cannot be known`, by its name; planned ones do not."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diaries import FIRST_DAY, ask, blocks, diary, wobbling

from nightdose.analyse import analyse
from nightdose.fit.case import open_case
from nightdose.question.looks import ONE_LOOK, UNCOUNTED

DAYS = 240
WEEKDAY = (FIRST_DAY - 1 + np.arange(DAYS)) % 7


def reasons(dose, pain=None, *, question=None, **columns):
    d = diary(wobbling(len(dose)) if pain is None else pain, naltrexone_mg=dose, **columns)
    return {reason.code: reason for reason in open_case(d, question or ask()).weaknesses}


def turns(on, off, before=0):
    return np.r_[np.zeros(before), np.tile(np.r_[np.full(on, 4.5), np.zeros(off)], 40)][:DAYS]


@pytest.mark.parametrize(
    ("dose", "code"),
    [
        (4.5 * (WEEKDAY < 5), "dose_follows_weekday"),
        (4.5 * (WEEKDAY == 2), "dose_follows_weekday"),
        (4.5 * ((WEEKDAY < 5) & (np.arange(DAYS) > 40)), "dose_follows_weekday"),
        (turns(10, 18), "dose_follows_rhythm"),
        (turns(4, 4), "dose_follows_rhythm"),
        (np.where(np.random.default_rng(2).random(DAYS) < 0.85, 4.5, 0.0), "only_single_days"),
        (np.where(np.random.default_rng(2).random(DAYS) < 0.5, 4.5, 0.0), "only_single_days"),
    ],
)
def test_habits_are_named_and_decide(dose, code):
    found = reasons(dose)[code]
    assert found.decisive


def test_as_needed_is_named():
    pain = wobbling(DAYS, 1)
    assert reasons(4.5 * (pain > 5.5), pain)["dose_follows_scores"].decisive


def test_self_made_turns_imitate_a_difference_but_can_show_that_there_is_none():
    """14 days on and 14 off, nobody wrote it down beforehand: better or worse is never said, no difference may be."""
    dose = turns(14, 14, before=14)
    found = reasons(dose)["dose_follows_rhythm"]
    assert (found.decisive, found.imitates) == (False, True)
    better = analyse(diary(wobbling(DAYS) - 2 * (dose > 0), naltrexone_mg=dose), ask(onset="same-day"), looks=ONE_LOOK)
    assert better.verdict.answer == "cannot_be_known"
    assert better.verdict.estimate is not None  # measured, but in no sentence
    assert not better.verdict.answered
    same = analyse(diary(wobbling(DAYS, sd=0.4), naltrexone_mg=dose), ask(onset="same-day"), looks=ONE_LOOK).verdict
    assert (same.answer, same.ceiling) == ("no_meaningful_difference", "low")
    assert same.sentence.startswith("No difference that matters seen, but something else may hide one")


@pytest.mark.parametrize(
    ("on", "off", "days", "named"), [(14, 14, 84, True), (10, 18, 84, True), (14, 14, 56, False), (28, 28, 168, False)]
)
def test_few_strict_turns_are_a_rhythm_too(on, off, days, named):
    """Three turns of four weeks; two are too few to tell, and turns of eight weeks come round too slowly."""
    assert ("dose_follows_rhythm" in reasons(turns(on, off)[:days])) is named


@pytest.mark.parametrize("days", [5, 10, 27])
def test_short_breaks_have_a_reason(days):
    dose = np.full(DAYS, 4.5)
    for begin in (30, 95, 170):
        dose[begin : begin + days] = 0
    assert reasons(dose)["short_breaks"].imitates
    assert reasons(4.5 - dose)["short_courses"].imitates


@pytest.mark.parametrize(("days", "short"), [(27, True), (28, False)])
def test_a_break_of_less_than_four_weeks_is_short(days, short):
    dose = np.full(DAYS, 4.5)
    dose[100 : 100 + days] = 0
    assert ("short_breaks" in reasons(dose)) is short
    assert ("short_courses" in reasons(4.5 - dose)) is short


def test_one_short_break_beside_weeks_before_is_no_reason():
    """Before and after, then one journey: the weeks before are there to compare with. Two journeys are too many."""
    dose = np.where(np.arange(DAYS) >= 60, 4.5, 0.0)
    dose[120:130] = 0
    assert "short_breaks" not in reasons(dose)
    dose[180:190] = 0
    assert "short_breaks" in reasons(dose)


@pytest.mark.parametrize(("share", "single"), [(0.18, False), (0.24, True)])
def test_evenings_unlike_their_run(share, single):
    """Weeks without, then every day but a share left out, spread evenly: one in five is the bound."""
    dose = np.where(np.arange(DAYS) >= 40, 4.5, 0.0)
    out = np.cumsum(np.full(DAYS - 40, share)) % 1 < share
    dose[40:][out] = 0
    assert ("only_single_days" in reasons(dose)) is single


OF_SETTLED = {
    "short_breaks",
    "short_courses",
    "few_switches",
    "few_days_before",
    "only_stopped",
    "started_at_worst",
}


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("onset", ["same-day", "days", "weeks"])
def test_of_evenings_that_a_coin_chose_nothing_is_said_that_only_settled_times_have(seed, onset):
    """120 days, nothing claimed: every evening that it changed is counted, in the sentence and in the design."""
    dose = 4.5 * np.random.default_rng(seed).integers(0, 2, 120)
    found = reasons(dose, wobbling(120, seed), question=ask(onset=onset))
    changed = int(np.sum(np.diff(dose) != 0))
    assert found["only_single_days"].numbers == {"changes": changed, "evenings": 119}
    assert f"on {round(100 * changed / 119)} of 100 evenings" in found["only_single_days"].sentence
    assert not OF_SETTLED & set(found)
    case = open_case(diary(wobbling(120, seed), naltrexone_mg=dose), ask(onset=onset))
    assert (case.design.kind, case.design.switches, case.design.day_by_day) == ("unplanned", changed, True)


NOT_JUDGED = {"dose_follows_weekday", "dose_follows_rhythm", "dose_follows_month", "dose_follows_scores",
              "only_single_days", "short_breaks", "short_courses"}  # fmt: skip


@pytest.mark.parametrize("length", [7, 14, 21, 28])
@pytest.mark.parametrize("randomised", ["none", "blocks"])
def test_a_plan_is_never_refused_for_its_rhythm(length, randomised):
    """Fixed alternation and drawn blocks, written as assigned, with one capsule in ten forgotten."""
    rng = np.random.default_rng(length)
    assigned = blocks(DAYS, length)
    if randomised == "blocks":
        assigned = np.concatenate([rng.permutation([0.0, 4.5]).repeat(length) for _ in range(DAYS // length)])[:DAYS]
    taken = np.where(rng.random(DAYS) < 0.1, 0.0, assigned)
    found = reasons(taken, question=ask(randomised=randomised), naltrexone_assigned_mg=assigned)
    assert not NOT_JUDGED & set(found)


def test_a_plan_in_which_every_weekday_is_always_the_same_cannot_tell_it_from_the_week():
    assigned = 4.5 * (WEEKDAY < 5)
    assert reasons(assigned, naltrexone_assigned_mg=assigned)["dose_follows_weekday"].decisive


def test_a_forgotten_or_doubled_capsule_changes_no_kind_of_design():
    """A before/after diary: one missed evening, three in a row, one of 9 mg instead of 4.5."""
    pain = wobbling(200, 2, 0.5)
    plain = np.where(np.arange(200) >= 80, 4.5, 0.0)
    for slips in ({120: 0.0}, {120: 0.0, 121: 0.0, 122: 0.0}, {120: 9.0}, {20: 4.5}, {120: 0.0, 150: 0.0, 180: 9.0}):
        dose = plain.copy()
        for day, mg in slips.items():
            dose[day] = mg
        case = open_case(diary(pain, naltrexone_mg=dose), ask())
        assert (case.design.kind, case.design.switches, case.design.dose_levels) == ("before_after", 1, (4.5,))
        assert "few_switches" in {reason.code for reason in case.weaknesses}
        builds = 1 - np.exp(-np.maximum(np.arange(200) - 79, 0) / 8.0)  # a step in one day would be a change of life
        verdict = analyse(diary(pain - 2 * builds, naltrexone_mg=dose), ask(), looks=ONE_LOOK).verdict
        assert (verdict.answer, verdict.ceiling) == ("helps", "low")
        assert verdict.sentence.startswith("Better since, cause not established")


def test_who_stops_gets_true_sentences():
    dose = np.where(np.arange(200) < 100, 4.5, 0.0)
    verdict = analyse(diary(wobbling(200, 2, 0.5) - 2 * (dose > 0), naltrexone_mg=dose), ask(), looks=ONE_LOOK).verdict
    assert verdict.sentence.startswith("Better while it was taken, cause not established")
    codes = {reason.code for reason in verdict.reasons}
    assert "only_stopped" in codes
    assert "few_days_before" not in codes
    assert "started_at_worst" not in codes


def test_days_before_the_first_planned_evening_are_days_without():
    """Four weeks of diary with an empty dose, then a plan: 28 days more without."""
    assigned = np.r_[np.full(28, np.nan), blocks(224)]
    d = diary(wobbling(252), naltrexone_mg=assigned.copy(), naltrexone_assigned_mg=assigned)
    assert open_case(d, ask()).design.recorded_off == 28 + 112
    unplanned = diary(wobbling(252), naltrexone_mg=assigned)
    assert open_case(unplanned, ask()).design.recorded_off == 112


@pytest.mark.parametrize("looks", [ONE_LOOK, UNCOUNTED])
def test_what_a_rhythm_imitates_is_not_put_off_to_more_days(looks):
    """Turns of 14 days as it came, a difference of 2.4 sd of its error: sure at one look, not of many, never known."""
    dose = np.tile(np.repeat([0.0, 4.5], 14), 6)
    pain = wobbling(168, 8, mean=0.0) - 0.45 * (dose > 0)
    found = analyse(diary(pain, naltrexone_mg=dose), ask(meaningful=0.1, onset="same-day"), looks=looks, curves=False)
    assert 0.975 < found.fitted.estimate.better < 0.998
    assert found.verdict.answer == "cannot_be_known"
    assert found.verdict.reasons[0].code == "dose_follows_rhythm"
