"""One analysed diary as a value: the answer and everything it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import sqrt

from nightdose.arrays import Floats
from nightdose.diary.records import Diary
from nightdose.fit.estimate import Band
from nightdose.fit.fitted import Fitted
from nightdose.fit.health import HealthCheck
from nightdose.protocol.locked import Locked
from nightdose.question.design import Design
from nightdose.question.question import Question
from nightdose.verdict.answer import Certificate, DoseEffect, GuessCheck, MissingBad, RandomisationTest, Verdict
from nightdose.verdict.beside import EvidenceAnswer, Exploratory, PriorVariant

Summary = tuple[float, float, float]  # mean, 2.5 %, 97.5 %


@dataclass(frozen=True, slots=True)
class Nuisance:
    """What the fit learned besides the effect; outcome's own unit unless said."""

    drift_sd_90d: Summary  # sd of the slow drift over 90 days
    ar_phi: Summary  # day-to-day correlation of good and bad spells, no unit
    ar_sd: Summary
    noise_sd: Summary
    trend: Summary  # linear change over the whole diary
    onset_tau_d: Mapping[str, Summary]  # medicine -> time constant, days; empty for same-day


@dataclass(frozen=True, slots=True)
class DayFit:
    """How the recorded days lie in what all other days predict for them (`inference/predictive.py`).

    days : how many; histogram : shares of them in tenths of their predictive distribution; inside50, inside90 : share
    inside their central predictive intervals. far_out : indices of days with less than 1 chance in 2,000 on their side.
    week : correlation of days a week apart in what was not predicted, NaN below 30 such pairs; a rhythm left over.
    """

    days: int
    histogram: tuple[float, ...]
    inside50: float
    inside90: float
    far_out: tuple[int, ...]
    week: float

    @property
    def loose(self) -> bool:
        """True where the 90 % intervals hold more or fewer days than chance allows (three standard errors)."""
        return abs(self.inside90 - 0.9) > 3 * sqrt(0.9 * 0.1 / self.days)


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysed diary.

    outcome, dose : (days,) as analysed, NaN = missing / unknown.
    with_treatment, without_treatment : expected outcome under the doses taken, and had none been taken.
    onset_prior : one sentence; drug_notes : what the drug's file adds. fitted : the fit that the verdict rests on.
    The last fields stand beside the answer and are filled by `with_evidence`, `with_sensitivity`, `with_exploratory`.
    """

    question: Question
    diary: Diary
    outcome: Floats
    dose: Floats
    design: Design
    verdict: Verdict
    doses: tuple[DoseEffect, ...]
    with_treatment: Band | None
    without_treatment: Band | None
    nuisance: Nuisance | None
    guess: GuessCheck | None
    certificate: Certificate | None
    health: tuple[HealthCheck, ...]
    onset_prior: str
    drug_notes: tuple[str, ...]
    seconds: float
    randomisation_test: RandomisationTest | None = None
    protocol: tuple[Locked, ...] = ()
    missing_bad: MissingBad | None = None
    day_fit: DayFit | None = None
    fitted: Fitted | None = field(default=None, repr=False)
    with_evidence: EvidenceAnswer | None = None
    prior_variants: tuple[PriorVariant, ...] = ()
    exploratory: tuple[Exploratory, ...] = ()

    @property
    def refused(self) -> bool:
        """True where a fit was made and failed its own checks, so that no verdict rests on it."""
        return any(not check.ok for check in self.health)
