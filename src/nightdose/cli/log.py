"""`nightdose log`: tonight in twenty seconds; also starts a diary, lists, corrects, and writes the diary table."""

from __future__ import annotations

import argparse
import datetime
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

from nightdose.cli import diary_file
from nightdose.diary.day import DayRule, clock_time, zone_named
from nightdose.diary.entry import Entry, EntryKind, Outcome
from nightdose.diary.kept.backup import delete_everything
from nightdose.diary.kept.daily import COMBINE, Combine, daily_table
from nightdose.diary.kept.export import daily_csv, stored_object
from nightdose.diary.kept.store import DiaryError, Store
from nightdose.diary.kept.vault import lock, new_secret, write_key_file
from nightdose.errors import CallError
from nightdose.knowledge.interactions import rules
from nightdose.knowledge.medicines import recognise
from nightdose.protocol.locked import in_force, read_history
from nightdose.protocol.rescue import rescue_days
from nightdose.protocol.revealed import assigned_mg, revealed
from nightdose.protocol.trial import design_from_record

AMOUNT = re.compile(
    r"(?P<item>[^=@]+)(?:=(?P<value>\d+(?:[.,]\d+)?)\s*(?P<unit>[^@:\d][^@:]*)?)?(?:@(?P<clock>[\d:.]+))?"
)
LAB = re.compile(
    r"(?P<item>[^=]+)=(?P<value>\d+(?:[.,]\d+)?)\s*(?P<unit>[^:\s]+)(?::(?P<low>[\d.,]+)-(?P<high>[\d.,]+))?"
)


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
    parser.add_argument("--day", metavar="DATE", help="another day than today")
    dose = "NAME[=AMOUNTmg][@HH:MM]"
    parser.add_argument("--dose", action="append", default=[], metavar=dose, help="taken")
    parser.add_argument("--late", action="append", default=[], metavar=dose, help="taken late")
    parser.add_argument("--missed", action="append", default=[], metavar="NAME", help="not taken")
    parser.add_argument("--unknown-dose", action="append", default=[], metavar="NAME", help="you do not remember")
    parser.add_argument("--rescue", action="append", default=[], metavar=dose, help="taken against an attack")
    for change in ("start", "stop", "taper"):
        parser.add_argument(f"--medicine-{change}", action="append", default=[], metavar="NAME[=AMOUNTmg]",
                            help=f"another medicine or supplement: {change}")  # fmt: skip
    parser.add_argument(
        "--side-effect", action="append", default=[], metavar="NAME[=0-10]", help="vivid dreams, insomnia"
    )
    parser.add_argument(
        "--lab", action="append", default=[], metavar="NAME=VALUE UNIT[:LOW-HIGH]", help="TSH=2.1 mU/L:0.4-4.0"
    )
    parser.add_argument(
        "--event", action="append", default=[], metavar="WORDS", help="infection, steroid burst, operation"
    )
    parser.add_argument("--guess", metavar="0-100%", help="how sure you are that today's capsule was active")
    parser.add_argument("--note", metavar="WORDS")
    parser.add_argument("--treatment", default=diary_file.DEFAULT_TREATMENT, help="what the guess is about")
    parser.add_argument(
        "--list", nargs="?", const=7, type=int, metavar="DAYS", help="what was entered in the last days"
    )
    parser.add_argument("--correct", type=int, metavar="NUMBER", help="the one entry given here replaces this one")
    parser.add_argument("--withdraw", type=int, metavar="NUMBER", help="this entry should not have been made")
    parser.add_argument("--reason", default="", metavar="WORDS", help="of a correction")
    parser.add_argument(
        "--table", type=Path, metavar="FILE", help="write the diary table (CSV) for `nightdose analyse`"
    )
    parser.add_argument(
        "--combine", choices=list(COMBINE), default="last", help="several scores of a day; default last"
    )


def run(arguments: argparse.Namespace) -> int:
    """Carry out what was asked, in this order: start, settings, entries, list, table."""
    chosen = [chosen_outcome(words) for words in arguments.outcome]  # read before a diary is made for them
    started = start(arguments) if arguments.start else {}
    with diary_file.open_diary(arguments) as store:
        settings(store, arguments, chosen)
        numbers = enter(store, arguments)
        report = {**started, "diary": str(store.path), "entered": list(numbers)}
        if arguments.list is not None:
            since = diary_file.today(store) - datetime.timedelta(days=arguments.list)
            report["entries"] = [stored_object(row) for row in store.entries() if row.entry.day >= since]
        if arguments.table is not None:
            report |= write_table(store, arguments)
        warnings = [
            found.sentence
            for found in rescue_days((row.entry for row in store.entries(kind="rescue")), diary_file.today(store))
            if found.reached
        ]
        by_number = {row.number: row.entry for row in store.history()} if numbers else {}
        warnings += hazards(by_number[number] for number in numbers)
        if arguments.json:
            diary_file.show_json({**report, "warnings": warnings})
        else:
            show(store, report, warnings)
    return 0


