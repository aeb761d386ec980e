"""`nightdose contribute DIARY -o FILE`: the answer without the diary, shown in full, signed, for a pool."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from pathlib import Path

from nightdose.cli import analyse, diary_file
from nightdose.cli.answer_options import answer_options
from nightdose.cli.shown import clean
from nightdose.errors import CallError
from nightdose.keeping import contributing, letters
from nightdose.keeping.opening import is_kept
from nightdose.keeping.protocol import history
from nightdose.keeping.said import read_yes_no
from nightdose.language.catalogue import say
from nightdose.pooling.contribution import SEXES
from nightdose.pooling.making import Person
from nightdose.protocol.locked import Locked

EXIT_DONE, EXIT_NOT_WRITTEN = 0, 2
LONGEST_LINE = 1 << 16
WIDTH = 100


def configure(parser: argparse.ArgumentParser) -> None:
    """Every option; docs/pooling.md explains them."""
    answer_options(parser)
    parser.set_defaults(report=None, no_report=True)
    parser.add_argument("-o", "--output", type=Path, metavar="FILE.json", help="where to write it; a new file")
    parser.add_argument(
        "--register", action="store_true", help="no answer: say that a locked trial will have one (docs/pooling.md)"
    )
    parser.add_argument("--withdraw", type=Path, metavar="FILE.json", help="take back what was sent in this file")
    parser.add_argument("--condition", metavar="WORDS", help="what the medicine is taken for; only its code is sent")
    parser.add_argument("--age", type=float, metavar="YEARS", help="only the ten years around it are sent")
    parser.add_argument("--sex", choices=SEXES, help="left out unless given")
    parser.add_argument("--yes", action="store_true", help="write it without asking")
    parser.add_argument("--json", action="store_true", help="the line itself, nothing else")


def run(arguments: argparse.Namespace) -> int:
    """Make, show, ask, write; exit code 2 where nothing was written."""
    if arguments.register and arguments.withdraw is not None:
        raise CallError(say("Either register a trial or withdraw what was sent, not both."), field="withdraw")
    if arguments.output is not None and arguments.output.suffix.casefold() != ".json":
        raise CallError(say("A contribution ends in .json: of a folder a pool reads no other file."), field="output")
    ready = _ready(arguments)
    if arguments.json:
        print(ready.line)
    else:
        _show(ready)
    if arguments.output is None:
        if not arguments.json:
            print("\n" + say("Nothing was written. Add -o FILE.json to write it."))
        return EXIT_DONE
    if not arguments.yes and not _agreed():
        print(say("Nothing was written."), file=sys.stderr)
        return EXIT_NOT_WRITTEN
    contributing.write(ready, arguments.output)
    if not arguments.json:
        print(
            say(
                "Written: {output}. Nothing was sent; hand the file to the pool you chose.",
                output=arguments.output,
            )
        )
        if arguments.withdraw is None:
            print(
                say(
                    "To take it back later: nightdose contribute --withdraw {output} -o withdrawal.json",
                    output=arguments.output,
                )
            )
    return EXIT_DONE


def _ready(arguments: argparse.Namespace) -> contributing.Ready:
    key = contributing.contribution_key()
    if arguments.withdraw is not None:
        content = diary_file.read_file(arguments.withdraw, LONGEST_LINE)
        return contributing.ready_withdrawal(content.decode("utf-8", "replace"), key)
    kept = arguments.diary is None or is_kept(Path(arguments.diary))
    person = Person(_condition(arguments, kept), arguments.age, arguments.sex)
    if arguments.register:
        return contributing.ready_registration(_protocol(arguments, kept), person, key)
    return contributing.ready_answer(analyse.answered(arguments), person, key)


def _condition(arguments: argparse.Namespace, kept: bool) -> str:
    """As given, else as chosen for the letter of a kept diary."""
    if arguments.condition is not None or not kept:
        return arguments.condition or ""
    with diary_file.open_diary(arguments) as store:
        return letters.background(store, diary_file.today(store)).condition


def _protocol(arguments: argparse.Namespace, kept: bool) -> tuple[Locked, ...]:
    if arguments.protocol is not None:
        return analyse.read_protocol(arguments.protocol)[0]
    if not kept:
        raise CallError(say("A table holds no protocol. Give the one that was locked."), field="protocol")
    with diary_file.open_diary(arguments) as store:
        return history(store)


def _show(ready: contributing.Ready) -> None:
    print(say("All that this file says:") + "\n")
    for what, words in ready.lines:
        print(clean(textwrap.fill(f"{what}: {words}", WIDTH, initial_indent="  ", subsequent_indent="      ")))
    public = json.loads(ready.line)["key"]
    print("\n  " + say("signed with your key for contributions, {public}", public=public))
    print("  " + say("The same key stands on everything you send to pools, and on no letter."))
    print("\n" + say("The file itself, {n} bytes:\n{line}", n=len(ready.line.encode()) + 1, line=ready.line) + "\n")


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise CallError(say("Nobody is at the keyboard to agree."), field="yes")
    return read_yes_no(input(say("Write this file? (yes, no)") + " ")) is True
