"""Ordinary causes beside the medicine: what the averaging says is what fits of every model say."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.fit import causes, ordinary
from nightdose.fit.case import open_case
from nightdose.fit.causes import Competition, Shapes, compete, shapes_of
from nightdose.fit.contrast import mixed
from nightdose.fit.estimand import contrast
from nightdose.fit.fitting import EFFECT_SD, competitors, fit_case, series_of
from nightdose.inference import causes as screening
from nightdose.inference.observation import observe
from nightdose.inference.posterior import fit
from nightdose.verdict.rule import SURE_OF_SIGN

DAYS = 168
DAY = np.arange(DAYS)
FORTNIGHTS = blocks(DAYS, 14)
TRIAL = {"randomised": "blocks", "onset": "same-day"}
ODDS = {"weekday": 0.3, "practice": 0.6}


def opened(pain, dose=FORTNIGHTS, **question):
    planned = {"naltrexone_assigned_mg": dose} if question.get("randomised") else {}
    return open_case(diary(pain, naltrexone_mg=dose, **planned), ask(**question))


def ill(days=DAYS, seed=1):
    """Noise, spells, and a medicine that does nothing."""
    rng = np.random.default_rng(seed)
    spell = np.zeros(days)
    for t in range(1, days):
        spell[t] = 0.7 * spell[t - 1] + 0.5 * rng.standard_normal()
    return 5 + spell + 0.7 * rng.standard_normal(days)


def fitted(pain, dose=FORTNIGHTS, *, causes=True, **question):
    case = opened(pain, dose, **question)
    return fit_case(case, case.outcome, causes=causes)


def columns_of(candidate):
    return {f"cause_{i}": candidate.columns[:, i] * candidate.sd[i] / EFFECT_SD for i in range(len(candidate.sd))}


@cache
def brute_force():
    """Weekday and three practice curves: the competition, and a whole fit of every model with its contrast."""
    case = opened(wobbling(DAYS, 8) - 0.4 * FORTNIGHTS / 4.5 + 0.3 * (np.arange(DAYS) % 7 < 2), **TRIAL)
    observation = observe("continuous", case.outcome, case.usable, None)
    candidates = (ordinary.weekday(DAYS, case.diary.first_day, 0.25), *ordinary.practice(DAYS, 1.0))
    form = case.forms[0]
    alone = fit(series_of(case, form, observation, extra={}))
    with_cause = [fit(series_of(case, form, observation, extra=columns_of(c))) for c in candidates]
    competition = Competition(alone, Shapes(candidates, 0, ODDS, 0.7), form.names)
    contrasts = [contrast(p, observation, None, form.names, case.on) for p in (alone, *with_cause)]
    prior = np.array([1.0, *(ODDS[c.family] * c.share for c in candidates)])
    evidence = np.array([p.log_evidence for p in (alone, *with_cause)])
    share = prior * np.exp(evidence - np.max(evidence))
    return competition, observation, contrasts, share / np.sum(share)


def test_shares_of_causes_are_those_of_whole_fits():
    competition, _, _, share = brute_force()
    assert competition.share["weekday"] == pytest.approx(share[1], abs=0.02)
    assert competition.share["practice"] == pytest.approx(np.sum(share[2:]), abs=0.02)
    assert competition.nothing == pytest.approx(share[0], abs=0.02)


def test_the_effect_beside_causes_is_that_of_whole_fits_averaged():
    """A fiftieth of an sd, where the causes together move it by more."""
    competition, observation, contrasts, share = brute_force()
    whole_mean, whole_sd = mixed(contrasts, share.tolist()).moments()
    found_mean, found_sd = competition.mixed_in(contrasts[0], 0, observation.unit).moments()
    assert found_mean == pytest.approx(whole_mean, abs=0.02 * whole_sd)
    assert found_sd == pytest.approx(whole_sd, rel=0.02)


@pytest.mark.parametrize(("share", "named"), [(0.98e-5, False), (1.02e-5, True)])
def test_a_member_is_named_for_another_look_from_a_share_of_a_hundred_thousandth(share, named):
    competition, _, _, _ = brute_force()
    weekday = competition._screen.candidates[0]

    def with_odds(odds):
        return Competition(
            competition._posterior, Shapes((weekday,), 0, {"weekday": odds}, 0.7), competition._treatment
        )

    tiny = with_odds(1e-9).share["weekday"] / 1e-9
    cause = with_odds(share / tiny).causes[0]
    assert cause.share == pytest.approx(share, rel=1e-3)
    assert (7.0 in cause.members) is named


@pytest.mark.parametrize(("behind", "left"), [(7.99, True), (8.01, False)])
def test_a_glance_at_a_long_diary_leaves_out_what_is_far_behind_the_likeliest_of_its_family(monkeypatch, behind, left):
    """The same curve twice, one of them so much less likely beforehand; of a short diary all are judged."""
    before, _, _, _ = brute_force()
    one = before._screen.candidates[1]
    pair = (one, replace(one, share=one.share * np.exp(-behind)))
    competition = Competition(before._posterior, Shapes(pair, DAYS, {"practice": 0.6}, 0.7), before._treatment)
    assert competition._in_reach() == pair
    monkeypatch.setattr(causes, "MOST_HELD", 2 * DAYS - 1)
    assert (pair[1] in competition._in_reach()) is left
    assert pair[0] in competition._in_reach()


def competing(pain):
    """(posterior, shapes, names of the treatment's columns) of the fit without a cause."""
    case = opened(pain, **TRIAL)
    observation = observe("continuous", case.outcome, case.usable, None)
    form = case.forms[0]
    return fit(series_of(case, form, observation, extra={})), competitors(case, observation), form.names


@pytest.mark.parametrize(
    ("seed", "pain"), [(1, 1.2 * np.exp(-DAY / 15)), (7, 1.2 * np.exp(-DAY / 15)), (34, 0.9 * (DAY >= 104))]
)
def test_where_the_usual_points_leave_it_unclear_the_share_is_that_of_all_points(seed, pain):
    """Practice or a jump that may be there. The usual 24 points err by up to 0.11; four times as many cost little."""
    posterior, shapes, names = competing(ill(seed=seed) + pain)
    every = Competition(posterior, shapes, names, len(posterior.weights)).share
    found = compete(posterior, shapes, names)
    assert max(found.share.values()) == pytest.approx(max(every.values()), abs=0.025)
    assert len(found._screen.at) <= 4 * screening.POINTS


@pytest.mark.parametrize(("share", "more"), [(0.297, False), (0.303, True), (0.797, True), (0.803, False)])
def test_a_competition_is_unclear_from_three_tenths_to_eight(share, more):
    before, _, _, _ = brute_force()
    weekday = before._screen.candidates[0]

    def with_odds(odds):
        return Shapes((weekday,), 0, {"weekday": odds}, 0.7)

    ratio = Competition(before._posterior, with_odds(1.0), before._treatment).share["weekday"]
    odds = share / (1 - share) * (1 - ratio) / ratio
    found = compete(before._posterior, with_odds(odds), before._treatment)
    assert (len(found._screen.at) > screening.POINTS) is more


def test_after_a_glance_the_shares_are_those_of_all_members(monkeypatch):
    """Three years with a cycle that is in them, and without one."""
    for seed, size in ((1, 0.35), (2, 0.0)):
        case = opened(ill(1095, seed) + size * np.cos(2 * np.pi * np.arange(1095) / 29), blocks(1095, 28), **TRIAL)
        all_of_them = fit_case(case, case.outcome).causes
        monkeypatch.setattr(causes, "MOST_HELD", 0)
        after = {cause.family: cause for cause in fit_case(case, case.outcome).causes}
        monkeypatch.undo()
        for cause in all_of_them:
            assert after[cause.family].share == pytest.approx(cause.share, rel=0.01, abs=1e-3)
            assert after[cause.family].adopted == cause.adopted


def test_a_medicine_that_does_nothing_in_a_plain_diary_is_not_moved():
    """Twelve diaries: on average by less than a fiftieth of an sd, none by more than a fifth; intervals as wide."""
    moves, widths = [], []
    for seed in range(12):
        before, now = (fitted(ill(seed=seed), causes=causes, **TRIAL).estimate for causes in (False, True))
        moves.append((now.mean - before.mean) / before.sd)
        widths.append(now.sd / before.sd)
    assert abs(np.mean(moves)) < 0.02
    assert np.max(np.abs(moves)) < 0.2
    assert 0.97 < np.mean(widths) < 1.03


@pytest.mark.parametrize("days", [60, 364, 1100, 2200])
def test_no_cause_is_likelier_than_not_before_the_diary_speaks(days):
    odds = shapes_of(days, 0, 1.0, None, ()).odds
    assert all(value < 0.7 for value in odds.values())


def test_a_jump_is_as_likely_as_its_rate_says_up_to_a_year():
    """Half a jump a year: 1 - exp(-1/4) in half a year, 1 - exp(-1/2) in a year and in three."""
    for days, share in ((182, 0.2205), (365, 0.3933), (1095, 0.3933)):
        odds = shapes_of(days, 0, 1.0, None, ()).odds["jump"]
        assert odds / (1 + odds) == pytest.approx(share, abs=2e-3)


def test_a_plain_diary_of_three_years_gets_no_column():
    """A change on some day of so many is sure to look like something."""
    dose = blocks(1092, 28)
    assert not any(part.adopted for part in fitted(ill(1092), dose, **TRIAL).parts)


def test_a_cycle_that_fits_the_blocks_gets_columns_of_its_own():
    """28 days, on and off in turn by fortnights: without the cycle the medicine seems to help."""
    days = np.arange(336)
    dose = blocks(336, 14)
    pain = ill(336) + 0.9 * np.cos(2 * np.pi * (days - 7) / 28)
    before, now = (fitted(pain, dose, causes=causes, **TRIAL) for causes in (False, True))
    cycle = now.causes[0]
    assert before.estimate.better > 0.999
    assert now.estimate.better < SURE_OF_SIGN
    assert (cycle.family, cycle.adopted) == ("cycle", True)
    assert cycle.share > 0.5
    assert cycle.as_well
    assert cycle.at == pytest.approx(28, abs=1)
    assert now.estimate.sd > 1.3 * before.estimate.sd


def test_what_explains_the_change_as_well_is_fitted_and_no_luck_of_the_points(monkeypatch):
    """One start, at once and large: a jump on that day. The same answer from 16 points and from 400."""
    dose = np.where(np.arange(200) >= 100, 4.5, 0.0)
    pain = wobbling(200, 3, 0.5) - 2 * dose / 4.5
    found = []
    for points in (16, 400):
        monkeypatch.setattr(screening, "POINTS", points)
        found.append(fitted(pain, dose))
    few, many = (f.estimate for f in found)
    assert few.sd == pytest.approx(many.sd, rel=0.03)
    assert few.mean == pytest.approx(many.mean, abs=0.03 * many.sd)
    assert ("jump",) in {part.adopted for part in found[0].parts}
    alone = fitted(pain, dose, causes=False).estimate
    assert few.sd > 1.05 * alone.sd
    assert few.better < alone.better
