"""The answer: what makes it complete, how high it can count, the rule behind each, the reasons in their groups."""

from __future__ import annotations

import math

from nightdose.language.catalogue import mark, say
from nightdose.language.number import number
from nightdose.question.design import ENOUGH_SWITCHES
from nightdose.question.reason import Reason
from nightdose.verdict.answer import Answer, Ceiling, Verdict
from nightdose.verdict.rule import SIZE_AS_LIKELY_AS_NOT, SURE_OF_NOTHING
from nightdose.verdict.words import answer_words

COMPLETE: dict[Answer, str] = {
    "not_yet_known": mark(
        "This is a complete answer, not a failure: the days recorded so far leave room for more than one reading, and "
        "saying otherwise would be guessing."
    ),
    "cannot_be_known": mark(
        "This is a complete answer, not a failure: more arithmetic cannot take apart what happened at the same time. "
        "The diary is still worth keeping; what it lacks is named below."
    ),
}
CEILINGS: dict[Ceiling, str] = {
    "high": mark("high: the order was drawn at random and hidden, with at least {enough} changes between on and off"),
    "moderate": mark(
        "moderate: on and off were planned beforehand, in turn or drawn at random, but the person could know which it "
        "was, or the check without a model does not confirm it"
    ),
    "low": mark("low: what else changed at the same time cannot be fully taken apart from the medicine"),
}
GAUGES: dict[Ceiling, str] = {"low": "●○○", "moderate": "●●○", "high": "●●●"}
RED_FLAGS = mark(
    "New severe headache, weakness, jaundice, thoughts of suicide, opioid withdrawal: call, do not analyse."
)


def complete_words(answer: Answer) -> str:
    """Why `not yet known` and `cannot be known` are answers; empty for the others."""
    return say(COMPLETE.get(answer, ""))


def ceiling_words(ceiling: Ceiling) -> str:
    """The ceiling and why it is there."""
    return say(CEILINGS[ceiling], enough=number(ENOUGH_SWITCHES))


def red_flags() -> str:
    """When to call instead of reading on."""
    return say(RED_FLAGS)


def rules(sure: float, once: float) -> list[tuple[str, str]]:
    """(answer, when it is given), printed in every report.

    sure : of the direction, as asked for at this look; once : had it been the only one.
    """
    sign, single = (number(math.floor(1000 * p) / 10, 0.2) for p in (sure, once))
    size = number(100 * SIZE_AS_LIKELY_AS_NOT)
    often = "" if sure <= once else "; " + say("{once} % where a single look was declared and made", once=single)
    said: dict[Answer, str] = {
        "helps": say(
            "at least {sign} % probability of any improvement over the days on treatment, and at least {size} % that "
            "it matters once settled; in a blinded trial whose capsules gave themselves away, the same holds "
            "beyond the guesses",
            sign=sign,
            size=size,
        )
        + often,
        "harms": say("at least {sign} % probability of being worse, whatever the size", sign=sign) + often,
        "no_meaningful_difference": say(
            "at least {small} % probability that any difference is too small to matter, over the days on treatment and "
            "once settled",
            small=number(100 * SURE_OF_NOTHING),
        ),
        "not_yet_known": say("the design can answer the question, the recorded days do not yet"),
        "cannot_be_known": say("the design cannot answer the question, however the days are analysed"),
    }
    return [(answer_words(answer), rule) for answer, rule in said.items()]


def grouped_reasons(verdict: Verdict) -> list[tuple[str, list[Reason], int]]:
    """(heading, reasons, number of the first): those that are enough alone stand apart from the rest."""
    decisive = [reason for reason in verdict.reasons if reason.decisive]
    others = [reason for reason in verdict.reasons if not reason.decisive]
    alone = say("This alone is enough:") if len(decisive) == 1 else say("Each of these alone is enough:")
    groups = [(alone, decisive, 1), (say("Also:") if decisive else "", others, len(decisive) + 1)]
    return [group for group in groups if group[1]]
