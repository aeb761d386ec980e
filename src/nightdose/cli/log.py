"""`nightdose log`: tonight in twenty seconds; also starts a diary, lists, corrects, and writes the diary table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

from nightdose.cli import diary_file, evening, log_words
from nightdose.cli.next_words import show_next
from nightdose.cli.shown import clean
from nightdose.diary.entry import Entry, Outcome
from nightdose.diary.kept.daily import COMBINE, Combine
from nightdose.diary.kept.export import stored_object
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import corrections, entries, opening, protocol, said, settings, table
from nightdose.keeping.entries import Written
from nightdose.language.catalogue import say
from nightdose.language.number import as_given


def configure(parser: argparse.ArgumentParser) -> None:
    """Scores are given as NAME=VALUE; everything else by its option."""
    diary_file.add_options(parser)
    parser.add_argument("scores", nargs="*", metavar="NAME=VALUE", help="for example pain=4 slept-badly=yes")
    parser.add_argument("--start", action="store_true", help="start a new diary")
    parser.add_argument("--plain", action="store_true", help="with --start: not encrypted, readable by anyone here")
    parser.add_argument("--day-start", metavar="HH:MM", help="when your day starts; default 04:00")
    parser.add_argument(
        "--zone", metavar="ZONE", help="your time zone, for example Europe/Oslo; default: the computer's"
    )
    parser.add_argument("--outcome", action="append", default=[], metavar="NAME:SCALE[:higher]",
                        help="choose an outcome; scales 0-10, 0-3, yes/no, count, number")  # fmt: skip
    parser.add_argument("--put-down", action="append", default=[], metavar="NAME",
                        help="an outcome that no evening asks for any more; its history stays")  # fmt: skip
    parser.add_argument("--day", metavar="DATE", help="another day than today: 2026-11-20, or yesterday")
    dose = "NAME[=AMOUNTmg][@HH:MM]"
    parser.add_argument("--dose", action="append", default=[], metavar=dose, help="taken")
    parser.add_argument("--late", action="append", default=[], metavar=dose, help="taken late")
    parser.add_argument("--missed", action="append", default=[], metavar="NAME", help="not taken")
    parser.add_argument("--unknown-dose", action="append", default=[], metavar="NAME", help="you do not remember")
    parser.add_argument("--rescue", action="append", default=[], metavar=dose, help="taken against an attack")
    for change in ("start", "stop", "taper"):
        parser.add_argument(f"--medicine-{change}", action="append", default=[], metavar="NAME[=AMOUNTmg]",
                            help=say("another medicine or supplement: {change}", change=change))  # fmt: skip
    parser.add_argument(
        "--side-effect", action="append", default=[], metavar="NAME[=0-10]", help="vivid dreams, insomnia"
    )
    parser.add_argument(
        "--lab", action="append", default=[], metavar="NAME=VALUE UNIT[:LOW-HIGH]", help="TSH=2.1 mU/L:0.4-4.0"
    )
    parser.add_argument(
        "--event", action="append", default=[], metavar="WORDS", help="infection, steroid burst, operation"
    )
    parser.add_argument("--until", metavar="DATE", help="last day of the event; its days are not judged")
    parser.add_argument("--guess", metavar="0-100%", help="how sure you are that today's capsule was active")
    parser.add_argument("--note", metavar="WORDS")
    parser.add_argument("--treatment", help="what the guess is about; default: the medicine of the diary")
    parser.add_argument(
        "--list", nargs="?", const=7, type=int, metavar="DAYS", help="what was entered in the last days"
    )
    parser.add_argument("--correct", type=int, metavar="NUMBER", help="the one entry given here replaces this one")
    parser.add_argument("--withdraw", type=int, metavar="NUMBER", help="this entry should not have been made")
    parser.add_argument("--reason", default="", metavar="WORDS", help="of a correction")
    parser.add_argument("--instead", action="store_true", help="this dose replaces the one of that evening")
    parser.add_argument(
        "--second-dose", action="store_true", help="this dose was taken as well as the one of that evening"
    )
    parser.add_argument("--dose-is-right", action="append", default=[], metavar="MG",
                        help="this dose outside the low-dose range was really taken")  # fmt: skip
    parser.add_argument(
        "--table", type=Path, metavar="FILE", help="write the diary table (CSV) for `nightdose analyse`"
    )
    parser.add_argument(
        "--combine", choices=list(COMBINE), default="last", help="several scores of a day; default last"
    )


def run(arguments: argparse.Namespace) -> int:
    """Carry out what was asked, in this order: start, settings, entries, list, table."""
    chosen = [log_words.chosen_outcome(words) for words in arguments.outcome]  # read before a diary is made for them
    started = start(arguments) if arguments.start else {}
    with diary_file.open_diary(arguments) as store:
        set_up(store, arguments, chosen)
        written = enter(store, arguments)
        report: dict[str, Any] = {**started, "diary": str(store.path), "entered": list(written.numbers)}
        if arguments.list is not None:
            rows = entries.since(store, diary_file.today(store), arguments.list)
            report["entries"] = [stored_object(row) for row in rows]
        if arguments.table is not None:
            report |= write_table(store, arguments)
        if arguments.json:
            diary_file.show_json({**report, "warnings": list(written.warnings)})
        else:
            show(store, report, written)
    return 0


def start(arguments: argparse.Namespace) -> dict[str, object]:
    """Make the diary: encrypted unless --plain; the recovery key is shown once."""
    path = diary_file.diary_path(arguments)
    words = None
    if not arguments.plain:
        words = diary_file.passphrase(arguments, say("Choose a passphrase (four unrelated words are good):") + " ")
        if arguments.passphrase_file is None and diary_file.passphrase(arguments, say("Once more:") + " ") != words:
            raise CallError(say("The two passphrases differ. Nothing was made; try again."))
    made = opening.start(path, words)
    if made.recovery_key is None:
        return {"started": True, "encrypted": False}
    if arguments.json:
        return {"started": True, "encrypted": True, "recovery_key": made.recovery_key}
    print(
        say(
            "Your diary is encrypted. Write this recovery key on paper now and keep it away from this "
            "computer.\n\n    {recovery_key}\n\nIt opens the diary when the passphrase is forgotten. It is not "
            "shown again, and nobody else has it.",
            recovery_key=made.recovery_key,
        )
        + "\n"
    )
    return {"started": True, "encrypted": True}


def set_up(store: Store, arguments: argparse.Namespace, chosen: Iterable[Outcome]) -> None:
    """Day start, zone and outcomes."""
    if arguments.day_start or arguments.zone:
        begin = said.read_clock(arguments.day_start) if arguments.day_start else None
        settings.set_day(store, start=begin, zone=arguments.zone)
    for outcome in chosen:
        settings.choose_outcome(store, outcome)
    for name in arguments.put_down:
        protocol.put_down(store, name, diary_file.today(store))


def enter(store: Store, arguments: argparse.Namespace) -> Written:
    """Write tonight's entries, all or none; what was written."""
    today = diary_file.today(store)
    if arguments.withdraw is not None:
        return Written((corrections.withdraw(store, arguments.withdraw, arguments.reason),), (), ())
    day = diary_file.read_day(arguments.day, store) if arguments.day else diary_file.tonight(store)
    entries.not_to_come(day, today)
    made = log_words.entries_from(arguments, day, settings.day_rule(store), settings.outcomes(store))
    if arguments.correct is not None:
        return correct(store, arguments, made)
    again = [log_words.read_mg(words) for words in arguments.dose_is_right]
    if not made and asks_a_person(arguments):
        return evening.keep(store, evening.ask(store, day, today), today, repeat_of(arguments), again)
    if not made and nothing_else(arguments) and not arguments.json:
        raise CallError(say("Nobody is at the keyboard, and nothing was given to write."), code="log")
    return entries.write(store, made, today, repeat=repeat_of(arguments), said_again_mg=again)


