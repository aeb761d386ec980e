"""The numbers of an answer as rows (name, value), and the paragraphs on guesses and on the certificate."""

from __future__ import annotations

import math

import numpy as np

from nightdose.report.figures.effect import shift_words
from nightdose.report.narrative import (
    DESIGNS,
    WORDS,
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
from nightdose.verdict.answer import BlindingIndex
from nightdose.verdict.rule import ENOUGH_TO_CLEAR, GIVEN_AWAY

Rows = list[tuple[str, str]]


def effect_rows(analysis: Analysis) -> Rows:
    """The estimate, complete; empty where there is none."""
    e, settled, question = analysis.verdict.estimate, analysis.verdict.settled, analysis.question
    if e is None or settled is None:
        return []
    matters = amount(question.meaningful, question)
    rows = [
        ("Improvement, mean of the days on treatment", amount(e.mean, question, e.sd, signed=True)),
        ("95 % interval", span(e.interval95, question, e.sd)),
        ("Standard deviation", amount(e.sd, question, e.sd)),
        ("Probability of any improvement", probability(e.better)),
        ("Once settled, mean", amount(settled.mean, question, settled.sd, signed=True)),
        ("Once settled, 95 % interval", span(settled.interval95, question, settled.sd)),
        (f"Once settled, probability of better by {matters} or more", probability(settled.meaningfully_better)),
        ("Once settled, probability of too small to matter", probability(settled.no_meaningful_difference)),
        (f"Once settled, probability of worse by {matters} or more", probability(settled.meaningfully_worse)),
    ]
    if analysis.randomisation_test is not None:
        p = analysis.randomisation_test.p
        rows.append(("Without a model: as much by the luck of the draw alone (p)", p_value(p)))
    return rows


def dose_rows(analysis: Analysis) -> list[tuple[str, ...]]:
    """(dose, days, improvement, P(best of these), P(meaningfully better than the next lower)), lowest dose first."""
    return [
        (
            dose_amount(d.dose, analysis.question.unit),
            f"{d.days:,}",
            estimate_words(d.improvement, analysis.question),
            probability(d.p_best),
            probability(d.p_better_than_lower),
        )
        for d in analysis.doses
    ]


PLANNED = {
    "assigned": "yes, a dose for each day is written down",
    "locked": "yes, in a locked protocol",
    "stated": "drawn at random, as stated; the doses taken fit that",
    None: "no",
}


def design_rows(analysis: Analysis) -> Rows:
    """What was recorded, counted from what was really taken."""
    design, question = analysis.design, analysis.question
    unwritten = int(np.isnan(analysis.dose).sum()) - design.dose_unknown
    levels = ", ".join(dose_amount(d, question.unit) for d in design.dose_levels[:12])
    rows = [
        ("Design", DESIGNS[design.kind]),
        ("Planned beforehand", PLANNED[design.planned]),
        ("Days", f"{design.days:,}"),
        ("Days with a dose (with an entry)", f"{design.days_on:,} ({design.recorded_on:,})"),
        ("Days without a dose (with an entry)", f"{design.days_off:,} ({design.recorded_off:,})"),
        ("Days with unknown dose", f"{design.dose_unknown:,}"),
        ("Days without an entry", f"{design.missing:,}"),
        (
            "Changes between on and off, planned" if design.planned else "Settled changes between on and off",
            f"{design.switches:,}",
        ),
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
    arms = [
        f"{index_words(arm)} on the {count(arm.guesses, 'day')} {which} a dose"
        for which, arm in (("with", guess.bang_active), ("without", guess.bang_inactive))
        if arm is not None
    ]
    if arms:
        said.append(
            f"Bang’s blinding index: {', '.join(arms)}. 1 means always known, 0 guessed as by a coin, "
            f"{number(-1)} always the opposite."
        )
    if guess.james is not None:
        said.append(
            f"James’ blinding index: {index_words(guess.james)}. 0 means always known, 0.5 guessed as by a coin, "
            "1 that nobody claimed to know."
        )
    if guess.given_away is not None:
        more = guess.given_away > GIVEN_AWAY
        said.append(
            f"Did the guesses follow the capsule more than the scores can explain? {'Yes' if more else 'Not clearly'} "
            f"(z {number(guess.given_away)}, {GIVEN_AWAY:g} asked for): "
            + (
                "something else gave it away."
                if more
                else "there are too few guesses to say."
                if guess.days < ENOUGH_TO_CLEAR
                else "where they were right, feeling better or worse may be why, and then they say nothing against it."
            )
        )
    if guess.adjusted is not None:
        said.append(
            f"With the guess taken into account: {estimate_words(guess.adjusted, analysis.question)}. This is what is "
            "left of the difference between days with the same guess. Whoever guesses from a felt effect guesses "
            "right because of the effect; the adjustment then takes part of it away, and the number is a lower bound."
        )
    return said


def p_value(p: float) -> str:
    """`0.021`, `less than 0.001`."""
    if not math.isfinite(p):
        return "unknown"
    return "less than 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def lots_words(analysis: Analysis) -> list[str]:
    """The check without a model: would the luck of the draw alone have shown as much?"""
    test = analysis.randomisation_test
    if test is None:
        return []
    many = test.log10_space > 6.5  # a number nobody reads: how many digits it has
    possible = f"10^{test.log10_space:.0f}" if many else f"{round(10**test.log10_space, -2):,.0f}"
    compared = (
        f"all {test.schedules:,} orders that the lots could have given"
        if test.exact
        else f"{test.schedules:,} orders, drawn from about {possible} that the lots could have given"
    )
    unusual = (
        "The luck of the draw hardly explains the diary."
        if test.unusual
        else "The luck of the draw alone can explain the diary."
    )
    said = [
        "The order was drawn by lot, so it can be checked without any model of good and bad spells: had the medicine "
        "done nothing, every day would have been as it was under any other order too. "
        f"Of {compared}, {of_a_hundred(test.p)} show as much as the real one (p = {p_value(test.p)}). {unusual}",
        f"The orders are read off the doses: {test.space}.",
    ]
    if test.smallest > 0.05:
        said.append(f"So few orders are possible that p could not have been below {test.smallest:.2g}.")
    return said


def of_a_hundred(p: float) -> str:
    """`2.1 in 100`."""
    return f"{number(100 * p, 100 * p / 5 or 0.1)} in 100"


def missing_rows(analysis: Analysis) -> list[tuple[str, str, str, str]]:
    """(how bad the missing days were, improvement, probability of better, answer)."""
    missing, question = analysis.missing_bad, analysis.question
    if missing is None:
        return []
    return [
        (
            shift_words(s, question),
            estimate_words(s.estimate, question),
            probability(s.estimate.better),
            WORDS[s.answer],
        )
        for s in missing.shifts
    ]


def missing_words(analysis: Analysis) -> str:
    """Which days these are, and whether it matters."""
    missing = analysis.missing_bad
    if missing is None:
        return ""
    changed = missing.first_change(analysis.verdict.answer)
    matter = (
        "The answer stays the same over the whole band."
        if changed is None
        else f"From {shift_words(changed, analysis.question)} on, the answer is another one."
    )
    return (
        f"{count(missing.days_on, 'day')} with a dose and {count(missing.days_off, 'day')} without have no entry. "
        "The answer takes them to be like the days around them. On a bad day a diary is easily left empty: here is the "
        f"same answer had every one of them been worse than expected. {matter}"
    )


def index_words(index: BlindingIndex) -> str:
    """`0.40 (0.04 to 0.71)`."""
    return " to ".join(
        [f"{number(index.value, 0.05)} ({number(index.interval95[0], 0.05)}", f"{number(index.interval95[1], 0.05)})"]
    )


def certificate_words(analysis: Analysis) -> list[str]:
    """How often simulated diaries like this one would be judged wrongly."""
    c, question = analysis.certificate, analysis.question
    if c is None:
        return []

    def between(interval: tuple[float, float]) -> str:
        return f"95 % interval {number(100 * interval[0], 2)} to {number(100 * interval[1], 2)} in 100"

    return [
        f"{number(c.n)} diaries without an effect and as many with one were simulated with the same doses, gaps and "
        f"ups and downs as this one, and analysed in the same way (seed {c.seed}).",
        "With a drug that does nothing, the word “Helps” or “Harms” would have come up "
        f"{times_in_hundred(c.false_alarm)} ({between(c.false_alarm_interval95)}), and the very answer above "
        f"{times_in_hundred(c.same_verdict_if_null)}.",
        f"With a drug that improves {plain(question.outcome)} by {amount(question.meaningful, question)}, "
        f"the word “Helps” would have been missed {times_in_hundred(c.miss)} ({between(c.miss_interval95)}).",
    ]
