"""`nightdose analyse DIARY --outcome ... --treatment ...`: the answer, a picture, where the report is."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

from nightdose.cli.answer_options import AS_USUAL, answer_options, asked_again, asked_from, means_for, wanted_from
from nightdose.cli.shown import clean
from nightdose.diary.table.table import read_table
from nightdose.errors import CallError, InputError
from nightdose.keeping.answer import (
    full_answer,
    question_for,
)
from nightdose.keeping.opening import is_kept
from nightdose.language.catalogue import say
from nightdose.protocol.locked import Locked, read_history
from nightdose.protocol.sealing import Unblinding, unblinding_from_record
from nightdose.question.kind import YES_NO
from nightdose.verdict.analysis import Analysis

EXIT_DONE, EXIT_REFUSED = 0, 3


def configure(parser: argparse.ArgumentParser) -> None:
    """Every option; docs/analyse.md explains them."""
    answer_options(parser)
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="where to write the report; default DIARY-OUTCOME.html here"
    )
    parser.add_argument("--no-report", action="store_true", help="write no file")
    parser.add_argument(
        "--label", default="", help="words printed on the page and in every picture, for example SYNTHETIC"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object (docs/schema/analysis.json), nothing else")


def run(arguments: argparse.Namespace) -> int:
    """Read, analyse, print; exit code 3 where the fit refused itself."""
    analysis = answered(arguments)
    if arguments.json:
        from nightdose.export.record import analysis_record

        if arguments.report is not None:
            save(analysis, arguments.report, arguments.label)
        print(json.dumps(analysis_record(analysis), ensure_ascii=False, allow_nan=False))
    else:
        show(analysis, arguments)
        print(_next(analysis, arguments))
    return EXIT_REFUSED if analysis.refused else EXIT_DONE


def _next(analysis: Analysis, arguments: argparse.Namespace) -> str:
    """What comes next: severities of attacks asked as events, everything else on paper."""
    if any(reason.code == "comes_in_attacks" for reason in analysis.verdict.reasons):
        words = say("attack days, as yes or no; attacks that begin with count")
        return next_after(
            arguments, words, "analyse " + asked_again(arguments, scale=YES_NO, range=None, meaningful=None)
        )
    return next_after(
        arguments, say("the same as one page for a doctor"), f"report {asked_again(arguments)} -o letter.html"
    )


def next_after(arguments: argparse.Namespace, words: str, command: str) -> str:
    """What comes next: of a kept diary what it waits for, of a table the command that goes on from here."""
    waits = str(getattr(arguments, "comes_next", ""))
    return waits or clean(say("Next: {words} (nightdose {command})", words=words, command=command))


def answered(arguments: argparse.Namespace) -> Analysis:
    """The answer that the options ask for, of a table or of a kept diary."""
    if arguments.looks is not None and arguments.looks < 1:
        raise CallError(
            say(
                "--looks {looks} is not a number of days. This look is the first: give 1 or more.",
                looks=arguments.looks,
            )
        )
    if arguments.certificate < 0 and arguments.certificate != AS_USUAL:
        raise CallError(
            say(
                "--certificate {certificate} is not a number of diaries. Give one above 0.",
                certificate=arguments.certificate,
            )
        )
    if arguments.diary is None or is_kept(Path(arguments.diary)):
        from nightdose.cli import analyse_kept  # what a kept diary needs is a quarter of the start of a table

        return analyse_kept.answer(arguments)
    diary = read_table(arguments.diary, person=arguments.person)
    question = question_for(diary, asked_from(arguments))
    protocol, opened = read_protocol(arguments.protocol) if arguments.protocol is not None else ((), ())
    wanted = replace(wanted_from(arguments, diary, question), protocol=protocol, opened=opened, looked=arguments.looks)
    return full_answer(diary, question, wanted, means_for(arguments))


def show(analysis: Analysis, arguments: argparse.Namespace) -> None:
    """The answer for a person at a terminal, and where the report is."""
    from nightdose.report.terminal import terminal_summary

    print(terminal_summary(analysis, label=arguments.label))
    for problem in analysis.diary.problems[:5]:
        print(f"  {clean(str(problem))}", file=sys.stderr)
    if len(analysis.diary.problems) > 5:
        print(
            "  " + say("and {problems} more; all are in the report", problems=len(analysis.diary.problems) - 5),
            file=sys.stderr,
        )
    if not arguments.no_report:
        path = arguments.report or Path(f"{Path(arguments.diary or 'diary').stem}-{analysis.question.outcome}.html")
        save(analysis, path, arguments.label)
        print("\n" + say("Report: {path}", path=path))


def read_protocol(path: Path) -> tuple[tuple[Locked, ...], tuple[Unblinding, ...]]:
    """The locked protocol with its amendments, hashes checked, and the boxes that were opened before the end.

    A sentence where the file holds none.
    """
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return read_history(kept["history"]), tuple(map(unblinding_from_record, kept.get("opened", ())))
    except InputError:
        raise
    except OSError as error:
        raise InputError(say("{path} cannot be read ({strerror}).", path=path, strerror=error.strerror)) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            say(
                "{path} does not hold a protocol. Make it with: nightdose plan show --json > {name}",
                path=path,
                name=path.name,
            )
        ) from error


def save(analysis: Analysis, path: Path, label: str) -> None:
    """The report at that path; a sentence where it cannot be written."""
    from nightdose.report.page import write_report

    try:
        write_report(analysis, path, label=label)
    except OSError as error:
        raise CallError(
            say(
                "The report cannot be written to {path} ({strerror}). Choose another place with --report FILE.",
                path=path,
                strerror=error.strerror,
            )
        ) from error
