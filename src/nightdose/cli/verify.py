"""`nightdose verify LETTER`: does a letter say what its days say?"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from nightdose.cli.shown import clean
from nightdose.errors import InputError
from nightdose.language.catalogue import say
from nightdose.letter.opened import MOST_LETTER
from nightdose.letter.verify import Verified, verify

EXIT_AGREES, EXIT_DIFFERS = 0, 3
SIGNS = {"agrees": "=", "differs": "x", "not checked": "-"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Every option; docs/verify.md explains them."""
    parser.add_argument("letter", type=Path, metavar="LETTER", help="a letter as PDF or HTML, or its package (.zip)")
    parser.add_argument(
        "--certificate", action="store_true", help="also compute its error rate anew, which can take minutes"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    """Check, print; exit code 0 where it agrees, 3 where it does not."""
    found = verify(_content(arguments.letter), certificate=arguments.certificate, threads=2)
    if arguments.json:
        print(json.dumps(asdict(found) | {"agrees": found.agrees}, ensure_ascii=False))
    else:
        _show(found)
    return EXIT_AGREES if found.agrees else EXIT_DIFFERS


def _show(found: Verified) -> None:
    for check in found.checks:
        print(clean(f"  {SIGNS[check.state]} {check.sentence}"))
    if found.agrees:
        print(clean("\n" + say("It agrees: the days it carries give “{recomputed}”.", recomputed=found.recomputed)))
        print(say("Next: read its first page with the person; nothing more has to be checked."))
    elif any(check.state == "differs" for check in found.checks):
        print("\n" + say("It does not agree.\nNext: ask the person for the letter as it was written."))
    else:
        print("\n" + say("It was not changed as far as can be seen, but its answer could not be computed anew."))
        print(say("Next: check it again with the newest nightdose."))
    if not found.signed_by:
        print(
            say("Whoever changed days, answer and hashes together cannot be found out without a signature."),
            file=sys.stderr,
        )


def _content(path: Path) -> bytes:
    try:
        if os.stat(path).st_size > MOST_LETTER:
            raise InputError(say("{path} is larger than any letter.", path=path))
        return path.read_bytes()
    except OSError as error:
        raise InputError(say("{path} cannot be read ({strerror}).", path=path, strerror=error.strerror)) from None
