"""From an estimate and a design to one of five answers, each with its reasons, its ceiling and what would change it."""

from __future__ import annotations

from collections.abc import Sequence

from nightdose.fit.estimate import Estimate
from nightdose.question.design import ENOUGH_SWITCHES, Design
from nightdose.question.question import Question
from nightdose.question.reason import Reason
from nightdose.verdict.answer import (
    UNUSUAL,
    Answer,
    Ceiling,
    DoseEffect,
    GuessCheck,
    MissingBad,
    RandomisationTest,
    Verdict,
)

# The rule of design section 3; shown in every report.
SURE_OF_SIGN = 0.975  # helps, harms
SIZE_AS_LIKELY_AS_NOT = 0.50  # helps
SURE_OF_NOTHING = 0.95  # no meaningful difference
GIVEN_AWAY = 1.645  # z above which guesses follow the capsule beyond what the scores explain (`checks/guesses.py`)
ENOUGH_TO_CLEAR = 60  # days with a guess below which a smaller z says nothing


def ceiling(design: Design, guess: GuessCheck | None) -> Ceiling:
    """How high evidence from this design can count at best, whatever the numbers say."""
    if design.switches < ENOUGH_SWITCHES:
        return "low"
    if design.randomised == "none":
        return "moderate" if design.kind == "alternating" else "low"
    unblinded = not design.blinded or (guess is not None and guess.better_than_chance)
    return "moderate" if unblinded else "high"


def decide(
    question: Question,
    design: Design,
    weaknesses: Sequence[Reason],
    estimate: Estimate | None,
    settled: Estimate | None,
    small_by_data: float,
    guess: GuessCheck | None = None,
    failed_checks: Sequence[str] = (),
    doses: Sequence[DoseEffect] = (),
    test: RandomisationTest | None = None,
    missing: MissingBad | None = None,
) -> Verdict:
    """The verdict. A decisive weakness, a missing estimate or an unhealthy fit never ends in a judgement.

    estimate : of the doses as they were taken; settled : of the same doses had each settled.
    small_by_data : P(no meaningful difference) with a flat prior of the effect: it must not rest on the prior.
    doses : the steady-state effect of each dose taken, for a dose that stands out.
    failed_checks : sentences of the fit's own checks that failed; a verdict on such a fit is refused.
    test, missing : checks that stand beside the answer and never change it; where they disagree, they say so.
    """
    top = ceiling(design, guess)
    decisive = [reason for reason in weaknesses if reason.decisive]
    if decisive:
        sentence = f"Cannot be known from this diary. {decisive[0].sentence}"
        # no number: what the model would say here rests on its priors, and would be read as an answer
        return Verdict("cannot_be_known", top, sentence, tuple(weaknesses), _change_cannot(decisive), None, None)
    if failed_checks or estimate is None or settled is None:
        why = " ".join(failed_checks) or "The fit gave no estimate."
        refused = Reason("fit_unhealthy", f"The calculation did not pass its own checks. {why}")
        sentence = "Not yet known: the calculation did not pass its own checks, so no number is given."
        change = "More recorded days usually help; the diary itself is unharmed."
        return Verdict("not_yet_known", top, sentence, (refused, *weaknesses), change, None, None)
    found = answer_of(estimate, settled, small_by_data)
    answer = withheld(found, design, guess)
    reasons = (
        _numbers(question, estimate, settled),
        *(_hope(question, guess) if answer != found else ()),
        *_disagreement(answer, test),
        *_missing(answer, missing, question),
        *_odd_dose(question, found, doses),
        *_blinding(design, guess),
        *weaknesses,
    )
    if answer != found:
        sentence, change = _sentence_hope(top, question, design, estimate, settled), CHANGE_HOPE
    else:
        sentence = _sentence(answer, top, question, design, estimate, settled)
        change = _change(answer, top, design)
    return Verdict(answer, top, sentence, reasons, change, estimate, settled)


def answer_of(e: Estimate, settled: Estimate, small_by_data: float) -> Answer:
    """The rule: which of the four judgements an estimate earns where the design can answer at all.

    The sign is judged on the doses as they were taken, onset and fading included; the size on the same doses had each
    settled (`settled`), because that is what staying with them would bring.
    """
    if e.better >= SURE_OF_SIGN and settled.meaningfully_better >= SIZE_AS_LIKELY_AS_NOT:
        return "helps"
    if 1 - e.better >= SURE_OF_SIGN:
        return "harms"
    if min(e.no_meaningful_difference, settled.no_meaningful_difference, small_by_data) >= SURE_OF_NOTHING:
        return "no_meaningful_difference"
    return "not_yet_known"


