"""The estimate in words and rows: the improvement, each dose, what else the fit learned."""

from __future__ import annotations

from nightdose.fit.estimate import Estimate
from nightdose.language.catalogue import say
from nightdose.language.number import dose_amount, number, p_value, percent, plain, whole
from nightdose.question.question import Question
from nightdose.question.words import amount, mean_and_span, span
from nightdose.report.words import Rows
from nightdose.verdict.analysis import Analysis


def estimate_words(estimate: Estimate, question: Question) -> str:
    """`+1.4 (0.6 to 2.2) points`: the mean and its 95 % interval."""
    return mean_and_span(estimate.mean, estimate.interval95, question, estimate.sd)


def effect_rows(analysis: Analysis) -> Rows:
    """The estimate, complete; empty where there is none."""
    e, settled, question = analysis.verdict.estimate, analysis.verdict.settled, analysis.question
    if e is None or settled is None:
        return []
    matters = amount(question.meaningful, question)
    rows = [
        (say("Improvement, mean of the days on treatment"), amount(e.mean, question, e.sd, signed=True)),
        (say("95 % interval"), span(e.interval95, question, e.sd)),
        (say("Standard deviation"), amount(e.sd, question, e.sd)),
        (say("Probability of any improvement"), percent(e.better)),
        (say("Once settled, mean"), amount(settled.mean, question, settled.sd, signed=True)),
        (say("Once settled, 95 % interval"), span(settled.interval95, question, settled.sd)),
        (
            say("Once settled, probability of better by {matters} or more", matters=matters),
            percent(settled.meaningfully_better),
        ),
        (say("Once settled, probability of too small to matter"), percent(settled.no_meaningful_difference)),
        (
            say("Once settled, probability of worse by {matters} or more", matters=matters),
            percent(settled.meaningfully_worse),
        ),
    ]
    if analysis.randomisation_test is not None and not analysis.case.claimed:
        p = analysis.randomisation_test.p
        rows.append((say("Without a model: as much by the luck of the draw alone (p)"), p_value(p)))
    return rows


def dose_rows(analysis: Analysis) -> list[tuple[str, ...]]:
    """(dose, days, improvement, P(best of these), P(meaningfully better than the next lower)), lowest dose first."""
    return [
        (
            dose_amount(d.dose, analysis.question.unit),
            whole(d.days),
            estimate_words(d.improvement, analysis.question),
            percent(d.p_best),
            percent(d.p_better_than_lower),
        )
        for d in analysis.doses
    ]


def nuisance_rows(analysis: Analysis) -> Rows:
    """What the fit learned other than the effect."""
    found = analysis.nuisance
    if found is None:
        return []

    def words(values: tuple[float, float, float]) -> str:
        mean, low, high = values
        like = (high - low) / 4
        return say("{mean} ({low} to {high})", mean=number(mean, like), low=number(low, like), high=number(high, like))

    rows = [
        (say("Slow drift over 90 days, standard deviation"), words(found.drift_sd_90d)),
        (say("Memory of good and bad spells, one day to the next"), words(found.ar_phi)),
        (say("Size of the spells, standard deviation"), words(found.ar_sd)),
        (say("The day's own scatter, standard deviation"), words(found.noise_sd)),
        (say("Steady trend over the whole diary"), words(found.trend)),
    ]
    rows += [
        (say("Onset time constant of {name}, days", name=plain(name)), words(tau))
        for name, tau in found.onset_tau_d.items()
    ]
    return rows
