"""READ FIRST: the whole flow on one page. A diary and a question become an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nightdose.arrays import Floats
from nightdose.diary.records import Diary
from nightdose.protocol.design import Design
from nightdose.protocol.question import Question
from nightdose.verdict.answer import Band, Certificate, DoseEffect, GuessCheck, Verdict


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One self-check of the fit: what was measured, against what bound."""

    name: str
    value: float
    bound: float
    ok: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Nuisance:
    """What the fit learned besides the effect: mean and 95 % interval, outcome's own unit."""

    drift_sd_90d: tuple[float, float, float]  # slow drift over 90 days, sd
    ar_phi: tuple[float, float, float]  # day-to-day memory of good and bad spells
    ar_sd: tuple[float, float, float]
    noise_sd: tuple[float, float, float]
    trend: tuple[float, float, float]  # linear change over the whole diary
    onset_tau_d: Mapping[str, tuple[float, float, float]]  # name -> time constant, days; empty for same-day


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysed diary: the answer and everything it rests on."""

    question: Question
    diary: Diary
    outcome: Floats  # (days,) as analysed, NaN = missing
    dose: Floats  # (days,) as analysed, NaN = unknown
    design: Design
    verdict: Verdict
    doses: tuple[DoseEffect, ...]
    with_treatment: Band | None  # expected outcome under the doses really taken
    without_treatment: Band | None  # expected outcome had no dose been taken
    nuisance: Nuisance | None
    guess: GuessCheck | None
    certificate: Certificate | None
    health: tuple[HealthCheck, ...]
    onset_prior: str  # one sentence: which prior of the onset, from where
    drug_notes: tuple[str, ...]
    seconds: float
