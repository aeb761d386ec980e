"""What stands beside the answer and is never its basis: with others' evidence, other outcomes, other priors."""

from __future__ import annotations

from dataclasses import dataclass

from nightdose.fit.estimate import Estimate
from nightdose.knowledge.evidence_file import EvidencePrior
from nightdose.question.question import Question
from nightdose.verdict.answer import Answer


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
    """One outcome besides the primary: looked at, not judged.

    alone : what the outcome would say had it been the only one; shrunk : (mean, sd, central 95 %) of the improvement
    after all were shrunk together, None where the diary gives no number, and `sentence` says why.
    """

    question: Question
    alone: Estimate | None
    shrunk: tuple[float, float, tuple[float, float]] | None
    sentence: str
