"""The certificate: the same counts whatever the workers, dummy diaries that are what they say, and a memory."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.analyse import analyse
from nightdose.checks.certificate import Rehearsal, Tally, certify, fingerprint, geometric_filter, with_certificate
from nightdose.exposure.onset import effect_compartment
from nightdose.fit.case import open_case
from nightdose.fit.fitting import fit_case

TRIAL = {"randomised": "blocks", "meaningful": 0.5}


def year(seed=1, scale="continuous"):
    dose = blocks(168)
    pain = wobbling(168, seed, 1.3) - 0.5 * effect_compartment(dose, 8.0, 0.0) / 4.5
    pain[::6] = np.nan
    if scale == "rating":
        pain = np.clip(np.round(pain), 0, 10)
    elif scale == "count":
        pain = np.round(np.clip(pain - 3, 0, None))
    elif scale == "binary":
        pain = np.where(np.isnan(pain), np.nan, pain > 5)
    return diary(pain, naltrexone_mg=dose)


def rehearsal(planted=-0.5, **question):
    case = open_case(year(scale=question.get("scale", "continuous")), ask(**TRIAL, **question))
    fitted = fit_case(case, case.outcome)
    return case, Rehearsal(fitted.leading.posterior, fitted.observation, "naltrexone", planted, 3)


@pytest.fixture(scope="module")
def certificates():
    """80 diaries of each kind, by one process and by two."""
    return [with_certificate(analyse(year(), ask(**TRIAL)), 80, seed=4, workers=n).certificate for n in (1, 2)]


@pytest.mark.long
def test_two_workers_count_what_one_counts(certificates):
    assert certificates[0] == certificates[1]
    assert certificates[0].n == 80


def test_the_first_diaries_of_a_longer_run_are_those_of_a_shorter_one():
    """Three diaries of each kind, then seven: each is drawn from its own seed, whatever was drawn before it."""

    def drawn(n):
        seen = []
        certify(lambda y: seen.append(y) or "not_yet_known", rehearsal()[1], "not_yet_known", n)
        return seen

    short, long = drawn(3), drawn(7)
    assert len(long) == 14
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(short, long, strict=False))
    assert not any(np.array_equal(short[0], other, equal_nan=True) for other in long[1:])


@pytest.mark.parametrize(
    ("scale", "planted"), [("continuous", -0.5), ("rating", -0.8), ("binary", -0.2), ("count", -0.7)]
)
def test_the_planted_effect_is_the_one_asked_for_on_the_outcome_s_own_scale(scale, planted):
    """Mean over 400 pairs of diaries on the days with a dose; the two differ by the effect and by noise."""
    case, r = rehearsal(planted, scale=scale)
    pairs = [r.outcomes(i) for i in range(400)]
    gained = np.array([np.nanmean(effect[case.on]) - np.nanmean(null[case.on]) for null, effect in pairs])
    assert np.mean(gained) == pytest.approx(planted, abs=4 * np.std(gained) / 20)
    assert all(np.array_equal(np.isnan(y), ~case.usable) for y in pairs[0])


@pytest.mark.parametrize(("scale", "effect"), [("continuous", -4.0), ("rating", -4.0)])
def test_diaries_without_an_effect_have_none_though_the_medicine_works(scale, effect):
    """Pain falls by four points on the medicine; 200 null diaries differ between on and off by nothing but noise."""
    dose = blocks(168)
    pain = wobbling(168, 1, 1.3) + effect * dose / 4.5
    pain = np.clip(np.round(pain), 0, 10) if scale == "rating" else pain
    case = open_case(diary(pain, naltrexone_mg=dose), ask(scale=scale, onset="same-day", **TRIAL))
    fitted = fit_case(case, case.outcome)
    r = Rehearsal(fitted.leading.posterior, fitted.observation, "naltrexone", -0.5, 3)
    nulls = [r.outcomes(i)[0] for i in range(200)]
    gained = np.array([np.mean(y[dose > 0]) - np.mean(y[dose == 0]) for y in nulls])
    assert np.mean(gained) == pytest.approx(0.0, abs=4 * np.std(gained) / np.sqrt(200))
    assert abs(np.mean(gained)) < 0.5


def test_on_a_medicine_that_plainly_works_false_alarms_stay_few_and_half_of_the_smallest_effects_is_missed():
    """Four points better, one is meaningful: of 40 nulls few are called, of 40 with exactly one point about half."""
    dose = blocks(336)
    d = diary(wobbling(336, 1, 0.8) - 4 * dose / 4.5, naltrexone_mg=dose)
    found = analyse(d, ask(randomised="blocks", onset="same-day"), certificate=40, curves=False)
    assert found.verdict.answer == "helps"
    assert found.certificate.false_alarm <= 0.15
    assert 0.2 <= found.certificate.miss <= 0.8


def test_alarms_are_helps_or_harms_without_an_effect_and_misses_all_but_helps_with_one():
    """Four diaries of each kind, judged from a list."""
    null = ("helps", "harms", "no_meaningful_difference", "not_yet_known")
    effect = ("helps", "helps", "harms", "no_meaningful_difference")
    says = iter([answer for pair in zip(null, effect, strict=True) for answer in pair])
    found = certify(lambda y: next(says), rehearsal()[1], "harms", 4)
    assert (found.false_alarm, found.miss, found.same_verdict_if_null) == (0.5, 0.5, 0.25)


def test_what_was_counted_once_is_not_simulated_again():
    kept: dict[str, Tally] = {}

    class Memory:
        get = kept.get
        put = kept.__setitem__

    judged = []
    _, r = rehearsal()
    judge = lambda outcome: judged.append(1) or "helps"  # noqa: E731
    one, two = (certify(judge, r, "helps", 6, about=("q",), remembered=Memory) for _ in range(2))
    assert one == two
    assert len(judged) == 12
    assert list(kept.values()) == [Tally({"helps": 6}, {"helps": 6})]
    certify(judge, r, "helps", 6, about=("another question",), remembered=Memory)
    assert len(kept) == 2


def test_equal_values_have_equal_fingerprints():
    case, r = rehearsal()
    again, s = rehearsal()
    assert fingerprint(case.log, r) == fingerprint(again.log, s)
    assert fingerprint(r) != fingerprint(rehearsal(-0.6)[1])
    assert fingerprint(np.zeros(2)) != fingerprint(np.zeros((2, 1)))


@pytest.mark.parametrize("tau", [0.0, 0.3, 9.0, 400.0])
def test_the_fast_filter_is_the_slow_one(tau):
    dose = np.random.default_rng(0).random(365)
    assert geometric_filter(dose, tau, 0.7) == pytest.approx(effect_compartment(dose, tau, 0.7), abs=1e-12)


def test_progress_is_shown_to_the_end():
    seen = []
    with_certificate(analyse(year(), ask(**TRIAL)), 5, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(2, 10), (4, 10), (6, 10), (8, 10), (10, 10)]
