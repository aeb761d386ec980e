"""The verdict in plain words: the name of each answer, its sentence, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nightdose.fit.estimate import Estimate
from nightdose.language.catalogue import mark, say
from nightdose.language.number import capital, number, percent, whole
from nightdose.question.design import ENOUGH_SWITCHES, Design
from nightdose.question.question import Question
from nightdose.question.reason import Reason
from nightdose.question.words import amount, comparator, design_words, otherwise, sided, sided_span, span95
from nightdose.verdict.answer import Answer, BesideRhythm, Ceiling, RandomisationTest, Since, Verdict
from nightdose.verdict.rule import SIZE_AS_LIKELY_AS_NOT, SURE_OF_SIGN

ANSWERS: dict[Answer, str] = {
    "helps": mark("Helps"),
    "harms": mark("Harms"),
    "no_meaningful_difference": mark("No difference that matters"),
    "not_yet_known": mark("Not yet known"),
    "cannot_be_known": mark("Cannot be known from this diary"),
}
# what nobody planned shows what came after, or with it, not what it came from
ANSWERS_AT_LOW_CEILING: dict[tuple[Answer, Since], str] = {
    ("helps", "since"): mark("Better since, cause not established"),
    ("harms", "since"): mark("Worse since, cause not established"),
    ("helps", "while"): mark("Better while it was taken, cause not established"),
    ("harms", "while"): mark("Worse while it was taken, cause not established"),
    ("no_meaningful_difference", "since"): mark("No difference that matters seen, but something else may hide one"),
    ("no_meaningful_difference", "while"): mark("No difference that matters seen, but something else may hide one"),
}
FOLLOWED = {
    "dose_follows_scores", "dose_follows_weekday", "dose_follows_rhythm", "dose_follows_month", "only_single_days",
    "short_breaks", "short_courses",
}  # fmt: skip
CEILINGS: dict[Ceiling, str] = {"high": mark("high"), "moderate": mark("moderate"), "low": mark("low")}


def answer_words(answer: Answer, ceiling: Ceiling = "high", since: Since = "since") -> str:
    """The large word of an answer."""
    low = ANSWERS_AT_LOW_CEILING.get((answer, since)) if ceiling == "low" else None
    return say(low or ANSWERS[answer])


def verdict_word(verdict: Verdict) -> str:
    """The large word of a verdict; its sentence always stands beside it."""
    return answer_words(verdict.answer, verdict.ceiling, verdict.since)


def since(design: Design) -> Since:
    """What a judgement at ceiling low speaks of: who stopped, or went on and off, has no time since."""
    once_begun = design.switches == 1 and not design.stopped and not design.only_said
    return "since" if once_begun else "while"


def sentence_after_word(verdict: Verdict) -> str:
    """The verdict's sentence where the large word stands above it: its first words are not said twice."""
    word, sentence = verdict_word(verdict), verdict.sentence
    rest = sentence[len(word) :].lstrip(".: ")
    if not rest or not sentence.casefold().startswith(word.casefold()):
        return sentence
    return capital(rest)


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence speaks of: the estimate over the days on treatment, and once each dose has settled.

    against : the re-randomisation test where it does not confirm the judgement.
    """

    ceiling: Ceiling
    question: Question
    design: Design
    estimate: Estimate
    settled: Estimate
    against: RandomisationTest | None = None

    @property
    def lead(self) -> Since:
        return since(self.design)

    @property
    def size(self) -> str:
        """How much better or worse over the days on treatment, without a sign."""
        return amount(abs(self.estimate.mean), self.question, self.estimate.sd)

    @property
    def any_improvement(self) -> str:
        return say("probability of any improvement {p}", p=percent(self.estimate.better))

    @property
    def once_settled(self) -> str:
        """The second number of a sentence: the size once each dose has settled."""
        q, e = self.question, self.settled
        return say(
            "Once settled: {mean} (95 % interval {span}), {better} by at least {matters} with probability {p}.",
            mean=sided(e.mean, q, e.sd),
            span=sided_span(e.interval95, q, e.sd),
            better=say("better") if e.mean >= 0 else say("worse"),  # the side that the mean is on
            matters=amount(q.meaningful, q),
            p=percent(e.meaningfully_better if e.mean >= 0 else e.meaningfully_worse),
        )

    @property
    def ceiling_words(self) -> str:
        ceiling = ceiling_sentence(self.ceiling, self.design, self.question)
        if self.against is None:
            return ceiling
        doubt = say(
            "The check without a model does not confirm it: {n} of 100 orders that could have been drawn would have "
            "shown as much.",
            n=number(100 * self.against.p, 20 * self.against.p or 0.1),
        )
        return f"{doubt} {ceiling}"


def ceiling_sentence(ceiling: Ceiling, design: Design, question: Question) -> str:
    """How much such a design can show: the last words of every sentence with a number."""
    return say(
        "Ceiling of evidence: {ceiling} ({design}).",
        ceiling=say(CEILINGS[ceiling]),
        design=design_words(design, question),
    )


def sentence(answer: Answer, said: Said) -> str:
    """The answer in plain words, with probability, comparator and ceiling."""
    main = {"helps": _helps, "harms": _harms, "no_meaningful_difference": _no_difference}.get(answer, _not_yet)(said)
    settled = () if answer == "no_meaningful_difference" else (said.once_settled,)
    return capital(" ".join((main, *settled, said.ceiling_words)))


def _helps(said: Said) -> str:
    q, e = said.question, said.estimate
    better = say(
        "{outcome} was better by {size} than it would have been {otherwise} ({span}; {odds}).",
        outcome=q.outcome,
        size=said.size,
        otherwise=otherwise(q),
        span=span95(e.interval95, q, e.sd),
        odds=said.any_improvement,
    )
    return f"{answer_words('helps', 'low', said.lead)}: {better}" if said.ceiling == "low" else better


def _harms(said: Said) -> str:
    q, e = said.question, said.estimate
    worse = say(
        "{outcome} was worse by {size} than it would have been {otherwise} ({span} worse; probability of any "
        "worsening {p}).",
        outcome=q.outcome,
        size=said.size,
        otherwise=otherwise(q),
        span=span95((-e.interval95[1], -e.interval95[0]), q, e.sd),
        p=percent(1 - e.better),
    )
    return f"{answer_words('harms', 'low', said.lead)}: {worse}" if said.ceiling == "low" else worse


def _no_difference(said: Said) -> str:
    q, e, settled = said.question, said.estimate, said.settled
    return say(
        "{answer}: compared with {comparator}, the change in {outcome} is smaller than {matters} with probability "
        "{p} once settled (improvement {settled}, {settled_span}; over the days on treatment {mean}, {span}).",
        answer=answer_words("no_meaningful_difference", said.ceiling, said.lead),
        comparator=comparator(q),
        outcome=q.outcome,
        matters=amount(q.meaningful, q),
        p=percent(settled.no_meaningful_difference),
        settled=amount(settled.mean, q, settled.sd),
        settled_span=span95(settled.interval95, q, settled.sd),
        mean=amount(e.mean, q, e.sd),
        span=span95(e.interval95, q, e.sd),
    )


def _not_yet(said: Said) -> str:
    q, e = said.question, said.estimate
    open_answer = say(
        "Not yet known: with {treatment}, {outcome} may be anything from {span} compared with {comparator} ({odds}).",
        comparator=comparator(q),
        treatment=q.treatment,
        outcome=q.outcome,
        span=sided_span(e.interval95, q, e.sd),
        odds=said.any_improvement,
    )
    if e.better < SURE_OF_SIGN or said.settled.meaningfully_better >= SIZE_AS_LIKELY_AS_NOT:
        return open_answer
    size = say(
        "That it is better is likely; that it is better by the {matters} worth having is not.",
        matters=amount(q.meaningful, q),
    )
    return f"{open_answer} {size}"


def sentence_hope(said: Said) -> str:
    """`helps` withheld: hope may have done it."""
    q, e = said.question, said.estimate
    main = say(
        "Not yet known: {outcome} was better by {size} than it would have been {otherwise} ({span}; {odds}), "
        "but the capsules could be told apart, and hope may have done it.",
        outcome=q.outcome,
        size=said.size,
        otherwise=otherwise(q),
        span=span95(e.interval95, q, e.sd),
        odds=said.any_improvement,
    )
    return " ".join((main, said.once_settled, said.ceiling_words))


def sentence_rhythm(found: Answer, said: Said, rhythm: BesideRhythm | None) -> str:
    """A judgement withheld: a rhythm of the person's own may have done it."""
    q, e = said.question, said.estimate
    better = found == "helps"
    was_better = mark("{outcome} was better by {size} than it would have been {otherwise} ({span}; {odds})")
    was_worse = mark("{outcome} was worse by {size} than it would have been {otherwise} ({span}; {odds})")
    was = say(
        was_better if better else was_worse,
        outcome=q.outcome,
        size=said.size,
        otherwise=otherwise(q),
        span=span95(e.interval95 if better else (-e.interval95[1], -e.interval95[0]), q, e.sd),
        odds=said.any_improvement,
    )
    if rhythm is None:
        main = say(
            "Not yet known: {was}, but blocks as short as these come and go like a cycle of your own, and the check "
            "without a model, which no cycle deceives, does not confirm it.",
            was=was,
        )
    else:
        main = say(
            "Not yet known: {was}, but blocks in fixed turns come and go like a rhythm of your own of about {n} days, "
            "and what such a rhythm cannot explain is too little.",
            was=was,
            n=rhythm.period_d,
        )
    return " ".join((main, said.once_settled, said.ceiling_words))