def withheld(answer: Answer, design: Design, guess: GuessCheck | None) -> Answer:
    """The answer, or `not_yet_known` where `helps` could be hope: side effects gave a blinded capsule away.

    That is: the guesses beat chance, they follow the capsule beyond what the scores explain (or nobody can say whether
    they do, for want of guesses or periods), and with the guess taken into account the effect does not earn the word.
    Guesses that follow from feeling better withhold nothing. `harms` stays: hope would have hidden it
    (docs/decisions/046).
    """
    if answer != "helps" or not design.blinded or guess is None or not guess.better_than_chance:
        return answer
    if guess.given_away is not None and guess.given_away <= GIVEN_AWAY and guess.days >= ENOUGH_TO_CLEAR:
        return answer
    if guess.adjusted is None or guess.adjusted_settled is None:
        return "not_yet_known"
    return answer if answer_of(guess.adjusted, guess.adjusted_settled, 0.0) == "helps" else "not_yet_known"


def percent(p: float) -> str:
    """A probability for people; never quite 0 or 100."""
    if p > 0.99:
        return "more than 99 %"
    if p < 0.01:
        return "less than 1 %"
    return f"{100 * p:.0f} %"


def size(x: float) -> str:
    """A number for people: two digits that matter."""
    return f"{x:.2f}" if abs(x) < 1 else f"{x:.1f}" if abs(x) < 100 else f"{x:.0f}"


def amount(q: Question, x: float) -> str:
    """A difference of the outcome with its unit."""
    factor, unit = q.reading
    return f"{size(factor * x)} {unit}".rstrip()


def _range(q: Question, low: float, high: float) -> str:
    return f"95 % interval {size(q.reading[0] * low)} to {size(q.reading[0] * high)}"


DESIGN_WORDS = {
    "randomised_days": "order drawn at random by day",
    "randomised_blocks": "order drawn at random by block",
    "alternating": "on and off in turn, not drawn at random",
    "before_after": "before and after, not a trial",
    "always_on": "never without it",
    "never_on": "never with it",
}


def design_words(design: Design) -> str:
    """The design in a few words, for the sentence."""
    blind = "blinded" if design.blinded else "not blinded"
    return f"{DESIGN_WORDS[design.kind]}, {blind}, {design.switches} switches"


def _settled(q: Question, settled: Estimate) -> str:
    """The second number of a sentence: the size once each dose has settled."""
    return (
        f"Once settled: {_sided(q, settled.mean)} ({_ends(q, settled)}), by at least {amount(q, q.meaningful)} with "
        f"probability {percent(settled.meaningfully_better)}."
    )


def _ends(q: Question, e: Estimate) -> str:
    return f"95 % interval {_sided(q, e.interval95[0])} to {_sided(q, e.interval95[1])}"


def _sentence(answer: Answer, top: Ceiling, q: Question, d: Design, e: Estimate, settled: Estimate) -> str:
    than = f"than it would have been without {q.treatment}"
    odds = f"probability of any improvement {percent(e.better)}"
    tail = f"Ceiling of evidence: {top} ({design_words(d)})."
    if answer == "helps":
        lead = "Better since, cause not established: " if top == "low" else ""
        return _capital(
            f"{lead}{q.outcome} was better by {amount(q, e.mean)} {than} ({_range(q, *e.interval95)}; {odds}). "
            f"{_settled(q, settled)} {tail}"
        )
    if answer == "harms":
        lead = "Worse since, cause not established: " if top == "low" else ""
        return _capital(
            f"{lead}{q.outcome} was worse by {amount(q, -e.mean)} {than} "
            f"({_range(q, -e.interval95[1], -e.interval95[0])} worse; probability of any worsening "
            f"{percent(1 - e.better)}). {_settled(q, settled)} {tail}"
        )
    if answer == "no_meaningful_difference":
        return (
            f"No difference that matters: compared with no {q.treatment}, the change in {q.outcome} is smaller than "
            f"{amount(q, q.meaningful)} with probability {percent(settled.no_meaningful_difference)} once settled "
            f"(improvement {amount(q, settled.mean)}, {_range(q, *settled.interval95)}; over the days on treatment "
            f"{amount(q, e.mean)}, {_range(q, *e.interval95)}). {tail}"
        )
    return (
        f"Not yet known: {q.outcome} under {q.treatment} compared with none may be anything from "
        f"{_sided(q, e.interval95[0])} to {_sided(q, e.interval95[1])} ({odds}). {_settled(q, settled)} {tail}"
    )


