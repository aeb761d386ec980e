"""The locked trial on the page of plans: its facts, where it stands, its blocks as far as the person may know them."""

from __future__ import annotations

import datetime

from nightdose.keeping import sealing
from nightdose.keeping.trials import KeptTrial
from nightdose.knowledge.four_words import four_words
from nightdose.language.calendar import brief, brief_dated, dated
from nightdose.language.catalogue import mark, say
from nightdose.protocol.trial import Block, blocks
from nightdose.web.contexts.plan import BlockLine

KINDS = {
    "randomised_blocks": mark("blocks in an order drawn by chance"),
    "alternating": mark("blocks in turn"),
    "open_titration": mark("one block, open"),
}


def facts_of(trial: KeptTrial, today: datetime.date) -> tuple[tuple[str, str], ...]:
    """(name, words) of what was locked."""
    design, question = trial.design, trial.history[0].body["question"]
    order = (
        say("revealed")
        if trial.revealed
        else say("sealed to your helper")
        if trial.sealed
        else say("not drawn yet")
        if design.blinded
        else say("open: it is said beside each block below")
    )
    end = sealing.end_of_trial(design)
    return (
        *_where_it_stands(trial, today),
        (
            say("The question"),
            say("Does {treatment} change {outcome}?", treatment=question["treatment"], outcome=question["outcome"]),
        ),
        (
            say("Design"),
            say(
                "{kind}: {blocks} blocks of {block_days} days each, after {run_in_days} days of diary only",
                kind=say(KINDS[design.kind]),
                blocks=design.blocks,
                block_days=design.block_days,
                run_in_days=design.run_in_days,
            ),
        ),
        (say("From and until"), say("{first} to {last}", first=dated(design.start), last=dated(end))),
        (say("Order"), order),
        (say("To compare with the paper, in four words"), four_words(trial.history[0].sha256)),
    )


def _where_it_stands(trial: KeptTrial, today: datetime.date) -> tuple[tuple[str, str], ...]:
    """That a trial is over, and what may follow it; nothing while it runs."""
    if not trial.over(today):
        return ()
    closed = trial.sealed is not None and trial.order is None
    free = say("another trial can be locked; save this one's letter first, for the answer is then about the new one")
    then = say("reveal its order first; then another trial can be locked") if closed else free
    if trial.stopped is None or not trial.cut_short:
        return ((say("Ended"), say("on {day}; {then}", day=dated(trial.last_day), then=then)),)
    words = say("on {day}: from then on it asks for nothing; {then}", day=dated(trial.stopped), then=then)
    return ((say("Stopped"), words),)


def blocks_of(trial: KeptTrial, today: datetime.date) -> tuple[BlockLine, ...]:
    """Its blocks up to its last day."""
    return tuple(
        BlockLine(str(b.number), _block(trial, b), b.first_day <= today <= min(b.last_day, trial.last_day))
        for b in blocks(trial.design)
        if b.first_day <= trial.last_day
    )


def _block(trial: KeptTrial, block: Block) -> str:
    """One block with its evenings and, where the person may know it, what it holds."""
    first, last = brief(block.first_day), brief_dated(min(block.last_day, trial.last_day))
    if trial.order is None:
        return say("box {n}: {first} to {last}", n=block.number, first=first, last=last)
    on = trial.order[block.number - 1] == "on"
    held = say("with {medicine}", medicine=trial.treatment) if on else say("without it")
    return say("block {n}, {held}: {first} to {last}", n=block.number, held=held, first=first, last=last)
