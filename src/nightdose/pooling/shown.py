"""Everything that a contribution says, as lines of words: what a person reads before anything is written."""

from __future__ import annotations

import math

import numpy as np

from nightdose.evidence.profile import Profile
from nightdose.knowledge.pooled import Band, bands, condition_codes, outcome_codes
from nightdose.language.catalogue import mark, say
from nightdose.language.number import number, whole
from nightdose.pooling.contribution import Answered, Asked, Content, Registration, Withdrawal
from nightdose.statistics import Z95
from nightdose.verdict.words import answer_words

DESIGN_WORDS = {
    "randomised_days": mark("order of days drawn by lot"),
    "randomised_blocks": mark("order of blocks drawn by lot"),
    "alternating": mark("planned turns"),
    "open_titration": mark("a titration"),
    "before_after": mark("before and after"),
    "unplanned": mark("taken as it came"),
    "always_on": mark("never without it"),
    "never_on": mark("never with it"),
}
BLINDING_WORDS = {
    "open": mark("not blinded"),
    "kept": mark("blinded; the guesses were no better than chance"),
    "given away": mark("blinded; the guesses were better than chance"),
    "no guesses": mark("blinded; no guesses"),
}
LITTLE, MUCH = 1.5, 1000  # times less well that are not worth a number, and beyond which one says "more than"
Lines = tuple[tuple[str, str], ...]


def shown(content: Content) -> Lines:
    """(what, words) of every field in it."""
    if isinstance(content, Withdrawal):
        return ((say("Takes back what has the hash"), content.of),)
    if isinstance(content, Registration):
        return (
            *_asked(content.asked),
            (say("Trial"), content.trial),
            (say("Design"), say(DESIGN_WORDS[content.design])),
            (say("Blinded"), say("yes") if content.blinded else say("no")),
            (say("Days planned, rounded up to 28"), str(content.days)),
            (say("Version of nightdose"), content.engine),
        )
    return (*_asked(content.asked), *_answer(content), *_how(content), *_who(content))


def _asked(asked: Asked) -> Lines:
    ends = say("no ends") if asked.ends is None else _range(asked.ends)
    better = say("lower is better") if asked.better == "lower" else say("higher is better")
    return (
        (say("Medicine"), asked.drug),
        (say("Condition"), say(condition_codes()[asked.condition])),
        (say("Outcome"), say(outcome_codes()[asked.outcome])),
        (say("Scale"), f"{asked.scale}, {ends}, {better}"),
    )


def _answer(found: Answered) -> Lines:
    rows = [
        (say("Answer"), answer_words(found.answer, found.ceiling)),
        (say("Ceiling of evidence"), say(found.ceiling)),
    ]
    if found.effect is None:
        rows.append((say("Numbers"), say("none: this diary gives none")))
    else:
        rows.append((say("What the numbers below say"), said_by(found.effect)))
        rows.append(
            (
                say("Settled improvement by the diary alone"),
                say("{mean}, sd {sd} (no prior in it)", mean=repr(found.effect.mean), sd=repr(found.effect.sd)),
            )
        )
        values = found.effect.log_likelihood
        if values is not None:
            listed = " ".join(f"{v:g}" for v in values)
            rows.append((say("The same more finely: the log likelihood from 4 sd below the mean to 4 above"), listed))
    return (
        *rows,
        (say("Sd of your own days"), repr(found.own_sd)),
        (say("Smallest difference worth having"), repr(found.meaningful)),
    )


def said_by(effect: Profile) -> str:
    """What an effect and its likelihood mean, before the numbers: which differences explain the days, and none."""
    reach = effect.mean + effect.sd * np.linspace(-5, 5, 1001)
    fit = effect.fit(reach)
    best = float(reach[np.argmax(fit)])
    near = reach[fit >= np.max(fit) - 0.5 * Z95**2]
    low, high = float(near[0]), float(near[-1])
    times = math.exp(min(float(np.max(fit) - effect.fit(np.zeros(1))[0]), 100.0))
    if times < LITTLE:
        none = say("No difference at all explains them about as well.")
    elif times > MUCH:
        none = say("No difference at all explains them more than {n} times less well.", n=whole(MUCH))
    else:
        none = say("No difference at all explains them {n} times less well.", n=number(times, like=times / 5))
    return (
        say(
            "Your days are explained best by an improvement of {mean} of the outcome’s own unit (below 0 = worse), and "
            "at most 7 times less well by anything from {low} to {high}.",
            mean=number(best, like=effect.sd, signed=True),
            low=number(low, like=effect.sd, signed=True),
            high=number(high, like=effect.sd, signed=True),
        )
        + f" {none}"
    )


def _how(found: Answered) -> Lines:
    guessed = "" if found.guessed is None else say(", {n} of 10 guesses right", n=round(10 * found.guessed))
    return (
        (say("Design"), say(DESIGN_WORDS[found.design])),
        (say("Drawn by lot"), say("yes") if found.randomised else say("no")),
        (say("Blinding"), say(BLINDING_WORDS[found.blinding]) + guessed),
        (say("Dose most days had, mg"), band_words("dose_mg", found.dose)),
        (say("Days, rounded up to 28"), str(found.days)),
        (say("Days with a value, rounded up to 28"), str(found.recorded)),
        (say("Share of days with the planned dose"), band_words("adherence", found.adherence)),
        (say("Days on which the answer was read"), band_words("looks", found.looks)),
        (say("Registered trial"), found.trial or say("none")),
        (say("Version of nightdose"), found.engine),
    )


def _who(found: Answered) -> Lines:
    return (
        (say("Age"), band_words("age", found.age)),
        (say("Sex"), say("not said") if found.sex is None else say(found.sex)),
    )


def band_words(kind: str, band: Band | None) -> str:
    """A band of that kind in words; the highest one has no upper end."""
    if band is None:
        return say("not said")
    if kind == "adherence":
        return say(
            "{low} to {high}",
            low=say("{n} %", n=round(100 * band[0])),
            high=say("{n} %", n=round(100 * min(band[1], 1.0))),
        )
    if band == bands(kind)[-1]:
        return say("{low} or more", low=number(band[0]))
    return say("{low} to below {high}", low=number(band[0]), high=number(band[1]))


def _range(ends: Band) -> str:
    return say("{low} to {high}", low=number(ends[0]), high=number(ends[1]))
