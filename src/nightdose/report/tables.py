"""The numbers of an answer as rows (name, value), and the paragraphs on guesses and on the certificate."""

from __future__ import annotations

import math

import numpy as np

from nightdose.report.narrative import (
    DESIGNS,
    amount,
    count,
    dose_amount,
    estimate_words,
    number,
    plain,
    probability,
    span,
    times_in_hundred,
)
from nightdose.verdict.analysis import Analysis

Rows = list[tuple[str, str]]


def effect_rows(analysis: Analysis) -> Rows:
    """The estimate, complete; empty where there is none."""
    e, question = analysis.verdict.estimate, analysis.question
    if e is None:
        return []
    matters = amount(question.meaningful, question)
    return [
        ("Improvement, mean", amount(e.mean, question, e.sd, signed=True)),
        ("95 % interval", span(e.interval95, question, e.sd)),
        ("Standard deviation", amount(e.sd, question, e.sd)),
        ("Probability of any improvement", probability(e.better)),
        (f"Probability of better by {matters} or more", probability(e.meaningfully_better)),
        ("Probability of too small to matter", probability(e.no_meaningful_difference)),
        (f"Probability of worse by {matters} or more", probability(e.meaningfully_worse)),
    ]


def dose_rows(analysis: Analysis) -> list[tuple[str, str, str, str]]:
    """(dose, days, improvement, probability of being the best of these), lowest dose first."""
    return [
        (
            dose_amount(d.dose, analysis.question.unit),
            f"{d.days:,}",
            estimate_words(d.improvement, analysis.question),
            probability(d.p_best),
        )
        for d in analysis.doses
    ]


def design_rows(analysis: Analysis) -> Rows:
    """What was recorded, counted from what was really taken."""
    design, question = analysis.design, analysis.question
    unwritten = int(np.isnan(analysis.dose).sum()) - design.dose_unknown
    levels = ", ".join(dose_amount(d, question.unit) for d in design.dose_levels[:12])
    rows = [
        ("Design, from the doses taken", DESIGNS[design.kind]),
        ("Days", f"{design.days:,}"),
        ("Days with a dose (with an entry)", f"{design.days_on:,} ({design.recorded_on:,})"),
        ("Days without a dose (with an entry)", f"{design.days_off:,} ({design.recorded_off:,})"),
        ("Days with unknown dose", f"{design.dose_unknown:,}"),
        ("Days without an entry", f"{design.missing:,}"),
        ("Changes between on and off", f"{design.switches:,}"),
    ]
    if unwritten > 0:
        rows.append(("Doses not written down, taken to be those before and after", f"{unwritten:,}"))
    if levels and question.unit:
        rows.append(("Doses taken", levels + (", …" if len(design.dose_levels) > 12 else "")))
    drawn = {"blocks": "yes, in blocks", "days": "yes, day by day", "none": "no"}[design.randomised]
    rows.append(("Order drawn by lot", drawn))
    rows.append(("Hidden from the person", "yes" if design.blinded else "no"))
    return rows


def nuisance_rows(analysis: Analysis) -> Rows:
    """What the fit learned besides the effect."""
    found = analysis.nuisance
    if found is None:
        return []

    def words(values: tuple[float, float, float]) -> str:
        mean, low, high = values
        like = (high - low) / 4
        return f"{number(mean, like)} ({number(low, like)} to {number(high, like)})"

    rows = [
        ("Slow drift over 90 days, standard deviation", words(found.drift_sd_90d)),
        ("Memory of good and bad spells, one day to the next", words(found.ar_phi)),
        ("Size of the spells, standard deviation", words(found.ar_sd)),
        ("The day's own scatter, standard deviation", words(found.noise_sd)),
        ("Steady trend over the whole diary", words(found.trend)),
    ]
    rows += [(f"Onset time constant of {plain(name)}, days", words(tau)) for name, tau in found.onset_tau_d.items()]
    return rows


def guess_words(analysis: Analysis) -> list[str]:
    """How the guesses went, and what is left of the effect after them."""
    guess = analysis.guess
    if guess is None:
        return []
    low, high = (probability(v) for v in guess.interval95)
    rate = f"{probability(guess.rate)}, 95 % interval {low} to {high}" if math.isfinite(guess.rate) else "no rate"
    said = [
        f"{count(guess.days, 'guess').replace('guesss', 'guesses')} recorded; {guess.correct:,} of the "
        f"{guess.counted:,} that took a side were right ({rate}). "
        + (
            "That is better than chance: expectation may be part of the difference."
            if guess.better_than_chance
            else "Chance alone can do that; the diary gives no sign that the capsules were told apart."
        )
    ]
    if guess.adjusted is not None:
        said.append(f"With the guess taken into account: {estimate_words(guess.adjusted, analysis.question)}.")
    return said


def certificate_words(analysis: Analysis) -> list[str]:
    """How often simulated diaries like this one would be judged wrongly."""
    c, question = analysis.certificate, analysis.question
    if c is None:
        return []

    def between(interval: tuple[float, float]) -> str:
        return f"95 % interval {number(100 * interval[0], 2)} to {number(100 * interval[1], 2)} in 100"

    return [
        f"{number(c.n)} diaries were simulated with the same doses, gaps and ups and downs as this one, and "
        f"analysed in the same way (seed {c.seed}).",
        "With a drug that does nothing, the word “Helps” or “Harms” would have come up "
        f"{times_in_hundred(c.false_alarm)} ({between(c.false_alarm_interval95)}), and the very answer above "
        f"{times_in_hundred(c.same_verdict_if_null)}.",
        f"With a drug that improves {plain(question.outcome)} by {amount(question.meaningful, question)}, "
        f"the word “Helps” would have been missed {times_in_hundred(c.miss)} ({between(c.miss_interval95)}).",
    ]