CHANGE_HOPE = (
    "Capsules that cannot be told apart, for example a dummy with the same side effects, or more periods: only what "
    "goes beyond the guess can be told from hope."
)


def _sentence_hope(top: Ceiling, q: Question, d: Design, e: Estimate, settled: Estimate) -> str:
    return _capital(
        f"not yet known: {q.outcome} was better by {amount(q, e.mean)} than it would have been without {q.treatment} "
        f"({_range(q, *e.interval95)}; probability of any improvement {percent(e.better)}), but the capsules could be "
        f"told apart, and hope may have done it. {_settled(q, settled)} Ceiling of evidence: {top} ({design_words(d)})."
    )


def _hope(q: Question, guess: GuessCheck | None) -> tuple[Reason, ...]:
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
            f"({_range(q, *adjusted.interval95)}), probability of any {percent(adjusted.better)}: too little."
        )
        numbers["better_beyond_guess"] = round(adjusted.better, 4)
    return (
        Reason(
            "hope_not_excluded",
            f"The guesses {followed}. {rest}",
            numbers,
        ),
    )


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _sided(q: Question, x: float) -> str:
    return f"{amount(q, abs(x))} {'better' if x >= 0 else 'worse'}"


def _numbers(q: Question, e: Estimate, settled: Estimate) -> Reason:
    return Reason(
        "posterior",
        f"Over the days on treatment, onset included: improvement {amount(q, e.mean)} ({_range(q, *e.interval95)}), "
        f"any improvement {percent(e.better)}. Once each dose has settled: {amount(q, settled.mean)} "
        f"({_range(q, *settled.interval95)}), at least {amount(q, q.meaningful)} "
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


def _odd_dose(q: Question, answer: Answer, doses: Sequence[DoseEffect]) -> tuple[Reason, ...]:
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
            f"improvement of {amount(q, best.improvement.mean)} ({_range(q, *best.improvement.interval95)}); one dose "
            "picked from several is surer of itself than it should be.",
            {"dose": best.dose, "better": round(best.improvement.better, 4)},
        ),
    )


def _blinding(design: Design, guess: GuessCheck | None) -> tuple[Reason, ...]:
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


def _disagreement(answer: Answer, test: RandomisationTest | None) -> tuple[Reason, ...]:
    if test is None or test.unusual or answer not in ("helps", "harms"):
        return ()
    reach = ""
    if test.smallest > UNUSUAL:
        reach = f" With so few possible orders it could not have gone below {test.smallest:.2g}, whatever the diary."
    return (
        Reason(
            "randomisation_test_disagrees",
            f"The check without a model does not confirm this: {100 * test.p:.0f} of 100 orders that could have been "
            f"drawn would have shown as much by luck alone (p = {test.p:.2g}; 0.05 is asked for).{reach}",
            {"p": round(test.p, 5), "schedules": test.schedules, "smallest": round(test.smallest, 5)},
        ),
    )


OTHERWISE = {
    "helps": "that it helps",
    "harms": "that it harms",
    "no_meaningful_difference": "no difference that matters",
    "not_yet_known": "not yet known",
}


def _missing(answer: Answer, missing: MissingBad | None, q: Question) -> tuple[Reason, ...]:
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


def _change_cannot(decisive: Sequence[Reason]) -> str:
    codes = {reason.code for reason in decisive}
    if codes & {"doses_unknown", "doses_mostly_unknown"}:
        return "Fill in the doses you know, 0 on days without one, and ask again."
    if codes & {"co_treatment_moved", "co_treatment_inseparable"}:
        return (
            "Keep everything else steady for some weeks, then ask your prescriber whether periods with and without it, "
            "in random order, are possible: at least three changes, one medicine at a time."
        )
    if codes & {"too_few_days", "outcome_constant"}:
        return "Keep the diary going, on a scale on which good and bad days differ."
    return (
        "Days with and days without it, recorded the same way: at least three changes, best in random order, as your "
        "prescriber agrees."
    )


def _change(answer: Answer, top: Ceiling, design: Design) -> str:
    if top == "low":
        return (
            f"{ENOUGH_SWITCHES} or more changes between on and off in random order, if your prescriber agrees; this "
            "design alone can never show the cause."
        )
    if answer == "not_yet_known":
        return "More days of the same: each further pair of periods narrows the interval."
    if not design.blinded:
        return (
            "The same again with capsules that look alike, filled by somebody else, would answer the doubt about hope."
        )
    return "New periods in random order that disagree with these."
