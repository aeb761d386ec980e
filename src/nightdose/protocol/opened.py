"""What opened boxes leave of a blinded trial: their days are open from the opening on, the other pairs stay blinded."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence

from nightdose.protocol.sealing import Unblinding, pair_of
from nightdose.protocol.trial import TrialDesign, blocks

CLOSED_ENOUGH = 0.5  # share of pairs nobody opened from which the trial is still a blinded one


def open_pairs(openings: Collection[Unblinding]) -> frozenset[int]:
    """Numbers of the first boxes of every pair that was opened."""
    return frozenset(pair_of(number)[0] for opening in openings for number in opening.blocks)


def stays_blinded(design: TrialDesign, openings: Collection[Unblinding]) -> bool:
    """True where at least half of the pairs are closed; with fewer the whole trial is analysed as an open one."""
    return design.blinded and 1 - len(open_pairs(openings)) / design.pairs >= CLOSED_ENOUGH


def open_days(design: TrialDesign, openings: Sequence[Unblinding]) -> frozenset[datetime.date]:
    """Days on which the person knew what the capsule was, of a trial that stays blinded: left out of its judgement.

    A pair that was opened is open from the day of the opening to its last day.
    """
    if not stays_blinded(design, openings):
        return frozenset()
    found: set[datetime.date] = set()
    for opening in openings:
        pairs = open_pairs([opening])
        for block in blocks(design):
            if pair_of(block.number)[0] in pairs:
                days = (block.first_day + datetime.timedelta(days=number) for number in range(block.days))
                found |= {day for day in days if day >= opening.day}
    return frozenset(found)
