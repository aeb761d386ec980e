"""`nightdose COMMAND ...`: finds the command's module and turns errors into sentences.

Each command is one module of this folder with `configure(parser)` and `run(arguments) -> exit code`.
Only the chosen one is imported, so that an answer does not wait for commands nobody asked for.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from types import ModuleType

from nightdose.cli.outputs import spare_diaries
from nightdose.cli.parser import Parser
from nightdose.cli.phrased import phrased, refusal_object
from nightdose.cli.shown import clean, shown_streams
from nightdose.errors import CallError, NightdoseError
from nightdose.knowledge.chosen import about, choose, chosen
from nightdose.language.catalogue import ENGLISH, find, mark, reading_in, say

# command -> one line of help; the module `nightdose.cli.<command>` has the rest
COMMANDS = {
    "serve": mark("the whole product in a browser window on this machine"),
    "analyse": mark("a diary in, an honest answer out"),
    "report": mark("the answer as one page for a doctor, with an appendix"),
    "verify": mark("does a letter say what its days say? PDF, HTML or its package"),
    "evidence": mark("what trials and claims say, by condition; no diary needed"),
    "contribute": mark("your answer without your diary, signed, for a pool; shown before it is written"),
    "pool": mark("contributions of many people, together; a page, a site that anyone can host, a prior"),
    "cohort": mark("many diaries in, one row a person out"),
    "simulate": mark("what a dose does to receptors and endorphin, hour by hour; a model, not advice"),
    "log": mark("tonight, in twenty seconds; starts a diary too"),
    "import": mark("a diary you already keep, looked over before it is written"),
    "safety": mark("questions, gates, a prescriber's word, the wallet card"),
    "plan": mark("titration, trial, sealed order; --power says what it can find"),
    "backup": mark("a checked copy; verify, restore, export, delete"),
}

EXIT_DONE, EXIT_UNEXPECTED, EXIT_WRONG_CALL, EXIT_REFUSED, EXIT_STOPPED = 0, 1, 2, 3, 130

LINEAR_ALGEBRA_THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")

NOT_ADVICE = mark("A diary and analysis aid for decisions made with your prescriber. Not medical advice.")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (0 done, 2 wrong call or input, 3 refused). Nothing is a traceback."""
    words = list(sys.argv[1:] if argv is None else argv)
    _take_one_thread()
    _print_what_can_be_printed()
    with shown_streams():
        return _run(words)


def _take_one_thread() -> None:
    """The matrices are small: threads of the linear algebra would wait for each other in a loop that burns a core.

    Read by NumPy when it is first imported, which no command has done yet; worker processes inherit it.
    """
    for variable in LINEAR_ALGEBRA_THREADS:
        os.environ.setdefault(variable, "1")


def _run(words: Sequence[str]) -> int:
    """Run one command in the language that was asked for."""
    try:
        _refuse_what_is_no_text(words)
        chosen = find(language_of(words))
    except NightdoseError as error:
        return _say(error, as_json="--json" in words)
    with reading_in(chosen):
        return _ended(words)


def _ended(words: Sequence[str]) -> int:
    """Run one command; every way it can end becomes a sentence and an exit code."""
    arguments = argparse.Namespace(json="--json" in words)
    try:
        if not words:
            from nightdose.cli.greeting import greet

            return greet()
        words, named = without_drug(words)
        with about(drug_files().found(named) if named else None):
            arguments, command = parse(words)
            if named:
                arguments.drug = named
            spare_diaries(arguments)
            choose_own_file(getattr(arguments, "treatment", None))
            return int(command.run(arguments))
    except NightdoseError as error:
        return _say(error, as_json=getattr(arguments, "json", False))
    except EOFError:
        print("nightdose: " + say("the answers ended here; what was kept before is kept"), file=sys.stderr)
        return EXIT_WRONG_CALL
    except KeyboardInterrupt:
        print("nightdose: " + say("stopped"), file=sys.stderr)
        return EXIT_STOPPED
    except BrokenPipeError:
        return EXIT_DONE
    except OSError as error:  # a name too long, a disk that fails, a folder that is closed: nobody else caught it
        if os.environ.get("NIGHTDOSE_DEBUG"):
            raise
        named = f"{str(error.filename)[:120]}: " if error.filename else ""
        said = error.strerror or say("the file could not be used")
        advice = say("Check the name, the folder and the disk; nothing that was confirmed before is lost.")
        print(f"nightdose: {clean(named)}{said}. {advice}", file=sys.stderr)
        return EXIT_WRONG_CALL
    except Exception as error:
        if os.environ.get("NIGHTDOSE_DEBUG"):
            raise
        print(
            "nightdose: "
            + say(
                "this did not work, and it should have ({name}: {error}).\nPlease report it; with "
                "NIGHTDOSE_DEBUG=1 before the command it shows where.",
                name=type(error).__name__,
                error=clean(str(error))[:200],
            ),
            file=sys.stderr,
        )
        return EXIT_UNEXPECTED


