"""`nightdose COMMAND ...`: finds the command's module and turns errors into sentences.

Each command is one module of this folder with `configure(parser)` and `run(arguments) -> exit code`.
Only the chosen one is imported, so that an answer does not wait for commands nobody asked for.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Sequence

from nightdose.cli.phrased import phrased, refusal_object
from nightdose.cli.shown import clean
from nightdose.errors import NightdoseError

# command -> one line of help; the module `nightdose.cli.<command>` has the rest
COMMANDS = {
    "serve": "the whole product in a browser window on this machine",
    "analyse": "a diary in, an honest answer out",
    "cohort": "many diaries in, one row a person out",
    "simulate": "what a dose does to receptors and endorphin, hour by hour; a model, not advice",
    "log": "tonight, in twenty seconds; starts a diary too",
    "import": "a diary you already keep, looked over before it is written",
    "safety": "questions, gates, a prescriber's word, the wallet card",
    "plan": "titration, trial, sealed order; --power says what it can find",
    "backup": "a checked copy; verify, restore, export, delete",
}

EXIT_DONE, EXIT_WRONG_CALL, EXIT_REFUSED = 0, 2, 3

NOT_ADVICE = "A diary and analysis aid for decisions made with your prescriber. Not medical advice."


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (0 done, 2 wrong call or input, 3 refused)."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="nightdose", description=NOT_ADVICE)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    chosen = next((word for word in words if not word.startswith("-")), None)
    modules = {}
    for name, summary in COMMANDS.items():
        sub = commands.add_parser(name, help=summary, description=summary, epilog=NOT_ADVICE)
        if name == chosen:
            modules[name] = importlib.import_module(f"nightdose.cli.{name}")
            modules[name].configure(sub)
    arguments = parser.parse_args(words)
    try:
        return int(modules[arguments.command].run(arguments))
    except NightdoseError as error:
        refused = refusal_object(error)
        if refused is not None and getattr(arguments, "json", False):
            print(json.dumps(refused, ensure_ascii=False, default=str))
        print(f"nightdose: {clean(phrased(error))}", file=sys.stderr)
        return EXIT_WRONG_CALL if refused is None else EXIT_REFUSED
    except EOFError:
        print("nightdose: the answers ended here; what was kept before is kept", file=sys.stderr)
        return EXIT_WRONG_CALL
    except KeyboardInterrupt:
        print("nightdose: stopped; nothing was changed", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return EXIT_DONE
