"""`nightdose plan --power`: what this trial would say if the drug does nothing, or has the meaningful effect."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, get_args

from nightdose.cli import diary_file
from nightdose.errors import CallError
from nightdose.keeping.power import run_in_scores
from nightdose.protocol.trial import TrialDesign
from nightdose.question.question import Question


def add_options(parser: argparse.ArgumentParser) -> None:
    """What --power needs besides the design."""
    parser.add_argument("--noise", default="usual", metavar="calm|usual|stormy|run-in",
                        help="your ups and downs: published levels, or your own diary's run-in")  # fmt: skip
    parser.add_argument(
        "--diaries", type=int, default=100, metavar="N", help="simulated diaries of each kind; default 100"
    )
    parser.add_argument("--shortest", action="store_true", help="find the shortest design that reaches 80 %%")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--picture", type=Path, metavar="FILE.svg")


def run(arguments: argparse.Namespace, design: TrialDesign, question: Question) -> int:
    """Simulate, analyse, count, show."""
    from nightdose import planning
    from nightdose.cli.progress import bar
    from nightdose.report.plan_picture import forecast_picture, forecast_sentences

    if arguments.noise == "run-in":
        with diary_file.open_diary(arguments) as store:
            ups = planning.from_run_in(run_in_scores(store, question.outcome))
    elif arguments.noise in get_args(planning.NoiseLevel):
        ups = planning.published(arguments.noise)
    else:
        raise CallError(f"--noise {arguments.noise}: say calm, usual, stormy or run-in.")
    progress = None if arguments.json else bar("simulated trials")
    found = planning.forecast(design, question, ups, n=arguments.diaries, seed=arguments.seed, progress=progress)
    best = None
    if arguments.shortest:
        best, _ = planning.shortest(
            design,
            question,
            ups,
            n=arguments.diaries,
            seed=arguments.seed,
            progress=None if arguments.json else bar("search"),
        )
    if arguments.picture is not None:
        diary_file.write_page(arguments.picture, forecast_picture(found))
    if arguments.json:
        diary_file.show_json(as_object(found, best, arguments.shortest))
        return 0
    for sentence in forecast_sentences(found):
        print(sentence)
    print(f"({found.nothing.n} simulated trials of each kind. {ups.origin})")
    if best is not None:
        print(
            f"The shortest design with 80 of 100: {best.design.pairs} pairs of {best.design.block_days} days, "
            f"{best.weeks} weeks, until {best.last_day}."
        )
    elif arguments.shortest:
        print("Two years of this design do not reach 80 of 100. A larger difference may be found, this one hardly.")
    if arguments.picture is not None:
        print(f"Picture: {arguments.picture}")
    return 0


def as_object(found: Any, best: Any, searched: bool) -> dict[str, Any]:
    """The forecast for a program."""

    def outcome(each: Any) -> dict[str, Any] | None:
        if each is None:
            return None
        return {
            "improvement": each.improvement, "n": each.n, "verdicts": dict(each.answers),
            "shown": each.power, "shown_interval95": list(each.power_interval95),
        }  # fmt: skip

    return {
        "schema": "nightdose.power/1",
        "weeks": found.weeks,
        "days": found.design.days,
        "pairs": found.design.pairs,
        "ups_and_downs": found.ups.origin,
        "nothing": outcome(found.nothing),
        "meaningful": outcome(found.meaningful),
        "twice": outcome(found.twice),
        "shortest": {
            "pairs": best.design.pairs, "weeks": best.weeks, "meaningful": outcome(best.meaningful),
        } if best else None,
        "searched": searched,
    }  # fmt: skip