def language_of(words: Sequence[str]) -> str:
    """The language asked for by the option before the command, else by NIGHTDOSE_LANGUAGE, else English."""
    for place, word in enumerate(words):
        if word == "--language":
            return "".join(words[place + 1 : place + 2])
        if word.startswith("--language="):
            return word.partition("=")[2]
        if word in COMMANDS:
            break
    return os.environ.get("NIGHTDOSE_LANGUAGE") or ENGLISH


WITH_A_DRUG_OF_THEIR_OWN = ("pool",)  # there --drug says which answers are wanted


def without_drug(words: Sequence[str]) -> tuple[list[str], str]:
    """(the words without --drug, what it named): the option may stand anywhere, whatever the command."""
    if next((word for word in words if word in COMMANDS), "") in WITH_A_DRUG_OF_THEIR_OWN:
        return list(words), ""
    rest: list[str] = []
    named, at = "", 0
    while at < len(words):
        word = words[at]
        if word == "--":
            return [*rest, *words[at:]], named
        if word == "--drug":
            if at + 1 == len(words):
                raise CallError(say("Name the medicine's file: --drug melatonin.toml."), field="drug")
            named, at = words[at + 1], at + 2
            continue
        if word.startswith("--drug="):
            named = word.partition("=")[2]
        else:
            rest.append(word)
        at += 1
    return rest, named


def drug_files() -> ModuleType:
    """Imported where a drug file is named: an answer about naltrexone does not wait for it."""
    return importlib.import_module("nightdose.keeping.drug_files")


def choose_own_file(treatment: str | None) -> None:
    """A treatment that has a file in the user's folder is about that file, without being asked."""
    if treatment and chosen() is None and (file := drug_files().own_file_of(treatment)) is not None:
        choose(file)


def parse(words: Sequence[str]) -> tuple[argparse.Namespace, ModuleType]:
    """The options, and the module of the command."""
    parser = Parser(prog="nightdose", description=NOT_ADVICE)
    parser.add_argument("--version", action="version", version=f"nightdose {version('nightdose')}")
    parser.add_argument("--language", metavar="CODE", help="of the answer, like de; or set NIGHTDOSE_LANGUAGE")
    parser.add_argument(
        "--drug",
        metavar="FILE.toml",
        help=say("another medicine than naltrexone, anywhere in the call (docs/drug-file.md)"),
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    chosen = next((word for word in words if word in COMMANDS), None)
    modules = {}
    for name, summary in COMMANDS.items():
        sub = commands.add_parser(name, help=summary, description=summary, epilog=NOT_ADVICE)
        if name == chosen:
            modules[name] = importlib.import_module(f"nightdose.cli.{name}")
            modules[name].configure(sub)
    arguments = parser.parse_args(words)
    return arguments, modules[arguments.command]


def _say(error: NightdoseError, *, as_json: bool) -> int:
    """The sentence of an error; for a refusal also the JSON object, where that was asked for."""
    refused = refusal_object(error)
    if refused is not None and as_json:
        print(json.dumps(refused, ensure_ascii=False, default=str))
    print(f"nightdose: {clean(phrased(error))}", file=sys.stderr)
    return EXIT_WRONG_CALL if refused is None else EXIT_REFUSED


def _refuse_what_is_no_text(words: Sequence[str]) -> None:
    """Bytes that are not UTF-8 arrive as halves of letters, which nothing can write down again."""
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            raise CallError(say("'{word}' is not text in UTF-8. Type it again.", word=ascii(word)[1:-1][:60])) from None


def _print_what_can_be_printed() -> None:
    """A terminal that knows no ½ shows its number; it is not a reason to stop."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure") and (stream.encoding or "").lower().replace("-", "") != "utf8":
            stream.reconfigure(errors="backslashreplace")
