"""The local code system: what is said of one person's diary for which no public code was found (docs/fhir.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

LOCAL = "urn:nightdose:codes:1"


@dataclass(frozen=True, slots=True)
class Term:
    """What a reader sees, and what it means."""

    display: str
    definition: str


TERMS: Mapping[str, Term] = MappingProxyType(
    {
        "letter": Term("N-of-1 letter", "One page about one person's own comparison of a medicine with doing without."),
        "answer": Term("Answer", "The answer to the question, one of five, with the improvement that it rests on."),
        "helps": Term("Better with it", "Better than without it, with the probability and the ceiling beside it."),
        "harms": Term("Worse with it", "Worse than without it, with the probability and the ceiling beside it."),
        "no_meaningful_difference": Term("No difference worth having", "Any difference is smaller than asked about."),
        "not_yet_known": Term("Not yet known", "The days so far leave more than one answer open."),
        "cannot_be_known": Term("Cannot be known", "The diary cannot tell the medicine apart from what else changed."),
        "ceiling": Term("Ceiling", "How much a diary of such a design can show."),
        "high": Term("High ceiling", "Drawn by lot and blinded, or nearly."),
        "moderate": Term("Moderate ceiling", "On and off often enough, and open or not drawn by lot."),
        "low": Term("Low ceiling", "Too few changes to tell the medicine from the times."),
        "mean": Term("Mean", "Posterior mean; positive is better, in the outcome's own unit."),
        "sd": Term("Standard deviation", "Posterior standard deviation, in the outcome's own unit."),
        "interval95": Term("95 % interval", "Central 95 % of the posterior, in the outcome's own unit."),
        "better": Term("P(better)", "Posterior probability of any improvement."),
        "meaningfully_better": Term("P(meaningfully better)", "Of an improvement of the size asked about, or more."),
        "meaningfully_worse": Term("P(meaningfully worse)", "Of a worsening of the size asked about, or more."),
        "no_difference": Term("P(no meaningful difference)", "Of a difference smaller than the size asked about."),
        "meaningful": Term("Meaningful difference", "The smallest difference worth having, as the person said it."),
        "settled": Term("Settled effect", "The improvement once each dose has settled; it carries the size."),
        "bad_days": Term("Bad days in 28", "Days at or beyond a line, in 28 days, with and without a dose."),
        "bad_line": Term("Line of a bad day", "The value from which a day counts as bad."),
        "with": Term("With the treatment", "On days with a dose above 0."),
        "without": Term("Without the treatment", "On days with a dose of 0."),
        "dose": Term("On days of a dose", "Days with it, of days with that dose."),
        "adherence": Term("Taken as planned", "Days on which what was planned was taken, of days with a plan."),
        "guesses": Term("Guesses that were right", "The person's guesses of what a capsule was, against what it was."),
        "false_alarm": Term("Wrong if it did nothing", "Share of simulated diaries like this one, without an effect, "
                            "that the same analysis calls better or worse."),
        "rescue_days": Term("Rescue days in 28", "Days with a rescue medicine, in 28 days, with and without a dose."),
        "overuse_line": Term("Overuse line", "Days a month from which such a medicine may keep headaches going."),
        "side_effect_days": Term("Days with a side effect", "Days on which it was written down, by dose."),
        "evening": Term("Evening questions", "What the person writes down each evening."),
        "source": Term("Data analysed", "SHA-256 of the days and the question, by which two letters can be compared."),
        "none_planned": Term("None was planned", "The plan asked for no dose on this day."),
        "not_taken": Term("Planned and not taken", "The plan asked for a dose on this day and none was taken."),
        "synthetic": Term("Synthetic diary", "Made by a program; not a person's data."),
    }
)  # fmt: skip