def hazards(entries: Iterable[Entry]) -> list[str]:
    """What has to be said at once when a medicine is logged that a hard stop is about."""
    said = []
    for entry in entries:
        if entry.kind not in ("rescue", "medicine", "dose") or entry.status in ("stop", "missed"):
            continue
        for found in recognise(entry.item):
            for rule in rules():
                if rule.action == "stop" and found.group in rule.classes:
                    said.append(f"{rule.wording.format(name=found.label)} {rule.call.format(name=found.label)}")
    return list(dict.fromkeys(said))


def start(arguments: argparse.Namespace) -> dict[str, object]:
    """Make the diary: encrypted unless --plain; the recovery key is shown once."""
    path = diary_file.diary_path(arguments)
    path.parent.mkdir(parents=True, exist_ok=True)
    if arguments.plain:
        Store(path, None, create=True).close()
        return {"started": True, "encrypted": False}
    words = diary_file.passphrase(arguments, "Choose a passphrase (four unrelated words are good): ")
    if arguments.passphrase_file is None and diary_file.passphrase(arguments, "Once more: ") != words:
        raise CallError("The two passphrases differ. Nothing was made; try again.")
    secret = new_secret()
    locked = lock(secret, words)
    Store(path, secret.file_key, create=True).close()
    try:
        write_key_file(path, locked)
    except DiaryError:
        delete_everything(path)  # a diary that nobody could open again; nothing is in it yet
        raise
    if arguments.json:
        return {"started": True, "encrypted": True, "recovery_key": secret.recovery_key}
    print(
        "Your diary is encrypted. Write this recovery key on paper now and keep it away from this computer.\n"
        f"\n    {secret.recovery_key}\n\n"
        "It opens the diary when the passphrase is forgotten. It is not shown again, and nobody else has it.\n"
    )
    return {"started": True, "encrypted": True}


def chosen_outcome(words: str) -> Outcome:
    """The outcome written as NAME:SCALE or NAME:SCALE:higher."""
    name, *rest = (part.strip() for part in words.split(":"))
    if not rest:
        raise CallError(f"'{words}': write NAME:SCALE, for example pain:0-10.")
    direction = rest[1] if len(rest) > 1 else "lower"
    if direction not in ("lower", "higher"):
        raise CallError(f"'{direction}': say whether lower or higher is better.")
    return Outcome(name, rest[0], direction)  # type: ignore[arg-type]


def settings(store: Store, arguments: argparse.Namespace, chosen: Iterable[Outcome]) -> None:
    """Day start, zone and outcomes."""
    if arguments.day_start or arguments.zone:
        rule = diary_file.day_rule(store)
        begin = clock_time(arguments.day_start) if arguments.day_start else rule.start
        zone = arguments.zone or rule.zone
        if zone:
            zone_named(zone)
        store.put("setting", "day", {"start": f"{begin:%H:%M}", "zone": zone})
    for outcome in chosen:
        store.put("outcome", outcome.name, {"name": outcome.name, "scale": outcome.scale, "better": outcome.better})


def enter(store: Store, arguments: argparse.Namespace) -> tuple[int, ...]:
    """Write tonight's entries, all or none; their numbers."""
    if arguments.withdraw is not None:
        return (store.withdraw(arguments.withdraw, arguments.reason or "withdrawn"),)
    rule = diary_file.day_rule(store)
    day = diary_file.read_day(arguments.day) if arguments.day else diary_file.today(store)
    entries = entries_from(arguments, day, rule, diary_file.outcomes(store))
    if not entries and asks_a_person(arguments):
        entries = ask(store, day, rule)
    if arguments.correct is not None:
        if len(entries) != 1:
            raise CallError(f"--correct {arguments.correct} needs the one entry that replaces it, for example pain=5.")
        return (store.correct(arguments.correct, entries[0], arguments.reason),)
    return store.add(*entries)


def asks_a_person(arguments: argparse.Namespace) -> bool:
    """True when nothing was asked for but to log, and somebody is there to answer."""
    other = arguments.list is not None or arguments.table or arguments.start or arguments.outcome
    return not (other or arguments.json or arguments.zone or arguments.day_start) and sys.stdin.isatty()


