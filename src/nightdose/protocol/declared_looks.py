"""When the answer of a trial is to be read: declared in the protocol, before day 1."""

from __future__ import annotations

import datetime

from nightdose.protocol.trial import TrialDesign, blocks
from nightdose.question.design import ENOUGH_SWITCHES
from nightdose.question.looks import Looks, balanced_days


def declared_days(design: TrialDesign) -> tuple[datetime.date, ...]:
    """The days on which the answer is to be read: ends of pairs of blocks, from three sure switches on.

    A randomised pair has one sure switch, an alternating one two; a titration is read at its end.
    """
    boxes = blocks(design)
    if design.kind == "open_titration":
        return (boxes[-1].last_day,)
    a_pair = 1 if design.kind == "randomised_blocks" else 2
    enough = min(-(-(ENOUGH_SWITCHES + a_pair - 1) // a_pair), design.pairs)
    return tuple(boxes[2 * pair - 1].last_day for pair in range(enough, design.pairs + 1))


def looks_of(design: TrialDesign, counted: int | None) -> Looks:
    """The looks of a trial that was declared; counted : days on which the answer was read so far, None = not counted.

    The usual certainty is asked for from the declared end on, which can be sooner than the year of an undeclared diary.
    """
    on = design.days - design.run_in_days if design.kind == "open_titration" else design.pairs * design.block_days
    return Looks(counted, declared_days(design), balanced_days(on, design.days - on))
