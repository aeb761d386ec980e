"""`nightdose safety`: the questions, the gates they close, a prescriber's word that opens one, the wallet card."""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Sequence
from pathlib import Path

from nightdose.cli import diary_file
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.knowledge.interactions import questions
from nightdose.knowledge.medicines import recognise, suggestion
from nightdose.protocol.doses import is_dose_gate
from nightdose.protocol.exposures import exposures_from
from nightdose.protocol.gates import ALONE, Judgement, SafetyRecord, judge, refusal
from nightdose.protocol.interview import Answers, Instruction, Medicine, answers_from_record

YES = {"yes": True, "y": True, "no": False, "n": False, "?": None, "unknown": None, "i don't know": None}


def configure(parser: argparse.ArgumentParser) -> None:
    """Without a word: what is open. The words below change or print something."""
    diary_file.add_options(parser)
    words = parser.add_subparsers(dest="what", metavar="WHAT")
    ask = words.add_parser("ask", help="answer the safety questions")
    ask.add_argument(
        "--answer", action="append", default=[], metavar="QUESTION=yes|no|?", help="instead of being asked"
    )
    ask.add_argument("--complete", action="store_true", help="the list of medicines is whole")
    medicine = words.add_parser("medicine", help="name a medicine or supplement you take or took")
    medicine.add_argument("name")
    medicine.add_argument("--stopped", metavar="DATE|?", help="no longer taken; last day, or ? when not known")
    medicine.add_argument("--forget", action="store_true", help="named by mistake")
    check = words.add_parser("check", help="what do we take this name for? (writes nothing)")
    check.add_argument("name")
    instruct = words.add_parser("instruct", help="record what the prescriber said about one gate")
    instruct.add_argument("gate", metavar="GATE", help="the words in brackets, for example steroid:prednisone")
    instruct.add_argument("--prescriber", required=True, metavar="NAME")
    instruct.add_argument("--words", required=True, help="what they said; printed in the report")
    instruct.add_argument("--given", metavar="DATE", help="the day they said it; default today")
    card = words.add_parser("card", help="the wallet card, a page to print")
    card.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.html")
    for field in ("name", "dose", "clock", "prescriber", "contact", "allergies", "helper"):
        card.add_argument(f"--{field}", default="", metavar="WORDS")
    card.add_argument("--blinded", action="store_true", help="you are in a blinded trial")
    for each in (ask, medicine, check, instruct, card):
        diary_file_options_again(each)


