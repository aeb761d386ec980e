"""`nightdose plan trial | amend | unlock | stop | show`: a design checked and locked, and what may still be changed."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nightdose.cli import diary_file
from nightdose.cli.next_words import then
from nightdose.cli.plan_titration import said_again, write_ics
from nightdose.cli.shown import clean
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import protocol as keeping
from nightdose.keeping import settings
from nightdose.keeping.kept_answer import JUDGED_AS
from nightdose.keeping.protocol import Checked
from nightdose.keeping.said import read_clock, read_day
from nightdose.keeping.sealing import protocol_in_words, protocol_page, unblindings
from nightdose.keeping.trial_plan import TrialPlan
from nightdose.knowledge.chosen import treatment
from nightdose.knowledge.four_words import four_words
from nightdose.language.calendar import brief_weekday
from nightdose.language.catalogue import say
from nightdose.protocol.design_check import PlannedEvent
from nightdose.protocol.doses import read_dose
from nightdose.protocol.locked import AMENDABLE, Amendment, Locked
from nightdose.protocol.trial import Block, TrialDesign, blocks
from nightdose.question.kind import KINDS
from nightdose.question.question import Question
from nightdose.report.sheets.protocol_sheet import ProtocolSheet

WORDS = ("trial", "amend", "unlock", "stop", "show")


def add_words(words: Any) -> Sequence[argparse.ArgumentParser]:
    """The parsers of these words; the first one takes a design, the first two a dose."""
    trial = words.add_parser("trial", help="check a design; --lock fixes it")
    trial.add_argument("--lock", action="store_true", help="fix the protocol in the diary")
    trial.add_argument("--supplied", type=int, metavar="NIGHTS", help="nights with capsules at hand")
    trial.add_argument("--event", action="append", default=[], metavar="DATE:WORDS", help="operation, journey")
    trial.add_argument(
        "--other-change", action="append", default=[], metavar="DATE:WORDS", help="another medicine changes"
    )
    trial.add_argument("--dose", metavar="MG", help="daily dose on treatment, as prescribed")
    trial.add_argument("--ics", type=Path, metavar="FILE")
    trial.add_argument("--price-a-day", type=float, metavar="X", help="in your own money: what the trial's days cost")
    trial.add_argument("--clock", default="22:30", metavar="HH:MM")
    change = words.add_parser("amend", help="append a change to the locked protocol")
    change.add_argument("--change", required=True, metavar="dose_mg=MG|stopping_rules=WORDS|note=WORDS")
    change.add_argument("--from", dest="first_day", metavar="DATE", help="first day of a changed dose; default today")
    change.add_argument("--reason", required=True, metavar="WORDS")
    unlock = words.add_parser("unlock", help="undo the lock before its first day")
    unlock.add_argument("--reason", required=True, metavar="WORDS")
    halt = words.add_parser("stop", help="stop the trial: from today on it asks for nothing")
    halt.add_argument("--reason", required=True, metavar="WORDS")
    show = words.add_parser("show", help="the protocol in force and its amendments")
    show.add_argument("-o", "--output", type=Path, metavar="FILE.html", help="the protocol as a page to print")
    return trial, change, unlock, halt, show


def run(arguments: argparse.Namespace) -> int:
    """Open the diary and carry out the word."""
    with diary_file.open_diary(arguments) as store:
        does = {"trial": trial, "amend": amendment, "unlock": unlock, "stop": stop, "show": show}
        return then(store, arguments, does[arguments.what](store, arguments))


def design_from(arguments: argparse.Namespace) -> TrialDesign:
    """The design that the options ask for; without a date it starts today."""
    today = datetime.date.today()
    return TrialDesign(
        arguments.kind,
        read_day(arguments.start, today) if arguments.start else today,
        arguments.run_in,
        arguments.pairs,
        arguments.block_days,
        arguments.washout,
        arguments.blinded,
    )


def question_from(arguments: argparse.Namespace) -> Question:
    """The question of the trial."""
    return Question(
        outcome=arguments.outcome or "outcome",
        treatment=arguments.treatment or treatment(),
        scale=arguments.scale,
        better=arguments.better,
        meaningful=1.0 if arguments.meaningful is None else arguments.meaningful,
        limits=KINDS[arguments.scale].limits,
        onset=arguments.onset,
        randomised="blocks" if arguments.kind == "randomised_blocks" else "none",
    )


def as_kept(store: Store, question: Question) -> Question:
    """The question with scale and direction as the diary's evenings ask for it; without, as the options say."""
    outcomes = settings.asked_outcomes(store)
    kept = outcomes.get(question.outcome)
    if kept is None:
        if outcomes and question.outcome != "outcome":
            raise CallError(
                say(
                    "No evening asks for '{name}'. It asks for: {listed}.",
                    name=question.outcome,
                    listed=", ".join(outcomes),
                ),
                field="outcome",
            )
        return question
    scale, limits = JUDGED_AS[kept.scale]
    return replace(question, scale=scale, better=kept.better, limits=limits)


