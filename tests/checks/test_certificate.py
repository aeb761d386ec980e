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


def test_two_workers_count_what_one_counts(certificates):
    assert certificates[0] == certificates[1]
    assert certificates[0].n == 80


def test_the_first_diaries_of_a_longer_run_are_those_of_a_shorter_one():
    _, r = rehearsal()
    assert np.array_equal(r.outcomes(5)[1], r.outcomes(5)[1], equal_nan=True)
    assert not np.array_equal(r.outcomes(5)[0], r.outcomes(6)[0], equal_nan=True)


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
