"""`nightdose plan`: titration, liquid, trial, sealed order, reveal; `--power` says beforehand what it can find."""

from __future__ import annotations

import argparse
import datetime
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from nightdose.cli import diary_file, plan_power, plan_seal
from nightdose.cli.safety import diary_file_options_again, safety_record
from nightdose.diary.day import clock_time
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.knowledge.load import parameters
from nightdose.protocol.calendar_file import Reminder, calendar_text, evening_reminders
from nightdose.protocol.design_check import Circumstances, PlannedEvent, check_design
from nightdose.protocol.dilution import Liquid, volume_for
from nightdose.protocol.doses import accepted_dose, plausible_dose, read_dose
from nightdose.protocol.gates import Cleared
from nightdose.protocol.locked import amend, in_force, lock, read_history
from nightdose.protocol.supply import Supply, forecast
from nightdose.protocol.titration import Step, Strength, Titration, plan_titration
from nightdose.protocol.trial import Block, TrialDesign, blocks
from nightdose.question.onset_prior import onset_prior
from nightdose.question.question import Question
from nightdose.question.reason import Reason

STOPPING_RULES = (
    "Stop at any moment, without a reason and without penalty; the diary records the day.",
    "Stop and call: new very severe headache, weakness or trouble speaking, yellow skin or eyes, thoughts of ending "
    "your life, signs of withdrawal.",
    "No looking at the result before the last block ends, unless the prescriber asks.",
)


