"""The plan as an iCalendar file (RFC 5545) with reminders, which any phone imports.

An event keeps its UID whatever changes in it, and its SEQUENCE rises with every file: importing the file of a changed
plan moves the alarm instead of adding a second one.

Times float (no zone): half past ten in the evening stays half past ten when one travels. What a lock screen shows
says nothing of the medicine unless the person asks for it.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from nightdose.diary.day import DayRule, hours_of, since_midnight
from nightdose.language.catalogue import say
from nightdose.language.number import as_given
from nightdose.protocol.titration import Titration

LONGEST_LINE = 75  # octets
FIRST_FILE = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)  # SEQUENCE counts the seconds since then


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something to be reminded of: on the diary day `first_day` at `clock`, and on the days after it.

    role : what it is in the plan ('evening 1', 'box 2'), the same in every file of that plan; '' = its day and title.
    """

    first_day: datetime.date
    days: int
    clock: datetime.time
    title: str
    text: str
    role: str = ""


def evening_role(number: int) -> str:
    """What a step's evenings are in the calendar, whatever their hour or dose."""
    return say("evening {number}", number=number)


def order_role(mg: float) -> str:
    """What the day to order a strength is in the calendar."""
    return say("order {mg} mg", mg=as_given(mg))


def evening_reminders(plan: Titration, clock: datetime.time, *, discreet: bool = True) -> tuple[Reminder, ...]:
    """One reminder an evening for each step with a dose."""
    reminders = []
    for number, step in enumerate(plan.steps, 1):
        if not step.pieces:
            continue
        pieces = " + ".join(str(piece) for piece in step.pieces)
        named = say(
            "As set by your prescriber: {dose_mg} mg = {pieces}. Then the diary.",
            dose_mg=as_given(step.dose_mg),
            pieces=pieces,
        )
        title, text = (say("Evening diary"), "") if discreet else (named, named)
        reminders.append(Reminder(step.first_day, step.days, clock, title, text, evening_role(number)))
    return tuple(reminders)


def calendar_text(
    reminders: Sequence[Reminder],
    written: datetime.datetime,
    day: DayRule | None = None,
    owner: str = "nightdose",
    gone: Collection[str] = (),
) -> str:
    """The .ics file: one recurring event a reminder, each with an alarm.

    written : the moment of writing; a later file replaces the events of an earlier one.
    day     : when the person's day starts: a clock before it shows the small hours of the next date.
    owner   : words that tell two people's plans in one calendar apart.
    gone    : roles of earlier files that this one has no more; their events are cancelled, so that no old dose rings.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//nightdose//plan//EN", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", "X-WR-CALNAME:nightdose"]
    for reminder in reminders:
        lines += _event(reminder, written, day or DayRule(), owner)
    roles = {_role(reminder) for reminder in reminders}
    for role in gone:
        if role not in roles:
            lines += _cancelled(role, written, owner)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _fold(line))


def _event(reminder: Reminder, written: datetime.datetime, day: DayRule, owner: str) -> Iterable[str]:
    nights = int(since_midnight(hours_of(reminder.clock), hours_of(day.start)) // 24)  # 1 in the small hours
    begin = datetime.datetime.combine(reminder.first_day + datetime.timedelta(days=nights), reminder.clock)
    yield from _begin(_role(reminder), written, owner)
    yield f"DTSTART:{begin:%Y%m%dT%H%M%S}"
    yield "DURATION:PT5M"
    if reminder.days > 1:
        yield f"RRULE:FREQ=DAILY;COUNT={reminder.days}"
    yield f"SUMMARY:{_text(reminder.title)}"
    if reminder.text:
        yield f"DESCRIPTION:{_text(reminder.text)}"
    yield "TRANSP:TRANSPARENT"
    yield "CLASS:PRIVATE"
    yield from (
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:PT0S",
        f"DESCRIPTION:{_text(reminder.title)}",
        "END:VALARM",
    )
    yield "END:VEVENT"


def _role(reminder: Reminder) -> str:
    return reminder.role or f"{reminder.first_day} {reminder.title}"


def _begin(role: str, written: datetime.datetime, owner: str) -> Iterable[str]:
    """What tells an event from others, and a later file's from an earlier one's."""
    identity = hashlib.sha256(f"{owner}|{role}".encode()).hexdigest()[:24]
    yield "BEGIN:VEVENT"
    yield f"UID:{identity}@nightdose.invalid"
    yield f"SEQUENCE:{int((written - FIRST_FILE).total_seconds())}"
    yield f"DTSTAMP:{written.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"


def _cancelled(role: str, written: datetime.datetime, owner: str) -> Iterable[str]:
    yield from _begin(role, written, owner)
    yield f"DTSTART:{written:%Y%m%dT%H%M%S}"
    yield from ("STATUS:CANCELLED", say("SUMMARY:No longer planned"), "END:VEVENT")


def _text(value: str) -> str:
    """RFC 5545, 3.3.11: backslash, semicolon, comma and line break escaped."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _fold(line: str) -> Iterable[str]:
    """RFC 5545, 3.1: at most 75 octets a line, continued after a blank, no letter cut in two."""
    part, size, limit = "", 0, LONGEST_LINE
    for letter in line:
        width = len(letter.encode())
        if size + width > limit:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + width
    yield part
