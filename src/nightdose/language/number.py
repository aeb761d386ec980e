"""Numbers as people write them: never surer than a model can be, never more digits than are known.

Every rounding that is shown anywhere is made here, with the decimal mark and the dates of the reader's language.
"""

from __future__ import annotations

import datetime
import math
import re
import unicodedata

from nightdose.language.catalogue import say, say_count, say_form

NBSP, MINUS = "\u00a0", "\u2212"
HELD = r"(?<=\d) (?=%|mg\b)"  # the blank between a number and what it counts
# a zero-width joiner inside one picture, such as a family, a flag or a profession: it moves nothing
JOINED = "[\u2190-\u2bff\U0001f000-\U0001faff]\ufe0f?\u200d(?=[\u2190-\u2bff\U0001f000-\U0001faff])"
OTHER_THAN_ZERO = frozenset("123456789")
FINE, COARSE = 0.1, 0.5  # `like`: two digits, one digit behind the point


def plain(text: str) -> str:
    """The text without anything that could steer a terminal, a page or the reading direction."""
    if text.isprintable():  # none of them is, and a page asks this of twenty thousand texts
        return text
    joins = {found.end() - 1 for found in re.finditer(JOINED, text)}
    return "".join(
        "\N{REPLACEMENT CHARACTER}"
        if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and i not in joins
        else c
        for i, c in enumerate(text)
    )


def typeset(text: str) -> str:
    """The text for a page: every number held to its percent sign and its mg."""
    return re.sub(HELD, NBSP, text)


def on_page(text: str) -> str:
    """The text as a page prints it: a blank for a break of a line, nothing that steers, numbers held to their units."""
    return typeset(plain(re.sub(r"\s*[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]\s*", " ", text)))


def on_one_line(text: str) -> str:
    """The text without breaks, double blanks, or anything that steers."""
    return plain(" ".join(text.split()))


def capital(sentence: str) -> str:
    """The sentence with a capital letter at its head."""
    return sentence[:1].upper() + sentence[1:]


def decimals(like: float) -> int:
    """Digits behind the point that fit a quantity known to about `like`."""
    if not math.isfinite(like) or like <= 0:
        return 1
    return min(6, max(0, -math.floor(math.log10(like / 2))))


def number(value: float, like: float | None = None, *, signed: bool = False) -> str:
    """A number as people write it; `like` sets the precision (a standard deviation, a step)."""
    if not math.isfinite(value):
        return say("unknown")
    size = abs(value)
    if size >= 1e7 or (0 < size < 1e-5):
        mantissa, exponent = f"{size:.1e}".split("e")
        digits = f"{_marked(mantissa)} × 10^{number(int(exponent))}"
    elif like is not None:
        digits = _marked(f"{size:,.{decimals(like)}f}")
    else:
        shown = f"{size:,.{decimals(size / 10 or 1)}f}"
        digits = _marked(shown.rstrip("0").rstrip(".") if "." in shown else shown)
    is_zero = OTHER_THAN_ZERO.isdisjoint(digits)
    sign = "" if is_zero else MINUS if value < 0 else "+" if signed else ""
    return sign + digits


def as_given(value: float) -> str:
    """A number of somebody else's with the digits it was given in: neither rounded nor filled up."""
    size = _marked(f"{abs(value):,.10g}")
    return MINUS + size if value < 0 else size


def _marked(digits: str) -> str:
    """English digits with the reader's marks."""
    marks = {".": say_form("decimal mark", "."), ",": say_form("thousands mark", ",")}
    if all(mark == own for mark, own in marks.items()):
        return digits
    return "".join(marks.get(c, c) for c in digits)


def whole(n: int) -> str:
    """`1,234`."""
    return _marked(f"{n:,}")


def percent(p: float) -> str:
    """A probability or a share; never 0 % and never 100 %: a model is not that sure."""
    if not math.isfinite(p):
        return say("unknown")
    if p > 0.99:
        return say("more than 99 %")
    if p < 0.01:
        return say("less than 1 %")
    return say("{n} %", n=round(100 * p))


def multiple(value: float) -> str:
    """`112 %`: so much of something else, which may be more than all of it; a probability is `percent`."""
    return say("{n} %", n=round(100 * value)) if math.isfinite(value) else say("unknown")


def times_in_hundred(p: float) -> str:
    """A share as a frequency: `about 2 times in 100`."""
    if not math.isfinite(p):
        return say("an unknown number of times in 100")
    times = round(100 * p)
    if times == 0:
        return say("fewer than 1 time in 100")
    if times == 100:
        return say("more than 99 times in 100")
    return say_count("about {n} time in 100", "about {n} times in 100", times)


def of_a_hundred(p: float) -> str:
    """`2.1 in 100`."""
    return say("{n} in 100", n=number(100 * p, 100 * p / 5 or 0.1))


def p_value(p: float) -> str:
    """`0.021`, `less than 0.001`."""
    if not math.isfinite(p):
        return say("unknown")
    if p < 0.001:
        return say("less than {n}", n=_marked("0.001"))
    return _marked(f"{p:.3f}" if p < 0.1 else f"{p:.2f}")


def days(n: int) -> str:
    """`1 day`, `364 days`."""
    return say_count("{n} day", "{n} days", n, n=whole(n))


def date(day: datetime.date) -> str:
    """`2025-01-06`, or as the reader's language writes a date."""
    return day.strftime(say_form("date", "%Y-%m-%d"))


def dose_amount(dose: float, unit: str) -> str:
    """`4.25 mg`, never rounded; a treatment coded 0/1 has no amount, only `taken`."""
    if not unit:
        return say("taken") if dose == 1 else number(dose)
    return f"{as_given(dose)} {unit}"


def interval(low: float, high: float, like: float | None = None) -> str:
    """`95 % interval 0.4 to 2.0`."""
    return say("95 % interval {low} to {high}", low=number(low, like), high=number(high, like))
