"""`nightdose cohort DIARIES --outcome ... --treatment ... --out FILE`: one row a person, CSV or Parquet."""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

from nightdose.cli.analyse import EXIT_DONE
from nightdose.cli.answer_options import asked_from, question_options
from nightdose.cli.progress import bar
from nightdose.cli.shown import clean
from nightdose.cohort.stream import Sharing, write_cohort
from nightdose.diary.table.pieces import open_people
from nightdose.diary.table.problems import listed
from nightdose.export.cohort_file import check_place
from nightdose.keeping.cohorts import question_for_everyone
from nightdose.language.catalogue import say


def configure(parser: argparse.ArgumentParser) -> None:
    """The question's options, and how the work is shared."""
    parser.add_argument(
        "diaries", metavar="DIARIES", help="CSV or Parquet with a column 'person' (docs/diary-table.md)"
    )
    question_options(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="results, .csv or .parquet")
    parser.add_argument("--workers", type=int, metavar="N", help="processes; default: one a processor core")
    parser.add_argument(
        "--dask", default="", metavar="ADDRESS", help="a Dask scheduler instead, for example tcp://host:8786"
    )
    parser.add_argument("--json", action="store_true", help="the counts as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Read, analyse everyone, write, say how many of each answer."""
    started = time.perf_counter()
    source = Path(arguments.diaries)
    check_place(arguments.out, source)
    people = open_people(source)
    sharing = Sharing(
        arguments.workers if arguments.workers is not None else os.cpu_count() or 1,
        arguments.dask,
        None if arguments.json else bar(say("persons")),
    )
    question = question_for_everyone(people, asked_from(arguments), sharing)
    made = write_cohort(people, question, source, arguments.out, sharing)
    seconds = time.perf_counter() - started
    if arguments.json:
        counted = {"out": str(arguments.out), "persons": made.people, "answers": made.answers, "seconds": seconds}
        print(json.dumps(counted))
        return EXIT_DONE
    print(
        say(
            "{people} persons in {seconds} s: {out}",
            people=f"{made.people:,}",
            seconds=f"{seconds:.1f}",
            out=arguments.out,
        )
    )
    if made.before:
        print(say("{before} of them were there from an earlier call that had not finished.", before=f"{made.before:,}"))
    for answer, n in made.answers.items():
        print(f"{n:>7,}  {answer}")
    for row in made.failed:
        print(clean(f"  {row['person']}: {row['failed']}"))
    if made.not_used:
        print(say("Not used as it stands (the column not_used has it for everyone):"))
    for said, persons in made.not_used.items():
        print(clean(f"  {listed(persons, most=3)}: {said}"))
    return EXIT_DONE
