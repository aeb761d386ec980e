"""Can this design answer the question? Refusals and doubts, each with its reason, before day 1."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from nightdose.language.catalogue import say
from nightdose.language.number import as_given
from nightdose.protocol.trial import TrialDesign, blocks, fewest_switches, settling_days
from nightdose.question.design import ENOUGH_SWITCHES
from nightdose.question.reason import Reason

LEAST_SETTLED_DAYS = 5  # recorded days a block after the onset (What Works Clearinghouse asks 5 points a phase)
LEAST_RUN_IN_DAYS = 7
ASKED_OF_TEST = 0.05  # p of the re-randomisation test from which it confirms an answer
LITTLE_POWER = 0.5  # share told `helps` of the hoped-for effect below which a trial is a bad bet
SWITCH_MARGIN_DAYS = 3  # a disturbance this near to a switch cannot be told from it


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """Something known to come: an operation, a journey, another medicine started, stopped or tapered."""

    day: datetime.date
    what: str
    other_treatment: bool = False


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the check needs to know beside the design.

    tau_d : prior median of the onset time constant, days. supplied_days : nights with capsules, None = not said.
    power : of 1, how often this trial would say `helps` if the effect were `hoped` (own unit); None = not computed.
    hoped_words : the same as people read it; "" = the number alone.
    """

    tau_d: float
    outcome: str | None
    meaningful: float | None
    supplied_days: int | None = None
    events: tuple[PlannedEvent, ...] = ()
    power: float | None = None
    hoped: float | None = None
    hoped_words: str = ""


def check_design(design: TrialDesign, about: Circumstances) -> tuple[Reason, ...]:
    """Everything that speaks against the design; `decisive` ones mean that it cannot answer."""
    found = [
        *_too_few_switches(design),
        *_too_short(design, about.tau_d),
        *_no_question(about),
        *_supply(design, about.supplied_days),
        *_events(design, about.events),
        *_run_in(design),
        *_predictable(design),
        *_cannot_confirm(design, about.tau_d),
        *_power(about),
    ]
    return tuple(sorted(found, key=lambda reason: not reason.decisive))


def _too_few_switches(design: TrialDesign) -> list[Reason]:
    least = fewest_switches(design)
    if least >= ENOUGH_SWITCHES:
        return []
    if design.kind == "open_titration":
        sentence = say(
            "A titration goes on and stays on: a good month cannot be told from the capsule. "
            "It is a treatment plan, not a test; plan blocks on and off to get an answer."
        )
    else:
        sentence = say(
            "There may be only {least} changes between on and off; {enough_switches} are the "
            "least that can tell a treatment from the times. Plan at least {pairs_needed} "
            "pairs of blocks.",
            least=least,
            enough_switches=ENOUGH_SWITCHES,
            pairs_needed=_pairs_needed(design),
        )
    return [Reason("too_few_switches", sentence, {"switches": least, "least": ENOUGH_SWITCHES}, decisive=True)]


def _pairs_needed(design: TrialDesign) -> int:
    return ENOUGH_SWITCHES if design.kind == "randomised_blocks" else (ENOUGH_SWITCHES + 2) // 2


def _too_short(design: TrialDesign, tau_d: float) -> list[Reason]:
    settling = settling_days(tau_d)
    settled = design.block_days - settling
    if settled >= LEAST_SETTLED_DAYS:
        return []
    need = settling + LEAST_SETTLED_DAYS
    return [
        Reason(
            "blocks_too_short",
            say(
                "Blocks of {block_days} days are too short: the effect is expected to need about "
                "{settling} days to build or fade, and {least_settled_days} settled days are the "
                "least. Plan {need} days or more.",
                block_days=design.block_days,
                settling=settling,
                least_settled_days=LEAST_SETTLED_DAYS,
                need=need,
            ),
            {"block_days": design.block_days, "settling_days": settling, "least_days": need},
            decisive=True,
        )
    ]


def _no_question(about: Circumstances) -> list[Reason]:
    found = []
    if not about.outcome:
        found.append(
            Reason("no_primary_outcome", say("Choose the one outcome that decides, before day 1."), decisive=True)
        )
    if about.meaningful is None or about.meaningful <= 0:
        sentence = say("Say how large a difference would be worth having, in the outcome's own unit, before day 1.")
        found.append(Reason("no_meaningful_difference", sentence, decisive=True))
    return found


def _supply(design: TrialDesign, supplied_days: int | None) -> list[Reason]:
    nights = design.days - design.run_in_days
    if supplied_days is None:
        sentence = say("{nights} nights of capsules are needed; it was not said how many there are.", nights=nights)
        return [Reason("supply_not_said", sentence, {"needed": nights})]
    if supplied_days >= nights:
        return []
    return [
        Reason(
            "supply_ends_early",
            say(
                "There are capsules for {supplied_days} nights; the trial needs {nights}. Order the rest before day 1.",
                supplied_days=supplied_days,
                nights=nights,
            ),
            {"needed": nights, "supplied": supplied_days},
            decisive=True,
        )
    ]


