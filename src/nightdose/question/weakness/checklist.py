"""Every check in the order of the list, and which of them leave nothing to fit.

It follows the eight things that make one hopeful person's diary unable to show an effect (a start on the worst days,
another medicine stopped or started in the same weeks, acute medicines not written down, holidays, a dose or a time too
short, hope without blinding, a coarse scale, no days before), and what doses follow where nobody planned them.
"""

from __future__ import annotations

from nightdose.question.reason import Reason
from nightdose.question.weakness.counts import constant_outcome, days_left_out, days_missing, not_in_turns
from nightdose.question.weakness.evidence import Evidence
from nightdose.question.weakness.habit import breaks, scores, single_days, together_in_time
from nightdose.question.weakness.hope import (
    acute_medicines,
    acute_medicines_moved,
    coarse_scale,
    dose_range,
    open_label,
)
from nightdose.question.weakness.times import (
    few_days_before,
    few_switches,
    holidays,
    speed_not_known,
    started_at_worst,
    too_short,
)
from nightdose.question.weakness.together import co_treatments, trend
from nightdose.question.weakness.trial import blocks_and_rhythms, no_plan, only_said

# with one of these there is nothing to fit
UNFITTABLE = frozenset(
    {
        "doses_unknown",
        "doses_mostly_unknown",
        "no_days_on",
        "no_days_off",
        "too_few_days",
        "no_usable_days_on",
        "outcome_constant",
    }
)
CHECKS = (
    not_in_turns,
    days_missing,
    constant_outcome,
    co_treatments,
    trend,
    scores,
    together_in_time,
    single_days,
    too_short,
    breaks,
    no_plan,
    only_said,
    started_at_worst,
    few_days_before,
    few_switches,
    blocks_and_rhythms,
    speed_not_known,
    dose_range,
    holidays,
    acute_medicines,
    acute_medicines_moved,
    open_label,
    coarse_scale,
    days_left_out,
)


def weaknesses(evidence: Evidence) -> tuple[Reason, ...]:
    """Every weakness found, decisive ones first, then what can imitate a difference, each in the order of the list."""
    found = [reason for check in CHECKS for reason in check(evidence)]
    return tuple(sorted(found, key=lambda reason: (not reason.decisive, not reason.imitates)))
