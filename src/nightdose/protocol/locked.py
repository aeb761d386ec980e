"""The protocol, fixed before day 1: locked by its hash, changed only by amendments that point at what they change."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nightdose.errors import CallError, InputError

Json = Mapping[str, Any]
REQUIRED = ("question", "design", "stopping_rules")


@dataclass(frozen=True, slots=True)
class Locked:
    """A protocol or an amendment with the hash of its words and of everything before it."""

    body: Json
    day: str
    before: str  # hash of what it amends; "" for the protocol itself
    reason: str
    sha256: str

    @property
    def record(self) -> Json:
        """As the diary keeps it."""
        return {
            "body": self.body, "day": self.day, "before": self.before, "reason": self.reason, "sha256": self.sha256,
        }  # fmt: skip


def canonical(body: Json) -> str:
    """One way to write a JSON value: sorted names, no blanks, no numbers that JSON lacks."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _hash(body: Json, day: str, before: str, reason: str) -> str:
    return hashlib.sha256(canonical({"b": body, "d": day, "p": before, "r": reason}).encode()).hexdigest()


def lock(body: Json, day: datetime.date) -> Locked:
    """Fix a protocol: question, design and stopping rules must be in it."""
    missing = [name for name in REQUIRED if not body.get(name)]
    if missing:
        raise CallError(f"The protocol lacks {', '.join(missing)}. It is locked once, so it has to be whole.")
    return Locked(body, day.isoformat(), "", "", _hash(body, day.isoformat(), "", ""))


def amend(history: Sequence[Locked], change: Json, reason: str, day: datetime.date) -> Locked:
    """A change, appended to what is locked; nothing before it is touched."""
    if not history:
        raise CallError("There is no locked protocol to amend.")
    if len(reason.strip()) < 10:
        raise CallError("An amendment needs its reason in a sentence; the report prints it.")
    before = history[-1].sha256
    return Locked(change, day.isoformat(), before, reason, _hash(change, day.isoformat(), before, reason))


def read_history(records: Sequence[Json]) -> tuple[Locked, ...]:
    """The protocol and its amendments from the diary; InputError where a word of them was changed."""
    history: list[Locked] = []
    for record in records:
        found = Locked(record["body"], record["day"], record["before"], record["reason"], record["sha256"])
        expected = _hash(found.body, found.day, found.before, found.reason)
        follows = history[-1].sha256 if history else ""
        if found.sha256 != expected or found.before != follows:
            raise InputError(
                f"The protocol of {found.day} is not what was locked: its words and its hash do not fit. "
                "Restore a backup from before the change."
            )
        history.append(found)
    return tuple(history)


def in_force(history: Sequence[Locked]) -> Json:
    """What holds now: the protocol with every amendment laid over it, top-level name by name."""
    body: dict[str, Any] = {}
    for locked in history:
        body |= locked.body
    return body