def entries_from(
    arguments: argparse.Namespace, day: datetime.date, rule: DayRule, known: dict[str, Outcome]
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
    entries += [Entry(day, "event", words[:200], text=words) for words in arguments.event]
    if arguments.guess is not None:
        entries.append(Entry(day, "guess", arguments.treatment, guess(arguments.guess)))
    if arguments.note:
        entries.append(Entry(day, "note", "note", text=arguments.note))
    return entries


def score(words: str, day: datetime.date, known: dict[str, Outcome]) -> Entry:
    """pain=4, on the scale that was chosen for pain."""
    name, equals, value = words.partition("=")
    name = name.strip()
    if not equals:
        raise CallError(f"'{words}': write NAME=VALUE, for example pain=4.")
    if name not in known:
        chosen = ", ".join(known) or "none yet"
        raise CallError(
            f"'{name}' is no outcome of this diary (chosen: {chosen}). Choose it with --outcome {name}:0-10."
        )
    return Entry(day, "score", name, known[name].read(value), known[name].unit)


def amount(kind: str, words: str, day: datetime.date, rule: DayRule, status: str) -> Entry:
    """naltrexone=1.5mg@22:30"""
    found = AMOUNT.fullmatch(words.strip())
    if found is None:
        raise CallError(f"'{words}': write it as naltrexone=1.5mg@22:30; amount and time may be left out.")
    value = float(found["value"].replace(",", ".")) if found["value"] else None
    unit = (found["unit"] or "").strip() or ("mg" if value is not None and kind != "side_effect" else "")
    at = rule.moment(day, clock_time(found["clock"])) if found["clock"] else None
    return Entry(day, cast(EntryKind, kind), found["item"].strip(), value, unit, status, at=at)


def lab(words: str, day: datetime.date) -> Entry:
    """TSH=2.1 mU/L:0.4-4.0"""
    found = LAB.fullmatch(words.strip())
    if found is None:
        raise CallError(f"'{words}': write a laboratory value as 'TSH=2.1 mU/L:0.4-4.0', with the lab's own range.")
    bounds = {name: float(found[name].replace(",", ".")) for name in ("low", "high") if found[name]}
    return Entry(
        day, "lab", found["item"].strip(), float(found["value"].replace(",", ".")), found["unit"], extra=bounds
    )


def guess(text: str) -> float:
    """'70%' or '0.7'"""
    try:
        return float(text.strip().rstrip("%")) / (100 if text.strip().endswith("%") else 1)
    except ValueError:
        raise CallError(f"'{text}': say how sure you are, from 0% to 100%.") from None


def ask(store: Store, day: datetime.date, rule: DayRule) -> list[Entry]:
    """One question after another; an empty answer means not recorded."""
    known = diary_file.outcomes(store)
    if not known:
        raise CallError("No outcome was chosen yet. Choose one with --outcome pain:0-10.")
    print(f"Diary of {day:%A %d %B}. Press Enter where you have nothing to say.")
    entries = []
    for outcome in known.values():
        if answer := input(f"  {outcome.name} ({outcome.scale}): ").strip():
            entries.append(Entry(day, "score", outcome.name, outcome.read(answer), outcome.unit))
    answer = input("  capsule: taken at (HH:MM), 'missed', or Enter: ").strip()
    if answer == "missed":
        entries.append(Entry(day, "dose", "capsule", status="missed"))
    elif answer:
        entries.append(Entry(day, "dose", "capsule", status="taken", at=rule.moment(day, clock_time(answer))))
    if answer := input("  note: ").strip():
        entries.append(Entry(day, "note", "note", text=answer))
    return entries


def write_table(store: Store, arguments: argparse.Namespace) -> dict[str, object]:
    """The diary table, for `nightdose analyse`."""
    entries, assigned = known_doses(store, tuple(row.entry for row in store.entries()))
    table = daily_table(entries, cast(Combine, arguments.combine), assigned, diary_file.day_rule(store).start)
    diary_file.write_page(arguments.table, daily_csv(table))
    return {"table": str(arguments.table), "days": len(table.rows), "problems": [str(p) for p in table.problems]}


def known_doses(
    store: Store, entries: tuple[Entry, ...]
) -> tuple[tuple[Entry, ...], dict[str, Mapping[datetime.date, float]]]:
    """The entries with what the boxes held, once that was revealed; and the doses that the schedule asked for."""
    kept = store.newest("allocation", "revealed")
    if kept is None:
        return entries, {}
    body = in_force(read_history([document.body for document in store.documents("protocol")]))
    treatment, mg = body["question"]["treatment"], body.get("dose_mg") or 1.0
    assigned = assigned_mg(design_from_record(body["design"]), kept["arms"], mg)
    return revealed(entries, assigned, treatment), {treatment: assigned}


def show(store: Store, report: dict[str, object], warnings: list[str]) -> None:
    """What was done, for a tired person."""
    entered = cast(list[int], report["entered"])
    if entered:
        by_number = {row.number: row for row in store.history()}
        for number in entered:
            print(f"  kept {describe(by_number[number].entry)}  (entry {number})")
    for row in cast(list[dict[str, object]], report.get("entries", [])):
        what = f"{row['item']} {row['value'] if row['value'] is not None else ''} {row['unit']} {row['status']}"
        print(f"  {row['number']:>5}  {row['day']}  {' '.join(what.split())}  {str(row['text'])[:60]}")
    if "table" in report:
        print(f"  {report['days']} days written to {report['table']}")
        for problem in cast(list[str], report["problems"]):
            print(f"  {problem}", file=sys.stderr)
    for warning in warnings:
        print(f"  ! {warning}")
    if not (entered or "entries" in report or "table" in report):
        print(f"Diary: {report['diary']}. Nothing was entered.")


def describe(entry: Entry) -> str:
    """One entry in a few words."""
    value = "" if entry.value is None else f" {entry.value:g}"
    clock = f" at {entry.at:%H:%M}" if entry.at else ""
    unit = f" {entry.unit}" if entry.unit else ""
    status = f" {entry.status}" if entry.status else ""
    return f"{entry.day}: {entry.item}{value}{unit}{status}{clock}"
