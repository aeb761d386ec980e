"""The rule: which answer an estimate earns, how high it can count, when a word is withheld. Printed in every report."""

from __future__ import annotations

from nightdose.fit.estimate import Estimate
from nightdose.question.design import ENOUGH_SWITCHES, Design
from nightdose.verdict.answer import Answer, Ceiling, GuessCheck

SURE_OF_SIGN = 0.975  # helps, harms, where one looks once; more where one looks often (`question/looks.py`)
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


def answer_of(e: Estimate, settled: Estimate, small_by_data: float, sure: float = SURE_OF_SIGN) -> Answer:
    """The rule: which of the four judgements an estimate earns where the design can answer at all.

    The sign is judged on the doses as they were taken, onset and fading included; the size on the same doses had each
    settled, because that is what staying with them would bring. sure : probability of the sign that is asked for at
    this look (`question/looks.py`), at least SURE_OF_SIGN.
    """
    if e.better >= sure and settled.meaningfully_better >= SIZE_AS_LIKELY_AS_NOT:
        return "helps"
    if 1 - e.better >= sure:
        return "harms"
    if min(e.no_meaningful_difference, settled.no_meaningful_difference, small_by_data) >= SURE_OF_NOTHING:
        return "no_meaningful_difference"
    return "not_yet_known"


def withheld(answer: Answer, design: Design, guess: GuessCheck | None, sure: float = SURE_OF_SIGN) -> Answer:
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
    return answer if answer_of(guess.adjusted, guess.adjusted_settled, 0.0, sure) == "helps" else "not_yet_known"
