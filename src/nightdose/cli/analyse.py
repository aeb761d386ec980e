"""`nightdose analyse DIARY --outcome ... --treatment ...`: the answer, a picture, where the report is."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from dataclasses import replace
from pathlib import Path

from nightdose.cli import analyse_kept
from nightdose.cli.progress import bar
from nightdose.cli.shown import clean
from nightdose.diary.records import Diary
from nightdose.diary.table.table import read_table
from nightdose.errors import CallError, InputError
from nightdose.keeping.answer import (
    USUAL_CERTIFICATE,
    USUAL_SLOW_CERTIFICATE,
    Asked,
    Means,
    Wanted,
    also_question,
    full_answer,
    question_for,
    usual_certificate,
)
from nightdose.keeping.opening import is_kept
from nightdose.keeping.remembered import TallyFolder, cache_folder, usable_cores
from nightdose.knowledge.evidence_file import read_evidence
from nightdose.language.catalogue import say
from nightdose.protocol.locked import Locked, read_history
from nightdose.protocol.sealing import Unblinding, unblinding_from_record
from nightdose.question.kind import KINDS
from nightdose.question.question import Better, Question
from nightdose.verdict.analysis import Analysis

EXIT_DONE, EXIT_REFUSED = 0, 3
AS_USUAL = -(10**9)  # no number a person types


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


def answer_options(parser: argparse.ArgumentParser) -> None:
    """The diary, what is asked of it, and what shall stand beside the answer: the same for every page of an answer."""
    parser.add_argument(
        "diary", nargs="?", metavar="DIARY",
        help="CSV or Parquet, one row a day (docs/diary-table.md); or a kept diary, which says itself what it asks "
        "(default: yours)",
    )  # fmt: skip
    question_options(parser, required=False)
    for name in ("--passphrase-file", "--recovery-key-file"):
        parser.add_argument(name, type=Path, metavar="FILE", help="of a kept diary that is encrypted")
    parser.add_argument(
        "--look-early", action="store_true", help="of a kept diary: look before the planned day; recorded"
    )
    parser.add_argument(
        "--also",
        default="",
        metavar="A,B:higher",
        help="other outcomes, exploratory: shrunk together, not judged; each with its direction after a colon",
    )
    parser.add_argument(
        "--evidence",
        metavar="NAME",
        help="a second posterior with what trials say: a shipped name (fibromyalgia-pain) or a FILE.toml",
    )
    parser.add_argument(
        "--sensitivity", action="store_true", help="other starting assumptions also with --json; a report has them"
    )
    parser.add_argument(
        "--protocol",
        type=Path,
        metavar="FILE",
        help="what `nightdose plan show --json` wrote; the report prints it, its looks hold",
    )
    parser.add_argument(
        "--looks",
        type=int,
        metavar="N",
        help="on how many days the answer was read so far, this one included; 1 = only now, at an end fixed beforehand",
    )
    parser.add_argument("--person", help="which person of a file with several")
    parser.add_argument(
        "--certificate",
        nargs="?",
        type=int,
        const=AS_USUAL,
        default=0,
        metavar="N",
        help=say(
            "how often would this be wrong? re-analyses N dummy diaries of each kind (default {usual_certificate}; "
            "{usual_slow_certificate} where the scale is not continuous)",
            usual_certificate=USUAL_CERTIFICATE,
            usual_slow_certificate=USUAL_SLOW_CERTIFICATE,
        ),
    )
    parser.add_argument("--seed", type=int, default=0, help="of the certificate's random diaries; default 0")


def question_options(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """What is asked, the same for one person and for a cohort."""
    parser.add_argument("--outcome", required=required, help="column to judge, for example pain")
    parser.add_argument("--treatment", required=required, metavar="NAME", help="medicine; its doses are in NAME_mg")
    parser.add_argument(
        "--scale",
        choices=list(KINDS),
        help="default: rating for whole numbers within the range, else continuous",
    )
    parser.add_argument(
        "--range", nargs=2, type=float, metavar=("LOW", "HIGH"), help="possible values; 0 10 for a rating"
    )
    parser.add_argument("--better", choices=["lower", "higher"], help="default: lower")
    parser.add_argument(
        "--meaningful",
        type=float,
        metavar="X",
        help="smallest difference worth having; default 1.0, for yes/no and counts a day 2 in 28 days",
    )
    parser.add_argument(
        "--onset", choices=["same-day", "days", "weeks"], help="how fast an effect may come; default: the drug's file"
    )
    parser.add_argument("--adjust", default="", metavar="A,B", help="other medicines whose doses enter the model")
    parser.add_argument("--against", default="", metavar="B", help="another medicine that was taken instead of it")
    parser.add_argument("--randomised", choices=["blocks", "days", "none"], help="how the order was drawn")
    parser.add_argument("--blinded", action="store_true", help="you did not know what you took")
    parser.add_argument("--unit", help='unit of the doses; default mg, "" for a treatment coded 0/1')
    parser.add_argument("--weekday", action="store_true", help="days of the week may differ")
    parser.add_argument("--yearly", action="store_true", help="seasons may differ; for diaries of a year or more")
    parser.add_argument("--with", dest="covariates", default="", metavar="A,B", help="other daily columns that move it")


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
        question = analysis.question
        outcome, treatment = (shlex.quote(name) for name in (question.outcome, question.treatment))
        drawn = "" if question.randomised == "none" else f" --randomised {question.randomised}"
        blinded = " --blinded" if question.blinded else ""
        command = f"analyse {{diary}} --outcome {outcome} --treatment {treatment} --scale binary{drawn}{blinded}"
        return next_after(arguments, say("attack days, as yes or no; attacks that begin with count"), command)
    return next_after(arguments, say("the same as one page for a doctor"), "report {diary} -o letter.html")


def next_after(arguments: argparse.Namespace, words: str, command: str) -> str:
    """What comes next: of a kept diary what it waits for, of a table the command that goes on from here."""
    waits = str(getattr(arguments, "comes_next", ""))
    where = "" if arguments.diary is None else shlex.quote(str(arguments.diary))
    return waits or clean(
        say("Next: {words} (nightdose {command})", words=words, command=command.format(diary=where).replace("  ", " "))
    )


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
        return analyse_kept.answer(arguments)
    diary = read_table(arguments.diary, person=arguments.person)
    question = question_for(diary, asked_from(arguments))
    protocol, opened = read_protocol(arguments.protocol) if arguments.protocol is not None else ((), ())
    wanted = replace(wanted_from(arguments, diary, question), protocol=protocol, opened=opened, looked=arguments.looks)
    return full_answer(diary, question, wanted, means_for(arguments))


def wanted_from(arguments: argparse.Namespace, diary: Diary, question: Question) -> Wanted:
    """What shall stand beside the answer, the same for a table and for a kept diary."""
    prior = read_evidence(arguments.evidence) if arguments.evidence else None
    usual = arguments.certificate == AS_USUAL
    return Wanted(
        certificate=usual_certificate(question) if usual else arguments.certificate,
        also=also_from(arguments.also, question, diary),
        prior=prior,
        sensitivity=bool(arguments.sensitivity or wants_pages(arguments)),
        seed=arguments.seed,
    )


def wants_pages(arguments: argparse.Namespace) -> bool:
    """True where a report or a letter is written, which says how the answer depends on its assumptions."""
    if "out" in arguments:
        return True
    return bool(arguments.report or not (arguments.json or arguments.no_report))


def means_for(arguments: argparse.Namespace) -> Means:
    """Every core of this machine for the certificate, and the ones already computed."""
    progress = None if arguments.json else bar(say("certificate"))
    return Means(2, usable_cores(), progress, TallyFolder(cache_folder()) if arguments.certificate else None)


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


def asked_from(arguments: argparse.Namespace) -> Asked:
    """What the options ask of a table; what was not said is filled in by the diary."""
    for name in ("outcome", "treatment"):
        if not getattr(arguments, name):
            raise CallError(say("Which {name}? A table does not say it: give --{name} NAME.", name=name))
    return Asked(
        outcome=arguments.outcome,
        treatment=arguments.treatment,
        scale=arguments.scale,
        limits=tuple(arguments.range) if arguments.range else None,
        better=arguments.better or "lower",
        meaningful=arguments.meaningful,
        onset=arguments.onset,
        adjust=names_in(arguments.adjust),
        against=arguments.against.strip(),
        randomised=arguments.randomised or "none",
        blinded=arguments.blinded,
        unit="mg" if arguments.unit is None else arguments.unit,
        weekday=arguments.weekday,
        yearly=arguments.yearly,
        covariates=names_in(arguments.covariates),
    )


def names_in(words: str) -> tuple[str, ...]:
    """'a, b' as names."""
    return tuple(name.strip() for name in words.split(",") if name.strip())


def also_from(words: str, question: Question, diary: Diary) -> tuple[Question, ...]:
    """`fatigue,sleep:higher` as questions about the same treatment; a direction not given is the primary's."""
    found = []
    for word in names_in(words):
        name, colon, better = word.rpartition(":")
        if colon and better not in ("lower", "higher"):
            raise CallError(
                say(
                    "--also {word} has the direction '{better}'. Write {name}:lower or {name}:higher.",
                    word=word,
                    better=better,
                    name=name,
                )
            )
        direction: Better | None = "lower" if better == "lower" else "higher"
        found.append(also_question(diary, question, name if colon else word, direction if colon else None))
    return tuple(found)
