"""The rule: which answer an estimate earns, how high it can count, when a word is withheld. Printed in every report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from nightdose.question.design import ENOUGH_SWITCHES, Design
from nightdose.question.draws import Draw
from nightdose.question.looks import sure_at_one_look
from nightdose.verdict.answer import UNUSUAL, Answer, BesideRhythm, Ceiling, GuessCheck, RandomisationTest

SURE_OF_SIGN = sure_at_one_look(planned=True)  # helps, harms: the least that is ever asked for
SIZE_AS_LIKELY_AS_NOT = 0.50  # helps
SURE_OF_NOTHING = 0.95  # no meaningful difference
GIVEN_AWAY = 1.645  # z above which guesses follow the capsule beyond what the scores explain (`checks/guesses.py`)
LONGEST_IMITATED_D = 22  # of a block: half of the longest rhythm that is looked for (45 days)
ENOUGH_TO_CLEAR = 60  # days with a guess below which a smaller z says nothing


def ceiling(design: Design, guess: GuessCheck | None, against: bool = False) -> Ceiling:
    """How high evidence from this design can count at best, whatever the numbers say.

    Nothing that was not planned beforehand counts higher than low, however often it changed; nor do days of which it is
    only said that lots chose them, where each evening's own score may have. against : the
    re-randomisation test does not confirm the judgement (`not_confirmed`).
    """
    if design.planned is None or design.only_said or design.switches < ENOUGH_SWITCHES:
        return "low"
    if design.randomised == "none" or against:
        return "moderate"
    unblinded = not design.blinded or (guess is not None and guess.better_than_chance)
    return "moderate" if unblinded else "high"


def not_confirmed(answer: Answer, test: RandomisationTest | None) -> bool:
    """Does the re-randomisation test speak against a judgement of better or worse?

    It asks for p <= 0.05; of a design that cannot give so small a p, for the smallest that it can give.
    """
    return test is not None and answer in ("helps", "harms") and test.p > max(UNUSUAL, test.smallest + 1e-9)


class Improvement(Protocol):
    """What the rule asks about an improvement; the fields of `Estimate`."""

    @property
    def better(self) -> float: ...

    @property
    def meaningfully_better(self) -> float: ...

    @property
    def no_meaningful_difference(self) -> float: ...


def answer_of(
    e: Improvement, settled: Improvement, small_by_data: float | Callable[[], float], sure: float = SURE_OF_SIGN
) -> Answer:
    """The rule: which of the four judgements an estimate earns where the design can answer at all.

    The sign is judged on the doses as they were taken, onset and fading included; the size on the same doses had each
    settled, because that is what staying with them would bring. sure : probability of the sign that is asked for at
    this look (`question/looks.py`), at least SURE_OF_SIGN. Nothing is asked that the answer does not hang on.
    """
    if e.better >= sure and settled.meaningfully_better >= SIZE_AS_LIKELY_AS_NOT:
        return "helps"
    if 1 - e.better >= sure:
        return "harms"
    if settled.no_meaningful_difference >= SURE_OF_NOTHING and e.no_meaningful_difference >= SURE_OF_NOTHING:
        small = small_by_data() if callable(small_by_data) else small_by_data
        if small >= SURE_OF_NOTHING:
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


def imitated(
    answer: Answer,
    draws: tuple[Draw, ...],
    test: RandomisationTest | None,
    rhythm: BesideRhythm | None,
    sure: float = SURE_OF_SIGN,
) -> Answer:
    """The answer, or `not_yet_known` where a rhythm of the person's own could have given it.

    Blocks of three weeks or less come and go as fast as a monthly cycle does. A judgement on them has to be confirmed
    by the re-randomisation test, which no rhythm deceives; where nothing was drawn, it has to stand beside a wave that
    fits the turns. Longer blocks no cycle imitates.
    """
    short = bool(draws) and 1 < min(draw.block_days for draw in draws) <= LONGEST_IMITATED_D
    if short and not_confirmed(answer, test):
        return "not_yet_known"
    if rhythm is None or answer not in ("helps", "harms"):
        return answer
    if rhythm.estimate is None or rhythm.settled is None:
        return "not_yet_known"
    return answer if answer_of(rhythm.estimate, rhythm.settled, 0.0, sure) == answer else "not_yet_known"
