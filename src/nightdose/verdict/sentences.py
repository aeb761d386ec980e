"""The verdict in plain words: the sentence of each answer, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence speaks of: the estimate over the days on treatment, and once each dose has settled."""

    top: Ceiling
    question: Question
    design: Design
    estimate: Estimate
    settled: Estimate

    @property
    def tail(self) -> str:
        return f"Ceiling of evidence: {self.top} ({design_words(self.design)})."

    @property
    def once_settled(self) -> str:
        """The second number of a sentence: the size once each dose has settled."""
        q, e = self.question, self.settled
        return (
            f"Once settled: {_sided(q, e.mean)} (95 % interval {_sided(q, e.interval95[0])} to "
            f"{_sided(q, e.interval95[1])}), by at least {amount(q, q.meaningful)} with probability "
            f"{percent(e.meaningfully_better)}."
        )


def sentence(answer: Answer, said: Said) -> str:
    q, e = said.question, said.estimate
    than = f"than it would have been without {q.treatment}"
    odds = f"probability of any improvement {percent(e.better)}"
    tail = f"{said.once_settled} {said.tail}"
    if answer == "helps":
        lead = "Better since, cause not established: " if said.top == "low" else ""
        return _capital(
            f"{lead}{q.outcome} was better by {amount(q, e.mean)} {than} ({span_of(q, *e.interval95)}; {odds}). {tail}"
        )
    if answer == "harms":
        lead = "Worse since, cause not established: " if said.top == "low" else ""
        return _capital(
            f"{lead}{q.outcome} was worse by {amount(q, -e.mean)} {than} "
            f"({span_of(q, -e.interval95[1], -e.interval95[0])} worse; probability of any worsening "
            f"{percent(1 - e.better)}). {tail}"
        )
    if answer == "no_meaningful_difference":
        steady = said.settled
        return (
            f"No difference that matters: compared with no {q.treatment}, the change in {q.outcome} is smaller than "
            f"{amount(q, q.meaningful)} with probability {percent(steady.no_meaningful_difference)} once settled "
            f"(improvement {amount(q, steady.mean)}, {span_of(q, *steady.interval95)}; over the days on treatment "
            f"{amount(q, e.mean)}, {span_of(q, *e.interval95)}). {said.tail}"
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


def sentence_hope(said: Said) -> str:
    q, e = said.question, said.estimate
    return _capital(
        f"not yet known: {q.outcome} was better by {amount(q, e.mean)} than it would have been without {q.treatment} "
        f"({span_of(q, *e.interval95)}; probability of any improvement {percent(e.better)}), but the capsules could be "
        f"told apart, and hope may have done it. {said.once_settled} {said.tail}"
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
