"""`nightdose pool FILES|FOLDER`: contributions of many people, together: numbers, page, site, prior."""

from __future__ import annotations

import argparse
import json
import textwrap
from pathlib import Path

from nightdose.cli.diary_file import read_file, write_page
from nightdose.cli.shown import clean
from nightdose.errors import CallError
from nightdose.knowledge.pooled import condition_code, drug_code, outcome_codes
from nightdose.language.catalogue import say, say_count
from nightdose.pooling.export import evidence_toml, pool_record
from nightdose.pooling.page import pool_html
from nightdose.pooling.pool import Part, Pool, pool
from nightdose.pooling.reading import read_inbox
from nightdose.pooling.site import write_site
from nightdose.pooling.words import (
    MODERATOR_WORDS,
    aside_words,
    count_words,
    group_name,
    looks_words,
    mean_words,
    sentences,
    silence_words,
    title,
    word,
)

WIDTH = 100
MOST_REFUSED = 20
LARGEST_POOL = 64 << 20


def configure(parser: argparse.ArgumentParser) -> None:
    """Every option; docs/pooling.md explains them."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE|FOLDER", help="contributions, .json or .jsonl")
    parser.add_argument("--drug", metavar="NAME", help="only this medicine")
    parser.add_argument(
        "--outcome",
        metavar="CODE",
        help=say("only this outcome: {outcome_codes}", outcome_codes=", ".join(outcome_codes())),
    )
    parser.add_argument("--condition", metavar="WORDS", help="only this condition")
    parser.add_argument(
        "--before", type=Path, metavar="pool.json", help="of an earlier site: only its trials count as registered"
    )
    parser.add_argument("--json", action="store_true", help="for a program (nightdose.pool/1)")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE.html", help="one page, with what does not count")
    parser.add_argument("--site", type=Path, metavar="FOLDER", help="a page that anyone can host, and its numbers")
    parser.add_argument(
        "--prior", type=Path, metavar="FILE.toml", help="what a new person may expect, as the evidence of an answer"
    )


def run(arguments: argparse.Namespace) -> int:
    """Read, pool, write what was asked for, print."""
    if arguments.output and arguments.output.suffix.casefold() not in (".html", ".htm"):
        raise CallError(say("A page ends in .html."), field="output")
    if arguments.outcome is not None and arguments.outcome not in outcome_codes():
        raise CallError(
            say("There is no such outcome. There are: {outcome_codes}.", outcome_codes=", ".join(outcome_codes())),
            field="outcome",
        )
    found = pool(
        read_inbox(arguments.files),
        drug=drug_code(arguments.drug) if arguments.drug else "",
        outcome=arguments.outcome or "",
        condition=condition_code(arguments.condition) if arguments.condition else "",
        before=_trials(arguments.before) if arguments.before else None,
    )
    if arguments.prior:
        write_page(arguments.prior, evidence_toml(found), "--prior")
    if arguments.output:
        write_page(arguments.output, pool_html(found, with_refused=True))
    written = write_site(found, arguments.site) if arguments.site else ()
    if arguments.json:
        print(json.dumps(pool_record(found), ensure_ascii=False, allow_nan=False))
        return 0
    _print(found)
    for path in (arguments.prior, arguments.output, *written):
        if path:
            print(say("Written: {path}", path=path))
    return 0


def _trials(path: Path) -> frozenset[str]:
    """Names of the trials that an earlier pool has published."""
    try:
        trials = json.loads(read_file(path, LARGEST_POOL))["trials"]
        return frozenset(map(str, trials))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise CallError(say("{path} is not the pool.json of an earlier site.", path=path), field="before") from None


def _print(found: Pool) -> None:
    print(
        say_count(
            "{answers} answer, {registered} registered trials, {withdrawn} taken back.",
            "{answers} answers, {registered} registered trials, {withdrawn} taken back.",
            found.answers,
            answers=found.answers,
            registered=found.registered,
            withdrawn=found.withdrawn,
        )
    )
    if not found.parts:
        print(say("No outcome has ten people yet, so nothing is shown."))
    for part in found.parts:
        _print_part(part)
    if found.refused:
        print("\n" + say("Not counted: {refused}", refused=len(found.refused)))
    for each in found.refused[:MOST_REFUSED]:
        _say(f"{each.where}: {each.why}", "  ")
    if len(found.refused) > MOST_REFUSED:
        print("  " + say("and {refused} more; --json names all", refused=len(found.refused) - MOST_REFUSED))
    print("\n" + say("Averages of other people. Not medical advice, and no dose is recommended."))


def _print_part(part: Part) -> None:
    print(f"\n{title(part)}\n{'-' * len(title(part))}\n{word(part)}.")
    for sentence in (*sentences(part), *silence_words(part.silence), looks_words(part), *aside_words(part)):
        if sentence:
            _say(sentence)
    for answer, people in count_words(part):
        print(f"  {answer}: {people}")
    for moderator in part.moderators:
        print(str(MODERATOR_WORDS[moderator.name]) + (" " + say("(drawn together):")))
        for group in moderator.groups:
            print(f"  {group_name(moderator, group)} ({group.people}): {mean_words(group.drawn)}")


def _say(text: str, indent: str = "") -> None:
    print(clean(textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)))
