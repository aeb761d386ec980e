"""The fit's own checks: every bound from both sides, the worst part counts, and an unhealthy fit gets no judgement."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.fit import health
from nightdose.fit.case import open_case
from nightdose.fit.fitting import fit_case
from nightdose.fit.health import HealthCheck, expectation_health, health_checks, healthy
from nightdose.inference.selfcheck import EPCheck
from nightdose.verdict.answer import Checks
from nightdose.verdict.decide import decide


@cache
def fitted(scale="continuous"):
    dose = blocks(112, 14)
    pain = np.clip(np.round(wobbling(112) - 4 * dose / 4.5), 0, 10)
    case = open_case(diary(pain, naltrexone_mg=dose), ask(scale=scale, randomised="blocks", onset="same-day"))
    return case, fit_case(case, case.outcome)


def with_quality(ess=1000.0, unconverged=0.0):
    """The same fit, saying this of its own quality."""
    _, found = fitted()
    part = replace(found.leading, posterior=replace(found.leading.posterior, ess=ess, unconverged=unconverged))
    return replace(found, parts=(part,))


@pytest.mark.parametrize(("ess", "ok"), [(49.9, False), (50.0, True)])
def test_fifty_effective_points_are_asked_for(ess, ok):
    assert [check.ok for check in health_checks(with_quality(ess=ess))] == [ok, True]


@pytest.mark.parametrize(("unconverged", "ok"), [(0.02, True), (0.0201, False)])
def test_two_percent_may_be_unsettled(unconverged, ok):
    assert [check.ok for check in health_checks(with_quality(unconverged=unconverged))] == [True, ok]


@pytest.mark.parametrize("worse", [{"ess": 10.0}, {"unconverged": 0.5}])
def test_the_worst_part_counts(worse):
    good, bad = with_quality().leading, with_quality(**worse).leading
    for parts in ((good, bad), (bad, good)):
        assert not all(check.ok for check in health_checks(replace(with_quality(), parts=parts)))


@pytest.mark.parametrize("worse", [{"ess": 49.9}, {"unconverged": 0.0201}, {"ess": 50.0, "unconverged": 0.02}])
def test_a_dummy_diary_is_as_healthy_as_a_person_s(worse):
    found = with_quality(**worse)
    assert healthy([part.posterior for part in found.parts]) == all(check.ok for check in health_checks(found))


def test_an_effect_as_plain_as_can_be_is_not_judged_on_an_unhealthy_fit():
    """Four points better in alternating fortnights: `helps` on its own, refused where a check failed."""
    case, found = fitted()
    plain = replace(case, weaknesses=())
    trusted = decide(plain, found, Checks())
    refused = decide(plain, found, Checks((HealthCheck("any", 1.0, 0.0, False, "It failed."),)))
    assert trusted.answer == "helps"
    assert refused.answer == "not_yet_known"
    assert refused.estimate is None
    assert refused.reasons[0].code == "fit_unhealthy"


@pytest.mark.parametrize(
    ("shift", "error", "ok"),
    [(0.1, 0.0, True), (0.11, 0.0, False), (-0.11, 0.0, False), (0.19, 0.045, True), (0.19, 0.044, False)],
)
def test_a_tenth_of_an_sd_is_allowed_beyond_two_errors(monkeypatch, shift, error, ok):
    class Fake:
        def __init__(self, *_): ...

        def with_paths(self, *_):
            return EPCheck(shift, error, 0.3, 900.0, 8, 8, 128)

    monkeypatch.setattr(health, "PathCheck", Fake)
    (check,) = expectation_health(fitted("rating")[1], np.random.default_rng(0))
    assert check.ok is ok


@pytest.mark.parametrize(
    ("shift", "error", "answered", "drawn"),
    [
        (0.1, 0.02, 4, [32]),
        (0.1, 0.021, 4, [32, 64, 128]),
        (0.1, 0.05, 4, [32, 64, 128]),
        (0.1, 0.051, 4, [32, 64, 128, 512]),
        (0.01, 0.029, 4, [32]),
        (-0.01, 0.031, 4, [32, 64, 128]),
        (0.0, 0.0, 3, [32, 64, 128, 512]),
    ],
)
def test_an_unclear_check_is_made_again_with_more_draws(monkeypatch, shift, error, answered, drawn):
    """Unclear: an error above 0.02, later 0.05 sd, where a shift within three of it would not be allowed; or fewer than
    half of the 8 points answered."""
    asked = []

    class Fake:
        def __init__(self, *_): ...

        def with_paths(self, draws, _):
            asked.append(draws)
            return EPCheck(shift, error, 0.3, 900.0, answered, 8, 128)

    monkeypatch.setattr(health, "PathCheck", Fake)
    expectation_health(fitted("rating")[1], np.random.default_rng(0))
    assert asked == drawn