def diary_file_options_again(parser: argparse.ArgumentParser) -> None:
    """The shared options also after the word, without undoing what stood before it."""
    for name in ("--diary", "--passphrase-file", "--recovery-key-file"):
        parser.add_argument(name, type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """One word, one thing."""
    if arguments.what == "check":
        return check(arguments)
    if arguments.what == "card":
        return card(arguments)
    with diary_file.open_diary(arguments) as store:
        today = diary_file.today(store)
        if arguments.what == "ask":
            save(store, ask(read_answers(store, today), arguments, today))
        elif arguments.what == "medicine":
            save(store, with_medicine(read_answers(store, today), arguments, today))
        elif arguments.what == "instruct":
            instruct(store, arguments, today)
        return show(store, arguments, today)


def read_answers(store: Store, today: datetime.date) -> Answers:
    """The newest answers in the diary; none yet is an interview without an answer."""
    kept = store.newest("safety", "answers")
    return Answers(today) if kept is None else answers_from_record(kept)


def safety_record(store: Store, today: datetime.date) -> SafetyRecord:
    """Everything the gates look at: the interview, the diary's entries, the prescribers' words."""
    entries = (row.entry for row in store.entries())
    return SafetyRecord(read_answers(store, today), exposures_from(entries), read_instructions(store))


def read_instructions(store: Store) -> tuple[Instruction, ...]:
    """Every recorded instruction."""
    return tuple(
        Instruction(d.name, d.body["prescriber"], d.body["words"], datetime.date.fromisoformat(d.body["given"]))
        for d in store.documents("instruction")
    )


def save(store: Store, answers: Answers) -> None:
    """Append the answers; older ones stay as history."""
    store.put("safety", "answers", answers.record)


def ask(before: Answers, arguments: argparse.Namespace, today: datetime.date) -> Answers:
    """Answers from the options, else from the person at the keyboard; each carries the day it was given."""
    after = before
    known = {question.id for question in questions()}
    for words in arguments.answer:
        name, _, said = words.partition("=")
        if name not in known or said.lower() not in YES:
            raise CallError(f"'{words}': write QUESTION=yes, no or ?; questions: {', '.join(sorted(known))}.")
        after = after.with_answer(name, YES[said.lower()], today)
    complete = True if arguments.complete else None
    if not arguments.answer and not arguments.complete:
        if not sys.stdin.isatty():
            raise CallError("Nobody is at the keyboard. Give answers with --answer QUESTION=yes|no|?.")
        for question in questions():
            after = after.with_answer(question.id, ask_one(question.text), today)
        complete = ask_one("Is your list of medicines, supplements and borrowed tablets complete?") is True
    return after if complete is None else after.with_complete_list(complete, today)


def ask_one(text: str) -> bool | None:
    while (said := input(f"{text} (yes, no, ?) ").strip().lower()) not in YES:
        print("  Please say yes, no, or ? when you do not know.")
    return YES[said]


def with_medicine(before: Answers, arguments: argparse.Namespace, today: datetime.date) -> Answers:
    """The answers with one medicine added, changed or forgotten."""
    if arguments.forget:
        return before.without_medicine(arguments.name)
    stopped = arguments.stopped
    last = diary_file.read_day(stopped) if stopped not in (None, "?") else None
    if last is not None and last > today:
        raise CallError(f"{last} has not come yet. A medicine that will be stopped is still taken.")
    return before.with_medicine(Medicine(arguments.name, current=stopped is None, last_taken=last, named=today))


def instruct(store: Store, arguments: argparse.Namespace, today: datetime.date) -> None:
    """Record a prescriber's word; the gate it names must be there."""
    raised = {gate.key: gate for gate in judge(safety_record(store, today), today, today).gates}
    about_dose = is_dose_gate(arguments.gate)
    if arguments.gate not in raised and not about_dose:
        known = ", ".join(key for key, gate in raised.items() if gate.refuses) or "none"
        raise CallError(f"There is no gate '{arguments.gate}'. Blocked or to be asked about now: {known}.")
    if not about_dose and raised[arguments.gate].rule.id == "unanswered":
        raise CallError("This gate is a question without an answer. Answer it with `nightdose safety ask`.")
    given = diary_file.read_day(arguments.given) if arguments.given else today
    if given > today:
        raise CallError(f"{given} has not come yet.")
    word = Instruction(arguments.gate, arguments.prescriber, arguments.words, given)
    body = {"prescriber": word.prescriber, "words": word.words, "given": word.given.isoformat()}
    store.put("instruction", word.gate, body)


def show(store: Store, arguments: argparse.Namespace, today: datetime.date) -> int:
    """What is blocked, what has to be asked, what was cleared by whom, what is only said. 0: a plan may be made."""
    record = safety_record(store, today)
    found = judge(record, today, today)
    if arguments.json:
        diary_file.show_json(
            {
                "schema": "nightdose.safety/1",
                **found.record,
                "open": [gate.record for gate in found.gates if gate.refuses],  # older name of blocked and ask
                "reminders": [gate.record for gate in found.notes],
                "instructions": [word.record for word in record.instructions],
                "medicines": [
                    {"name": m.name, "current": m.current, "taken_for": [r.label for r in recognise(m.name)]}
                    for m in record.answers.medicines
                ],
            }
        )
    else:
        show_gates(found, record.instructions)
    return 0 if found.cleared else 3


def show_gates(found: Judgement, instructions: Sequence[Instruction]) -> None:
    """The same for a person. Thoughts of ending one's life stand alone: nothing else is printed with them."""
    if not found.cleared:
        print(refusal(found))
    if any(gate.rule.id == ALONE for gate in found.refusing):
        return
    for gate in found.notes:
        print(f"Note: {gate.sentence} {gate.call}")
    for word in instructions:
        print(f"Recorded [{word.gate}] {word.prescriber}, {word.given}: {word.words}")
    print("A plan can be made: every gate is cleared." if found.cleared else "What a prescriber says is recorded with "
          "`nightdose safety instruct`; questions are answered with `nightdose safety ask`.")  # fmt: skip


def check(arguments: argparse.Namespace) -> int:
    """What a name is taken for."""
    found = recognise(arguments.name)
    if arguments.json:
        diary_file.show_json(
            [
                {"written": r.written, "substance": r.substance, "group": r.group, "certainty": r.certainty}
                for r in found
            ]
        )
        return 0
    for each in found:
        if each.certainty == "unknown":
            near = suggestion(each.written)
            hint = f" Did you mean {near}?" if near else ""
            print(f"{each.written}: not in our list. That does not mean safe.{hint} Ask your pharmacist.")
        else:
            has_rule = "no rule in our table, which is no promise" if each.group == "no_rule" else each.group
            print(f"{each.label}: {has_rule}")
    return 0


def card(arguments: argparse.Namespace) -> int:
    """Write the wallet card."""
    from nightdose.report.sheets.wallet_card import WalletCard, wallet_card_page

    fields = ("name", "dose", "clock", "prescriber", "contact", "allergies", "helper", "blinded")
    page = wallet_card_page(WalletCard(datetime.date.today(), **{field: getattr(arguments, field) for field in fields}))
    diary_file.write_page(arguments.output, page)
    message = {"card": str(arguments.output)}
    diary_file.show_json(message) if arguments.json else print(
        f"Wallet card: {arguments.output}. Print it, cut it, carry it."
    )
    return 0
