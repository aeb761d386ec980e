"""What is left of the effect beside a rhythm that would rise and fall with blocks in fixed turns.

Blocks in an order that was drawn have the re-randomisation test, which no rhythm deceives. Blocks in fixed turns have
not, nor are blocks that are only said to be drawn, and look like fixed turns, safe with it. There the effect is fitted
again beside a wave of the period that fits the turns best, of any size and phase: what the wave can do as well is then
no longer the treatment's. Lives change by weeks as well (a child every other week, shifts of one or two weeks), at once
and not like a wave: turns of up to a fortnight that nobody drew are fitted beside such a life too, so that only what
comes and goes more slowly than the turns is left to the treatment.
"""

from __future__ import annotations

import numpy as np

from nightdose.fit.case import Case
from nightdose.fit.fitted import Fitted
from nightdose.fit.fitting import fit_case
from nightdose.fit.health import health_checks
from nightdose.question.weakness.trial import FITS, nearest_rhythm
from nightdose.verdict.answer import BesideRhythm

LONGEST_OF_WEEKS_D = 2 * (14 + 1)  # a fortnight each way; a day more is not another length (`question/draws.py`)


def beside_rhythm(case: Case, fitted: Fitted | None, threads: int = 1) -> BesideRhythm | None:
    """The effect beside the rhythm that fits the plan; None where none does, or where a written plan was drawn."""
    plan = case.plan
    if fitted is None or plan is None or (plan.written and (plan.draws or case.design.randomised != "none")):
        return None
    period, share = nearest_rhythm(plan)
    if share < FITS:
        return None
    turn = 2 * np.pi * np.arange(case.diary.days) / period
    extra = {"rhythm_sine": np.sin(turn), "rhythm_cosine": np.cos(turn)}
    if period <= LONGEST_OF_WEEKS_D and case.design.randomised == "none":
        extra["rhythm_weeks"] = (np.nan_to_num(plan.dose) > 0).astype(float)
    again = fit_case(case, case.outcome, threads, extra=extra)
    if again is None or not all(check.ok for check in health_checks(again)):
        return BesideRhythm(period, None, None)
    return BesideRhythm(period, again.estimate, again.settled)