def trial(store: Store, arguments: argparse.Namespace) -> int:
    """Check the design; lock it where asked and nothing speaks decisively against it. Exit code 3 when refused."""
    today = diary_file.today(store)
    events = [planned_event(words, today, False) for words in arguments.event]
    events += [planned_event(words, today, True) for words in arguments.other_change]
    question = as_kept(store, question_from(arguments))
    plan = TrialPlan(
        design_from(arguments), question, arguments.outcome, arguments.meaningful, arguments.supplied, tuple(events),
        read_dose(arguments.dose) if arguments.dose is not None else None, arguments.hoped,
    )  # fmt: skip
    checked = keeping.check_trial(store, plan, today, said_again(arguments))
    locked = keeping.lock_trial(store, checked, today) if arguments.lock and checked.accepted else None
    order = keeping.order_in_the_open(plan.design, locked)
    if arguments.ics is not None and checked.accepted:
        write_ics(store, arguments.ics, keeping.trial_reminders(plan.design, read_clock(arguments.clock), order))
    if arguments.json:
        diary_file.show_json(trial_object(checked, locked))
    else:
        show_trial(checked, locked)
        if arguments.price_a_day is not None:
            print(price_words(plan.design, arguments.price_a_day))
    return 0 if checked.accepted else 3


def trial_object(checked: Checked, locked: Locked | None) -> dict[str, Any]:
    """The design for a program."""
    design = checked.plan.design
    order = keeping.order_in_the_open(design, locked)
    return {
        "schema": "nightdose.trial/1",
        "accepted": checked.accepted,
        "reasons": [{"code": r.code, "sentence": r.sentence, "decisive": r.decisive} for r in checked.reasons],
        "blocks": [
            {**block_object(block), **({"arm": order[block.number - 1]} if order else {})}
            for block in (blocks(design) if checked.accepted else ())
        ],
        "days": design.days,
        "protocol_sha256": locked.sha256 if locked else None,
        "protocol_words": four_words(locked.sha256) if locked else None,
    }


def block_object(block: Block) -> dict[str, Any]:
    """One box for a program."""
    return {"number": block.number, "first_day": block.first_day, "last_day": block.last_day}


def planned_event(words: str, today: datetime.date, other: bool) -> PlannedEvent:
    """'2027-01-10:dentist'"""
    day, colon, what = words.partition(":")
    if not colon or not what.strip():
        raise CallError(say("'{words}': write DATE:WORDS, for example 2027-01-10:dentist.", words=words))
    return PlannedEvent(read_day(day, today), what.strip(), other)


def show_trial(checked: Checked, locked: Locked | None) -> None:
    """The design for a person."""
    design = checked.plan.design
    last = design.start + datetime.timedelta(days=design.days - 1)
    print(say("{days} days, {start} to {last}:", days=design.days, start=design.start, last=last))
    print(
        "  "
        + say(
            "{run_in_days} days of diary only, then {blocks} blocks of {block_days} days",
            run_in_days=design.run_in_days,
            blocks=design.blocks,
            block_days=design.block_days,
        )
    )
    for block in blocks(design) if checked.accepted else ():
        print(
            "  "
            + say(
                "box {number}: {first_day} - {last_day}",
                number=block.number,
                first_day=brief_weekday(block.first_day),
                last_day=f"{brief_weekday(block.last_day)} {block.last_day.year}",
            )
        )
    print(checked.verdict)
    for reason in checked.reasons:
        print(clean(f"{say('REFUSED') if reason.decisive else say('Note')}: {reason.sentence}"))
    for block, arm in zip(blocks(design), keeping.order_in_the_open(design, locked), strict=False):
        at = block.number
        print("  " + (say("block {n}: with it", n=at) if arm == "on" else say("block {n}: without it", n=at)))
    if locked is not None:
        print(say("Locked. The protocol's hash is {sha256}", sha256=locked.sha256))
        print(
            say(
                "In four words: {four_words}. Write them down or send them to your doctor.",
                four_words=four_words(locked.sha256),
            )
        )
        print(say("If you will share the answer: nightdose contribute --register says now that there will be one."))
    elif checked.accepted:
        print(say("`--lock` fixes it; `nightdose plan --power` says more of what it can find."))


