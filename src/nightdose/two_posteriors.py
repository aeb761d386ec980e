"""The diary alone beside the diary with what others' trials say; the verdict stays the diary's own."""

from __future__ import annotations

from dataclasses import replace

from nightdose.analyse import Case, answered, health_checks, open_case
from nightdose.errors import CallError
from nightdose.inference.reprior import NormalPrior, PriorChange, under
from nightdose.knowledge.drugs import drug
from nightdose.knowledge.evidence_prior import EvidencePrior
from nightdose.protocol.question import Question
from nightdose.verdict.analysis import Analysis
from nightdose.verdict.beside import EvidenceAnswer
from nightdose.verdict.fitted import Fitted

SCALES = ("continuous", "rating")  # scales on which an effect in the outcome's own unit is a coefficient


def with_evidence(analysis: Analysis, prior: EvidencePrior, *, threads: int = 1) -> Analysis:
    """The analysis with a second posterior beside it, from the same diary under the evidence prior.

    The coefficient b of the treatment is the steady-state effect of the largest dose D_max in sd units; effects are
    proportional to the dose, so that an effect m of the studied dose D, in the outcome's unit, is

        b ~ N(m / (unit D / D_max), (sd_of_mean^2 + heterogeneity^2) / (unit D / D_max)^2)

    For a rating the prior is set before floor and ceiling bend it. Everything else of the model stays as it was; the
    verdict is not touched. Where the diary alone gives no number, there is none with evidence either.

    Raises CallError where the evidence is about another treatment, scale, unit or direction than the question.
    """
    check_fit(prior, analysis.question)
    fitted = analysis.fitted
    if fitted is None or analysis.verdict.estimate is None:
        return replace(analysis, with_evidence=EvidenceAnswer(prior, None, (float("nan"), float("nan")), 0.0, 1.0))
    return replace(
        analysis, with_evidence=_answer(open_case(analysis.diary, analysis.question), fitted, prior, threads)
    )


def _answer(case: Case, alone: Fitted, prior: EvidencePrior, threads: int) -> EvidenceAnswer:
    question = case.question
    studied = (
        prior.dose.value / case.log.largest if question.unit else 1.0
    )  # a 0/1 treatment: taken is the studied dose
    one = alone.observation.unit * studied  # the effect of the studied dose, in the outcome's unit, where b = 1
    posterior = under(
        alone.posterior,
        PriorChange(coefficients=(NormalPrior(question.treatment, prior.mean.value / one, prior.sd / one),)),
        threads=threads,
    )
    reached = float(posterior.weights @ posterior.exposure[:, 0]) / studied  # share of the studied dose's effect
    expected = (question.direction * prior.mean.value * reached, prior.sd * reached)
    if not all(check.ok for check in health_checks(posterior)):
        return EvidenceAnswer(prior, None, expected, 0.0, 1.0)
    paths = alone.made_paths if posterior.hyper is alone.posterior.hyper else None  # the same points
    found = answered(case, alone.observation, posterior, paths, threads).estimate
    return EvidenceAnswer(
        prior=prior,
        estimate=found,
        prior_improvement=expected,
        shift=(found.mean - alone.estimate.mean) / alone.estimate.sd,
        prior_share=min(1.0, (found.sd / expected[1]) ** 2) if expected[1] > 0 else 1.0,
    )


def check_fit(prior: EvidencePrior, question: Question) -> None:
    """Raises CallError where a prior is about something else than what is asked."""

    def refuse(what: str) -> CallError:
        return CallError(f"The evidence '{prior.name}' does not fit this question: {what}")

    known = drug(question.treatment)
    asked = known.name if known else question.treatment.casefold()
    if asked != prior.treatment.casefold():
        raise refuse(f"it is about {prior.treatment}, not {question.treatment}.")
    if question.scale not in SCALES:
        raise refuse(f"it is in {prior.mean.unit}s of a {' or '.join(SCALES)} outcome, not {question.scale}.")
    if question.better != prior.better:
        raise refuse(
            f"there {prior.better} is better, here {question.better}. Choose the other --better, or leave it out."
        )
    limits = question.ends if question.scale == "rating" else question.limits
    if prior.scale is not None and limits != prior.scale:
        low, high = prior.scale
        here = "no ends" if limits is None else f"{limits[0]:g} to {limits[1]:g}"
        raise refuse(
            f"it is on a scale of {low:g} to {high:g}, the outcome has {here}. Give --range {low:g} {high:g} if so."
        )
    if question.unit and question.unit != prior.dose.unit:
        raise refuse(f"its dose is in {prior.dose.unit}, the diary's in {question.unit}.")
