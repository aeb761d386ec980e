"""`nightdose plan`: titration, liquid, trial, sealed order, reveal; `--power` says beforehand what it can find."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from nightdose.cli import diary_file, plan_power, plan_seal, plan_titration, plan_trial
from nightdose.cli.plan_trial import design_from, question_from
from nightdose.errors import CallError
from nightdose.language.catalogue import mark, say
from nightdose.question.kind import NUMBERS, RATING

DESIGN_HELP = {
    "--kind": mark("default randomised_blocks"),
    "--start": mark("first day of the diary, default today"),
    "--run-in": mark("days of diary before anything changes, default 14"),
    "--pairs": mark("pairs of blocks, one on and one off each; default 3"),
    "--block-days": mark("default 28"),
    "--washout": mark("days without treatment between blocks, default 0"),
    "--outcome": mark("the one outcome that decides"),
    "--treatment": mark("default: the medicine of the diary, naltrexone"),
    "--meaningful": mark("smallest difference worth having"),
    "--hoped": mark("settled improvement to plan on; default twice the smallest one worth having"),
    "--onset": mark("how fast an effect may come; default: the drug's file"),
    "--scale": mark("default: as the diary asks for the outcome, else rating (0 to 10)"),
    "--better": mark("default lower"),
}


def configure(parser: argparse.ArgumentParser) -> None:
    """The plan's own words, and --power."""
    diary_file.add_options(parser)
    parser.add_argument(
        "--power", action="store_true", help="before day 1: what would this trial say? (needs no diary)"
    )
    add_design(parser)
    plan_power.add_options(parser)
    words = parser.add_subparsers(dest="what", metavar="WHAT")
    doses = plan_titration.add_words(words)
    trial = plan_trial.add_words(words)
    add_design(trial[0], again=True)
    for each in (*doses, trial[0], trial[1]):
        each.add_argument("--dose-is-right", action="append", default=[], metavar="MG",
                          help="this dose outside the low-dose range is what the prescriber wrote")  # fmt: skip
    for each in (*doses, *trial, *plan_seal.add_words(words)):
        diary_file.add_options_again(each)


def add_design(parser: argparse.ArgumentParser, *, again: bool = False) -> None:
    """The options of a design; `again` after the word, where they must not undo what stood before it."""
    defaults: dict[str, Any] = {
        "--kind": "randomised_blocks", "--start": None, "--run-in": 14, "--pairs": 3, "--block-days": 28,
        "--washout": 0, "--outcome": None, "--treatment": None, "--meaningful": None, "--hoped": None,
        "--onset": None, "--scale": RATING, "--better": "lower",
    }  # fmt: skip
    choices: Mapping[str, list[str]] = {
        "--kind": ["randomised_blocks", "alternating", "open_titration"], "--onset": ["same-day", "days", "weeks"],
        "--scale": [RATING, NUMBERS], "--better": ["lower", "higher"],
    }  # fmt: skip
    kinds: Mapping[str, Any] = {
        "--run-in": int, "--pairs": int, "--block-days": int, "--washout": int, "--meaningful": float,
        "--hoped": float,
    }  # fmt: skip
    for name, default in defaults.items():
        default = argparse.SUPPRESS if again else default
        parser.add_argument(
            name, type=kinds.get(name, str), choices=choices.get(name), default=default, help=DESIGN_HELP[name]
        )
    blinded = argparse.SUPPRESS if again else False
    parser.add_argument("--blinded", action="store_true", default=blinded, help="only the helper knows the order")


def run(arguments: argparse.Namespace) -> int:
    """Hand the word on to the module that carries it out."""
    if arguments.power:
        return plan_power.run(arguments, design_from(arguments), question_from(arguments))
    if arguments.what is None:
        raise CallError(say("Say what to plan: titration, dilution, trial, seal, unblind, reveal, show; or --power."))
    if arguments.what in plan_titration.WORDS:
        return plan_titration.run(arguments)
    return plan_trial.run(arguments) if arguments.what in plan_trial.WORDS else plan_seal.run(arguments)
