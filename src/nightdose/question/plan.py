"""A trial is what was planned beforehand: an assigned dose for each day, a locked schedule, or a stated draw that the
doses could have come from. Everything else is a diary of what somebody did, for reasons of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from nightdose.arrays import Bools, Floats
from nightdose.language.catalogue import say
from nightdose.question.draws import (
    Draw,
    Stretch,
    block_length,
    blocks_laid_out,
    draws,
    even_begins,
    fits,
    stretches_of,
    without_small_holes,
)
from nightdose.question.habits.same_evening import chose, may_have_chosen, may_have_chosen_blocks
from nightdose.question.habits.scores import follows_scores
from nightdose.question.habits.turns import LONGEST_D, odds_of_turns
from nightdose.question.habits.weekdays import follows_weekday
from nightdose.question.question import Question, Schedule
from nightdose.question.reason import Reason
from nightdose.question.runs import settled_runs

PlanSource = Literal["assigned", "locked", "stated"]
ByWord = Literal["", "scores", "turns"]

FOLLOWED = 0.75  # share of days on which what was taken was what was asked for, on or off
PUT_RIGHT = 1 / 7  # share of evenings that may have been forgotten in blocks that nobody wrote down
LONGEST_FORGOTTEN_D = 10  # evenings in a row that may be missing inside a block
TURNS_LIKELIER = 12.0  # odds of turns against a draw above which an order is not one: less than one draw in a hundred
TURNS_POSSIBLE = 1 / 7  # above which it is only said to be one
TOO_FEW_RUNS = 3.1  # z above which days change less often than days drawn by lot (one in a thousand)
TOGETHER = 3.1  # z of too few runs and of yesterday's score together
FAR_FROM_HALF, FAR_FROM_HALF_Z = 1 / 6, 3.3  # of the days on from a half; one capsule in seven forgotten stays within
SCORES_AGAINST_A_DRAW = 3.5  # z of doses on scores before them above which lots did not choose


@dataclass(frozen=True, slots=True)
class Plan:
    """What was fixed beforehand.

    source : an assigned dose in the diary, a locked schedule, or a draw that was stated and that the doses fit.
    dose : (days,) what was asked for, NaN = nothing; switches : changes between on and off that it asked for.
    draws : every way in which lots may have given it; empty where none chose, or nobody can know which.
    by_word : what else than lots might have given an order that is only said to be drawn: the same evening's score, or
    turns like those of a life; empty where neither might. fixed : days written down and said to be drawn, in turns that
    hardly any draw gives; they count as planned in fixed turns.
    """

    source: PlanSource
    dose: Floats
    switches: int
    draws: tuple[Draw, ...]
    by_word: ByWord = ""
    fixed: bool = False

    @property
    def written(self) -> bool:
        """True where the plan itself is written down, so that days before it are known to be without."""
        return self.source != "stated"

    @property
    def first_day(self) -> int:
        """Index of the first day that it speaks of."""
        return int(np.argmax(~np.isnan(self.dose)))


@dataclass(frozen=True, slots=True)
class Planned:
    """What a search for a plan found: the plan or None, and why something said to be one is not.

    claimed : the draws of days that were said to be drawn and look like turns: nothing rests on them.
    """

    plan: Plan | None
    reasons: tuple[Reason, ...] = ()
    claimed: tuple[Draw, ...] = ()


def find_plan(question: Question, taken: Floats, assigned: Floats, outcome: Floats, first_day: int | None) -> Planned:
    """The plan behind a dose column.

    taken, assigned : (days,) mg, NaN = unknown; outcome : (days,) own unit. first_day : date ordinal of the first day,
    None where the diary has no dates.
    """
    if question.schedule is not None and first_day is not None:
        return _followed(question, _of_schedule(question, question.schedule, taken, assigned, first_day), taken)
    if len(set((assigned[~np.isnan(assigned)] > 0).tolist())) > 1:
        fixed = question.randomised == "days" and _odds_of_turns(question, assigned) > TURNS_LIKELIER
        drawn = () if fixed else draws(assigned, question.randomised, written=True)
        return _followed(question, Plan("assigned", assigned, _switches(assigned), drawn, fixed=fixed), taken)
    if question.randomised == "none" or np.all(np.isnan(taken)):
        return Planned(None)
    dose = _as_blocks(taken) if question.randomised == "blocks" else taken
    if dose is None:
        return Planned(None, (_not_a_draw(question, say("the times on and off are not of one length")),))
    odds = _odds_of_turns(question, dose)
    why = next(_not_drawn(question, dose, outcome, first_day, odds), "")
    if why:
        turns = question.randomised == "days" and odds > TURNS_LIKELIER
        claimed = draws(dose, "days", written=False) if turns else ()
        return Planned(None, (_not_a_draw(question, why),), claimed)
    by_word: ByWord = "turns" if odds > TURNS_POSSIBLE else ""
    if _by_scores(question, dose, outcome):
        by_word = by_word or "scores"
    drawn = draws(dose, question.randomised, written=False)
    return Planned(Plan("stated", dose, _switches(dose), drawn, by_word))


def _followed(question: Question, plan: Plan | None, taken: Floats) -> Planned:
    if plan is None:
        return Planned(None)
    both = ~np.isnan(plan.dose) & ~np.isnan(taken)
    agree = float(np.mean((plan.dose[both] > 0) == (taken[both] > 0))) if np.any(both) else 1.0
    if agree >= FOLLOWED:
        return Planned(plan, (_read_as_fixed(),) if plan.fixed else ())
    return Planned(
        None,
        (
            Reason(
                "plan_not_followed",
                say(
                    "What was taken was what the plan asked for on {n} of 100 days only. Why the others differ is not "
                    "known, so this is read as a diary of when {treatment} was taken, not as the planned trial.",
                    n=round(100 * agree),
                    treatment=question.treatment,
                ),
                {"agreement": round(agree, 3), "least": FOLLOWED},
            ),
        ),
    )


def _of_schedule(
    question: Question, schedule: Schedule, taken: Floats, assigned: Floats, first_day: int
) -> Plan | None:
    """The plan of a locked schedule, its blocks where it laid them; what is in a block is what was assigned, or taken
    on most of its days; after a stop it says nothing. None where it was locked after its first block began."""
    if schedule.locked_day > schedule.first_block_day:
        return None
    begins = np.array(schedule.block_begins, dtype=np.int64) - first_day
    dose = np.full(len(taken), np.nan)
    dose[max(0, schedule.first_day - first_day) : max(0, int(begins[-1]) + schedule.block_days)] = 0.0
    for begin in begins.tolist():
        block = slice(max(0, begin), max(0, begin + schedule.block_days))
        asked, had = assigned[block], taken[block]
        if np.any(~np.isnan(asked)):
            dose[block] = np.where(np.isnan(asked), np.nanmedian(asked), asked)
        elif np.any(~np.isnan(had)):
            known = had[~np.isnan(had)]
            dose[block] = np.median(known[known > 0]) if np.mean(known > 0) > 0.5 else 0.0
        else:
            dose[block] = np.nan
    if schedule.last_day is not None:
        dose[max(0, schedule.last_day + 1 - first_day) :] = np.nan
    if np.all(np.isnan(dose)) or not np.any(dose > 0):
        return None
    drawn = (blocks_laid_out(dose, begins, schedule.block_days),) if schedule.drawn else ()
    return Plan("locked", dose, _switches(dose), drawn if drawn and drawn[0].sets else ())


def _switches(dose: Floats) -> int:
    on = dose[~np.isnan(dose)] > 0
    return int(np.sum(on[1:] != on[:-1]))


def _as_blocks(taken: Floats) -> Floats | None:
    """(days,) the blocks behind doses that were taken, forgotten and doubled evenings put right; None = none fit.

    As few evenings as possible are put right, never as many in a row as half a block, nor more than one in seven.
    Blocks that all have one length are looked for first, then such of which nearly all have.
    """
    known = ~np.isnan(taken)

    @cache  # a diary without a forgotten evening never asks for the others
    def put_right(forgotten: int) -> tuple[Floats, tuple[Stretch, ...]]:
        dose = _put_right(taken, known, forgotten) if forgotten else taken
        return dose, stretches_of(dose)

    for strict in (True, False):
        for forgotten in range(LONGEST_FORGOTTEN_D + 1):
            dose, found = put_right(forgotten)
            length = block_length(found, strict=strict)
            unlike = float(np.mean((dose[known] > 0) != (taken[known] > 0)))
            if length is None or len(found) < 2 or length < max(2, 2 * forgotten + 1) or unlike > PUT_RIGHT:
                continue
            if found[0].dose == 0 or fits(found[0].days, length):
                return without_small_holes(dose)
    return None


def _put_right(taken: Floats, known: Bools, forgotten: int) -> Floats:
    """The doses with interruptions of up to that many evenings taken out."""
    out = np.full(len(taken), np.nan)
    for run in settled_runs(taken > 0, known, forgotten + 1):
        days = np.arange(run.begin, run.end)
        own = taken[days]
        if not run.on:
            out[days] = 0.0
            continue
        at = np.flatnonzero(known[days] & (own > 0))
        usual = np.median(own[at])
        before = at[np.maximum(np.searchsorted(at, np.arange(len(days)), side="right") - 1, 0)]
        steps = own[before]
        out[days] = usual if len(np.unique(own[at])) <= 1 or _is_slip(own[at], usual) else steps
    return out


def _is_slip(doses: Floats, usual: float) -> bool:
    """Are all but one day in twenty of a run of the usual dose?"""
    return bool(np.mean(doses != usual) <= 0.05)


def _by_scores(question: Question, dose: Floats, outcome: Floats) -> bool:
    """May the scores have chosen what was said to be drawn?"""
    if question.randomised == "days":
        return may_have_chosen(dose, outcome)
    length = block_length(stretches_of(dose)) or len(dose)
    begins = [
        begin
        for run in stretches_of(dose)
        for begin in even_begins(run.begin, run.end, max(1, round(run.days / length)))
    ]
    return may_have_chosen_blocks(dose, outcome, begins)


def _odds_of_turns(question: Question, dose: Floats) -> float:
    """Odds of turns against a draw, of what was said to be drawn: days, without a run-in, or blocks."""
    if question.randomised == "blocks":
        stretches = stretches_of(dose)
        length = block_length(stretches) or LONGEST_D
        on = np.array([run.dose > 0 for run in stretches for _ in range(max(1, round(run.days / length)))])
        return odds_of_turns(on, np.ones(len(on), dtype=bool), length)
    return odds_of_turns(dose > 0, _drawn_days(dose))


def _drawn_days(dose: Floats) -> Bools:
    """(days,) known and not of a run-in."""
    drawn = draws(dose, "days", written=False)
    return drawn[0].unit_of >= 0 if drawn else ~np.isnan(dose)


def _not_drawn(question: Question, dose: Floats, outcome: Floats, first_day: int | None, odds: float) -> Iterator[str]:
    """Why lots could hardly have given these doses; nothing where they could. odds : of turns."""
    if question.randomised == "blocks":
        if odds > TURNS_LIKELIER:
            yield say("blocks on and off take turns, as hardly any draw gives them")
        return
    on, known = dose > 0, _drawn_days(dose)
    state = on[known]
    follows = follows_scores(dose, outcome, 1.0)
    together = (_few_runs(state) + abs(follows.before[0])) / np.sqrt(2)  # both are what doses that follow scores do
    if _few_runs(state) > TOO_FEW_RUNS or together > TOGETHER:
        yield say("the days on come in stretches, not one by one")
    share = float(np.mean(state))
    if abs(share - 0.5) > FAR_FROM_HALF and abs(share - 0.5) * 2 * np.sqrt(len(state)) > FAR_FROM_HALF_Z:
        yield say("it was taken on {n} of 100 days, and a coin gives about half", n=round(100 * share))
    if odds > TURNS_LIKELIER:
        week = first_day is not None and follows_weekday(on, known, first_day) is not None
        turns = say("days on and off take turns, as hardly any draw gives them")
        yield say("they follow the day of the week") if week else turns
    if abs(follows.strongest[1]) > SCORES_AGAINST_A_DRAW or chose(dose, outcome):
        yield say("they follow {outcome} of the days before", outcome=question.outcome)


def _few_runs(state: Bools) -> float:
    """z of how many fewer runs of days there are than days drawn one by one would have (Wald and Wolfowitz)."""
    n, ons = len(state), int(np.sum(state))
    expected = 1 + 2 * ons * (n - ons) / n
    sd = np.sqrt(max((expected - 1) * (expected - 2) / max(n - 1, 1), 1e-9))
    return float((expected - 1 - np.sum(state[1:] != state[:-1])) / sd)


def _not_a_draw(question: Question, why: str) -> Reason:
    return Reason(
        "not_what_a_draw_gives",
        say(
            "The order is said to be drawn at random, but a draw could hardly have given these doses: {why}. So this "
            "is read as a diary of when {treatment} was taken. If it was planned, write the dose that was asked for on "
            "each day beside the one taken.",
            why=why,
            treatment=question.treatment,
        ),
    )


def _read_as_fixed() -> Reason:
    return Reason(
        "not_what_a_draw_gives",
        say(
            "The order is said to be drawn at random, but days on and off take turns, as hardly any draw gives them. "
            "So this is read as planned in fixed turns."
        ),
    )
