"""`nightdose analyse DIARY_FILE` of a kept diary: it says itself what it asks; a claim against it is refused."""

from __future__ import annotations

import argparse
from dataclasses import replace

from nightdose.cli import answer_options, diary_file
from nightdose.cli.next_words import next_lines
from nightdose.errors import CallError
from nightdose.keeping.answer import full_answer
from nightdose.keeping.kept_answer import KeptCase, keep_look, kept_case, looked_on
from nightdose.keeping.medicine_names import same_medicine
from nightdose.language.catalogue import say
from nightdose.verdict.analysis import Analysis


def answer(arguments: argparse.Namespace) -> Analysis:
    """The answer of the kept diary as of today; that it was read is kept in the diary, once a day.

    What comes next for this person is left in `arguments.comes_next`, to be printed below the answer.
    """
    with diary_file.open_diary(arguments) as store:
        today = diary_file.today(store)
        case = kept_case(store, today, arguments.outcome)
        refuse_claims(arguments, case)
        outcome = case.question.outcome
        if case.sealed:
            until = say("before {opens}", opens=case.opens) if case.opens else say("sooner")
            raise CallError(
                say(
                    "The order of the boxes is still sealed, so with and without cannot be compared. The answer "
                    "opens when the order is revealed, not {until}.",
                    until=until,
                ),
                code="sealed",
            )
        if case.opens is not None and not arguments.look_early and not looked_on(store, outcome, today):
            raise CallError(
                say(
                    "The trial still runs; its answer is planned for {opens}. Whoever looks often finds by luck.",
                    opens=case.opens,
                ),
                code="running",
            )
        keep_look(store, outcome, today)
        arguments.comes_next = next_lines(store, but=("answer",))
    question = case.question
    if not case.protocol:
        question = replace(
            question, onset=arguments.onset or question.onset, meaningful=arguments.meaningful or question.meaningful
        )
    question = replace(
        question, adjust=answer_options.names_in(arguments.adjust), weekday=arguments.weekday, yearly=arguments.yearly,
        covariates=answer_options.names_in(arguments.covariates),
    )  # fmt: skip
    wanted = replace(
        answer_options.wanted_from(arguments, case.diary, question),
        protocol=case.protocol, opened=case.opened, looked=case.looks.counted,
    )  # fmt: skip
    return full_answer(case.diary, question, wanted, answer_options.means_for(arguments))


def refuse_claims(arguments: argparse.Namespace, case: KeptCase) -> None:
    """A sentence for the first option that says something else than the diary."""
    question = case.question
    limits = tuple(arguments.range) if arguments.range else None
    claims: list[tuple[str, object, object]] = [
        ("--scale", arguments.scale, question.scale),
        ("--range", limits, question.limits),
        ("--better", arguments.better, question.better),
        ("--randomised", arguments.randomised, question.randomised),
        ("--blinded", arguments.blinded or None, question.blinded),
        ("--unit", arguments.unit, question.unit),
        ("--looks", arguments.looks, case.looks.counted),
    ]
    if case.fixed_meaningful:
        claims.append(("--meaningful", arguments.meaningful, question.meaningful))
    if case.protocol:
        claims.append(("--onset", arguments.onset, question.onset))
    for option, said, kept in claims:
        if said is not None and said != kept:
            raise CallError(
                say(
                    "{option} {given}: the diary itself says {kept}. Leave the option out.",
                    option=option,
                    given=_words(said),
                    kept=_words(kept),
                )
            )
    if arguments.treatment is not None and not same_medicine(arguments.treatment, question.treatment):
        raise CallError(
            say(
                "--treatment {given}: the diary itself is about {treatment}. Leave the option out.",
                given=arguments.treatment,
                treatment=question.treatment,
            )
        )
    if arguments.protocol is not None:
        raise CallError(say("--protocol: a kept diary has its own protocol, or none. Leave the option out."))
    if arguments.person is not None:
        raise CallError(say("--person: a kept diary is one person's. Leave the option out."))


def _words(value: object) -> str:
    if isinstance(value, bool):
        return say("it is") if value else say("it is not")
    if isinstance(value, tuple):
        return say(" to ").join(f"{each:g}" for each in value)
    return say("nothing of it") if value is None else f"{value:g}" if isinstance(value, float) else str(value)
