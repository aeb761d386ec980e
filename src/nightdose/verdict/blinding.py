"""Did the person know what was in the capsule? Guesses against the truth."""

from __future__ import annotations

import numpy as np

from nightdose.arrays import Bools, Floats
from nightdose.verdict.answer import Estimate, GuessCheck
from nightdose.verdict.proportion import wilson


def check_guesses(guess: Floats, active: Bools, known: Bools, adjusted: Estimate | None) -> GuessCheck | None:
    """The share of correct guesses with its interval, or None where nobody guessed.

    guess : (days,) stated probability of active, NaN = none; active, known : (days,) of the doses.
    """
    used = known & ~np.isnan(guess)
    decided = used & (guess != 0.5)
    counted = int(np.sum(decided))
    if counted == 0:
        return None
    correct = int(np.sum((guess > 0.5)[decided] == active[decided]))
    interval = wilson(correct, counted)
    return GuessCheck(
        days=int(np.sum(used)),
        correct=correct,
        counted=counted,
        rate=correct / counted,
        interval95=interval,
        better_than_chance=interval[0] > 0.5,
        adjusted=adjusted,
    )
