"""Which events keep a day from being judged, by the words that people use for them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from nightdose.knowledge.load import data_text


@dataclass(frozen=True, slots=True)
class Disturbance:
    """One reason for which a day is left out of the judgement; classes : of medicines that stand for it."""

    name: str
    pattern: re.Pattern[str]
    classes: frozenset[str]


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(data_text("not_judged.toml"))


@cache
def disturbances() -> tuple[Disturbance, ...]:
    """Every reason, in the order of the file: the first that fits is taken."""
    return tuple(
        Disturbance(each["name"], _pattern(each["words"]), frozenset(each.get("classes", ())))
        for each in _file()["reason"]
    )


@cache
def longest_burst_d() -> int:
    """Days in a row with a steroid up to which they are a burst; more are a standing treatment."""
    return int(_file()["longest_burst_d"])


def disturbance(words: str) -> str | None:
    """The reason that the words of an event name; None where they name none ('no fever' names none)."""
    plain = " ".join(words.casefold().split())
    if _pattern(_file()["unless"]).search(plain):
        return None
    return next((each.name for each in disturbances() if each.pattern.search(plain)), None)


def _pattern(words: list[str]) -> re.Pattern[str]:
    said = "|".join(re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "") for word in words)
    return re.compile(rf"(?<!\bno )(?<!\bwithout )\b(?:{said})\b")
