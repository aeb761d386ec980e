"""The protocol, fixed before day 1: locked by its hash, changed only by amendments that point at what they change."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nightdose.errors import CallError, InputError
from nightdose.language.catalogue import say

Json = Mapping[str, Any]
REQUIRED = ("question", "design", "stopping_rules")
AMENDABLE = ("dose_mg", "dose_from", "stopping_rules", "note")  # question, design and gates never
SHORTEST_REASON = 10


@dataclass(frozen=True, slots=True)
class Amendment:
    """What may be changed once a protocol is locked; what is None stays.

    dose_mg       : another daily dose, as prescribed, that holds from `dose_from` on.
    stopping_rule : one more rule; none is ever taken away.
    note          : words for whoever reads the protocol later.
    """

    dose_mg: float | None = None
    dose_from: datetime.date | None = None
    stopping_rule: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if (self.dose_mg is None) != (self.dose_from is None):
            raise CallError(say("A changed dose needs the day from which it holds."), field="dose_from")
        if self.dose_mg is not None and not 0 < self.dose_mg < 1e6:
            raise CallError(say("{dose_mg} mg is not a dose.", dose_mg=f"{self.dose_mg:g}"), field="dose_mg")
        if not (self.dose_mg or (self.stopping_rule or "").strip() or (self.note or "").strip()):
            raise CallError(say("Say what changes: the dose, one more stopping rule, or a note."), field="change")

    @property
    def record(self) -> Json:
        """As the protocol keeps it."""
        body: dict[str, Any] = {}
        if self.dose_mg is not None and self.dose_from is not None:
            body |= {"dose_mg": self.dose_mg, "dose_from": self.dose_from.isoformat()}
        if self.stopping_rule:
            body["stopping_rules"] = [self.stopping_rule.strip()]
        if self.note:
            body["note"] = self.note.strip()
        return body


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
        raise CallError(
            say("The protocol lacks {missing}. It is locked once, so it has to be whole.", missing=", ".join(missing))
        )
    return Locked(body, day.isoformat(), "", "", _hash(body, day.isoformat(), "", ""))


def amend(history: Sequence[Locked], change: Amendment, reason: str, day: datetime.date) -> Locked:
    """A change, appended to what is locked; nothing before it is touched."""
    if not history:
        raise CallError(say("There is no locked protocol to amend."), code="no_protocol")
    if len(reason.strip()) < SHORTEST_REASON:
        raise CallError(say("An amendment needs its reason in a sentence; the report prints it."), field="reason")
    if change.dose_from is not None and change.dose_from < day:
        raise CallError(say("A changed dose holds from today ({day}) or later; days that are past stay as they "
"were.", day=day),
                        field="dose_from")  # fmt: skip
    before, body = history[-1].sha256, change.record
    return Locked(body, day.isoformat(), before, reason, _hash(body, day.isoformat(), before, reason))


def read_history(records: Sequence[Json]) -> tuple[Locked, ...]:
    """The protocol and its amendments from the diary; InputError where a word of them was changed."""
    history: list[Locked] = []
    for record in records:
        found = Locked(record["body"], record["day"], record["before"], record["reason"], record["sha256"])
        expected = _hash(found.body, found.day, found.before, found.reason)
        follows = history[-1].sha256 if history else ""
        if found.sha256 != expected or found.before != follows:
            raise InputError(
                say(
                    "The protocol of {day} is not what was locked: its words and its hash do not "
                    "fit. Restore a backup from before the change.",
                    day=found.day,
                )
            )
        history.append(found)
    return tuple(history)


def in_force(history: Sequence[Locked]) -> Json:
    """What holds now: the protocol, and of its amendments what may be amended. Rules are only ever added.

    Older programs took any amendment; one that names something else, or is of the wrong kind, changes nothing here and
    stays readable in the history.
    """
    if not history:
        return {}
    body = dict(history[0].body)
    for change in history[1:]:
        rules = change.body.get("stopping_rules")
        added = [rules] if isinstance(rules, str) else list(rules) if isinstance(rules, list | tuple) else []
        if added:
            body["stopping_rules"] = list(dict.fromkeys([*body.get("stopping_rules", ()), *map(str, added)]))
        if isinstance(note := change.body.get("note"), str):
            body["note"] = note
    if (doses := doses_of(history)) and len(doses) > 1:
        body["dose_mg"] = doses[-1][1]
    return body


def doses_of(history: Sequence[Locked]) -> tuple[tuple[datetime.date, float | None], ...]:
    """(day from which it holds, mg; None = not said), the oldest first. A change never reaches back."""
    if not history:
        return ()
    doses: list[tuple[datetime.date, float | None]] = [(datetime.date.min, _milligrams(history[0].body))]
    for change in history[1:]:
        mg = _milligrams(change.body)
        if mg is not None:
            doses.append((datetime.date.fromisoformat(change.body.get("dose_from") or change.day), mg))
    return tuple(sorted(doses, key=lambda dose: dose[0]))


def dose_on(history: Sequence[Locked], day: datetime.date) -> float | None:
    """The mg of the protocol on that day; None = not said."""
    return next((mg for since, mg in reversed(doses_of(history)) if since <= day), None)


def _milligrams(body: Json) -> float | None:
    """The dose of a protocol or an amendment; words of an older program, `dose_mg=3`, are read too."""
    try:
        mg = float(body.get("dose_mg") or "")
    except (TypeError, ValueError):
        return None
    return mg if 0 < mg < 1e6 else None
