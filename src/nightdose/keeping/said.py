"""What people type, read kindly: a day, a clock time, an amount, a score. Both faces read with these."""

from __future__ import annotations

import datetime
import math
import re

from nightdose.errors import CallError
from nightdose.language.catalogue import say, say_form

CLOCK = re.compile(
    r"(?:at\s+)?(?P<hour>\d{1,2})(?:\s*[:.h]?\s*(?P<minute>\d{2}))?(?:[:.]\d{2})?\s*(?P<half>[ap]\.?\s*m\.?)?",
    re.IGNORECASE,
)
YES, NO = (
    frozenset({"yes", "y", "yeah", "yep", "ok", "true", "1"}),
    frozenset({"no", "n", "none", "nothing", "false", "0", "nope"}),
)
UNKNOWN = frozenset({"?", "unknown", "i don't know", "dont know", "don't know"})
NUMBER = r"\d{1,12}(?:[.,]\d{1,12})?"
EARLIEST = datetime.date(1900, 1, 1)


def as_english(text: str) -> str:
    """What was typed, with the words that have a meaning here in English; those of the reader's language are taken too.

    A word that is the whole answer ("ja") becomes its English one; small words are replaced where they stand alone.
    """
    whole = {
        "yes": say_form("typed", "yes"),
        "no": say_form("typed", "no"),
        "?": say_form("typed", "I don't know"),
        "missed": say_form("typed", "missed"),
        "taken": say_form("typed", "taken"),
        "today": say_form("typed", "today"),
        "yesterday": say_form("typed", "yesterday"),
    }
    inside = {"at": say_form("typed", "at"), "late": say_form("typed", "late"), "and": say_form("typed", "and")}
    word = text.strip().lower().rstrip(".!")
    for english, theirs in whole.items():
        if word in theirs.lower().split(", "):
            return english
    for english, theirs in inside.items():
        words = "|".join(map(re.escape, theirs.split(", ")))
        text = re.sub(rf"(?<!\w)(?:{words})(?!\w)", english, text, flags=re.IGNORECASE)
    return text


def read_day(text: str, today: datetime.date) -> datetime.date:
    """'2026-11-20', 'today' or 'yesterday'. CallError for anything else."""
    word = as_english(text).strip().lower()
    if word in ("today", "tonight"):
        return today
    if word == "yesterday":
        return today - datetime.timedelta(days=1)
    try:
        day = datetime.date.fromisoformat(word)
    except ValueError:
        raise CallError(
            say("'{text}' is not a date. Write it as {today}, or as yesterday.", text=text, today=today)
        ) from None
    if day < EARLIEST:
        raise CallError(say("{day} is too long ago to be a day of this diary. Check the year.", day=day))
    return day


def read_clock(text: str) -> datetime.time:
    """'22:30', '22.30', '2230', '10:30 pm' or '7' as a time of day."""
    found = CLOCK.fullmatch(text.strip())
    if found is None:
        raise CallError(say("'{text}' is not a time of day. Write hours and minutes as in 22:30.", text=text))
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if half := (found["half"] or "").lower():
        if not 1 <= hour <= 12:
            raise CallError(say("'{text}' is not a time of day. Write hours and minutes as in 22:30.", text=text))
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if hour == 24 and minute == 0:
        hour = 0
    if hour > 23 or minute > 59:
        raise CallError(say("'{text}' is not a time of day. Write hours and minutes as in 22:30.", text=text))
    return datetime.time(hour, minute)


def read_number(text: str) -> float:
    """'4.5' or '4,5'; CallError for words, for what is not finite and for more digits than a diary needs."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        raise CallError(say("'{text}' is not a number.", text=text[:40])) from None
    if not math.isfinite(value) or abs(value) > 1e12:
        raise CallError(say("'{text}' is not a number that a diary keeps.", text=text[:40]))
    return value


def read_share(text: str) -> float:
    """'70%', '70' or '0.7' as a probability."""
    word = text.strip()
    try:
        value = float(word.rstrip("% ").replace(",", "."))
    except ValueError:
        raise CallError(say("'{text}': say how sure you are, from 0% to 100%.", text=text)) from None
    if word.endswith("%") or value > 1:
        value /= 100
    if not 0 <= value <= 1:
        raise CallError(say("'{text}': say how sure you are, from 0% to 100%.", text=text))
    return value


def read_yes_no(text: str) -> bool | None:
    """yes, no, or None for '?'. CallError for anything else."""
    word = as_english(text).strip().lower().rstrip(".!")
    if word in YES:
        return True
    if word in NO:
        return False
    if word in UNKNOWN:
        return None
    raise CallError(say("'{text}': say yes, no, or ? when you do not know.", text=text))
