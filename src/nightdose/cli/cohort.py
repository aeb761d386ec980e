"""`nightdose cohort DIARIES --outcome ... --treatment ... --out FILE`: one row a person, CSV or Parquet."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from nightdose.cli.analyse import EXIT_DONE, asked_from, question_options
from nightdose.cli.progress import bar
from nightdose.cohort import analyse_cohort
from nightdose.diary.records import Diary
from nightdose.diary.table.table import read_cohort
from nightdose.errors import CallError
from nightdose.export.cohort_file import check_ending, write_rows
from nightdose.export.frames import Row
from nightdose.keeping.answer import guessed_scale, question_for
from nightdose.question.kind import Scale
from nightdose.question.question import Question


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
    check_ending(arguments.out)
    started = time.perf_counter()
    diaries = read_cohort(arguments.diaries)
    rows = analyse_cohort(
        diaries,
        cohort_question(arguments, diaries),
        workers=arguments.workers if arguments.workers is not None else os.cpu_count() or 1,
        dask=arguments.dask,
        progress=None if arguments.json else bar("persons"),
    )
    if len(sentences := {row["failed"] for row in rows}) == 1 and (sentence := sentences.pop()):
        raise CallError(f"No diary could be analysed. {sentence}")
    write_rows(rows, arguments.out)
    counts = answers_of(rows)
    seconds = time.perf_counter() - started
    if arguments.json:
        print(json.dumps({"out": str(arguments.out), "persons": len(rows), "answers": counts, "seconds": seconds}))
        return EXIT_DONE
    print(f"{len(rows):,} persons in {seconds:.1f} s: {arguments.out}")
    for answer, n in counts.items():
        print(f"{n:>7,}  {answer}")
    for row in [row for row in rows if row["failed"]][:5]:
        print(f"  {row['person']}: {row['failed']}")
    return EXIT_DONE


def cohort_question(arguments: argparse.Namespace, diaries: Mapping[str, Diary]) -> Question:
    """One question for everyone: without --scale, `rating` only where it suits every person."""
    limits = tuple(arguments.range) if arguments.range else None
    question = question_for(next(iter(diaries.values())), asked_from(arguments))
    if arguments.scale:
        return question
    found: set[Scale] = {guessed_scale(diary, arguments.outcome, limits) for diary in diaries.values()}
    return replace(question, scale=found.pop() if len(found) == 1 else "continuous")


def answers_of(rows: Sequence[Row]) -> dict[str, int]:
    """How many persons got each answer, the commonest first; `failed` for those without one."""
    counted = Counter(row["verdict"] or "failed" for row in rows)
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
