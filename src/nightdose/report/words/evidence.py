"""Beside the answer: what others' trials expect, how far they move it, and what of that is assumed."""

from __future__ import annotations

import math

from nightdose.fit.estimate import Estimate
from nightdose.knowledge.evidence_file import EvidencePrior
from nightdose.language.catalogue import say
from nightdose.language.number import COARSE, FINE, dose_amount, number, percent
from nightdose.question.question import Question
from nightdose.question.words import amount, span95
from nightdose.report.words.estimate import estimate_words
from nightdose.statistics import Z95
from nightdose.verdict.analysis import Analysis, EvidenceAnswer

FAR_APART = 2.0  # sd of the difference between diary and evidence


def evidence_words(analysis: Analysis) -> list[str]:
    """Paragraphs; none where no evidence was asked for."""
    beside, alone, question = analysis.with_evidence, analysis.verdict.estimate, analysis.question
    if beside is None:
        return []
    said = [_trials(beside.prior)]
    if beside.estimate is None or alone is None:
        said.append(
            say("This diary alone gives no number, so none is given with the trials either: it would be theirs.")
        )
        return said
    said.append(_three_numbers(beside, beside.estimate, alone, question))
    shift = number(abs(beside.shift), COARSE)
    moved = (
        say("The trials moved the answer up by {shift} of its standard deviations", shift=shift)
        if beside.shift >= 0
        else say("The trials moved the answer down by {shift} of its standard deviations", shift=shift)
    )
    said.append(
        say(
            "{moved}; {share} of the precision is theirs. The answer at the top rests on the diary alone.",
            moved=moved,
            share=percent(beside.prior_share),
        )
    )
    mean, sd = beside.prior_improvement
    apart = abs(alone.mean - mean) / math.hypot(alone.sd, sd) if alone.sd > 0 or sd > 0 else 0.0
    if apart > FAR_APART:
        said.append(
            say(
                "Diary and trials are far apart ({apart} standard deviations of their difference): one of them may not "
                "be about the same thing, and their average should not be trusted.",
                apart=number(apart, COARSE),
            )
        )
    return said


def _trials(prior: EvidencePrior) -> str:
    direction = say("higher is better") if prior.better == "higher" else say("lower is better")
    between = prior.heterogeneity
    assumed = say("{kind}: {why}", kind=say(between.kind), why=say(between.why)) if between.why else ""
    return say(
        "{title}. Mean {mean} {unit}s ({treatment} minus placebo at {dose}, {direction}; standard error {error}). One "
        "person's own effect may lie further out: a standard deviation between people of {sd} is taken{assumed}.",
        title=say(prior.title),
        mean=number(prior.mean.value, FINE),
        unit=say(prior.mean.unit),
        treatment=prior.treatment,
        dose=dose_amount(prior.dose.value, prior.dose.unit),
        direction=direction,
        error=number(prior.sd_of_mean, FINE),
        sd=number(between.value, between.value),
        assumed=f" ({assumed})" if assumed else "",
    )


def _three_numbers(beside: EvidenceAnswer, both: Estimate, alone: Estimate, question: Question) -> str:
    mean, sd = beside.prior_improvement
    return say(
        "For the doses and days of this diary, that expects an improvement of {expected} ({span}) before the diary is "
        "read. Diary alone: {alone}, probability of any improvement {p_alone}. With the trials: {both}, {p_both}.",
        expected=amount(mean, question, sd, signed=True),
        span=span95((mean - Z95 * sd, mean + Z95 * sd), question, sd),
        alone=estimate_words(alone, question),
        p_alone=percent(alone.better),
        both=estimate_words(both, question),
        p_both=percent(both.better),
    )


def evidence_line(analysis: Analysis) -> str:
    """The second posterior in one sentence, beside the first; empty where there is none."""
    beside = analysis.with_evidence
    if beside is None or beside.estimate is None:
        return ""
    return say(
        "With the trials' evidence on {condition}, beside it: {both}; {share} of the precision is theirs.",
        condition=say(beside.prior.condition),
        both=estimate_words(beside.estimate, analysis.question),
        share=percent(beside.prior_share),
    )
