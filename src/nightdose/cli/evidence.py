"""`nightdose evidence`: what is known of low-dose naltrexone, by condition, claim or question; no diary is needed."""

from __future__ import annotations

import argparse
import json
import textwrap
from pathlib import Path

from nightdose.errors import CallError
from nightdose.knowledge.chosen import chosen as drug_file
from nightdose.knowledge.claims import Claim, claims
from nightdose.knowledge.common_questions import CommonQuestion
from nightdose.knowledge.comparisons import Condition, condition_of, conditions, data_set
from nightdose.knowledge.drug_file import DrugFile
from nightdose.knowledge.finding import claims_about, questions_about
from nightdose.language.catalogue import say
from nightdose.report.evidence_page import write_evidence
from nightdose.report.evidence_record import record
from nightdose.report.published import (
    ClaimPart,
    ConditionPart,
    Section,
    claim_part,
    condition_part,
    question_part,
    summary,
)
from nightdose.report.terminal_forest import forest_text
from nightdose.report.words.drug_file import facts_of, sources_of
from nightdose.report.words.published import not_for_doses, set_words

WIDTH = 100


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--condition", metavar="WORDS", help="what is known of one condition, for example fibromyalgia")
    which.add_argument("--claim", metavar="ID", help="one claim, C1 to C68 of the text of 2011 or A1 on of today")
    which.add_argument("--question", metavar="WORDS", help='what is known about a question: "morning or night"')
    parser.add_argument("--json", action="store_true", help="for a program")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE.html", help="one page to print or to send")


def run(arguments: argparse.Namespace) -> int:
    """Print, or write the page; always 0 where something is known."""
    if (file := drug_file()) is not None:
        return _of_drug_file(file, arguments)
    chosen, about, asked = _chosen(arguments)
    if arguments.output:
        if arguments.output.suffix.casefold() not in (".html", ".htm"):
            raise CallError(say("A page ends in .html."), field="output")
        write_evidence(arguments.output, chosen, about, asked)
        print(say("Written: {path}. It opens in any browser and prints.", path=arguments.output))
    elif arguments.json:
        print(json.dumps(record(chosen, about, asked), ensure_ascii=False))
    elif not (chosen or about or asked):
        _contents()
    else:
        _print_all(chosen, about, asked)
    return 0


def _of_drug_file(file: DrugFile, arguments: argparse.Namespace) -> int:
    """What the file of another medicine says; trials are carried for naltrexone only."""
    for name in ("condition", "claim", "question", "output"):
        if getattr(arguments, name):
            raise CallError(
                say("No set of trials is carried for {drug}; its file alone can be shown.", drug=file.name), field=name
            )
    if arguments.json:
        found = {
            "schema": "nightdose.drug-evidence/1", "drug": file.name, "sha256": file.sha256, "trials": [],
            "says": dict(facts_of(file)), "sources": {key: dict(each) for key, each in file.sources.items()},
        }  # fmt: skip
        print(json.dumps(found, ensure_ascii=False))
        return 0
    print(file.title)
    _say(say("No trials of {drug} are carried or pooled here. Its file says:", drug=file.title))
    for what, words in facts_of(file):
        _say(f"{what}: {words}", "  ")
    _head(say("Where it comes from"))
    for words, address in sources_of(file):
        _say(f"{words} <{address}>" if address else words, "  ")
    return 0


def _chosen(arguments: argparse.Namespace) -> tuple[list[Condition], list[Claim], list[CommonQuestion]]:
    """The conditions, claims and questions that were asked for; a page or a JSON of nothing asked has everything."""
    if arguments.condition is not None:
        return [_condition(arguments.condition)], [], []
    if arguments.claim is not None:
        found = claims().get(arguments.claim.strip().upper())
        if found is None:
            last = list(claims())[-1]
            raise CallError(
                say(
                    "'{claim}' is not a claim. There are C1 to C68 and A1 to {last}.", claim=arguments.claim, last=last
                ),
                field="claim",
            )
        return [], [found], []
    if arguments.question is not None:
        questions, about = questions_about(arguments.question), claims_about(arguments.question)
        if not questions and not about:
            raise CallError(say("Nothing in the set speaks of that. Ask with other words."), field="question")
        return [], about, questions
    if arguments.output or arguments.json:
        return [c for c in conditions().values() if c.names], list(claims().values()), []
    return [], [], []


