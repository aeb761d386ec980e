"""The sentences of `nightdose log` as entries: NAME=VALUE, naltrexone=1.5mg@22:30, TSH=2.1 mU/L:0.4-4.0."""

from __future__ import annotations

import argparse
import datetime
import re
from collections.abc import Mapping
from typing import cast

from nightdose.diary.day import DayRule
from nightdose.diary.entry import Entry, EntryKind, Outcome
from nightdose.errors import CallError
from nightdose.keeping.not_judged import LONGEST_EVENT_D, lasting
from nightdose.keeping.said import NUMBER, read_clock, read_day, read_number, read_share
from nightdose.knowledge.chosen import treatment
from nightdose.language.catalogue import say
from nightdose.protocol.doses import read_dose as read_mg

AMOUNT = re.compile(rf"(?P<item>[^=@]+)(?:=(?P<value>{NUMBER})\s*(?P<unit>[^@:\d][^@:\d]*)?)?(?:@(?P<clock>[^@=]+))?")
ONLY_AN_AMOUNT = re.compile(rf"{NUMBER}\s*(mg|mcg|ug|µg|μg|g|ml)?", re.IGNORECASE)  # of what?
LAB = re.compile(rf"(?P<item>[^=]+)=(?P<value>{NUMBER})\s*(?P<unit>[^:\s]+)(?::(?P<low>{NUMBER})-(?P<high>{NUMBER}))?")


def chosen_outcome(words: str) -> Outcome:
    """The outcome written as NAME:SCALE or NAME:SCALE:higher."""
    name, *rest = (part.strip() for part in words.split(":"))
    if not rest:
        raise CallError(say("'{words}': write NAME:SCALE, for example pain:0-10.", words=words))
    direction = rest[1] if len(rest) > 1 else "lower"
    if direction not in ("lower", "higher"):
        raise CallError(say("'{direction}': say whether lower or higher is better.", direction=direction))
    return Outcome(name, rest[0], direction)  # type: ignore[arg-type]


def entries_from(
    arguments: argparse.Namespace, day: datetime.date, rule: DayRule, known: Mapping[str, Outcome]
) -> list[Entry]:
    """Entries of the command line."""
    entries = [score(words, day, known) for words in arguments.scores]
    for status, given in (("taken", arguments.dose), ("late", arguments.late)):
        entries += [amount("dose", words, day, rule, status) for words in given]
    entries += [Entry(day, "dose", name, status="missed") for name in arguments.missed]
    entries += [Entry(day, "dose", name, status="unknown") for name in arguments.unknown_dose]
    entries += [amount("rescue", words, day, rule, "taken") for words in arguments.rescue]
    for change in ("start", "stop", "taper"):
        entries += [amount("medicine", words, day, rule, change) for words in getattr(arguments, f"medicine_{change}")]
    entries += [amount("side_effect", words, day, rule, "") for words in arguments.side_effect]
    entries += [lab(words, day) for words in arguments.lab]
    until = read_day(arguments.until, day) if arguments.until else day
    if arguments.until and not arguments.event:
        raise CallError(say("--until is the last day of an event. Say which: --event WORDS."))
    if not day <= until <= day + datetime.timedelta(days=LONGEST_EVENT_D):
        raise CallError(
            say("--until {until}: an event ends on its day {day} or within a year after it.", until=until, day=day)
        )
    entries += [Entry(day, "event", words[:200], text=words, extra=lasting(day, until)) for words in arguments.event]
    if arguments.guess is not None:
        entries.append(Entry(day, "guess", arguments.treatment or treatment(), read_share(arguments.guess)))
    if arguments.note:
        entries.append(Entry(day, "note", "note", text=arguments.note))
    return entries


def score(words: str, day: datetime.date, known: Mapping[str, Outcome]) -> Entry:
    """pain=4, on the scale that was chosen for pain."""
    name, equals, value = words.partition("=")
    name = name.strip()
    if not equals:
        raise CallError(say("'{words}': write NAME=VALUE, for example pain=4.", words=words))
    if name not in known:
        chosen = ", ".join(known) or say("none yet")
        raise CallError(
            say(
                "'{name}' is not an outcome of this diary (chosen: {chosen}). Choose it with --outcome {name}:0-10.",
                name=name,
                chosen=chosen,
            )
        )
    return Entry(day, "score", name, known[name].read(value), known[name].unit)


def amount(kind: str, words: str, day: datetime.date, rule: DayRule, status: str) -> Entry:
    """naltrexone=1.5mg@22:30"""
    found = AMOUNT.fullmatch(words.strip())
    if found is None or ONLY_AN_AMOUNT.fullmatch(found["item"].strip()):
        raise CallError(
            say("'{words}': write it as naltrexone=1.5mg@22:30; amount and time may be left out.", words=words)
        )
    value = read_number(found["value"]) if found["value"] else None
    unit = (found["unit"] or "").strip() or ("mg" if value is not None and kind != "side_effect" else "")
    at = rule.moment(day, read_clock(found["clock"])) if found["clock"] else None
    return Entry(day, cast(EntryKind, kind), found["item"].strip(), value, unit, status, at=at)


def lab(words: str, day: datetime.date) -> Entry:
    """TSH=2.1 mU/L:0.4-4.0"""
    found = LAB.fullmatch(words.strip())
    if found is None:
        raise CallError(
            say("'{words}': write a laboratory value as 'TSH=2.1 mU/L:0.4-4.0', with the lab's own range.", words=words)
        )
    bounds = {name: read_number(found[name]) for name in ("low", "high") if found[name]}
    return Entry(day, "lab", found["item"].strip(), read_number(found["value"]), found["unit"], extra=bounds)


__all__ = ["chosen_outcome", "entries_from", "read_mg"]
