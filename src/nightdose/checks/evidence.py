"""The diary alone beside the diary with what others' trials say; the verdict stays the diary's own."""

from __future__ import annotations

import numpy as np

from nightdose.errors import CallError
from nightdose.fit.case import Case
from nightdose.fit.fitted import Fitted, Form, Part
from nightdose.fit.health import health_checks
from nightdose.fit.other_priors import under_other_priors
from nightdose.inference.reprior import NormalPrior, PriorChange
from nightdose.knowledge.drugs import drug
from nightdose.knowledge.evidence_file import EvidencePrior
from nightdose.language.catalogue import say
from nightdose.language.number import number
from nightdose.question.kind import KINDS
from nightdose.question.question import Question
from nightdose.verdict.analysis import Analysis, EvidenceAnswer

LEAST_RESPONSE = 0.05
STRAIGHT = tuple(name for name, kind in KINDS.items() if kind.straight)


def with_evidence(analysis: Analysis, prior: EvidencePrior, *, threads: int = 1) -> Analysis:
    """The analysis with a second posterior beside it, from the same diary under the evidence prior.

    Under a dose-response form with response r(D), 1 at the largest dose taken or at its top, the coefficient b is the
    steady-state effect there in sd units. An effect m of the studied dose D, in the outcome's unit, is then

        b ~ N(m / (unit r(D)), (sd_of_mean^2 + heterogeneity^2) / (unit r(D))^2)

    The form with one effect per dose is left out: trials of one dose say nothing about the others. For a rating the
    prior is set before floor and ceiling bend it. Everything else of the model stays as it was; the verdict is not
    touched. Where the diary alone gives no number, there is none with evidence either.

    Raises CallError where the evidence is about another treatment, scale, unit or direction than the question.
    """
    check_fit(prior, analysis.question)
    fitted = analysis.fitted
    if fitted is None or not analysis.verdict.answered:
        return analysis.with_beside(evidence=_without_number(prior))
    return analysis.with_beside(evidence=_answer(analysis.case, fitted, prior, threads))


def _answer(case: Case, alone: Fitted, prior: EvidencePrior, threads: int) -> EvidenceAnswer:
    unit = alone.observation.unit

    def change(part: Part) -> PriorChange | None:
        one = unit * studied_response(part.form, prior.dose.value if case.question.unit else case.log.largest)
        if one <= LEAST_RESPONSE * unit:  # a form under which the studied dose does nothing knows no trial of it
            return None
        return PriorChange(coefficients=(NormalPrior(part.form.names[0], prior.mean.value / one, prior.sd / one),))

    with_prior = under_other_priors(case, alone, change, threads=threads)
    if with_prior is None or not all(check.ok for check in health_checks(with_prior)):
        return _without_number(prior)
    mean, sd = _expected(with_prior)
    found = with_prior.estimate
    return EvidenceAnswer(
        prior=prior,
        estimate=found,
        prior_improvement=(case.question.direction * mean, sd),
        shift=(found.mean - alone.estimate.mean) / alone.estimate.sd,
        prior_share=min(1.0, (found.sd / sd) ** 2) if sd > 0 else 1.0,
    )


def _without_number(prior: EvidencePrior) -> EvidenceAnswer:
    return EvidenceAnswer(prior, None, (float("nan"), float("nan")), 0.0, 1.0)


def studied_response(form: Form, dose: float) -> float:
    """The steady response of a form to the studied dose.

    A straight line between 0 and the doses that were taken, in proportion beyond the largest; 0 for a form with an
    effect of its own for every dose, of which trials of one dose say nothing.
    """
    if len(form.columns) > 1:
        return 0.0
    levels = sorted(form.steady)
    if dose > levels[-1]:
        return form.steady[levels[-1]][0] * dose / levels[-1]
    return float(np.interp(dose, [0.0, *levels], [0.0, *(form.steady[level][0] for level in levels)]))


def _expected(fitted: Fitted) -> tuple[float, float]:
    """Mean and sd of the prior on the effect reached under the doses taken, the forms by their shares."""
    shares, means, sds = [], [], []
    for part in fitted.parts:
        series, k = part.posterior.series, part.posterior.coefficient(part.form.names[0])
        reached = float(part.posterior.weights @ part.posterior.exposure[:, k - len(series.fixed_names)])
        shares.append(part.share)
        means.append(fitted.observation.unit * reached * float(series.border_mean[k]))
        sds.append(fitted.observation.unit * reached * float(series.border_sd[k]))
    mean = float(np.dot(shares, means))
    return mean, float(np.sqrt(np.dot(shares, np.square(sds) + np.square(np.array(means) - mean))))


def _other_ends(scale: tuple[float, float], ends: tuple[float, float] | None) -> str:
    """The evidence's scale against the outcome's."""
    here = say("{low} to {high}", low=number(ends[0]), high=number(ends[1])) if ends else say("no ends")
    return say(
        "it is on a scale of {low} to {high}, the outcome has {here}. If that is its scale, say that it goes from "
        "{low} to {high}.",
        low=number(scale[0]),
        high=number(scale[1]),
        here=here,
    )


def check_fit(prior: EvidencePrior, question: Question) -> None:
    """Raises CallError where a prior is about something else than what is asked."""

    def refuse(what: str, field: str = "evidence") -> CallError:
        return CallError(
            say("The evidence '{name}' does not fit this question: {what}", name=prior.name, what=what), field=field
        )

    known = drug(question.treatment)
    asked = known.name if known else question.treatment.casefold()
    if asked != prior.treatment.casefold():
        raise refuse(
            say(
                "it is about {treatment}, not {question_treatment}.",
                treatment=prior.treatment,
                question_treatment=question.treatment,
            )
        )
    if not question.kind.straight:
        raise refuse(
            say(
                "it is in {unit}s of a {straight} outcome, not {scale}.",
                unit=prior.mean.unit,
                straight=" or ".join(STRAIGHT),
                scale=question.scale,
            )
        )
    if question.better != prior.better:
        raise refuse(
            say(
                "there {better} is better, here {question_better}. Choose the other direction, or "
                "leave the evidence out.",
                better=prior.better,
                question_better=question.better,
            ),
            "better",
        )
    if prior.scale is not None and question.ends != prior.scale:
        raise refuse(_other_ends(prior.scale, question.ends), "limits")
    if question.unit and question.unit != prior.dose.unit:
        raise refuse(
            say(
                "its dose is in {unit}, the diary's in {question_unit}.",
                unit=prior.dose.unit,
                question_unit=question.unit,
            )
        )
