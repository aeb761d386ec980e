"""The reasons of a verdict, each made from the numbers that it speaks of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from nightdose.fit.case import Case
from nightdose.fit.estimate import Estimate
from nightdose.language.catalogue import mark, say, say_count
from nightdose.language.number import days, dose_amount, number, p_value, percent, whole
from nightdose.question.design import Design
from nightdose.question.looks import Looks
from nightdose.question.plan import Plan
from nightdose.question.question import Question
from nightdose.question.reason import Reason
from nightdose.question.words import amount, span95
from nightdose.verdict.answer import (
    UNUSUAL,
    Answer,
    DoseEffect,
    GuessCheck,
    MissingBad,
    RandomisationTest,
    Verdict,
)
from nightdose.verdict.rule import GIVEN_AWAY, SIZE_AS_LIKELY_AS_NOT, SURE_OF_SIGN, answer_of, not_confirmed

TENTH = 0.2  # precision of a number that is written with one decimal
MOST_DAYS_NAMED = 3
COUNTS_OF_DAYS = {"no_days_on", "no_days_off", "too_few_days", "doses_mostly_unknown", "no_usable_days_on"}
IT_WOULD_BE: dict[Answer, str] = {
    "helps": mark("the answer would be that it helps"),
    "harms": mark("the answer would be that it harms"),
    "no_meaningful_difference": mark("the answer would be that there is no difference that matters"),
    "not_yet_known": mark("the answer would be that it is not yet known"),
}


def hope(q: Question, guess: GuessCheck | None) -> tuple[Reason, ...]:
    """Why `helps` was withheld."""
    assert guess is not None, "only guesses withhold a word"
    followed = say("The guesses followed the capsule more than the scores can explain: something else gave it away.")
    if guess.given_away is None or guess.given_away <= GIVEN_AWAY:
        followed = say(
            "The guesses were right more often than chance, and they are too few to tell whether the scores or "
            "something else gave it away."
        )
    numbers = {} if guess.given_away is None else {"given_away_z": round(guess.given_away, 2)}
    adjusted = guess.adjusted
    if adjusted is None:
        left = say("The effect beyond the guess could not be estimated.")
    else:
        left = say(
            "With the guess taken into account the improvement is {mean} ({span}), probability of any improvement {p}: "
            "too little.",
            mean=amount(adjusted.mean, q, adjusted.sd),
            span=span95(adjusted.interval95, q, adjusted.sd),
            p=percent(adjusted.better),
        )
        numbers["better_beyond_guess"] = round(adjusted.better, 4)
    return (Reason("hope_not_excluded", f"{followed} {left}", numbers),)


def without_echoes(weaknesses: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """The weaknesses without those that only follow from scores outside the range, whose days were left out."""
    if all(reason.code != "outcome_outside_range" for reason in weaknesses):
        return weaknesses
    return tuple(reason for reason in weaknesses if reason.code not in COUNTS_OF_DAYS)


def unhealthy(failed: Sequence[str]) -> Reason:
    """The fit failed checks of its own, or there is none."""
    why = " ".join(failed) or say("The fit gave no estimate.")
    return Reason("fit_unhealthy", say("The calculation did not pass its own checks. {why}", why=why))


def with_reason(verdict: Verdict, reason: Reason) -> Verdict:
    """The verdict with one more thing to know, after its numbers."""
    first, *others = verdict.reasons
    return replace(verdict, reasons=(first, reason, *others))


def read_as_numbers(q: Question) -> Reason:
    """Ratings so regular that steps between two ends cannot be fitted, and that are judged all the same."""
    said = say(
        "{outcome} takes so few values, or changes so exactly, that it was judged as plain numbers and not as steps "
        "between two ends.",
        outcome=q.outcome,
    )
    return Reason("read_as_numbers", said)


def posterior(q: Question, e: Estimate, settled: Estimate) -> Reason:
    """All the probabilities that the answer was read from."""
    matters = amount(q.meaningful, q)
    taken = say(
        "Over the days on treatment, onset included: improvement {mean} ({span}), probability of any improvement {p}.",
        mean=amount(e.mean, q, e.sd),
        span=span95(e.interval95, q, e.sd),
        p=percent(e.better),
    )
    steady = say(
        "Once each dose has settled: {mean} ({span}); better by at least {matters} with probability {better}, worse by "
        "as much {worse}, in between {between}.",
        mean=amount(settled.mean, q, settled.sd),
        span=span95(settled.interval95, q, settled.sd),
        matters=matters,
        better=percent(settled.meaningfully_better),
        worse=percent(settled.meaningfully_worse),
        between=percent(settled.no_meaningful_difference),
    )
    return Reason(
        "posterior",
        f"{taken} {steady}",
        {
            "better": round(e.better, 4),
            "meaningfully_better": round(e.meaningfully_better, 4),
            "meaningfully_worse": round(e.meaningfully_worse, 4),
            "no_meaningful_difference": round(e.no_meaningful_difference, 4),
            "settled_meaningfully_better": round(settled.meaningfully_better, 4),
            "settled_no_meaningful_difference": round(settled.no_meaningful_difference, 4),
        },
    )


def odd_dose(q: Question, answer: Answer, doses: Sequence[DoseEffect]) -> tuple[Reason, ...]:
    """A dose that stands out from an average that does not."""
    best = max(doses, key=lambda d: d.improvement.mean, default=None)
    if len(doses) < 2 or best is None or answer in ("helps", "harms"):
        return ()
    e = best.improvement
    if e.better < SURE_OF_SIGN or e.meaningfully_better < SIZE_AS_LIKELY_AS_NOT:
        return ()
    sentence = say(
        "The answer is about all days on {treatment}. Taken alone, the days on {dose} show an improvement of {mean} "
        "({span}); one dose picked from several looks surer than it is.",
        treatment=q.treatment,
        dose=dose_amount(best.dose, q.unit),
        mean=amount(e.mean, q, e.sd),
        span=span95(e.interval95, q, e.sd),
    )
    return (Reason("one_dose_stands_out", sentence, {"dose": best.dose, "better": round(e.better, 4)}),)


def blinding(design: Design, guess: GuessCheck | None) -> tuple[Reason, ...]:
    """How well the capsules kept their secret."""
    if not design.blinded:
        return ()
    if guess is None:
        said = say("Blinded, but no guesses were written down, so nobody knows how well it held.")
        return (Reason("blinding_unchecked", said),)
    numbers = {"correct": guess.correct, "counted": guess.counted, "rate": round(guess.rate, 4)}
    low, high = guess.interval95
    share = say(
        "{correct} of {counted} guesses were right (95 % interval {low} to {high})",
        correct=whole(guess.correct),
        counted=whole(guess.counted),
        low=percent(low),
        high=percent(high),
    )
    if guess.better_than_chance:
        said = say("The blinding did not hold: {share}. Part of the effect may be expectation.", share=share)
        return (Reason("blinding_broken", said, numbers),)
    return (
        Reason("blinding_held", say("The blinding held as far as the guesses tell: {share}.", share=share), numbers),
    )


def disagreement(answer: Answer, test: RandomisationTest | None) -> tuple[Reason, ...]:
    """The check without a model beside a judgement of better or worse: against it, or too short to confirm it."""
    if test is None or test.unusual or answer not in ("helps", "harms"):
        return ()
    numbers = {"p": round(test.p, 5), "schedules": test.schedules, "smallest": round(test.smallest, 5)}
    if not not_confirmed(answer, test):
        sentence = say(
            "The check without a model agrees as far as so few blocks allow: with {n} possible orders p is {p}, as "
            "small as it can be. To confirm it {asked} is asked for, which needs more pairs of blocks.",
            n=whole(test.schedules),
            p=p_value(test.smallest),
            asked=number(UNUSUAL),
        )
        return (Reason("randomisation_test_too_short", sentence, numbers),)
    sentence = say(
        "The check without a model does not confirm this: {n} of 100 orders that could have been drawn would have "
        "shown as much by luck alone (p = {p}; {asked} is asked for).",
        n=number(100 * test.p, 100 * test.p / 5 or 0.1),
        p=p_value(test.p),
        asked=number(UNUSUAL),
    )
    if test.smallest > UNUSUAL:
        sentence += " " + say(
            "With so few possible orders p could not have been below {p}, whatever the diary.", p=p_value(test.smallest)
        )
    return (Reason("randomisation_test_disagrees", sentence, numbers),)


def no_test(plan: Plan | None, design: Design) -> tuple[Reason, ...]:
    """Drawn, but nobody can know from which orders: no p is given."""
    if plan is None or plan.draws or design.randomised == "none":
        return ()
    sentence = say(
        "Which orders could have been drawn cannot be read off the doses taken, so the check without a model gives no "
        "p. It could if the dose that was asked for on each day stood beside the one taken."
    )
    return (Reason("no_randomisation_test", sentence),)


def looks(looked: Looks, sure: float, once: float, e: Estimate, settled: Estimate) -> tuple[Reason, ...]:
    """What looking often, or looking at what nobody planned, asks of a direction that one look would have called.

    sure, once : probability of the direction that is asked for, and that would have been of a single look.
    """
    there = max(e.better, 1 - e.better)
    if looked.once:
        unplanned = once > SURE_OF_SIGN
        return _unplanned_look(sure, there) if unplanned and answer_of(e, settled, 0.0) in ("helps", "harms") else ()
    if answer_of(e, settled, 0.0, once) not in ("helps", "harms"):
        return ()
    often = how_often(looked)
    numbers: dict[str, float | int | str] = {"asked": round(sure, 4), "direction": round(there, 4)}
    if looked.counted is not None:
        numbers["looks"] = looked.counted
    asks = say(
        "More than one look finds luck, so {asked} % certainty of the direction is asked for here; there is {there} %.",
        asked=_sure(sure),
        there=_sure(there),
    )
    if there >= sure:
        return (Reason("looks", f"{often} {asks}", numbers),)
    more = say(
        "Read only once, at an end fixed beforehand, it would have been enough. With more days an effect shows more "
        "plainly, and luck fades."
    )
    return (Reason("early_look", f"{often} {asks} {more}", numbers),)


def how_often(looked: Looks) -> str:
    """How many looks were declared, where they were several, and on how many days the answer was read."""
    if looked.counted is None:
        return say("Nobody counted how often the answer was read, so it counts as often.")
    read = say_count("The answer was read on {n} day.", "The answer was read on {n} days.", looked.counted)
    several = len(looked.planned) > 1
    declared = say("{n} looks were declared beforehand.", n=whole(len(looked.planned))) if several else ""
    return f"{declared} {read}".lstrip()


def _unplanned_look(sure: float, there: float) -> tuple[Reason, ...]:
    if there >= sure:
        return ()
    sentence = say(
        "Nothing was planned beforehand, so {asked} % certainty of the direction is asked for also at a single look; "
        "there is {there} %. A bad time that passes by itself looks much like a medicine that was begun in it.",
        asked=_sure(sure),
        there=_sure(there),
    )
    return (Reason("unplanned_look", sentence, {"asked": round(sure, 4), "direction": round(there, 4)}),)


def _sure(p: float) -> str:
    """A high probability in percent, rounded down to a tenth, never 100."""
    return number(math.floor(1000 * min(p, 0.9999)) / 10, TENTH)


def missing_days(answer: Answer, missing: MissingBad | None, q: Question) -> tuple[Reason, ...]:
    """The answer would be another one if the missing days were bad ones."""
    changed = missing.first_change(answer) if missing and answer != "not_yet_known" else None
    if missing is None or changed is None:
        return ()
    sentence = say(
        "{on} with {treatment} and {off} without have no entry. If each of them had been worse by {shift} than "
        "expected, {otherwise}.",
        on=days(missing.days_on),
        off=days(missing.days_off),
        treatment=q.treatment,
        shift=amount(changed.shift, q, changed.shift),
        otherwise=say(IT_WOULD_BE[changed.answer]),
    )
    numbers = {"shift": round(changed.shift, 4), "days_on": missing.days_on, "days_off": missing.days_off}
    return (Reason("missing_could_matter", sentence, numbers),)


def far_days(case: Case, found: Sequence[int]) -> tuple[Reason, ...]:
    """Days that lie so far from all the others that the fit gives them hardly any weight."""
    if not found:
        return ()
    shown = ", ".join(
        say("{day}: {value}", day=case.diary.day_label(at), value=number(float(case.outcome[at])))
        for at in found[:MOST_DAYS_NAMED]
    )
    sentence = say_count(
        "One day lies so far from what all others lead to expect that it counts for hardly anything ({shown}). "
        "Correct it if it is a slip.",
        "{n} days lie so far from what all others lead to expect that they count for hardly anything ({shown}). "
        "Correct what is a slip.",
        len(found),
        n=whole(len(found)),
        shown=shown if len(found) <= MOST_DAYS_NAMED else f"{shown}, …",
    )
    return (Reason("days_far_out", sentence, {"days": len(found)}),)