def _events(design: TrialDesign, events: Sequence[PlannedEvent]) -> list[Reason]:
    last = design.start + datetime.timedelta(days=design.days - 1)
    found = []
    for event in events:
        if not design.start <= event.day <= last:
            continue
        if event.other_treatment:
            sentence = say(
                "{what} on {day} changes a second thing during the trial: the diary could not "
                "tell the two apart. Do it well before the run-in, or after the last day.",
                what=event.what,
                day=event.day,
            )
            found.append(Reason("two_things_at_once", sentence, {"day": event.day.isoformat()}, decisive=True))
        elif any(abs((event.day - block.first_day).days) <= SWITCH_MARGIN_DAYS for block in blocks(design)):
            sentence = say(
                "{what} on {day} falls on a switch. Move the start so that it lies inside a block.",
                what=event.what,
                day=event.day,
            )
            found.append(Reason("event_at_a_switch", sentence, {"day": event.day.isoformat()}, decisive=True))
    return found


def _run_in(design: TrialDesign) -> list[Reason]:
    if design.run_in_days >= LEAST_RUN_IN_DAYS:
        return []
    sentence = say(
        "A run-in of {run_in_days} days says little about your own ups and downs; "
        "{least_run_in_days} days or more make the forecast of this trial yours.",
        run_in_days=design.run_in_days,
        least_run_in_days=LEAST_RUN_IN_DAYS,
    )
    return [Reason("short_run_in", sentence, {"days": design.run_in_days})]


def _predictable(design: TrialDesign) -> list[Reason]:
    if design.kind != "alternating":
        return []
    sentence = say(
        "An alternating order is known beforehand, so hope and fear come along, and whatever else comes round every "
        "{n} days looks much like the treatment, so that it seldom answers; a drawn order is better.",
        n=2 * (design.block_days + design.washout_days),
    )
    return [Reason("predictable_order", sentence)]


def smallest_p(design: TrialDesign, tau_d: float) -> float:
    """The smallest p that the re-randomisation test of a drawn design can give: one order of 2^pairs, or two.

    Of an effect of the same day the very opposite order shows as much, with the other sign; an effect that builds up
    from nothing tells the two apart.
    """
    return 2.0 ** ((1 if tau_d == 0 else 0) - design.pairs)


def _cannot_confirm(design: TrialDesign, tau_d: float) -> list[Reason]:
    if design.kind != "randomised_blocks" or smallest_p(design, tau_d) <= ASKED_OF_TEST:
        return []
    p, need = smallest_p(design, tau_d), design.pairs
    while 2.0 ** ((1 if tau_d == 0 else 0) - need) > ASKED_OF_TEST:
        need += 1
    return [
        Reason(
            "test_cannot_confirm",
            say(
                "{pairs} pairs can be drawn in {value} orders, so the check without a model can "
                "never confirm an answer: p is {p} at best and {asked_of_test} is asked for. With "
                "{need} pairs it can.",
                pairs=design.pairs,
                value=2**design.pairs,
                p=f"{p:.3g}",
                asked_of_test=f"{ASKED_OF_TEST:g}",
                need=need,
            ),
            {"smallest_p": round(p, 5), "asked": ASKED_OF_TEST, "pairs": design.pairs, "pairs_needed": need},
        )
    ]


def _power(about: Circumstances) -> list[Reason]:
    if about.power is None or about.hoped is None:
        return []
    hoped = about.hoped_words or as_given(about.hoped)
    told = say("{value} of 100 such trials would say that it helps", value=round(100 * about.power))
    numbers = {"power": round(about.power, 3), "hoped": about.hoped}
    if about.power < LITTLE_POWER:
        sentence = say(
            "If it truly makes a difference of {hoped} once settled, only {told}; the others "
            'would end with "not yet known". More pairs, or an outcome that varies less, find '
            "more.",
            hoped=hoped,
            told=told,
        )
        return [Reason("little_power", sentence, numbers)]
    return [
        Reason(
            "power",
            say("If it truly makes a difference of {hoped} once settled, {told}.", hoped=hoped, told=told),
            numbers,
        )
    ]


def power_not_known(outcome: str, least_days: int) -> Reason:
    """Of a plain number without recorded days nobody can say how often a trial of it would find anything."""
    sentence = say(
        "How much {outcome} moves by itself is not known before {n} recorded days without the medicine, so how often "
        "such a trial would say that it helps is not said.",
        outcome=outcome,
        n=least_days,
    )
    return Reason("power_not_known", sentence)