def change_rhythm(rhythm: BesideRhythm | None) -> str:
    """What would help where a rhythm may have done it; rhythm : the one that fits fixed turns."""
    if rhythm is not None:
        return say("Blocks in an order that is drawn: no rhythm can follow them for long.")
    return say(
        "More pairs of blocks in an order that is drawn, or blocks of four weeks: a cycle cannot follow them for long."
    )


def sentence_cannot(decisive: Sequence[Reason]) -> str:
    """The sentence of a diary that cannot answer, by its first decisive reason."""
    return say("Cannot be known from this diary. {reason}", reason=decisive[0].sentence)


def sentence_refused() -> str:
    """No judgement: the fit failed a check of its own."""
    return say("Not yet known: the calculation did not pass its own checks, so no number is given.")


def change_refused() -> str:
    """What would help where the fit failed a check of its own."""
    return say("More recorded days usually help; the diary itself is unharmed.")


def change_hope() -> str:
    """What would help where hope may have done it."""
    return say(
        "Capsules that cannot be told apart, for example a dummy with the same side effects, or more periods: only "
        "what goes beyond the guess can be told from hope."
    )


def change_cannot(decisive: Sequence[Reason]) -> str:
    """What would help a design that cannot answer."""
    codes = {reason.code for reason in decisive}
    if codes & {"doses_unknown", "doses_mostly_unknown"}:
        return say("Fill in the doses you know, 0 on days without one, and ask again.")
    if "taken_instead" in codes:
        return say("Ask how the one compares with the other: days of both are there. Or record days with neither.")
    if codes & {"co_treatment_moved", "co_treatment_inseparable"}:
        return say(
            "Keep everything else steady for some weeks, then ask your prescriber whether periods with and without it, "
            "in random order, are possible: at least three changes, one medicine at a time."
        )
    if "outcome_outside_range" in codes:
        return say("Ask again with the lowest and highest value that this scale has; the diary itself is unharmed.")
    if "comes_in_attacks" in codes:
        return say("Ask the same diary for attack days, as yes or no, or for attacks that begin, as a count.")
    if codes & {"too_few_days", "outcome_constant"}:
        return say("Keep the diary going, on a scale on which good and bad days differ.")
    if codes & FOLLOWED:
        return say(
            "Let a plan and not the day decide: blocks of four weeks on and off, in an order that is drawn and written "
            "down beforehand, if your prescriber agrees. Then no weekday, cycle or bad day can imitate it."
        )
    return say(
        "Days with and days without it, recorded the same way: at least three changes, best in random order, as your "
        "prescriber agrees."
    )


def change(answer: Answer, ceiling: Ceiling, design: Design, question: Question) -> str:
    """What to do to learn more."""
    if ceiling == "low" and question.against:
        return say(
            "{enough} or more changes between {treatment} and {other} in random order, planned beforehand, if your "
            "prescriber agrees; this design alone can never show the cause.",
            enough=whole(ENOUGH_SWITCHES),
            treatment=question.treatment,
            other=question.against,
        )
    if design.only_said and design.by_word == "scores":
        return say(
            "The same again, with the dose that is asked for written down beforehand for each day, or with capsules "
            "that look alike: then nobody can choose by how the day went."
        )
    if ceiling == "low":
        return say(
            "{enough} or more changes between on and off in random order, planned beforehand, if your prescriber "
            "agrees; this design alone can never show the cause.",
            enough=whole(ENOUGH_SWITCHES),
        )
    if answer == "not_yet_known":
        return say("More days of the same: each further pair of periods narrows the interval.")
    if not design.blinded:
        return say(
            "The same again with capsules that look alike, filled by somebody else, would answer the doubt about hope."
        )
    return say("Only another trial of this kind, in a new random order, that came out differently.")
