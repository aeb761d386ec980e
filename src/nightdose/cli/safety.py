"""`nightdose safety`: the questions, the gates they close, a prescriber's word that opens one, the wallet card."""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Sequence
from pathlib import Path

from nightdose.cli import diary_file
from nightdose.cli.next_words import then
from nightdose.cli.shown import clean
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import drug_files, own_drug
from nightdose.keeping import safety as keeping
from nightdose.keeping.said import read_yes_no
from nightdose.knowledge.interactions import questions
from nightdose.knowledge.medicines import meaning, recognise, suggestion
from nightdose.language.catalogue import say
from nightdose.protocol.gates import Judgement
from nightdose.protocol.interview import Instruction
from nightdose.protocol.refusal import ALONE, refusal


def configure(parser: argparse.ArgumentParser) -> None:
    """Without a word: what is open. The words below change or print something."""
    diary_file.add_options(parser)
    words = parser.add_subparsers(dest="what", metavar="WHAT")
    ask = words.add_parser("ask", help="answer the safety questions")
    ask.add_argument(
        "--answer", action="append", default=[], metavar="QUESTION=yes|no|?", help="instead of being asked"
    )
    ask.add_argument("--complete", action="store_true", help="the list of medicines is whole")
    ask.add_argument("--reason", default="", metavar="WORDS", help="why an answer is no longer yes; it is kept")
    medicine = words.add_parser("medicine", help="name a medicine or supplement you take or took")
    medicine.add_argument("name")
    medicine.add_argument("--stopped", metavar="DATE|?", help="no longer taken; last day, or ? when not known")
    medicine.add_argument("--forget", action="store_true", help="named by mistake")
    medicine.add_argument("--reason", default="", metavar="WORDS", help="why, where that takes a gate away; it is kept")
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
    file = words.add_parser("file", help="another version of the drug file of this diary takes its place")
    file.add_argument("file", metavar="FILE.toml")
    file.add_argument("--reason", default="", metavar="WORDS", help="why, where that takes a gate away; it is kept")
    for each in (ask, medicine, check, instruct, card, file):
        diary_file.add_options_again(each)


def run(arguments: argparse.Namespace) -> int:
    """Carry out the word, then show what is open. Exit code 3 while a plan cannot be made."""
    if arguments.what == "check":
        return check(arguments)
    if arguments.what == "card":
        return card(arguments)
    with diary_file.open_diary(arguments) as store:
        today = diary_file.today(store)
        does = {"ask": ask, "medicine": medicine, "instruct": instruct, "file": file}.get(arguments.what)
        found = does(store, arguments, today) if does else keeping.judgement(store, today)
        return then(store, arguments, show(store, found, arguments, today))


def ask(store: Store, arguments: argparse.Namespace, today: datetime.date) -> Judgement:
    """Answers from the options, else from the person at the keyboard; each carries the day it was given."""
    if arguments.answer or arguments.complete:
        said = {}
        for words in arguments.answer:
            name, _, word = words.partition("=")
            said[name.strip()] = answered(words, word)
        complete = True if arguments.complete else None
        return keeping.answer(store, said, today, complete=complete, reason=arguments.reason)
    if not sys.stdin.isatty():
        raise CallError(say("Nobody is at the keyboard. Give answers with --answer QUESTION=yes|no|?."))
    for question in questions():  # each is kept as soon as it is given: whoever stops half-way has not lost it
        found = kept(store, question.id, ask_one(question.text), today)
        if question.id == ALONE and any(gate.rule.id == ALONE for gate in found.refusing):
            return found
    ask_medicines(store, today)
    whole = ask_one(say("Is your list of medicines, supplements and borrowed tablets complete?")) is True
    return keeping.answer(store, {}, today, complete=whole)


def answered(words: str, word: str) -> bool | None:
    """yes, no or ?; a sentence that names the questions where it is none of them."""
    try:
        return read_yes_no(word)
    except CallError:
        known = ", ".join(sorted(question.id for question in questions()))
        raise CallError(
            say("'{words}': write QUESTION=yes, no or ?; questions: {known}.", words=words, known=known)
        ) from None


def ask_one(text: str) -> bool | None:
    """Yes, no or None for "I do not know", asked until one of them is typed."""
    while True:
        try:
            return read_yes_no(input(say("{text} (yes, no, ?)", text=text) + " "))
        except CallError:
            print("  " + say("Please say yes, no, or ? when you do not know."))


def kept(store: Store, question: str, word: bool | None, today: datetime.date) -> Judgement:
    """One answer, with the reason why it is no longer yes, which is asked until it is told or Enter leaves the yes."""
    reason = ""
    while True:
        try:
            return keeping.answer(store, {question: word}, today, reason=reason)
        except CallError as error:
            if error.field != "reason":
                raise
            print(f"  {clean(str(error))}")
            reason = input("  " + say("Why, in a sentence, or Enter to leave it at yes:") + " ").strip()
            if not reason:
                return keeping.judgement(store, today)


