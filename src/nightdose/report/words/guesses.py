"""Did the person know? How the guesses went, and what is left of the effect after them."""

from __future__ import annotations

import math

from nightdose.language.catalogue import say, say_count
from nightdose.language.number import days, number, percent, whole
from nightdose.report.words.estimate import estimate_words
from nightdose.verdict.analysis import Analysis
from nightdose.verdict.answer import BlindingIndex, GuessCheck
from nightdose.verdict.rule import ENOUGH_TO_CLEAR, GIVEN_AWAY


def guess_words(analysis: Analysis) -> list[str]:
    """A paragraph for each of: the count, the two indices, the association, the adjusted effect."""
    guess = analysis.guess
    if guess is None:
        return []
    said = [_counted(guess), *_bang(guess)]
    if guess.james is not None:
        said.append(
            say(
                "James’ blinding index: {index}. 0 means always known, {half} guessed as by a coin, 1 that nobody "
                "claimed to know.",
                index=index_words(guess.james),
                half=number(0.5),
            )
        )
    if guess.given_away is not None:
        said.append(_given_away(guess, guess.given_away))
    if guess.adjusted is not None:
        said.append(
            say(
                "With the guess taken into account: {improvement}. This is what is left of the difference between days "
                "with the same guess. Whoever guesses from a felt effect guesses right because of the effect; the "
                "adjustment then takes part of it away, and the number is a lower bound.",
                improvement=estimate_words(guess.adjusted, analysis.question),
            )
        )
    return said


def _counted(guess: GuessCheck) -> str:
    recorded = say_count("{n} guess was recorded", "{n} guesses were recorded", guess.days, n=whole(guess.days))
    rate = say("no rate")
    if math.isfinite(guess.rate):
        low, high = guess.interval95
        rate = say(
            "{rate}, 95 % interval {low} to {high}", rate=percent(guess.rate), low=percent(low), high=percent(high)
        )
    judged = (
        say("That is better than chance: expectation may be part of the difference.")
        if guess.better_than_chance
        else say("Chance alone can do that; the diary gives no sign that the capsules were told apart.")
    )
    return say(
        "{recorded}; {correct} of the {counted} that took a side were right ({rate}). {judged}",
        recorded=recorded,
        correct=whole(guess.correct),
        counted=whole(guess.counted),
        rate=rate,
        judged=judged,
    )


def _bang(guess: GuessCheck) -> list[str]:
    arms = []
    if guess.bang_active is not None:
        arms.append(
            say(
                "{index} on the {days} with a dose",
                index=index_words(guess.bang_active),
                days=days(guess.bang_active.guesses),
            )
        )
    if guess.bang_inactive is not None:
        arms.append(
            say(
                "{index} on the {days} without a dose",
                index=index_words(guess.bang_inactive),
                days=days(guess.bang_inactive.guesses),
            )
        )
    if not arms:
        return []
    return [
        say(
            "Bang’s blinding index: {arms}. 1 means always known, 0 guessed as by a coin, {opposite} always the "
            "opposite.",
            arms=", ".join(arms),
            opposite=number(-1),
        )
    ]


def _given_away(guess: GuessCheck, z: float) -> str:
    if z > GIVEN_AWAY:
        return say(
            "Did the guesses follow the capsule more than the scores can explain? Yes (z {z}, {asked} asked for): "
            "something else gave it away.",
            z=number(z),
            asked=number(GIVEN_AWAY),
        )
    unclear = (
        say("there are too few guesses to say.")
        if guess.days < ENOUGH_TO_CLEAR
        else say("where they were right, feeling better or worse may be why, and then they say nothing against it.")
    )
    return say(
        "Did the guesses follow the capsule more than the scores can explain? Not clearly (z {z}, {asked} asked for): "
        "{unclear}",
        z=number(z),
        asked=number(GIVEN_AWAY),
        unclear=unclear,
    )


def index_words(index: BlindingIndex) -> str:
    """`0.40 (0.04 to 0.71)`."""
    low, high = index.interval95
    return say(
        "{mean} ({low} to {high})", mean=number(index.value, 0.05), low=number(low, 0.05), high=number(high, 0.05)
    )
