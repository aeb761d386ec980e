"""What was planned: why something said to be a trial is none, and which rhythms of one's own its blocks imitate."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nightdose.arrays import Bools, Floats
from nightdose.language.catalogue import say
from nightdose.question.reason import Reason
from nightdose.question.weakness.evidence import Evidence

RHYTHMS_D = tuple(range(7, 46))  # a week, shifts, cycles
FITS = 0.5  # share of on and off that a wave of that period explains, from which it is warned


def no_plan(e: Evidence) -> Iterator[Reason]:
    """Said to be planned or drawn, and why it is not read so."""
    yield from e.planned.reasons


def blocks_and_rhythms(e: Evidence) -> Iterator[Reason]:
    """A rhythm of one's own that the blocks would imitate: a warning, no refusal."""
    plan = e.planned.plan
    if plan is None:
        return
    used = ~np.isnan(plan.dose)
    period, share = nearest_rhythm((plan.dose > 0).astype(float), used)
    if share < FITS:
        return
    yield Reason(
        "rhythm_fits_blocks",
        say(
            "A rhythm of your own of about {n} days (a cycle, shifts) would rise and fall with these blocks and look "
            "much like {treatment}. Blocks of another length, in an order that is drawn, would tell them apart.",
            n=period,
            treatment=e.question.treatment,
        ),
        {"period_d": period, "explained": round(share, 3)},
    )


def nearest_rhythm(on: Floats, used: Bools) -> tuple[int, float]:
    """(period in days, share of on and off that a wave of it explains) of the rhythm that fits best.

    on : (days,) 1 or 0; used : (days,) the days that count.
    """
    days, state = np.flatnonzero(used), on[used]
    total = float(np.sum(np.square(state - state.mean()))) if len(days) else 0.0
    best = (RHYTHMS_D[0], 0.0)
    for period in RHYTHMS_D:
        if total == 0 or len(days) < 2 or days[-1] - days[0] < 2 * period:
            continue
        turn = 2 * np.pi * days / period
        waves = np.column_stack([np.ones(len(days)), np.sin(turn), np.cos(turn)])
        rest = state - waves @ np.linalg.lstsq(waves, state, rcond=None)[0]
        share = 1 - float(rest @ rest) / total
        best = max(best, (period, share), key=lambda found: found[1])
    return best
