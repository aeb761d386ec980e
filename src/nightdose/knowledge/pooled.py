"""What a contribution may say: codes instead of words, bands instead of values (`pooled.toml`)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from nightdose.errors import CallError
from nightdose.knowledge.comparisons import condition_of, conditions
from nightdose.knowledge.drugs import drug
from nightdose.knowledge.listed_names import names as medicine_names
from nightdose.knowledge.load import parameter, reference_keys, table
from nightdose.knowledge.medicines import recognise
from nightdose.language.catalogue import mark, say

Band = tuple[float, float]  # from, to below
OTHER, NOT_SAID = "other", "not said"
STRENGTH = re.compile(r" \d+(\.\d+)? mg$")


@cache
def outcome_codes() -> Mapping[str, str]:
    """Code -> words."""
    return MappingProxyType({code: entry["words"] for code, entry in table("pooled")["outcome"].items()})


@cache
def condition_codes() -> Mapping[str, str]:
    """Code -> words: the conditions of the evidence set, another one, and none said."""
    known = {key: condition.words for key, condition in conditions().items() if condition.names}
    return MappingProxyType(known | {OTHER: mark("another condition"), NOT_SAID: mark("no condition said")})


@cache
def drug_codes() -> frozenset[str]:
    """Substances that a contribution may be about."""
    return frozenset(STRENGTH.sub("", name.substance.casefold()) for name in medicine_names() if name.substance)


def outcome_code(name: str) -> str:
    """The code of an outcome as a person named it; `other` where it is none of the list."""
    wanted = " ".join(re.sub(r"[_\W]+", " ", name.casefold()).split())
    for code, entry in table("pooled")["outcome"].items():
        if wanted == code or wanted in entry["names"]:
            return str(code)
    return OTHER


def condition_code(words: str) -> str:
    """The code of a condition as a person named it."""
    if not words.strip():
        return NOT_SAID
    if words.strip().casefold() in condition_codes():
        return words.strip().casefold()
    found = condition_of(words)
    return found.id if found and found.names else OTHER


def drug_code(name: str) -> str:
    """The substance that a written name surely stands for. Raises CallError: a name of one's own would be words."""
    carried = drug(name)
    if carried is not None:
        return carried.name
    found = recognise(name)
    if len(found) == 1 and found[0].certainty == "known" and found[0].substance:
        return STRENGTH.sub("", found[0].substance.casefold())
    raise CallError(
        say("'{name}' is not in the list of medicines, and a contribution carries no words of your own.", name=name),
        field="treatment",
    )


@cache
def bands(name: str) -> tuple[Band, ...]:
    """All bands of that kind, lowest first."""
    ends = [float(end) for end in table("pooled")["bands"][name]]
    return tuple(zip([0.0, *ends], ends, strict=False))


def band(name: str, value: float) -> Band | None:
    """The band that a value lies in; None where it is not known or beyond all."""
    return next((found for found in bands(name) if found[0] <= value < found[1]), None)


def days_band(days: int) -> int:
    """Days rounded up to a multiple of 28."""
    step = int(table("pooled")["bands"]["days"])
    return step * math.ceil(max(days, 1) / step)


@cache
def doubt() -> Mapping[str, float]:
    """Ceiling -> sd of the bias that all its answers may share, in sd of a person's own daily values."""
    found = table("pooled")["doubt"]
    return MappingProxyType({name: parameter(f"doubt.{name}", found[name], reference_keys()).value for name in found})