def _condition(words: str) -> Condition:
    found = conditions().get(words.strip().casefold()) or condition_of(words)
    if found is None:
        known = ", ".join(c.words for c in conditions().values() if c.names)
        raise CallError(
            say("The set holds nothing on '{words}'. It holds: {known}.", words=words, known=known), field="condition"
        )
    return found


def _say(text: str, indent: str = "") -> None:
    hang = " " * len(indent)
    print(
        textwrap.fill(
            text, WIDTH, initial_indent=indent, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False
        )
    )


def _head(text: str) -> None:
    print()
    print(text)
    print("-" * len(text))


def _contents() -> None:
    """What there is, and its date."""
    print(say("What is known of low-dose naltrexone"))
    _say(set_words() + " " + say(data_set().how))
    _head(say("Conditions"))
    for condition in conditions().values():
        if condition.names:
            print(condition.words)
            _say(summary(condition), "    ")
    _head(say("Claims"))
    _say(say("{n} claims, C1 to C68 of a text of 2011 and its comments, A1 on of today.", n=len(claims())))
    _head(say("What would change this"))
    for line in data_set().would_change:
        _say(say(line), "- ")
    print()
    _say(not_for_doses())
    print(
        'nightdose evidence --condition fibromyalgia | --claim C11 | --question "morning or night" | -o evidence.html'
    )


def _print_all(chosen: list[Condition], about: list[Claim], asked: list[CommonQuestion]) -> None:
    _say(set_words())
    for condition in chosen:
        _print_condition(condition_part(condition))
    for question in map(question_part, asked):
        _head(question.ask)
        _say(question.known)
        if question.open:
            _say(say("Nobody knows: {what}", what=question.open))
        for words, address in question.sources:
            _say(f"{words} <{address}>" if address else words, "  ")
    for claim in about:
        _print_claim(claim_part(claim))
    print()
    _say(not_for_doses())


def _print_condition(part: ConditionPart) -> None:
    _head(part.words)
    if not part.sections:
        _say(part.summary)
    for section in part.sections:
        _print_section(section)
    _head(say("Everything published in the set"))
    for row in part.rows:
        mark = f" [{row.mark}]" if row.mark else ""
        _say(f"{row.study} ({row.design}): {row.measure}: {row.found}{mark} <{row.address}> {row.id}")
    if part.registered:
        print()
        _say(say("Registered, and no result was found: {names}.", names="; ".join(part.registered)))
    print()
    _say(say("What would change this: {what}", what=part.would_change))


def _print_section(section: Section) -> None:
    _head(f"{section.title} ({section.certainty})")
    for line in forest_text(section.id):
        print(line)
    for sentence in section.sentences:
        _say(sentence)
    for name, pool, why in section.switched:
        _say(f"{name}: {pool}. {why}", "  ")
    for name, pool in section.without:
        _say(f"{name}: {pool}.", "  ")
    for name, found, mark, address in section.published:
        words = say("Pool of others, {name}: {found}", name=name, found=found) + (f" [{mark}]" if mark else "")
        _say(f"{words} <{address}>", "  ")
    for trial in section.trials:
        mark = f" [{trial.mark}]" if trial.mark else ""
        bias = say("risk of bias {bias}", bias=trial.bias)
        _say(f"{trial.name}: {trial.how}{mark}; {bias} <{trial.address}> {trial.id}", "  ")
    for reason, step, why in section.reasons:
        _say(f"{reason}: {step}. {why}", "  ")
    _say(section.missing)


def _print_claim(part: ClaimPart) -> None:
    _head(f"{part.id}  {part.quote}")
    _say(say("Where: {who}", who=part.who))
    _say(say("Verdict: {verdict}; {strength}.", verdict=part.verdict, strength=part.strength))
    _say(part.evidence + (f" [{part.mark}]" if part.mark else ""))
    _say(say("The mechanism: {what}", what=part.mechanism))
    _say(say("A diary: {what}", what=part.diary))
    for words, address in part.sources:
        _say(f"{words} <{address}>", "  ")
