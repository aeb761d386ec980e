"""What was planned: why something said to be a trial is none, and which rhythms of one's own its blocks imitate."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from nightdose.arrays import Floats, frozen
from nightdose.language.catalogue import mark, say
from nightdose.question.plan import Plan
from nightdose.question.reason import Reason
from nightdose.question.weakness.evidence import Evidence

RHYTHMS_D = tuple(range(4, 46))  # shifts of two days, a week, cycles
SLOW_D = tuple(range(46, 92, 2))  # infusions and injections that come round every two or three months
FITS = 0.5  # share of on and off that a wave of that period explains, from which it is warned


def no_plan(e: Evidence) -> Iterator[Reason]:
    """Said to be planned or drawn, and why it is not read so."""
    yield from e.planned.reasons


def only_said(e: Evidence) -> Iterator[Reason]:
    """Drawn by lot, by somebody's word alone: that evening's score may have chosen, or turns may have been taken."""
    if not e.design.only_said:
        return
    if e.design.by_word == "turns":
        words = mark(
            "That lots chose the order is only said here, and turns on and off could have given it as well; "
            "{outcome} may take such turns by itself. Write the dose that was asked for on each day beside the one "
            "taken."
        )
    elif e.design.kind == "randomised_blocks":
        words = mark(
            "That lots chose the blocks is only said here. Had {outcome} on the first evening of a block, or in the "
            "days before it, chosen what it holds, this diary would look as it does. Write the dose that was asked "
            "for on each day beside the one taken, or let somebody else fill capsules that look alike."
        )
    else:
        words = mark(
            "That lots chose the days is only said here. Had {outcome} of the same evening chosen them, the days "
            "around would look as they do. Write the dose that was asked for on each day beside the one taken, or let "
            "somebody else fill capsules that look alike."
        )
    yield Reason("draw_only_said", say(words, outcome=e.question.outcome))


def blocks_and_rhythms(e: Evidence) -> Iterator[Reason]:
    """A rhythm of one's own that the blocks would imitate: a warning, no refusal."""
    plan = e.planned.plan
    if plan is None:
        return
    period, share = nearest_rhythm(plan)
    if share < FITS:
        return
    words = (
        mark(
            "A rhythm of your own of about {n} days (a cycle, shifts) would rise and fall with these blocks and look "
            "much like {treatment}. Blocks of another length, in an order that is drawn, would tell them apart."
        )
        if period <= RHYTHMS_D[-1]
        else mark(
            "Whatever comes round every {n} days or so (an infusion, an injection) would rise and fall with these "
            "blocks and look much like {treatment}. Blocks in an order that is drawn would tell them apart."
        )
    )
    yield Reason(
        "rhythm_fits_blocks",
        say(words, n=period, treatment=e.question.treatment),
        {"period_d": period, "explained": round(share, 3)},
    )


def nearest_rhythm(plan: Plan) -> tuple[int, float]:
    """(period in days, share of on and off that a wave of it explains) of the rhythm that fits a plan best.

    Fixed turns may be as slow as any rhythm that people have; of an order that was drawn only the fast ones are asked,
    since no slow one comes round often enough to follow it.
    """
    used = ~np.isnan(plan.dose)
    days, state = np.flatnonzero(used), (plan.dose > 0)[used].astype(float)
    total = float(np.sum(np.square(state - state.mean()))) if len(days) else 0.0
    periods = np.array(RHYTHMS_D if plan.draws else (*RHYTHMS_D, *SLOW_D))
    if total > 0:
        periods = periods[2 * periods <= days[-1] - days[0]]
    if total == 0 or len(periods) == 0:
        return RHYTHMS_D[0], 0.0
    waves, inner, inverse = _waves(len(used))
    waves, inner, inverse = waves[: len(periods)], inner[: len(periods)], inverse[: len(periods)]  # the shortest first
    if not np.all(used):
        waves = waves[:, :, used]
        inner, inverse = _least_squares(waves)
    along = waves @ state
    found = inverse @ along[:, :, None]
    rest = state @ state - np.sum(found[:, :, 0] * (2 * along - (inner @ found)[:, :, 0]), axis=1)
    share = 1 - rest / total
    best = int(np.argmax(share))
    return (int(periods[best]), float(share[best])) if share[best] > 0 else (RHYTHMS_D[0], 0.0)


@lru_cache(maxsize=4)
def _waves(days: int) -> tuple[Floats, Floats, Floats]:
    """(periods, 3, days) a constant, sine and cosine of every rhythm, and `_least_squares` of them."""
    turn = 2 * np.pi * np.arange(days) / np.array((*RHYTHMS_D, *SLOW_D))[:, None]
    waves = np.stack([np.ones(turn.shape), np.sin(turn), np.cos(turn)], axis=1)
    inner, inverse = _least_squares(waves)
    return frozen(waves), frozen(inner), frozen(inverse)


def _least_squares(waves: Floats) -> tuple[Floats, Floats]:
    """(periods, 3, 3) products of the three columns of each rhythm, (periods, 3, days), and their inverse.

    A plan of one day a week cannot tell a week from a constant: a ridge keeps them apart.
    """
    inner = waves @ np.swapaxes(waves, 1, 2)
    return inner, np.linalg.inv(inner + 1e-9 * waves.shape[2] * np.eye(3))
