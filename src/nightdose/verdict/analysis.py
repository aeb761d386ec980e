"""One analysed diary as a value: the answer and everything it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import sqrt
from typing import Any

from nightdose.arrays import Floats
from nightdose.diary.records import Diary
from nightdose.fit.case import Case
from nightdose.fit.curves import Curves
from nightdose.fit.estimate import Band, Estimate
from nightdose.fit.fitted import Fitted
from nightdose.fit.health import HealthCheck
from nightdose.fit.learned import Nuisance
from nightdose.knowledge.drugs import drug_notes
from nightdose.knowledge.evidence_file import EvidencePrior
from nightdose.protocol.locked import Locked
from nightdose.protocol.sealing import Unblinding
from nightdose.question.design import Design
from nightdose.question.question import Question
from nightdose.verdict.answer import Answer, Checks, DoseEffect, GuessCheck, MissingBad, RandomisationTest, Verdict


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


MOST_FALSE_ALARMS = 0.05


@dataclass(frozen=True, slots=True)
class WorldRate:
    """Share of n null diaries of one world (`checks/worlds.py`) that are called `helps` or `harms`."""

    name: str
    n: int
    false_alarm: float
    false_alarm_interval95: tuple[float, float]


@dataclass(frozen=True, slots=True)
class AnyLook:
    """Share of n null diaries that are called `helps` or `harms` at any of the looks so far, this one included."""

    looks: int
    n: int
    false_alarm: float
    false_alarm_interval95: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Certificate:
    """How often this analysis would be wrong on this design, noise and missing days.

    false_alarm : share of null diaries called `helps` or `harms`; miss : share of diaries whose settled effect is the
    meaningful one not called `helps`. Each with its 95 % interval (Wilson). worlds : the same alarms in worlds that
    the model does not hold; any_look : at any look so far, None where it was not counted.
    """

    n: int
    seed: int
    false_alarm: float
    false_alarm_interval95: tuple[float, float]
    same_verdict_if_null: float
    miss: float
    miss_interval95: tuple[float, float]
    worlds: tuple[WorldRate, ...] = ()
    any_look: AnyLook | None = None

    @property
    def worst_world(self) -> WorldRate | None:
        """The world with the most false alarms; None where none was drawn."""
        return max(self.worlds, key=lambda world: world.false_alarm, default=None)

    @property
    def too_wrong(self) -> tuple[WorldRate, ...]:
        """Worlds that are worse than 5 in 100 beyond the chance of few diaries, worst first."""
        bad = [world for world in self.worlds if world.false_alarm_interval95[0] > MOST_FALSE_ALARMS]
        return tuple(sorted(bad, key=lambda world: -world.false_alarm))


@dataclass(frozen=True, slots=True)
class EvidenceAnswer:
    """The improvement with a prior from others' trials, and what the prior did to it.

    estimate : None where the diary alone gives no number, or the fit failed its checks.
    prior_improvement : mean and sd of the prior on the improvement that `estimate` is of (these doses, these days).
    shift : (mean with - mean alone) / sd alone; prior_share : share of the posterior's precision that is the prior's,
    1 / prior sd^2 over 1 / posterior sd^2, by normal approximation.
    """

    prior: EvidencePrior
    estimate: Estimate | None
    prior_improvement: tuple[float, float]
    shift: float
    prior_share: float


@dataclass(frozen=True, slots=True)
class PriorVariant:
    """The improvement had one prior been another, and the verdict that it would have earned."""

    code: str
    words: str
    estimate: Estimate
    answer: Answer


@dataclass(frozen=True, slots=True)
class Exploratory:
    """An outcome other than the primary: looked at, not judged.

    alone : what the outcome would say had it been the only one; shrunk : (mean, sd, central 95 %) of the improvement
    after all were shrunk together, None where the diary gives no number, and `sentence` says why.
    """

    question: Question
    alone: Estimate | None
    shrunk: tuple[float, float, tuple[float, float]] | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the answer and is never its basis; None or empty where it was not asked for.

    nuisance, curves, day_fit : what else the fit learned. certificate, evidence, prior_variants, exploratory : filled
    by `with_certificate`, `with_evidence`, `with_sensitivity`, `with_exploratory`. protocol : as it was locked.
    opened : boxes that were opened before the end.
    """

    nuisance: Nuisance | None = None
    curves: Curves | None = None
    day_fit: DayFit | None = None
    certificate: Certificate | None = None
    evidence: EvidenceAnswer | None = None
    prior_variants: tuple[PriorVariant, ...] = ()
    exploratory: tuple[Exploratory, ...] = ()
    protocol: tuple[Locked, ...] = ()
    opened: tuple[Unblinding, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysed diary: the case, its fit, the answer, the checks that it heard, and what stands beside it.

    fitted : None where the diary cannot be fitted. seconds : of computing. The properties below are short ways to the
    same values.
    """

    case: Case
    fitted: Fitted | None = field(repr=False)
    verdict: Verdict
    checks: Checks
    beside: Beside = Beside()
    seconds: float = 0.0

    def with_beside(self, **changes: Any) -> Analysis:
        """The same analysis with these fields of `beside` changed."""
        return replace(self, beside=replace(self.beside, **changes))

    @property
    def question(self) -> Question:
        """With the diary's own spelling of its names."""
        return self.case.question

    @property
    def diary(self) -> Diary:
        """As analysed: values outside the range have become problems."""
        return self.case.diary

    @property
    def outcome(self) -> Floats:
        """(days,) as analysed, NaN = missing."""
        return self.case.outcome

    @property
    def dose(self) -> Floats:
        """(days,) as written down, NaN = unknown."""
        return self.diary.dose(self.question.treatment)

    @property
    def design(self) -> Design:
        """What was recorded, counted."""
        return self.case.design

    @property
    def doses(self) -> tuple[DoseEffect, ...]:
        """Every dose taken, lowest first."""
        return self.checks.doses

    @property
    def guess(self) -> GuessCheck | None:
        """Did the person know?"""
        return self.checks.guess

    @property
    def health(self) -> tuple[HealthCheck, ...]:
        """The fit's own checks."""
        return self.checks.health

    @property
    def randomisation_test(self) -> RandomisationTest | None:
        """The check without a model."""
        return self.checks.randomisation_test

    @property
    def missing_bad(self) -> MissingBad | None:
        """The answer had the missing days been bad ones."""
        return self.checks.missing_bad

    @property
    def with_treatment(self) -> Band | None:
        """Expected outcome of every day under the doses taken."""
        return self.beside.curves.with_treatment if self.beside.curves else None

    @property
    def without_treatment(self) -> Band | None:
        """Expected outcome of every day had no dose been taken."""
        return self.beside.curves.without_treatment if self.beside.curves else None

    @property
    def nuisance(self) -> Nuisance | None:
        """What the fit learned other than the effect."""
        return self.beside.nuisance

    @property
    def day_fit(self) -> DayFit | None:
        """How the recorded days lie in what the other days predict."""
        return self.beside.day_fit

    @property
    def certificate(self) -> Certificate | None:
        """How often this analysis would be wrong."""
        return self.beside.certificate

    @property
    def with_evidence(self) -> EvidenceAnswer | None:
        """The second answer, with a prior from others' trials."""
        return self.beside.evidence

    @property
    def prior_variants(self) -> tuple[PriorVariant, ...]:
        """The answer under other starting assumptions."""
        return self.beside.prior_variants

    @property
    def exploratory(self) -> tuple[Exploratory, ...]:
        """Other outcomes of the same diary."""
        return self.beside.exploratory

    @property
    def protocol(self) -> tuple[Locked, ...]:
        """The locked protocol and its amendments."""
        return self.beside.protocol

    @property
    def opened(self) -> tuple[Unblinding, ...]:
        """Every time that boxes of the trial were opened before its end."""
        return self.beside.opened

    @property
    def onset_prior(self) -> str:
        """How fast an effect was taken to come, in a sentence."""
        return " ".join(self.case.onset_sentences)

    @property
    def drug_notes(self) -> tuple[str, ...]:
        """What the drug's file adds."""
        return drug_notes(self.question.treatment)

    @property
    def refused(self) -> bool:
        """True where a fit was made and failed its own checks, so that no verdict rests on it."""
        return bool(self.checks.failed)

    def summary(self) -> str:
        """The answer as the command line prints it, without colour: sentence, days, effect, reasons."""
        from nightdose.report.notebook import notebook_text

        return notebook_text(self)

    def __repr__(self) -> str:
        question, verdict = self.question, self.verdict
        e = verdict.estimate
        effect = f"; improvement {e.mean:.3g} ({e.interval95[0]:.3g} to {e.interval95[1]:.3g})" if e else ""
        asked = f"{question.outcome}, {question.treatment}"
        return f"<Analysis: {verdict.answer}; {asked}{effect}; ceiling {verdict.ceiling}; {self.design.days} days>"

    def _repr_html_(self) -> str:
        """What a notebook shows: the sentence and the pictures."""
        from nightdose.report.notebook import notebook_html

        return notebook_html(self)
