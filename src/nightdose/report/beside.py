"""Words and rows for what stands beside the answer: others' evidence, other outcomes, other starting assumptions."""

from __future__ import annotations

import datetime
import math
from dataclasses import replace

from nightdose.diary.records import Diary
from nightdose.report.narrative import (
    amount,
    count,
    dose_amount,
    estimate_words,
    in_unit,
    number,
    plain,
    probability,
    span,
    unit_of,
    verdict_word,
)
from nightdose.verdict.analysis import Analysis
from nightdose.verdict.sentences import headline

FINE, COARSE = 0.1, 0.5  # two digits, one digit behind the point
FAR_APART = 2.0  # sd of the difference between diary and evidence
MOST_FAR_OUT = 6  # named, the rest counted
EXPLORATORY_NOTE = (
    "Exploratory: looked at because they are there, not judged. Of several outcomes one looks good by luck; so all are "
    "drawn towards what they have in common, the surer ones less. A question for the next trial, not an answer."
)


def evidence_words(analysis: Analysis) -> list[str]:
    """What others' trials expect, how far they move this diary's answer, and what of that is assumed."""
    beside, alone, question = analysis.with_evidence, analysis.verdict.estimate, analysis.question
    if beside is None:
        return []
    prior = beside.prior
    dose = dose_amount(prior.dose.value, prior.dose.unit)
    direction = f"{prior.treatment} minus placebo at {dose}, {prior.better} is better"
    said = [
        f"{prior.title}. Mean {number(prior.mean.value, FINE)} {prior.mean.unit}s ({direction}; standard "
        f"error {number(prior.sd_of_mean, FINE)}). One person's own effect may lie further out: a standard "
        f"deviation between people of {number(prior.heterogeneity.value, prior.heterogeneity.value)} is taken"
        + (f" ({prior.heterogeneity.kind}: {prior.heterogeneity.why})." if prior.heterogeneity.why else ".")
    ]
    if beside.estimate is None or alone is None:
        return [*said, "This diary alone gives no number, so none is given with the trials either: it would be theirs."]
    mean, sd = beside.prior_improvement
    before = (mean - 1.96 * sd, mean + 1.96 * sd)
    said.append(
        "For the doses and days of this diary, that expects an improvement of "
        f"{amount(mean, question, sd, signed=True)} (95 % {span(before, question, sd)}) before the diary is read. "
        f"Diary alone: {estimate_words(alone, question)}, probability of any improvement {probability(alone.better)}. "
        f"With the trials: {estimate_words(beside.estimate, question)}, {probability(beside.estimate.better)}."
    )
    said.append(
        f"The trials moved the answer by {number(abs(beside.shift), COARSE)} of its standard deviation "
        f"{'up' if beside.shift >= 0 else 'down'}; {probability(beside.prior_share)} of the precision is theirs. "
        "The answer at the top rests on the diary alone."
    )
    apart = abs(alone.mean - mean) / math.hypot(alone.sd, sd) if alone.sd > 0 or sd > 0 else 0.0
    if apart > FAR_APART:
        said.append(
            f"Diary and trials are far apart ({number(apart, COARSE)} standard deviations of their difference): one of "
            "them may not be about the same thing, and their average should not be trusted."
        )
    return said


def exploratory_rows(analysis: Analysis) -> list[tuple[str, str, str]]:
    """(outcome and its direction, improvement after shrinking, improvement had it been the only one)."""
    rows = []
    for found in analysis.exploratory:
        question, name = found.question, f"{plain(found.question.outcome)}, {found.question.better} is better"
        if found.shrunk is None:
            rows.append((name, "no number: " + found.sentence, ""))
            continue
        mean, sd, (low, high) = found.shrunk
        shown = [
            number(in_unit(v, question), in_unit(sd, question), signed=i == 0) for i, v in enumerate((mean, low, high))
        ]
        alone = estimate_words(found.alone, question) if found.alone else ""
        rows.append((name, f"{shown[0]} ({shown[1]} to {shown[2]}) {unit_of(question)}".rstrip(), alone))
    return rows


def sensitivity_words(analysis: Analysis) -> str:
    """Whether the answer would be another one under other starting assumptions."""
    variants = analysis.prior_variants
    if not variants:
        return ""
    others = [v for v in variants if v.answer != analysis.verdict.answer]
    if not others:
        return (
            f"Under each of the {count(len(variants), 'other assumption')} tried, one at a time, the answer stays "
            f"“{verdict_word(analysis.verdict)}”."
        )
    verdict, design = analysis.verdict, analysis.design
    words = [
        verdict_word(
            replace(
                verdict,
                answer=v.answer,
                estimate=v.estimate,
                headline=headline(v.answer, verdict.ceiling, design),
            )
        )
        for v in others
    ]
    changed = "; ".join(f"{v.words}: “{word}”" for v, word in zip(others, words, strict=True))
    return (
        f"The answer depends on the starting assumptions: it would be another one under {len(others)} of the "
        f"{len(variants)} tried ({changed})."
    )


def day_fit_words(analysis: Analysis) -> list[str]:
    """How the days lie in what the other days predict: shares inside, days far out, a weekly rhythm left over."""
    fit = analysis.day_fit
    if fit is None:
        return []
    said = [
        f"Each of the {fit.days:,} recorded days was predicted from all the others: {100 * fit.inside50:.0f} % lie in "
        f"the middle half of their prediction, {100 * fit.inside90:.0f} % in the middle nine tenths."
    ]
    if fit.loose:
        wide = fit.inside90 > 0.9
        said.append(
            f"That is {'more' if wide else 'fewer'} than chance allows: the model's picture of these ups and downs is "
            f"too {'wide' if wide else 'narrow'}, and the answer may be {'more careful' if wide else 'surer'} than it "
            "should be."
        )
    if fit.far_out:
        named = ", ".join(day_name(analysis.diary, day) for day in fit.far_out[:MOST_FAR_OUT])
        more = f" and {len(fit.far_out) - MOST_FAR_OUT} more" if len(fit.far_out) > MOST_FAR_OUT else ""
        said.append(
            f"Far from what was predicted (less than 1 chance in 2,000): {named}{more}. A slip of the pen? "
            "Correct it if it is one; a true day stays."
        )
    if math.isfinite(fit.week) and abs(fit.week) > 3 / fit.days**0.5:
        said.append(
            f"Days a week apart are alike in what was not predicted (correlation {fit.week:.2f}): a weekly rhythm may "
            "be left over. Ask with the day of the week taken into account."
        )
    return said


def day_name(diary: Diary, day: int) -> str:
    """The date of a day, or its number."""
    first = diary.first_day + day
    return datetime.date.fromordinal(first).isoformat() if diary.dated else f"day {first}"