def price_words(design: TrialDesign, price: float) -> str:
    """What the medicine of a trial costs: its days with it, whatever the order."""
    if not 0 < price < 1e6:
        raise CallError(say("The price of a day is an amount above 0."), field="price_a_day")
    days = design.block_days * (design.pairs if design.blocks > 1 else 1)
    dummies = say(", and {days} dummies for the blocks without", days=days) if design.blinded else ""
    return say(
        "At {price} a day: {days} days with it cost {cost}{dummies}.",
        price=f"{price:g}",
        days=days,
        cost=f"{price * days:g}",
        dummies=dummies,
    )


def amendment(store: Store, arguments: argparse.Namespace) -> int:
    """Append a change."""
    today = diary_file.today(store)
    change = change_from(arguments, today)
    number, made = keeping.amend_protocol(store, change, arguments.reason, today, said_again(arguments))
    report = {"amendment": number, "sha256": made.sha256, "words": four_words(made.sha256)}
    sentence = say(
        "Amendment {number} appended: {sha256}\nIn four words: {four_words}.",
        number=number,
        sha256=made.sha256,
        four_words=four_words(made.sha256),
    )
    diary_file.show_json(report) if arguments.json else print(sentence)
    return 0


def change_from(arguments: argparse.Namespace, today: datetime.date) -> Amendment:
    """'dose_mg=3', 'stopping_rules=...' or 'note=...'"""
    name, _, words = (part.strip() for part in arguments.change.partition("="))
    if not words:
        raise CallError(say("'{change}': write NAME=WORDS, for example stopping_rules=...", change=arguments.change))
    if name == "dose_mg":
        first = read_day(arguments.first_day, today) if arguments.first_day else today
        return Amendment(dose_mg=read_dose(words), dose_from=first)
    if name in ("stopping_rules", "stopping_rule"):
        return Amendment(stopping_rule=words)
    if name == "note":
        return Amendment(note=words)
    can = ", ".join(each for each in AMENDABLE if each != "dose_from")
    raise CallError(
        say(
            "'{name}' cannot be changed once the protocol is locked: the answer would be to another question, or a "
            "gate would be passed on paper. What can: {can}.",
            name=name,
            can=can,
        )
    )


def unlock(store: Store, arguments: argparse.Namespace) -> int:
    """Undo the lock."""
    made = keeping.undo_lock(store, arguments.reason, diary_file.today(store))
    sentence = say("The lock is undone; that it was there stays in the diary. Another protocol can be locked.")
    diary_file.show_json({"unlocked": made.sha256}) if arguments.json else print(sentence)
    return 0


def stop(store: Store, arguments: argparse.Namespace) -> int:
    """Stop the trial."""
    made = keeping.stop_trial(store, arguments.reason, diary_file.today(store))
    diary_file.show_json({"stopped": made.sha256, "day": made.day}) if arguments.json else print(
        keeping.stopped_words()
    )
    return 0


def show(store: Store, arguments: argparse.Namespace) -> int:
    """What is locked and what was changed."""
    history = keeping.locked_history(store)
    in_force = keeping.protocol_in_force(store)
    if arguments.output is not None:
        diary_file.write_page(arguments.output, protocol_page(store))
    if arguments.json:
        opened = [each.record for each in unblindings(store)]
        page = {} if arguments.output is None else {"page": str(arguments.output)}
        diary_file.show_json(
            {"in_force": in_force, "history": [dict(locked.record) for locked in history], "opened": opened, **page}
        )
        return 0
    if arguments.output is not None:
        print(
            say(
                "The protocol as a page: {output}. Print it, and give it to your doctor before day 1.",
                output=arguments.output,
            )
        )
        return 0
    for number, locked in enumerate(history):
        head = say("Protocol") if number == 0 else say("Amendment {number}", number=number)
        why = f": {locked.reason}" if locked.reason else ""
        words = say("{head} of {day}, {four_words}", head=head, day=locked.day, four_words=four_words(locked.sha256))
        print(clean(f"{words} ({locked.sha256[:16]}){why}"))
    print(clean(in_plain_words(protocol_in_words(store))))
    return 0


def in_plain_words(sheet: ProtocolSheet) -> str:
    """The protocol as its page says it, for a terminal."""
    facts = [("", sheet.question), *sheet.facts, ("", sheet.order)]
    lines = [f"  {name}: {words}" if name else f"  {words}" for name, words in facts]
    if sheet.open_blocks:
        lines += [
            "  " + say("block {n}, {held}: {first} to {last}", n=n, held=held, first=first, last=last)
            for n, first, last, _, held in sheet.blocks
        ]
    for part in sheet.lists:
        lines.append(f"  {part.heading}:" if part.lines else f"  {part.heading}: {part.none}")
        lines += [f"    - {line}" for line in part.lines]
    return "\n".join(lines)
