"""Every kind of outcome: planted effects come back on the observed scale."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary
from tests.test_analyse import exposure

from nightdose.analyse import analyse
from nightdose.checks.certificate import with_certificate
from nightdose.checks.sensitivity import with_sensitivity
from nightdose.errors import CallError
from nightdose.export.record import analysis_record
from nightdose.inference import observation
from nightdose.letter.background import Background
from nightdose.letter.letter import letter_of
from nightdose.question import kind, question
from nightdose.question.kind import KINDS
from nightdose.report.page import report_html

DAYS = 448
TRIAL = {"randomised": "blocks", "blinded": True}


def latent(effect: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.random.Generator]:
    """Latent path with spells and an effect that builds over six days, and the doses."""
    rng = np.random.default_rng(seed)
    spell = np.zeros(DAYS)
    for t in range(1, DAYS):
        spell[t] = 0.6 * spell[t - 1] + 0.5 * rng.standard_normal()
    dose = blocks(DAYS)
    return spell + effect * exposure(dose) / 4.5, dose, rng


def truth(expected, effect: float, dose: np.ndarray, eta: np.ndarray) -> float:
    """Mean over days on treatment of the expected outcome with minus without."""
    without = eta - effect * exposure(dose) / 4.5
    return float(np.mean((expected(eta) - expected(without))[dose > 0]))


def test_yes_or_no_answers_in_days():
    """A migraine on about half of the days; the medicine takes it off one in five."""
    eta, dose, rng = latent(-1.0)
    migraine = (rng.random(DAYS) < 1 / (1 + np.exp(-1.6 * eta))).astype(float)
    real = -truth(lambda x: 1 / (1 + np.exp(-1.6 * x)), -1.0, dose, eta)
    verdict = analyse(diary(migraine, naltrexone_mg=dose), ask(scale="binary", meaningful=2 / 28, **TRIAL)).verdict
    low, high = verdict.estimate.interval95
    assert low < real < high
    assert verdict.estimate.mean == pytest.approx(real, abs=0.12)
    assert verdict.answer == "helps"
    assert "days in 28" in verdict.sentence


def test_four_steps_answer_in_points():
    """0 none, 1 mild, 2 moderate, 3 severe, with uneven distances."""
    cuts = np.array([-0.8, 0.9, 1.2])
    eta, dose, rng = latent(-1.0, seed=1)
    severity = np.searchsorted(cuts, eta + rng.standard_normal(DAYS)).astype(float)
    from scipy import stats

    real = -truth(lambda x: stats.norm.sf(cuts[None] - x[:, None]).sum(axis=1), -1.0, dose, eta)
    verdict = analyse(diary(severity, naltrexone_mg=dose), ask(scale="ordinal", meaningful=0.2, **TRIAL)).verdict
    low, high = verdict.estimate.interval95
    assert low < real < high
    assert verdict.estimate.mean == pytest.approx(real, abs=0.25)
    assert "points" in verdict.sentence


def test_counts_answer_in_events():
    """About two attacks a day, halved by the medicine."""
    eta, dose, rng = latent(-0.7, seed=2)
    attacks = rng.poisson(np.exp(0.5 * eta + 0.7)).astype(float)
    real = -truth(lambda x: np.exp(0.5 * x + 0.7), -0.7, dose, eta)
    verdict = analyse(diary(attacks, naltrexone_mg=dose), ask(scale="count", meaningful=0.2, **TRIAL)).verdict
    low, high = verdict.estimate.interval95
    assert low < real < high
    assert verdict.estimate.mean == pytest.approx(real, abs=0.35)
    assert "in 28 days" in verdict.sentence


@pytest.mark.parametrize("scale", ["binary", "ordinal", "count"])
def test_no_effect_is_not_called_one(scale):
    eta, dose, rng = latent(0.0, seed=5)
    values = {
        "binary": (eta + rng.standard_normal(DAYS) > 0.3).astype(float),
        "ordinal": np.searchsorted([-1, 0.5, 1.5], eta + rng.standard_normal(DAYS)).astype(float),
        "count": rng.poisson(np.exp(0.4 * eta)).astype(float),
    }[scale]
    answer = analyse(diary(values, naltrexone_mg=dose), ask(scale=scale, meaningful=0.3, **TRIAL)).verdict.answer
    assert answer in ("not_yet_known", "no_meaningful_difference")


@pytest.mark.long
@pytest.mark.parametrize("scale", ["binary", "ordinal", "count"])
def test_curves_and_certificate_exist_for_every_kind(scale):
    eta, dose, rng = latent(-0.8, seed=6)
    values = (eta + rng.standard_normal(DAYS) > 0.3).astype(float)
    analysis = analyse(diary(values, naltrexone_mg=dose), ask(scale=scale, meaningful=0.1, **TRIAL), certificate=3)
    assert analysis.certificate.n == 3
    assert np.all(np.isfinite(analysis.with_treatment.mean))
    assert np.all(analysis.with_treatment.low >= 0)
    if scale != "count":
        assert np.all(analysis.without_treatment.high <= 1)


def test_a_rare_event_is_answered_without_confidence():
    """Six migraine days in a year."""
    values = np.zeros(DAYS)
    values[[20, 90, 150, 222, 301, 390]] = 1
    verdict = analyse(diary(values, naltrexone_mg=blocks(DAYS)), ask(scale="binary", meaningful=0.01, **TRIAL)).verdict
    assert verdict.answer == "not_yet_known"


@pytest.mark.parametrize(
    ("scale", "values", "sentence"),
    [("binary", [0, 1, 2], "yes or no"), ("count", [0, 1, 1.5], "whole numbers")],
)
def test_values_of_another_scale_are_a_wrong_call(scale, values, sentence):
    outcome = np.resize(np.array(values, dtype=float), DAYS)
    with pytest.raises(CallError, match=sentence):
        analyse(diary(outcome, naltrexone_mg=blocks(DAYS)), ask(scale=scale))


def test_a_negative_count_is_a_problem_and_the_rest_is_analysed():
    values = np.resize(np.array([0.0, 1, 3, -2]), DAYS)
    analysis = analyse(diary(values, naltrexone_mg=blocks(DAYS)), ask(scale="count", meaningful=0.5))
    assert len(analysis.diary.problems) == DAYS // 4
    assert analysis.verdict.estimate is not None


@pytest.fixture
def grades(monkeypatch):
    """A sixth kind, added as docs/recipes.md says: its row, and a function from values to a series."""
    added = replace(KINDS["ordinal"], says="grades of an attack, 0 to 4", meaningful=0.5)
    monkeypatch.setattr(kind, "KINDS", MappingProxyType({**KINDS, "grades": added}))
    monkeypatch.setattr(question, "KINDS", kind.KINDS, raising=False)
    monkeypatch.setattr(
        observation, "OBSERVED", MappingProxyType({**observation.OBSERVED, "grades": observation.OBSERVED["ordinal"]})
    )
    monkeypatch.setattr(question, "CHOICES", {**question.CHOICES, "scale": (*question.CHOICES["scale"], "grades")})


def test_a_kind_is_added_in_its_row_and_its_series_and_everything_else_asks_the_row(grades):
    """Answer, checks beside it, JSON, report, letter and certificate of a kind that no other file names."""
    eta, dose, _ = latent(-1.0)
    graded, dose = np.clip(np.round(2 + eta), 0, 4)[:224], dose[:224]
    asked = ask(scale="grades", meaningful=0.5, **TRIAL)
    found = with_sensitivity(with_certificate(analyse(diary(graded, naltrexone_mg=dose), asked), 2))
    same = analyse(diary(graded, naltrexone_mg=dose), ask(scale="ordinal", meaningful=0.5, **TRIAL))
    assert found.verdict.answer == same.verdict.answer
    assert found.verdict.estimate.mean == same.verdict.estimate.mean
    assert analysis_record(found)["scale"] == "grades"
    assert "grades" not in report_html(found)
    assert letter_of(found, Background()).word


def test_a_kind_is_named_in_two_files_of_the_package():
    """Its row and its series; `count` is also a likelihood of `inference/` and a scale that a diary is written on."""
    source = Path(kind.__file__).parents[1]
    own = {"inference": set(KINDS) - {"count"}, "diary": set(KINDS) - {"count"}}
    named = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*")
        if path.suffix in (".py", ".html")
        for name in own.get(path.relative_to(source).parts[0], set(KINDS))
        if f'"{name}"' in path.read_text(encoding="utf-8")
    }
    assert named == {"question/kind.py", "inference/observation.py"}
