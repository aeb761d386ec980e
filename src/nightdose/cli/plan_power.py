"""`nightdose plan --power`: what this trial would say if the drug does nothing, or has the hoped-for effect."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, get_args

from nightdose.checks.e_value import fewest_pairs
from nightdose.checks.e_value_ahead import Reach, best
from nightdose.cli import diary_file
from nightdose.errors import CallError
from nightdose.keeping.power import run_in_scores
from nightdose.keeping.remembered import usable_cores
from nightdose.knowledge.ups_and_downs import NoiseLevel, published
from nightdose.language.catalogue import say
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
    elif arguments.noise in get_args(NoiseLevel):
        ups = published(arguments.noise)
    else:
        raise CallError(say("--noise {noise}: say calm, usual, stormy or run-in.", noise=arguments.noise))
    progress = None if arguments.json else bar(say("simulated trials"))
    runs = planning.Runs(arguments.diaries, arguments.seed, progress, usable_cores())
    found = planning.forecast(design, question, ups, runs, hoped=arguments.hoped)
    shortest = None
    if arguments.shortest:
        search = replace(runs, progress=None if arguments.json else bar(say("search")))
        shortest, _ = planning.shortest(design, question, ups, search, hoped=arguments.hoped)
    bets = planning.e_value_ahead(design, question, ups, hoped=arguments.hoped)
    if arguments.picture is not None:
        diary_file.write_page(arguments.picture, forecast_picture(found))
    if arguments.json:
        diary_file.show_json(as_object(found, shortest, bets, arguments.shortest))
        return 0
    for sentence in forecast_sentences(found):
        print(sentence)
    print(say("({n} simulated trials of each kind. {origin})", n=found.nothing.n, origin=ups.origin))
    print(bets_sentence(design, bets))
    if shortest is not None:
        print(
            say(
                "The shortest design with 80 of 100: {pairs} pairs of {block_days} days, {weeks} weeks, until "
                "{last_day}.",
                pairs=shortest.design.pairs,
                block_days=shortest.design.block_days,
                weeks=shortest.weeks,
                last_day=shortest.last_day,
            )
        )
    elif arguments.shortest:
        print(
            say("Two years of this design do not reach 80 of 100. A larger difference may be found, this one hardly.")
        )
    if arguments.picture is not None:
        print(say("Picture: {picture}", picture=arguments.picture))
    return 0


def bets_sentence(design: TrialDesign, bets: tuple[Reach, ...]) -> str:
    """Which block length can bring the e-value to 20, by when."""
    own = next((reach for reach in bets if reach.block_days == design.block_days), None)
    if not bets or own is None:
        return say("Only an order drawn in pairs has an e-value, the check that stands however often one looks.")
    lead = (
        say(
            "The check that stands however often one looks (e-value) needs {fewest_pairs} pairs.",
            fewest_pairs=fewest_pairs(),
        )
        + " "
    )
    here = say(
        "Your {pairs} pairs of {block_days} days reach it in {chance} of 100 trials",
        pairs=own.pairs,
        block_days=own.block_days,
        chance=round(100 * own.chance),
    ) + (
        say(", on day {earliest_day} at the earliest", earliest_day=own.earliest_day)
        if own.earliest_day
        else say(": never")
    )
    found = best(bets)
    if found is None or found.block_days == own.block_days:
        return f"{lead}{here}."
    return say(
        "{lead}{here}; {pairs} pairs of {block_days} days in the same time reach it in {chance} of 100, half of "
        "those by day {median_day}.",
        lead=lead,
        here=here,
        pairs=found.pairs,
        block_days=found.block_days,
        chance=round(100 * found.chance),
        median_day=found.median_day,
    )


def as_object(found: Any, shortest: Any, bets: tuple[Reach, ...], searched: bool) -> dict[str, Any]:
    """The forecast for a program."""

    def outcome(each: Any) -> dict[str, Any] | None:
        if each is None:
            return None
        return {
            "improvement": each.improvement, "n": each.n, "verdicts": dict(each.answers),
            "power": each.power, "power_interval95": list(each.power_interval95),
        }  # fmt: skip

    return {
        "schema": "nightdose.power/1",
        "weeks": found.weeks,
        "days": found.design.days,
        "pairs": found.design.pairs,
        "ups_and_downs": found.ups.origin,
        "nothing": outcome(found.nothing),
        "meaningful": outcome(found.meaningful),
        "hoped": outcome(found.hoped),
        "shortest": {
            "pairs": shortest.design.pairs, "weeks": shortest.weeks, "hoped": outcome(shortest.hoped),
        } if shortest else None,
        "searched": searched,
        "e_value": [asdict(reach) for reach in bets],
    }  # fmt: skip
