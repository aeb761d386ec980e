"""A question, its design and the numbers of its outcome in words: one table for each, whoever prints them."""

from __future__ import annotations

from nightdose.language.catalogue import mark, say, say_count
from nightdose.language.number import number, percent, plain
from nightdose.question.design import Design, DesignKind
from nightdose.question.question import Question

DESIGNS: dict[DesignKind, str] = {
    "randomised_days": mark("each day drawn at random"),
    "randomised_blocks": mark("blocks of days, their order drawn at random"),
    "alternating": mark("on and off in turn as planned, not drawn at random"),
    "before_after": mark("before and after, not a trial"),
    "unplanned": mark("on and off as it came, not planned beforehand"),
    "always_on": mark("never without it"),
    "never_on": mark("never with it"),
}
ONLY_SAID: dict[DesignKind, str] = {
    "randomised_days": mark("each day said to be drawn at random"),
    "randomised_blocks": mark("blocks of days, their order said to be drawn at random"),
}


def design_name(design: Design) -> str:
    """The kind of a design; a draw that somebody's word alone stands for is named as such."""
    words = DESIGNS[design.kind]
    return say(ONLY_SAID.get(design.kind, words) if design.only_said else words)


def design_words(design: Design, question: Question) -> str:
    """The design in a few words, for a sentence."""
    blind = say("blinded") if design.blinded else say("not blinded")
    if question.against:
        switches = say_count(
            "{n} change between {treatment} and {other}",
            "{n} changes between {treatment} and {other}",
            design.switches,
            treatment=plain(question.treatment),
            other=plain(question.against),
        )
    else:
        switches = say_count("{n} change between on and off", "{n} changes between on and off", design.switches)
    return f"{design_name(design)}, {blind}, {switches}"


def otherwise(question: Question) -> str:
    """What the treatment is compared with, after `than it would have been`."""
    if question.against:
        return say("with {other} instead", other=plain(question.against))
    return say("without {treatment}", treatment=question.treatment)


def comparator(question: Question) -> str:
    """What the treatment is compared with, after `compared with`."""
    return plain(question.against) if question.against else say("no {treatment}", treatment=question.treatment)


def taken_words(question: Question) -> str:
    """What a filled point of the day picture is: a day with the treatment."""
    return plain(question.treatment) if question.against else say("dose taken")


def untaken_words(question: Question) -> str:
    """What a hollow point of the day picture is: a day with what the treatment is compared with."""
    return plain(question.against) if question.against else say("no dose")


def unit_of(question: Question) -> str:
    """The outcome's own unit for people; empty where only the diary's owner knows it."""
    unit = question.reading[1]
    return say(unit) if unit else ""


def in_unit(value: float, question: Question) -> float:
    """The number people read: a probability becomes days in 28."""
    return question.reading[0] * value


def amount(value: float, question: Question, like: float | None = None, *, signed: bool = False) -> str:
    """A difference of the outcome with its unit: `1.2 points`, `3.4 days in 28`; like : how well it is known."""
    shown = _number(value, question, like, signed=signed)
    one = shown.lstrip("+\u2212") == "1"
    if question.reading[1] == "points":
        return say_count("{shown} point", "{shown} points", 1 if one else 2, shown=shown)
    if question.reading[1] == "days in 28":
        return say_count("{shown} day in 28", "{shown} days in 28", 1 if one else 2, shown=shown)
    return say("{shown} in 28 days", shown=shown) if question.reading[1] else shown


def sided(value: float, question: Question, like: float | None = None) -> str:
    """`1.3 points better`, `0.5 points worse`."""
    shown = amount(abs(value), question, like)
    return say("{shown} better", shown=shown) if value >= 0 else say("{shown} worse", shown=shown)


def sided_span(interval: tuple[float, float], question: Question, like: float | None = None) -> str:
    """`0.6 to 2.4 points better`, `0.4 points worse to 1.3 points better`; the smaller size first."""
    low, high = interval
    if (low < 0) != (high < 0):
        return say("{low} to {high}", low=sided(low, question, like), high=sided(high, question, like))
    near, far = sorted((abs(low), abs(high)))
    shown = span((near, far), question, like)
    return say("{shown} better", shown=shown) if high > 0 else say("{shown} worse", shown=shown)


def span(interval: tuple[float, float], question: Question, like: float | None = None) -> str:
    """`0.4 to 2.0 points`."""
    return say("{low} to {high}", low=_number(interval[0], question, like), high=amount(interval[1], question, like))


def span95(interval: tuple[float, float], question: Question, like: float | None = None) -> str:
    """`95 % interval 0.4 to 2.0 points`."""
    return say("95 % interval {span}", span=span(interval, question, like))


def mean_and_span(mean: float, interval: tuple[float, float], question: Question, like: float | None = None) -> str:
    """`+1.4 (0.6 to 2.2) points`: a mean and its 95 % interval."""
    shown = say(
        "{mean} ({low} to {high})",
        mean=_number(mean, question, like, signed=True),
        low=_number(interval[0], question, like),
        high=_number(interval[1], question, like),
    )
    return f"{shown} {unit_of(question)}".rstrip()


def value_words(value: float, question: Question) -> str:
    """One recorded value on the axis of a picture."""
    if question.kind.two:
        return {0.0: say("no"), 1.0: say("yes")}.get(value) or percent(value)
    return number(value)


def _number(value: float, question: Question, like: float | None, *, signed: bool = False) -> str:
    return number(in_unit(value, question), None if like is None else in_unit(like, question), signed=signed)


def direction_note(question: Question) -> str:
    """`lower is better`."""
    return say("lower is better") if question.better == "lower" else say("higher is better")


def question_sentence(question: Question) -> str:
    """What was asked, as one question."""
    lower = question.better == "lower"
    if question.against:
        asked = (
            mark("Is {outcome} lower with {treatment} than with {other}?"),
            mark("Is {outcome} higher with {treatment} than with {other}?"),
        )
        return say(
            asked[0 if lower else 1],
            outcome=plain(question.outcome),
            treatment=plain(question.treatment),
            other=plain(question.against),
        )
    return say(
        question.kind.asks[0 if lower else 1], outcome=plain(question.outcome), treatment=plain(question.treatment)
    )
