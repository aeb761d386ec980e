"""What an answer is asked with: the options that every page of an answer has, and what they mean."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from nightdose.cli.progress import bar
from nightdose.diary.records import Diary
from nightdose.errors import CallError
from nightdose.keeping.answer import (
    USUAL_CERTIFICATE,
    USUAL_SLOW_CERTIFICATE,
    Asked,
    Means,
    Wanted,
    also_question,
    usual_certificate,
)
from nightdose.keeping.remembered import TallyFolder, cache_folder, usable_cores
from nightdose.knowledge.evidence_file import read_evidence
from nightdose.language.catalogue import say
from nightdose.question.kind import KINDS
from nightdose.question.question import Better, Question

AS_USUAL = -(10**9)  # no number a person types


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


def asked_again(arguments: argparse.Namespace, **instead: object) -> str:
    """The diary and the options that every page of an answer has, as they were given, for one that asks the same.

    instead : other values.
    """
    parser = argparse.ArgumentParser()
    answer_options(parser)
    usual = {**vars(parser.parse_args([])), "drug": None, "label": ""}
    words = [] if arguments.diary is None else [str(arguments.diary)]
    for name, value in {**vars(arguments), **instead}.items():
        if name == "diary" or name not in usual or value == usual[name]:
            continue
        words.append("--with" if name == "covariates" else "--" + name.replace("_", "-"))
        if value is not True and value != AS_USUAL:
            words += [str(one).removesuffix(".0") for one in (value if isinstance(value, list) else [value])]
    return shlex.join(words)


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