def repeat_of(arguments: argparse.Namespace) -> entries.Repeat:
    """What a second dose of the evening is, as the options say."""
    if arguments.instead and arguments.second_dose:
        raise CallError(
            say("Instead of the dose that is there, or a second one? Give one of --instead, --second-dose.")
        )
    return "instead" if arguments.instead else "again" if arguments.second_dose else "ask"


def correct(store: Store, arguments: argparse.Namespace, made: Sequence[Entry]) -> Written:
    """Put the one entry that was given in the place of an older one."""
    if len(made) != 1:
        raise CallError(
            say(
                "--correct {correct} needs the one entry that replaces it, for example pain=5.",
                correct=arguments.correct,
            )
        )
    day = made[0].day if arguments.day else None
    again = [log_words.read_mg(words) for words in arguments.dose_is_right]
    meant = corrections.Meant(day, repeat_of(arguments), again)
    done = corrections.correct(store, arguments.correct, made[0], arguments.reason, meant)
    warned = entries.warnings(store, [done.after], diary_file.today(store))
    return Written((done.number,), (done.after,), warned)


def asks_a_person(arguments: argparse.Namespace) -> bool:
    """True when nothing was asked for but to log, and somebody is there to answer."""
    return nothing_else(arguments) and not arguments.json and sys.stdin.isatty()


def nothing_else(arguments: argparse.Namespace) -> bool:
    """True when no list, table, start or setting was asked for."""
    other = arguments.list is not None or arguments.table or arguments.start or arguments.outcome
    return not (other or arguments.zone or arguments.day_start)


def write_table(store: Store, arguments: argparse.Namespace) -> dict[str, object]:
    """The diary table, for `nightdose analyse`."""
    made = table.table_of(store, cast(Combine, arguments.combine))
    diary_file.write_page(arguments.table, made.csv, "--table")
    found = made.table
    return {"table": str(arguments.table), "days": len(found.rows), "problems": [str(p) for p in found.problems]}


def show(store: Store, report: dict[str, Any], written: Written) -> None:
    """What was done, for a tired person."""
    if written.numbers and not written.entries:
        print("  " + say("taken back  (entry {numbers})", numbers=written.numbers[0]))
    for number, entry in zip(written.numbers, written.entries, strict=False):
        print(
            "  "
            + say(
                "kept {day}: {in_words}  (entry {number})",
                day=entry.day,
                in_words=clean(entries.in_words(entry)),
                number=number,
            )
        )
    for row in report.get("entries", []):
        value = "" if row["value"] is None else as_given(row["value"])
        what = f"{row['item']} {value} {row['unit']} {row['status']}"
        print(f"  {row['number']:>5}  {row['day']}  {clean(' '.join(what.split()))}  {clean(str(row['text'])[:60])}")
    if "table" in report:
        print("  " + say("{days} days written to {table}", days=report["days"], table=report["table"]))
        for problem in report["problems"]:
            print(f"  {clean(problem)}", file=sys.stderr)
    for warning in written.warnings:
        print(f"  ! {clean(warning)}")
    if not (written.numbers or "entries" in report or "table" in report):
        print(say("Diary: {diary}. Nothing was entered.", diary=report["diary"]))
    show_next(store)
