"""Numbers and facts as words for people; every phrase and every rounding of a report is made here."""

from __future__ import annotations

import math
import re
import unicodedata

from nightdose.fit.estimate import Estimate
from nightdose.knowledge.drugs import drug
from nightdose.question.question import Question
from nightdose.verdict.analysis import Analysis
from nightdose.verdict.answer import Answer, Ceiling, Verdict
from nightdose.verdict.rule import SIZE_AS_LIKELY_AS_NOT, SURE_OF_NOTHING, SURE_OF_SIGN

NBSP, MINUS = "\u00a0", "\u2212"
UNKNOWN = "unknown"
SYNTHETIC = "SYNTHETIC DIARY - not a person's data"

WORDS: dict[Answer, str] = {
    "helps": "Helps",
    "harms": "Harms",
    "no_meaningful_difference": "No difference that matters",
    "not_yet_known": "Not yet known",
    "cannot_be_known": "Cannot be known from this diary",
}
# one switch or a free choice of days shows what came after, not what it came from
WORDS_AT_LOW_CEILING: dict[Answer, str] = {
    "helps": "Better since, cause not established",
    "harms": "Worse since, cause not established",
    "no_meaningful_difference": "No difference that matters seen, cause not established",
}
# the rule of each verdict, printed in every report
RULES: dict[Answer, str] = {
    "helps": (
        f"at least {100 * SURE_OF_SIGN:g} % probability of any improvement, and at least "
        f"{100 * SIZE_AS_LIKELY_AS_NOT:g} % of one that matters once each dose has settled; in a blinded trial whose "
        "capsules gave themselves away, the same must hold beyond the guesses"
    ),
    "harms": f"at least {100 * SURE_OF_SIGN:g} % probability of being worse, whatever the size",
    "no_meaningful_difference": (
        f"at least {100 * SURE_OF_NOTHING:g} % probability that any difference is too small to matter"
    ),
    "not_yet_known": "the design can answer the question, the recorded days do not yet",
    "cannot_be_known": "the design cannot answer the question, however the days are analysed",
}
COMPLETE: dict[Answer, str] = {
    "not_yet_known": (
        "This is a complete answer, not a failure: the days recorded so far leave room for more than one "
        "reading, and saying otherwise would be guessing."
    ),
    "cannot_be_known": (
        "This is a complete answer, not a failure: more arithmetic cannot take apart what happened at the "
        "same time. The diary is still worth keeping; what it lacks is named below."
    ),
}
CEILINGS: dict[Ceiling, str] = {
    "high": "high: the order was drawn by lot and hidden, with at least three switches",
    "moderate": (
        "moderate: on and off were planned beforehand, in turns or drawn by lot, but the person could know which it "
        "was, or the check without a model does not confirm it"
    ),
    "low": "low: what else changed at the same time cannot be fully taken apart from the medicine",
}
DESIGNS = {
    "randomised_days": "each day drawn by lot",
    "randomised_blocks": "blocks of days, their order drawn by lot",
    "alternating": "on and off in turns as planned, not drawn by lot",
    "before_after": "one stretch without, one stretch with",
    "unplanned": "on and off as it came, not planned beforehand",
    "always_on": "no days off among the known days",
    "never_on": "no days with a dose among the known days",
}
RED_FLAGS = "New severe headache, weakness, jaundice, thoughts of suicide, opioid withdrawal: call, do not analyse."
LDN = "naltrexone"  # its name in the drug files


