"""The verdict in plain words: the sentence of each answer, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence

from nightdose.fit.estimate import Estimate
from nightdose.question.design import ENOUGH_SWITCHES, Design
from nightdose.question.question import Question
from nightdose.question.reason import Reason
from nightdose.verdict.answer import Answer, Ceiling

DESIGN_WORDS = {
    "randomised_days": "order drawn at random by day",
    "randomised_blocks": "order drawn at random by block",
    "alternating": "on and off in turn, not drawn at random",
    "before_after": "before and after, not a trial",
    "always_on": "never without it",
    "never_on": "never with it",
}


def design_words(design: Design) -> str:
    """The design in a few words, for the sentence."""
    blind = "blinded" if design.blinded else "not blinded"
    return f"{DESIGN_WORDS[design.kind]}, {blind}, {design.switches} switches"


def percent(p: float) -> str:
    """A probability for people; never quite 0 or 100."""
    if p > 0.99:
        return "more than 99 %"
    if p < 0.01:
        return "less than 1 %"
    return f"{100 * p:.0f} %"


def size(x: float) -> str:
    """A number for people: two digits that matter."""
    return f"{x:.2f}" if abs(x) < 1 else f"{x:.1f}" if abs(x) < 100 else f"{x:.0f}"


def amount(q: Question, x: float) -> str:
    """A difference of the outcome with its unit."""
    factor, unit = q.reading
    return f"{size(factor * x)} {unit}".rstrip()


def span_of(q: Question, low: float, high: float) -> str:
    return f"95 % interval {size(q.reading[0] * low)} to {size(q.reading[0] * high)}"


def sentence(answer: Answer, top: Ceiling, q: Question, d: Design, e: Estimate) -> str:
    than = f"than it would have been without {q.treatment}"
    odds = (
        f"probability of any improvement {percent(e.better)}, of at least {amount(q, q.meaningful)}: "
        f"{percent(e.meaningfully_better)}"
    )
    tail = f"Ceiling of evidence: {top} ({design_words(d)})."
    if answer == "helps":
        lead = "Better since, cause not established: " if top == "low" else ""
        return _capital(
            f"{lead}{q.outcome} was better by {amount(q, e.mean)} {than} ({span_of(q, *e.interval95)}; {odds}). {tail}"
        )
    if answer == "harms":
        lead = "Worse since, cause not established: " if top == "low" else ""
        return _capital(
            f"{lead}{q.outcome} was worse by {amount(q, -e.mean)} {than} "
            f"({span_of(q, -e.interval95[1], -e.interval95[0])} worse; probability of any worsening "
            f"{percent(1 - e.better)}). {tail}"
        )
    if answer == "no_meaningful_difference":
        return (
            f"No difference that matters: compared with no {q.treatment}, the change in {q.outcome} is smaller than "
            f"{amount(q, q.meaningful)} with probability {percent(e.no_meaningful_difference)} "
            f"(improvement {amount(q, e.mean)}, {span_of(q, *e.interval95)}). {tail}"
        )
    return (
        f"Not yet known: {q.outcome} under {q.treatment} compared with none may be anything from "
        f"{_sided(q, e.interval95[0])} to {_sided(q, e.interval95[1])} ({odds}). {tail}"
    )


REFUSED = "Not yet known: the calculation did not pass its own checks, so no number is given."
CHANGE_REFUSED = "More recorded days usually help; the diary itself is unharmed."


def cannot(decisive: Sequence[Reason]) -> str:
    """The sentence of a diary that cannot answer, by its first decisive reason."""
    return f"Cannot be known from this diary. {decisive[0].sentence}"


CHANGE_HOPE = (
    "Capsules that cannot be told apart, for example a dummy with the same side effects, or more periods: only what "
    "goes beyond the guess can be told from hope."
)


def sentence_hope(top: Ceiling, q: Question, d: Design, e: Estimate) -> str:
    return _capital(
        f"not yet known: {q.outcome} was better by {amount(q, e.mean)} than it would have been without {q.treatment} "
        f"({span_of(q, *e.interval95)}; probability of any improvement {percent(e.better)}, of at least "
        f"{amount(q, q.meaningful)}: {percent(e.meaningfully_better)}), but the capsules could be told apart, and hope "
        f"may have done it. Ceiling of evidence: {top} ({design_words(d)})."
    )


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _sided(q: Question, x: float) -> str:
    return f"{amount(q, abs(x))} {'better' if x >= 0 else 'worse'}"


def change_cannot(decisive: Sequence[Reason]) -> str:
    codes = {reason.code for reason in decisive}
    if codes & {"doses_unknown", "doses_mostly_unknown"}:
        return "Fill in the doses you know, 0 on days without one, and ask again."
    if codes & {"co_treatment_moved", "co_treatment_inseparable"}:
        return (
            "Keep everything else steady for some weeks, then ask your prescriber whether periods with and without it, "
            "in random order, are possible: at least three changes, one medicine at a time."
        )
    if codes & {"too_few_days", "outcome_constant"}:
        return "Keep the diary going, on a scale on which good and bad days differ."
    return (
        "Days with and days without it, recorded the same way: at least three changes, best in random order, as your "
        "prescriber agrees."
    )


def change(answer: Answer, top: Ceiling, design: Design) -> str:
    if top == "low":
        return (
            f"{ENOUGH_SWITCHES} or more changes between on and off in random order, if your prescriber agrees; this "
            "design alone can never show the cause."
        )
    if answer == "not_yet_known":
        return "More days of the same: each further pair of periods narrows the interval."
    if not design.blinded:
        return (
            "The same again with capsules that look alike, filled by somebody else, would answer the doubt about hope."
        )
    return "New periods in random order that disagree with these."
