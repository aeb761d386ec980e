"""The reasons of a verdict, each made from the numbers that it speaks of."""

from __future__ import annotations

from collections.abc import Sequence

from nightdose.fit.estimate import Estimate
from nightdose.question.design import Design
from nightdose.question.plan import Plan
from nightdose.question.question import Question
from nightdose.question.reason import Reason
from nightdose.verdict.answer import (
    UNUSUAL,
    Answer,
    DoseEffect,
    GuessCheck,
    MissingBad,
    RandomisationTest,
)
from nightdose.verdict.rule import GIVEN_AWAY, SIZE_AS_LIKELY_AS_NOT, SURE_OF_SIGN, not_confirmed
from nightdose.verdict.sentences import amount, percent, size, span_of


def hope(q: Question, guess: GuessCheck | None) -> tuple[Reason, ...]:
    assert guess is not None, "only guesses withhold a word"
    adjusted = guess.adjusted
    rest = "The effect beyond the guess could not be estimated."
    numbers = {} if guess.given_away is None else {"given_away_z": round(guess.given_away, 2)}
    followed = "followed the capsule more than the scores can explain: something else gave it away"
    if guess.given_away is None or guess.given_away <= GIVEN_AWAY:
        followed = "beat chance, and they are too few to say whether the scores or something else told"
    if adjusted is not None:
        rest = (
            f"With the guess taken into account the improvement is {amount(q, adjusted.mean)} "
            f"({span_of(q, *adjusted.interval95)}), probability of any {percent(adjusted.better)}: too little."
        )
        numbers["better_beyond_guess"] = round(adjusted.better, 4)
    return (
        Reason(
            "hope_not_excluded",
            f"The guesses {followed}. {rest}",
            numbers,
        ),
    )


def unhealthy(failed: Sequence[str]) -> Reason:
    """The fit failed checks of its own, or there is none."""
    why = " ".join(failed) or "The fit gave no estimate."
    return Reason("fit_unhealthy", f"The calculation did not pass its own checks. {why}")


def posterior(q: Question, e: Estimate, settled: Estimate) -> Reason:
    return Reason(
        "posterior",
        f"Over the days on treatment, onset included: improvement {amount(q, e.mean)} ({span_of(q, *e.interval95)}), "
        f"any improvement {percent(e.better)}. Once each dose has settled: {amount(q, settled.mean)} "
        f"({span_of(q, *settled.interval95)}), at least {amount(q, q.meaningful)} "
        f"{percent(settled.meaningfully_better)}, at least as much worse {percent(settled.meaningfully_worse)}, in "
        f"between {percent(settled.no_meaningful_difference)}.",
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
    if best.improvement.better < SURE_OF_SIGN or best.improvement.meaningfully_better < SIZE_AS_LIKELY_AS_NOT:
        return ()
    return (
        Reason(
            "one_dose_stands_out",
            f"The answer is about all days on {q.treatment}. Taken alone, the days on {best.dose:g} {q.unit} show an "
            f"improvement of {amount(q, best.improvement.mean)} ({span_of(q, *best.improvement.interval95)}); one dose "
            "picked from several is surer of itself than it should be.",
            {"dose": best.dose, "better": round(best.improvement.better, 4)},
        ),
    )


def blinding(design: Design, guess: GuessCheck | None) -> tuple[Reason, ...]:
    if not design.blinded:
        return ()
    if guess is None:
        return (
            Reason(
                "blinding_unchecked", "Blinded, but no guesses were written down, so nobody knows how well it held."
            ),
        )
    numbers = {"correct": guess.correct, "counted": guess.counted, "rate": round(guess.rate, 4)}
    low, high = guess.interval95
    share = f"{guess.correct} of {guess.counted} guesses were right (95 % interval {percent(low)} to {percent(high)})"
    if guess.better_than_chance:
        text = f"The blinding did not hold: {share}. Part of the effect may be expectation."
        return (Reason("blinding_broken", text, numbers),)
    return (Reason("blinding_held", f"The blinding held as far as the guesses tell: {share}.", numbers),)


def disagreement(answer: Answer, test: RandomisationTest | None) -> tuple[Reason, ...]:
    """The re-randomisation test beside a judgement of better or worse: against it, or too short to confirm it."""
    if test is None or test.unusual or answer not in ("helps", "harms"):
        return ()
    numbers = {"p": round(test.p, 5), "schedules": test.schedules, "smallest": round(test.smallest, 5)}
    reach = ""
    if test.smallest > UNUSUAL:
        reach = f" With so few possible orders it could not have gone below {test.smallest:.2g}, whatever the diary."
    if not not_confirmed(answer, test):
        return (
            Reason(
                "randomisation_test_too_short",
                f"The check without a model cannot confirm this: with {test.schedules} possible orders p cannot go "
                f"below {test.smallest:.2g} (0.05 is asked for), and it went as low as it can. More pairs of blocks "
                "could.",
                numbers,
            ),
        )
    return (
        Reason(
            "randomisation_test_disagrees",
            f"The check without a model does not confirm this: {100 * test.p:.0f} of 100 orders that could have been "
            f"drawn would have shown as much by luck alone (p = {test.p:.2g}; 0.05 is asked for).{reach}",
            numbers,
        ),
    )


def no_test(plan: Plan | None, design: Design) -> tuple[Reason, ...]:
    """Drawn, but nobody can know from which orders: no p is given."""
    if plan is None or plan.draws or design.randomised == "none":
        return ()
    return (
        Reason(
            "no_randomisation_test",
            "Which orders could have been drawn cannot be read off the doses taken, so the check without a model gives "
            "no p. The dose that was asked for on each day, written beside the one taken, would let it.",
        ),
    )


OTHERWISE = {
    "helps": "that it helps",
    "harms": "that it harms",
    "no_meaningful_difference": "no difference that matters",
    "not_yet_known": "not yet known",
}


def missing_days(answer: Answer, missing: MissingBad | None, q: Question) -> tuple[Reason, ...]:
    changed = missing.first_change(answer) if missing and answer != "not_yet_known" else None
    if missing is None or changed is None:
        return ()
    return (
        Reason(
            "missing_could_matter",
            f"{missing.days_on} days with {q.treatment} and {missing.days_off} without have no entry. Had each of them "
            f"been worse by {size(changed.shift)} than expected, the answer would be: {OTHERWISE[changed.answer]}.",
            {"shift": round(changed.shift, 4), "days_on": missing.days_on, "days_off": missing.days_off},
        ),
    )