def ask_medicines(store: Store, today: datetime.date) -> None:
    """The list itself, where it is asked about: what is in it, and whatever is not yet."""
    listed = [each.name for each in keeping.answers(store, today).medicines]
    named = clean(", ".join(listed)) or say("none named yet")
    print(say("Your medicines, supplements and borrowed tablets: {named}.", named=named))
    while name := input("  " + say("Another one (its name as on the box), or Enter:") + " ").strip():
        try:
            keeping.name_medicine(store, name, today)
        except CallError as error:
            print(f"  {clean(str(error))}")


def medicine(store: Store, arguments: argparse.Namespace, today: datetime.date) -> Judgement:
    """One medicine added, changed or forgotten."""
    if arguments.forget:
        return keeping.forget_medicine(store, arguments.name, today, arguments.reason)
    stopped = arguments.stopped
    last = diary_file.read_day(stopped, store) if stopped not in (None, "?") else None
    return keeping.name_medicine(
        store, arguments.name, today, stopped=stopped is not None, last_taken=last, reason=arguments.reason
    )


def file(store: Store, arguments: argparse.Namespace, today: datetime.date) -> Judgement:
    """Another version of the drug file, kept; what is open by it."""
    given = drug_files.found(arguments.file)
    if given is None:
        raise CallError(say("Naltrexone needs no file."), field="file")
    own_drug.replace_file(store, given, today, arguments.reason)
    return keeping.judgement(store, today)


def instruct(store: Store, arguments: argparse.Namespace, today: datetime.date) -> Judgement:
    """Record a prescriber's word; the gate it names must be there."""
    given = diary_file.read_day(arguments.given, store) if arguments.given else today
    word = Instruction(arguments.gate, arguments.prescriber, arguments.words, given)
    return keeping.instruct(store, word, today)


def show(store: Store, found: Judgement, arguments: argparse.Namespace, today: datetime.date) -> int:
    """What is blocked, what has to be asked, what was cleared by whom, what is only said. 0: a plan may be made."""
    instructions = keeping.instructions(store)
    if arguments.json:
        diary_file.show_json(
            {
                "schema": "nightdose.safety/1",
                **found.record,
                "open": [gate.record for gate in found.gates if gate.refuses],  # older name of blocked and ask
                "reminders": [gate.record for gate in found.notes],
                "instructions": [word.record for word in instructions],
                "medicines": [
                    {"name": m.name, "current": m.current, "taken_for": [r.label for r in recognise(m.name)]}
                    for m in keeping.answers(store, today).medicines
                ],
            }
        )
    else:
        show_gates(found, instructions)
    return 0 if found.cleared else 3


def show_gates(found: Judgement, instructions: Sequence[Instruction]) -> None:
    """The same for a person. Thoughts of ending one's life stand alone: nothing else is printed with them."""
    if not found.cleared:
        print(clean(refusal(found)))
    if any(gate.rule.id == ALONE for gate in found.refusing):
        return
    for gate in found.notes:
        print(clean(say("Note: {sentence} {call}", sentence=gate.sentence, call=gate.call)))
    for word in instructions:
        print(
            clean(
                say(
                    "Recorded [{gate}] {prescriber}, {given}: {words}",
                    gate=word.gate,
                    prescriber=word.prescriber,
                    given=word.given,
                    words=word.words,
                )
            )
        )
    if found.cleared:
        print(say("A plan can be made: every gate is cleared."))
    else:
        print(
            say(
                "What a prescriber says is recorded with `nightdose safety instruct`; "
                "questions are answered with `nightdose safety ask`."
            )
        )


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
            hint = " " + say("Did you mean {near}?", near=near) if near else ""
            print(
                say(
                    "{written}: not in our list. That does not mean safe.{hint} Ask your pharmacist.",
                    written=each.written,
                    hint=hint,
                )
            )
        else:
            print(f"{each.label}: {meaning(each)} ({each.group.replace('_', ' ')})")
    return 0


def card(arguments: argparse.Namespace) -> int:
    """Write the wallet card."""
    from nightdose.report.sheets.wallet_card import WalletCard, wallet_card_page

    fields = ("name", "dose", "clock", "prescriber", "contact", "allergies", "helper", "blinded")
    page = wallet_card_page(WalletCard(datetime.date.today(), **{field: getattr(arguments, field) for field in fields}))
    diary_file.write_page(arguments.output, page)
    message = {"card": str(arguments.output)}
    diary_file.show_json(message) if arguments.json else print(
        say("Wallet card: {output}. Print it, cut it, carry it.", output=arguments.output)
    )
    return 0
