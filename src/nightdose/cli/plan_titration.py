"""`nightdose plan titration | dilution | end`: the prescriber's steps evening by evening, a liquid in ml."""

from __future__ import annotations

import argparse
import datetime
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from nightdose.cli import diary_file
from nightdose.cli.next_words import then
from nightdose.cli.shown import clean
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import plans_in_force
from nightdose.keeping import titration as keeping
from nightdose.keeping.said import read_clock
from nightdose.keeping.titration import Titrated
from nightdose.language.calendar import brief_weekday
from nightdose.language.catalogue import say
from nightdose.protocol.calendar_file import Reminder
from nightdose.protocol.dilution import Liquid
from nightdose.protocol.doses import read_dose
from nightdose.protocol.titration import Step, Strength

WORDS = ("titration", "dilution", "end")


def add_words(words: Any) -> Sequence[argparse.ArgumentParser]:
    """The parsers of these words."""
    titration = words.add_parser("titration", help="the prescriber's steps, evening by evening")
    titration.add_argument("--step", action="append", required=True, metavar="MGxDAYS", help="for example 1.5x14")
    titration.add_argument("--capsule", action="append", default=[], metavar="MG[:COUNT]", help="at hand, 1.5:60")
    titration.add_argument("--tablet", action="append", default=[], metavar="MG[:COUNT][:halves]")
    titration.add_argument("--first-evening", required=True, metavar="DATE")
    titration.add_argument("--clock", default="22:30", metavar="HH:MM")
    titration.add_argument("--ics", type=Path, metavar="FILE", help="calendar file with reminders")
    titration.add_argument("--named", action="store_true", help="name dose and capsules in the reminders")
    dilution = words.add_parser("dilution", help="ml of a liquid whose strength the label states")
    dilution.add_argument("--dose", required=True, metavar="MG")
    dilution.add_argument("--label", required=True, metavar="'MG mg / ML ml'")
    dilution.add_argument("--marks", default="0.1", metavar="ML", help="distance of two marks of the syringe")
    dilution.add_argument("--stated", metavar="ML", help="the volume the pharmacist states; must agree")
    end = words.add_parser("end", help="end the titration: from today on it asks for nothing")
    return titration, dilution, end


def run(arguments: argparse.Namespace) -> int:
    """Open the diary and carry out the word."""
    with diary_file.open_diary(arguments) as store:
        code = {"titration": titration, "dilution": dilution, "end": end}[arguments.what](store, arguments)
        return then(store, arguments, code)


def titration(store: Store, arguments: argparse.Namespace) -> int:
    """The steps in pieces, the supply, the calendar."""
    clock = read_clock(arguments.clock)
    ordered = keeping.Ordered(
        [step(words) for words in arguments.step],
        {**strengths(arguments.capsule, "capsule"), **strengths(arguments.tablet, "tablet")},
        diary_file.read_day(arguments.first_evening, store),
        clock,
    )
    made = keeping.titrate(store, ordered, diary_file.today(store), said_again_mg=said_again(arguments))
    if arguments.ics is not None:
        write_ics(store, arguments.ics, keeping.titration_reminders(made, clock, discreet=not arguments.named))
    if arguments.json:
        diary_file.show_json({"schema": "nightdose.titration/1", **made.kept.record})
    else:
        show_titration(made, arguments.ics, diary_file.today(store))
    return 0


def end(store: Store, arguments: argparse.Namespace) -> int:
    """End the titration."""
    plans_in_force.end_titration(store, diary_file.today(store))
    diary_file.show_json({"ended": diary_file.today(store)}) if arguments.json else print(plans_in_force.ended_words())
    return 0


def said_again(arguments: argparse.Namespace) -> list[float]:
    """Doses outside the low-dose range that the person said twice."""
    return [read_dose(words) for words in arguments.dose_is_right]


def step(words: str) -> Step:
    """'1.5x14', '1.5 mg x 14 days' or '1500 mcg x 14'"""
    found = re.fullmatch(r"\s*(\d[\d.,]*\s*[^\W\d_x]*)\s*[x×*]\s*(\d{1,4})\s*(?:d|days?)?\s*", words)
    if found is None:
        raise CallError(say("'{words}': write a step as 1.5x14, milligrams times days.", words=words))
    return Step(read_dose(found[1]), int(found[2]))