def plain(text: str) -> str:
    """The text without anything that could steer a terminal, a page or the reading direction."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c for c in text
    )


def unbroken(text: str) -> str:
    """The text with every number held to its percent sign."""
    return re.sub(r"(\d) %", rf"\1{NBSP}%", text)


def decimals(like: float) -> int:
    """Digits behind the point that fit a quantity known to about `like`."""
    if not math.isfinite(like) or like <= 0:
        return 1
    return min(6, max(0, -math.floor(math.log10(like / 2))))


def number(value: float, like: float | None = None, *, signed: bool = False) -> str:
    """A number as people write it; `like` sets the precision (a standard deviation, a step)."""
    if not math.isfinite(value):
        return UNKNOWN
    size = abs(value)
    if size >= 1e7 or (0 < size < 1e-5):
        mantissa, exponent = f"{size:.1e}".split("e")
        power = int(exponent)
        digits = f"{mantissa} × 10^{number(power)}"
    elif like is not None:
        digits = f"{size:,.{decimals(like)}f}"
    else:
        digits = f"{size:,.{decimals(size / 10 or 1)}f}"
        digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    is_zero = not any(c in "123456789" for c in digits)
    sign = "" if is_zero else MINUS if value < 0 else "+" if signed else ""
    return sign + digits


def probability(p: float) -> str:
    """Never 0 % and never 100 %: a model is not that sure."""
    if not math.isfinite(p):
        return UNKNOWN
    if p < 0.01:
        return f"<1{NBSP}%"
    if p > 0.99:
        return f">99{NBSP}%"
    return f"{round(100 * p)}{NBSP}%"


def times_in_hundred(p: float) -> str:
    """A share as a frequency: `about 2 times in 100`."""
    if not math.isfinite(p):
        return "an unknown number of times in 100"
    times = round(100 * p)
    if times == 0:
        return "fewer than 1 time in 100"
    if times == 100:
        return "more than 99 times in 100"
    return f"about {times} time{'' if times == 1 else 's'} in 100"


def count(n: int, thing: str) -> str:
    """`1 day`, `364 days`."""
    return f"{n:,}{NBSP}{thing}{'' if n == 1 else 's'}"


def unit_of(question: Question) -> str:
    """The outcome's own unit for people; empty where only the diary's owner knows it."""
    return question.reading[1]


def in_unit(value: float, question: Question) -> float:
    """The number people read: a probability becomes days in 28."""
    return question.reading[0] * value


def amount(value: float, question: Question, like: float | None = None, *, signed: bool = False) -> str:
    """A difference of the outcome with its unit: `1.2 points`, `12 days in 100`."""
    shown = number(in_unit(value, question), None if like is None else in_unit(like, question), signed=signed)
    unit = unit_of(question)
    if unit == "points" and shown.lstrip("+" + MINUS) == "1":
        unit = "point"
    return f"{shown}{NBSP}{unit}".rstrip()


def span(interval: tuple[float, float], question: Question, like: float | None = None) -> str:
    """`0.4 to 2.0 points`."""
    low = number(in_unit(interval[0], question), None if like is None else in_unit(like, question))
    return f"{low} to {amount(interval[1], question, like)}"


def estimate_words(estimate: Estimate, question: Question) -> str:
    """`+1.4 (0.6 to 2.2) points`: the mean and its 95 % interval."""
    shown = [
        number(in_unit(v, question), in_unit(estimate.sd, question), signed=i == 0)
        for i, v in enumerate((estimate.mean, *estimate.interval95))
    ]
    return f"{shown[0]} ({shown[1]} to {shown[2]}) {unit_of(question)}".rstrip()


def dose_amount(dose: float, unit: str) -> str:
    """`4.5 mg`; a treatment coded 0/1 has no amount, only `taken`."""
    if not unit:
        return "taken" if dose == 1 else number(dose)
    return f"{number(dose)}{NBSP}{unit}"


def verdict_word(verdict: Verdict) -> str:
    """The large word of the answer; the verdict's sentence always stands beside it."""
    low = WORDS_AT_LOW_CEILING.get(verdict.answer, "") if verdict.ceiling == "low" else ""
    return verdict.headline or low or WORDS[verdict.answer]


def sentence_after_word(verdict: Verdict) -> str:
    """The verdict's sentence where the large word stands above it: its first words are not said twice."""
    word, sentence = verdict_word(verdict), verdict.sentence
    rest = sentence[len(word) :].lstrip(".: ")
    if not rest or not sentence.casefold().startswith(word.casefold()):
        return sentence
    return rest[:1].upper() + rest[1:]


def direction_note(question: Question) -> str:
    return f"{question.better} is better"


def question_sentence(question: Question) -> str:
    """What was asked, as one question."""
    outcome, treatment = plain(question.outcome), plain(question.treatment)
    if question.scale == "binary":
        word = "less often" if question.better == "lower" else "more often"
        return f"Does {outcome} happen {word} with {treatment} than without it?"
    if question.scale == "count":
        word = "fewer" if question.better == "lower" else "more"
        return f"Are there {word} {outcome} with {treatment} than without it?"
    return f"Is {outcome} {question.better} with {treatment} than without it?"


def shown_label(analysis: Analysis, label: str = "") -> str:
    """The label that has to be visible: the caller's, or that a diary calls itself synthetic."""
    return plain(label) or (SYNTHETIC if "synthetic" in analysis.diary.name.lower() else "")


def is_about_ldn(question: Question) -> bool:
    known = drug(question.treatment)
    return known is not None and known.name == LDN


def shows_effect(analysis: Analysis) -> bool:
    """True where the estimate may stand as part of the answer."""
    return analysis.verdict.answered


def diary_span(analysis: Analysis) -> str:
    """`364 days, 2025-01-06 to 2026-01-04`."""
    diary = analysis.diary
    if not diary.days:
        return "no days"
    first, last = diary.day_label(0), diary.day_label(diary.days - 1)
    return f"{count(diary.days, 'day')}, {first} to {last}" if diary.dated else count(diary.days, "day")