DESIGN_HELP = {
    "--kind": "default randomised_blocks",
    "--start": "first day of the diary, default today",
    "--run-in": "days of diary before anything changes, default 14",
    "--pairs": "pairs of blocks, one on and one off each; default 3",
    "--block-days": "default 28",
    "--washout": "days without treatment between blocks, default 0",
    "--outcome": "the one outcome that decides",
    "--treatment": "default naltrexone",
    "--meaningful": "smallest difference worth having",
    "--onset": "how fast an effect may come; default: the drug's file",
    "--scale": "default rating (0 to 10)",
    "--better": "default lower",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """The plan's own words, and --power."""
    diary_file.add_options(parser)
    parser.add_argument(
        "--power", action="store_true", help="before day 1: what would this trial say? (needs no diary)"
    )
    add_design(parser)
    plan_power.add_options(parser)
    words = parser.add_subparsers(dest="what", metavar="WHAT")
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
    trial = words.add_parser("trial", help="check a design; --lock fixes it")
    trial.add_argument("--lock", action="store_true", help="fix the protocol in the diary")
    trial.add_argument("--supplied", type=int, metavar="NIGHTS", help="nights with capsules at hand")
    trial.add_argument("--event", action="append", default=[], metavar="DATE:WORDS", help="operation, journey")
    trial.add_argument(
        "--other-change", action="append", default=[], metavar="DATE:WORDS", help="another medicine changes"
    )
    trial.add_argument("--dose", metavar="MG", help="daily dose on treatment, as prescribed")
    trial.add_argument("--ics", type=Path, metavar="FILE")
    trial.add_argument("--clock", default="22:30", metavar="HH:MM")
    add_design(trial, again=True)
    change = words.add_parser("amend", help="append a change to the locked protocol")
    change.add_argument("--change", required=True, metavar="NAME=WORDS")
    change.add_argument("--reason", required=True, metavar="WORDS")
    show = words.add_parser("show", help="the protocol in force and its amendments")
    for each in (titration, dilution, trial):
        each.add_argument("--dose-is-right", action="append", default=[], metavar="MG",
                          help="this dose outside the low-dose range is what the prescriber wrote")  # fmt: skip
    for each in (titration, dilution, trial, change, show, *plan_seal.add_words(words)):
        diary_file_options_again(each)


def add_design(parser: argparse.ArgumentParser, *, again: bool = False) -> None:
    """The options of a design; `again` after the word, where they must not undo what stood before it."""
    defaults: dict[str, Any] = {
        "--kind": "randomised_blocks", "--start": None, "--run-in": 14, "--pairs": 3, "--block-days": 28,
        "--washout": 0, "--outcome": None, "--treatment": "naltrexone", "--meaningful": None, "--onset": None,
        "--scale": "rating", "--better": "lower",
    }  # fmt: skip
    choices = {
        "--kind": ["randomised_blocks", "alternating", "open_titration"], "--onset": ["same-day", "days", "weeks"],
        "--scale": ["rating", "continuous"], "--better": ["lower", "higher"],
    }  # fmt: skip
    kinds: Mapping[str, Any] = {
        "--run-in": int, "--pairs": int, "--block-days": int, "--washout": int, "--meaningful": float,
    }  # fmt: skip
    for name, default in defaults.items():
        default = argparse.SUPPRESS if again else default
        parser.add_argument(
            name, type=kinds.get(name, str), choices=choices.get(name), default=default, help=DESIGN_HELP[name]
        )
    blinded = argparse.SUPPRESS if again else False
    parser.add_argument("--blinded", action="store_true", default=blinded, help="only the helper knows the order")


def run(arguments: argparse.Namespace) -> int:
    """One word, one thing."""
    if arguments.power:
        return plan_power.run(arguments, design_from(arguments), question_from(arguments))
    if arguments.what is None:
        raise CallError("Say what to plan: titration, dilution, trial, seal, unblind, reveal, show; or --power.")
    if arguments.what in plan_seal.WORDS:
        return plan_seal.run(arguments)
    with diary_file.open_diary(arguments) as store:
        words = {
            "titration": titration, "dilution": dilution, "trial": trial, "amend": amendment, "show": show,
        }  # fmt: skip
        return words[arguments.what](store, arguments)


def cleared_for(store: Store, first_dose: datetime.date) -> Cleared:
    """The safety gates, asked for the day of the first dose; raises while one is not cleared."""
    today = diary_file.today(store)
    return Cleared(safety_record(store, today), first_dose, today)


def titration(store: Store, arguments: argparse.Namespace) -> int:
    """The steps in pieces, the supply, the calendar."""
    start = diary_file.read_day(arguments.first_evening)
    at_hand = {**strengths(arguments.capsule, "capsule"), **strengths(arguments.tablet, "tablet")}
    steps = [step(words) for words in arguments.step]
    plan = plan_titration(steps, list(at_hand), start, cleared_for(store, start), said_again(arguments))
    supply = forecast(plan, {strength: count for strength, count in at_hand.items() if count is not None})
    said = {strength for strength, count in at_hand.items() if count is not None}
    counted = tuple(each for each in supply if each.strength in said)
    if arguments.ics is not None:
        reminders = evening_reminders(plan, clock_time(arguments.clock), discreet=not arguments.named)
        orders = [refill(each) for each in counted if each.order_by]
        write_ics(arguments.ics, [*reminders, *orders])
    store.put("titration", start.isoformat(), titration_object(plan, supply))
    if arguments.json:
        diary_file.show_json({"schema": "nightdose.titration/1", **titration_object(plan, supply)})
    else:
        show_titration(plan, counted, arguments)
    return 0


def said_again(arguments: argparse.Namespace) -> list[float]:
    """Doses outside the low-dose range that the person said twice."""
    return [read_dose(words) for words in arguments.dose_is_right]


def step(words: str) -> Step:
    """'1.5x14', '1.5 mg x 14 days' or '1500 mcg x 14'"""
    found = re.fullmatch(r"\s*(\d[\d.,]*\s*[^\W\d_x]*)\s*[x×*]\s*(\d{1,4})\s*(?:d|days?)?\s*", words)
    if found is None:
        raise CallError(f"'{words}': write a step as 1.5x14, milligrams times days.")
    return Step(read_dose(found[1]), int(found[2]))


def strengths(given: list[str], form: str) -> dict[Strength, int | None]:
    """'1.5:60' or '3:20:halves' -> strength and how many there are (None: not said)."""
    found: dict[Strength, int | None] = {}
    for words in given:
        mg, *rest = (part.strip().removesuffix("mg").strip() for part in words.split(":"))
        counts = [part for part in rest if part.isdigit()]
        if not re.fullmatch(r"\d+(\.\d+)?", mg) or set(rest) - set(counts) - {"halves"} or len(counts) > 1:
            raise CallError(f"'{words}': write the strength as 1.5 or 1.5:60 (mg, and how many are there).")
        found[Strength(float(mg), form, "halves" in rest)] = int(counts[0]) if counts else None
    return found


def refill(supply: Supply) -> Reminder:
    """A reminder to order in time."""
    assert supply.order_by is not None
    return Reminder(supply.order_by, 1, datetime.time(10, 0), "Order a refill", "")


def write_ics(path: Path, reminders: list[Reminder]) -> None:
    """The calendar file."""
    try:
        path.write_bytes(calendar_text(reminders, datetime.datetime.now(datetime.UTC)).encode())
    except OSError as error:
        raise CallError(f"{path} cannot be written ({error.strerror}). Choose another place with --ics.") from None


def titration_object(plan: Titration, supply: tuple[Supply, ...]) -> dict[str, Any]:
    """The plan for a program and for the diary."""
    return {
        "steps": [
            {
                "first_day": each.first_day.isoformat(), "last_day": each.last_day.isoformat(), "days": each.days,
                "dose_mg": each.dose_mg, "pieces": [str(piece) for piece in each.pieces],
            }
            for each in plan.steps
        ],
        "supply": [
            {
                "strength_mg": each.strength.mg, "form": each.strength.form, "needed": each.needed,
                "at_hand": each.at_hand,
                "runs_out": each.runs_out.isoformat() if each.runs_out else None,
            }
            for each in supply
        ],
        "opened_by": [word.record for word in plan.cleared.instructions],
        "reminders": [gate.sentence for gate in plan.cleared.notes],
    }  # fmt: skip


def show_titration(plan: Titration, supply: tuple[Supply, ...], arguments: argparse.Namespace) -> None:
    """The plan for a person."""
    print("Under your plan, as your prescriber set it:")
    for each in plan.steps:
        pieces = " + ".join(str(piece) for piece in each.pieces) or "nothing"
        print(f"  {each.first_day:%a %d %b} - {each.last_day:%a %d %b %Y}  {each.dose_mg:g} mg: {pieces}")
    for each_supply in supply:
        enough = "enough" if each_supply.runs_out is None else f"none left on the evening of {each_supply.runs_out}"
        late = f"; order by {each_supply.order_by}" if each_supply.order_by else ""
        print(
            f"  {each_supply.strength.mg:g} mg: {each_supply.needed} needed, "
            f"{each_supply.at_hand} at hand: {enough}{late}"
        )
    for word in plan.cleared.instructions:
        print(f"  Cleared by {word.prescriber} on {word.given} [{word.gate}]: {word.words}")
    for gate in plan.cleared.notes:
        print(f"  Note: {gate.sentence} {gate.call}")
    if arguments.ics is not None:
        print(f"  Reminders: {arguments.ics} (open it on your phone)")


def dilution(store: Store, arguments: argparse.Namespace) -> int:
    """Two ways to the same volume."""
    found = re.fullmatch(r"\s*([\d.,]+)\s*mg\s*(?:/|in|per)\s*([\d.,]*)\s*ml\s*", arguments.label, re.IGNORECASE)
    if found is None:
        raise CallError(f"'{arguments.label}': write the label as '50 mg / 50 ml', units included.")
    liquid = Liquid(decimal(found[1]), decimal(found[2] or "1"))
    stated = decimal(arguments.stated) if arguments.stated else None
    cleared = cleared_for(store, diary_file.today(store))
    dose = Decimal(str(read_dose(arguments.dose)))
    measure = volume_for(dose, liquid, decimal(arguments.marks), cleared, stated, said_again(arguments))
    if arguments.json:
        body = {"ml": str(measure.ml), "holds_mg": str(measure.holds_mg), "working": list(measure.working)}
        diary_file.show_json({"schema": "nightdose.dilution/1", **body, "warnings": list(measure.warnings)})
    else:
        print(f"{measure.ml.normalize():f} ml\n  {measure.working[0]}\n  check: {measure.working[1]}")
        for warning in measure.warnings:
            print(f"  {warning}")
    return 0


def decimal(text: str) -> Decimal:
    """A number with its decimals as written."""
    try:
        value = Decimal(text.strip().removesuffix("mg").removesuffix("ml").strip().replace(",", "."))
    except InvalidOperation:
        raise CallError(f"'{text}' is no number.") from None
    if not value.is_finite() or not 0 < value < 100_000:
        raise CallError(f"'{text}' is no amount.")
    return value


def design_from(arguments: argparse.Namespace) -> TrialDesign:
    """The design that the options ask for; without a date it starts today."""
    start = diary_file.read_day(arguments.start) if arguments.start else datetime.date.today()
    return TrialDesign(
        arguments.kind,
        start,
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
        treatment=arguments.treatment,
        scale=arguments.scale,
        better=arguments.better,
        meaningful=1.0 if arguments.meaningful is None else arguments.meaningful,
        limits=(0.0, 10.0) if arguments.scale == "rating" else None,
        onset=arguments.onset,
        randomised="blocks" if arguments.kind == "randomised_blocks" else "none",
    )


def trial(store: Store, arguments: argparse.Namespace) -> int:
    """Check the design; lock it where asked and nothing speaks decisively against it. Exit code 3 when refused."""
    design, question = design_from(arguments), question_from(arguments)
    tau = onset_prior(question, question.treatment)[0]
    events = [planned_event(words, False) for words in arguments.event]
    events += [planned_event(words, True) for words in arguments.other_change]
    about = Circumstances(tau, arguments.outcome, arguments.meaningful, arguments.supplied, tuple(events))
    reasons = check_design(design, about)
    refused = [reason for reason in reasons if reason.decisive]
    locked = None
    cleared = None if refused else cleared_for(store, design.first_dose)
    dose_mg = None
    if arguments.dose is not None and cleared is not None:
        check = plausible_dose(read_dose(arguments.dose), "mg", question.treatment)
        dose_mg = accepted_dose(check, said_again(arguments), cleared.record.instructions)
    if arguments.lock and cleared is not None:
        if store.documents("protocol"):
            raise CallError("A protocol is locked already. Change it with `nightdose plan amend`, with the reason.")
        locked = lock(protocol_body(design, question, cleared, dose_mg), diary_file.today(store))
        store.put("protocol", "protocol", locked.record)
    if arguments.ics is not None and not refused:
        write_ics(arguments.ics, trial_reminders(design, clock_time(arguments.clock)))
    if arguments.json:
        diary_file.show_json(
            {
                "schema": "nightdose.trial/1",
                "accepted": not refused,
                "reasons": [{"code": r.code, "sentence": r.sentence, "decisive": r.decisive} for r in reasons],
                "blocks": [block_object(block) for block in (() if refused else blocks(design))],
                "days": design.days,
                "protocol_sha256": locked.sha256 if locked else None,
            }
        )
    else:
        show_trial(design, reasons, locked.sha256 if locked else None)
    return 3 if refused else 0


def block_object(block: Block) -> dict[str, Any]:
    """One box for a program."""
    return {"number": block.number, "first_day": block.first_day, "last_day": block.last_day}


def planned_event(words: str, other: bool) -> PlannedEvent:
    """'2027-01-10:dentist'"""
    day, colon, what = words.partition(":")
    if not colon or not what.strip():
        raise CallError(f"'{words}': write DATE:WORDS, for example 2027-01-10:dentist.")
    return PlannedEvent(diary_file.read_day(day), what.strip(), other)


def protocol_body(design: TrialDesign, question: Question, cleared: Cleared, dose_mg: float | None) -> dict[str, Any]:
    """Everything that is fixed; the order of the blocks is not in it."""
    return {
        "question": {
            "outcome": question.outcome, "treatment": question.treatment, "scale": question.scale,
            "better": question.better, "meaningful": question.meaningful, "onset": question.onset,
        },
        "design": design.record,
        "dose_mg": dose_mg,
        "stopping_rules": list(STOPPING_RULES),
        "opened_by": [word.record for word in cleared.instructions],
        "onset_prior_d": parameters("onset")["weeks"].value if question.onset is None else question.onset,
    }  # fmt: skip


def trial_reminders(design: TrialDesign, clock: datetime.time) -> list[Reminder]:
    """The evening diary of every day, and each new box. Says nothing of what is in a box."""
    reminders = [Reminder(design.start, design.days, clock, "Evening diary", "")]
    for block in blocks(design):
        reminders.append(Reminder(block.first_day, 1, datetime.time(18, 0), f"From tonight: box {block.number}", ""))
    return reminders


def show_trial(design: TrialDesign, reasons: tuple[Reason, ...], sha256: str | None) -> None:
    """The design for a person."""
    last = design.start + datetime.timedelta(days=design.days - 1)
    print(f"{design.days} days, {design.start} to {last}:")
    print(f"  {design.run_in_days} days of diary only, then {design.blocks} blocks of {design.block_days} days")
    for block in () if any(reason.decisive for reason in reasons) else blocks(design):
        print(f"  box {block.number}: {block.first_day:%a %d %b} - {block.last_day:%a %d %b %Y}")
    for reason in reasons:
        print(f"{'REFUSED' if reason.decisive else 'Note'}: {reason.sentence}")
    if sha256:
        print(f"Locked. The protocol's hash is {sha256}; write it down or send it to your doctor.")
    elif not any(reason.decisive for reason in reasons):
        print("Nothing speaks against this design. `--lock` fixes it; `nightdose plan --power` says what it can find.")


def amendment(store: Store, arguments: argparse.Namespace) -> int:
    """Append a change."""
    history = read_history([document.body for document in store.documents("protocol")])
    name, _, words = arguments.change.partition("=")
    if not words.strip():
        raise CallError(f"'{arguments.change}': write NAME=WORDS, for example stopping_rules=...")
    if name.strip() in ("design", "question"):
        raise CallError(
            "Question and design cannot be changed once they are locked: the answer would be to another one."
        )
    locked = amend(history, {name.strip(): words.strip()}, arguments.reason, diary_file.today(store))
    store.put("protocol", "amendment", locked.record)
    report = {"amendment": len(history), "sha256": locked.sha256}
    diary_file.show_json(report) if arguments.json else print(f"Amendment {len(history)} appended: {locked.sha256}")
    return 0


def show(store: Store, arguments: argparse.Namespace) -> int:
    """What is locked and what was changed."""
    history = read_history([document.body for document in store.documents("protocol")])
    if not history:
        raise CallError("No protocol is locked yet. `nightdose plan trial ... --lock` does it.")
    if arguments.json:
        diary_file.show_json({"in_force": in_force(history), "history": [dict(locked.record) for locked in history]})
        return 0
    for number, locked in enumerate(history):
        head = "Protocol" if number == 0 else f"Amendment {number}"
        print(f"{head} of {locked.day}, {locked.sha256[:16]}{f': {locked.reason}' if locked.reason else ''}")
    for name, value in in_force(history).items():
        print(f"  {name}: {value}")
    return 0