def strengths(given: list[str], form: str) -> dict[Strength, int | None]:
    """'1.5:60' or '3:20:halves' -> strength and how many there are (None: not said)."""
    found: dict[Strength, int | None] = {}
    for words in given:
        mg, *rest = (part.strip().removesuffix("mg").strip() for part in words.split(":"))
        counts = [part for part in rest if re.fullmatch(r"\d{1,6}", part)]
        if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", mg) or set(rest) - set(counts) - {"halves"} or len(counts) > 1:
            raise CallError(
                say("'{words}': write the strength as 1.5 or 1.5:60 (mg, and how many are there).", words=words)
            )
        found[Strength(float(mg), form, "halves" in rest)] = int(counts[0]) if counts else None
    return found


def write_ics(store: Store, path: Path, reminders: list[Reminder]) -> None:
    """The calendar file."""
    diary_file.write_file(path, keeping.calendar_of(store, reminders, diary_file.now()).encode(), "--ics")


def show_titration(made: Titrated, ics: Path | None, today: datetime.date) -> None:
    """The plan for a person."""
    print(say("Under your plan, as your prescriber set it:"))
    for each in made.plan.steps:
        pieces = " + ".join(str(piece) for piece in each.pieces) or say("nothing")
        print(
            f"  {brief_weekday(each.first_day)} - {brief_weekday(each.last_day)} {each.last_day.year}"
            f"  {each.dose_mg:g} mg: {pieces}"
        )
    for supply in made.counted:
        print(f"  {supply.words(today, datetime.date.isoformat)}")
    for word in made.plan.cleared.instructions:
        print(
            clean(
                "  "
                + say(
                    "Cleared by {prescriber} on {given} [{gate}]: {words}",
                    prescriber=word.prescriber,
                    given=word.given,
                    gate=word.gate,
                    words=word.words,
                )
            )
        )
    for gate in made.plan.cleared.notes:
        print(clean("  " + say("Note: {sentence} {call}", sentence=gate.sentence, call=gate.call)))
    if ics is not None:
        print("  " + say("Reminders: {ics} (open it on your phone)", ics=ics))


def dilution(store: Store, arguments: argparse.Namespace) -> int:
    """Two ways to the same volume."""
    found = re.fullmatch(r"\s*([\d.,]+)\s*mg\s*(?:/|in|per)\s*([\d.,]*)\s*ml\s*", arguments.label, re.IGNORECASE)
    if found is None:
        raise CallError(say("'{label}': write the label as '50 mg / 50 ml', units included.", label=arguments.label))
    poured = keeping.Poured(
        Decimal(str(read_dose(arguments.dose))),
        Liquid(decimal(found[1]), decimal(found[2] or "1")),
        decimal(arguments.marks),
        decimal(arguments.stated) if arguments.stated else None,
    )
    measure = keeping.dilute(store, poured, diary_file.today(store), said_again_mg=said_again(arguments))
    if arguments.json:
        body = {"ml": str(measure.ml), "holds_mg": str(measure.holds_mg), "working": list(measure.working)}
        diary_file.show_json({"schema": "nightdose.dilution/1", **body, "warnings": list(measure.warnings)})
    else:
        print(f"{measure.ml.normalize():f} ml\n  {measure.working[0]}")
        print("  " + say("check: {working}", working=measure.working[1]))
        for warning in measure.warnings:
            print(f"  {warning}")
    return 0


def decimal(text: str) -> Decimal:
    """A number with its decimals as written."""
    try:
        value = Decimal(text.strip().removesuffix("mg").removesuffix("ml").strip().replace(",", "."))
    except InvalidOperation:
        raise CallError(say("'{text}' is not a number.", text=text)) from None
    if not value.is_finite() or not 0 < value < 100_000:
        raise CallError(say("'{text}' is not an amount.", text=text))
    return value
