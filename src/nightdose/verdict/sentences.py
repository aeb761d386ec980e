"""The verdict in plain words: the sentence of each answer, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nightdose.fit.estimate import Estimate
from nightdose.question.design import ENOUGH_SWITCHES, Design
from nightdose.question.question import Question
from nightdose.question.reason import Reason
from nightdose.verdict.answer import Answer, Ceiling, RandomisationTest

DESIGN_WORDS = {
    "randomised_days": "order drawn at random by day",
    "randomised_blocks": "order drawn at random by block",
    "alternating": "on and off in turn as planned, not drawn at random",
    "before_after": "before and after, not a trial",
    "unplanned": "on and off as it came, not planned beforehand",
    "always_on": "never without it",
    "never_on": "never with it",
}


def design_words(design: Design) -> str:
    """The design in a few words, for the sentence."""
    blind = "blinded" if design.blinded else "not blinded"
    changes = "1 switch" if design.switches == 1 else f"{design.switches} switches"
    return f"{DESIGN_WORDS[design.kind]}, {blind}, {changes}"


CAUSE = "cause not established"


def headline(answer: Answer, top: Ceiling, design: Design) -> str:
    """The large words of a judgement at ceiling low; "" for every other one."""
    if top != "low" or answer not in ("helps", "harms", "no_meaningful_difference"):
        return ""
    if answer == "no_meaningful_difference":
        return f"No difference that matters seen, {CAUSE}"
    started = design.planned is None and design.kind == "before_after" and not design.stopped
    since = "since" if started else "while it was taken"
    return f"{'Better' if answer == 'helps' else 'Worse'} {since}, {CAUSE}"


def against(test: RandomisationTest | None) -> str:
    """What the sentence carries where the re-randomisation test does not confirm it."""
    assert test is not None, "only a test speaks against a judgement"
    return (
        f"The check without a model does not confirm it: {100 * test.p:.0f} of 100 orders that could have been drawn "
        "would have shown as much. "
    )


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
    """What a sentence speaks of: the estimate over the days on treatment, and once each dose has settled.

    against : that a check does not confirm it, or "".
    """

    top: Ceiling
    question: Question
    design: Design
    estimate: Estimate
    settled: Estimate
    against: str = ""

    @property
    def tail(self) -> str:
        return f"{self.against}Ceiling of evidence: {self.top} ({design_words(self.design)})."

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
    large = headline(answer, said.top, said.design)
    lead = f"{large}: " if large else ""
    if answer == "helps":
        return _capital(
            f"{lead}{q.outcome} was better by {amount(q, e.mean)} {than} ({span_of(q, *e.interval95)}; {odds}). {tail}"
        )
    if answer == "harms":
        return _capital(
            f"{lead}{q.outcome} was worse by {amount(q, -e.mean)} {than} "
            f"({span_of(q, -e.interval95[1], -e.interval95[0])} worse; probability of any worsening "
            f"{percent(1 - e.better)}). {tail}"
        )
    if answer == "no_meaningful_difference":
        steady = said.settled
        return (
            f"{large or 'No difference that matters'}: compared with no {q.treatment}, the change in {q.outcome} is "
            f"smaller than {amount(q, q.meaningful)} with probability {percent(steady.no_meaningful_difference)} once "
            f"settled (improvement {amount(q, steady.mean)}, {span_of(q, *steady.interval95)}; over the days on "
            f"treatment {amount(q, e.mean)}, {span_of(q, *e.interval95)}). {said.tail}"
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


HOPE = (
    "the capsules could be told apart, and hope may have done it",
    "Capsules that cannot be told apart, for example a dummy with the same side effects, or more periods: only what "
    "goes beyond the guess can be told from hope.",
)
RHYTHM = (
    "blocks as short as these come and go like a cycle of your own, and the check without a model, which no cycle "
    "fools, does not confirm it",
    "More pairs of blocks in an order that is drawn, or blocks of four weeks: a cycle cannot follow them for long.",
)


def sentence_withheld(found: Answer, said: Said, doubt: str) -> str:
    """A judgement that the numbers earn and a doubt withholds."""
    q, e = said.question, said.estimate
    worse = found == "harms"
    sign = -1 if worse else 1
    low, high = sorted(sign * end for end in e.interval95)
    return _capital(
        f"not yet known: {q.outcome} was {'worse' if worse else 'better'} by {amount(q, sign * e.mean)} than it would "
        f"have been without {q.treatment} ({span_of(q, low, high)}; probability of any "
        f"{'worsening' if worse else 'improvement'} {percent(1 - e.better if worse else e.better)}), but {doubt}. "
        f"{said.once_settled} {said.tail}"
    )


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _sided(q: Question, x: float) -> str:
    return f"{amount(q, abs(x))} {'better' if x >= 0 else 'worse'}"


FOLLOWED = {
    "dose_follows_scores", "dose_follows_weekday", "dose_follows_rhythm", "dose_follows_month", "only_single_days",
    "short_breaks", "short_courses",
}  # fmt: skip


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
    if codes & FOLLOWED:
        return (
            "Let a plan and not the day decide: blocks of four weeks on and off, in an order that is drawn and written "
            "down beforehand, if your prescriber agrees. Then no weekday, cycle or bad day can imitate it."
        )
    return (
        "Days with and days without it, recorded the same way: at least three changes, best in random order, as your "
        "prescriber agrees."
    )


def change(answer: Answer, top: Ceiling, design: Design) -> str:
    if top == "low":
        return (
            f"{ENOUGH_SWITCHES} or more changes between on and off in random order, planned beforehand, if your "
            "prescriber agrees; this design alone can never show the cause."
        )
    if answer == "not_yet_known":
        return "More days of the same: each further pair of periods narrows the interval."
    if not design.blinded:
        return (
            "The same again with capsules that look alike, filled by somebody else, would answer the doubt about hope."
        )
    return "More periods in random order, if they went the other way."
